"""The difference of two versions, in words an official reads."""

import pytest

from core.packs.content.format import digest_of
from core.packs.editing.next_version import stamped
from core.packs.wording.changes import MARKS, Spot, Walk
from core.packs.wording.difference import difference
from core.packs.wording.speech import Speech
from core.packs.wording.words import Lexicon

RULES = """\
# 计分办法
attributes:
  - {id: form, title: 采用形式, of: [adopted], options: [单篇, 综合]}
awards:
  - id: bulletin
    title: 《每日信息》采用
    when: {fact: adopted, outlet: bulletin}
    points: {2024-01-01: 5}
    basis: 办法第三条
  - id: province
    title: 省厅采用
    when: {fact: adopted, level: province}
    points: {2024-01-01: 40}
    basis: 办法第四条
sharing: {policy: equal}
caps:
  - {id: month, title: 《每日信息》, awards: [bulletin], period: month, max: {2024-01-01: 20}, basis: 办法第五条}
quotas:
  - {id: task, title: 每月任务, done: adopted, need: {2024-01-01: 4}, basis: 办法第六条}
measures:
  - {id: adopted, title: 采用条数, count: items, where: {fact: adopted}}
lists:
  - {id: silent, title: 零采用, where: "adopted = 0"}
ranking: {by: [cumulative], ties: competition}
"""
FACTS = {"kinds": {"adopted": "采用", "submitted": "报送"}}


@pytest.fixture
def told(files, load, sections):
    """The sentences about changed texts, by subject."""

    def tell(*changes, file="scoring.yaml", base=RULES):
        before = {**files, "scoring.yaml": base.encode()}
        text = before[file].decode()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        found = difference(load(before), load({**before, file: text.encode()}), sections, FACTS)
        return {group: [c.text for c in listed] for group, listed in found.groups.items()}

    return tell


@pytest.mark.parametrize(
    ("old", "new", "group", "sentence"),
    [
        ("{2024-01-01: 40}", "{2024-01-01: 40, 2026-03-01: 50}", "计分项", "自2026年3月起，省厅采用由40分调为50分"),
        ("{2024-01-01: 40}", "{2024-01-01: 40, 2026-01-01: 50}", "计分项", "自2026年起，省厅采用由40分调为50分"),
        ("{2024-01-01: 40}", "{2024-01-01: 40, 2026-03-15: 0.5}", "计分项", "自2026年3月15日起，省厅采用由40分调为0.5分"),
        ("{2024-01-01: 40}", "{2024-01-01: 45}", "计分项", "“省厅采用”的分值：原定自2024年起为40分，现改为45分"),
        ("{2024-01-01: 4}", "{2024-01-01: 4, 2026-01-01: 6}", "任务", "自2026年起，每月任务由4调为6"),
        ("max: {2024-01-01: 20}", "max: {2024-01-01: 20, 2026-01-01: 30}", "封顶", "自2026年起，《每日信息》由20分调为30分"),
        ("policy: equal", "policy: first", "分摊", "分摊办法由平均分摊改为只计第一家"),
        ("by: [cumulative]", "by: [score, -adopted]", "排名", "排序依据由累计得分改为本期得分、采用条数（由低到高）"),
        ("ties: competition", "ties: dense", "排名", "并列办法由并列占位（1、1、3）改为并列不占位（1、1、2）"),
        ("adopted = 0", "adopted >= 1 and score < 5", "名单", "“零采用”的条件由“采用条数 = 0”改为“采用条数 ≥ 1 且 本期得分 < 5”"),
        ("level: province}", "level: {'>=': province}, form: {not: 综合}}", "计分项",
         "“省厅采用”的条件由事项种类为采用，层级为省级改为事项种类为采用，层级为省级及以上，采用形式不是综合"),
        ("title: 省厅采用", "title: 省政府办公厅采用", "计分项", "“省厅采用”的名称由“省厅采用”改为“省政府办公厅采用”"),
        ("basis: 办法第四条", "basis: 办法第四条\n    until: 2026-12-31", "计分项", "“省厅采用”的停用日期定为2026年12月31日"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_one_sentence(told, old, new, group, sentence):
    assert told((old, new)) == {group: [sentence]}


def test_new_and_removed_rules_are_told_with_what_they_say(told):
    fresh = ("caps:", "resolution:\n  - {id: once, title: 取最高, keep: max, basis: 办法第七条}\ncaps:")
    gone = (
        '  - {id: silent, title: 零采用, where: "adopted = 0"}\n',
        '  - {id: few, title: 采用少, where: "adopted < 2"}\n',
    )

    found = told(fresh, gone)

    assert found["同条信息取分办法"] == [
        "新增同条信息取分办法“取最高”（依据：“办法第七条”；取分办法：取最高）"
    ]
    assert found["名单"] == ["删去名单“零采用”", "新增名单“采用少”（条件：“采用条数 < 2”）"]


def test_reordered_rules_are_told_once(told):
    first, second = (
        RULES[RULES.index("  - id: bulletin") : RULES.index("  - id: province")],
        RULES[RULES.index("  - id: province") : RULES.index("sharing")],
    )

    assert told((first + second, second + first)) == {"计分项": ["计分项的先后次序有调整"]}


def test_a_rename_below_names_what_it_belongs_to(told):
    found = told(("title: 《每日信息》", "title: 《每日要情》"), file="outlets.yaml")

    assert found == {"体系": ["“市级”的刊物和渠道《每日信息》的名称由《每日信息》改为《每日要情》"]}


def test_other_notation_is_no_change(told, files, load, sections):
    assert told(("policy: equal", "policy: {policy: equal}")) == {}
    commented = {**files, "units.yaml": files["units.yaml"] + b"# \xe6\xb3\xa8\n"}
    found = difference(load(files), load(commented), sections)

    assert found.groups == {} and [f.name for f in found.files] == ["units.yaml"]
    assert found.files[0].lines()[-1] == ("+", "# 注")


def test_examples_are_told_in_numbers_and_documents_by_file(files, load, sections):
    example = "- name: {}\n  units: {{甲县: {{group: 县区}}}}\n  facts: []\n  points: {{甲县: 0}}\n"
    one = {
        **files,
        "tests/a.yaml": (example.format("甲") + example.format("乙")).encode(),
        "README.md": b"a\n",
    }
    two = {
        **files,
        "tests/a.yaml": (example.format("甲") + example.format("丙")).encode(),
        "README.md": b"b\n",
    }

    found = difference(load(one), load(two), sections)

    assert [c.text for c in found.groups["用例"]] == ["增加 1 个，删去 1 个，现共 2 个"]
    assert [c.text for c in found.groups["说明文件"]] == ["改动文件 README.md"]


def test_a_version_differs_from_itself_in_nothing(files, load, sections):
    same = difference(load(files), load(stamped(files, version="1.1.0")), sections)

    assert same.groups == {} and same.new == "sample@1.1.0"
    assert not difference(load(files), load(files), sections)
    assert digest_of(files) == load(files).digest


def test_the_report_for_machines_says_the_same(files, load, sections):
    changed = {
        **files,
        "scoring.yaml": files["scoring.yaml"].replace(b"{2024-01-01: 5}", b"{2024-01-01: 5, 2026-03-01: 6}"),
    }

    report = difference(load(files), load(changed), sections).as_dict()

    assert report["groups"] == [{"title": "计分项", "changes": [{
        "text": "自2026年3月起，《每日信息》采用由5分调为6分", "kind": "changed",
        "path": ["scoring", "awards", "bulletin", "points", "2026-03-01"], "since": "2026-03-01",
    }]}]  # fmt: skip
    assert report["files"] == [{"name": "scoring.yaml", "kind": "changed"}]
    assert MARKS[0] == "id"


def test_what_was_not_there_before_is_said_to_be_set_and_what_is_gone_to_be_struck():
    walk, spot = Walk(Speech(Lexicon(), {}), Speech(Lexicon(), {})), Spot("刊物", (), "《要情》")

    assert walk.replaced("标注", "", "紧急程度：特急", spot).text == "《要情》的标注定为紧急程度：特急"
    assert (
        walk.replaced("标注", "紧急程度：特急", "", spot).text == "《要情》的标注删去（原为紧急程度：特急）"
    )


def test_a_name_that_begins_with_what_it_belongs_to_is_not_said_twice():
    assert Spot("刊物", (), "《要情》的审签").at("审签步骤") == "《要情》的审签步骤"
    assert Spot("刊物", (), "《要情》的版面").at("审签步骤") == "《要情》的版面的审签步骤"
    assert Spot("刊物", (), "《要情》").at("审签") == "《要情》的审签"
    assert Spot("刊物", ()).at("审签") == "审签"
