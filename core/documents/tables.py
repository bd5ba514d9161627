"""Score tables: several header rows, columns that fit their contents, decimals under each other."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from markupsafe import Markup, escape

from core.documents import charset
from core.documents.grid import A3_AREA, AREA_HEIGHT, AREA_WIDTH, MM
from core.errors import RenderError

ALIGNMENTS = ("center", "left", "right", "decimal")
HEADER_ROWS = 3
# Text sizes tried in turn until the columns fit, with the CSS class that sets each.
SIZES = ((14.0, ""), (12.0, "size-12"), (10.5, "size-10"))
INSET = 7.0  # points taken by a cell's padding and rule
AIR = 2.0  # and what looks better
NARROWEST = 10.0
MOST_PLACES = 100_000
MOST_CELLS = 14  # a longer text may wrap
_UNITS = re.compile(r"[!-~]+|.", re.S)
Rows = list[list[tuple[dict, bool]]]


class Sheet(NamedTuple):
    """Where a table stands: the CSS class of its page, and the width there in mm."""

    name: str
    width: float


SHEETS = {
    "A4": Sheet("", AREA_WIDTH),
    "A4 sideways": Sheet("wide", AREA_HEIGHT),
    "A3": Sheet("a3", A3_AREA),
}


def table_to_html(table: Mapping, sheet: object = False) -> Markup:
    """A table as HTML.

    `head`: 1 to 3 rows of texts or {text, colspan, rowspan}; `rows`: rows of texts, numbers, None or
    {text, colspan, rowspan, bold}; `columns` (optional): {width: mm, align: center|left|right|decimal} each;
    `title`, `notes` (optional) around it; `wide`: a landscape page of its own, "A3": a folded sheet. `sheet` says
    the same of the page that the table stands on.
    """
    kind = SHEETS[_sheet(sheet or table.get("wide"), str(table.get("title", "")))]
    head, rows = _placed(table.get("head", ())), _placed(table.get("rows", ()))
    columns = _columns(table.get("columns"), _count_columns(head, rows, str(table.get("title", ""))))
    total = kind.width * MM
    widths, size, name = _fit(_natural(head, rows), [column.get("width") for column in columns], total)
    aligns = [column.get("align", "center") for column in columns]
    html = Markup('<table class="score {}">{}{}<tbody>{}</tbody></table>').format(
        name,
        _colgroup(widths),
        _head(head, [(width - INSET) / size for width in widths]),
        _body(rows, aligns),
    )
    html = _titled(html, table)
    return Markup('<div class="{}">{}</div>').format(kind.name, html) if kind.name and not sheet else html


def _sheet(wide: object, title: str) -> str:
    if not wide or wide is True:
        return "A4 sideways" if wide else "A4"
    if wide in ("A3", "a3"):
        return "A3"
    raise RenderError(f"表格的 wide 不能是“{wide}”", where=title, advice="写 true（A4 横版）或 A3（A3 横幅）")


def _cell(cell: object) -> dict:
    if isinstance(cell, Mapping):
        return {"colspan": 1, "rowspan": 1, **cell, "text": _text(cell.get("text"))}
    return {"colspan": 1, "rowspan": 1, "text": _text(cell)}


def _text(value: object) -> str:
    if value is None or isinstance(value, (str, int, Decimal)):
        return "" if value is None else str(value)
    raise RenderError("表格单元格只能是文字或数字", reason=f"现为 {type(value).__name__}")


def _placed(rows: Iterable) -> Rows:
    """Each row as (cell, starts here) per column, merged cells filled in."""
    rows = [[_cell(cell) for cell in row] for row in rows]
    filled: list[dict[int, tuple[dict, bool]]] = [{} for _ in rows]
    room = MOST_PLACES
    for down, row in enumerate(rows):
        right = 0
        for cell in row:
            while right in filled[down]:
                right += 1
            below = range(down, min(down + max(int(cell["rowspan"]), 1), len(rows)))
            across = range(right, right + max(int(cell["colspan"]), 1))
            room -= len(below) * len(across)
            if room < 0:
                raise RenderError("表格过大，无法排版", reason=f"超过 {MOST_PLACES} 格")
            for i in below:
                filled[i] |= {j: (cell, i == down and j == right) for j in across}
    return [[row[column] for column in sorted(row)] for row in filled]


def _count_columns(head: Rows, rows: Rows, title: str) -> int:
    """How many columns the table has; every row must fill them exactly."""
    if len(head) > HEADER_ROWS:
        raise RenderError(f"表头最多 {HEADER_ROWS} 行，现有 {len(head)} 行", where=title)
    counts = [len(row) for row in (*head, *rows)]
    if not counts or not counts[0]:
        raise RenderError("表格没有内容", where=title)
    for number, count in enumerate(counts, 1):
        if count != counts[0]:
            reason = f"表格第 {number} 行有 {count} 列，与第 1 行的 {counts[0]} 列不一致"
            raise RenderError(reason, where=title, advice="请检查合并单元格的 colspan 和 rowspan")
    return counts[0]


def _columns(columns: Sequence[Mapping] | None, count: int) -> list[Mapping]:
    columns = list(columns or [{}] * count)
    if len(columns) != count:
        raise RenderError(f"columns 写了 {len(columns)} 列，表格有 {count} 列")
    for column in columns:
        if column.get("align", "center") not in ALIGNMENTS:
            raise RenderError(
                f"列的对齐方式“{column['align']}”不存在", advice=f"可用：{'、'.join(ALIGNMENTS)}"
            )
    return columns


def _natural(head: Rows, rows: Rows) -> list[float]:
    """The width each column would like, in characters: contents on one line, header words on two."""
    wish = [2.0] * len((head or rows)[0])
    for lines, part in ((2, head), (1, rows)):
        for row in part:
            for column, (cell, starts) in enumerate(row):
                if starts and cell["colspan"] == 1:
                    need = min(charset.cells(cell["text"]), MOST_CELLS) / lines
                    wish[column] = max(wish[column], need)
    return wish


def _fit(wish: list[float], fixed: list, total: float) -> tuple[list[float], float, str]:
    """Column widths in points, the largest text size at which everything fits, and its class."""
    given = [float(Decimal(str(width))) * MM if width else None for width in fixed]
    room = total - sum(width for width in given if width)
    natural, size, name = _sized(
        [want for want, width in zip(wish, given, strict=True) if width is None], room
    )
    shared = iter(share(natural, room))
    widths = [next(shared) if width is None else width for width in given]
    if sum(widths) > total + 0.5 or min(widths) < NARROWEST:
        advice = "请减小 columns 中的 width，或设 wide 为真排成横表"
        raise RenderError("表格各列宽度之和超过版心", advice=advice)
    return widths, size, name


def _sized(wish: list[float], room: float) -> tuple[list[float], float, str]:
    natural, size, name = [], *SIZES[0]
    for size, name in SIZES:  # noqa: B007  the last one stays when none fits
        natural = [want * size + INSET + AIR for want in wish]
        if sum(natural) <= room:
            break
    return natural, size, name


def share(natural: list[float], room: float) -> list[float]:
    """Widen all columns in proportion, or cut only the widest ones, until they fill the room."""
    if not natural:
        return []
    if sum(natural) <= room:
        return [width * room / sum(natural) for width in natural]
    rest, left = room, sorted(natural)
    for place, width in enumerate(left):
        cap = rest / (len(left) - place)
        if width >= cap:
            return [min(want, cap) for want in natural]
        rest -= width
    return natural


def _colgroup(widths: Iterable[float]) -> Markup:
    return Markup("<colgroup>{}</colgroup>").format(
        Markup("").join(Markup('<col style="width: {}pt">').format(f"{width:.2f}") for width in widths)
    )


def _head(head: Rows, room: list[float]) -> Markup:
    """The header; `room` is how many characters fit into each column."""
    rows = (
        _row(
            _tag("th", cell, _balanced(cell["text"], sum(room[column : column + int(cell["colspan"])])))
            for column, (cell, starts) in enumerate(row)
            if starts
        )
        for row in head
    )
    return Markup("<thead>{}</thead>").format(Markup("").join(rows)) if head else Markup("")


def _balanced(text: str, room: float) -> Markup:
    """A header word on lines of equal length: 累计/得分, not 累计得/分. Numbers and Latin words stay whole."""
    lines = ceil(charset.cells(text) / max(room, 1))
    units = _UNITS.findall(text)
    if lines < 2 or len(units) < lines or " " in text:
        return escape(text)
    size, pieces = charset.cells(text) / lines, [""]
    for unit in units:
        so_far = charset.cells(pieces[-1])
        if pieces[-1] and len(pieces) < lines and so_far + charset.cells(unit) / 2 >= size:
            pieces.append("")
        pieces[-1] += unit
    return Markup("<br>").join(pieces)


def _body(rows: Rows, aligns: list[str]) -> Markup:
    room = _decimal_room(rows, aligns)
    return Markup("").join(
        _row(
            _tag("td", cell, _aligned(cell["text"], room.get(column)), aligns[column])
            for column, (cell, starts) in enumerate(row)
            if starts
        )
        for row in rows
    )


def _row(cells: Iterable[Markup]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _decimal_room(rows: Rows, aligns: list[str]) -> dict[int, tuple[int, int]]:
    """For decimal columns: the most digits before and after the point (with the point itself)."""
    room: dict[int, tuple[int, int]] = {}
    for row in rows:
        for column, (cell, _) in enumerate(row):
            if aligns[column] == "decimal" and _is_number(cell["text"]):
                whole, part = _split(cell["text"])
                most = room.get(column, (0, 0))
                room[column] = max(most[0], len(whole)), max(most[1], len(part))
    return room


def _is_number(text: str) -> bool:
    return text.lstrip("-+").replace(".", "", 1).isdecimal()


def _split(text: str) -> tuple[str, str]:
    whole, point, part = text.partition(".")
    return whole, point + part


def _aligned(text: str, room: tuple[int, int] | None) -> Markup:
    """Centre a number by its decimal point: invisible digits fill both sides."""
    if room is None or not _is_number(text):
        return escape(text)
    whole, part = _split(text)
    lead = "0" * (room[0] - len(whole))
    missing = room[1] - len(part)
    tail = "0" * missing if part else ".".ljust(missing, "0")[:missing]
    return Markup("{}{}{}").format(_ghost(lead), text, _ghost(tail))


def _ghost(digits: str) -> Markup:
    return Markup('<span class="ghost">{}</span>').format(digits) if digits else Markup("")


def _tag(tag: str, cell: dict, content: Markup, align: str = "center") -> Markup:
    spans = "".join(f' {name}="{int(cell[name])}"' for name in ("colspan", "rowspan") if int(cell[name]) > 1)
    kind = {"left": ' class="left"', "right": ' class="right"', "decimal": ' class="number"'}.get(align, "")
    if cell.get("bold"):
        content = Markup("<b>{}</b>").format(content)
    return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, Markup(spans), Markup(kind), content)


def _titled(html: Markup, table: Mapping) -> Markup:
    title = (
        Markup('<p class="table-title">{}</p>').format(table["title"]) if table.get("title") else Markup("")
    )
    notes = [
        Markup('<p class="table-note">{}{}</p>').format("" if number else "注：", note)
        for number, note in enumerate(table.get("notes", ()))
    ]
    return title + html + Markup("").join(notes)
