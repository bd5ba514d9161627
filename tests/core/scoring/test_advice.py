"""What would move a unit forward: the next place, single events that suffice, tasks still open."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.scoring.engine.rows import rows_of
from core.scoring.engine.stages import ledger_of
from core.scoring.results import advice
from core.scoring.results.ranking import rank_ledger
from core.scoring.results.supposing import supposed
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import parse, show

RULES = """\
awards:
  - {id: daily, title: 《每日要情》采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 5}, basis: 第三条}
  - {id: lead, title: 要闻栏采用, when: {fact: adopted, outlet: daily-lead}, points: {2024-01-01: 8}, basis: 第三条}
  - {id: special, title: 《专报信息》采用, when: {fact: adopted, outlet: special}, points: {2024-01-01: 10}, basis: 第三条}
  - {id: province, title: 省级采用, when: {fact: adopted, level: province}, points: {2024-01-01: 30}, basis: 第四条}
  - {id: up, title: 上报省级, when: {fact: sent_up, level: province}, points: {2024-01-01: 2}, basis: 第四条}
  - {id: manual, title: 酌情加分, when: {fact: manual}, points: {2024-01-01: {from: points, min: -5, max: 50}}, basis: 第五条}
  - {id: later, title: 以后的加分, when: {fact: urgent, state: on_time}, points: {2025-01-01: 100}, basis: 第五条}
caps:
  - {id: cap, title: 本级采用, awards: [daily, lead, special], period: month, max: {2024-01-01: 20}, basis: 第六条}
quotas:
  - {id: month, title: 每月任务, done: sent, need: {2024-01-01: 2}, period: month, points: "if(met, 3, 0)", basis: 第七条}
  - {id: quarter, title: 季度任务, done: sent, need: {2024-01-01: 5}, period: quarter, basis: 第七条}
measures:
  - {id: sent, title: 报送条数, count: items, where: {fact: submitted}}
ranking: {by: [cumulative], ties: competition}
"""
MAY = date(2024, 5, 6)


@pytest.fixture
def ranked(book, units):
    """A period ranked, with its ledger."""

    def run(facts, scoring=RULES, period="2024-05"):
        rules = book(scoring)
        ledger = ledger_of(facts, rules, units, period_by_key(rules.calendar, period))
        return rules, ledger, rank_ledger(ledger, units)

    return run


def gap_of(unit, rules, standing, units):
    row = next(row for row in standing.rows if row.unit == unit)
    return advice.next_place(row, standing.rows, rules, units)


def test_the_first_has_no_place_to_gain_and_the_next_is_told_what_is_missing(ranked, make_fact, units):
    facts = [make_fact(units=["甲县"], outlet="special"), make_fact(units=["乙县"], outlet="daily")]
    rules, _, standing = ranked(facts)

    gap = gap_of("乙县", rules, standing, units)

    assert gap_of("甲县", rules, standing, units) is None
    assert (gap.place, gap.name, gap.title, gap.missing) == (1, "甲县", "累计得分", parse(5))
    assert gap.closed_by(parse(5)) and not gap.closed_by(parse(4))


def test_the_nearest_place_is_meant_not_the_first(ranked, make_fact, units):
    facts = [make_fact(units=["甲县"], outlet="special"), make_fact(units=["乙县"], outlet="daily")]
    rules, _, standing = ranked(facts)

    assert gap_of("丙县", rules, standing, units).name == "乙县"


def test_equal_first_keys_are_told_apart_by_the_next_key(ranked, make_fact, units):
    scoring = RULES.replace("by: [cumulative]", "by: [cumulative, sent]")
    facts = [make_fact("submitted", ["甲县"]), make_fact(units=["乙县"]), make_fact(units=["甲县"])]
    rules, _, standing = ranked(facts, scoring)

    gap = gap_of("乙县", rules, standing, units)

    assert (gap.title, gap.missing, gap.is_amount) == ("报送条数", 1, False)
    assert advice.sufficient(gap, advice.events(rules, units[1], MAY), lambda event: event.worth) is None


def test_smallest_first_is_read_the_other_way_round(ranked, make_fact, units):
    scoring = RULES.replace("by: [cumulative]", "by: [-cumulative]")
    rules, _, standing = ranked([make_fact(units=["甲县"])], scoring)

    assert gap_of("甲县", rules, standing, units).missing == parse(5)


def test_events_are_those_a_unit_can_bring_about_cheapest_first(book, units):
    found = advice.events(book(RULES), units[0], MAY)

    assert [(event.award.id, show(event.worth)) for event in found] == [
        ("up", "2"), ("daily", "5"), ("lead", "8"), ("special", "10"), ("province", "30"),
    ]  # fmt: skip


def test_the_smallest_event_that_gains_the_place_is_named(ranked, make_fact, units):
    facts = [make_fact(units=["甲县"], outlet="lead"), make_fact(units=["甲县"], outlet="daily")]
    rules, _, standing = ranked([replace(facts[0], attrs={"outlet": "daily-lead"}), facts[1]])
    gap = gap_of("乙县", rules, standing, units)

    found = advice.sufficient(gap, advice.events(rules, units[1], MAY), lambda event: event.worth)

    assert show(gap.missing) == "13" and found.award.id == "province"


def test_an_event_that_a_cap_eats_does_not_suffice(ranked, make_fact, units):
    facts = [
        make_fact("manual", ["甲县"], points=25),
        *(make_fact(units=["乙县"], outlet="special") for _ in "12"),
    ]
    rules, ledger, standing = ranked(facts)
    gap = gap_of("乙县", rules, standing, units)

    def gained(event):
        fact = event.fact(100, "乙县", MAY)
        known = {unit.key: unit for unit in units}
        return supposed(rows_of(facts, known), [fact], rules, known, ledger.period).gained("乙县")

    assert show(gap.missing) == "5"
    assert advice.sufficient(gap, advice.events(rules, units[1], MAY), lambda e: e.worth).award.id == "daily"
    assert advice.sufficient(gap, advice.events(rules, units[1], MAY), gained) is None


def test_open_tasks_count_what_is_done_and_say_what_meeting_them_gives(ranked, make_fact, units):
    _, _, standing = ranked(
        [make_fact("submitted", ["甲县"]), make_fact("submitted", ["甲县"], on="2024-04-02")]
    )

    month, quarter = advice.open_tasks(units[0], standing.figures, MAY)

    assert (month.title, month.done, month.missing, show(month.worth)) == ("每月任务", 1, Fraction(1), "3")
    assert (quarter.done, quarter.missing, quarter.period.end) == (2, 3, date(2024, 6, 30))


def test_a_unit_outside_every_competing_group_has_no_tasks(ranked, units):
    _, _, standing = ranked([])

    assert advice.open_tasks(next(u for u in units if u.key == "信息科"), standing.figures, MAY) == []
