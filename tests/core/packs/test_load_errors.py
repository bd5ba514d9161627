"""Every slip in a pack is reported with file, line, key, reason and advice, all of them at once."""

import pytest

from core.errors import Findings
from core.packs.content.format import check_pack

# what the clerk wrote instead (file, old, new) → where, message, reason, advice
SLIPS = {
    "a misspelt key": (
        ("units.yaml", "title: 县区", "titel: 县区"),
        ("units.yaml 第 2 行，titel", "不认识的键“titel”", "此处没有这一项", "是否应为“title”？"),
    ),
    "a missing key": (
        ("scoring.yaml", "    basis: 办法第三条\n", ""),
        ("scoring.yaml 第 2 行，awards 第 1 项", "缺少“basis”", "这一项必须填写", "请补上“basis: …”"),
    ),
    "text where a number belongs": (
        ("scoring.yaml", "2024-01-01: 5", "2024-01-01: 五分"),
        ("scoring.yaml 第 5 行，2024-01-01", "应为数值", "现为“五分”", "请写成数字，如 5 或 0.5"),
    ),
    "a quoted number": (
        ("scoring.yaml", "2024-01-01: 5", "2024-01-01: '5'"),
        ("scoring.yaml 第 5 行，2024-01-01", "应为数值", "现为“5”", "不加引号和单位"),
    ),
    "points too fine": (
        ("scoring.yaml", "2024-01-01: 5", "2024-01-01: 0.00000005"),
        ("scoring.yaml 第 5 行，2024-01-01", "小数位太多", "分值最多六位小数", "请改用六位以内的小数"),
    ),
    "points beyond reason": (
        ("scoring.yaml", "2024-01-01: 5", "2024-01-01: 10000000"),
        ("scoring.yaml 第 5 行，2024-01-01", "分值 10000000 太大", "绝对值不能超过", "请核对小数点和位数"),
    ),
    "a day that does not exist": (
        ("scoring.yaml", "2024-01-01: 5", "2024-02-30: 5"),
        ("scoring.yaml 第 5 行，2024-02-30", "没有这一天", "现为“2024-02-30”", "请核对年月日"),
    ),
    "a date in another form": (
        ("scoring.yaml", "2024-01-01: 5", "2024年1月: 5"),
        ("scoring.yaml 第 5 行，2024年1月", "应为日期", "现为“2024年1月”", "请写成 2013-04-01 的形式"),
    ),
    "points without a date": (
        ("scoring.yaml", "points: {2024-01-01: 5}", "points: 5"),
        ("scoring.yaml 第 5 行，points", "应为“键: 值”的形式", "现为“5”", "逐项填写"),
    ),
    "an unknown outlet": (
        ("scoring.yaml", "outlet: bulletin", "outlet: buletin"),
        (
            "scoring.yaml 第 4 行，outlet",
            "渠道“buletin”未定义",
            "不在 outlets.yaml 中",
            "是否应为“bulletin”？",
        ),
    ),
    "an unknown kind of fact": (
        ("scoring.yaml", "fact: adopted", "fact: adoped"),
        ("scoring.yaml 第 4 行，fact", "事项种类“adoped”未定义", "不会产生这种事项", "是否应为“adopted”？"),
    ),
    "an attribute facts do not have": (
        ("scoring.yaml", "outlet: bulletin", "outlets: bulletin"),
        (
            "scoring.yaml 第 4 行，outlets",
            "属性“outlets”未定义",
            "“采用”事项没有这个属性",
            "是否应为“outlet”？",
        ),
    ),
    "an attribute of another kind of fact": (
        ("scoring.yaml", "fact: adopted, outlet: bulletin", "fact: submitted, outlet: bulletin"),
        ("scoring.yaml 第 4 行，outlet", "属性“outlet”未定义", "“报送”事项没有这个属性", "可用的属性：genre"),
    ),
    "an unknown level": (
        ("scoring.yaml", "outlet: bulletin", 'level: {">=": provence}'),
        (
            "scoring.yaml 第 4 行，level",
            "层级“provence”未定义",
            "outlets.yaml 的 levels",
            "是否应为“province”？",
        ),
    ),
    "an unknown comparison": (
        ("scoring.yaml", "outlet: bulletin", 'level: {"=>": province}'),
        ("scoring.yaml 第 4 行，level", "比较符“=>”不认识", "可用：=、in、not", "是否应为“>=”？"),
    ),
    "a choice without options": (
        ("scoring.yaml", "outlet: bulletin", "genre: 调研"),
        (
            "scoring.yaml 第 4 行，genre",
            "选项“调研”未定义",
            "不是“信息类型”（genre）的可选值",
            "声明 genre 的 options",
        ),
    ),
    "a condition without a kind of fact": (
        ("scoring.yaml", "{fact: adopted, outlet: bulletin}", "{outlet: bulletin}"),
        ("scoring.yaml 第 4 行，when", "条件没有写明事项种类", "", "请写明 fact：submitted"),
    ),
    "an unknown policy": (
        ("scoring.yaml", "ties: competition", "ties: competitive"),
        (
            "scoring.yaml 第 7 行，ties",
            "不能写“competitive”",
            "可选：competition、dense、ordinal",
            "是否应为“competition”？",
        ),
    ),
    "an unknown ranking key": (
        ("scoring.yaml", "by: [cumulative]", "by: [cumulativ]"),
        ("scoring.yaml 第 7 行，by 第 1 项", "排名依据“cumulativ”未定义", "", "是否应为“cumulative”？"),
    ),
    "the same id twice": (
        ("units.yaml", "id: bureaus", "id: counties"),
        (
            "units.yaml 第 3 行，id",
            "标识“counties”重复",
            "与 units.yaml 第 2 行，id 相同",
            "请改用不同的名称",
        ),
    ),
    "a look-alike title": (
        ("units.yaml", "title: 市直部门", "title: 县区"),
        ("units.yaml 第 3 行，title", "名称“县区”重复", "全半角之分", "请改用不同的名称"),
    ),
    "an id with blanks": (
        ("units.yaml", "id: bureaus", "id: city bureaus"),
        ("units.yaml 第 3 行，id", "标识写法不对", "现为“city bureaus”", "不含空格和标点的短词"),
    ),
    "a level that was not declared": (
        ("outlets.yaml", "      - id: province", "      - id: provinces"),
        (
            "outlets.yaml 第 11 行，id",
            "层级“provinces”未定义",
            "不在文件开头的 levels 中",
            "是否应为“province”？",
        ),
    ),
    "an outlet declared twice": (
        ("outlets.yaml", "{id: bulletin,", "{id: city,"),
        (
            "outlets.yaml 第 10 行，id",
            "渠道“city”重复",
            "与 outlets.yaml 第 8 行，id 相同",
            "请改用不同的名称",
        ),
    ),
    "a journal with a look-alike title": (
        (
            "outlets.yaml",
            "          - {id: bulletin, title: 《每日信息》}",
            "          - {id: bulletin, title: 信息A}\n          - {id: other, title: 信息Ａ}",
        ),
        ("outlets.yaml 第 11 行，title", "名称“信息Ａ”重复", "全半角之分", "请改用不同的名称"),
    ),
    "months that are not neighbours": (
        ("calendar.yaml", "publish: month", "publish: month\njoined: [{months: [1, 3]}]"),
        ("calendar.yaml 第 3 行，months", "合并的月份不相邻", "", "请按先后写相邻月份"),
    ),
    "a month that does not exist": (
        ("calendar.yaml", "year_starts: 1", "year_starts: 13"),
        ("calendar.yaml 第 1 行，year_starts", "应不大于 12", "现为“13”", "请核对后改正"),
    ),
    "a period running backwards": (
        (
            "calendar.yaml",
            "publish: month",
            "publish: month\nexplicit:\n  - {id: p, title: 一期, start: 2024-02-01, end: 2024-01-01}",
        ),
        ("calendar.yaml 第 4 行，end", "止日早于起日", "", "请核对起止日期"),
    ),
    "a wrong version": (
        ("pack.yaml", "version: 1.0.0", "version: 1.0"),
        ("pack.yaml 第 2 行，version", "应为文字", "现为“1.0”", "请加引号"),
    ),
    "a bad pack id": (
        ("pack.yaml", "id: sample", "id: 示例"),
        ("pack.yaml 第 1 行，id", "规则包标识写法不对", "现为“示例”", "请用小写字母开头"),
    ),
    "a newer core": (
        ("pack.yaml", "issuer:", "core: '>=9.0'\nissuer:"),
        ("pack.yaml 第 4 行，core", "规则包与本系统版本不合", "需要 >=9.0，本系统为", "请升级本系统"),
    ),
    "a missing plugin": (
        ("pack.yaml", "issuer:", "plugins: [circulars]\nissuer:"),
        (
            "pack.yaml 第 4 行，plugins 第 1 项",
            "缺少插件“circulars”",
            "规则包需要它",
            "请先启用插件 circulars",
        ),
    ),
    "a broken line": (
        ("units.yaml", "groups:", "groups"),
        ("units.yaml 第", "这一行不合 YAML 写法", "", "请"),
    ),
    "a repeated key": (
        ("calendar.yaml", "year_starts: 1", "year_starts: 1\nyear_starts: 2"),
        ("calendar.yaml 第 2 行，year_starts", "键“year_starts”重复", "第 1 行已写过", "请删去其中一处"),
    ),
    "a list where a mapping belongs": (
        ("scoring.yaml", "ranking: {by: [cumulative], ties: competition}", "ranking: [cumulative]"),
        ("scoring.yaml 第 7 行，ranking", "应为“键: 值”的形式", "现为列表", "逐项填写"),
    ),
}


def problems(load, sections, files):
    """Everything wrong with a pack: what loading finds, else what the sections find together."""
    try:
        return check_pack(load(files, plugins=[]), sections)
    except Findings as findings:
        return findings.errors


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_explained(name, files, load, sections):
    (file, old, new), (where, message, reason, advice) = SLIPS[name]
    assert old in files[file].decode()
    files[file] = files[file].decode().replace(old, new, 1).encode()

    errors = problems(load, sections, files)

    assert errors, "nothing was found"
    error = errors[0]
    assert error.where.startswith(where)
    assert message in error.message
    assert reason in error.reason
    assert advice in error.advice


def test_the_sample_pack_itself_is_right(files, load, sections):
    assert problems(load, sections, files) == []


AWARD = """\
  - id: {id}
    title: {id}
    when: {when}
    points: {{2024-01-01: {points}}}
    basis: 办法第三条
    {more}
"""

CROSS = {
    "an award that can never apply": (
        AWARD.format(id="again", when="{fact: adopted, outlet: bulletin}", points=3, more=""),
        "计分项“again”永远用不到",
        "条件完全相同",
    ),
    "an unknown attribute in once_per": (
        AWARD.format(id="x", when="{fact: submitted}", points=3, more="once_per: [item, leader]"),
        "属性“leader”未定义",
        "",
    ),
    "an award that ends before it starts": (
        AWARD.format(id="x", when="{fact: submitted}", points=3, more="until: 2023-01-01"),
        "停用日期早于起用日期",
        "",
    ),
    "a value from an attribute that is no number": (
        AWARD.format(id="x", when="{fact: manual}", points="{from: reason}", more=""),
        "属性“事由”不是数值",
        "",
    ),
    "limits the wrong way round": (
        AWARD.format(id="x", when="{fact: manual}", points="{from: points, min: 5, max: 1}", more=""),
        "下限大于上限",
        "",
    ),
    "limits on a fixed value": (
        AWARD.format(id="x", when="{fact: manual}", points="{amount: 5, max: 1}", more=""),
        "min、max 只用于公式或由事项给出的分值",
        "",
    ),
    "an attribute with a type that cannot list options": (
        "attributes:\n  - {id: words, title: 字数, type: integer, options: [多, 少]}\n",
        "属性“words”不能列选项",
        "它的值不是选项",
    ),
    "an attribute without options": (
        "attributes:\n  - {id: tone, title: 语气}\n",
        "属性“tone”没有选项",
        "",
    ),
    "a cap over an unknown award": (
        "caps:\n  - {id: c, title: 甲, period: month, max: {2024-01-01: 6}, awards: [buletin], basis: 第五条}\n",
        "计分项“buletin”未定义",
        "",
    ),
    "a negative cap": (
        "caps:\n  - {id: c, title: 封顶, period: month, max: {2024-01-01: -6}, basis: 第五条}\n",
        "封顶分值不能为负",
        "",
    ),
    "an unknown stage": (
        "resolution:\n  - {id: r, title: 取高, keep: max, stages: [adoped], basis: 第五条}\n",
        "阶段“adoped”未定义",
        "",
    ),
    "credit of an unknown group": (
        "credit:\n  - {groups: [villages], to: host, basis: 第五条}\n",
        "参评分组“villages”未定义",
        "",
    ),
    "a measure that measures nothing": (
        "measures:\n  - {id: m, title: 条数, where: {fact: adopted}}\n",
        "统计项没有写明统计什么",
        "count、sum、max",
    ),
    "a measure with a reserved name": (
        "measures:\n  - {id: score, title: 得分, sum: points}\n",
        "统计项不能叫“score”",
        "",
    ),
}


@pytest.mark.parametrize("name", CROSS)
def test_sections_are_checked_against_each_other(name, files, load, sections):
    addition, message, reason = CROSS[name]
    text = files["scoring.yaml"].decode()
    text = text.replace("ranking:", f"{addition}ranking:", 1)
    files["scoring.yaml"] = text.encode()

    errors = problems(load, sections, files)

    assert [message in error.message for error in errors] == [True]
    assert reason in errors[0].reason
    assert errors[0].where.startswith("scoring.yaml 第 ")


def test_all_problems_are_reported_together(files, load):
    files["units.yaml"] = b"groups: []\nclases: []\n"
    files["calendar.yaml"] = b"year_starts: 0\n"
    files["scoring.yaml"] = b"awards: 5\n"

    with pytest.raises(Findings) as caught:
        load(files)

    assert len(caught.value.errors) == 4
    assert "（共 4 处）" in str(caught.value)


def test_a_missing_section_is_asked_for(files, load):
    del files["units.yaml"]

    with pytest.raises(Findings, match="缺少 units.yaml"):
        load(files)


def test_a_missing_manifest_is_asked_for(files, load):
    del files["pack.yaml"]

    with pytest.raises(Findings, match="缺少 pack.yaml"):
        load(files)
