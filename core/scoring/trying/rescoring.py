"""A scored period under another rule book: the same facts and units, other rules. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.scoring.engine.booking import Closing
from core.scoring.results.frozen import Result
from core.scoring.results.outcome import Outcome, outcome_of
from core.scoring.rules.fact_reading import people
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Fact, Row, UnitInfo
from core.scoring.values.periods import LENGTHS, Period, periods_of, year_of


def rescored(base: Result, old: Rules, new: Rules, ref: str, previous: Iterable[Row] = ()) -> Result:
    """What a result would be under `new` rules; `previous` are rows of the period before, placed by the `old` ones."""
    units = regrouped(base.units, old, new)
    period = period_under(new, base.period)
    closings = [Closing(*each) for each in base.closings]
    authors = people(base.facts, {unit.key: unit for unit in units})
    found = outcome_of(base.facts, new, units, period, authors, closings)
    groups = {unit.key: unit.group for unit in units}
    earlier = [replace(row, group=groups.get(row.unit, row.group)) for row in previous]
    return _whole(replace(found, previous=earlier), ref, base.facts, base.closings)


def regrouped(units: Iterable[UnitInfo], old: Rules, new: Rules) -> list[UnitInfo]:
    """Units in the groups of other rules: the group of the same title, else of the same id."""
    ids = {group.title: group.id for group in new.groups.values()}
    titles = {group.id: group.title for group in old.groups.values()}
    return [replace(unit, group=ids.get(titles.get(unit.group, unit.group), unit.group)) for unit in units]


def period_under(rules: Rules, period: Period) -> Period:
    """The same days as another calendar names them; kept as they are, in its scoring year, when it has no such period."""
    year = year_of(rules.calendar, period.start).key
    kinds = replace(rules.calendar, kinds=tuple(LENGTHS))
    same = [each for each in periods_of(kinds, year) if (each.start, each.end) == (period.start, period.end)]
    named = next((each for each in same if each.key == period.key), None)
    return named or (same[0] if same else replace(period, year_key=year))


def knows_period(rules: Rules, period: Period) -> bool:
    """Whether these rules score just these days as one period."""
    year = year_of(rules.calendar, period.start).key
    return any((p.start, p.end) == (period.start, period.end) for p in periods_of(rules.calendar, year))


def _whole(
    outcome: Outcome, ref: str, facts: Sequence[Fact], closings: Sequence[tuple[int, int, int]]
) -> Result:
    persons = outcome.persons
    return Result(
        outcome.period, ref, facts, outcome.units, outcome.ledger.entries(), outcome.standing.rows, False,
        persons[1].rows if persons else (), outcome.prizes, outcome.lists, closings,
    )  # fmt: skip
