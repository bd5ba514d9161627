"""Numbers over ledger entries: what a table column, a total line or a tie-break counts.

Facts that were withdrawn, and credit that moved to a host, are not counted; facts worth nothing are.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from core.errors import NotFound, near
from core.scoring.fact import Entry, Value
from core.scoring.periods import Calendar, Period, year_of_period
from core.scoring.rules import Measure, Rules

NOT_COUNTED = {"reversed", "moved"}


def behind(column: str, entries: Iterable[Entry], rules: Rules, period: Period) -> list[Entry]:
    """The entries a number of a row stands for: `score`, `before`, `cumulative` or a measure's id."""
    listed = list(entries)
    if column in {"score", "before", "cumulative"}:
        start, end = span(column, rules.calendar, period)
        return [entry for entry in listed if start <= entry.day < end]
    measure = measure_of(column, rules)
    start, end = span("score" if measure.over == "period" else "cumulative", rules.calendar, period)
    return [entry for entry in listed if start <= entry.day < end and counts(measure, entry)]


def span(column: str, calendar: Calendar, period: Period) -> tuple[date, date]:
    """First day and the day after the last of what a column adds up."""
    first = min(year_of_period(calendar, period).start, period.start)
    after = date.fromordinal(period.end.toordinal() + 1)
    return {"score": (period.start, after), "before": (first, period.start)}.get(column, (first, after))


def measure_of(name: str, rules: Rules) -> Measure:
    """The measure of a name, or an error naming the nearest one."""
    if name in rules.measures:
        return rules.measures[name]
    raise NotFound(f"没有统计项“{name}”", advice=near(name, rules.measures))


def counts(measure: Measure, entry: Entry) -> bool:
    """Whether an entry belongs to what a measure counts."""
    facets: Mapping[str, Value] = {**entry.attrs, "award": entry.rule, "stage": entry.stage}
    if measure.what != "points" and entry.status in NOT_COUNTED:
        return False
    return measure.condition.holds(entry.kind, facets)


def value_of(column: str, entries: Iterable[Entry], rules: Rules, period: Period) -> int:
    """A number of a row or of a total line: points in grains, items and facts counted once each.

    Given the entries of several units it is the total without double counting: a joint item is one item.
    """
    found = behind(column, entries, rules, period)
    what = rules.measures[column].what if column in rules.measures else "points"
    if what == "points":
        return sum(entry.amount for entry in found)
    if what == "items":
        return len({entry.item or f"fact:{entry.fact}" for entry in found})
    return len({entry.fact for entry in found})
