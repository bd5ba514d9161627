"""Calendars as data: months, quarters, halves, years, joined months and periods with bounds of their own.

A scoring year may start in any month. Quarters and halves are those of the scoring year. Keys:
`2013-05`, `2013-Q2`, `2013-H1`, `2013`, `2018-01~02`, or the id of an explicit period.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from core.errors import InvalidInput, near

Kind = Literal["month", "joined", "quarter", "half", "year", "explicit"]
Span = Literal["month", "quarter", "half", "year"]

LENGTHS: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
ORDINALS = "一二三四"


@dataclass(frozen=True)
class Period:
    """A span of days that is scored and published together; both ends count."""

    key: str
    kind: Kind
    title: str
    start: date
    end: date
    year_key: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Joined:
    """Neighbouring months published as one; no years means every year."""

    months: tuple[int, ...]
    years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """A period with bounds of its own."""

    key: str
    title: str
    start: date
    end: date


@dataclass(frozen=True)
class Calendar:
    """The scoring year and its periods, as a pack declares them."""

    year_starts: int = 1
    year_named: Literal["start", "end"] = "start"
    publish: Span = "month"
    kinds: tuple[Span, ...] = ("month", "quarter", "half", "year")
    joined: tuple[Joined, ...] = ()
    explicit: tuple[Bounds, ...] = ()


def periods_of(calendar: Calendar, year: int | str, kind: Span | None = None) -> list[Period]:
    """The periods of a scoring year: of one kind, or all of them from short to long."""
    label = int(year)
    kinds = (kind,) if kind else tuple(each for each in LENGTHS if each in calendar.kinds)
    found = [period for each in kinds for period in _series(calendar, label, each)]
    if kind is None:
        own = [_explicit(calendar, bounds) for bounds in calendar.explicit]
        found += [period for period in own if period.year_key == str(label)]
    return found


def period_by_key(calendar: Calendar, key: str) -> Period:
    """The period of a key, or an error naming the nearest one."""
    for bounds in calendar.explicit:
        if bounds.key == key:
            return _explicit(calendar, bounds)
    known = list(_around(calendar, key))
    for period in known:
        if period.key == key:
            return period
    raise InvalidInput(
        f"没有考核周期“{key}”",
        advice=near(key, [period.key for period in known])
        or "请写成 2013-05、2013-Q2、2013-H1 或 2013 的形式",
    )


@lru_cache(maxsize=4096)
def period_containing(calendar: Calendar, day: date, kind: Span = "month") -> Period:
    """The period of a kind a day falls into; a joined period stands in for its months."""
    year = year_of(calendar, day)
    return next(period for period in _series(calendar, int(year.key), kind) if day in period)


def plain_month(calendar: Calendar, day: date) -> Period:
    """The calendar month of a day, even where the office publishes it joined with its neighbour."""
    label = _label(calendar, day)
    return _span(calendar, label, "month", (day.month - calendar.year_starts) % 12)


def year_of(calendar: Calendar, day: date) -> Period:
    """The scoring year a day falls into."""
    return _span(calendar, _label(calendar, day), "year", 0)


def year_of_period(calendar: Calendar, period: Period) -> Period:
    """The scoring year a period belongs to."""
    return _span(calendar, int(period.year_key), "year", 0)


def previous(calendar: Calendar, period: Period) -> Period | None:
    """The period published before this one; none before the first explicit period."""
    if period.kind == "explicit":
        earlier = [bounds for bounds in calendar.explicit if bounds.end < period.start]
        return _explicit(calendar, max(earlier, key=lambda bounds: bounds.end)) if earlier else None
    span: Span = "month" if period.kind == "joined" else period.kind
    return period_containing(calendar, period.start - timedelta(days=1), span)


@lru_cache(maxsize=512)
def _series(calendar: Calendar, label: int, kind: Span) -> tuple[Period, ...]:
    """The periods of one kind in a scoring year, joined months standing in for their parts."""
    plain = [_span(calendar, label, kind, number) for number in range(12 // LENGTHS[kind])]
    if kind != "month":
        return tuple(plain)
    found = []
    for number, period in enumerate(plain):
        joined = _joined_at(calendar, period)
        if joined is None:
            found.append(period)
        elif joined.months[0] == period.start.month:
            found.append(_join(period, plain[number + len(joined.months) - 1]))
    return tuple(found)


def _joined_at(calendar: Calendar, month: Period) -> Joined | None:
    for joined in calendar.joined:
        if month.start.month in joined.months and (not joined.years or int(month.year_key) in joined.years):
            return joined
    return None


def _join(first: Period, last: Period) -> Period:
    same_year = first.start.year == last.start.year
    tail = f"{last.start.month:02d}" if same_year else last.key
    words = f"{last.start.month}月" if same_year else last.title
    title = f"{first.start.year}年{first.start.month}—{words}" if same_year else f"{first.title}—{words}"
    return Period(f"{first.key}~{tail}", "joined", title, first.start, last.end, first.year_key)


@lru_cache(maxsize=1024)
def _span(calendar: Calendar, label: int, kind: Span, number: int) -> Period:
    """The number-th period of a kind in the scoring year named `label`."""
    start = _month_start(calendar, label, number * LENGTHS[kind])
    end = _month_start(calendar, label, (number + 1) * LENGTHS[kind]) - timedelta(days=1)
    names: dict[Span, tuple[str, str]] = {
        "month": (f"{start.year:04d}-{start.month:02d}", f"{start.year}年{start.month}月"),
        "quarter": (f"{label}-Q{number + 1}", f"{label}年第{ORDINALS[number % 4]}季度"),
        "half": (f"{label}-H{number + 1}", f"{label}年{'上下'[number % 2]}半年"),
        "year": (f"{label}", f"{label}年度" if calendar.year_starts > 1 else f"{label}年"),
    }
    key, title = names[kind]
    return Period(key, kind, title, start, end, str(label))


def _month_start(calendar: Calendar, label: int, offset: int) -> date:
    """The first day of the month `offset` months after the scoring year's start."""
    shift = 1 if calendar.year_named == "end" and calendar.year_starts > 1 else 0
    months = (label - shift) * 12 + calendar.year_starts - 1 + offset
    return date(months // 12, months % 12 + 1, 1)


def _label(calendar: Calendar, day: date) -> int:
    """The number naming the scoring year of a day."""
    started = day.year if day.month >= calendar.year_starts else day.year - 1
    return started + (1 if calendar.year_named == "end" and calendar.year_starts > 1 else 0)


def _explicit(calendar: Calendar, bounds: Bounds) -> Period:
    label = str(_label(calendar, bounds.start))
    return Period(bounds.key, "explicit", bounds.title, bounds.start, bounds.end, label)


def _around(calendar: Calendar, key: str) -> Iterator[Period]:
    """Every period a key could mean, judged by the year it starts with."""
    if not key[:4].isascii() or not key[:4].isdigit() or not 1950 <= int(key[:4]) <= 2199:
        return
    for label in range(int(key[:4]) - 1, int(key[:4]) + 2):
        yield from periods_of(replace(calendar, kinds=tuple(LENGTHS)), label)
        yield from (_span(calendar, label, "month", number) for number in range(12))
