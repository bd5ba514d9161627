"""The engine, clause by clause: what counts, what counts less, what does not count and why."""

import pytest

from core.errors import Findings
from core.scoring.values.points import exact, parse

DAILY = """\
awards:
  - {id: daily, title: 《每日要情》采用, when: {fact: adopted, outlet: daily},
     points: {2024-01-01: 10}, basis: 第三条}
  - {id: province, title: 省采用, when: {fact: adopted, outlet: province},
     points: {2024-01-01: 40}, basis: 第四条}
"""


def totals(entries):
    found = {}
    for entry in entries:
        found[entry.unit] = found.get(entry.unit, 0) + entry.amount
    return {unit: exact(amount) for unit, amount in found.items()}


def test_an_adoption_earns_its_points(make_fact, book, scored):
    (entry,) = scored([make_fact(item="A1")], book(DAILY))

    assert (entry.amount, entry.status, entry.rule, entry.basis) == (parse(10), "live", "daily", "第三条")
    assert entry.sentence == "《每日要情》采用，计10分（依据：第三条）。"
    assert (entry.period, entry.year) == ("2024-05", "2024")


def test_joint_items_are_shared_equally(make_fact, book, scored):
    entries = scored([make_fact(units=["甲县", "乙县", "丁局"])], book(DAILY))

    assert totals(entries) == {"甲县": "10/3", "乙县": "10/3", "丁局": "10/3"}
    assert {entry.status for entry in entries} == {"shared"}
    assert entries[0].sentence == "《每日要情》采用，10分由3家平均分摊，计3⅓分（依据：第三条）。"


def test_a_unit_named_twice_shares_once(make_fact, book, scored):
    entries = scored([make_fact(units=["甲县", "甲县", "乙县"])], book(DAILY))

    assert totals(entries) == {"甲县": "5", "乙县": "5"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("equal", {"甲县": "5", "乙县": "5"}),
        ("each", {"甲县": "10", "乙县": "10"}),
        ("first", {"甲县": "10", "乙县": "0"}),
    ],
)
def test_sharing_policies(policy, expected, make_fact, book, scored):
    rules = book(DAILY + f"sharing: {{policy: {policy}}}\n")

    assert totals(scored([make_fact(units=["甲县", "乙县"])], rules)) == expected


def test_an_award_may_share_in_its_own_way(make_fact, book, scored):
    rules = book(DAILY.replace("basis: 第三条", "basis: 第三条, share: each"))

    assert totals(scored([make_fact(units=["甲县", "乙县"])], rules)) == {"甲县": "10", "乙县": "10"}


def test_the_closest_name_of_an_outlet_wins(make_fact, book, scored):
    rules = book("""\
awards:
  - {id: any, title: 市级采用, when: {fact: adopted, outlet: city}, points: {2024-01-01: 2}, basis: 一}
  - {id: daily, title: 每日, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 10}, basis: 二}
  - {id: lead, title: 要闻, when: {fact: adopted, outlet: daily-lead}, points: {2024-01-01: 12}, basis: 三}
""")
    facts = [make_fact(outlet=outlet, units=[unit]) for outlet, unit in
             (("special", "甲县"), ("daily", "乙县"), ("daily-lead", "丙县"))]  # fmt: skip

    assert totals(scored(facts, rules)) == {"甲县": "2", "乙县": "10", "丙县": "12"}


def test_a_further_award_stands_in_a_stage_of_its_own(make_fact, book, scored):
    rules = book(
        DAILY
        + """\
  - {id: extra, title: 省采用再加, when: {fact: adopted, outlet: province},
     points: {2024-01-01: 30}, basis: 五, stage: 再加}
"""
    )

    assert totals(scored([make_fact(outlet="province")], rules)) == {"甲县": "70"}


def test_the_value_of_the_day_counts(make_fact, book, scored):
    rules = book(DAILY.replace("{2024-01-01: 10}", "{2024-01-01: 10, 2024-06-01: 8}"))
    facts = [make_fact(on="2024-05-31"), make_fact(on="2024-06-01", units=["乙县"])]

    assert totals(scored(facts, rules)) == {"甲县": "10", "乙县": "8"}


def test_before_a_rule_is_in_force_nothing_counts(make_fact, book, scored):
    (entry,) = scored([make_fact(on="2023-12-31")], book(DAILY), "2023")

    assert (entry.amount, entry.status) == (0, "uncredited")
    assert "当日不在该项施行期内（自2024年1月1日起施行）" in entry.sentence


def test_after_an_award_ended_the_next_closest_applies(make_fact, book, scored):
    rules = book("""\
awards:
  - {id: daily, title: 每日, when: {fact: adopted, outlet: daily},
     points: {2024-01-01: 10}, basis: 二, until: 2024-03-31}
  - {id: any, title: 市级采用, when: {fact: adopted, outlet: city}, points: {2024-01-01: 2}, basis: 一}
""")
    facts = [make_fact(on="2024-03-31"), make_fact(on="2024-04-01", units=["乙县"])]

    assert totals(scored(facts, rules)) == {"甲县": "10", "乙县": "2"}


def test_a_successor_may_repeat_the_condition_of_an_ended_award(make_fact, book, scored):
    rules = book("""\
awards:
  - {id: old, title: 旧, when: {fact: adopted, outlet: daily},
     points: {2024-01-01: 10}, basis: 一, until: 2024-03-31}
  - {id: new, title: 新, when: {fact: adopted, outlet: daily}, points: {2024-04-01: 12}, basis: 二}
""")

    assert totals(scored([make_fact(on="2024-04-01")], rules)) == {"甲县": "12"}


def test_what_no_rule_rewards_is_listed_with_the_nearest_rule(make_fact, book, scored):
    rules = book("""\
attributes: [{id: leader, title: 领导类别, options: [市主要领导, 市其他领导]}]
awards:
  - {id: note, title: 主要领导批示, when: {fact: instructed, leader: 市主要领导},
     points: {2024-01-01: 30}, basis: 八}
""")
    (entry,) = scored([make_fact("instructed", leader="市其他领导")], rules)

    assert entry.sentence == (
        "领导批示（市其他领导），规则未规定此情形的分值（“主要领导批示”要求领导类别为市主要领导），不计分。"
    )


def test_a_submission_without_a_rule_is_a_zero_line(make_fact, book, scored):
    (entry,) = scored([make_fact("submitted")], book(DAILY))

    assert entry.sentence == "报送，规则未规定这种事项的分值，不计分。"


def test_unknown_units_and_units_out_of_their_time_get_nothing(make_fact, book, scored):
    facts = [make_fact(units=["无此单位"]), make_fact(units=["新局"], on="2024-06-30")]

    entries = scored(facts, book(DAILY))

    assert [entry.amount for entry in entries] == [0, 0]
    assert ["单位未登记" in entry.sentence for entry in entries] == [True, False]
    assert "参评期" in entries[1].sentence


NOTES = """\
attributes: [{id: leader, title: 领导类别, options: [市主要领导, 市其他领导]}]
awards:
  - {id: note, title: 市领导批示, when: {fact: instructed, level: city}, points: {2024-01-01: 10}, basis: 八,
     once_per: [item, level]}
"""


def test_instructions_of_one_level_on_one_item_count_once(make_fact, book, scored):
    facts = [
        make_fact("instructed", item="A1", leader="市主要领导", level="city", on="2024-05-08"),
        make_fact("instructed", item="A1", leader="市其他领导", level="city", on="2024-05-07"),
        make_fact("instructed", item="A2", leader="市其他领导", level="city", on="2024-05-09"),
    ]

    entries = scored(facts, book(NOTES))

    assert [(str(e.day), e.status) for e in entries] == [
        ("2024-05-07", "live"), ("2024-05-08", "superseded"), ("2024-05-09", "live"),
    ]  # fmt: skip
    assert "同一信息、同一层级只计一次，已由2024年5月7日的一次计入，不计分" in entries[1].sentence


def test_withdrawing_the_first_instruction_promotes_the_second(make_fact, book, scored):
    facts = [
        make_fact("instructed", id="a", item="A1", leader="市主要领导", level="city", on="2024-05-07"),
        make_fact("instructed", id="b", item="A1", leader="市主要领导", level="city", on="2024-05-08"),
        make_fact("withdrawn", id="w", reverses="a", units=[], on="2024-06-01"),
    ]

    entries = scored(facts, book(NOTES))

    assert {entry.fact: entry.status for entry in entries} == {"a": "reversed", "b": "live"}


def test_an_item_without_a_name_stands_for_itself(make_fact, book, scored):
    facts = [make_fact("instructed", leader="市主要领导", level="city") for _ in range(2)]

    assert totals(scored(facts, book(NOTES))) == {"甲县": "20"}


MAX = (
    DAILY
    + """\
resolution: [{id: best, title: 同一信息只取最高分, keep: max, stages: [adopted], basis: 第六条}]
"""
)


def test_highest_only_per_item(make_fact, book, scored):
    facts = [
        make_fact(item="A1", on="2024-05-06"),
        make_fact(item="A1", outlet="province", on="2024-05-20"),
        make_fact(item="A2", on="2024-05-21"),
    ]

    entries = scored(facts, book(MAX))

    assert totals(entries) == {"甲县": "50"}
    assert (
        entries[0].sentence
        == "《每日要情》采用，同一信息只取最高分，已按“省采用”计入，不计分（依据：第三条）。"
    )


def test_among_equals_the_earliest_is_kept(make_fact, book, scored):
    facts = [make_fact(item="A1", on="2024-05-07", id="b"), make_fact(item="A1", on="2024-05-06", id="c")]

    assert {e.fact: e.status for e in scored(facts, book(MAX))} == {"c": "live", "b": "superseded"}


def test_number_nine_comes_before_number_ten(make_fact, book, scored):
    facts = [make_fact(item="A1", id="10"), make_fact(item="A1", id="9")]

    assert {e.fact: e.status for e in scored(facts, book(MAX))} == {"9": "live", "10": "superseded"}


def test_highest_only_looks_at_one_scoring_year(make_fact, book, scored):
    rules = book(MAX.replace("2024-01-01", "2023-01-01"))
    facts = [make_fact(item="A1", on="2023-12-31", outlet="province"), make_fact(item="A1", on="2024-01-02")]

    assert totals(scored(facts, rules)) == {"甲县": "10"}


HOST = (
    DAILY
    + """\
credit:
  - {groups: [direct], stages: [adopted], to: host, basis: 第九条}
  - {groups: [own], to: nobody, basis: 第十条}
"""
)


def test_the_score_of_a_direct_point_goes_to_its_host(make_fact, book, scored):
    entries = scored([make_fact(units=["某企业"])], book(HOST))

    assert totals(entries) == {"某企业": "0", "甲县": "10"}
    assert {entry.unit: entry.status for entry in entries} == {"甲县": "live", "某企业": "moved"}
    assert {entry.unit: entry.sentence for entry in entries} == {
        "某企业": "《每日要情》采用，按规定计入所属单位甲县，不计分（依据：第三条）。",
        "甲县": "《每日要情》采用，由所属的某企业转计，计10分（依据：第三条）。",
    }


def test_a_direct_point_without_a_host_is_told_so(make_fact, book, scored):
    (entry,) = scored([make_fact(units=["孤企业"])], book(HOST))

    assert (entry.amount, "未登记所属单位" in entry.sentence) == (0, True)


def test_the_offices_own_items_count_for_nobody(make_fact, book, scored):
    (entry,) = scored([make_fact(units=["信息科"])], book(HOST))

    assert (entry.amount, entry.status) == (0, "uncredited")
    assert "按规定不计入任何单位（第十条）" in entry.sentence


CAPPED = """\
awards: [{{id: sent, title: 报送, when: {{fact: submitted}}, points: {{2024-01-01: 3}}, basis: 一}}]
caps: [{{id: c, title: 报送得分, period: {period}, max: {{2024-01-01: {limit}}},
   overflow: {overflow}, basis: 二}}]
"""


@pytest.mark.parametrize(("overflow", "total"), [("clip", "50"), ("overshoot", "51")])
def test_a_cap_is_clipped_or_overshot_as_the_rules_say(overflow, total, make_fact, book, scored):
    rules = book(CAPPED.format(period="year", limit=50, overflow=overflow))

    entries = scored([make_fact("submitted", on=f"2024-{n % 12 + 1:02d}-02") for n in range(20)], rules)

    assert totals(entries) == {"甲县": total}
    assert entries[-1].sentence == "报送，报送得分本年最多50分，超出的3分不计，不计分（依据：一）。"


def test_a_cap_starts_afresh_each_period(make_fact, book, scored):
    rules = book(CAPPED.format(period="month", limit=4, overflow="clip"))

    facts = [make_fact("submitted", on=f"2024-0{month}-0{day}") for month in (1, 2) for day in (1, 2)]

    assert [exact(entry.amount) for entry in scored(facts, rules)] == ["3", "1", "3", "1"]


MANUAL = """\
awards:
  - {id: manual, title: 手工加减分, when: {fact: manual},
     points: {2024-01-01: {from: points, min: -5, max: 5}}, basis: 七}
"""


def test_a_value_set_by_the_office_counts_within_its_limits(make_fact, book, scored):
    facts = [
        make_fact("manual", points="2.5", reason="材料质量好"),
        make_fact("manual", points=-3, reason="差错"),
    ]

    assert totals(scored(facts, book(MANUAL))) == {"甲县": "-0.5"}


@pytest.mark.parametrize(
    ("points", "reason"),
    [(6, "所填6分超出规定范围（-5至5）"), ("x", "不是分值"), (None, "没有填写分值"), (True, "没有填写分值")],
)
def test_a_value_outside_its_limits_does_not_count(points, reason, make_fact, book, scored):
    (entry,) = scored([make_fact("manual", points=points)], book(MANUAL))

    assert entry.amount == 0
    assert reason in entry.sentence


def test_a_withdrawn_fact_counts_nothing_whenever_it_is_withdrawn(make_fact, book, scored):
    facts = [make_fact(id="a"), make_fact("withdrawn", reverses="a", units=[], on="2024-08-01")]

    (entry,) = scored(facts, book(DAILY), "2024-05")

    assert (entry.amount, entry.status) == (0, "reversed")
    assert entry.sentence == "《每日要情》采用，已于2024年8月1日撤销，不计分（依据：第三条）。"


def test_a_withdrawn_withdrawal_lets_the_fact_stand(make_fact, book, scored):
    facts = [
        make_fact(id="a"),
        make_fact("withdrawn", id="w", reverses="a", units=[]),
        make_fact("withdrawn", id="v", reverses="w", units=[]),
    ]

    assert totals(scored(facts, book(DAILY))) == {"甲县": "10"}


def test_a_circle_of_withdrawals_does_not_loop(make_fact, book, scored):
    facts = [
        make_fact("withdrawn", id="w", reverses="v", units=[]),
        make_fact("withdrawn", id="v", reverses="w", units=[]),
        make_fact(id="a"),
    ]

    assert totals(scored(facts, book(DAILY))) == {"甲县": "10"}


def test_entries_cover_the_scoring_year_up_to_the_end_of_the_period(make_fact, book, scored):
    facts = [make_fact(on=day) for day in ("2023-12-31", "2024-01-01", "2024-05-31", "2024-06-01")]

    days = [str(entry.day) for entry in scored(facts, book(DAILY), "2024-05")]

    assert days == ["2024-01-01", "2024-05-31"]


def test_conditions_compare_levels_and_numbers(make_fact, book, scored):
    rules = book("""\
attributes:
  - {id: words, title: 字数, type: integer, of: [adopted]}
  - {id: reprint, title: 转载, type: flag, of: [adopted]}
awards:
  - {id: up, title: 省以上, when: {fact: adopted, level: {">=": province}},
     points: {2024-01-01: 40}, basis: 一}
  - {id: long, title: 长文, when: {fact: adopted, words: {">=": 800, "<": 3000}, reprint: {not: true}},
     points: {2024-01-01: 8}, basis: 二}
""")
    facts = [
        make_fact(units=["甲县"], outlet="state"),
        make_fact(units=["乙县"], outlet="daily", words=800),
        make_fact(units=["丙县"], outlet="daily", words=799),
        make_fact(units=["丁局"], outlet="daily", words=900, reprint=True),
    ]

    assert totals(scored(facts, rules)) == {"甲县": "40", "乙县": "8", "丙县": "0", "丁局": "0"}


def test_shares_finer_than_a_grain_stay_exact_fractions(make_fact, book, scored):
    entries = scored([make_fact(units=["甲县", "乙县", *(f"单位{n}" for n in range(21))])], book(DAILY))

    assert {totals(entries)[unit] for unit in ("甲县", "乙县")} == {"10/23"}
    assert any("10分由23家平均分摊，计10/23分" in entry.sentence for entry in entries)


def test_a_rule_book_with_mistakes_is_not_built(book):
    with pytest.raises(Findings, match="计分规则有误"):
        book(DAILY.replace("outlet: daily", "outlet: dayly"))
