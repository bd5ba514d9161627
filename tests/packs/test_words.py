"""Every key and fixed value of every section has a Chinese word, so that differences and forms are readable."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from core.config import PROJECT
from core.packs.content.format import Manifest, load_pack
from core.packs.editing.slots import slots
from core.packs.schemas import schemas
from core.packs.wording.difference import lexicon_of
from core.packs.wording.speech import Speech


def parts(schema: Any, key: str = "", seen: set[Any] | None = None) -> Iterator[tuple[str, str, str]]:
    """Model, key and "" of every field of a schema, and "", key and value of every fixed value."""
    seen = seen if seen is not None else set()
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        if schema not in seen:
            seen.add(schema)
            for name, field in schema.model_fields.items():
                yield schema.__name__, field.alias or name, ""
                yield from parts(field.annotation, field.alias or name, seen)
    elif get_origin(schema) is Literal:
        yield from (("", key, str(value)) for value in get_args(schema))
    else:
        for inner in get_args(schema):
            yield from parts(inner, key, seen)


def test_every_key_and_fixed_value_has_a_word(sections):
    words = lexicon_of(sections)

    found = [part for schema in (Manifest, *(s.schema for s in sections)) for part in parts(schema)]

    assert [
        f"{model}.{key}" for model, key, value in found if not value and not words.knows(model, key)
    ] == []
    assert [f"{key}={value}" for _, key, value in found if value and words.value(key, value) is None] == []
    assert [s.file for s in sections if words.file(s.file) == s.file] == []


def test_schemas_for_editors_carry_the_words(sections):
    written = schemas(sections)

    assert written["scoring.yaml"]["properties"]["awards"]["title"] == "计分项"
    assert written["scoring.yaml"]["$defs"]["AwardRule"]["properties"]["until"]["title"] == "停用日期"
    assert written["pack.yaml"]["properties"]["derived_from"]["title"] == "本地修改所依据的版本"


def test_every_bundled_pack_offers_values_and_says_them(sections):
    for folder in sorted((PROJECT / "rulepacks").iterdir()):
        pack = load_pack(folder, sections)
        offered = slots(pack, sections, Speech(lexicon_of(sections), pack.sections))

        assert len({slot.name for slot in offered}) == len(offered) > 5, folder.name
