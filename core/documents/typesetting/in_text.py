"""A table in running text: every row as long as the longest, columns as wide as what stands in them, nothing lost."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from markupsafe import Markup

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
from core.documents.typesetting.placing import even

MOST_SPAN = 50
BLANK = {"text": "", "html": Markup("")}
ADVICE = "请减少列，或分成几个表格"


def table_in_text(rows: Sequence[Iterable[Mapping[str, Any]]], where: str, sheet: object = False) -> Markup:
    """The rows of a body's table, each cell with its `runs` and the `html` of them. Raises Unprintable, naming the
    place, when no type is small enough."""
    placed = _placed([[_cell(cell) for cell in row] for row in rows], where)
    if not placed:
        return Markup("")
    head = list(takewhile(_is_head, placed))
    wishes = wishes_of(head, placed[len(head) :])
    kind = sheet_of(sheet, where)._replace(advice=ADVICE)
    widths, size = fit(wishes, [None] * len(wishes), kind, head, where)
    again = len(head) if _can_stand_again(head, placed[len(head) :], size.room(widths)) else 0
    written = [_row(row) for row in placed]
    return Markup('<table class="{}">{}{}<tbody>{}</tbody></table>').format(
        f"in-text {size.name}".strip(),
        colgroup(widths),
        Markup("<thead>{}</thead>").format(Markup("").join(written[:again])) if again else "",
        Markup("").join(written[again:]),
    )


def _can_stand_again(head: Rows, rows: Rows, room: Sequence[float]) -> bool:
    """Whether the header can stand on every page: it is low, and no cell of it reaches into the rows below. `room` is
    how many characters fit into each column."""
    if not rows or not 0 < len(head) <= header_words.MOST_ROWS:
        return False
    if any(above is below for (above, _), (below, _) in zip(head[-1], rows[0], strict=True)):
        return False
    lines = header_words.heights(head, room)
    return max(lines) <= header_words.MOST_LINES and sum(lines) <= header_words.MOST_IN_ALL


def _placed(rows: list[list[dict[str, Any]]], where: str) -> Rows:
    try:
        return even(rows, MOST_PLACES, BLANK)
    except OverflowError as error:
        raise too_large(len(rows), where) from error


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    spans = {name: min(int(cell.get(name, 1)), MOST_SPAN) for name in ("colspan", "rowspan")}
    text = "".join(str(run.get("text", "")) for run in cell.get("runs", ()))
    return {"header": cell.get("header"), "html": cell["html"], "text": text, **spans}


def _is_head(row: list[tuple[dict[str, Any], bool]]) -> bool:
    return all(cell["header"] for cell, _ in row)


def _row(row: list[tuple[dict[str, Any], bool]]) -> Markup:
    return Markup("<tr>{}</tr>").format(Markup("").join(_tag(cell) for cell, starts in row if starts))


def _tag(cell: dict[str, Any]) -> Markup:
    spans = "".join(f' {name}="{cell[name]}"' for name in ("colspan", "rowspan") if cell[name] > 1)
    return Markup("<{0}{1}>{2}</{0}>").format("th" if cell["header"] else "td", Markup(spans), cell["html"])
