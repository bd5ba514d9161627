"""The oracle against real rules: the fifteen worked examples of circulars.json as small packs."""

from fractions import Fraction

import pytest

from tests.core.scoring.oracle.cases import amounts, fact, points, scored


def test_v01_five_stages_of_one_item_add_up():
    rules = """\
attributes: [{id: leader, title: 领导类别, options: [市主要领导, 市其他领导]}]
awards:
  - {id: zwyq, title: 要情, when: {fact: adopted, outlet: daily}, points: {2013-01-01: 10}, basis: R01}
  - {id: up, title: 上报省, when: {fact: sent_up, level: province}, points: {2013-01-01: 5}, basis: R01}
  - {id: province, title: 省采用, when: {fact: adopted, outlet: province}, points: {2013-01-01: 40}, stage: upper, basis: R01}
  - {id: note, title: 批示, when: {fact: instructed, leader: 市主要领导}, points: {2013-01-01: 30}, basis: R01}
"""
    facts = [
        fact(item="A1"),
        fact("sent_up", level="province", item="A1"),
        fact(outlet="province", item="A1"),
        fact("instructed", leader="市主要领导", item="A1"),
    ]

    assert points(scored(rules, facts)) == 85


HUZHOU = """\
attributes: [{id: leader, title: 领导类别, options: [甲领导, 乙领导]}, {id: form, title: 采用形式, options: [要情, 专报]}]
awards:
  - {id: daily, title: 要情, when: {fact: adopted, outlet: daily}, points: {2018-01-01: 3}, basis: R03}
  - {id: special, title: 专报, when: {fact: adopted, outlet: special}, points: {2018-01-01: 10}, basis: R03}
  - {id: note, title: 要情批示, when: {fact: instructed, carrier: daily}, points: {2018-01-01: 10}, once_per: [item, level], basis: R03}
  - {id: up, title: 上报要情, when: {fact: sent_up, form: 要情}, points: {2018-01-01: 3}, basis: R03}
  - {id: zonghe, title: 省要情, when: {fact: adopted, outlet: zonghe}, points: {2018-01-01: 10}, stage: upper, basis: R03}
  - {id: jianbao, title: 省专报再加, when: {fact: adopted, outlet: jianbao}, points: {2018-01-01: 30}, stage: further, basis: R03}
credit:
  - {groups: [direct], to: host, basis: R03}
"""


def huzhou(unit):
    return [
        fact(item="A1", units=[unit], on="2024-05-06"),
        fact(
            "instructed",
            units=[unit],
            leader="甲领导",
            level="city",
            carrier="daily",
            item="A1",
            on="2024-05-07",
        ),
        fact(
            "instructed",
            units=[unit],
            leader="乙领导",
            level="city",
            carrier="daily",
            item="A1",
            on="2024-05-08",
        ),
        fact("sent_up", units=[unit], level="province", form="要情", item="A1", on="2024-05-09"),
        fact(outlet="zonghe", units=[unit], item="A1", on="2024-05-10"),
    ]


def test_v02_two_instructions_of_one_level_count_once():
    result = scored(HUZHOU, huzhou("乙县"))

    assert points(result, "乙县") == 26
    assert amounts(result, "乙县") == [3, 10, 0, 3, 10]


def test_v03_points_of_a_direct_report_point_go_to_its_county():
    result = scored(HUZHOU, huzhou("某企业"))

    assert points(result, "某企业") == 0
    assert points(result, "甲县") == 26


LIANYUNGANG = """\
attributes:
  - {id: form, title: 采用形式, options: [普通, 简讯]}
  - {id: genre, title: 信息类型, options: [动态, 调研]}
  - {id: leader, title: 领导类别, options: [领导]}
tables:
  - {id: upper, title: 省采用加分, keys: [outlet, genre], rows: [[zonghe, 动态, 20], [zonghe, 调研, 30], [jianbao, 动态, 10]], default: 5}
awards:
  - {id: short, title: 简讯, when: {fact: adopted, outlet: daily, form: 简讯}, points: {2010-01-01: 1}, basis: R04}
  - {id: daily, title: 昨日情况, when: {fact: adopted, outlet: daily}, points: {2010-01-01: 3}, basis: R04}
  - {id: chosen, title: 选报, when: {fact: sent_up}, points: {2010-01-01: 2}, basis: R04}
  - {id: upper, title: 省采用, when: {fact: adopted, outlet: province}, points: {2010-01-01: table(upper)}, basis: R04}
  - {id: note, title: 市领导批示, when: {fact: instructed, level: city}, points: {2010-01-01: 5}, basis: R04}
  - {id: note-up, title: 省领导批示, when: {fact: instructed, level: {">=": province}}, points: {2010-01-01: 50}, basis: R04}
"""


def test_v04_all_outlets_accumulate():
    facts = [
        fact(item="A1", form="普通"),
        fact("sent_up", level="province", item="A1"),
        fact(outlet="zonghe", genre="动态", item="A1"),
        fact("instructed", level="province", leader="领导", item="A1"),
    ]

    assert points(scored(LIANYUNGANG, facts)) == 75


def test_v05_a_short_item_with_an_instruction():
    facts = [fact(item="A1", form="简讯"), fact("instructed", level="city", leader="领导", item="A1")]

    assert points(scored(LIANYUNGANG, facts)) == 6


GUANGDONG = """\
attributes: [{id: leader, title: 领导类别, options: [省领导, 局领导]}]
counters:
  - {id: used, title: 采用次数, of: {fact: adopted}, per: [unit, item], running: false}
awards:
  - {id: offices, title: 两办综合刊物, when: {fact: adopted, outlet: zonghe}, points: {2010-01-01: 40}, basis: R24}
  - {id: other, title: 其他采用, when: {fact: adopted, outlet: province}, points: {2010-01-01: 30}, basis: R24}
  - {id: unused, title: 合要求未采用, when: {fact: submitted}, where: used = 0, points: {2010-01-01: 5}, basis: R24}
  - {id: note, title: 省领导批示, when: {fact: instructed, leader: 省领导}, points: {2010-01-01: 10}, basis: R24}
resolution:
  - {id: highest, title: 取最高, keep: max, stages: [adopted], basis: R24}
"""


def test_v06_highest_outlet_only_and_the_instruction_added():
    facts = [
        fact("submitted", item="A1", on="2024-05-01"),
        fact(outlet="jianbao", item="A1", on="2024-05-06"),
        fact(outlet="zonghe", item="A1", on="2024-05-07"),
        fact("instructed", leader="省领导", item="A1", on="2024-05-08"),
    ]

    assert points(scored(GUANGDONG, facts)) == 50


def test_v07_good_but_not_used_is_worth_five():
    assert points(scored(GUANGDONG, [fact("submitted", item="A1")])) == 5


def test_v08_a_commission_adopted_and_one_not_answered():
    rules = """\
attributes: [{id: state, title: 约稿情况, of: [manual], options: [采用, 未报]}]
awards:
  - {id: done, title: 约稿采用, when: {fact: manual, state: 采用}, points: {2008-01-01: 5}, basis: R05}
  - {id: missed, title: 约稿未报, when: {fact: manual, state: 未报}, points: {2008-01-01: -10}, basis: R05}
"""
    facts = [fact("manual", points=0, state="采用"), fact("manual", points=0, state="未报")]

    assert points(scored(rules, facts)) == -5


def test_v09_a_multiple_of_the_item_s_own_value():
    rules = """\
attributes: [{id: form, title: 采用形式, options: [动态, 单篇, 调研]}]
tables: [{id: own, title: 县级分值, keys: [form], rows: [[动态, 3], [单篇, 5], [调研, 10]]}]
counters: [{id: own-value, title: 县级得分, count: points, stages: [own], per: [unit, item], running: false}]
awards:
  - {id: own, title: 县级, when: {fact: adopted, outlet: county}, points: {2010-01-01: table(own)}, stage: own, basis: R28}
  - {id: city, title: 州级, when: {fact: adopted, level: city}, points: {2010-01-01: own-value * 2}, stage: upper, basis: R28}
  - {id: province, title: 省级, when: {fact: adopted, level: province}, points: {2010-01-01: 县级得分 * 4}, stage: upper, basis: R28}
"""
    facts = [
        fact(outlet="county", form="单篇", item="A1", on="2024-05-06"),
        fact(outlet="daily", item="A1", on="2024-05-08"),
        fact(outlet="province", item="A1", on="2024-05-09"),
    ]

    assert points(scored(rules, facts)) == 35


UNION = """\
awards:
  - {id: city, title: 市总, when: {fact: adopted, outlet: gongyun-city}, points: {2010-01-01: 15}, basis: R40}
  - {id: province, title: 省总, when: {fact: adopted, outlet: gongyun}, points: {2010-01-01: 25}, basis: R40}
persons: {sharing: {policy: first}, basis: R40}
"""
FEES = """\
accounts: persons
awards:
  - {id: fee, title: 稿酬, when: {fact: adopted}, points: {2010-01-01: 得分 * 4}, share: first, basis: R40}
"""


@pytest.mark.parametrize(
    ("persons", "fees"),
    [(["张三", "李四"], {"张三": 160, "李四": 0}), ([], {})],
    ids=["v10 two authors", "v11 no name"],
)
def test_fees_follow_rules_of_their_own(persons, fees):
    facts = [fact(outlet=outlet, item="A1", persons=persons) for outlet in ("gongyun-city", "gongyun")]

    result = scored(UNION, facts, fees=FEES)

    assert points(result) == 40
    assert {person: each["score"] for person, each in result["fees"].items()} == fees
    assert {person: each["score"] for person, each in result["persons"].items()} == dict.fromkeys(fees, 0) | (
        {"张三": 40} if persons else {}
    )


def test_v12_task_met_a_short_item_and_half_of_a_leader_s_bonus():
    rules = """\
attributes:
  - {id: form, title: 采用形式, options: [单条, 单篇]}
  - {id: leader, title: 领导类别, options: [主要, 其他]}
awards:
  - {id: province, title: 省单条, when: {fact: adopted, outlet: province, form: 单条}, points: {2010-01-01: 50}, basis: R26}
  - {id: note, title: 市领导批示, when: {fact: instructed}, points: {2010-01-01: "如果(leader = '主要', 15, 15 / 2)"}, basis: R26}
quotas:
  - {id: task, title: 报送任务, done: sent, need: {2010-01-01: 1}, period: year, groups: [bureaus], points: "if(met, 30, 0)", basis: R26}
measures: [{id: sent, title: 报送条数, count: items, where: {fact: submitted}}]
"""
    facts = [
        fact("submitted", units=["丁局"], item="A1"),
        fact(outlet="province", form="单条", units=["丁局"], item="A1"),
        fact("instructed", leader="其他", units=["丁局"], item="A1"),
    ]

    assert points(scored(rules, facts), "丁局") == Fraction("87.5")


def test_v13_a_base_used_up_by_deductions_and_the_list_of_those_below_it():
    rules = """\
attributes: [{id: event, title: 情况, of: [manual], options: [迟报, 约稿完成]}]
awards:
  - {id: late, title: 迟报, when: {fact: manual, event: 迟报}, points: {2010-01-01: -1}, stage: minus, basis: R31}
  - {id: done, title: 约稿完成, when: {fact: manual, event: 约稿完成}, points: {2010-01-01: 2}, stage: plus, basis: R31}
quotas:
  - {id: short, title: 报送任务, done: sent, need: {2010-01-01: 5}, period: quarter, points: -missing, basis: R31}
  - {id: rate, title: 采用率, done: used / sent, need: {2010-01-01: 0.3}, period: quarter, points: "if(met, 0, -1)", basis: R31}
measures:
  - {id: sent, title: 报送, count: items, where: {fact: submitted}}
  - {id: used, title: 采用, count: items, where: {fact: adopted}}
  - {id: minus, title: 扣分, sum: points, where: {stage: [minus, short, rate]}}
  - {id: plus, title: 加分, sum: points, where: {stage: plus}}
total: max(2 * months + minus, 0) + plus
lists: [{id: below, title: 不达标, where: score < 6, groups: [bureaus]}]
"""
    facts = [
        fact("submitted", units=["丁局"], times=4),
        fact(units=["丁局"]),
        fact("manual", points=0, event="迟报", units=["丁局"], times=2),
        fact("manual", points=0, event="约稿完成", units=["丁局"]),
    ]
    # Taking part all year, so that the whole quarter is the year's second.
    result = scored(rules, facts, "2024-Q2")

    assert points(result, "丁局") == 4
    assert result["lists"]["below"] == ["丁局"]


def test_v14_a_base_by_the_month_and_adoptions():
    rules = """\
awards:
  - {id: kuaibao, title: 要情快报, when: {fact: adopted, outlet: special}, points: {2014-01-01: 5}, basis: R16}
  - {id: zhengwu, title: 常山政务, when: {fact: adopted, outlet: daily}, points: {2014-01-01: 10}, basis: R16}
quotas:
  - {id: base, title: 基本分, done: sent, need: {2014-01-01: 8}, points: "if(met, 10, 0)", groups: [counties], basis: R16}
measures:
  - {id: sent, title: 报送, count: items, where: {fact: submitted}}
  - {id: base, title: 基本分合计, sum: points, where: {award: base}}
  - {id: used, title: 采用得分, sum: points, where: {fact: adopted}}
"""
    facts = [
        fact("submitted", on=f"2024-{month:02d}-10", times=8 if month != 5 else 7) for month in range(1, 13)
    ]
    facts += [fact(outlet="special", times=3), fact(outlet="daily")]

    result = scored(rules, facts)

    assert result["measures"]["甲县"] == {"sent": 95, "base": 110, "used": 25}
    assert points(result) == 135


@pytest.mark.parametrize(("overflow", "expected"), [("overshoot", 51), ("clip", 50), ("drop", 48)])
def test_v15_a_yearly_cap_is_overshot_or_clipped(overflow, expected):
    rules = f"""\
awards: [{{id: sent, title: 报送, when: {{fact: submitted}}, points: {{2014-01-01: 3}}, basis: R12}}]
caps: [{{id: year, title: 报送得分, period: year, max: {{2014-01-01: 50}}, overflow: {overflow}, basis: R12}}]
"""

    assert points(scored(rules, [fact("submitted", times=20)])) == expected
