"""Facts as records of fixed size: the layout, and how what a fact says becomes numbers. Pure.

What facts say in words (kind, outlet, genre …) is interned: facts alike in words share a *shape*. Numbers they carry
stand in up to four columns of millionths, in the order in which the shape names them. The register keeps such records
beside its tables, so that a city's year is read as one block; scoring makes them itself from plain facts.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

MILLION = 1_000_000
NUMBERS = 4
MISSING = np.iinfo(np.int64).min
# A number beyond this is kept in words instead of a column.
LARGEST = 10**11

ROW = np.dtype(
    [
        ("fact", "<i8"), ("account", "<i8"), ("item", "<i8"), ("withdrawn", "<i8"), ("weight", "<i8"), ("weights", "<i8"),
        ("day", "<i4"), ("recorded", "<i4"), ("withdrawn_day", "<i4"), ("shape", "<i4"), ("role", "<i4"),
        ("ways", "<i2"), ("position", "<i2"), ("authors", "<i4"), ("numbers", "<i8", (NUMBERS,)),
    ]
)  # fmt: skip


class Interner:
    """Hands out small numbers for equal things, in order of first appearance."""

    def __init__(self, known: Iterable[Any] = ()):
        self.known = list(known)
        self.number_of = {each: number for number, each in enumerate(self.known)}

    def __call__(self, thing: Any) -> int:
        if thing not in self.number_of:
            self.number_of[thing] = len(self.known)
            self.known.append(thing)
        return self.number_of[thing]


def split(attrs: Mapping[str, Any]) -> tuple[tuple[tuple[str, Any], ...], dict[str, int]]:
    """The words of a fact in a fixed order, and its numbers in millionths by name."""
    words, numbers = [], dict[str, int]()
    for name in sorted(attrs):
        value = attrs[name]
        scaled = millionths(value)
        if scaled is None or len(numbers) == NUMBERS:
            words.append((name, value))
        else:
            numbers[name] = scaled
    return tuple(words), numbers


def slots(numbers: Mapping[str, int]) -> list[int]:
    """The number columns of a record."""
    return [*numbers.values(), *[MISSING] * (NUMBERS - len(numbers))]


def millionths(value: Any) -> int | None:
    """A number in millionths, or None for what does not fit a column."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return None
    scaled = Fraction(value) * MILLION
    return int(scaled) if scaled.denominator == 1 and abs(scaled) <= LARGEST * MILLION else None


def item_number(item: str | None, fact: int) -> int:
    """A number for an item: 63 bits of a hash, so that no table of items is needed; facts without one stand alone."""
    if item is None:
        return -fact - 1
    return int.from_bytes(hashlib.blake2b(item.encode(), digest_size=8).digest(), "little") >> 1


def shape_text(kind: str, words: Iterable[tuple[str, Any]], numbers: Iterable[str]) -> str:
    """A shape as canonical text, for the register's table of shapes."""
    told = [[name, _worded(value)] for name, value in words]
    return json.dumps([kind, told, list(numbers)], ensure_ascii=False, separators=(",", ":"))


def shape_of(text: str) -> tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...]]:
    """The reverse of `shape_text`."""
    kind, words, numbers = json.loads(text)
    return kind, tuple((name, _unworded(value)) for name, value in words), tuple(numbers)


def _worded(value: Any) -> Any:
    if isinstance(value, Decimal | Fraction):
        return {"number": str(Fraction(value))}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _unworded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Fraction(value["number"]) if "number" in value else date.fromisoformat(value["date"])
