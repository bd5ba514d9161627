"""Texts joined into lines, and lines divided where a reader of OFD files would otherwise count characters wrongly."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from plugins.ofd.drawn import Drawn, Glyph, Shape, Text
from plugins.ofd.fonts import FontBook
from plugins.ofd.geometry import mapped, moved, undone

# In em: how far apart two texts may stand to be one line, and how far back the second may begin.
_APART, _BACK = 0.6, 0.05
_SAME_LINE = 0.002
_ALIKE = 1e-6


def joined(things: Iterable[Drawn]) -> Iterator[Drawn]:
    """The same things; texts that go on where the one before ended are one text with it."""
    before: Text | None = None
    more: list[Glyph] = []
    for thing in things:
        if before and isinstance(thing, Text):
            at = _continues(before, more[-1], thing)
            if at is not None:
                more += [replace(glyph, start=glyph.start + at) for glyph in thing.glyphs]
                continue
        if before:
            yield replace(before, glyphs=tuple(more))
            before = None
        if isinstance(thing, Text):
            before, more = thing, list(thing.glyphs)
        else:
            yield thing
    if before:
        yield replace(before, glyphs=tuple(more))


def _continues(before: Text, last: Glyph, text: Text) -> float | None:
    """Where on the line of one text the next begins; None when it is another line or looks different."""
    if before.font != text.font or before.paint != text.paint:
        return None
    one, other = before.matrix, text.matrix
    if any(abs(p - q) > _ALIKE * (1 + abs(p)) for p, q in zip(one[:4], other[:4], strict=True)):
        return None
    away = undone(one, (other[4] - one[4], other[5] - one[5]))
    if away is None or abs(away[1]) > _SAME_LINE:
        return None
    gap = away[0] + text.glyphs[0].start - (last.start + last.width)
    return away[0] if -_BACK <= gap <= _APART else None


def divided(text: Text, fonts: FontBook) -> Iterator[Text | Shape]:
    """One text as pieces in which every glyph is one character that counts as one everywhere.

    Characters beyond 16 bits end a piece (some readers count them twice), glyphs for several characters stand
    alone, blanks at the start of a line too (some readers drop them), and a glyph without any character is drawn
    as a shape.
    """
    piece: list[Glyph] = []
    for glyph in text.glyphs:
        if not glyph.text:
            if piece:
                yield replace(text, glyphs=tuple(piece))
                piece = []
            yield from _as_shape(text, glyph, fonts)
        elif len(glyph.text) > 1 or (
            piece and piece[-1].text.isspace() and not glyph.text.isspace() and _blank(piece)
        ):
            if piece:
                yield replace(text, glyphs=tuple(piece))
            piece = [glyph]
            if len(glyph.text) > 1:
                yield replace(text, glyphs=(glyph,))
                piece = []
        else:
            piece.append(glyph)
            if ord(glyph.text) > 0xFFFF:
                yield replace(text, glyphs=tuple(piece))
                piece = []
    if piece:
        yield replace(text, glyphs=tuple(piece))


def _blank(glyphs: list[Glyph]) -> bool:
    return all(glyph.text.isspace() for glyph in glyphs)


def _as_shape(text: Text, glyph: Glyph, fonts: FontBook) -> Iterator[Shape]:
    path = fonts.get(text.font).outline(glyph.number)
    if path:
        x, y = moved(text.matrix, (glyph.start, 0))
        yield Shape(mapped(path, (*text.matrix[:4], x, y)), False, text.paint)
