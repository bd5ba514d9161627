"""How wide the columns of a table become, and how small its type: from what stands in the cells and the sheet's room.

Of every table that is printed: score tables, and those in running text.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from markupsafe import Markup

from core.documents.fonts import charset
from core.documents.typesetting import figures, header_words
from core.documents.typesetting.grid import A3_AREA, AREA_HEIGHT, AREA_WIDTH, MM
from core.documents.typesetting.placing import Place
from core.errors import RenderError, Unprintable

AIR = 2.0  # points that look better than none
MOST_PLACES = 20_000  # what is laid out within the renderer's time
SHORTEST_LINE = 3  # characters of a text that wraps
MOST_CELLS = 14  # a longer text may wrap
# A cell is a dict with its text, colspan and rowspan.
Rows = list[list[Place]]


class Size(NamedTuple):
    """A size of text in tables, the points a cell's padding and rule take, and the CSS class of both."""

    points: float
    inset: float
    name: str

    def room(self, widths: Sequence[float]) -> list[float]:
        """How many characters fit into each of columns so many points wide."""
        return [(width - self.inset) / self.points for width in widths]


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


def sheet_of(wide: object, where: str = "") -> Sheet:
    """The sheet that `wide` asks for: none (upright), true (sideways) or A3."""
    if not wide or wide is True:
        return SHEETS["A4 sideways" if wide else "A4"]
    if wide in ("A3", "a3"):
        return SHEETS["A3"]
    raise RenderError(f"表格的 wide 不能是“{wide}”", where=where, advice="写 true（A4 横版）或 A3（A3 横幅）")


class Wish(NamedTuple):
    """What a column wants, in characters: to stand on one line (header words on two), and at the very least."""

    natural: float
    least: float


def wishes_of(head: Rows, rows: Rows) -> list[Wish]:
    """Numbers are never broken; a text may wrap, but not into single characters."""
    natural = [2.0] * len((head or rows)[0])
    least = [1.0] * len(natural)
    for part in (head, rows):
        for column, cell in _starting(part):
            if cell["colspan"] == 1:
                need = charset.cells(cell["text"])
                want = (
                    min(header_words.width_on(cell["text"], 2), MOST_CELLS / 2)
                    if part is head
                    else min(need, MOST_CELLS)
                )
                natural[column] = max(natural[column], want)
                shortest = min(need, SHORTEST_LINE) if part is rows else 0
                least[column] = max(least[column], shortest, figures.widest(cell["text"]))
    for column, cell in _starting(rows):
        under = range(column, column + int(cell["colspan"]))
        lacks = figures.widest(cell["text"]) - sum(least[n] for n in under)
        for n in under if lacks > 0 else ():
            least[n] += lacks / len(under)
    return [Wish(max(want, must), must) for want, must in zip(natural, least, strict=True)]


def _starting(rows: Rows) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((column, cell) for row in rows for column, (cell, starts) in enumerate(row) if starts)


def fit(
    wishes: list[Wish], fixed: list[Any], sheet: Sheet, head: Rows, where: str = ""
) -> tuple[list[float], Size]:
    """Column widths in points, and the largest text size at which everything fits."""
    given = [float(Decimal(str(width))) * MM if width else None for width in fixed]
    free = [wish for wish, width in zip(wishes, given, strict=True) if width is None]
    room = sheet.width * MM - sum(width for width in given if width)
    if room < -0.5:
        raise RenderError("表格各列宽度之和超过版心", where=where, advice="请减小 columns 中的 width")
    size = _size(free, room)
    needs = [
        (wish.natural * size.points + size.inset + AIR, wish.least * size.points + size.inset)
        for wish in free
    ]
    if free and sum(least for _, least in needs) > room:
        raise _too_narrow(wishes, fixed, sheet, head, where)
    shared = iter(share([natural for natural, _ in needs], room, [least for _, least in needs]))
    return [next(shared) if width is None else width for width in given], size


def _size(wishes: list[Wish], room: float) -> Size:
    for size in SIZES:
        if sum(wish.natural * size.points + size.inset + AIR for wish in wishes) <= room:
            return size
    wraps = sum(wish.least * SIZES[-1].points + SIZES[-1].inset for wish in wishes) <= room
    return SIZES[-1] if wraps else SMALLEST


def _too_narrow(wishes: list[Wish], fixed: list[Any], sheet: Sheet, head: Rows, where: str) -> Unprintable:
    number = max((n for n, width in enumerate(fixed) if not width), key=lambda n: wishes[n].least)
    name = next((cell["text"] for cell, _ in (row[number] for row in reversed(head)) if cell["text"]), "")
    return Unprintable(
        f"表格有 {len(wishes)} 列，用最小的字也排不下",
        where=where,
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


def too_large(rows: int, where: str = "") -> Unprintable:
    """The refusal of a table that no renderer finishes."""
    return Unprintable(
        "表格过大，无法排版",
        where=where,
        reason=f"共 {rows} 行，超过 {MOST_PLACES} 格",
        advice="请分成几份文书，或只印主要部分，全表另附电子表格",
    )


def colgroup(widths: Iterable[float]) -> Markup:
    """The widths, in points, as HTML."""
    return Markup("<colgroup>{}</colgroup>").format(
        Markup("").join(Markup('<col style="width: {}pt">').format(f"{width:.2f}") for width in widths)
    )
