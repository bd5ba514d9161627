"""Numbers over ledger entries: what a table column, a total line or an explanation stands for.

Facts that were withdrawn, and credit that moved to a host, are not counted; facts worth nothing are.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np

from core.errors import NotFound, near
from core.scoring.engine.book import of_entries
from core.scoring.engine.figures import TOTALS, Spans
from core.scoring.rules.rule_book import Measure, Rules
from core.scoring.values.fact import Entry, Grains
from core.scoring.values.periods import Calendar, Period


def behind(column: str, entries: Iterable[Entry], rules: Rules, period: Period) -> list[Entry]:
    """The entries a number of a row stands for: `score`, `before`, `cumulative` or a measure's id."""
    listed = list(entries)
    spans = Spans.of(rules.calendar, period)
    if column in TOTALS:
        days = spans.named(column)
        return [entry for entry in listed if days[0] <= entry.day.toordinal() <= days[1]]
    measure = measure_of(column, rules)
    found = spans.of_measure(measure, spans.period)
    if found is None:
        return []
    mask = of_entries(listed).mask(measure)
    return [
        e
        for e, holds in zip(listed, mask, strict=True)
        if holds and found[0] <= e.day.toordinal() <= found[1]
    ]


def span(column: str, calendar: Calendar, period: Period) -> tuple[date, date]:
    """First day and the day after the last of what a total adds up."""
    first, last = Spans.of(calendar, period).named(column)
    return date.fromordinal(first), date.fromordinal(last + 1)


def measure_of(name: str, rules: Rules) -> Measure:
    """The measure of a name, or an error naming the nearest one."""
    if name in rules.measures:
        return rules.measures[name]
    raise NotFound(f"没有统计项“{name}”", advice=near(name, rules.measures))


def value_of(column: str, entries: Iterable[Entry], rules: Rules, period: Period) -> Grains:
    """A number over entries: amounts in grains, items and facts counted once each.

    Given the entries of several units it is the total without double counting: a joint item is one item.
    """
    listed = list(entries)
    if column in TOTALS:
        return sum((entry.amount for entry in behind(column, listed, rules, period)), start=0)
    measure = measure_of(column, rules)
    spans = Spans.of(rules.calendar, period)
    days = spans.of_measure(measure, spans.period)
    if days is None:
        return 0
    value = of_entries(listed).total(measure, *days)
    return value if not isinstance(value, np.integer) else int(value)
