"""A rehearsal (试算): a period as scored, beside the same period under another version of the rules. Pure.

    found = compared(before, after)      # two Sides; found.summary() is what somebody reads first

Units, entries by fact and unit, tasks, prizes, lists and personal scores; only what differs is kept. Things are matched
by their Chinese titles, for ids may change from version to version while the paper they print does not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from core import clock
from core.scoring.results.frozen import Result
from core.scoring.rules.rule_book import Rules
from core.scoring.values import points
from core.scoring.values.fact import STATUS_TITLES, Entry, Grains, Row

NOBODY = "无"


@dataclass(frozen=True)
class Side:
    """A period under one version: the result, and the rules that gave it."""

    result: Result
    rules: Rules

    def show(self, grains: Grains) -> str:
        """Points as this version prints them."""
        return points.show(grains, self.rules.printing)

    def group(self, key: str) -> str:
        """The title of a group."""
        return self.rules.groups[key].title if key in self.rules.groups else key


@dataclass(frozen=True)
class Place:
    """A unit's (or person's) line in one version, as texts; `components` by title."""

    group: str
    place: int
    tied: bool
    score: str
    cumulative: str
    components: Mapping[str, str] = field(default_factory=dict)

    @property
    def place_text(self) -> str:
        """The place as people say it."""
        return f"第{self.place}名" + ("（并列）" if self.tied else "")


@dataclass(frozen=True)
class UnitChange:
    """What a unit gets in each version. None: it is in no ranking there."""

    unit: str
    name: str
    old: Place | None
    new: Place | None

    @property
    def gained(self) -> int:
        """Places gained by the new version; negative when lost. Only inside one and the same group."""
        if not self.old or not self.new or self.old.group != self.new.group:
            return 0
        return self.old.place - self.new.place

    @property
    def movement(self) -> str:
        """The same in words."""
        if not self.old or not self.new:
            return "不再参加排名" if self.old else "新参加排名"
        if self.old.group != self.new.group:
            return f"由“{self.old.group}”改入“{self.new.group}”"
        return f"升{self.gained}" if self.gained > 0 else f"降{-self.gained}" if self.gained else "平"

    @property
    def moved(self) -> bool:
        """Whether its place is another one."""
        return self.movement != "平"

    @property
    def components(self) -> list[tuple[str, str, str]]:
        """The components that differ: title and both values."""
        old = self.old.components if self.old else {}
        new = self.new.components if self.new else {}
        return [
            (title, old.get(title, NOBODY), new.get(title, NOBODY))
            for title in dict.fromkeys([*old, *new])
            if old.get(title) != new.get(title)
        ]


@dataclass(frozen=True)
class EntryChange:
    """What one fact gives one unit in each version: the amounts, and the sentences that say why."""

    fact: str
    title: str
    unit: str
    name: str
    day: str
    old: str
    new: str
    why_old: tuple[str, ...]
    why_new: tuple[str, ...]
    inside: bool
    of_points: bool

    @property
    def day_text(self) -> str:
        """The days as people write them."""
        days = (date.fromisoformat(day) for day in self.day.split(" → "))
        return " → ".join(map(clock.written, days))


@dataclass(frozen=True)
class TaskChange:
    """A task of a unit in each version, in words."""

    unit: str
    name: str
    title: str
    old: str
    new: str


@dataclass(frozen=True)
class ChoiceChange:
    """A prize or a list: who stands in it in each version, and the reasons that bar somebody."""

    title: str
    kind: str
    old: tuple[str, ...] | None
    new: tuple[str, ...] | None
    barred_old: tuple[str, ...] = ()
    barred_new: tuple[str, ...] = ()

    @property
    def came(self) -> list[str]:
        return [name for name in self.new or () if name not in (self.old or ())]

    @property
    def went(self) -> list[str]:
        return [name for name in self.old or () if name not in (self.new or ())]

    @property
    def only_order(self) -> bool:
        """Whether the same names stand there in another order."""
        return self.old is not None and self.new is not None and not self.came and not self.went

    @property
    def only_reasons(self) -> bool:
        """Whether only the reasons that bar somebody are others."""
        return self.only_order and self.old == self.new


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, and all units for whoever wants the whole ranking."""

    old: Side
    new: Side
    units: Sequence[UnitChange]
    persons: Sequence[UnitChange]
    entries: Sequence[EntryChange]
    tasks: Sequence[TaskChange]
    choices: Sequence[ChoiceChange]

    @cached_property
    def moved(self) -> list[UnitChange]:
        """Units with another place, those that gain or lose most first."""
        return sorted((u for u in self.units if u.moved), key=lambda u: -abs(u.gained))

    @cached_property
    def scored_otherwise(self) -> list[UnitChange]:
        """Units with other points in the period or the year to date."""
        return [u for u in self.units if _numbers(u.old) != _numbers(u.new)]

    @cached_property
    def rewarded_otherwise(self) -> list[EntryChange]:
        """Entries that give other points or another day; the others only say so in other words."""
        return [entry for entry in self.entries if entry.of_points]

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        changed = [u for u in self.units if u.moved or u.components or u in self.scored_otherwise]
        return not (changed or self.entries or self.tasks or self.choices or _changed(self.persons))

    def summary(self) -> list[str]:
        """What somebody reads first, in a few sentences."""
        if self.same:
            return ["两个版本的得分、名次、任务和评选完全一致。"]
        told = [
            f"{len(self.units)} 个单位参加排名，{_many(self.scored_otherwise, '得分')}，{_many(self.moved, '名次')}。"
        ]
        told += _extremes(self.moved)
        others = len(self.entries) - len(self.rewarded_otherwise)
        told.append(
            f"台账中 {len(self.rewarded_otherwise)} 条得分有变"
            + (f"，另有 {others} 条得分相同、说明不同。" if others else "。")
        )
        parts = (
            (self.tasks, "项任务"),
            (self.choices, "项评选和名单"),
            (_changed(self.persons), "人的个人得分"),
        )
        told += [f"{len(found)} {what}有变。" for found, what in parts if found]
        return told

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "period": {"key": self.old.result.period.key, "title": self.old.result.period.title},
            "old": self.old.result.pack_ref,
            "new": self.new.result.pack_ref,
            "same": self.same,
            "summary": self.summary(),
            "units": [_unit_dict(u) for u in self.units],
            "persons": [_unit_dict(u) for u in _changed(self.persons)],
            "entries": [vars(e) for e in self.entries],
            "tasks": [vars(t) for t in self.tasks],
            "choices": [vars(c) for c in self.choices],
        }


def compared(old: Side, new: Side) -> Comparison:
    """Two versions of a period side by side."""
    return Comparison(
        old, new, list(_places(old, new, old.result.rows, new.result.rows)),
        list(_places(old, new, old.result.persons, new.result.persons)),
        _entries(old, new), _tasks(old, new), [*_prizes(old, new), *_lists(old, new)],
    )  # fmt: skip


# ---- units ----------------------------------------------------------------------------------------------------------


def _places(old: Side, new: Side, before: Iterable[Row], after: Iterable[Row]) -> Iterable[UnitChange]:
    first = {row.unit: row for row in before}
    second = {row.unit: row for row in after}
    for key in dict.fromkeys([*second, *first]):
        a, b = first.get(key), second.get(key)
        named = b or a
        yield UnitChange(
            key, named.name if named else key, _place(a, old) if a else None, _place(b, new) if b else None
        )


def _place(row: Row, side: Side) -> Place:
    rules = side.rules
    parts = {
        rules.components[name].title: side.show(value)
        for name, value in row.components.items()
        if value is not None and name in rules.components
    }
    return Place(
        side.group(row.group),
        row.place,
        row.tied,
        side.show(row.score),
        side.show(row.cumulative),
        parts,
    )


def _numbers(place: Place | None) -> tuple[str, str] | None:
    return (place.score, place.cumulative) if place else None


def _changed(changes: Iterable[UnitChange]) -> list[UnitChange]:
    return [each for each in changes if each.moved or _numbers(each.old) != _numbers(each.new)]


# ---- entries --------------------------------------------------------------------------------------------------------


def _by_fact(result: Result) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in result.entries:
        if entry.kind != "task":
            found.setdefault((entry.fact, entry.unit), []).append(entry)
    return found


def _entries(old: Side, new: Side) -> list[EntryChange]:
    before, after = _by_fact(old.result), _by_fact(new.result)
    names = _names(old) | _names(new)
    found = []
    for key in dict.fromkeys([*before, *after]):
        a, b = before.get(key, []), after.get(key, [])
        if _signature(a) == _signature(b) and _whys(a) == _whys(b):
            continue
        told = (a or b)[0]
        inside = any(e.day in old.result.period for e in a) or any(e.day in new.result.period for e in b)
        days = dict.fromkeys(e.day.isoformat() for e in (*a, *b))
        found.append(
            EntryChange(
                told.fact,
                told.title,
                told.unit,
                names.get(told.unit, told.unit),
                " → ".join(days),
                _sum(a, old),
                _sum(b, new),
                _whys(a),
                _whys(b),
                inside,
                _signature(a) != _signature(b),
            )  # fmt: skip
        )
    return sorted(found, key=lambda e: (not e.of_points, not e.inside))


def _signature(entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """What makes entries the same for a unit: what counts on which day; a line of nothing counts nothing."""
    return sorted((e.day, e.amount) for e in entries if e.amount)


def _whys(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(e.sentence or STATUS_TITLES[e.status] for e in entries)


def _sum(entries: Sequence[Entry], side: Side) -> str:
    return side.show(sum(e.amount for e in entries)) if entries else NOBODY


def _names(side: Side) -> dict[str, str]:
    return {unit.key: unit.name for unit in side.result.units}


# ---- tasks, prizes, lists -------------------------------------------------------------------------------------------


def _tasks(old: Side, new: Side) -> list[TaskChange]:
    names = _names(old) | _names(new)

    def told(side: Side) -> dict[tuple[str, str], str]:
        found = [e for e in side.result.entries if e.kind == "task"]
        return {(e.unit, e.title): f"{e.sentence}" for e in found}

    before, after = told(old), told(new)
    return [
        TaskChange(unit, names.get(unit, unit), title, before.get((unit, title), NOBODY), after.get((unit, title), NOBODY))
        for unit, title in dict.fromkeys([*before, *after])
        if before.get((unit, title)) != after.get((unit, title))
    ]  # fmt: skip


def _prizes(old: Side, new: Side) -> list[ChoiceChange]:
    before = {prize.title: prize for prize in old.result.prizes}
    after = {prize.title: prize for prize in new.result.prizes}
    name = _namer(old, new)
    found = []
    for title in dict.fromkeys([*before, *after]):
        a, b = before.get(title), after.get(title)
        change = ChoiceChange(
            title, "奖项",
            tuple(map(name, a.winners)) if a else None, tuple(map(name, b.winners)) if b else None,
            _barred(a.barred, name) if a else (), _barred(b.barred, name) if b else (),
        )  # fmt: skip
        if (change.old, change.barred_old) != (change.new, change.barred_new):
            found.append(change)
    return found


def _barred(barred: Mapping[str, Sequence[str]], name: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(f"{name(key)}：{'、'.join(reasons)}" for key, reasons in barred.items())


def _lists(old: Side, new: Side) -> list[ChoiceChange]:
    name = _namer(old, new)

    def told(side: Side) -> dict[str, tuple[str, ...]]:
        titles = {each.id: each.title for each in side.rules.lists}
        return {titles.get(key, key): tuple(map(name, keys)) for key, keys in side.result.lists.items()}

    before, after = told(old), told(new)
    return [
        ChoiceChange(title, "名单", before.get(title), after.get(title))
        for title in dict.fromkeys([*before, *after])
        if before.get(title) != after.get(title)
    ]


def _namer(old: Side, new: Side) -> Callable[[str], str]:
    """How units, items and persons are called."""
    names = {e.item: e.title for side in (old, new) for e in side.result.entries if e.item and e.title}
    names |= {row.unit: row.name for side in (old, new) for row in side.result.persons}
    names |= _names(old) | _names(new)
    return lambda key: names.get(key, key)


# ---- words ----------------------------------------------------------------------------------------------------------


def _many(found: Sequence[Any], what: str) -> str:
    return f"{len(found)} 个{what}有变" if found else f"{what}都没有变"


def _extremes(moved: Sequence[UnitChange]) -> list[str]:
    """Who gains and who loses most."""
    told = []
    for word, best in (("上升", max), ("下降", min)):
        far = best((u.gained for u in moved), default=0)
        if (far > 0) == (word == "上升") and far:
            first = [u for u in moved if u.gained == far]
            who = "、".join(f"{u.name}（{_way(u)}）" for u in first[:3]) + (
                f"等 {len(first)} 个单位" if len(first) > 3 else ""
            )
            told.append(f"{word}最多的是{who}，{word} {abs(far)} 名。")
    others = [u for u in moved if not u.gained]
    if others:
        told.append(f"另有 {len(others)} 个单位的分组或是否参加排名有变化。")
    return told


def _way(unit: UnitChange) -> str:
    return f"第 {unit.old.place} 名→第 {unit.new.place} 名" if unit.old and unit.new else ""


def _unit_dict(unit: UnitChange) -> dict[str, Any]:
    def told(place: Place | None) -> dict[str, Any] | None:
        return {**vars(place), "components": dict(place.components)} if place else None

    return {
        "unit": unit.unit, "name": unit.name, "gained": unit.gained, "movement": unit.movement,
        "old": told(unit.old), "new": told(unit.new),
    }  # fmt: skip
