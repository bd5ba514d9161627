"""The common values of a pack, found in its files, offered as fields and written back. Pure.

Which values are common is said by patterns: `awards/*/points` is the key `points` of every entry of `awards`. A dated
value gets a further date, its old values stay; other values are replaced.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.errors import Findings, InvalidInput, YaoqingError
from core.packs.content.fields import DAY
from core.packs.content.format import Pack, Section
from core.packs.content.messages import model_in, step
from core.packs.editing.renaming import followed
from core.packs.editing.round_trip import find, key_in, mark_of, name_of, opened, put, scalar, written
from core.packs.wording.speech import Speech, day_text

NUMBER = re.compile(r"-?(0|[1-9]\d{0,9})(\.\d{1,6})?")
LONGEST = 200
# Core's own sections; a plugin names its values with `Section(forms=…)`.
FORMS: Mapping[str, tuple[str, ...]] = {
    "units": ("groups/*/title", "classes/*/title"),
    "outlets": (
        "levels/*/title", "ladders/*/levels/*/title", "ladders/*/levels/*/outlets/*/title",
        "ladders/*/levels/*/outlets/*/editions/*/title", "ladders/*/levels/*/outlets/*/columns/*/title",
    ),
    "scoring": (
        "awards/*/points", "quotas/*/need", "caps/*/max", "caps/*/min", "caps/*/items", "printing/places",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """A value that may be changed. `kind`: dated, number or text; `last` is the day its present value started."""

    file: str
    path: tuple[str, ...]
    group: str
    label: str
    kind: str
    value: str
    unit: str = ""
    history: str = ""
    last: date | None = None
    formula: bool = False

    @property
    def name(self) -> str:
        """What the field is called in a form."""
        return "/".join((self.file, *self.path))


def slots(pack: Pack, sections: Iterable[Section], speech: Speech) -> list[Slot]:
    """Every common value of a pack, in the order of the files."""
    found = []
    for section in sections:
        source = pack.sources.get(section.file)
        for pattern in section.forms or FORMS.get(section.name, ()):
            if source and section.name in pack.sections:
                printing = getattr(pack.sections[section.name], "printing", None)
                unit = getattr(printing, "unit", "分")
                steps = pattern.split("/")
                found += list(_walk(source.plain(), steps, section, speech, _Way(section.schema, unit)))
    return found


@dataclass(frozen=True)
class _Way:
    """How far a pattern was followed: the schema here, the path, the titles passed, the last list's key."""

    schema: Any
    unit: str
    path: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    group: str = ""
    word: str = ""


def _walk(node: Any, steps: Sequence[str], section: Section, speech: Speech, way: _Way) -> Iterator[Slot]:
    if not steps:
        return
    first, *rest = steps
    if first == "*":
        mark = mark_of(node) if isinstance(node, list) else None
        # A list of bare words only: each is its own title.
        mark = mark or (
            "id" if isinstance(node, list) and all(isinstance(one, str) for one in node) else None
        )
        for one in node if mark else ():
            name = name_of(one, mark or "id")
            title = (
                str(one.get("title") or speech.title("outlet", name) or name)
                if isinstance(one, dict)
                else name
            )
            deeper = _Way(step(way.schema, 0), way.unit, (*way.path, name), (*way.titles, title), way.group)
            if "/" not in name:
                yield from _walk(one, rest, section, speech, deeper)
        return
    model = model_in(way.schema)
    word = speech.lexicon.key(model.__name__ if model else "", first)
    deeper = _Way(step(way.schema, first), way.unit, (*way.path, first), way.titles, way.group or word, word)
    if isinstance(node, str) and first == "title":
        yield from _slot(node, section, speech, deeper, model, first)
    elif isinstance(node, dict) and first in node:
        if rest:
            yield from _walk(node[first], rest, section, speech, deeper)
        else:
            yield from _slot(node[first], section, speech, deeper, model, first)


def _slot(value: Any, section: Section, speech: Speech, way: _Way, model: Any, key: str) -> Iterator[Slot]:
    name = model.__name__ if model else ""
    label = " · ".join(way.titles)
    unit = speech.lexicon.unit(name, key, way.unit)
    group = way.group if len(way.path) > 1 else speech.lexicon.file(section.file)
    field = "" if key in ("title", "points", "need") and label else way.word
    label = f"{label}：{field}" if label and field else label or field
    if isinstance(value, dict) and value and all(DAY.fullmatch(day) for day in value):
        latest = max(value)
        current = value[latest]
        if isinstance(current, int | Decimal | str) and not isinstance(current, bool):
            history = speech.mapping(
                {date.fromisoformat(d): v for d, v in value.items()}, name, key, way.unit
            )
            yield Slot(section.file, way.path, group, label, "dated", _shown(current), unit, history,
                       date.fromisoformat(latest), isinstance(current, str))  # fmt: skip
    elif isinstance(value, str):
        yield Slot(section.file, way.path, group, label, "text", value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield Slot(section.file, way.path, group, label, "number", _shown(value), unit)


def _shown(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def changed(listed: Iterable[Slot], answers: Mapping[str, str]) -> list[tuple[Slot, str]]:
    """The fields whose answer is not what stands there now; an empty answer leaves a value as it is."""
    given = ((slot, answers.get(slot.name, "").strip()) for slot in listed)
    return [(slot, text) for slot, text in given if text and text != slot.value]


def applied(
    files: Mapping[str, bytes], wanted: Sequence[tuple[Slot, str]], since: date | None
) -> dict[str, bytes]:
    """The files with these values; dated ones from `since` on. Raises Findings with all that cannot be accepted."""
    errors: list[YaoqingError] = [error for slot, text in wanted if (error := refused(slot, text, since))]
    if errors:
        raise Findings("填写的内容有误", errors)
    trees = {file: opened(files[file]) for file in {slot.file for slot, _ in wanted}}
    for slot, text in wanted:
        _write(trees[slot.file], slot, text, since)
    made = {**files, **{file: written(tree, files[file]) for file, tree in trees.items()}}
    for slot, text in wanted:
        if len(slot.path) > 2 and slot.path[-1] == "title":
            made = followed(made, slot.path[-3], slot.value, text)
    return made


def refused(slot: Slot, text: str, since: date | None) -> InvalidInput | None:
    """Why an answer cannot be accepted."""
    where = f"{slot.group} {slot.label}"
    if len(text) > LONGEST or "\n" in text:
        return InvalidInput("应为一行文字", where=where, advice=f"请写 {LONGEST} 字以内的一行")
    if slot.kind != "text" and not slot.formula and not NUMBER.fullmatch(text):
        return InvalidInput(
            "应为数值", where=where, reason=f"现为“{text[:40]}”", advice="请写成数字，如 5 或 0.5"
        )
    if slot.kind == "dated" and since is None:
        return InvalidInput("请填写自哪一天起", where="自哪一天起", advice="改动分值、任务数、封顶时必须写明")
    if slot.kind == "dated" and slot.last and since and since <= slot.last:
        return InvalidInput(
            "日期应晚于现有的值", where=where, reason=f"现有的值自{day_text(slot.last, whole=True)}起",
            advice="原有的值不能在这里改动；确需更正的，请修改规则包文件",
        )  # fmt: skip
    return None


def in_form(refusal: Findings, wanted: Sequence[tuple[Slot, str]]) -> Findings:
    """The same refusal of the changed files; what is about an answer names its field, not the place in a file."""
    told = [_in_form(error, wanted) for error in refusal.errors]
    return Findings(refusal.message if told == refusal.errors else "填写的内容有误", told)


def _in_form(error: YaoqingError, wanted: Sequence[tuple[Slot, str]]) -> YaoqingError:
    for slot, text in wanted:
        here = error.where.startswith(f"{slot.file} ") and error.where.endswith(f"，{slot.path[-1]}")
        if here and f"“{text}”" in error.reason:
            where = f"{slot.group} {slot.label}"
            return InvalidInput(error.message, where=where, reason=error.reason, advice="请改正后再试")
    return error


def _write(tree: Any, slot: Slot, text: str, since: date | None) -> None:
    try:
        node, key = find(tree, slot.path)
    except (KeyError, TypeError):  # a bare word stands for its id and title
        _spelt_out(tree, slot.path[:-1])
        node, key = find(tree, slot.path)
    if slot.kind == "dated":
        put(node[key], since, _value(text, slot))
    elif slot.kind == "number":
        put(node, key, scalar(text))
    else:
        old = node[key]
        put(node, key, type(old)(text) if type(old) is not str else text)


def _value(text: str, slot: Slot) -> Any:
    return text if slot.formula and not NUMBER.fullmatch(text) else scalar(text)


def _spelt_out(tree: Any, path: Sequence[str]) -> None:
    parent, key = find(tree, path[:-1])
    listed = parent[key]
    at = key_in(listed, path[-1]) if mark_of(listed) else list(listed).index(path[-1])
    block = scalar("{id: x, title: x}")
    block["id"] = block["title"] = str(listed[at])
    listed[at] = block
