"""Lengths of the Word page. Word's own grid is what officers know: 37 and 35 mm of margin, 22 lines, 28 characters.

Word shares the whole type area among its lines, leading included; our PDF lets the first and last characters touch
its edges. The line is therefore 28.95 instead of 29.61 points, and a page holds the same 22 lines.
"""

from core.documents.typesetting.grid import AREA_HEIGHT, AREA_WIDTH, CELLS, MM, ROWS, SIZE_3

CELL = AREA_WIDTH * MM / CELLS
LINE_TWIPS = int(AREA_HEIGHT * MM * 20 / ROWS)
ROW = LINE_TWIPS / 20
HALF = (ROW - SIZE_3) / 2
EMU = 12700  # of a point, for pictures
FURTHEST = 31.0  # points Word allows between a paragraph and its border
# The grid's characters are that much narrower than size 3, in 4096ths of a point.
CHAR_SPACE = round((CELL - SIZE_3) * 4096)


def twips(points: float) -> int:
    """Word's unit: a twentieth of a point."""
    return round(points * 20)


def mm(length: float) -> int:
    """Millimetres in twips."""
    return twips(length * MM)
