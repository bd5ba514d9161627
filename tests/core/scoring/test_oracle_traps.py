"""The oracle against the seventeen traps of scoring_features.md, each worked out by hand.

The twelfth, fees that follow other rules than the score, is vector V10.
"""

from fractions import Fraction

import pytest

from tests.core.scoring.oracle.cases import UNITS, amounts, fact, points, scored, statuses, withdrawn

DAILY = """\
attributes: [{id: leader, title: 领导类别, options: [主要, 其他]}]
awards:
  - {id: daily, title: 要情, when: {fact: adopted, outlet: daily}, points: {2020-01-01: 10}, basis: 一}
  - {id: special, title: 专报, when: {fact: adopted, outlet: special}, points: {2020-01-01: 5}, basis: 二}
  - {id: note, title: 批示, when: {fact: instructed}, points: {2020-01-01: 30}, once_per: [item, leader], basis: 三}
  - {id: manual, title: 加减分, when: {fact: manual}, points: {2020-01-01: {from: points, min: -9, max: 9}}, basis: 四}
measures:
  - {id: sent, title: 报送条数, count: items, where: {fact: submitted}}
  - {id: used, title: 采用条数, count: items, where: {fact: adopted}}
"""


@pytest.mark.parametrize(
    ("order", "expected"),
    [("[resolution, sharing, credit, caps]", 5), ("[resolution, caps, sharing, credit]", 3)],
    ids=["after sharing", "before sharing"],
)
def test_1_a_cap_before_or_after_sharing(order, expected):
    caps = "caps: [{id: month, title: 月, period: month, max: {2024-01-01: 6}, basis: 五}]\n"

    result = scored(f"{DAILY}{caps}order: {order}\n", [fact(units=["甲县", "乙县"])])

    assert points(result) == points(result, "乙县") == expected


def test_2_thirds_add_up_to_the_whole():
    result = scored(DAILY, [fact(units=["甲县", "乙县", "丙县"], outlet="daily")])

    assert [points(result, unit) for unit in ("甲县", "乙县", "丙县")] == [Fraction(10, 3)] * 3


def test_3_a_withdrawn_first_instruction_promotes_the_second():
    notes = [
        fact("instructed", leader="主要", item="A1", on="2024-05-06", id="first"),
        fact("instructed", leader="主要", item="A1", on="2024-05-07"),
    ]

    assert amounts(scored(DAILY, notes)) == [30, 0]
    assert amounts(scored(DAILY, [*notes, withdrawn("first", id="back")])) == [0, 30]
    assert statuses(scored(DAILY, [*notes, withdrawn("first", id="back")])) == ["reversed", "live"]
    assert amounts(scored(DAILY, [*notes, withdrawn("first", id="back"), withdrawn("back")])) == [30, 0]


def test_4_a_further_value_is_added_and_not_put_instead():
    further = "  - {id: further, title: 再加, when: {fact: adopted, outlet: special}, points: {2020-01-01: 30}, stage: further, basis: 五}\n"

    result = scored(DAILY.replace("measures:", f"{further}measures:"), [fact(outlet="special")])

    assert amounts(result) == [5, 30]


def test_5_credit_without_submission_and_submission_without_credit():
    result = scored(DAILY, [fact("submitted", item="A1", on="2024-04-30"), fact(item="A1")], "2024-05")

    assert points(result) == 10
    assert result["measures"]["甲县"] == {"sent": 0, "used": 1}


@pytest.mark.parametrize(
    ("booking", "march", "may"),
    [
        ("", 10, 0),
        ("booking: [{title: 迟报, basis: 五, days: 15}]\n", 0, 10),
        ("booking: [{title: 迟报, basis: 五, days: 15, late: never}]\n", 0, 0),
        ("booking: [{title: 迟报, basis: 五, days: 40}]\n", 10, 0),
        ("booking: [{title: 登记, basis: 五, day: recorded}]\n", 0, 10),
    ],
    ids=["back", "next", "never", "in time", "day of recording"],
)
def test_6_a_late_entry_counts_where_the_pack_says(booking, march, may):
    late = [fact(on="2024-03-20", recorded="2024-05-06")]

    assert points(scored(DAILY + booking, late, "2024-03")) == march
    assert points(scored(DAILY + booking, late, "2024-05")) == may
    assert scored(DAILY + booking, late, "2024-05")["totals"]["甲县"]["cumulative"] == march + may


def test_7_the_place_follows_the_cumulative_score():
    result = scored(
        DAILY,
        [fact(on="2024-01-05", times=3), fact(units=["乙县"], times=2), fact(units=["甲县"])],
        "2024-05",
    )

    assert points(result, "乙县") > points(result, "甲县")
    assert [result["places"][unit]["place"] for unit in ("甲县", "乙县", "丙县")] == [1, 2, 3]


def test_8_a_list_of_the_silent_knows_units_without_a_line():
    rules = (
        DAILY
        + "lists: [{id: silent, title: 零报送, where: sent = 0 且 非 optional, groups: [counties, bureaus]}]\n"
    )
    units = {**UNITS, "自愿局": {"group": "bureaus", "optional": True}}

    before = scored(rules, [fact("submitted")], "2024-05", units=units)
    after = scored(rules, [fact("submitted")], "2024-07", units=units)

    assert before["lists"]["silent"] == ["乙县", "丙县", "丁局"]
    assert after["lists"]["silent"] == ["甲县", "乙县", "丙县", "丁局", "戊局"]


def test_9_twelve_monthly_tasks_are_not_the_yearly_task():
    rules = (
        DAILY
        + """\
quotas:
  - {id: month, title: 月任务, done: sent, need: {2024-01-01: 1}, points: -missing, groups: [counties], basis: 五}
  - {id: year, title: 年任务, done: sent, need: {2024-01-01: 12}, period: year, points: -missing, groups: [counties], basis: 五}
"""
    )

    result = scored(rules, [fact("submitted", times=12)])
    own = [task["amount"] for task in result["quotas"] if task["unit"] == "甲县"]

    assert own == [-1] * 4 + [0] + [-1] * 7 + [0]


def test_10_a_task_measured_in_points():
    rules = (
        DAILY.replace(
            "measures:", "measures:\n  - {id: got, title: 采用得分, sum: points, where: {fact: adopted}}"
        )
        + "quotas: [{id: target, title: 目标分, done: got, need: {2024-01-01: 40}, period: quarter, basis: 五}]\n"
    )

    (task,) = [
        each for each in scored(rules, [fact(times=3)], "2024-Q2")["quotas"] if each["unit"] == "甲县"
    ][1:]

    assert (task["done"], task["missing"], task["met"], task["amount"]) == (30, 10, False, 0)


def test_11_the_year_to_date_starts_where_the_scoring_year_starts():
    result = scored(
        DAILY,
        [fact(on="2024-06-30"), fact(on="2024-07-01"), fact(on="2024-08-01")],
        "2024-08",
        calendar="year_starts: 7\n",
    )

    assert result["totals"]["甲县"] == {"score": 10, "before": 10, "cumulative": 20}


def test_13_a_second_key_orders_the_tied_without_parting_them():
    rules = DAILY + "ranking: {by: [cumulative], order: [used]}\n"

    result = scored(rules, [fact(units=["甲县"]), fact(units=["乙县"], outlet="special", times=2)])

    assert list(result["places"])[:3] == ["乙县", "甲县", "丙县"]
    assert [result["places"][unit]["place"] for unit in ("乙县", "甲县", "丙县")] == [1, 1, 3]


@pytest.mark.parametrize(("value", "expected"), [(9, 9), (10, 0), (-9, -9), (-10, 0), (None, 0)])
def test_14_a_value_outside_its_limits_earns_nothing(value, expected):
    assert points(scored(DAILY, [fact("manual", points=value)])) == expected


def test_15_items_of_the_office_count_for_nobody():
    rules = DAILY + "credit: [{groups: [own], to: nobody, basis: 五}]\n"

    result = scored(rules, [fact(units=["信息科"])])

    assert points(result, "信息科") == 0
    assert result["measures"]["信息科"]["used"] == 1
    assert "信息科" not in result["places"]


def test_16_equal_counts_need_not_be_equal_points():
    result = scored(DAILY, [fact(units=["甲县"]), fact(units=["乙县"], outlet="special")])

    assert result["measures"]["甲县"] == result["measures"]["乙县"]
    assert points(result, "甲县") != points(result, "乙县")


@pytest.mark.parametrize(
    ("total", "expected"),
    [("", -5), ("total: max(entries, 0)\n", 0), ("total: max(台账得分 + 3, 0) - 3\n", -3)],
    ids=["allowed", "floored at zero", "floored at the base"],
)
def test_17_three_policies_for_negative_totals(total, expected):
    assert points(scored(DAILY + total, [fact("manual", points=-5)])) == expected
