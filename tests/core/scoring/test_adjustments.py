"""What became of closed periods after they were closed."""

from datetime import date

import pytest

from core.scoring.engine.booking import Closing
from core.scoring.engine.stages import ledger_of
from core.scoring.results.adjustments import (
    CARRIED,
    CHANGED,
    GONE,
    LATE,
    OFFSET,
    WITHDRAWN,
    adjustments,
    carried,
)
from core.scoring.values.fact import Fact
from core.scoring.values.periods import Calendar, period_by_key
from core.scoring.values.points import show

RULES = """\
awards:
  - {id: daily, title: 采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 5}, basis: 第三条}
  - {id: special, title: 专报, when: {fact: adopted, outlet: special}, points: {2024-01-01: 10}, basis: 第三条}
resolution: [{id: once, title: 同条取高, keep: max, awards: [daily, special], basis: 第四条}]
ranking: {by: [cumulative]}
"""
APRIL = date(2024, 4, 30)


@pytest.fixture
def entries(book, units):
    def run(facts, period="2024-05", closings=(), scoring=RULES):
        rules = book(scoring)
        ledger = ledger_of(facts, rules, units, period_by_key(rules.calendar, period), closings)
        return [entry for entry in ledger.entries() if entry.unit == "甲县"]

    return run


def withdrawal(of, on="2024-05-03"):
    return Fact(f"w{of.id}", "withdrawn", date.fromisoformat(on), reverses=of.id, number=900)


def told(found):
    return [(each.fact, show(each.before), show(each.after), each.kind) for each in found]


def test_nothing_changed_is_nothing_told(entries, make_fact):
    facts = [make_fact(on="2024-04-02")]

    assert adjustments(entries(facts, "2024-04"), entries(facts), APRIL) == []


def test_a_late_fact_and_one_withdrawn_after_closing_are_told(entries, make_fact):
    kept, gone = make_fact(on="2024-04-02"), make_fact(on="2024-04-03")
    late, new = make_fact(on="2024-04-04"), make_fact(on="2024-05-01")

    found = adjustments(
        entries([kept, gone], "2024-04"), entries([kept, gone, late, new, withdrawal(gone)]), APRIL
    )

    assert told(found) == [(gone.id, "5", "0", WITHDRAWN), (late.id, "0", "5", LATE)]
    assert "撤销" in found[0].why and [show(each.change) for each in found] == ["-5", "5"]


def test_a_fact_displaced_by_a_late_one_is_told_too(entries, make_fact):
    first, late = (make_fact(on="2024-04-02", item="a", outlet=outlet) for outlet in ("daily", "special"))

    found = adjustments(entries([first], "2024-04"), entries([first, late]), APRIL)

    assert told(found) == [(first.id, "5", "0", CHANGED), (late.id, "0", "10", LATE)]


def test_what_is_no_longer_there_is_told(entries, make_fact):
    fact = make_fact(on="2024-04-02")

    assert [each.kind for each in adjustments(entries([fact], "2024-04"), [], APRIL)] == [GONE]


def test_late_facts_carried_forward_and_counter_lines_are_found_in_the_period(entries, make_fact):
    gone, late = make_fact(on="2024-04-03"), make_fact(on="2024-04-04")
    facts = [gone, late, make_fact(on="2024-05-06"), withdrawal(gone)]
    closing = Closing(date(2024, 4, 1).toordinal(), APRIL.toordinal(), 1)
    now = entries(facts, closings=[closing], scoring=RULES + "after_close: forward\n")
    may = period_by_key(Calendar(), "2024-05")

    found = carried(now, may, {fact.id: fact.on for fact in facts})

    assert sorted((each.fact, show(each.change), each.kind) for each in found) == [
        (gone.id, "-5", OFFSET), (late.id, "5", CARRIED),
    ]  # fmt: skip
