"""Flush right edges for Chinese lines, which the layout engine would leave ragged.

WeasyPrint stretches only spaces; a Chinese line that line-breaking rules made a character short has none. Two
private functions of its text layout are replaced so that the remainder is shared by all Chinese characters and the
spaces between Latin words, never inside a number or a word. Private functions may change: on a version that was not
tried the engine is left alone, lines stay ragged, and the log says so.
"""

import copy
import logging
import re

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

TRIED_VERSIONS = ("70.0",)
# A stretched line looks worse than a short one when each gap would grow beyond this share of a character.
MOST = 0.5
# What gives way: Chinese characters and spaces.
CHINESE = re.compile(
    "[ \u2014-\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]+"
)

_original_justify = inline.justify_line
_original_set_text = line_break.Layout.set_text


class ChineseGap(float):
    """A justification value that belongs to characters, not to spaces."""


def install() -> bool:
    """Replace the two functions, once; False when this version of the engine was never tried."""
    if weasyprint.VERSION not in TRIED_VERSIONS:
        logging.getLogger(__name__).warning("排版引擎 %s 未经验证，中文行右端可能不齐", weasyprint.VERSION)
        return False
    inline.justify_line = _justify_line
    line_break.Layout.set_text = _set_text
    return True


def _justify_line(context, line, extra_width):
    pieces = [box for box in _text_boxes(line) if box.text]
    count = sum(_gaps(box.text) for box in pieces)
    if pieces:
        # Each half of a gap belongs to one side of a character: nothing is drawn before and after the line's last text.
        count -= sum(CHINESE.match(end) is not None for end in (pieces[-1].text[0], pieces[-1].text[-1])) / 2
    if count < 1:
        return _original_justify(context, line, extra_width)
    gap = extra_width / count
    if gap <= line.style["font_size"] * MOST:
        _spread(context, line, ChineseGap(gap), 0)


def _text_boxes(box):
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _text_boxes(child)


def _gaps(text: str) -> int:
    return sum(len(run) for run in CHINESE.findall(text))


def _spread(context, box, gap, advance):
    """Widen every text box in the line and move what follows; returns the room used so far."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        count = _gaps(box.text)
        if count:
            box.justification_spacing = gap
            if box.pango_layout.text == box.text:  # set as it is, only wider: when it is drawn
                box.pango_layout = copy.copy(box.pango_layout)
                box.pango_layout.justification_spacing, box.pango_layout.max_width = gap, None
            else:
                box.pango_layout = line_break.create_layout(box.text, box.style, context, None, gap)
                box.pango_layout.deactivate()
            box.width += gap * count
            advance += gap * count
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(context, child, gap, advance)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _set_text(self, text, justify=False):
    gap = self.justification_spacing
    if not (justify and isinstance(gap, ChineseGap)):
        return _original_set_text(self, text, justify)
    _original_set_text(self, text, False)
    _space_out(self, float(gap))


def _space_out(layout, gap: float) -> None:
    """Give every Chinese character of the layout its own spacing plus the gap."""
    spacing = layout.style["letter_spacing"]
    units = int(((0 if spacing == "normal" else spacing) + gap) * TO_UNITS)
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for run in CHINESE.finditer(layout.text):
        attribute = pango.pango_attr_letter_spacing_new(units)
        attribute.start_index = len(layout.text[: run.start()].encode())
        attribute.end_index = len(layout.text[: run.end()].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)
