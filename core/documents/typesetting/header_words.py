"""Words of a table's header on several lines: where they may be broken, how wide the longest line is, how many stand
on each other."""

import re
from collections.abc import Sequence
from math import ceil

from core.documents.fonts import charset
from core.documents.typesetting.placing import Place

# A header stands on every page, above at least as much again.
MOST_ROWS = 3
MOST_LINES = 12  # of one cell
MOST_IN_ALL = 18  # of all its rows

# Numbers and Latin words stay whole; a bracket or a mark stays with what it belongs to.
_UNITS = re.compile(r"[（《〈「“‘(\[]*(?:[!-'*-~]+|.)[）》〉」”’、，。：；！？)\]％‰℃]*", re.S)


def lines_of(text: str, count: int) -> list[str]:
    """A text on about so many lines of equal length: 累计/得分, not 累计得/分."""
    units = _UNITS.findall(text)
    if count < 2 or len(units) < count:
        return [text]
    size, lines = charset.cells(text) / count, [""]
    for unit in units:
        so_far = charset.cells(lines[-1])
        over = so_far + charset.cells(unit) / 2 - size
        # In the middle of a word of three the first two belong together (国家/级); the same holds of other odd ones.
        if lines[-1] and len(lines) < count and (over > 0 or (over == 0 and so_far % 2 == 0)):
            lines.append("")
        lines[-1] += unit
    return lines


def width_on(text: str, count: int) -> float:
    """How wide a text is on so many lines, in characters."""
    return max(map(charset.cells, lines_of(text, count)))


def lines_in(text: str, room: float) -> int:
    """On how many lines a text stands that has room for so many characters."""
    return ceil(charset.cells(text) / max(room, 1))


def heights(head: Sequence[Sequence[Place]], room: Sequence[float]) -> list[int]:
    """How many lines the highest cell of each row has; `room` is how many characters fit into each column."""
    return [
        max(
            (
                lines_in(cell["text"], sum(room[column : column + int(cell["colspan"])]))
                for column, (cell, starts) in enumerate(row)
                if starts
            ),
            default=0,
        )
        for row in head
    ]
