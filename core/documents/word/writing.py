"""Write pieces as WordprocessingML: paragraphs in their styles, and the sections they stand in."""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import groupby

from core.documents.grid import (
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
from core.documents.word.measures import CHAR_SPACE, LINE_TWIPS, mm, twips
from core.documents.word.pieces import Foot, Pages, Paragraph, Piece, Tab
from core.documents.word.runs_xml import Anchors, joint, runs_xml
from core.documents.word.styles import COLOUR, STYLES
from core.documents.word.table_xml import table_xml

# The page number's dash, in the middle of its line, stands 7 mm below the type area.
FOOTER = mm(BOTTOM - 7) - twips(SIZE_4 / 2)
# The width for text where it is another than that of an upright page, in mm.
ROOM = {"wide": AREA_HEIGHT, "a3": A3_AREA}


def body_xml(pages: Pages) -> Iterator[tuple[str, str]]:
    """For every section its kind and its contents, which end with a paragraph for the section's mark."""
    named = (piece.what.anchor for piece in pages.pieces if isinstance(piece.what, Paragraph))
    anchors = Anchors(
        {name: n for n, name in enumerate(dict.fromkeys(filter(None, named)), 1)}, pages.numbers
    )
    for kind, group in groupby(pages.pieces, key=lambda piece: piece.page):
        yield kind, "".join(_section(list(group), ROOM.get(kind, AREA_WIDTH) * MM, anchors))


def section_xml(kind: str) -> str:
    """Size, margins and grid of a kind of page."""
    size, margins = f'w:w="{mm(PAGE_WIDTH)}" w:h="{mm(PAGE_HEIGHT)}"', (TOP, RIGHT, BOTTOM, LEFT)
    if kind == "wide":
        # The sheet is turned: its upper edge is the binding edge.
        size = f'w:w="{mm(PAGE_HEIGHT)}" w:h="{mm(PAGE_WIDTH)}" w:orient="landscape"'
        margins = (LEFT, TOP, RIGHT, BOTTOM)
    elif kind == "a3":
        size = f'w:w="{mm(A3_WIDTH)}" w:h="{mm(PAGE_HEIGHT)}" w:orient="landscape"'
    top, right, bottom, left = map(mm, margins)
    return (
        f'<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}"'
        f' w:left="{left}" w:header="{mm(15)}" w:footer="{FOOTER}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_TWIPS}" w:charSpace="{CHAR_SPACE}"/>'
    )


def _section(pieces: list[Piece], room: float, anchors: Anchors) -> Iterator[str]:
    for n, piece in enumerate(pieces):
        what, new_page = piece.what, piece.new_page and n > 0  # a section begins a page by itself
        if isinstance(what, Paragraph):
            yield _paragraph(what, new_page, anchors)
            continue
        # A colophon floats: something has to stand on a page that holds nothing else.
        if new_page or (n == 0 and isinstance(what, Foot) and what.floats):
            yield joint("<w:pageBreakBefore/>" if new_page else "")
        yield foot_xml(what) if isinstance(what, Foot) else table_xml(what, room)
        # Two tables in a row would become one; and a section cannot end with a table.
        if n + 1 == len(pieces) or not isinstance(pieces[n + 1].what, Paragraph):
            yield joint()


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
    if before != usual or given.line:
        yield f'<w:spacing w:before="{before}" w:line="{line}" w:lineRule="exact"/>'


def _indent(given: Paragraph) -> Iterator[str]:
    if given.left is not None:
        first = "hanging" if given.hanging > 0 else "firstLine"
        hanging = f' w:{first}="{twips(abs(given.hanging))}"' if given.hanging else ""
        yield f'<w:ind w:left="{twips(given.left)}"{hanging}/>'
