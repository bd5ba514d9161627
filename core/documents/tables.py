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
AIR = 2.0  # points that look better than none
MOST_PLACES = 20_000  # what is laid out within the renderer's time
SHORTEST_LINE = 3  # characters of a text that wraps
MOST_CELLS = 14  # a longer text may wrap
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_UNITS = re.compile(r"[!-~]+|.", re.S)
Rows = list[list[tuple[dict, bool]]]


class Size(NamedTuple):
    """A size of text in tables, the points a cell's padding and rule take, and the CSS class of both."""

    points: float
    inset: float
    name: str


# Tried in turn until the columns fit; the last one only where nothing else keeps numbers whole.
SIZES = (Size(14.0, 7.0, ""), Size(12.0, 7.0, "size-12"), Size(10.5, 7.0, "size-10"))
SMALLEST = Size(9.0, 3.0, "size-9")


class Sheet(NamedTuple):
    """Where a table stands: the CSS class of its page, the width there in mm, what to do when that is too little."""

    name: str
    width: float
    advice: str


SHEETS = {
    "A4": Sheet("", AREA_WIDTH, "请减少列，或设 wide 为 true（A4 横版）、A3（A3 横幅）"),
    "A4 sideways": Sheet("wide", AREA_HEIGHT, "请减少列，或设 wide 为 A3（A3 横幅）"),
    "A3": Sheet("a3", A3_AREA, "请减少列，或分成几个表格"),
}


def table_to_html(table: Mapping, sheet: object = False) -> Markup:
    """A table as HTML.

    `head`: 1 to 3 rows of texts or {text, colspan, rowspan}; `rows`: rows of texts, numbers, None or
    {text, colspan, rowspan, bold}; `columns` (optional): {width: mm, align: center|left|right|decimal} each;
    `title`, `notes` (optional) around it; `wide`: a landscape page of its own, "A3": a folded sheet. `sheet` says
    the same of the page that the table stands on.
    """
    if not isinstance(table, Mapping):
        raise RenderError(
            "表格的写法不对", reason="应写 head（表头）、rows（各行）等项", advice="见《文书底版说明》第七节"
        )
    kind = SHEETS[_sheet(sheet or table.get("wide"), str(table.get("title", "")))]
    title = str(table.get("title", ""))
    head, rows = _placed(table.get("head", ()), title), _placed(table.get("rows", ()), title)
    columns = _columns(table.get("columns"), _count_columns(head, rows, title))
    widths, size = _fit(_wishes(head, rows), [column.get("width") for column in columns], kind, head)
    aligns = [column.get("align", "center") for column in columns]
    html = Markup('<table class="score {}">{}{}<tbody>{}</tbody></table>').format(
        size.name,
        _colgroup(widths),
        _head(head, [(width - size.inset) / size.points for width in widths]),
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


def _placed(rows: Iterable, title: str) -> Rows:
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
                raise RenderError(
                    "表格过大，无法排版",
                    where=title,
                    reason=f"共 {len(rows)} 行，超过 {MOST_PLACES} 格",
                    advice="请分成几份文书，或只印主要部分，全表另附电子表格",
                )
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
        if not _is_width(column.get("width")):
            raise RenderError(f"列的宽度“{column['width']}”不是数字", advice="宽度以毫米计，只写数字，如 20")
    return columns


def _is_width(value: object) -> bool:
    return not value or isinstance(value, (int, float, Decimal)) or bool(_NUMBER.fullmatch(str(value)))


class Wish(NamedTuple):
    """What a column wants, in characters: to stand on one line (header words on two), and at the very least."""

    natural: float
    least: float


def _wishes(head: Rows, rows: Rows) -> list[Wish]:
    """Numbers are never broken; a text may wrap, but not into single characters."""
    natural = [2.0] * len((head or rows)[0])
    least = [1.0] * len(natural)
    for lines, part in ((2, head), (1, rows)):
        for row in part:
            for column, (cell, starts) in enumerate(row):
                if starts and cell["colspan"] == 1:
                    need = charset.cells(cell["text"])
                    natural[column] = max(natural[column], min(need, MOST_CELLS) / lines)
                    if part is rows:
                        whole = need if _is_number(cell["text"]) else min(need, SHORTEST_LINE)
                        least[column] = max(least[column], whole)
    return [Wish(max(want, must), must) for want, must in zip(natural, least, strict=True)]


def _fit(wishes: list[Wish], fixed: list, sheet: Sheet, head: Rows) -> tuple[list[float], Size]:
    """Column widths in points, and the largest text size at which everything fits."""
    given = [float(Decimal(str(width))) * MM if width else None for width in fixed]
    free = [wish for wish, width in zip(wishes, given, strict=True) if width is None]
    room = sheet.width * MM - sum(width for width in given if width)
    if room < -0.5:
        raise RenderError("表格各列宽度之和超过版心", advice="请减小 columns 中的 width")
    size = _size(free, room)
    needs = [
        (wish.natural * size.points + size.inset + AIR, wish.least * size.points + size.inset)
        for wish in free
    ]
    if free and sum(least for _, least in needs) > room:
        raise _too_narrow(wishes, fixed, sheet, head)
    shared = iter(share([natural for natural, _ in needs], room, [least for _, least in needs]))
    return [next(shared) if width is None else width for width in given], size


def _size(wishes: list[Wish], room: float) -> Size:
    for size in SIZES:
        if sum(wish.natural * size.points + size.inset + AIR for wish in wishes) <= room:
            return size
    wraps = sum(wish.least * SIZES[-1].points + SIZES[-1].inset for wish in wishes) <= room
    return SIZES[-1] if wraps else SMALLEST


def _too_narrow(wishes: list[Wish], fixed: list, sheet: Sheet, head: Rows) -> RenderError:
    number = max((n for n, width in enumerate(fixed) if not width), key=lambda n: wishes[n].least)
    name = next((cell["text"] for cell, _ in (row[number] for row in reversed(head)) if cell["text"]), "")
    return RenderError(
        f"表格有 {len(wishes)} 列，用最小的字也排不下",
        reason=f"最宽的是第 {number + 1} 列{f'“{name[:20]}”' if name else ''}",
        advice=sheet.advice,
    )


def share(natural: list[float], room: float, least: Sequence[float] = ()) -> list[float]:
    """Widen all columns in proportion, or cut only the widest ones, until they fill the room; none gets less than
    its least, as long as the room holds those."""
    if not natural:
        return []
    if sum(natural) <= room:
        return [width * room / sum(natural) for width in natural]
    cap = _cap(natural, room)
    short = [must > min(want, cap) for want, must in zip(natural, least, strict=False)]
    if not any(short) or all(short):
        return [min(want, cap) for want in natural]
    # What must stay wide is set aside; the others share the rest.
    kept = sum(must for must, is_short in zip(least, short, strict=True) if is_short)
    others = [n for n, is_short in enumerate(short) if not is_short]
    rest = iter(share([natural[n] for n in others], room - kept, [least[n] for n in others]))
    return [must if is_short else next(rest) for must, is_short in zip(least, short, strict=True)]


def _cap(natural: list[float], room: float) -> float:
    """The width at which cutting the widest columns makes all fit."""
    rest, ordered = room, sorted(natural)
    for place, width in enumerate(ordered):
        cap = rest / (len(ordered) - place)
        if width >= cap:
            return cap
        rest -= width
    return ordered[-1]


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
