"""The red head of the first page: what stands where above the red rule, as paragraphs one below the other.

On the printed page every line of the head is placed by itself; in Word the distance to the line above is what
counts. Lines that share a height become one paragraph, its right part after a tab.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from core.documents.fonts.charset import cells
from core.documents.templating.joint import GAP
from core.documents.typesetting.grid import CELLS, JOINT_PITCH, MARK_SIZE, MM, Grid
from core.documents.word.inline import Look, classes_of, inline, lengths_of, runs_of, tidy
from core.documents.word.measures import CELL, FURTHEST, HALF, ROW
from core.documents.word.pieces import Cell, Gap, Paragraph, Run, Tab, Table, tallest

ROWS = 8
RULE = 1.5


@dataclass(frozen=True)
class Spot:
    """Where a line of the head stands: points below the top of the type area, side, characters in from that side."""

    top: float
    side: str = "center"
    inset: float = 0.0
    style: str = "Head"


CIRCULAR = {
    "copy-number": Spot(0, "left"), "classification": Spot(ROW, "left"), "urgency": Spot(2 * ROW, "left"),
    "mark": Spot(35 * MM, style="Mark"), "number": Spot(7 * ROW, style="Number"), "signer": Spot(7 * ROW, "right", 1),
    "issue": Spot(5.6 * ROW, style="Number"), "office": Spot(7 * ROW, "left", 1), "day": Spot(7 * ROW, "right", 1),
}  # fmt: skip
BRIEFING = {
    "classification": Spot(0, "left"), "copy-number": Spot(0, "right"), "masthead": Spot(17 * MM, style="Mark"),
    "edition": Spot(4.15 * ROW, style="Number"), "issue-line": Spot(5.1 * ROW, style="Number"),
    "office": Spot(6.4 * ROW, "left", 1), "date": Spot(6.4 * ROW, "right", 1),
}  # fmt: skip
# An order has its mark higher up, no rule, and two lines free above its text (10.2).
ORDER_MARK = 20 * MM
RULES = {False: 8 * ROW - HALF + 4 * MM, True: 7.4 * ROW - HALF + 2 * MM}


@dataclass
class _Line:
    """A line of the head in the making."""

    spot: Spot
    parts: dict[str, tuple[Run, ...]]
    height: float
    # Names of several offices with a word beside the middle of them.
    table: Table | None = None
    # How many characters the last of its 签发人 ends before the place of the last name of a full row.
    short: float = 0.0


def head_of(node: HtmlElement, look: Look) -> list[Paragraph | Gap | Table]:
    """The paragraphs of a head, and the room left below it."""
    children = [child for child in node if isinstance(child.tag, str)]
    is_briefing = any("masthead" in classes_of(child) for child in children)
    # Several 签发人 need lines of their own; the number stands beside the last of them. So do marks of several offices.
    more = max((_rows_up(child) for child in children if "signer" in classes_of(child)), default=0)
    below = max(map(_rows_more, children), default=0)
    ruled = any("red-rule" in classes_of(child) for child in children)
    is_order = not ruled and any("stamped" in classes_of(part) for part in node.itersiblings("div"))
    spots = BRIEFING if is_briefing else _order(children) if is_order else CIRCULAR
    spots = spots if is_briefing else _lowered(spots, below)
    together = _joint_marks(children)
    lines = _lines([child for child in children if child not in together], look, spots, more)
    if together:
        lines = sorted([_marks(together, look, spots["mark"]), *lines], key=lambda line: line.spot.top)
    rows = _rows_of_order(children) + 2 if is_order else ROWS
    return _placed(lines, RULES[is_briefing] + (below + more) * ROW if ruled else None, rows + below + more)


def _rows_of_order(children: Iterable[HtmlElement]) -> int:
    """Down to the number of an order, two lines below the mark."""
    size = max(
        (lengths_of(child).get("font-size", 0.0) for child in children if "mark" in classes_of(child)),
        default=0.0,
    )
    return Grid().mark_rows(ORDER_MARK / MM, size or MARK_SIZE) + 3


def _order(children: Iterable[HtmlElement]) -> dict[str, Spot]:
    number = Spot((_rows_of_order(children) - 1) * ROW, style="Number")
    return {**CIRCULAR, "mark": Spot(ORDER_MARK, style="Mark"), "number": number}


def _lowered(spots: dict[str, Spot], rows: int) -> dict[str, Spot]:
    """What stands below the mark, so many lines further down."""
    return {
        name: replace(spot, top=spot.top + rows * ROW) if spot.top > spots["mark"].top else spot
        for name, spot in spots.items()
    }


def _rows_more(mark: HtmlElement) -> int:
    """How many lines more than a single mark the marks of several offices take; a pack may have written anything."""
    said = mark.get("data-more", "")
    return int(said) if re.fullmatch("1?[0-9]", said) else 0


def _rows_up(signer: HtmlElement) -> int:
    """How many lines above the last one of the head a 签发人 stands."""
    return round(lengths_of(signer).get("bottom", 0.0) / Grid().row)


def _lines(children: Iterable[HtmlElement], look: Look, spots: dict[str, Spot], more: int) -> list[_Line]:
    found: list[_Line] = []
    last = 0.0
    for child in children:
        runs = tidy(inline(child, look)) if child.tag == "img" else runs_of(child, look)
        classes = classes_of(child)
        if not runs:
            continue
        # A line a rule pack added of its own stands below the one before it.
        spot = next((spots[name] for name in reversed(classes) if name in spots), Spot(last + ROW))
        if "upward" in classes:
            spot = replace(spot, top=spot.top + more * ROW, side="left", inset=1.0)
        elif "signer" in classes:
            spot = replace(spot, top=spot.top + (more - _rows_up(child)) * ROW)
        elif "joint" in classes:
            nth = sum(line.spot.style == "Mark" for line in found)
            spot = replace(spot, top=spot.top + nth * JOINT_PITCH * lengths_of(child).get("font-size", ROW))
        last = spot.top
        same = next((line for line in found if line.spot.top == spot.top and _beside(line, spot)), None)
        if same and spot.side in same.parts:
            short = _short(child, runs)
            room = same.short - short - cells("".join(run.text for run in runs))
            same.parts[spot.side] = _after(same.parts[spot.side], runs, room)
            same.short = short
        elif same:
            same.parts[spot.side] = runs
            same.short = max(same.short, _short(child, runs))
        else:
            height = lengths_of(child).get("font-size", 0.0) if spot.style == "Mark" else 0.0
            height = max(height, tallest(runs))
            tall = max(height, ROW) if height < 30 else height
            found.append(_Line(spot, {spot.side: runs}, tall, short=_short(child, runs)))
    return sorted(found, key=lambda line: line.spot.top)


def _joint_marks(children: Iterable[HtmlElement]) -> list[HtmlElement]:
    """The names of several offices and the word beside them; none when a pack wrote them otherwise."""
    marks = [child for child in children if {"mark", "joint"} <= set(classes_of(child))]
    beside = ["beside" in classes_of(child) for child in marks]
    return marks if beside == [*[False] * (len(marks) - 1), True] and len(marks) > 2 else []


def _marks(marks: list[HtmlElement], look: Look, spot: Spot) -> _Line:
    """One row for each name; the word stands in the middle of them all."""
    *names, word = (runs_of(mark, look) for mark in marks)
    size = lengths_of(marks[0]).get("font-size", ROW)
    width = size * max((run.scale for runs in names for run in runs), default=1.0)
    widest = max(cells("".join(run.text for run in runs)) for runs in names)
    rows = [(Cell(runs, align="left", line=size, top=True),) for runs in names]
    rows[0] = (*rows[0], Cell(word, align="left", line=size, down=len(names)))
    pitch = JOINT_PITCH * size
    beside = cells("".join(run.text for run in word)) * width + 1
    table = Table(
        tuple(rows), widths=((widest + GAP) * width, beside), size=size, line=size, plain=True, after=0.0,
        heights=(*[pitch] * (len(names) - 1), size),
    )  # fmt: skip
    return _Line(spot, {}, pitch * (len(names) - 1) + size, table)


def _beside(line: _Line, spot: Spot) -> bool:
    """Whether something at a spot can stand on a line: what is centred stands alone."""
    return spot.side != "center" and "center" not in line.parts


def _after(label: tuple[Run, ...], name: tuple[Run, ...], room: float) -> tuple[Run, ...]:
    """A name behind 签发人： or, so many characters further on, another name."""
    if label[-1].text.endswith("："):
        return (*label, *name)
    return (*label, Run("　" * max(round(room), 1)), *name)


def _short(signer: HtmlElement, runs: tuple[Run, ...]) -> float:
    """How far the name of a 签发人 ends before the right end of the last place in a row: names start below each other."""
    lengths = lengths_of(signer)
    if "signer" not in classes_of(signer) or not {"width", "right"} <= set(lengths):
        return 0.0
    room = (lengths["width"] + lengths["right"]) / Grid().cell
    return min(max(room - 1 - cells("".join(run.text for run in runs)), 0.0), CELLS / 2)


def _placed(lines: list[_Line], rule: float | None, rows: int) -> list[Paragraph | Gap | Table]:
    placed: list[Paragraph | Gap | Table] = []
    cursor = 0.0
    if rule is not None and lines and lines[-1].table:  # a rule stands below a line of text
        lines = [*lines, _Line(Spot(lines[-1].spot.top + lines[-1].height), {"left": ()}, 1.0)]
    if rule is not None and (not lines or rule - lines[-1].spot.top > FURTHEST + lines[-1].height):
        lines = [*lines, _Line(Spot(rule - ROW - HALF), {"left": ()}, ROW)]
    for line in lines:
        if line.table:  # it has no distance of its own
            placed += [Paragraph("Head", (), max(line.spot.top - cursor - 1, 0.0), 1.0), line.table]
        else:
            placed.append(_paragraph(line, max(line.spot.top - cursor, 0.0)))
        cursor = max(line.spot.top, cursor) + line.height
    if rule is not None:
        space = min(max(rule - cursor, 1.0), FURTHEST)
        placed[-1] = replace(placed[-1], rule=(space, RULE))  # type: ignore[type-var]
        cursor += space + RULE
    # The rule may lie lower than the head's last line: what follows then has less room above it. And a point less,
    # so that rounding never costs the first page its last line.
    return [*placed, Gap(fixed=rows * ROW - cursor - 1)]


def _paragraph(line: _Line, before: float) -> Paragraph:
    left, right = line.parts.get("left", ()), line.parts.get("right", ())
    if "center" in line.parts and not left and not right:
        return Paragraph(line.spot.style, line.parts["center"], before, line.height)
    left = left or line.parts.get("center", ())
    if not right:
        return Paragraph("Head", left, before, line.height, left=0, hanging=-line.spot.inset * CELL)
    inset = 1.0 if line.spot.inset else 0.0
    end = CELLS - inset - line.short
    # Only the first line is set in: the rule below reaches from edge to edge.
    return Paragraph(
        "Head", (*left, Run("\t"), *right), before, line.height, left=0, hanging=-inset * CELL,
        tabs=(Tab(end * CELL),),
    )  # fmt: skip
