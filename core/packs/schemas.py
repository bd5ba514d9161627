"""JSON Schemas of a pack's files, so that an editor can complete keys and underline slips while somebody types.

They say less than a check does: what only shows when files are read together, and many reasons, stay with
`./yaoqing pack check`.
"""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from core.packs.content.format import MANIFEST, Manifest, Section
from core.packs.wording.difference import lexicon_of
from core.packs.wording.words import Lexicon

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CHINESE = re.compile("[\u4e00-\u9fff]")
# Below these keys stand names of the pack's own, not words of JSON Schema.
NAMED = {"properties", "$defs", "patternProperties"}
VALUES = {"default", "enum", "const", "examples"}


class WithShortForms(GenerateJsonSchema):
    """Lets a block that is read in a short form as well (one word, one number) be written so; keys get Chinese titles."""

    words = Lexicon()

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """A block of a pack file."""
        block = super().model_schema(schema)
        for key, value in block.get("properties", {}).items():
            value["title"] = self.words.key(schema["cls"].__name__, key)
        readers = schema["cls"].__pydantic_decorators__.model_validators.values()
        if any(reader.info.mode == "before" for reader in readers):
            return {"anyOf": [{"type": ["string", "number", "boolean", "array"]}, block]}
        return block


def schemas(sections: Iterable[Section]) -> dict[str, dict[str, Any]]:
    """File name → its JSON Schema, for pack.yaml and every section."""
    sections = tuple(sections)
    models: dict[str, type[BaseModel]] = {
        MANIFEST: Manifest,
        **{section.file: section.schema for section in sections},
    }
    return {file: schema_of(model, file, lexicon_of(sections)) for file, model in models.items()}


def schema_of(model: type[BaseModel], file: str, words: Lexicon) -> dict[str, Any]:
    """The schema of one file. Titles and descriptions stay where they are Chinese."""
    generator = type("InWords", (WithShortForms,), {"words": words})
    return {
        "$schema": DIALECT,
        "title": file,
        **in_chinese(model.model_json_schema(schema_generator=generator)),
    }


def schema_name(file: str) -> str:
    """What the schema of a file is called: `units.yaml` → `units.schema.json`."""
    return f"{file.removesuffix('.yaml')}.schema.json"


def in_chinese(node: Any) -> Any:
    """A schema without the English names and docstrings that pydantic fills in."""
    if isinstance(node, list):
        return [in_chinese(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: in_chinese(one) for name, one in value.items()} if key in NAMED
        else value if key in VALUES
        else in_chinese(value)
        for key, value in node.items()
        if not (key in ("title", "description") and isinstance(value, str) and not CHINESE.search(value))
    }  # fmt: skip
