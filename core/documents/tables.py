"""Score tables of circulars: several header rows, columns that fit their contents, decimals under each other."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from core.documents import charset
from core.documents.grid import AREA_HEIGHT, AREA_WIDTH, MM
from core.errors import RenderError

ALIGNMENTS = ("center", "left", "right", "decimal")
HEADER_ROWS = 3
# Text sizes tried in turn until the columns fit, with the CSS class that sets each.
SIZES = ((14.0, ""), (12.0, "size-12"), (10.5, "size-10"))
PADDING = 7.0  # points taken by a cell's padding and rule
MOST_CELLS = 14  # a longer text may wrap


def table_to_html(table: Mapping) -> Markup:
    """A table as HTML.

    `head`: 1 to 3 rows of texts or {text, colspan, rowspan}; `rows`: rows of texts, numbers, None or
    {text, colspan, rowspan, bold}; `columns` (optional): {width: mm, align: center|left|right|decimal} each;
    `title`, `notes` (optional) around it; `wide`: a landscape page of its own.
    """
    head = [[_cell(cell) for cell in row] for row in table.get("head", ())]
    rows = [[_cell(cell) for cell in row] for row in table.get("rows", ())]
    count = _count_columns(head, rows, str(table.get("title", "")))
    columns = _columns(table.get("columns"), count)
    total = AREA_HEIGHT if table.get("wide") else AREA_WIDTH
    widths, size = _fit(_natural(head, rows, count), [column.get("width") for column in columns], total * MM)
    html = Markup('<table class="score {}">{}{}<tbody>{}</tbody></table>').format(
        size,
        _colgroup(widths),
        _head(head),
        _body(rows, [column.get("align", "center") for column in columns]),
    )
    html = _titled(html, table)
    return Markup('<div class="wide">{}</div>').format(html) if table.get("wide") else html


def _cell(cell: object) -> dict:
    if isinstance(cell, Mapping):
        return {"colspan": 1, "rowspan": 1, **cell, "text": _text(cell.get("text"))}
    return {"colspan": 1, "rowspan": 1, "text": _text(cell)}


def _text(value: object) -> str:
    if value is None or isinstance(value, (str, int, Decimal)):
        return "" if value is None else str(value)
    raise RenderError("表格单元格只能是文字或数字", reason=f"现为 {type(value).__name__}")


def _count_columns(head: list, rows: list, title: str) -> int:
    """How many columns the table has; every row must fill them exactly."""
    if len(head) > HEADER_ROWS:
        raise RenderError(f"表头最多 {HEADER_ROWS} 行，现有 {len(head)} 行", where=title)
    counts = [len(row) for row in _occupied(head)] + [len(row) for row in _occupied(rows)]
    if not counts:
        raise RenderError("表格没有内容", where=title)
    for number, count in enumerate(counts, 1):
        if count != counts[0] or count > 60:
            raise RenderError(
                f"表格第 {number} 行有 {count} 列，与第 1 行的 {counts[0]} 列不一致",
                where=title,
                advice="请检查合并单元格的 colspan 和 rowspan",
            )
    return counts[0]


def _occupied(rows: list) -> list[list[tuple[dict, bool]]]:
    """Each row as (cell, starts here) per column, merged cells filled in."""
    filled: list[dict[int, tuple[dict, bool]]] = [{} for _ in rows]
    for down, row in enumerate(rows):
        right = 0
        for cell in row:
            while right in filled[down]:
                right += 1
            for i in range(down, min(down + min(int(cell["rowspan"]), 1000), len(rows))):
                for j in range(right, right + min(int(cell["colspan"]), 100)):
                    filled[i][j] = (cell, i == down and j == right)
    return [[row[column] for column in sorted(row)] for row in filled]


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


def _natural(head: list, rows: list, count: int) -> list[float]:
    """The width each column would like, in characters: contents on one line, header words on two."""
    wish = [2.0] * count
    for share, part in ((0.5, head), (1.0, rows)):
        for row in _occupied(part):
            for column, (cell, starts) in enumerate(row):
                if starts and cell["colspan"] == 1:
                    need = min(charset.cells(cell["text"]), MOST_CELLS) * share
                    wish[column] = max(wish[column], need)
    return wish


def _fit(wish: list[float], fixed: list, total: float) -> tuple[list[float], str]:
    """Column widths in points and the class of the largest text size at which everything fits."""
    given = [float(Decimal(str(width))) * MM if width else None for width in fixed]
    room = total - sum(width for width in given if width)
    free = [i for i, width in enumerate(given) if width is None]
    natural, name = [], ""
    for size, name in SIZES:
        natural = [wish[i] * size + PADDING for i in free]
        if sum(natural) <= room:
            break
    shared = iter(share(natural, room))
    widths = [next(shared) if width is None else width for width in given]
    if sum(widths) > total + 0.5 or min(widths) < 10:
        raise RenderError(
            "表格各列宽度之和超过版心", advice="请减小 columns 中的 width，或设 wide 为真排成横表"
        )
    return widths, name


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


def _head(head: list) -> Markup:
    rows = (
        Markup("<tr>{}</tr>").format(Markup("").join(_tag("th", cell, escape(cell["text"])) for cell in row))
        for row in head
    )
    return Markup("<thead>{}</thead>").format(Markup("").join(rows)) if head else Markup("")


def _body(rows: list, aligns: list[str]) -> Markup:
    tails = _decimal_room(rows, aligns)
    out = []
    for row, occupied in zip(rows, _occupied(rows), strict=True):
        places = [column for column, (_, starts) in enumerate(occupied) if starts]
        cells = (
            _tag("td", cell, _aligned(cell["text"], tails.get(column)), aligns[column])
            for cell, column in zip(row, places, strict=True)
        )
        out.append(Markup("<tr>{}</tr>").format(Markup("").join(cells)))
    return Markup("").join(out)


def _decimal_room(rows: list, aligns: list[str]) -> dict[int, tuple[int, int]]:
    """For decimal columns: the most digits before and after the point (with the point itself)."""
    room: dict[int, tuple[int, int]] = {}
    for row in _occupied(rows):
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
