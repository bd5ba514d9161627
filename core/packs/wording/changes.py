"""What changed between two versions of one section, as sentences an official reads. Pure.

The typed models are walked generically: lists by key, dated values by day, everything else by field. No section is
known here by name; words come from the lexicon, titles from the packs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from core.packs.wording.speech import Speech, day_text, is_dated, quoted
from core.packs.wording.words import MAIN

# What tells the blocks of a list apart, the first one that all of them have and none shares.
MARKS = ("id", "show", "part", "label", "title", "attribute", "basis")


LONG = 40


@dataclass(frozen=True)
class Change:
    """One change. `kind`: added, removed, changed, or rewritten when a value that was in force is no longer the same."""

    group: str
    text: str
    kind: str
    path: tuple[str, ...]
    since: date | None = None


@dataclass(frozen=True)
class Spot:
    """Where the walk stands: the group of the sentence, the path, what it is about, and its title alone."""

    group: str
    path: tuple[str, ...]
    about: str = ""
    title: str = ""

    def at(self, word: str) -> str:
        """A field of what it is about; what its name begins with is not said twice."""
        last = self.about.rpartition("的")[2]
        if "的" in self.about and word.startswith(last):
            return self.about.removesuffix(last) + word
        return f"{self.about}的{word}" if self.about else word


class Walk:
    """Compares two models of the same section."""

    def __init__(self, before: Speech, after: Speech, unit: str = "分"):
        self.before, self.after, self.words, self.unit = before, after, after.lexicon, unit

    def section(self, file: str, old: BaseModel, new: BaseModel) -> Iterator[Change]:
        """Every change of a section, in the order of its keys."""
        model = type(new).__name__
        for key, a, b in pairs(old, new):
            group = self.words.key(model, key) if nested(a) or nested(b) else self.words.file(file)
            yield from self.field(model, key, a, b, Spot(group, (file.removesuffix(".yaml"), key)))

    def models(self, old: BaseModel, new: BaseModel, spot: Spot) -> Iterator[Change]:
        """The fields of a block."""
        if type(old) is not type(new):
            yield self.replaced("内容", self.before.block(old), self.after.block(new), spot)
            return
        for key, a, b in pairs(old, new):
            inner = Spot(spot.group, (*spot.path, key), spot.about, spot.title)
            yield from self.field(type(new).__name__, key, a, b, inner)

    def field(self, model: str, key: str, a: Any, b: Any, spot: Spot) -> Iterator[Change]:
        """One field whose values differ."""
        word = self.words.key(model, key)
        if (is_dated(a) or not a) and (is_dated(b) or not b) and (a or b):
            yield from self.dated(model, key, a or {}, b or {}, spot)
        elif blocks(a) or blocks(b):
            yield from self.listed(word, a or (), b or (), spot)
        elif isinstance(a, BaseModel) and isinstance(b, BaseModel) and not plain(a, b):
            deeper = spot if word == spot.group else Spot(spot.group, spot.path, spot.at(word))
            yield from self.models(a, b, deeper)
        else:
            old = self.before.value(a, model, key, self.unit)
            new = self.after.value(b, model, key, self.unit)
            yield self.replaced(word, old, new, spot)

    def replaced(self, word: str, old: str, new: str, spot: Spot) -> Change:
        """A value for another; a block that says nothing besides its defaults is none."""
        old, new = old or "无", new or "无"
        if old == "无" and len(new) > LONG:
            return Change(spot.group, f"增加{spot.at(word)}（{new}）", "added", spot.path)
        if old == "无":
            return Change(spot.group, f"{spot.at(word)}定为{new}", "added", spot.path)
        if new == "无":
            return Change(spot.group, f"{spot.at(word)}删去（原为{old}）", "removed", spot.path)
        if old == new:
            return Change(spot.group, f"{spot.at(word)}的写法有改动，现为{new}", "changed", spot.path)
        return Change(spot.group, f"{spot.at(word)}由{old}改为{new}", "changed", spot.path)

    def dated(
        self, model: str, key: str, a: Mapping[date, Any], b: Mapping[date, Any], spot: Spot
    ) -> Iterator[Change]:
        """Values by day: a new day is a change from then on, everything else alters what was in force."""
        word = self.words.key(model, key)
        main = key in MAIN or f"{model}.{key}" in MAIN
        subject = spot.title if main and spot.title else spot.at(word)

        def say(side: Speech, value: Any) -> str:
            return side.value(value, model, key, self.unit)

        for day in sorted({*a, *b}):
            path, since = (*spot.path, day.isoformat()), f"自{day_text(day)}起"
            earlier = max((d for d in b if d < day), default=None)
            if day in a and day in b:
                if a[day] != b[day]:
                    text = f"{spot.at(word)}：原定{since}为{say(self.before, a[day])}，现改为{say(self.after, b[day])}"
                    yield Change(spot.group, text, "rewritten", path, day)
            elif day in a:
                text = f"{spot.at(word)}：删去{since}的{say(self.before, a[day])}"
                yield Change(spot.group, text, "rewritten", path, day)
            elif earlier is None:
                yield Change(
                    spot.group, f"{since}，{subject}定为{say(self.after, b[day])}", "added", path, day
                )
            else:
                old, new = say(self.after, b[earlier]), say(self.after, b[day])
                yield Change(spot.group, f"{since}，{subject}由{old}调为{new}", "changed", path, day)

    def listed(self, word: str, a: Sequence[Any], b: Sequence[Any], spot: Spot) -> Iterator[Change]:
        """Blocks of a list, matched by what tells them apart."""
        mark = next((m for m in MARKS if distinct(a, m) and distinct(b, m)), None)
        old, new = keyed(a, mark), keyed(b, mark)
        for name in [*old, *(name for name in new if name not in old)]:
            inner = self.spot(word, name, old.get(name, new.get(name)), spot)
            if name not in new:
                yield Change(spot.group, f"删去{self.called(word, inner)}", "removed", inner.path)
            elif name not in old:
                said = self.after.block(new[name], self.unit, titled=False)
                tail = f"（{said}）" if said else ""
                yield Change(spot.group, f"新增{self.called(word, inner)}{tail}", "added", inner.path)
            elif old[name] != new[name]:
                yield from self.models(old[name], new[name], inner)
        kept = [name for name in old if name in new]
        if kept != [name for name in new if name in old]:
            about = spot.at(word) if word != spot.group else word
            yield Change(spot.group, f"{about}的先后次序有调整", "changed", spot.path)

    def spot(self, word: str, name: str, block: Any, spot: Spot) -> Spot:
        """Where one block of a list stands, and what it is called."""
        title = getattr(block, "title", None) or self.after.title("outlet", name) or name
        named = f"{quoted(spot.title)}的{word}" if spot.title else spot.at(word)
        about = quoted(title) if word == spot.group else f"{named}{quoted(title)}"
        return Spot(spot.group, (*spot.path, name), about, title)

    def called(self, word: str, inner: Spot) -> str:
        return f"{word}{inner.about}" if word == inner.group else inner.about


def pairs(old: BaseModel, new: BaseModel) -> Iterator[tuple[str, Any, Any]]:
    """The fields of two models that differ, by the key they have in the file."""
    for name, field in type(new).model_fields.items():
        a, b = getattr(old, name), getattr(new, name)
        if a != b or is_dated(a) and list(a) != list(b) and sorted(a) != sorted(b):
            yield field.alias or name, a, b


def blocks(value: Any) -> bool:
    """Whether a value is a list of blocks."""
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, BaseModel) for one in value)


def nested(value: Any) -> bool:
    """Whether a value is worth a heading of its own."""
    return blocks(value) or isinstance(value, BaseModel)


def plain(*models: BaseModel) -> bool:
    """Whether blocks are values in disguise: `{policy: equal}`, `{amount: 5}`, best said whole."""
    return all(
        len(model.model_fields_set) <= 1 and not nested(next(iter(vars(model).values()), None))
        for model in models
    )


def distinct(things: Sequence[Any], mark: str) -> bool:
    """Whether every block has this mark and no two the same."""
    marks = [getattr(one, mark, None) for one in things]
    return all(isinstance(one, str) for one in marks) and len(set(marks)) == len(marks)


def keyed(things: Sequence[Any], mark: str | None) -> dict[str, Any]:
    """Blocks by their mark; without one, by their place."""
    if mark:
        return {getattr(one, mark): one for one in things}
    return {f"第{n}项": one for n, one in enumerate(things, 1)}
