"""Which days are worked, and the n-th working day after a day. Pure: an office's own changes are passed in.

Statutory holidays and the weekends worked instead come from a table that is published with the yearly notice of the
State Council's office; for a year not yet in it, Monday to Friday are worked until somebody enters the arrangement,
but for the festivals whose day is fixed by law (《全国年节及纪念日放假办法》).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from chinese_calendar.constants import holidays, workdays

# The table's own English names of festivals, as people here call them.
FESTIVALS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip
_KNOWN_YEARS = frozenset(day.year for day in holidays)
_LAST_KNOWN = max(_KNOWN_YEARS)
# New Year's Day, Labour Day, National Day; the others follow the moon or are moved from year to year.
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_ONE = timedelta(days=1)
# No due date lies further away; a table that says nobody ever works must not be walked for ever.
MOST_DAYS = 4000


@dataclass(frozen=True)
class Special:
    """A day that is not what its weekday says, or that somebody has entered: worked or not, and why."""

    day: date
    working: bool
    title: str
    own: bool = False


@dataclass(frozen=True)
class Workdays:
    """The working days of an office. `changes` are days the office has entered itself; they go before the table."""

    changes: Mapping[date, Special] = field(default_factory=lambda: MappingProxyType({}))

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        if day in self.changes:
            return self.changes[day].working
        if day in holidays or (day.year > _LAST_KNOWN and (day.month, day.day) in _FIXED):
            return False
        return day in workdays or day.weekday() < 5

    def after(self, day: date, number: int) -> date:
        """The `number`-th working day after a day; the day itself does not count (自次日起算)."""
        found = day
        for _ in range(MOST_DAYS):
            if number <= 0:
                return found
            found += _ONE
            number -= self.is_working(found)
        return found

    def on_or_after(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is."""
        return day if self.is_working(day) else self.after(day, 1)

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`; negative when `last` comes before."""
        if last < first:
            return -self.between(last, first)
        days = min((last - first).days, MOST_DAYS)
        return sum(self.is_working(first + _ONE * n) for n in range(1, days + 1))

    def is_known(self, year: int) -> bool:
        """Whether the arrangement of a year is there; otherwise Monday to Friday are taken, but for fixed festivals."""
        return year in _KNOWN_YEARS or any(day.year == year for day in self.changes)

    def specials(self, year: int) -> list[Special]:
        """Every day of a year that the table or the office speaks of, in order; the office's word stands."""
        found = {special.day: special for special in _table(year)}
        found |= {day: special for day, special in self.changes.items() if day.year == year}
        return [found[day] for day in sorted(found)]


def _table(year: int) -> Iterator[Special]:
    for day, name in holidays.items():
        if day.year == year:
            yield Special(day, False, FESTIVALS.get(name, "放假"))
    for day, name in workdays.items():
        if day.year == year:
            yield Special(day, True, f"{FESTIVALS.get(name, '')}调休上班")
