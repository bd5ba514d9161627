"""What further facts would bring is what they bring once they are there."""

from dataclasses import replace

import pytest

from core.scoring.engine.rows import rows_of
from core.scoring.engine.stages import ledger_of
from core.scoring.results.supposing import supposed
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import show

RULES = """\
awards:
  - {id: daily, title: 采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 5}, basis: 第三条}
  - {id: special, title: 专报, when: {fact: adopted, outlet: special}, points: {2024-01-01: 10}, basis: 第三条}
  - {id: main, title: 主报, when: {fact: sent_up, level: province}, where: "role = 'main'", points: {2024-01-01: 4}, basis: 第三条}
resolution: [{id: once, title: 同条取高, keep: max, awards: [daily, special], basis: 第四条}]
ranking: {by: [cumulative]}
"""


@pytest.fixture
def ask(book, units):
    """The rules, the units by key, the year."""
    rules = book(RULES)
    return rules, {unit.key: unit for unit in units}, period_by_key(rules.calendar, "2024")


def numbered(facts):
    return [replace(fact, id=str(n), number=n) for n, fact in enumerate(facts, start=1)]


def test_a_further_fact_and_what_it_changes(ask, make_fact):
    rules, units, year = ask
    first, more = numbered(
        [make_fact(item="a"), make_fact(item="a", outlet="special", units=["甲县", "乙县"])]
    )

    found = supposed(rows_of([first], units), [more], rules, units, year)

    assert [(e.unit, show(e.amount)) for e in found.entries["2"]] == [("甲县", "5"), ("乙县", "5")]
    assert [(c.after.fact, show(c.before), show(c.after.amount)) for c in found.changes] == [("1", "5", "0")]
    assert (show(found.gained("甲县")), show(found.gained("乙县"))) == ("0", "5")


def test_it_comes_to_the_same_as_scoring_all_together(ask, make_fact):
    rules, units, year = ask
    facts = numbered(
        [
            make_fact(),
            make_fact("submitted"),
            make_fact("sent_up", level="province"),
            make_fact(units=["新来"]),
        ]
    )

    for split in range(len(facts)):
        found = supposed(rows_of(facts[:split], units), facts[split:], rules, units, year)
        together = ledger_of(facts, rules, units.values(), year).entries()
        told = [entry for entries in found.entries.values() for entry in entries]
        assert {(e.fact, e.unit, e.amount, e.sentence) for e in told} == {
            (e.fact, e.unit, e.amount, e.sentence) for e in together if int(e.fact) > split
        }
