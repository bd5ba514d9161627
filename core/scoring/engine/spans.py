"""Periods of many days at once: which calendar period a column of days lies in."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from core.scoring.engine.facets import Column
from core.scoring.values.periods import Calendar, Period, Span, period_containing, plain_month, year_of


def buckets(calendar: Calendar, days: Column, span: Span) -> Column:
    """A number for each day's period of a kind: the first day of that period. A month is the calendar month."""
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    low, high = int(days.min()), int(days.max())
    starts = np.array(_starts(calendar, span, low, high), dtype=np.int64)
    return starts[np.searchsorted(starts, days, "right") - 1]


@lru_cache(maxsize=512)
def _starts(calendar: Calendar, span: Span, low: int, high: int) -> tuple[int, ...]:
    """First days of the periods from one day to another."""
    found = []
    day = date.fromordinal(low)
    while day.toordinal() <= high:
        period = bucket_of(calendar, day, span)
        found.append(period.start.toordinal())
        day = period.end + timedelta(days=1)
    return tuple(found)


def bucket_of(calendar: Calendar, day: date, span: Span) -> Period:
    """The period of a kind that a day lies in; a month is the calendar month, even where two are published together."""
    if span == "month":
        return plain_month(calendar, day)
    return year_of(calendar, day) if span == "year" else period_containing(calendar, day, span)
