"""Places, ties, movement, measures: rows for every competing unit."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import NotFound
from core.scoring.results.explain import explain
from core.scoring.results.measures import measure_of, value_of
from core.scoring.results.ranking import rank
from core.scoring.values.fact import UnitInfo
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import exact, parse

RULES = """\
awards:
  - {id: daily, title: 《每日要情》采用, when: {fact: adopted, outlet: daily},
     points: {2024-01-01: 10}, basis: 三}
  - {id: province, title: 省采用, when: {fact: adopted, outlet: province},
     points: {2024-01-01: 40}, basis: 四}
credit: [{groups: [direct], to: host, basis: 九}]
measures:
  - {id: sent, title: 报送条数, count: items, where: {fact: submitted}}
  - {id: daily, title: 每日要情条数, count: items, where: {fact: adopted, outlet: daily}}
  - {id: daily-year, title: 每日要情累计条数, count: items, where: {fact: adopted, outlet: daily}, over: year}
  - {id: times, title: 采用次数, count: facts, where: {fact: adopted}}
  - {id: city-points, title: 市级得分, sum: points, where: {level: city}}
  - {id: province-points, title: 省级得分, sum: points, where: {award: province}}
"""
RANKING = "ranking: {{by: [{by}], order: [{order}], ties: {ties}}}\n"


@pytest.fixture
def ranked(units, scored):
    def run(facts, rules, period="2024", previous=()):
        entries = scored(facts, rules, period)
        return rank(entries, units, rules, period_by_key(rules.calendar, period), previous)

    return run


def places(rows, group="counties"):
    return {row.unit: row.place for row in rows if row.group == group}


def test_every_competing_unit_has_a_row_even_without_facts(ranked, book):
    rows = ranked([], book(RULES))

    assert [row.unit for row in rows] == ["甲县", "乙县", "丙县", "丁局", "新局", "某企业", "孤企业"]
    assert {row.place for row in rows} == {1}
    assert all(row.tied for row in rows)


def test_units_are_ranked_inside_their_group_by_their_cumulative_points(ranked, book, make_fact):
    facts = [
        make_fact(units=["乙县"], outlet="province"),
        make_fact(units=["丙县"]),
        make_fact(units=["丁局"]),
    ]

    rows = ranked(facts, book(RULES))

    assert places(rows) == {"乙县": 1, "丙县": 2, "甲县": 3}
    assert places(rows, "bureaus") == {"丁局": 1, "新局": 2}


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("competition", {"甲县": 1, "乙县": 1, "丙县": 3}),
        ("dense", {"甲县": 1, "乙县": 1, "丙县": 2}),
        ("ordinal", {"甲县": 1, "乙县": 2, "丙县": 3}),
    ],
)
def test_three_styles_of_ties(ties, expected, ranked, book, make_fact):
    rules = book(RULES + RANKING.format(by="cumulative", order="", ties=ties))

    rows = ranked([make_fact(units=["甲县"]), make_fact(units=["乙县"])], rules)

    assert places(rows) == expected
    assert [row.tied for row in rows[:2]] == [ties != "ordinal"] * 2


def equal_points(make_fact):
    """甲县 has four items of ten, 乙县 one of forty."""
    return [*(make_fact(units=["甲县"]) for _ in range(4)), make_fact(units=["乙县"], outlet="province")]


def test_a_tie_break_key_separates_places(ranked, book, make_fact):
    rules = book(RULES + RANKING.format(by="cumulative, times", order="", ties="competition"))

    assert places(ranked(equal_points(make_fact), rules)) == {"甲县": 1, "乙县": 2, "丙县": 3}


def test_a_print_order_key_leaves_places_equal(ranked, book, make_fact):
    rules = book(RULES + RANKING.format(by="cumulative", order="province-points", ties="competition"))

    rows = ranked(equal_points(make_fact), rules)

    assert [(row.unit, row.place) for row in rows[:2]] == [("乙县", 1), ("甲县", 1)]


def test_equal_thirds_do_not_break_a_tie(ranked, book, make_fact):
    facts = [make_fact(units=["甲县", "乙县", "丙县"], item=f"A{n}") for n in range(7)]

    assert places(ranked(facts, book(RULES))) == {"甲县": 1, "乙县": 1, "丙县": 1}


def test_month_before_and_cumulative(ranked, book, make_fact):
    facts = [make_fact(on=day) for day in ("2024-04-30", "2024-05-01", "2024-05-31", "2024-06-01")]

    row = ranked(facts, book(RULES), "2024-05")[0]

    assert [exact(points) for points in (row.before, row.score, row.cumulative)] == ["10", "20", "30"]


def test_movement_is_places_gained(ranked, book, make_fact):
    rules = book(RULES)
    april = [make_fact(units=["甲县"], on="2024-04-02")]
    may = [make_fact(units=["乙县"], outlet="province", on="2024-05-02")]

    rows = ranked([*april, *may], rules, "2024-05", previous=ranked(april, rules, "2024-04"))

    assert {row.unit: row.movement for row in rows if row.group == "counties"} == {
        "乙县": 1,
        "甲县": -1,
        "丙县": -1,
    }
    assert all(row.movement is None for row in ranked(april, rules, "2024-04"))


def test_measures_count_items_facts_and_points(ranked, book, make_fact):
    facts = [
        make_fact("submitted", item="A1", on="2024-04-30"),
        make_fact("submitted", item="A2", on="2024-05-02"),
        make_fact(item="A1", on="2024-04-30"),
        make_fact(item="A2", on="2024-05-03"),
        make_fact(item="A2", outlet="daily-lead", on="2024-05-04"),
        make_fact(item="A2", outlet="province", on="2024-05-05"),
    ]

    row = ranked(facts, book(RULES), "2024-05")[0]

    assert dict(row.measures) == {
        "sent": 1, "daily": 1, "daily-year": 2, "times": 3,
        "city-points": parse(20), "province-points": parse(40),
    }  # fmt: skip


def test_moved_credit_is_counted_at_the_host_only(ranked, book, make_fact):
    rows = {row.unit: row for row in ranked([make_fact(units=["某企业"])], book(RULES))}

    assert (rows["甲县"].measures["daily"], rows["某企业"].measures["daily"]) == (1, 0)


def test_withdrawn_facts_are_not_counted(ranked, book, make_fact):
    facts = [make_fact(id="a"), make_fact("withdrawn", reverses="a", units=[])]

    assert ranked(facts, book(RULES))[0].measures["daily"] == 0


def test_a_joint_item_is_one_item_in_a_total_and_one_credit_per_unit(scored, book, make_fact):
    rules = book(RULES)
    entries = scored([make_fact(units=["甲县", "乙县"], item="A1")], rules)
    period = period_by_key(rules.calendar, "2024")

    assert value_of("daily", entries, rules, period) == 1
    assert value_of("city-points", entries, rules, period) == parse(10)


def test_units_that_left_or_have_not_joined_have_no_row(book):
    units = [
        UnitInfo("旧县", "旧县", "counties", valid_to=date(2024, 4, 30)),
        UnitInfo("新县", "新县", "counties", valid_from=date(2024, 5, 31)),
        UnitInfo("后县", "后县", "counties", valid_from=date(2024, 6, 1)),
    ]
    rules = book(RULES)

    rows = rank([], units, rules, period_by_key(rules.calendar, "2024-05"))

    assert [row.unit for row in rows] == ["新县"]


def test_optional_units_are_marked(book, units):
    rules = book(
        RULES, units="groups: [{id: counties, title: 县区, optional: true}, {id: direct, title: 直报点}]\n"
    )

    rows = rank(
        [],
        [units[0], replace(units[4], optional=True), units[5]],
        rules,
        period_by_key(rules.calendar, "2024"),
    )

    assert [row.optional for row in rows] == [True, False, True] or [row.optional for row in rows] == [
        True,
        True,
        False,
    ]


def test_units_of_an_unknown_group_are_named_not_lost(book, units):
    stray = UnitInfo("迷途", "迷途", "towns")

    assert book(RULES).unplaced([*units, stray]) == [stray]


@pytest.mark.parametrize("column", ["score", "before", "cumulative", "city-points", "province-points"])
def test_an_explanation_adds_up_to_the_number_it_explains(column, scored, ranked, book, make_fact):
    rules = book(RULES)
    period = period_by_key(rules.calendar, "2024-05")
    facts = [
        make_fact(item="A1", on="2024-04-30", units=["甲县", "乙县", "丙县"]),
        make_fact(item="A2", on="2024-05-03"),
        make_fact(item="A2", outlet="province", on="2024-05-05", units=["甲县", "丁局"]),
    ]
    row = ranked(facts, rules, "2024-05")[0]

    story = explain(scored(facts, rules, "2024-05"), rules, "甲县", period, column)

    wanted = getattr(row, column) if hasattr(row, column) else row.measures[column]
    assert story.total == wanted == sum(each.total for each in story.stories)


def test_an_explanation_tells_each_item_and_what_did_not_count(scored, book, make_fact):
    rules = book(RULES)
    facts = [
        make_fact("submitted", item="A1"),
        make_fact(item="A1", on="2024-05-07"),
        make_fact(item="A2", outlet="special"),
    ]

    story = explain(scored(facts, rules), rules, "甲县", period_by_key(rules.calendar, "2024"))

    assert [(each.item, exact(each.total), len(each.entries)) for each in story.stories] == [
        ("A1", "10", 2),
        ("A2", "0", 1),
    ]
    assert story.stories[0].sentences[0] == "报送，规则未规定这种事项的分值，不计分。"


def test_an_unknown_measure_is_told_the_nearest(book):
    with pytest.raises(NotFound, match="是否应为“daily”？"):
        measure_of("dailly", book(RULES))
