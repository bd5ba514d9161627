"""Score tables: several header rows, columns that fit their contents, decimals under each other."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from core.documents.fonts import charset
from core.documents.typesetting import header_words
from core.documents.typesetting.column_widths import (
    MOST_PLACES,
    Rows,
    colgroup,
    fit,
    sheet_of,
    too_large,
    wishes_of,
)
from core.documents.typesetting.figures import is_number
from core.documents.typesetting.placing import places
from core.errors import RenderError

ALIGNMENTS = ("center", "left", "right", "decimal")
LONGEST_TITLE = 120  # characters
SHORTER_HEADER = "请精简表头，把说明写在表下的注中"
BLANK = Markup("\u3000")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def table_to_html(table: Mapping[str, Any], sheet: object = False) -> Markup:
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
    title = str(table.get("title", ""))
    kind = sheet_of(sheet or table.get("wide"), title)
    head, rows = _placed(table.get("head", ()), title), _placed(table.get("rows", ()), title)
    columns = _columns(table.get("columns"), _count_columns(head, rows, title))
    widths, size = fit(wishes_of(head, rows), [column.get("width") for column in columns], kind, head, title)
    aligns = [column.get("align", "center") for column in columns]
    html = Markup('<table class="score {}">{}{}<tbody>{}</tbody></table>').format(
        size.name,
        colgroup(widths),
        _head(head, size.room(widths), title),
        _body(rows, aligns),
    )
    html = _titled(html, table)
    return Markup('<div class="{}">{}</div>').format(kind.name, html) if kind.name and not sheet else html


def _cell(cell: object) -> dict[str, Any]:
    if isinstance(cell, Mapping):
        return {"colspan": 1, "rowspan": 1, **cell, "text": _text(cell.get("text"))}
    return {"colspan": 1, "rowspan": 1, "text": _text(cell)}


def _text(value: object) -> str:
    if value is None or isinstance(value, (str, int, Decimal)):
        return "" if value is None else str(value)
    raise RenderError("表格单元格只能是文字或数字", reason=f"现为 {type(value).__name__}")


def _placed(rows: Iterable[Any], title: str) -> Rows:
    """Each row as (cell, starts here) per column, merged cells filled in."""
    rows = [[_cell(cell) for cell in row] for row in rows]
    try:
        filled = places(rows, MOST_PLACES)
    except OverflowError as error:
        raise too_large(len(rows), title) from error
    return [[row[column] for column in sorted(row)] for row in filled]


def _count_columns(head: Rows, rows: Rows, title: str) -> int:
    """How many columns the table has; every row must fill them exactly."""
    if len(head) > header_words.MOST_ROWS:
        raise RenderError(f"表头最多 {header_words.MOST_ROWS} 行，现有 {len(head)} 行", where=title)
    counts = [len(row) for row in (*head, *rows)]
    if not counts or not counts[0]:
        raise RenderError("表格没有内容", where=title)
    for number, count in enumerate(counts, 1):
        if count != counts[0]:
            reason = f"表格第 {number} 行有 {count} 列，与第 1 行的 {counts[0]} 列不一致"
            raise RenderError(reason, where=title, advice="请检查合并单元格的 colspan 和 rowspan")
    return counts[0]


def _columns(columns: Sequence[Mapping[str, Any]] | None, count: int) -> list[Mapping[str, Any]]:
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


def _head(head: Rows, room: list[float], title: str) -> Markup:
    """The header; `room` is how many characters fit into each column."""
    rows = [
        _row(
            _tag("th", cell, _balanced(cell["text"], sum(room[column : column + int(cell["colspan"])])))
            for column, (cell, starts) in enumerate(row)
            if starts
        )
        for row in head
    ]
    if (lines := sum(header_words.heights(head, room))) > header_words.MOST_IN_ALL:
        raise RenderError(
            "表头过高",
            where=title,
            reason=f"各行共要排 {lines} 行，最多 {header_words.MOST_IN_ALL} 行",
            advice=SHORTER_HEADER,
        )
    return Markup("<thead>{}</thead>").format(Markup("").join(rows)) if head else Markup("")


def _balanced(text: str, room: float) -> Markup:
    """A header word on lines of equal length: 累计/得分, not 累计得/分. Numbers and Latin words stay whole."""
    lines = header_words.lines_in(text, room)
    if lines > header_words.MOST_LINES:
        raise RenderError(
            f"表头“{text[:10]}……”过长",
            reason=f"要排 {lines} 行，表头最多 {header_words.MOST_LINES} 行",
            advice=SHORTER_HEADER,
        )
    return escape(text) if " " in text else Markup("<br>").join(header_words.lines_of(text, lines))


def _body(rows: Rows, aligns: list[str]) -> Markup:
    room = _decimal_room(rows, aligns)
    return Markup("").join(
        _row(
            _tag(
                "td", cell, BLANK if _open(row) else _aligned(cell["text"], room.get(column)), aligns[column]
            )
            for column, (cell, starts) in enumerate(row)
            if starts
        )
        for row in rows
    )


def _row(cells: Iterable[Markup]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _open(row: Sequence[tuple[dict[str, Any], bool]]) -> bool:
    """Whether nothing stands in a row: people write into it by hand, so it is as high as any other."""
    return not any(cell["text"].strip() for cell, _ in row)


def _decimal_room(rows: Rows, aligns: list[str]) -> dict[int, tuple[int, int]]:
    """For decimal columns: the most digits before and after the point (with the point itself)."""
    room: dict[int, tuple[int, int]] = {}
    for row in rows:
        for column, (cell, _) in enumerate(row):
            if aligns[column] == "decimal" and is_number(cell["text"]):
                whole, part = _split(cell["text"])
                most = room.get(column, (0, 0))
                room[column] = max(most[0], len(whole)), max(most[1], len(part))
    return room


def _split(text: str) -> tuple[str, str]:
    whole, point, part = text.partition(".")
    return whole, point + part


def _aligned(text: str, room: tuple[int, int] | None) -> Markup:
    """Centre a number by its decimal point: invisible digits fill both sides."""
    if room is None or not is_number(text):
        return escape(text)
    whole, part = _split(text)
    lead = "0" * (room[0] - len(whole))
    missing = room[1] - len(part)
    tail = "0" * missing if part else ".".ljust(missing, "0")[:missing]
    return Markup("{}{}{}").format(_ghost(lead), text, _ghost(tail))


def _ghost(digits: str) -> Markup:
    return Markup('<span class="ghost">{}</span>').format(digits) if digits else Markup("")


def _tag(tag: str, cell: dict[str, Any], content: Markup, align: str = "center") -> Markup:
    spans = "".join(f' {name}="{int(cell[name])}"' for name in ("colspan", "rowspan") if int(cell[name]) > 1)
    kind = {"left": ' class="left"', "right": ' class="right"', "decimal": ' class="number"'}.get(align, "")
    if cell.get("bold"):
        content = Markup("<b>{}</b>").format(content)
    return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, Markup(spans), Markup(kind), content)


def _titled(html: Markup, table: Mapping[str, Any]) -> Markup:
    said = str(table.get("title") or "")
    if charset.cells(said) > LONGEST_TITLE:
        raise RenderError(
            f"表格标题“{said[:10]}……”过长",
            reason=f"共 {charset.cells(said):g} 个字宽，最多 {LONGEST_TITLE} 个",
            advice="请精简标题，把说明写在表下的注中",
        )
    title = Markup('<p class="table-title">{}</p>').format(said) if said else Markup("")
    notes = [
        Markup('<p class="table-note">{}{}</p>').format("" if number else "注：", note)
        for number, note in enumerate(table.get("notes", ()))
    ]
    return title + html + Markup("").join(notes)
