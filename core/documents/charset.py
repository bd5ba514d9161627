"""Small facts about characters: what takes a full cell, what can never be printed."""

import unicodedata
from collections.abc import Iterator

# Marks that are a whole cell in Chinese type although Unicode calls their width ambiguous.
_FULL = frozenset("“”‘’—…·〔〕①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ★☆●○◆◇□■△▲▽▼◣℃‰×÷")
# Cc controls, Cf invisible format marks (zero width, directions), Cs half surrogates. Private and unknown code
# points stay: old systems keep rare names there, and a name must not lose a character without a word.
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs"))


def is_unprintable(char: str) -> bool:
    """Whether a character has no picture of its own: controls, invisible marks, variation selectors."""
    return unicodedata.category(char) in _UNPRINTABLE or _is_selector(ord(char))


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def cells(text: str) -> float:
    """How many character cells a text takes: one for a Chinese character, half for a Latin one."""
    return sum(1.0 if is_full(char) else 0.5 for char in text)


def is_full(char: str) -> bool:
    """Whether a character takes a whole cell."""
    return char in _FULL or unicodedata.east_asian_width(char) in "WF"


def from_ranges(ranges: str) -> frozenset[int]:
    """A set of code points from fontconfig's notation: `20-7e a5 4e00-9fa5`."""
    return frozenset(_points(ranges))


def _points(ranges: str) -> Iterator[int]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
