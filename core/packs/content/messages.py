"""Turn what pydantic found into errors a clerk can act on: file, line, key, reason, advice."""

import re
import types
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from core.errors import PackError, near
from core.strict_yaml.loader import Document, PathPart

Found = dict[str, Any]


def validated(
    schema: type[BaseModel], document: Document, data: Any = None, base: Sequence[PathPart] = ()
) -> tuple[Any, list[PackError]]:
    """The model and no errors, or nothing and every error found.

    `data` and `base` are for a part of the document: its plain value and where it stands.
    """
    try:
        return schema.model_validate(document.plain() if data is None else data), []
    except ValidationError as error:
        found = [dict(one) for one in error.errors(include_url=False)]
        return None, [explained(schema, document, base, one) for one in without_echoes(found)]


def without_echoes(found: list[Found]) -> list[Found]:
    """A misspelt key is one slip: leave out the complaint that the right one is missing."""
    extra = [tuple(one["loc"]) for one in found if one["type"] == "extra_forbidden"]

    def echo(one: Found) -> bool:
        *parent, key = one["loc"] or ("",)
        strangers = [loc[-1] for loc in extra if list(loc[:-1]) == parent]
        return one["type"] == "missing" and any(get_close_matches(str(key), [str(s)]) for s in strangers)

    return [one for one in found if not echo(one)]


def explained(
    schema: type[BaseModel], document: Document, base: Sequence[PathPart], found: Found
) -> PackError:
    """One pydantic error in Chinese."""
    loc = tuple(part for part in found["loc"] if part != "[key]")
    where = document.where((*base, *(loc[:-1] if found["type"] == "missing" else loc)))
    message, reason, advice = WORDS.get(found["type"], unknown)(schema, loc, found)
    return PackError(message, where=where, reason=reason, advice=advice)


def shown(value: Any) -> str:
    """A value as it may be quoted in a message."""
    if isinstance(value, dict):
        return "“键: 值”"
    if isinstance(value, list | tuple):
        return "列表"
    if isinstance(value, bool):
        return "“true”" if value else "“false”"
    return "空" if value is None or value == "" else f"“{str(value)[:40]}”"


Words = tuple[str, str, str]


def unknown(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    return "内容不合要求", f"现为{shown(found.get('input'))}", f"请对照说明核对（{found['type']}）"


def missing(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    return f"缺少“{loc[-1]}”", "这一项必须填写", f"请补上“{loc[-1]}: …”"


def unexpected(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    known = keys_at(schema, loc[:-1])
    advice = near(loc[-1], known) or f"可用的键：{'、'.join(known)}"
    return f"不认识的键“{loc[-1]}”", "此处没有这一项", advice


def choice(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    options = re.findall(r"'([^']*)'", found["ctx"]["expected"])
    return f"不能写{shown(found['input'])}", f"可选：{'、'.join(options)}", near(found["input"], options)


def refused(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    ctx = found["ctx"]
    return ctx["message"], ctx["reason"], ctx["advice"]


def own_words(schema: type[BaseModel], loc: tuple[PathPart, ...], found: Found) -> Words:
    return str(found["ctx"]["error"]), "", ""


def should_be(what: str, advice: str) -> Callable[[type[BaseModel], tuple[PathPart, ...], Found], Words]:
    """A message for a value of the wrong kind."""
    return lambda schema, loc, found: (f"应为{what}", f"现为{shown(found['input'])}", advice)


def bounded(word: str, limit: str) -> Callable[[type[BaseModel], tuple[PathPart, ...], Found], Words]:
    """A message for a value outside its bounds; `limit` names the bound in pydantic's context."""
    return lambda schema, loc, found: (
        f"应{word} {found['ctx'][limit]}",
        f"现为{shown(found['input'])}",
        "请核对后改正",
    )


WORDS: dict[str, Callable[[type[BaseModel], tuple[PathPart, ...], Found], Words]] = {
    "missing": missing,
    "extra_forbidden": unexpected,
    "literal_error": choice,
    "pack": refused,
    "value_error": own_words,
    "string_type": should_be("文字", "若是编号、版本或代码，请加引号"),
    "int_type": should_be("整数", "请写成不带小数点和引号的数字"),
    "bool_type": should_be("true 或 false", "“是”写 true，“否”写 false，不加引号"),
    "decimal_type": should_be("数值", "请写成数字，如 5 或 0.5"),
    "tuple_type": should_be("列表", "请用“- ”逐行列出，或写在方括号内"),
    "list_type": should_be("列表", "请用“- ”逐行列出，或写在方括号内"),
    "model_type": should_be("“键: 值”的形式", "请在下一行缩进后逐项填写"),
    "dict_type": should_be("“键: 值”的形式", "请在下一行缩进后逐项填写"),
    "string_pattern_mismatch": should_be("规定的写法", "请对照说明核对"),
    "too_short": should_be("至少一项的列表", "请至少写一项"),
    "string_too_short": should_be("文字", "请填写内容"),
    "string_too_long": bounded("不超过（字数）", "max_length"),
    "too_long": bounded("不超过（项数）", "max_length"),
    "greater_than_equal": bounded("不小于", "ge"),
    "greater_than": bounded("大于", "gt"),
    "less_than_equal": bounded("不大于", "le"),
    "less_than": bounded("小于", "lt"),
}


def keys_at(schema: Any, loc: Sequence[PathPart]) -> list[str]:
    """The keys a schema knows at a place inside it."""
    for part in loc:
        schema = step(schema, part)
    model = model_in(schema)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def step(schema: Any, part: PathPart) -> Any:
    """The annotation one step further down."""
    model = model_in(schema)
    if model is not None:
        by_name = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        return by_name.get(str(part))
    container = next((kind for kind in flattened(schema) if get_origin(kind) in {tuple, list, dict}), None)
    inner = [kind for kind in get_args(container) if kind is not Ellipsis]
    return inner[-1] if inner else None


def model_in(schema: Any) -> type[BaseModel] | None:
    """The model an annotation stands for, if it stands for one."""
    return next(
        (kind for kind in flattened(schema) if isinstance(kind, type) and issubclass(kind, BaseModel)), None
    )


def flattened(schema: Any) -> list[Any]:
    """An annotation without its wrappers: Annotated peeled off, unions spread out."""
    origin = get_origin(schema)
    if origin is Annotated:
        return flattened(get_args(schema)[0])
    if origin in {Union, types.UnionType}:
        return [kind for part in get_args(schema) for kind in flattened(part)]
    return [schema]
