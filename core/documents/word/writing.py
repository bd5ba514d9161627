"""Write pieces as WordprocessingML: paragraphs in their styles, and the sections they stand in."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from core.documents.typesetting.grid import (
    A3_AREA,
    A3_WIDTH,
    AREA_HEIGHT,
    AREA_WIDTH,
    BOTTOM,
    LEFT,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    SIZE_4,
    TOP,
)
from core.documents.word.foot_xml import foot_xml
from core.documents.word.measures import CELL, CHAR_SPACE, LINE_TWIPS, mm, twips
from core.documents.word.pieces import Box, Edge, Foot, Framed, Pages, Paragraph, Piece, Tab, every, tallest
from core.documents.word.runs_xml import Anchors, joint, runs_xml
from core.documents.word.styles import COLOUR, STYLES
from core.documents.word.table_xml import table_xml

# The page number's dash, in the middle of its line, stands 7 mm below the type area.
FOOTER = mm(BOTTOM - 7) - twips(SIZE_4 / 2)
# The width for text where it is another than that of an upright page, in mm.
ROOM = {"wide": AREA_HEIGHT, "a3": A3_AREA}
# What stands on the page of the table's last row above it.
WITH_TABLE = ("TableNote", "SlipNote", "Source", "Signature", "Stamped")


class Section(NamedTuple):
    """Pages of one kind in a row: the chapter they belong to, and what stands there, which ends with a paragraph for the
    section's mark."""

    kind: str
    chapter: int
    xml: str


def body_xml(pages: Pages) -> Iterator[Section]:
    """The sections of a document."""
    named = (piece.what.anchor for piece in every(pages.pieces) if isinstance(piece.what, Paragraph))
    anchors = Anchors(
        {name: n for n, name in enumerate(dict.fromkeys(filter(None, named)), 1)}, pages.numbers
    )
    for (chapter, kind), group in groupby(pages.pieces, key=lambda piece: (piece.chapter, piece.page)):
        pieces = list(group)
        xml = "".join(_section(pieces, ROOM.get(kind, AREA_WIDTH) * MM, anchors))
        # LibreOffice puts what floats beside the last paragraph of a section onto the page of the next.
        if isinstance(pieces[-1].what, Foot) and pieces[-1] is not pages.pieces[-1]:
            xml += joint()
        yield Section(kind, chapter, xml)


def section_xml(kind: str, begins: str = "nextPage", numbering: str = "") -> str:
    """Size, margins and grid of a kind of page; where it begins, and how its pages are numbered if not as those before."""
    size, margins = f'w:w="{mm(PAGE_WIDTH)}" w:h="{mm(PAGE_HEIGHT)}"', (TOP, RIGHT, BOTTOM, LEFT)
    header, footer = mm(15), FOOTER
    if kind == "wide":
        # The sheet is turned: its upper edge is the binding edge, and its number has a place of its own on the paper.
        size = f'w:w="{mm(PAGE_HEIGHT)}" w:h="{mm(PAGE_WIDTH)}" w:orient="landscape"'
        margins, header, footer = (LEFT, TOP, RIGHT, BOTTOM), mm(5), mm(5)
    elif kind == "a3":
        size = f'w:w="{mm(A3_WIDTH)}" w:h="{mm(PAGE_HEIGHT)}" w:orient="landscape"'
    top, right, bottom, left = map(mm, margins)
    return (
        f'<w:type w:val="{begins}"/><w:pgSz {size}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}"'
        f' w:left="{left}" w:header="{header}" w:footer="{footer}" w:gutter="0"/>{numbering}'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_TWIPS}" w:charSpace="{CHAR_SPACE}"/>'
    )


def _section(pieces: Sequence[Piece], room: float, anchors: Anchors) -> Iterator[str]:
    for n, piece in enumerate(pieces):
        what, new_page = piece.what, piece.new_page and n > 0  # a section begins a page by itself
        if isinstance(what, Paragraph):
            yield _paragraph(what, new_page, anchors)
            continue
        # A colophon floats: something has to stand on a page that holds nothing else.
        if new_page or (n == 0 and isinstance(what, Foot) and what.floats):
            yield joint("<w:pageBreakBefore/>" if new_page else "")
        following = pieces[n + 1].what if n + 1 < len(pieces) else None
        is_followed = isinstance(following, Paragraph) and following.style in WITH_TABLE
        if isinstance(what, Framed):
            yield _framed(what, room, anchors)
        else:
            yield foot_xml(what) if isinstance(what, Foot) else table_xml(what, room, is_followed)
        # Two tables in a row would become one; and a section cannot end with a table.
        if not isinstance(following, Paragraph):
            yield joint()


def _framed(given: Framed, room: float, anchors: Anchors) -> str:
    """A table of one cell, whose rules are the frame; it may go on on the next page, as the frame does in print."""
    sides = _sides(given.box)
    outer = room - given.box.from_left - given.box.from_right
    rules = "".join(_edge(side, replace(edge, space=0)) for side, edge in sides.items() if edge)
    margins = "".join(
        f'<w:{side} w:w="{twips(edge.taken) if edge else 0}" w:type="dxa"/>' for side, edge in sides.items()
    )
    width = f'w:w="{twips(outer)}" w:type="dxa"'
    place = '<w:jc w:val="center"/>'
    if given.box.from_left != given.box.from_right:
        place = f'<w:jc w:val="left"/><w:tblInd w:w="{twips(given.box.from_left)}" w:type="dxa"/>'
    return (
        f"<w:tbl><w:tblPr><w:tblW {width}/>{place}<w:tblBorders>{rules}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{twips(outer)}"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW {width}/></w:tcPr>'
        f"{''.join(_section(given.pieces, room - sum(given.box.taken), anchors))}</w:tc></w:tr></w:tbl>"
    )


def _paragraph(given: Paragraph, new_page: bool, anchors: Anchors) -> str:
    parts = [f'<w:pStyle w:val="{given.style}"/>']
    if given.keep:
        parts.append("<w:keepNext/>")
    if new_page:
        parts.append("<w:pageBreakBefore/>")
    parts += [*_frame(given), *_rule(given), *_tabs(given), *_spacing(given), *_indent(given)]
    inside = anchors.marked(given.anchor, runs_xml(given.runs, given.style, anchors))
    return f"<w:p><w:pPr>{''.join(parts)}</w:pPr>{inside}</w:p>"


def _frame(given: Paragraph) -> Iterator[str]:
    if given.frame:
        left, top, width, height = map(mm, astuple(given.frame))
        yield (
            f'<w:framePr w:w="{width}" w:h="{height}" w:hRule="exact" w:wrap="around" w:vAnchor="page" w:hAnchor="page"'
            f' w:x="{left}" w:y="{top}"/>'
        )


def _rule(given: Paragraph) -> Iterator[str]:
    if given.rule:
        space, thick = round(given.rule[0]), round(given.rule[1] * 8)
        yield f'<w:pBdr><w:bottom w:val="single" w:sz="{thick}" w:space="{space}" w:color="{COLOUR}"/></w:pBdr>'
    elif given.box:
        sides = _sides(given.box)
        yield f"<w:pBdr>{''.join(_edge(side, edge) for side, edge in sides.items() if edge)}</w:pBdr>"


def _sides(box: Box) -> dict[str, Edge | None]:
    """In the order the schema wants."""
    return {"top": box.top, "left": box.left, "bottom": box.bottom, "right": box.right}


def _edge(side: str, edge: Edge) -> str:
    lines = 3 if edge.kind == "double" else 1  # Word counts one of the two and as much again between them
    thick = min(max(round(edge.thick * 8 / lines), 2), 96)
    return f'<w:{side} w:val="{edge.kind}" w:sz="{thick}" w:space="{round(edge.space)}" w:color="{edge.colour}"/>'


def _tabs(given: Paragraph) -> Iterator[str]:
    if given.tabs:
        yield f"<w:tabs>{''.join(map(_stop, given.tabs))}</w:tabs>"


def _stop(tab: Tab) -> str:
    dots = ' w:leader="dot"' if tab.dots else ""
    return f'<w:tab w:val="{tab.align}"{dots} w:pos="{twips(tab.at)}"/>'


def _spacing(given: Paragraph) -> Iterator[str]:
    """Said only where it differs from the style: what an officer adds then looks like the rest."""
    style = STYLES[given.style]
    usual = twips(style.before * LINE_TWIPS / 20)
    before = usual if given.before is None else twips(given.before)
    line = twips(given.line or style.line) or LINE_TWIPS
    is_pictured = tallest(given.runs) > 0
    if before != usual or given.line or is_pictured:
        # Lines of an exact height cut off a picture that is higher.
        rule = "atLeast" if is_pictured else "exact"
        yield f'<w:spacing w:before="{before}" w:line="{line}" w:lineRule="{rule}"/>'


def _indent(given: Paragraph) -> Iterator[str]:
    """A frame's sides stand where the text would else: the text within it is set in."""
    box, inset = given.box or Box(), STYLES[given.style].inset
    left, right = box.taken
    said = {}
    if given.left is not None or left:
        said["left"] = left + (inset[0] * CELL if given.left is None else given.left)
    if right:
        said["right"] = right + inset[1] * CELL
    if given.left is not None and given.hanging:
        said["hanging" if given.hanging > 0 else "firstLine"] = abs(given.hanging)
    if said:
        yield f"<w:ind{''.join(f' w:{name}={quoteattr(str(twips(length)))}' for name, length in said.items())}/>"
