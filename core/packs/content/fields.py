"""Field types for the sections of a pack, so that every section refuses the same slips the same way."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

T = TypeVar("T")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ID = re.compile(r"[^\s,，、;；:：'\"“”/\\|<>{}\[\]#&*!%@`]{1,60}")
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)


class PackModel(BaseModel):
    """A block of a pack file: unknown keys refused, nothing converted silently, never changed later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def refusal(message: str, reason: str = "", advice: str = "") -> PydanticCustomError:
    """The error a field validator raises; message, reason and advice reach the reader unchanged."""
    # The type checker knows only literal templates; the text itself travels in the context.
    return PydanticCustomError("pack", "{message}", {"message": message, "reason": reason, "advice": advice})


def as_day(value: Any) -> date:
    """A calendar day written 2013-04-01."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise refusal("应为日期", f"现为“{value}”", "请写成 2013-04-01 的形式")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise refusal("没有这一天", f"现为“{value}”", "请核对年月日") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise refusal("日期超出范围", f"现为“{value}”", "请核对年份")
    return day


def as_amount(value: Any) -> Decimal:
    """A number of points: whole or decimal, never text."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refusal("应为数值", f"现为“{value}”", "请写成数字，如 5 或 0.5，不加引号和单位")
    return Decimal(value)


def as_id(value: Any) -> Any:
    """An identifier: a short word without blanks; Chinese is welcome."""
    if not isinstance(value, str):
        return value
    if not ID.fullmatch(value):
        raise refusal(
            "标识写法不对", f"现为“{value[:60]}”", "请用不含空格和标点的短词，如 city-news 或 市主要领导"
        )
    return unicodedata.normalize("NFC", value)


def as_title(value: Any) -> Any:
    """One line of text."""
    if isinstance(value, str) and (not value.strip() or len(value) > 200 or "\n" in value):
        raise refusal("名称应为一行文字", "现为空、过长或含换行", "请写成 200 字以内的一行")
    return value.strip() if isinstance(value, str) else value


def not_empty(value: dict[Any, Any]) -> dict[Any, Any]:
    """A mapping with at least one line."""
    if not value:
        raise refusal("不能为空", advice="请至少写一行")
    return value


Day = Annotated[date, Strict(False), BeforeValidator(as_day)]
Amount = Annotated[Decimal, BeforeValidator(as_amount), WithJsonSchema({"type": "number"})]
Id = Annotated[str, BeforeValidator(as_id)]
Title = Annotated[str, BeforeValidator(as_title)]
Text = Annotated[str, Field(max_length=4000)]
Many = Annotated[tuple[T, ...], Strict(False)]
Dated = Annotated[dict[Day, T], AfterValidator(not_empty)]


def folded(word: str) -> str:
    """How a word looks to a hurried reader: full-width letters and capitals made equal."""
    return unicodedata.normalize("NFKC", word).casefold()


def twins(words: Iterable[str]) -> dict[int, int]:
    """Positions of words that look like an earlier one, with the earlier position."""
    seen: dict[str, int] = {}
    found: dict[int, int] = {}
    for position, word in enumerate(words):
        first = seen.setdefault(folded(word), position)
        if first != position:
            found[position] = first
    return found
