"""The examples inside packs: one fact format, readable results, slips reported with their lines."""

import pytest

from core.errors import Findings
from core.packs.content.format import check_pack, load_files, run_examples
from core.scoring.section import pack_sections

SCORING = """\
attributes:
  - {id: form, title: 采用形式, of: [adopted], options: [{id: single, title: 单条}, {id: short, title: 简讯}]}
awards:
  - {id: short, title: 简讯, when: {fact: adopted, outlet: bulletin, form: short}, points: {2024-01-01: 1}, basis: 一}
  - {id: any, title: 采用, when: {fact: adopted, outlet: bulletin}, points: {2024-01-01: 5}, basis: 二}
measures:
  - {id: items, title: 采用条数, count: items, where: {fact: adopted}}
  - {id: points, title: 采用得分, sum: points, where: {fact: adopted}}
"""


@pytest.fixture
def pack_with(book):
    """A pack with the given example file."""
    from_samples = {section.file: section.sample for section in pack_sections()}

    def made(tests, name="tests/a.yaml"):
        texts = {
            **from_samples,
            "scoring.yaml": SCORING,
            "pack.yaml": "id: sample\nversion: 1.0.0\ntitle: 示例\nissuer: 示例市\n",
            name: tests,
        }
        return load_files({file: text.encode() for file, text in texts.items()}, pack_sections())

    return made


def results(pack):
    return run_examples(pack, pack_sections())


def errors(pack):
    return check_pack(pack, pack_sections())


def test_an_example_passes_when_everything_it_promises_comes_true(pack_with):
    pack = pack_with("""\
- name: 联合报送
  items: {A1: {form: 简讯}}
  facts:
    - {fact: adopted, outlet: 《每日信息》, item: A1, units: [甲县, 乙局], on: 2024-05-06}
    - {fact: adopted, outlet: bulletin, form: 单条, units: [甲县], on: 2024-05-07, times: 3}
  points: {甲县: 15.5, 乙局: 1/2}
  ranks: {甲县: 1, 乙局: 2}
  measures: {甲县: {items: 4, points: 15.5}}
  reasons: {乙局: [1分由2家平均分摊]}
""")

    (result,) = results(pack)

    assert errors(pack) == []
    assert result.passed and result.differences == []
    assert result.where == "tests/a.yaml 第 1 行"


def test_a_failing_example_says_what_was_expected_and_what_came(pack_with):
    pack = pack_with("""\
- name: 写错了
  facts: [{fact: adopted, outlet: bulletin, units: [甲县], on: 2024-05-06}]
  points: {甲县: 6}
  reasons: {甲县: [封顶]}
""")

    (result,) = results(pack)

    assert not result.passed
    assert result.differences == ["甲县 得分：应为 6，实为 5", "甲县 理由“封顶”：应为 有，实为 无"]
    assert result.details == ("甲县：采用，计5分（依据：二）。",)


def test_examples_may_share_their_units(pack_with):
    pack = pack_with("""\
units: {甲局: {group: bureaus}, 乙局: {group: 市直部门}}
examples:
  - name: 名次
    facts: [{fact: adopted, outlet: bulletin, units: [甲局], on: 2024-05-06}]
    ranks: {甲局: 1, 乙局: 2}
""")

    assert [result.passed for result in results(pack)] == [True]


FACT = "{fact: adopted, outlet: bulletin, units: [甲县], on: 2024-05-06}"
SLIPS = {
    "an unknown kind": (FACT.replace("adopted", "adoped"), "points: {甲县: 5}", "fact：事项种类“adoped”未定义"),
    "an unknown outlet": (FACT.replace("bulletin", "buletin"), "points: {甲县: 5}", "outlet：渠道“buletin”未定义"),
    "an unknown attribute": (FACT.replace("outlet:", "colour: 红, outlet:"), "points: {甲县: 5}", "colour：属性“colour”未定义"),
    "a missing attribute": (FACT.replace("outlet: bulletin, ", ""), "points: {甲县: 5}", "采用事项缺少“采用渠道”"),
    "no unit": (FACT.replace("[甲县]", "[]"), "points: {}", "事项的单位数不对"),
    "a unit nobody mentions": (FACT, "points: {甲线: 5}", "单位“甲线”不在本用例中"),
    "an unknown measure": (FACT, "measures: {甲县: {item: 1}}", "统计项“item”未定义"),
    "an unknown period": (FACT, "period: 2024-13", "没有考核周期“2024-13”"),
    "a withdrawal of nothing": ("{fact: withdrawn, reverses: x, on: 2024-05-06}", "points: {}", "被撤销的事项“x”不在本用例中"),
    "points that are no number": (FACT, "points: {甲县: 五分}", "“五分”不是分值"),
    "an unknown group": (FACT, "units: {甲县: {group: 县}}", "参评分组“县”未定义"),
    "a day in words": (FACT.replace("2024-05-06", "五月"), "points: {甲县: 5}", "应为日期"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_an_example_is_found_before_it_runs(name, pack_with):
    fact, promise, message = SLIPS[name]

    found = errors(pack_with(f"- name: 用例\n  facts:\n    - {fact}\n  {promise}\n"))

    assert found and message in str(found[0])
    assert found[0].where.startswith("tests/a.yaml 第 ")


def test_an_example_file_that_is_no_list_is_refused(pack_with):
    assert "缺少“examples”" in str(errors(pack_with("units: {}\n"))[0])


def test_a_pack_whose_rules_are_wrong_runs_no_examples(pack_with, monkeypatch):
    pack = pack_with("- {name: 空, period: 2024-05}\n")
    broken = {**pack.files, "scoring.yaml": SCORING.replace("outlet: bulletin", "outlet: x").encode()}

    with pytest.raises(Findings, match="计分规则有误"):
        results(load_files(broken, pack_sections()))
