"""Tables of a page, as they stand there: for Word, and for a workbook."""

from lxml.html import HtmlElement

from core.documents.typesetting.grid import A3_AREA, AREA_WIDTH, MM
from core.documents.word.inline import Look, classes_of, runs_of
from core.documents.word.pieces import Cell, Table
from core.documents.word.sheet import Sheet, points

# Text size and line of the classes a score table gets when its columns would not fit, in points.
SIZES = {"size-12": (12.0, 16.0), "size-10": (10.5, 14.0), "size-9": (9.0, 12.0)}
ALIGNED = {"left": "left", "right": "right", "number": "number"}
MOST_SPAN = 1000
# What is asked of style sheets.
WIDTHS = r"(?<![\w-])(?:width|margin)\s*:"
# What a cell is wider than its text, in points: room at both sides, and the rule.
INSET = 6.7
LARGE = (15.0, 25.0)  # words written by hand, on slips


def table_of(node: HtmlElement, sheet: Sheet) -> Table:
    """One table; `sheet` tells the widths of the page's tables, columns and cells."""
    classes = classes_of(node)
    size, line = next((SIZES[name] for name in classes if name in SIZES), (14.0, 18.0))
    after = 0.5
    if is_slip := "boxes" in classes:
        line, after = 20.0, 0.15
    said = sheet.of(node)
    rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
    head = sum(1 for row in rows if row.getparent().tag == "thead")
    return Table(
        tuple(tuple(_cell(cell) for cell in row if cell.tag in ("td", "th")) for row in rows),
        head, tuple(_widths(node, rows, sheet)), size, line, "in-text" in classes, after, tuple(map(_height, rows)),
        is_slip, width=said.get("width", ""), is_left="auto" not in said.get("margin", "auto"),
    )  # fmt: skip


def _height(row: HtmlElement) -> float:
    said = row.get("style", "").partition("height:")[2].partition(";")[0].strip().removesuffix("pt")
    return float(said) if said.replace(".", "", 1).isdecimal() else 0.0


def _cell(node: HtmlElement) -> Cell:
    align = next((ALIGNED[name] for name in classes_of(node) if name in ALIGNED), "center")
    header = node.tag == "th"
    runs = runs_of(node, Look(face="hei" if header else ""))
    classes = classes_of(node)
    size, line = LARGE if "large" in classes else (0.0, 0.0)
    return Cell(
        runs, _span(node, "colspan"), _span(node, "rowspan"), header, align, _pad(node), size, line,
        "indented" in classes, "top" in classes,
    )  # fmt: skip


def _span(node: HtmlElement, name: str) -> int:
    said = node.get(name, "1")
    return min(max(int(said), 1), MOST_SPAN) if said.isdecimal() else 1


def _pad(node: HtmlElement) -> tuple[int, int]:
    """How many invisible characters stand before and after a number, so that decimal points meet."""
    ghosts = [part for part in node.iter("span") if "ghost" in classes_of(part)]
    leading = [part for part in ghosts if part.getprevious() is None and not (part.getparent().text or "")]
    return tuple(
        sum(len(part.text or "") for part in ghosts if (part in leading) is first) for first in (True, False)
    )  # type: ignore[return-value]


def _widths(node: HtmlElement, rows: list[HtmlElement], sheet: Sheet) -> list[float]:
    """What is said of each column, in points; 0 where nothing is. Where no column is said to be wide the cells of the
    first row tell it, as in print."""
    columns = [column for column in node.iter("col") if next(column.iterancestors("table")) is node]
    said = [sheet.of(column).get("width", "") for column in columns for _ in range(_span(column, "span"))]
    own = points(sheet.of(node).get("width", ""), AREA_WIDTH * MM)
    if any(said):
        # Shares only have to keep their proportion: a table wider than its place is made narrower as a whole.
        whole = own or (A3_AREA if all(text.endswith("%") for text in said) else AREA_WIDTH) * MM
        return [points(text, whole) or 0.0 for text in said]
    found: list[float] = []
    for cell in rows[0] if rows else ():
        span = _span(cell, "colspan")
        width = points(sheet.of(cell).get("width", ""), own or AREA_WIDTH * MM)
        found += [width + INSET if width and span == 1 else 0.0] * span
    return found if any(found) else []
