"""What time it is: instants in UTC, office days in Beijing time; a test or a demo may set the clock.

China has kept one time zone without daylight saving since 1991, so a fixed offset is exact for every
date this system handles and needs no time-zone database on the machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The current day in the office's calendar."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """An instant as the office's wall clock shows it."""
    return moment.astimezone(BEIJING)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of a wall-clock time on an office day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


def written(day: date) -> str:
    """2026年3月1日: a day as documents write it, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Within the block the clock stands at this instant."""
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
