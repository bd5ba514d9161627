"""What two texts have in common, word for word: how much of one stands in the other, and where. Pure.

Marks, spaces, width and capitals do not count; a number counts as a number, whatever it is, so that a text copied
with other figures is still the same text. Shorter stretches than SHORTEST and stock phrases are no passages.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.search.folding import fold_with_places
from core.search.formulas import GAP, NUMERALS, without_phrases

SHORTEST = 8
Piece = tuple[str, bool]
_PARTS = re.compile(f"{NUMERALS.pattern}|.", re.DOTALL)


class Compared:
    """A folded text made ready to be compared with many; what of it is asked for is worked out once."""

    def __init__(self, folded: str, left_out: Sequence[str] = ()) -> None:
        """`left_out` are further phrases that count for nothing."""
        self._folded = folded
        self.text = comparable(folded)
        for phrase in left_out:
            self.text = self.text.replace(phrase, GAP)

    @cached_property
    def stretches(self) -> frozenset[str]:
        """Every stretch of SHORTEST characters."""
        return stretches(self.text)

    @cached_property
    def numbers(self) -> Counter[str]:
        """How often each number stands there; single signs like 一 do not count."""
        found = (each.group() for each in NUMERALS.finditer(self._folded))
        return Counter(each for each in found if len(each) > 1 or each.isascii())

    @cached_property
    def size(self) -> int:
        """How many characters there are to compare; what is shorter than a passage between two gaps is not compared."""
        return sum(len(part) for part in self.text.split(GAP) if len(part) >= SHORTEST)

    def common(self, other: "Compared") -> int:
        """How many characters of it stand in the other."""
        return sum(last - first for first, last in covered(self.text, other.stretches))

    def numbers_kept(self, other: "Compared") -> float:
        """How many of its numbers stand in the other, from 0 to 1."""
        own = self.numbers
        return (own & other.numbers).total() / own.total() if own else 1.0


def comparable(folded: str) -> str:
    """A folded text as it is compared: without spaces, numbers alike, gaps for stock phrases."""
    return NUMERALS.sub("0", without_phrases(folded.replace(" ", "")))


def stretches(text: str) -> frozenset[str]:
    """Every stretch of SHORTEST characters of a comparable text."""
    parts = text.split(GAP)
    return frozenset(part[at : at + SHORTEST] for part in parts for at in range(len(part) - SHORTEST + 1))


def covered(text: str, other: frozenset[str]) -> list[tuple[int, int]]:
    """Where a comparable text says what another one (given as its stretches) says, in order, without overlaps."""
    found: list[tuple[int, int]] = []
    for at in range(len(text) - SHORTEST + 1):
        if text[at : at + SHORTEST] in other:
            if found and at <= found[-1][1]:
                found[-1] = found[-1][0], at + SHORTEST
            else:
                found.append((at, at + SHORTEST))
    return found


def in_common(one: Sequence[str], other: Sequence[str]) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Both texts, paragraph by paragraph, in pieces that say whether they stand in the other text too.

    A number inside a passage is only said to when the other text has that very number.
    """
    texts = [_Read.every(one), _Read.every(other)]
    return [line.marked(texts[1]) for line in texts[0]], [line.marked(texts[0]) for line in texts[1]]


@dataclass(frozen=True)
class _Read:
    """A line (NFC), the same as it is compared but with all its phrases, and of each character of that where it
    stands and, if it is a number, which one."""

    line: str
    text: str
    spots: Sequence[tuple[int, int, str]]

    @classmethod
    def every(cls, lines: Sequence[str]) -> "list[_Read]":
        return [cls.of(unicodedata.normalize("NFC", line)) for line in lines]

    @classmethod
    def of(cls, line: str) -> "_Read":
        folded, places = fold_with_places(line)
        kept = [(ch, place) for ch, place in zip(folded, places, strict=True) if ch != " "]
        squeezed = "".join(ch for ch, _ in kept)
        text, spots = "", list[tuple[int, int, str]]()
        for part in _PARTS.finditer(squeezed):
            number = part.group() if NUMERALS.match(part.group()) else ""
            text += "0" if number else part.group()
            spots.append((kept[part.start()][1], kept[part.end() - 1][1] + 1, number))
        return cls(line, text, spots)

    def marked(self, others: "Sequence[_Read]") -> list[Piece]:
        """The line in pieces that say whether they stand in the other lines."""
        pieces: list[Piece] = []
        done = 0
        for start, end in self._said_there(others):
            pieces += [(self.line[done:start], False), (self.line[start:end], True)]
            done = end
        return [piece for piece in [*pieces, (self.line[done:], False)] if piece[0]]

    def _said_there(self, others: "Sequence[_Read]") -> Iterator[tuple[int, int]]:
        """From where to where the other lines say the same, parted by numbers that they do not have."""
        known = frozenset(each for other in others for each in stretches(other.text))
        numbers = {number for other in others for _, _, number in other.spots}
        for first, last in covered(self.text, known):
            start = end = -1
            for left, right, number in self.spots[first:last]:
                if number and number not in numbers:
                    if start >= 0:
                        yield start, end
                    start = -1
                else:
                    start, end = (left if start < 0 else start), right
            if start >= 0:
                yield start, end
