"""What became of closed periods after they were closed: facts registered late, withdrawn, or valued otherwise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.scoring.values.fact import Entry, Grains
from core.scoring.values.periods import Period

LATE, WITHDRAWN, CHANGED, GONE = "结账后登记", "结账后撤销", "结账后重新计算", "结账后不再计入"
CARRIED, OFFSET = "补计以前的事项", "冲正以前的事项"


@dataclass(frozen=True)
class Adjustment:
    """A fact whose points differ from those in the closed result: what a unit had for it, what it has, and why."""

    fact: str
    title: str
    day: date
    before: Grains
    after: Grains
    kind: str
    why: str

    @property
    def change(self) -> Grains:
        """What it adds to the total, or takes from it."""
        return self.after - self.before


def adjustments(closed: Iterable[Entry], now: Iterable[Entry], until: date) -> list[Adjustment]:
    """One unit's entries as they were closed and as they are now, compared fact by fact up to a day."""
    before, after = _by_fact(closed, until), _by_fact(now, until)
    found = []
    for fact in {**before, **after}:
        old, new = before.get(fact, []), after.get(fact, [])
        one, other = _sum(old), _sum(new)
        if one != other:
            told = _telling(new or old)
            found.append(
                Adjustment(
                    fact, told.title or told.rule_title, told.day, one, other, _kind(old, new), told.sentence
                )
            )
    return sorted(found, key=lambda each: (each.day, each.fact))


def carried(entries: Iterable[Entry], period: Period, happened: Mapping[str, date]) -> list[Adjustment]:
    """Entries of a period for facts that happened before it: late ones booked here, and counter-lines."""
    found = []
    for entry in entries:
        if entry.day not in period or not entry.amount:
            continue
        day = happened.get(entry.fact, entry.day)
        if entry.status == "offset" or day < period.start:
            kind = OFFSET if entry.status == "offset" else CARRIED
            title = entry.title or entry.rule_title
            found.append(Adjustment(entry.fact, title, day, 0, entry.amount, kind, entry.sentence))
    return found


def _by_fact(entries: Iterable[Entry], until: date) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.day <= until:
            found.setdefault(entry.fact, []).append(entry)
    return found


def _sum(entries: Iterable[Entry]) -> Grains:
    return sum((entry.amount for entry in entries), start=0)


def _telling(entries: Sequence[Entry]) -> Entry:
    """The entry whose sentence says most: one that counts, else the first."""
    return next((entry for entry in entries if entry.amount), entries[0])


def _kind(old: Sequence[Entry], new: Sequence[Entry]) -> str:
    if not old:
        return LATE
    if not new:
        return GONE
    return WITHDRAWN if all(entry.status == "reversed" for entry in new) else CHANGED
