"""How a table stands on a sheet before anything is written: where its cells are, how wide columns and high rows must be.

A spreadsheet program fits the height of a row by itself only while somebody looks; printed unseen, or by another
program, lines would lie on each other. Pure.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from core.documents.fonts.charset import cells

# Of columns, in digits of the sheet's own type.
NARROWEST, WIDEST = 8, 48
MARGIN = 3
LINE, ROOM = 15.0, 4.5  # points from line to line at 11 points, and around them
HIGHEST = 400.0  # a spreadsheet takes 409
# Words of a column that are all this short stand in its middle.
SHORT = 4


@dataclass(frozen=True)
class Slot:
    """A cell and how many places it takes."""

    text: str
    across: int = 1
    down: int = 1
    bold: bool = False


@dataclass(frozen=True)
class Plan:
    """Row, column and cell of everything; widths of all columns; heights of rows of more than one line, by row; the
    columns of short words."""

    cells: Sequence[tuple[int, int, Slot]]
    widths: Sequence[float]
    heights: Mapping[int, float]
    centred: frozenset[int]


def planned(rows: Sequence[Sequence[Slot]], head: int) -> Plan:
    """The plan of a table whose first `head` rows name its columns."""
    placed = _placed(rows)
    need: dict[int, float] = {}
    longest: dict[int, float] = defaultdict(float)
    for down, column, slot in placed:
        if slot.across == 1:
            # More characters than the widest column has places need not be counted.
            wide = cells(slot.text[: 2 * WIDEST])
            # Words of a head may stand on two lines.
            wanted = wide * 2 / (2 if down < head else 1) + MARGIN
            need[column] = min(max(need.get(column, NARROWEST), wanted), WIDEST)
            if down >= head:
                longest[column] = max(longest[column], wide)
    widths = [need.get(column, NARROWEST) for column in range(max(need, default=0) + 1)]
    return Plan(
        placed, widths, _heights(placed, widths), frozenset(c for c, most in longest.items() if most <= SHORT)
    )


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a little room is left, since programs break lines in their own ways."""
    most = max((width - 1) / 2, 1.0)  # a Chinese character is two digits wide
    return sum(max(ceil(cells(part) / most), 1) for part in text.split("\n"))


def height(count: int) -> float:
    """The height of a row of so many lines, in points."""
    return min(count * LINE + ROOM, HIGHEST)


def _placed(rows: Sequence[Sequence[Slot]]) -> list[tuple[int, int, Slot]]:
    """Cells of a column that reach down or across keep their places from later ones."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for down, row in enumerate(rows):
        column = 0
        for slot in row:
            while (down, column) in taken:
                column += 1
            if slot.down > 1:
                taken |= {(down + n, column + m) for n in range(1, slot.down) for m in range(slot.across)}
            placed.append((down, column, slot))
            column += slot.across
    return placed


def _heights(placed: Sequence[tuple[int, int, Slot]], widths: Sequence[float]) -> dict[int, float]:
    most: dict[int, int] = defaultdict(lambda: 1)
    for down, column, slot in placed:
        count = ceil(lines(slot.text, sum(widths[column : column + slot.across]) or NARROWEST) / slot.down)
        for row in range(down, down + slot.down):
            most[row] = max(most[row], count)
    return {row: height(count) for row, count in most.items() if count > 1}
