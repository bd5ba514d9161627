"""A paragraph of one face, shaped once, and the pieces that lines cut from it, ready to be written with their spacing."""

import struct
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, gobject, pango

from core.documents.engine.justify import CHINESE, ChineseGap

ffi.cdef("gpointer g_object_ref (gpointer object);")

GLYPH = struct.Struct("Iiiii")  # number, width, shift right, shift up, beginning of a cluster
_MISSING = pango.PANGO_GLYPH_EMPTY  # and above


class Taken(NamedTuple):
    """What a character gives up of its width, on its left and on its right."""

    left: int
    right: int


NOTHING_TAKEN: Mapping[int, Taken] = MappingProxyType({})


class Shaped(NamedTuple):
    """A paragraph on one endless line. Widths and spacing in the units of the text layout library."""

    text: str
    font: Any
    # For each character its glyph, how wide that is, how far it is shifted, all without spacing.
    glyphs: list[tuple[int, int, int]]
    # Where the library begins anew, for another script.
    joints: list[int]
    # The room up to each character with spacing, and whether a line may end before it.
    widths: list[int]
    breaks: list[int]
    spacing: int
    size: int
    height: float
    baseline: float

    @classmethod
    def of(cls, text: str, style) -> Self | None:
        """The text shaped, unless it takes several faces, or more or fewer glyphs than characters."""
        layout = line_break.create_layout(text, style, None, None, 0)
        line, _ = layout.get_first_line()
        runs = list(_runs(line))
        fonts = {font for font, _ in runs}
        glyphs = [glyph for _, some in runs for glyph in some]
        if len(fonts) > 1 or len(glyphs) != len(text) or any(map(_is_odd, glyphs)):
            return None
        spacing = units(style, 0)
        before, after = _halves(spacing)
        bare = [(glyph, width - before - after, right - before) for glyph, width, right, _, _ in glyphs]
        # At the ends of the line the library leaves its spacing out.
        bare[0] = bare[0][0], bare[0][1] + before, bare[0][2] + before
        bare[-1] = bare[-1][0], bare[-1][1] + after, bare[-1][2]
        attributes = pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL)
        (font,) = fonts
        gobject.g_object_ref(font)
        return cls(
            text, ffi.gc(font, gobject.g_object_unref), bare,
            list(accumulate(len(some) for _, some in runs)),
            [0, *accumulate(width + spacing for _, width, _ in bare)],
            breaks(text, attributes), spacing,
            int(style["font_size"] * TO_UNITS),
            line_break.line_size(line, style)[1], pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS,
        )  # fmt: skip


class Cut(line_break.Layout):
    """A piece of a shaped paragraph in the place of a text layout, which is made only if the engine must draw it.

    `taken` says what characters give up, by their place in the whole text.
    """

    def __init__(
        self, shaped: Shaped, start: int, end: int, max_width: float,
        taken: Mapping[int, Taken] = NOTHING_TAKEN,
    ) -> None:  # fmt: skip
        self.shaped, self.start, self.end, self.taken = shaped, start, end, taken
        self.text, self.max_width = shaped.text[start:end], max_width
        self.justification_spacing = self.first_line_direction = 0
        self.ascent = self.underline_position = self.strikethrough_position = None

    def reactivate(self, style) -> None:
        """The engine is about to draw it."""
        self.drawn_in = style

    def deactivate(self) -> None:
        """The engine has drawn it."""
        if "layout" in self.__dict__:
            super().deactivate()

    def engage(self) -> None:
        """Become a text layout like any other, closer set as a whole where single characters gave way."""
        if self.taken:
            closer = self._given() * FROM_UNITS / len(self.text)
            self.justification_spacing = ChineseGap(self.justification_spacing - closer)
        super().reactivate(self.drawn_in)

    def width(self) -> int:
        """The room it takes before it is justified."""
        widths = self.shaped.widths
        return widths[self.end] - widths[self.start] - self.shaped.spacing - self._given()

    def _given(self) -> int:
        return sum(map(sum, self.taken.values()))

    def runs(self) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
        """Where each run begins in the whole text, and its glyphs: number, width, shift to the right."""
        shaped, gap = self.shaped, self.justification_spacing
        ends = {self.start, self.end, *(joint for joint in shaped.joints if self.start < joint < self.end)}
        wide = shaped.spacing
        if isinstance(gap, ChineseGap):
            wide = units(self.drawn_in, float(gap))
            ends.update(self.start + end for found in CHINESE.finditer(self.text) for end in found.span())
        for start, end in pairwise(sorted(ends)):
            before, after = _halves(wide if CHINESE.match(shaped.text, start) else shaped.spacing)
            spaced = [
                (glyph, width + before + after, right + before)
                for glyph, width, right in shaped.glyphs[start:end]
            ]
            if start == self.start:
                glyph, width, right = spaced[0]
                spaced[0] = glyph, width - before, right - before
            if end == self.end:
                glyph, width, right = spaced[-1]
                spaced[-1] = glyph, width - after, right
            for place in self.taken.keys() & range(start, end):
                (glyph, width, right), (on_left, on_right) = spaced[place - start], self.taken[place]
                spaced[place - start] = glyph, width - on_left - on_right, right - on_left
            yield start, spaced


def breaks(text: str, attributes) -> list[int]:
    """Whether a line may end before each character, as the library sees it."""
    return [attribute.is_line_break for attribute in attributes[0 : len(text)]]


def units(style, gap: float) -> int:
    """The spacing of a style, and a gap more, as it is given to the library."""
    spacing = style["letter_spacing"]
    return int(((0 if spacing == "normal" else spacing) + gap) * TO_UNITS)


def _halves(spacing: int) -> tuple[int, int]:
    """How the library shares out the spacing of a character: before it and after it."""
    before = int(spacing / 2)
    if spacing % TO_UNITS == 0:
        before = (before + TO_UNITS // 2) // TO_UNITS * TO_UNITS
    return before, spacing - before


def _is_odd(glyph: tuple) -> bool:
    """Whether a glyph is missing, raised or lowered."""
    return glyph[0] >= _MISSING or bool(glyph[3])


def _runs(line) -> Iterator[tuple[Any, list[tuple]]]:
    """The font and the glyphs of every run that goes from left to right with a glyph for each character."""
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        count = item.glyphs.num_glyphs
        if count == item.item.num_chars and not item.item.analysis.level % 2:
            glyphs = ffi.buffer(item.glyphs.glyphs, count * GLYPH.size)
            yield item.item.analysis.font, list(GLYPH.iter_unpack(glyphs))
