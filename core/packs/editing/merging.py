"""Carry local changes over to a new version: a three-way merge by key, conflicts named, comments kept. Pure.

`base` is the delivered version the local one came from, `ours` the local one, `theirs` the new delivered one. What
only one side changed is taken from it; what both changed differently is a conflict with a choice. The new version's
files are the ground, so its comments stay; a file it did not change is taken whole from the local version.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from core.errors import InvalidInput, PackError
from core.packs.content.fields import DAY
from core.packs.content.format import MANIFEST
from core.packs.editing.next_version import CHANGELOG, joined
from core.packs.editing.round_trip import (
    lead_of,
    mark_of,
    name_of,
    opened,
    place_after,
    plain,
    put,
    scalar,
    take_out,
    written,
)
from core.strict_yaml.loader import load

OURS, THEIRS, TEXT = "ours", "theirs", "text"
# These lines of the manifest belong to the version that is being made.
STAMPED = ("version", "derived_from", "id")
LONGEST = 100_000


class Absent:
    """No value on this side."""

    def __repr__(self) -> str:
        return "无"


ABSENT = Absent()


@dataclass(frozen=True)
class Choice:
    """What somebody decided about a conflict: keep ours, take theirs, or another text."""

    take: str
    text: str = ""


@dataclass(frozen=True)
class Conflict:
    """A place both sides changed differently. `fillable`: another single value, or another text, may be written."""

    file: str
    path: tuple[str, ...]
    base: Any
    ours: Any
    theirs: Any
    fillable: bool
    choice: Choice | None = None

    @property
    def name(self) -> str:
        """What the conflict is called in forms and on the command line."""
        return "/".join((self.file, *self.path))


@dataclass
class Merged:
    """The merged files, every conflict with what was chosen, and places where both sides added dates."""

    files: dict[str, bytes] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    both_dated: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def open(self) -> list[Conflict]:
        """The conflicts nobody has decided yet; the files hold the new version's value there."""
        return [conflict for conflict in self.conflicts if conflict.choice is None]


Files = Mapping[str, bytes]


def merge(base: Files, ours: Files, theirs: Files, choices: Mapping[str, Choice] | None = None) -> Merged:
    """Merge three versions of a pack's files."""
    merged = Merged()
    for name in sorted({*base, *ours, *theirs}):
        sides = _Sides(base.get(name), ours.get(name), theirs.get(name))
        content = _file(name, sides, merged, choices or {})
        if content is not None:
            merged.files[name] = content
    return merged


@dataclass(frozen=True)
class _Sides:
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


def _file(name: str, sides: _Sides, merged: Merged, choices: Mapping[str, Choice]) -> bytes | None:
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if ours in (theirs, base):
        return theirs
    if theirs == base:
        return ours
    if name == CHANGELOG and ours and theirs:
        return joined(ours.decode("utf-8-sig"), theirs.decode("utf-8-sig")).encode()
    if name.endswith(".yaml") and ours and theirs:
        tree = opened(theirs)
        trees = opened(base) if base else ABSENT, opened(ours)
        _Merge(name, merged, choices).tree(*trees, tree)
        return written(tree, theirs)
    return _whole(name, sides, merged, choices)


def _whole(name: str, sides: _Sides, merged: Merged, choices: Mapping[str, Choice]) -> bytes | None:
    """A file that is not merged line by line."""
    before, here, there = (
        ABSENT if raw is None else raw.decode("utf-8-sig") for raw in (sides.base, sides.ours, sides.theirs)
    )
    choice = choices.get(name)
    merged.conflicts.append(Conflict(name, (), before, here, there, fillable=True, choice=choice))
    if choice and choice.take == TEXT:
        if len(choice.text) > LONGEST:
            raise InvalidInput("文字太长", where=name)
        return choice.text.replace("\r\n", "\n").encode()
    return sides.ours if choice and choice.take == OURS else sides.theirs


class _Merge:
    """Merges trees of one file into the new version's."""

    def __init__(self, file: str, merged: Merged, choices: Mapping[str, Choice]):
        self.file, self.merged, self.choices = file, merged, choices

    def tree(self, base: Any, ours: Any, theirs: Any) -> None:
        """The whole file."""
        root = {"": theirs}
        self.entry(root, "", (), base, ours, theirs)

    def entry(self, parent: Any, key: Any, path: tuple[str, ...], base: Any, ours: Any, theirs: Any) -> None:
        """One value, in its place in the new version's tree."""
        b, o, t = bare(base), bare(ours), bare(theirs)
        if o in (t, b):
            return
        if t == b:
            self.take(parent, key, ours)
        elif isinstance(ours, dict) and isinstance(theirs, dict):
            self.mapping(base if isinstance(base, dict) else {}, ours, theirs, path)
        elif isinstance(ours, list) and isinstance(theirs, list) and (mark := self.mark(base, ours, theirs)):
            self.listed(base if isinstance(base, list) else [], ours, theirs, mark, path)
        else:
            self.conflict(parent, key, path, base, ours, theirs)

    def mapping(self, base: Any, ours: Any, theirs: Any, path: tuple[str, ...]) -> None:
        """Key by key."""
        if dated(ours) and dated(theirs) and new_keys(ours, base) and new_keys(theirs, base):
            self.merged.both_dated.append((self.file, path))
        for key in [*theirs, *(key for key in {**ours, **base} if key not in theirs)]:
            if self.file == MANIFEST and not path and key in STAMPED:
                continue
            sides = (side.get(key, ABSENT) for side in (base, ours, theirs))
            self.entry(theirs, key, (*path, str(plain(key))), *sides)

    def mark(self, base: Any, ours: Any, theirs: Any) -> str | None:
        return mark_of(*(side for side in (base, ours, theirs) if isinstance(side, list)))

    def listed(self, base: Any, ours: Any, theirs: Any, mark: str, path: tuple[str, ...]) -> None:
        """Entry by entry, told apart by their mark; an entry new here stands behind the one it stood behind."""
        sides = [{name_of(one, mark): one for one in side} for side in (base, ours, theirs)]
        before = ""
        for name in [*sides[1], *(name for name in sides[0] if name not in sides[1])]:
            lead = lead_of(ours, list(sides[1]).index(name)) if name in sides[1] else ""
            place = _Entry(theirs, mark, name, before, lead)
            values = [side.get(name, ABSENT) for side in sides]
            self.entry(place, name, (*path, name), *values)
            before = name if name in sides[1] else before

    def take(self, parent: Any, key: Any, value: Any) -> None:
        """Put the local value there, or remove what was removed."""
        if isinstance(parent, _Entry):
            parent.set(value)
        elif value is ABSENT:
            take_out(parent, key)
        else:
            put(parent, key, deepcopy(value))

    def conflict(
        self, parent: Any, key: Any, path: tuple[str, ...], base: Any, ours: Any, theirs: Any
    ) -> None:
        """Both changed it: follow the choice, else leave the new version's value."""
        values = b, o, t = bare(base), bare(ours), bare(theirs)
        fillable = not any(isinstance(one, dict | list) for one in values) and not isinstance(parent, _Entry)
        name = "/".join((self.file, *path))
        choice = self.choices.get(name)
        self.merged.conflicts.append(Conflict(self.file, path, b, o, t, fillable=fillable, choice=choice))
        if choice and choice.take == OURS:
            self.take(parent, key, ours)
        elif choice and choice.take == TEXT and fillable:
            put(parent, key, filled(choice.text, name, [one for one in values if one is not ABSENT]))


@dataclass(frozen=True)
class _Entry:
    """The place of an entry in a list of the new version, whether it stands there yet or not."""

    listed: Any
    mark: str
    name: str
    before: str
    lead: str

    def _at(self, name: str) -> int:
        return next((n for n, one in enumerate(self.listed) if name_of(one, self.mark) == name), -1)

    def set(self, value: Any) -> None:
        """Put, replace or remove the entry."""
        at = self._at(self.name)
        if value is ABSENT:
            take_out(self.listed, at)
        elif at >= 0:
            self.listed[at] = deepcopy(value)
        else:
            behind = self._at(self.before) if self.before else -1
            last = len(self.listed) - 1
            place_after(
                self.listed, last if self.before and behind < 0 else behind, deepcopy(value), self.lead
            )


def bare(value: Any) -> Any:
    """A value to be compared and shown."""
    return value if value is ABSENT else plain(value)


def dated(value: Mapping[Any, Any]) -> bool:
    """Whether a mapping says from which day what holds."""
    return bool(value) and all(DAY.fullmatch(str(plain(key))) for key in value)


def new_keys(side: Mapping[Any, Any], base: Mapping[Any, Any]) -> bool:
    """Whether a side has keys the base has not."""
    return bool({str(plain(key)) for key in side} - {str(plain(key)) for key in base})


def filled(text: str, where: str, known: Sequence[Any]) -> Any:
    """A value written by hand, of the kind that stands there."""
    text = text.strip()
    if not text or "\n" in text:
        raise InvalidInput("请填写一行内容", where=where)
    if any(isinstance(one, str) for one in known):
        return text
    try:
        read = load(f"a: {text}".encode(), where).plain()["a"]
    except PackError as error:
        raise InvalidInput(
            "写法不对", where=where, reason=error.message, advice="请写成数字，如 5 或 0.5"
        ) from error
    if isinstance(read, str | dict | list):
        raise InvalidInput(
            "应为数值", where=where, reason=f"现为“{text[:40]}”", advice="请写成数字，如 5 或 0.5"
        )
    return scalar(text)


def answers(form: Mapping[str, str]) -> Iterator[tuple[str, Choice]]:
    """Choices from a form: `take:<name>` says which, `text:<name>` is what was written."""
    for key, take in form.items():
        name = key.removeprefix("take:")
        if key.startswith("take:") and take in (OURS, THEIRS, TEXT):
            yield name, Choice(take, form.get(f"text:{name}", ""))
