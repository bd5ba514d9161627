"""Say the conflicts of a merge in plain words: what the place is called, and what each side has there. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from core.packs.content.fields import DAY
from core.packs.content.format import MANIFEST, Manifest, Section
from core.packs.content.messages import model_in, step
from core.packs.editing.merging import ABSENT, Conflict
from core.packs.wording.speech import Speech, day_text, quoted

LONGEST = 200


@dataclass(frozen=True)
class ConflictWords:
    """A conflict as it is shown: the sentence, and the three values."""

    conflict: Conflict
    place: str
    base: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.place}：原为{self.base}，本地为{self.ours}，新版为{self.theirs}"


def in_words(conflict: Conflict, sections: Iterable[Section], speech: Speech) -> ConflictWords:
    """A conflict in words."""
    files: dict[str, type[BaseModel]] = {MANIFEST: Manifest, **{s.file: s.schema for s in sections}}
    schema = files.get(conflict.file)
    if not conflict.path or schema is None:
        place = f"{speech.lexicon.file(conflict.file)}（{conflict.file}）"
        if conflict.path:
            place += f" {'、'.join(conflict.path)}"
        values = [
            _file_words(side) if not conflict.path else _plain_words(side, speech)
            for side in _sides(conflict)
        ]
        return ConflictWords(conflict, place, *values)
    place, model, key, kind = _followed(conflict.path, schema, speech)
    values = [_value_words(side, speech, model, key, kind) for side in _sides(conflict)]
    return ConflictWords(conflict, place, *values)


def place_in_words(file: str, path: Sequence[str], sections: Iterable[Section], speech: Speech) -> str:
    """What a place in a file is called."""
    schema = next((section.schema for section in sections if section.file == file), None)
    return _followed(path, schema, speech)[0] if schema else file


def _sides(conflict: Conflict) -> tuple[Any, Any, Any]:
    return conflict.base, conflict.ours, conflict.theirs


def _followed(path: Sequence[str], schema: Any, speech: Speech) -> tuple[str, str, str, Any]:
    """The words of a path, with the model and key its value stands under and what it should be."""
    said, model, key, last = "", "", "", ""
    for part in path:
        here = model_in(schema)
        fields = {field.alias or name for name, field in here.model_fields.items()} if here else set()
        if here and part in fields:
            model, key = here.__name__, part
            said += ("的" if said else "") + speech.lexicon.key(model, key)
            schema = step(schema, part)
        elif DAY.fullmatch(part):
            said += f"（自{day_text(date.fromisoformat(part))}起）"
            schema = step(schema, 0)
        else:
            title = speech.anywhere(part, key) or part
            said += quoted(title.removeprefix(last) or title)
            last = title
            schema = step(schema, 0)
            key = ""
    return said, model, key, schema


def _value_words(value: Any, speech: Speech, model: str, key: str, kind: Any) -> str:
    if value is ABSENT:
        return "无"
    typed = _typed(value, kind)
    text = speech.value(typed, model, key, "分")
    return text if len(text) <= LONGEST else text[:LONGEST] + "……"


def _typed(value: Any, kind: Any) -> Any:
    if isinstance(value, dict | list) and kind is not None:
        try:
            return TypeAdapter(kind).validate_python(value)
        except (ValidationError, TypeError):
            return value
    return value


def _plain_words(value: Any, speech: Speech) -> str:
    return "无" if value is ABSENT else speech.value(value)[:LONGEST]


def _file_words(value: Any) -> str:
    return "没有这个文件" if value is ABSENT else f"{len(str(value).splitlines())} 行"
