"""Values for templates are plain data only: what is not plain is refused before any template sees it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.errors import RenderError

MOST_DEPTH = 16
MOST_PARTS = 500_000
MOST_CHARACTERS = 16_000_000
MOST_INTEGER = 10**18

Plain = str | int | bool | None | date | list | tuple | dict


def plain(values: Mapping[str, object]) -> dict[str, Plain]:
    """A deep copy made of str, int, bool, None, date, list, tuple and dict; Decimal becomes its text."""
    copied = _Copy().of(dict(values), "数据", 0)
    assert isinstance(copied, dict)
    return copied


class _Copy:
    """One walk over the values, counting as it goes."""

    def __init__(self) -> None:
        self.parts = self.characters = 0

    def of(self, value: object, place: str, depth: int) -> Plain:
        self._count(value, place, depth)
        # Exact types: a subclass may carry behaviour, and Markup would pass unescaped.
        kind = type(value)
        if kind is str or kind is bool or value is None or kind is date:
            return value  # type: ignore[return-value]
        if kind is int and abs(value) < MOST_INTEGER:  # type: ignore[arg-type]
            return value  # type: ignore[return-value]
        if kind is Decimal and value.is_finite():  # type: ignore[attr-defined]
            return format(value, "f")  # type: ignore[str-format]
        if kind is list or kind is tuple:
            return kind(self.of(part, f"{place}[{n}]", depth + 1) for n, part in enumerate(value))  # type: ignore
        if kind is dict:
            return {
                self._key(key, place): self.of(part, f"{place}.{key}", depth + 1)
                for key, part in value.items()
            }  # type: ignore[attr-defined]
        raise _refused(place, f"类型 {kind.__name__} 不是纯数据")

    def _key(self, key: object, place: str) -> str | int:
        if type(key) is int or (type(key) is str and not key.startswith("_")):
            return key  # type: ignore[return-value]
        raise _refused(place, f"键 {key!r} 不是不以下划线开头的文字或整数")

    def _count(self, value: object, place: str, depth: int) -> None:
        self.parts += 1
        self.characters += len(value) if isinstance(value, str) else 0
        if depth > MOST_DEPTH or self.parts > MOST_PARTS or self.characters > MOST_CHARACTERS:
            raise _refused(place[:80], "数据嵌套过深或数量过大")


def _refused(place: str, reason: str) -> RenderError:
    return RenderError(
        "传给版式模板的数据不合要求",
        where=place,
        reason=reason,
        advice="只能传入文字、整数、小数（Decimal）、真假值、日期、列表和字典",
    )
