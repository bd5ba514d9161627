"""A page while it is being drawn: the state, the path under way, the place of the text, and what was drawn so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

import pikepdf

from core.errors import RenderError
from plugins.ofd.drawn import BLACK, Drawn, Glyph, Picture, Shape, Text, Unsupported, unseen
from plugins.ofd.fonts import FontBook
from plugins.ofd.geometry import SAME, Matrix, Path, Piece, after, as_path, corners, mapped
from plugins.ofd.pictures import Pictures
from plugins.ofd.state import FILL, FILL_AND_LINE, HIDDEN, LINE, State

DEEPEST = 12
MOST_GLYPHS = 200_000


class Canvas:
    """Takes the operators' wishes in words of the page and keeps what they drew in millimetres."""

    def __init__(self, state: State, fonts: FontBook, pictures: Pictures) -> None:
        self.state, self.fonts, self.pictures = state, fonts, pictures
        self.saved: list[State] = []
        self.drawn: list[Drawn] = []
        self.path: list[Piece] = []
        self.clip_by: str = ""
        self.line_start: Matrix = SAME
        self.place: Matrix = SAME
        self._depth = self._glyphs = 0

    def save(self) -> None:
        self.saved.append(copy(self.state))

    def restore(self) -> None:
        if self.saved:
            self.state = self.saved.pop()

    def paint_path(self, *, fills: bool, lines: bool, even_odd: bool = False) -> None:
        """Draw the path and be done with it; a clip asked for before holds from here on."""
        path, self.path = _with_strokes(self.path), []
        clip_by, self.clip_by = self.clip_by, ""
        try:
            if path and (fills or lines):
                paint = self.state.paint(fills, lines)
                self.drawn.append(Shape(mapped(path, self.state.matrix), even_odd, paint))
        finally:
            if path and clip_by:
                self.state.clip = self.state.clipped(path, clip_by == "even-odd")

    def show(self, items: list) -> None:
        """Write a line of text: strings of the font, and numbers that move what follows."""
        state = self.state
        if state.mode > HIDDEN or not state.size:
            raise Unsupported  # text as a clip, or none at all
        font = self.fonts.get(state.font)
        at, glyphs = 0.0, []
        for item in items:
            if not isinstance(item, pikepdf.String):
                at -= float(item) / 1000
                continue
            for number, text, width in font.decoded(bytes(item)):
                glyphs.append(Glyph(number, text, at, width))
                at += (
                    width + state.between / state.size + (state.at_spaces / state.size if text == " " else 0)
                )
        self._glyphs += len(glyphs)
        if self._glyphs > MOST_GLYPHS:
            raise RenderError("一页上的文字过多")
        # The em, with its second axis pointing down as on the page.
        em = (state.size * state.wide, 0, 0, -state.size, 0, state.rise)
        matrix = after(after(em, self.place), state.matrix)
        self.place = after((1, 0, 0, 1, at * state.size * state.wide, 0), self.place)
        if not glyphs or state.mode == HIDDEN:
            return
        words = Text(state.font, matrix, tuple(glyphs), unseen(state.clip))
        self.drawn.append(words)
        paint = state.paint(state.mode in (FILL, FILL_AND_LINE), state.mode in (LINE, FILL_AND_LINE))
        self.drawn[-1] = replace(words, paint=paint)

    def picture(self, thing: pikepdf.Object) -> None:
        """Place a picture into the unit square."""
        paint = replace(self.state, fill=BLACK).paint(True, False)
        name = self.pictures.known(thing)
        self.drawn.append(Picture(name, after((1, 0, 0, -1, 0, 1), self.state.matrix), paint))

    @contextmanager
    def inside(self, form: pikepdf.Object) -> Iterator[None]:
        """Draw a part that has its own operators, then be as before."""
        if self._depth >= DEEPEST:
            raise RecursionError
        whole = self.state.is_masked or (
            "/Group" in form and (self.state.fill_alpha, self.state.line_alpha) != (1.0, 1.0)
        )
        outer, stack = self.state, self.saved
        self.state, self.saved = copy(outer), []
        self._depth += 1
        try:
            matrix = tuple(float(value) for value in form.get("/Matrix", SAME))
            self.state.matrix = after(matrix, outer.matrix)
            x1, y1, x2, y2 = (float(value) for value in form.BBox)
            self.state.clip = self.state.clipped(as_path([corners((x1, y1, x2, y2))]), False)
            yield
        finally:
            self._depth -= 1
            self.state, self.saved = outer, stack
            self.path, self.clip_by = [], ""
        if whole:
            raise Unsupported  # masked, or fading as a whole


def _with_strokes(path: list[Piece]) -> Path:
    """A path without starts that nothing follows."""
    kinds = [kind for kind, _ in path[1:]] + ["M"]
    return tuple(
        piece for piece, following in zip(path, kinds, strict=False) if (piece[0], following) != ("M", "M")
    )
