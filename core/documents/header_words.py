"""Words of a table's header on several lines: where they may be broken, and how wide the longest line then is."""

import re

from core.documents import charset

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
