"""The page docs/reference/packs.md: every key of every file of a rule pack, read off the schemas."""

import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from core.packs.content.fields import as_amount, as_day, as_id, as_title
from core.packs.content.format import Manifest, Section
from core.packs.content.sections import Named
from core.packs.wording.difference import lexicon_of
from core.packs.wording.words import Lexicon
from core.scoring.trying.example_reading import ExampleFile
from tools.markdown import table

READERS = {as_day: "日期", as_amount: "数值", as_id: "标识", as_title: "一行文字"}
PLAIN = {str: "文字", int: "整数", bool: "是或否", Decimal: "数值", date: "日期", Any: "任意", type(None): ""}
INTRO = """\
# 规则包的文件和键

规则包是一个文件夹。每一节是一个 `.yaml` 文件，由核心或某个插件读取；没有任何功能读取的文件会被拒绝。
怎样写规则包见[编写规则包](../howto/write-a-pack.md)。

表中 `键[]` 表示列表中的每一项，`键.*` 表示按名称排列的每一项。“标识”是不含空格和标点的短词，可以用中文；
“日期”写成 `2013-04-01`；“日期对照”写成 `{日期: 值}`，自该日起用该值。标有“可简写”的，写一个词即同时作标识和名称。
"""


def packs_page(sections: Iterable[Section]) -> str:
    """The whole page."""
    sections = tuple(sections)
    words = lexicon_of(sections)
    parts = [INTRO, _head("pack.yaml", words) + _describe(Manifest, words)]
    for section in sections:
        owner = "核心" if section.owner == "core" else f"插件 {section.owner} "
        needed = "每个规则包都必须有。" if section.required else "可以没有。"
        sample = f"\n最小的样例：\n\n```yaml\n{section.sample}```\n" if section.sample else ""
        described = _describe(section.schema, words)
        parts.append(f"{_head(section.file, words)}由{owner}读取，{needed}\n\n{described}{sample}")
    told = "一个文件可以直接写用例的列表，也可以写成下表的样子。\n\n" + _describe(ExampleFile, words)
    parts.append("## tests/*.yaml（用例）\n\n" + told)
    return "\n".join(parts)


def _head(file: str, words: Lexicon) -> str:
    return f"## {file}（{words.file(file)}）\n\n"


def _describe(model: type[BaseModel], words: Lexicon) -> str:
    return table(("键", "名称", "值", "默认"), _rows(model, "", words))


def _rows(model: type[BaseModel], prefix: str, words: Lexicon) -> Iterator[tuple[str, str, str, str]]:
    """The keys of a model and of everything inside it, parents first."""
    hints = typing.get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        key = f"{prefix}{info.alias or name}"
        inner, steps = _model_in(hints[name])
        short = "，可简写" if inner and issubclass(inner, Named) else ""
        own = info.alias or name
        kinds = _Values(words, own).say(hints[name])
        yield f"`{key}`", words.key(model.__name__, own), kinds + short, _default(info)
        if inner:
            yield from _rows(inner, f"{key}{steps}.", words)


def _model_in(hint: Any) -> tuple[type[BaseModel] | None, str]:
    """The model a value is made of, and how its key is written."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint, ""
    for part in get_args(hint):
        inner, steps = _model_in(part)
        if inner:
            return inner, {tuple: "[]", dict: ".*"}.get(get_origin(hint), "") + steps
    return None, ""


class _Values:
    """What a key may hold, in plain words; fixed values with what they are called."""

    def __init__(self, words: Lexicon, key: str):
        self.words, self.key = words, key

    def say(self, hint: Any) -> str:
        """A type in plain words."""
        origin, parts = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._annotated(parts[0], parts[1:])
        if origin in (typing.Union, types.UnionType):
            return "或".join(filter(None, map(self.say, parts)))
        if origin is tuple:
            inside = self.say(parts[0])
            return f"列表：{inside}" if inside else "列表"
        if origin is dict:
            return (
                f"日期对照：{self.say(parts[1]) or '见下'}" if self.say(parts[0]) == "日期" else "按名称排列"
            )
        if origin is Literal:
            return "、".join(map(self._fixed, parts))
        return PLAIN.get(hint, "")

    def _fixed(self, value: Any) -> str:
        title = self.words.value(self.key, str(value))
        return f"`{value}` {title}" if title else f"`{value}`"

    def _annotated(self, hint: Any, marks: Iterable[Any]) -> str:
        marks = list(marks)
        reader = next(
            (READERS[m.func] for m in marks if isinstance(m, BeforeValidator) and m.func in READERS), ""
        )
        limits = [limit for mark in marks if isinstance(mark, FieldInfo) for limit in mark.metadata]
        lowest, highest = (
            next((getattr(x, name) for x in limits if hasattr(x, name)), None) for name in ("ge", "le")
        )
        word = reader or self.say(hint)
        if lowest is not None and highest is not None:
            word += f" {lowest} 至 {highest}"
        if any(getattr(x, "min_length", 0) for x in limits) and get_origin(hint) is tuple:
            word += "，不能为空"
        return word


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    if info.is_required():
        return "必填"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        words = [part.title if isinstance(part, Named) else f"`{part}`" for part in value]
        return "、".join(words) if all(isinstance(part, str | Named) for part in value) else "见说明"
    return f"`{value}`" if isinstance(value, str | int) and value != "" else ""
