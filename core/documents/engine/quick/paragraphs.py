"""A paragraph of one face shaped once and cut into lines by adding up widths, instead of shaped anew for every line.

Chinese text without spaces needs no more: its lines end where the text layout library allows a break and the widths
still fit. Whatever is out of the ordinary (several faces, spaces, soft hyphens, floats, first-line looks, a word longer
than the line) is left to the engine, line by line if need be.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS

from core.documents.engine.quick import lines
from core.documents.engine.quick.cuts import Cut, Shaped

# Characters that stand for one glyph each, wherever they stand.
_PLAIN = re.compile(r"[!-~°±·×÷Α-Ωα-ω‘’“”•—…‰℃Ⅰ-Ⅻ①-⑳、-〗一-鿿！-～]+")
# Shorter ones fit on a line and are measured once for all their likes.
_SHORTEST = 16
_WIDEST = 2**21  # what the library takes for no limit
KEPT = 50

_original_lines = inline.iter_line_boxes


def install() -> None:
    """Replace the part."""
    block.iter_line_boxes = inline.iter_line_boxes = _lines


def installed() -> bool:
    """Whether pieces of shaped paragraphs are what lines are made of, and can be drawn."""
    return inline.iter_line_boxes is _lines


def _lines(context, box, position_y, bottom_space, skip_stack, containing_block, *rest) -> Iterator[tuple]:
    _, _, first_letter_style, first_line_style = rest
    is_plain = not (first_letter_style or first_line_style or context.excluded_shapes)
    shaped = _shaped(context, box, containing_block) if is_plain else None
    if shaped is None:
        yield from _original_lines(
            context, box, position_y, bottom_space, skip_stack, containing_block, *rest
        )
        return
    inline.resolve_percentages(box, containing_block)
    inline.resolve_percentages(box.children[0], containing_block)
    box.text_indent = 0
    if skip_stack is None:
        inline.resolve_one_percentage(box, "text_indent", containing_block.width)
    resume_at = skip_stack
    while True:
        line, resume_at = _next_line(
            context, box, position_y, resume_at, containing_block, shaped
        ) or inline.get_next_linebox(
            context, box, position_y, bottom_space, resume_at, containing_block, *rest
        )
        position_y = line.position_y + line.height
        yield line, resume_at
        if resume_at is None:
            return
        box.text_indent = 0


def _next_line(context, box, position_y, skip_stack, containing_block, shaped: Shaped) -> tuple | None:
    """What the engine does for a line without floats whose text is cut off by width; None if that is not enough."""
    skip = next(iter(skip_stack[0])) if skip_stack and skip_stack[0] else 0
    start = len(shaped.text.encode()[:skip].decode())
    left = containing_block.content_box_x() + box.margin_left
    room = containing_block.width - box.margin_left - box.margin_right
    later = (left + room) * (1 + 1e-9) - left
    found = cut(shaped, start, later - box.text_indent, later)
    if found is None:
        return None
    end = found.end
    piece = _piece(box.children[0], found)
    resume_at = None if end == len(shaped.text) else {0: {skip + len(piece.text.encode()): None}}
    piece.position_x, piece.position_y = left + box.text_indent, position_y
    box.position_x, box.position_y = left, position_y
    line = box.copy_with_children([piece])
    line.remove_decoration(start=skip > 0, end=resume_at is not None)
    line.width = piece.position_x + piece.margin_width() - line.content_box_x()
    inline._adjust_line_height(line)
    shift = inline.text_align(context, line, room, last=resume_at is None)
    bottom, top = inline.line_box_verticality(line)
    line.baseline, line.position_y, line.height = -top, top, bottom - top
    line.margin_top = line.margin_bottom = 0
    line.translate(shift, position_y - top)
    line.position_y = position_y
    return line, resume_at


def cut(shaped: Shaped, start: int, available: float, later: float) -> Cut | None:
    """As much of a paragraph as fits into the available width; None when there is no break before that.

    Lines after this one have the width `later`, for a way of cutting that looks ahead.
    """
    if not 0 < available < _WIDEST:
        return None
    end = bisect_right(shaped.widths, shaped.widths[start] + int(available * TO_UNITS)) - 1
    while start < end < len(shaped.text) and not shaped.breaks[end]:
        end -= 1
    return Cut(shaped, start, end, available) if end > start else None


def width_of(cut: Cut, style) -> float:
    """How wide the engine takes a piece to be."""
    spacing = style["letter_spacing"]
    return cut.width() * FROM_UNITS + (0 if spacing == "normal" else spacing)


def _piece(child, cut: Cut):
    """What the engine makes of a text that it has set."""
    piece = child.copy_with_text(cut.text)
    piece.pango_layout = cut
    piece.width = width_of(cut, piece.style)
    piece.height = cut.shaped.height
    line_height, _ = inline.strut(piece.style)
    piece.margin_top = piece.margin_bottom = (line_height - piece.height) / 2
    piece.baseline = cut.shaped.baseline + piece.margin_top
    return piece


def _shaped(context, box, containing_block) -> Shaped | None:
    """The paragraph shaped, kept while it is laid out; None when it must be left to the engine."""
    if len(box.children) != 1 or type(box.children[0]) is not boxes.TextBox:
        return None
    child = box.children[0]
    known = context.__dict__.setdefault("_shaped", {})
    if child not in known:
        if len(known) >= KEPT:
            known.clear()
        known[child] = Shaped.of(child.text, child.style) if _is_plain(child, containing_block) else None
    return known[child]


def _is_plain(child, containing_block) -> bool:
    return (
        not child.is_leader
        and containing_block.style["direction"] == "ltr"
        and child.is_in_normal_flow()
        and len(child.text) >= _SHORTEST
        and is_plain_text(child.text, child.style)
    )


def is_plain_text(text: str, style) -> bool:
    """Whether a text of a style can be cut into lines by adding up widths, if it takes one face."""
    return (
        _PLAIN.fullmatch(text) is not None
        and style["white_space"] == "normal"
        and style["hyphens"] != "auto"
        and style["word_break"] == "normal"
        and style["word_spacing"] == 0
        and style["font_size"] > 0
        and style["direction"] == "ltr"
        and lines.is_plain(style)
    )
