"""Bold for faces that have none: Fangsong and Kai come in one weight, word processors thicken their outlines.

WeasyPrint does not, so text of CSS weight 600 (the style sheet uses that weight for nothing else) is filled
and stroked. Its drawing function is private; on a version that was not tried, bold prints as regular.
"""

import logging

import weasyprint
from weasyprint import draw

TRIED_VERSIONS = ("70.0",)
MARK = 600
# Stroke width in em; about what word processors add.
STROKE = 1 / 36
FILL_AND_STROKE = 2

_original_draw_text = draw.draw_text


def install() -> bool:
    """Replace the drawing function, once; False when this version of the engine was never tried."""
    if weasyprint.VERSION not in TRIED_VERSIONS:
        logging.getLogger(__name__).warning(
            "排版引擎 %s 未经验证，仿宋加粗将按常规字重排印", weasyprint.VERSION
        )
        return False
    draw.draw_text = _draw_text
    return True


def _draw_text(stream, textbox, *rest):
    if textbox.style["font_weight"] != MARK:
        return _original_draw_text(stream, textbox, *rest)
    with stream.stacked():
        stream.set_color(textbox.style["color"], stroke=True)
        stream.set_line_width(textbox.style["font_size"] * STROKE)
        stream.set_text_rendering(FILL_AND_STROKE)
        _original_draw_text(stream, textbox, *rest)
    return None
