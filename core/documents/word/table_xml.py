"""Tables as WordprocessingML: thin rules, a head repeated on every page, decimal points below each other."""

from collections.abc import Sequence
from dataclasses import replace

from core.documents.word.measures import twips
from core.documents.word.pieces import Cell, Run, Table, tallest
from core.documents.word.runs_xml import joint, runs_xml
from core.documents.word.sheet import points
from core.documents.word.styles import STYLES

PADDING = 3.0
START, MIDDLE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_NO_MARGINS = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
_MARGINS = "".join(
    f'<w:{side} w:w="{twips(width)}" w:type="dxa"/>'
    for side, width in (("top", 2), ("left", PADDING), ("bottom", 2), ("right", PADDING))
)


def table_xml(table: Table, room: float, is_followed: bool = False) -> str:
    """A table; without widths of its own its columns share the room. Nothing for one without cells.

    `is_followed`: notes, a source or a signature follow, on the page of the last row.
    """
    rows = _placed(table)
    count = max((sum(cell.across for cell, _ in row) for row in rows), default=0)
    if not count:
        return ""
    across = min(points(table.width, room) or room, room)
    side = "left" if across < room and table.is_left else "center"
    widths = _columns(table, count, across)
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    heights = [*table.heights, *(0.0 for _ in rows)]
    kept = _kept(table, is_followed)
    lines = "".join(
        _row(row, n < table.head, heights[n], widths, table, n in kept) for n, row in enumerate(rows)
    )
    borders, margins = (
        ("", _NO_MARGINS) if table.plain else (f"<w:tblBorders>{_BORDERS}</w:tblBorders>", _MARGINS)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/><w:jc w:val="{side}"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
    )


def _kept(table: Table, is_followed: bool) -> set[int]:
    """The rows that stay with the next one, as in print: no page has the head alone, nor the first or the last row, and
    the last is followed by what belongs to it."""
    last = len(table.rows) - 1
    kept = set() if table.slip or table.plain else {*range(table.head + 1), last - 1} - {last}
    return kept | {last} if is_followed else kept


def _columns(table: Table, count: int, room: float) -> list[float]:
    """Widths as the printed table has them: what is said, the rest in equal parts, and all together as wide as the room;
    in a frame there is less of it than the columns were made for."""
    widths = list(table.widths) if len(table.widths) == count else [0.0] * count
    left = max(room - sum(widths), 0.0)
    if unsaid := widths.count(0.0):
        widths = [width or left / unsaid for width in widths]
    elif not table.plain:
        widths = [width + left / count for width in widths]
    share = min(1.0, room / max(sum(widths), 1.0))
    return [width * share for width in widths]


def _placed(table: Table) -> list[list[tuple[Cell, str]]]:
    """Every row with all its places; a cell that reaches down stands in each row, with its part in the merge."""
    placed: list[list[tuple[Cell, str]]] = []
    above: dict[int, tuple[Cell, int]] = {}  # place → cell that reaches down to here, rows left
    for row in table.rows:
        line: list[tuple[Cell, str]] = []
        place, given = 0, list(row)
        while place in above or given:
            if place in above:
                cell, left = above.pop(place)
                merge = MIDDLE
            else:
                cell = given.pop(0)
                left, merge = cell.down, START if cell.down > 1 else ""
            if left > 1:
                above[place] = (cell, left - 1)
            line.append((cell, merge))
            place += cell.across
        placed.append(line)
    return placed


def _row(
    row: list[tuple[Cell, str]],
    head: bool,
    height: float,
    widths: Sequence[float],
    table: Table,
    kept: bool,
) -> str:
    cells, place = [], 0
    for cell, merge in row:
        width = sum(widths[place : place + cell.across])
        place += cell.across
        span = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
        look = f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="{"top" if cell.top else "center"}"/>'
        inside = (
            joint("<w:keepNext/>" if kept else "") if merge == MIDDLE else _text(cell, width, table, kept)
        )
        cells.append(f"<w:tc><w:tcPr>{look}</w:tcPr>{inside}</w:tc>")
    rule = "exact" if table.plain else "atLeast"
    least = f'<w:trHeight w:val="{twips(height)}" w:hRule="{rule}"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{least}{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _text(cell: Cell, width: float, table: Table, kept: bool) -> str:
    align, indent, line = cell.align, "", ""
    if align == "number":
        align, indent = "right", f'<w:ind w:right="{twips(_right_of_number(cell, width, table.size))}"/>'
    elif cell.indented:
        indent = f'<w:ind w:firstLineChars="200" w:firstLine="{twips(2 * (cell.size or table.size))}"/>'
    rule = "atLeast" if tallest(cell.runs) else "exact"
    if (cell.line or table.line) != STYLES["TableText"].line or rule == "atLeast":
        line = f'<w:spacing w:line="{twips(cell.line or table.line)}" w:lineRule="{rule}"/>'
    room = width if table.plain else width - 2 * PADDING
    sized = [
        replace(
            run, size=run.size or cell.size or table.size, picture=run.picture and run.picture.within(room)
        )
        for run in cell.runs
    ]
    keep = "<w:keepNext/>" if kept else ""
    look = f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{keep}{line}{indent}<w:jc w:val="{align}"/></w:pPr>'
    return "".join(
        f"{look}{runs_xml(part, 'TableText')}</w:p>" for part in (_lines(sized) if cell.indented else [sized])
    )


def _lines(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of each paragraph of a cell."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=text)] for text in others]
    return lines


def _right_of_number(cell: Cell, width: float, size: float) -> float:
    """How far a number ends from the right: digits are half a character wide, the invisible ones count."""
    digits = len(cell.text) + sum(cell.pad)
    free = width - 2 * PADDING - digits * size / 2
    return max(free / 2 + cell.pad[1] * size / 2, 0.0)
