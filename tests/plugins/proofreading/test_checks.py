"""What the checks say, and above all what they leave alone."""

import time
from datetime import date

import pytest
from ruamel.yaml import YAML

from core.config import PROJECT
from core.strict_yaml.loader import load
from core.submissions import text
from plugins.proofreading.checking import Checker
from plugins.proofreading.findings import Manuscript, lines_of
from plugins.proofreading.schema import BodyName, LeaderName, LengthLimit, Proofreading

DAY = date(2024, 6, 3)
CHECKER = Checker()
STANDARD = Checker(
    Proofreading.model_validate(
        load((PROJECT / "rulepacks/standard/proofreading.yaml").read_bytes(), "").plain()
    )
)


def findings(body, title="示例标题", *, checker=CHECKER, genre="work_news", units=(), day=DAY, registered=()):
    blocks = text.from_plain(body)
    manuscript = Manuscript(title, lines_of(title, blocks), day, genre, tuple(units), text.count(blocks))
    return checker.findings(manuscript, registered)


def said(body, title="示例标题", **values):
    return [f"{each.rule} {each.text}" for each in findings(body, title, **values)]


@pytest.mark.parametrize(
    ("body", "rule", "words"),
    [
        ("会议要求“守土有责，层层压实责任。", "pairs", "双引号不成对：只有前一半"),
        ("会议要求守土有责”，层层压实责任。", "pairs", "双引号不成对：只有后一半"),
        ("印发《关于加强防汛工作的通知，层层压实责任。", "pairs", "书名号不成对"),
        ("市政府（含县区政府层层压实责任，确保安全。", "pairs", "括号不成对"),
        ("转发《关于印发《办法》的通知》，抓好落实。", "nested", "〈〉"),
        ("会议召开，，部署工作。", "doubled-marks", "“，，”连用"),
        ("会议召开，部署工作。。", "doubled-marks", "连用"),
        ("会议强调，安全第一。。。各地要落实。", "doubled-marks", "……"),
        ("（，含县区）已部署工作。", "misplaced-marks", "位置不当"),
        ("会议召开,部署工作。", "half-width", "应为全角“，”"),
        ("任务如下:第一项。", "half-width", "应为全角“：”"),
        ("市教育局(含直属学校)已部署。", "half-width", "括号"),
        ('开展"双减"工作，效果明显。', "straight-quotes", "英文引号"),
        ("完成投资１２亿元，增长较快。", "full-width", "１２"),
        ("全市工 作推进有力，成效明显。", "spaces", "空格"),
        ("群众的的满意度提高，成效明显。", "doubled-words", "“的的”"),
        ("对企业进行了了走访，成效明显。", "doubled-words", "“了了”"),
        ("全市推进推进项目建设，成效明显。", "doubled-words", "“推进”"),
        ("市人民政府市人民政府召开会议，作出部署。", "doubled-words", "“市人民政府”"),
        ("2月30日，会议召开。", "dates", "2月30日"),
        ("2023年2月29日，会议召开。", "dates", "2023年2月29日"),
        ("2024年13月，会议召开。", "dates", "13月"),
        ("二〇二四年六月三十一日，会议召开。", "dates", "六月三十一日"),
        ("6月3日9时75分，会议召开。", "dates", "时刻"),
        ("2024年6月3日（星期二）召开会议。", "weekdays", "星期一"),
        ("6月3日，周五，召开会议。", "weekdays", "2024年6月3日是星期一"),
        ("会议于2024.6.3召开，作出部署。", "date-style", "2024年6月3日"),
        ("会议于24年6月3日召开，作出部署。", "date-style", "四位"),
        ("会议于06月03日召开，作出部署。", "date-style", "6月03日"),
        ("会议于6月3号召开，作出部署。", "date-style", "不写“号”"),
        ("一、二、三产业分别占30%、45%、35%，结构趋优。", "percentages", "110%"),
        ("民营企业占比达120%，结构趋优。", "percentages", "超过 100%"),
        ("共检查企业50家，其中不合格60家。", "parts", "60家大于总数 50家"),
        ("共检查企业50家，其中合格30家、不合格25家。", "parts", "合计 55家"),
        ("增加值增长-3%，后劲不足。", "number-style", "负号"),
        ("事故起数减少2倍，形势平稳。", "number-style", "“倍”"),
        ("发放补助3千元，惠及群众。", "number-style", "“千”“百”"),
        ("完成投资3亿5千万元，增长较快。", "number-style", "“千”“百”"),
        ("约30%左右的企业复工，形势平稳。", "doubling", "重复"),
        ("完成投资超过5亿元以上，增长较快。", "doubling", "重复"),
        ("完成投资35000万元，其中工业2.1亿元。", "amounts", "统一"),
        ("一是抓组织。二是抓落实。四是抓督查。", "series", "应为“三是”"),
        ("主要做法：一是抓组织。各地行动迅速。", "series", "没有“二是”"),
        ("一、总体情况\n三、下步打算", "levels", "应为“二、”"),
        ("一、总体情况\n（1）全市情况", "levels", "中间缺“（一）”"),
        ("一，总体情况良好。", "levels", "“一、”"),
        ("（一）、总体情况良好。", "levels", "不加标点"),
        ("全市开展检查，排查隐患", "endings", "段末缺少句号"),
        ("全市开展检查，排查隐患120处，", "endings", "应为句号"),
        ("全市布署防汛工作，成效明显。", "confusions", "“布署”应为“部署”"),
        ("截止目前，全市完成投资。", "confusions", "截至目前"),
        ("这份机密级文件已收到，正在办理。", "secrecy", "涉密"),
        ("联系人手机13812345678，请联系。", "privacy", "手机号码"),
        ("身份证号34010119900307123X的申请人，材料齐全。", "privacy", "身份证号码"),
    ],
)  # fmt: skip
def test_a_slip_is_told_by_its_check(body, rule, words):
    assert [each for each in said(body) if each.startswith(rule) and words in each]


@pytest.mark.parametrize(
    "body",
    [
        "“双减”“三新”“四好”工作有序推进，《条例》《办法》同步施行。",
        "他说：“要做到‘三到位’，确保安全。”会后各地落实。",
        "“加强组织，落实责任。\n\n“加强督查，确保安全。”会议强调。",
        "主要任务：1）摸清底数；2）建立台账；3）逐项整改。",
        "比例为3:2，时间为9:00至11:30，温度为-3.5℃，长度1,200米。",
        "国内生产总值（GDP）增长5.2%，R&D投入强度2.1%，访问www.gov.cn/12345查询。",
        "共计……其余从略。会议从9时——11时举行。",
        "的的确确方便了群众，进行了了解，是是非非自有公论，与与会人员交流，及及时整改。",
        "成都都市圈和和平区结对，在在建项目中推广，为为民服务打基础。",
        "研究研究再定，一步一步推进，一个一个解决，好好学习。",
        "2月28日和12月31日，2024年2月29日，5月8日周边地区，7月30日前完成。",
        "2024年6月3日（星期一）召开会议，6月3日，周一至周五开放。",
        "编号2024.13.40和版本1.2.3不是日期，电话0551-12345678不变。",
        "有期徒刑13年6个月，时长10年5个月，历时36小时20分。",
        "粮食、油料产量分别占全省的60%和55%，位次靠前。",
        "选择线上、线下办理的分别占72%、61%（可多选）。",
        "参会120人，其中党员80人、女性65人，比去年多40人。",
        "共实施项目50个，其中新开工20个，完成投资60亿元，占年度计划的102.5万元。",
        "利润增长2倍，用时由5天减少到2天，降低成本，效率提高3倍。",
        "电压10千伏、容量3千瓦、2024百强县、3百分点、5千米健步走。",
        "约300人参加，增长近3成，超过5000人次，200人以上的企业36家。",
        "投资3.5亿元，发放资金9800万元，两项合计4.48亿元。",
        "一是抓组织。二是抓落实。三是抓督查。另外，一是抓宣传，二是抓引导。",
        "一是6条道路拓宽，二是8座桥梁加固，三是“四好农村路”建设提速。",
        "一、总体情况\n（一）经济运行\n1.工业\n（1）规上工业\n（2）规下工业\n2.农业\n（二）社会事业\n二、下步打算",
        "一、总体情况\n1.工业平稳。\n2.农业丰收。\n二、下步打算",
        "2.5万人次参与，10.3亿元到位，成效明显。",
        "市统计局 2024年6月3日",
        "各项工作进展顺利，成效明显。（市发展改革委 张三）",
        "会议号召大家“撸起袖子加油干”。",
        "任务如下：\n（一）抓组织，促落实；\n（二）抓督查，促整改。",
        "全部份额转让，经过份额核定，月份内完成，身份内容核验，超过份数，补充份额到位。",
        "跨海拨款，重申清单，幼儿园满意度高，攻坚难题逐一破解，周末来访，陶冶理想信念。",
        "研究按排名先后确定，发展燃煤碳减排，保守国家秘密和商业秘密，做好保密工作。",
        "反复盖章问题减少，一座落成的桥梁通车，进入帐篷慰问，一惯性思维要改。",
        "既便于群众办事，又利于监管；把好事做为民心工程。",
        "名单：王 伟、李 强等同志。联系热线12345，服务400800个家庭。",
        "| 指标 | 完成 |\n| 投资，亿元 | 12,5 |",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(body):
    assert said(body, checker=STANDARD) == []


def test_the_items_of_the_demo_hold_no_more_than_their_real_slips():
    files = sorted((PROJECT / "demo" / "content" / "items").glob("*.yaml"))
    items = [item for path in files for item in YAML(typ="safe").load(path)]
    texts = [(one["title"], one["body"], one["genre"]) for one in items]
    texts += [
        (one["edited_title"], one["edited_body"], one["genre"]) for one in items if one.get("edited_body")
    ]

    found = [
        (title[:6], each.rule, each.quote)
        for title, body, genre in texts
        for each in findings(body, title, genre=genre, checker=STANDARD)
        if each.rule not in ("title-length", "length")
    ]

    assert len(texts) > 200
    assert found == [("关于岁末根治", "full-width", "１４２"), ("全市汛前查出", "confusions", "座落")]


def test_the_place_names_paragraph_and_sentence():
    found = findings("全市开展检查。\n\n排查隐患120处。逐项布署整改。")

    assert [(each.place, each.quote) for each in found] == [("正文第2段第2句", "布署")]


def test_what_occurs_often_is_told_once_with_its_number():
    assert said("会议召开,部署工作,明确责任,抓好落实。") == [
        "half-width 半角标点“,”，应为全角“，”（共 3 处）"
    ]


def test_graver_findings_come_first():
    levels = [each.level for each in findings("会议于6月3号召开,布署工作。", "会议召开。")]

    assert levels == ["error", "warning", "warning", "info"]


def test_a_key_survives_changes_elsewhere():
    before = findings("全市布署防汛工作，成效明显。")[0]
    after = findings("各地迅速行动。\n\n全市布署防汛工作，成效明显。")[0]

    assert before.key == after.key and before.place != after.place


LEADERS = tuple(
    LeaderName.model_validate({"name": name, "posts": posts})
    for name, posts in (
        ("张三", [{"title": "市委书记", "start": "2024-01-01"}]),
        ("李小四", [{"title": "市委常委、副市长", "end": "2023-12-31"}, {"title": "市委副书记、市长", "start": "2024-01-01"}]),
        ("王五", [{"title": "市政府副市长"}]),
    )
)  # fmt: skip
WITH_LEADERS = Checker(Proofreading(leaders=LEADERS))


@pytest.mark.parametrize(
    ("body", "day", "wanted"),
    [
        ("市长李小四到县里调研，提出要求。", DAY, ""),
        ("市委副书记、市长李小四到县里调研，提出要求。", DAY, ""),
        ("副市长李小四到县里调研，提出要求。", DAY, "名单为“市委副书记、市长”，文中为“副市长”"),
        ("副市长李小四到县里调研，提出要求。", date(2023, 5, 1), ""),
        ("时任副市长李小四曾到县里调研，提出要求。", DAY, ""),
        ("市长王五到县里调研，提出要求。", DAY, "文中为“市长”"),
        ("张三、李小四、王五出席会议，作出部署。", DAY, ""),
        ("张三、王五、李小四出席会议，作出部署。", DAY, "李小四在王五之前"),
        ("王五主持会议，张三、李小四出席。", DAY, ""),
    ],
)
def test_leaders_are_called_what_they_are_on_the_day(body, day, wanted):
    found = said(body, checker=WITH_LEADERS, day=day)

    assert (len(found) == 1 and wanted in found[0]) if wanted else found == []


BODIES = (
    BodyName(full="示例市自然资源和规划局", short=("市自然资源局",), wrong=("市国土局",), full_first=True),
)


@pytest.mark.parametrize(
    ("body", "units", "wanted"),
    [
        ("市自然资源局开展检查，排查隐患。", (), "首次出现宜用全称“示例市自然资源和规划局”"),
        ("示例市自然资源和规划局（简称市自然资源局）开展检查，市自然资源局排查隐患。", (), ""),
        ("市自然资源局开展检查，排查隐患。", ("示例市自然资源和规划局",), ""),
        ("市国土局开展检查，排查隐患。", (), "“市国土局”不是规范名称"),
    ],
)
def test_bodies_are_called_by_their_names(body, units, wanted):
    found = said(body, checker=Checker(Proofreading(bodies=BODIES)), units=units)

    assert (len(found) == 1 and wanted in found[0]) if wanted else found == []


def test_lists_limits_and_switches_come_from_the_pack():
    rules = Proofreading.model_validate(
        {
            "off": ["half-width"],
            "lists": [
                {"id": "own", "title": "规范表述", "level": "info",
                 "words": [{"word": "经开区", "use": "经济开发区", "but": ["国家级经开区"]}]},
            ],
            "title_limit": {"max": 5},
            "lengths": [LengthLimit(genres=("brief",), max=10).model_dump()],
            "strict_levels": True,
        }
    )  # fmt: skip
    body = "一、经开区,国家级经开区建设\n1.推进项目建设，成效明显。"

    assert said(body, "六个字的标题", checker=Checker(rules), genre="brief") == [
        "title-length 标题 6 字，宜在 5 字以内",
        "length 正文 28 字，宜在 10 字以内",
        "lists 规范表述“经开区”，应为“经济开发区”",
        "levels “一、”之下用了“1.”，中间缺“（一）”一级",
    ]


def test_two_thousand_characters_take_some_milliseconds():
    body = "\n\n".join(
        ["全市上半年完成投资3.5亿元，同比增长5.2%（其中工业2.1亿元）；2024年6月3日召开“推进会”。"] * 38
    )
    manuscript = Manuscript("示例标题", lines_of("示例标题", text.from_plain(body)), DAY)

    took = min(_processor_time(manuscript) for _ in range(5))

    # About 3 ms; the bound leaves room for slow machines and still fails when a check runs away.
    assert len(body) > 2000 and took < 0.02


def _processor_time(manuscript):
    started = time.process_time()
    assert CHECKER.findings(manuscript) == []
    return time.process_time() - started
