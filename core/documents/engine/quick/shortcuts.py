"""Let the layout engine do less work for the same pages: what it parses twice, guesses for Latin, packs too hard.

Like the two other patches this touches private parts, hence only versions that were tried; on another one the
engine is left alone and is merely slower.

- Style sheets are parsed once, and the looks of lists and notes left out where there are none (`sheets`).
- A line of text is first set with as many characters as would fill four lines of type as wide as it is high. Latin
  letters are half as wide; Chinese characters fill the line with a quarter of that, and little more is enough.
- A short text is measured once for its look and room: a ranking prints the same figures thousands of times.
- The rules of a table are drawn from edge to edge instead of cell by cell: a tenth of the strokes.
- A paragraph of plain Chinese text is shaped once and cut into lines (`paragraphs`): a third of a long text.
- The looks of pages (`pages`), what a line needs of its style (`lines`) and the way glyphs are written
  (`glyphs`) are worked out once; properties nobody set (`styles`) and sizes of boxes (`sizes`) in
  few steps.
- Faces are cut down in one pass (`faces`), the objects of the file put into bytes once (`writing`).
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from types import CodeType, FunctionType

import pydyf
import weasyprint
from weasyprint import draw
from weasyprint.layout import inline
from weasyprint.text import line_break

from core.documents.engine.quick import (
    faces,
    glyphs,
    lines,
    pages,
    paragraphs,
    reading,
    sheets,
    sizes,
    styles,
    writing,
)

TRIED_VERSIONS = (("70.0", "0.13.0"),)
LATIN_GUESS, MIXED_GUESS, CHINESE_GUESS = 4, 2, 1.5
# Of this many characters mostly Chinese ones: three bytes each.
HEAD, MOSTLY = 48, 2.5


def install() -> bool:
    """Replace the parts, once; False when this version of the engine was never tried."""
    if (weasyprint.VERSION, pydyf.VERSION) not in TRIED_VERSIONS:
        return False
    sheets.install()
    draw.draw_line, draw.draw_collapsed_borders = _draw_line, _draw_rules
    writing.install()
    inline.split_first_line = split_first_line
    reading.install()
    styles.install()
    sizes.install()
    pages.install()
    faces.install()
    if glyphs.install():
        paragraphs.install()
    lines.install()
    code = line_break.split_first_line.__code__
    line_break.split_first_line.__code__ = _guessing(code, MIXED_GUESS)
    _split_chinese.__code__ = _guessing(code, CHINESE_GUESS)
    return True


def _guessing(code: CodeType, guess: float) -> CodeType:
    return code.replace(co_consts=tuple(guess if _is_guess(value) else value for value in code.co_consts))


def _is_guess(value: object) -> bool:
    """The function has this number only there."""
    return type(value) is int and value == LATIN_GUESS


SHORT, MEASURED_KEPT = 12, 5000
# All that the width of a text depends on.
_LOOK = (
    "font_size", "font_weight", "font_style", "font_stretch", "letter_spacing", "word_spacing", "white_space", "lang",
    "direction", "overflow_wrap", "text_decoration_line", "font_kerning", "font_variant_ligatures",
    "font_variant_position", "font_variant_caps", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_language_override", "hyphens", "tab_size",
)  # fmt: skip
_LISTS = ("font_family", "font_feature_settings", "font_variation_settings")
_measured: dict[tuple, tuple] = {}
# The engine's own function once more, with another guess.
_split_chinese = FunctionType(
    line_break.split_first_line.__code__,
    line_break.split_first_line.__globals__,
    argdefs=line_break.split_first_line.__defaults__,
)


def split_first_line(
    text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False
):
    if not 0 < len(text) <= SHORT:
        head = text[:HEAD].encode()
        split = _split_chinese if len(head) > MOSTLY * HEAD else line_break.split_first_line
        return split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
    look = repr([style[name] for name in _LOOK] + [style[name] for name in _LISTS])
    key = (text, look, max_width, justification_spacing, is_line_start, minimum, id(style.font_config))
    if key in _measured:
        layout, *measures = _measured[key]
        return copy.copy(layout), *measures
    found = line_break.split_first_line(
        text, style, context, max_width, justification_spacing, is_line_start, minimum
    )
    if found[2] is None:  # all of it fits
        if len(_measured) >= MEASURED_KEPT:
            _measured.clear()
        _measured[key] = (copy.copy(found[0]), *found[1:])
    return found


class _Sketch:
    """Stands in for the page while a table's rules are asked for: notes the lines, draws nothing."""

    def __init__(self) -> None:
        self.lines: list[tuple] = []
        self.artifact = self.stacked = nullcontext


_original_draw_line, _original_draw_rules = draw.draw_line, draw.draw_collapsed_borders


def _draw_line(stream, *line):
    if isinstance(stream, _Sketch):
        stream.lines.append(line)
    else:
        _original_draw_line(stream, *line)


def _draw_rules(stream, table) -> None:
    sketch = _Sketch()
    _original_draw_rules(sketch, table)
    looks = {line[4:] for line in sketch.lines}
    if len(looks) != 1:  # rules of several looks cross each other in an order of their own
        return _original_draw_rules(stream, table)
    (look,) = looks
    with stream.artifact(), stream.stacked():
        for line in _joined(line[:4] for line in sketch.lines):
            _original_draw_line(stream, *line, *look)
    return None


def _joined(lines: Iterable[tuple]) -> Iterator[tuple]:
    """Lines that touch as one, horizontal ones and then vertical ones."""
    rows, columns = defaultdict(list), defaultdict(list)
    for x1, y1, x2, y2 in lines:
        if y1 == y2:
            rows[round(y1, 3)].append((x1, x2))
        else:
            columns[round(x1, 3)].append((y1, y2))
    for y, spans in rows.items():
        yield from ((start, y, end, y) for start, end in _merged(spans))
    for x, spans in columns.items():
        yield from ((x, start, x, end) for start, end in _merged(spans))


def _merged(spans: list[tuple]) -> Iterator[tuple]:
    start, end = (spans := sorted(spans))[0]
    for first, last in spans:
        if first > end + 0.01:
            yield start, end
            start, end = first, last
        end = max(end, last)
    yield start, end
