"""Each thing of a page as an OFD object: its boundary on the sheet, its own units inside it (GB/T 33190 clauses 8 to 12)."""

from collections.abc import Callable
from math import hypot

from plugins.ofd.drawn import Colour, Drawn, Paint, Picture, Shape, Text
from plugins.ofd.elements import boundary, element, length, lengths, matrix, path_data, rounded, text
from plugins.ofd.fonts import FontBook
from plugins.ofd.geometry import (
    SAME,
    Box,
    Matrix,
    Point,
    box_of,
    corners,
    grown,
    growth,
    moved,
    points_of,
    undone,
)

# Around a line of type, in em: strokes that lean over their own width, and rounding.
_ROOM = 0.05
_CAPS, _JOINS = {1: "Round", 2: "Square"}, {1: "Round", 2: "Bevel"}
_UPRIGHT = 1e-4
# A line thinner than this would vanish; PDF readers draw it as thin as they can.
_HAIR = 0.02


class Marks:
    """Writes things as XML; numbers for them, their fonts and pictures come from outside."""

    def __init__(
        self, fonts: FontBook, number: Callable[[], int], resource: Callable[[str, str], int]
    ) -> None:
        self._fonts, self._number, self._resource = fonts, number, resource

    def hull(self, thing: Drawn) -> list[Point]:
        """Four corners around all that a thing marks; none when it marks nothing."""
        if isinstance(thing, Picture):
            return [moved(thing.matrix, corner) for corner in corners((0, 0, 1, 1))]
        if isinstance(thing, Shape):
            points = list(points_of(thing.path))
            # The points of mitres and of square ends lie further out than half the line's width.
            reach = thing.paint.pen.width * (0.5 if len(points) == 2 and thing.paint.pen.cap != 2 else 0.75)
            return list(corners(grown(box_of(points), reach))) if points else []
        font, last = self._fonts.get(thing.font), thing.glyphs[-1]
        room = _ROOM + thing.paint.pen.width / 2 / max(_size(thing), 1e-6)
        line = (thing.glyphs[0].start, -font.ascent, last.start + last.width, font.descent)
        return [moved(thing.matrix, corner) for corner in corners(grown(line, room))]

    def written(self, thing: Drawn, covers: Box) -> str:
        """The object; nothing for one that is flattened to a line."""
        covers = rounded(covers)
        if isinstance(thing, Shape):
            return self._shape(thing, covers)
        if isinstance(thing, Picture):
            return self._picture(thing, covers)
        return self._text(thing, covers)

    def _text(self, words: Text, covers: Box) -> str:
        size = _size(words)
        if size < 1e-6:
            return ""
        a, b, c, d = (value / size for value in words.matrix[:4])
        upright = max(abs(a - 1), abs(b), abs(c), abs(d - 1)) < _UPRIGHT
        inside: Matrix = SAME if upright else (a, b, c, d, 0, 0)
        x, y = moved(words.matrix, (words.glyphs[0].start, 0))
        place = undone(inside, (x - covers[0], y - covers[1]))
        if place is None:
            return ""
        paint = words.paint
        attributes = {
            "ID": self._number(), "Boundary": boundary(covers), "CTM": matrix(inside), **_pen(paint, growth(inside)),
            "Alpha": _alpha(paint), "Font": self._resource("font", words.font), "Size": length(size),
            "Stroke": "true" if paint.line else None, "Fill": None if paint.fill else "false",
        }  # fmt: skip
        code = {"X": length(place[0]), "Y": length(place[1]), "DeltaX": _steps(words, size)}
        content = (
            _clips(paint, covers, inside), _colour("FillColor", paint.fill, paint.fill_alpha, paint),
            _colour("StrokeColor", paint.line, paint.line_alpha, paint), self._other_glyphs(words),
            text("TextCode", "".join(glyph.text for glyph in words.glyphs), code),
        )  # fmt: skip
        return element("TextObject", attributes, "".join(content))

    def _other_glyphs(self, words: Text) -> str:
        """The glyphs that a reader would not come to by the characters alone."""
        font = self._fonts.get(words.font)
        return "".join(
            element(
                "CGTransform",
                {"CodePosition": n, "CodeCount": len(glyph.text), "GlyphCount": 1},
                element("Glyphs", None, str(glyph.number)),
            )
            for n, glyph in enumerate(words.glyphs)
            if len(glyph.text) > 1 or not font.finds(glyph.number, glyph.text)
        )

    def _shape(self, shape: Shape, covers: Box) -> str:
        paint = shape.paint
        attributes = {
            "ID": self._number(), "Boundary": boundary(covers), **_pen(paint, 1), "Alpha": _alpha(paint),
            "Stroke": None if paint.line else "false", "Fill": "true" if paint.fill else None,
            "Rule": "Even-Odd" if shape.even_odd and paint.fill else None,
        }  # fmt: skip
        content = (
            _clips(paint, covers, SAME), _colour("StrokeColor", paint.line, paint.line_alpha, paint),
            _colour("FillColor", paint.fill, paint.fill_alpha, paint),
            element("AbbreviatedData", None, path_data(shape.path, covers[:2])),
        )  # fmt: skip
        return element("PathObject", attributes, "".join(content))

    def _picture(self, picture: Picture, covers: Box) -> str:
        a, b, c, d, e, f = picture.matrix
        inside = (a, b, c, d, round(e - covers[0], 3), round(f - covers[1], 3))
        if undone(inside, (1, 1)) is None:
            return ""
        attributes = {
            "ID": self._number(), "Boundary": boundary(covers), "CTM": matrix(inside), "Alpha": _alpha(picture.paint),
            "ResourceID": self._resource("picture", picture.name),
        }  # fmt: skip
        return element("ImageObject", attributes, _clips(picture.paint, covers, inside))


def _size(words: Text) -> float:
    """The height of the em on the sheet."""
    return hypot(*words.matrix[2:4])


def _pen(paint: Paint, scale: float) -> dict[str, str | None]:
    """How lines are drawn, in an object's own units of which `scale` make a millimetre less."""
    if paint.line is None:
        return {}
    pen = paint.pen
    dashed = any(pen.dash)
    return {
        "LineWidth": length(max(pen.width, _HAIR) / scale), "Cap": _CAPS.get(pen.cap), "Join": _JOINS.get(pen.join),
        "MiterLimit": None if pen.join in _JOINS else length(pen.miter),
        "DashOffset": length(pen.offset / scale) if dashed and pen.offset else None,
        "DashPattern": lengths(max(part / scale, 0.001) for part in pen.dash) if dashed else None,
    }  # fmt: skip


def _clips(paint: Paint, covers: Box, inside: Matrix) -> str:
    """Paths that bound what is seen, in the object's own units; all of them hold."""
    origin = (covers[0] + inside[4], covers[1] + inside[5])
    written = []
    for path, even_odd in paint.clip.paths:
        own = tuple((kind, tuple(_own(point, origin, inside) for point in points)) for kind, points in path)
        around = rounded(box_of(points_of(own)))
        attributes = {
            "Boundary": boundary(around), "Stroke": "false", "Fill": "true", "Rule": "Even-Odd" if even_odd else None,
        }  # fmt: skip
        data = element("AbbreviatedData", None, path_data(own, around[:2]))
        written.append(element("Clip", None, element("Area", None, element("Path", attributes, data))))
    return element("Clips", None, "".join(written)) if written else ""


def _own(point: Point, origin: Point, inside: Matrix) -> Point:
    return undone(inside, (point[0] - origin[0], point[1] - origin[1])) or (0.0, 0.0)


def _steps(words: Text, size: float) -> str | None:
    """From glyph to glyph, each rounded so that all of them together stay exact."""
    places = [round((glyph.start - words.glyphs[0].start) * size, 3) for glyph in words.glyphs]
    return lengths(here - before for before, here in zip(places, places[1:], strict=False)) or None


def _alpha(paint: Paint) -> int | None:
    alpha = paint.fill_alpha if paint.fill else paint.line_alpha
    return round(255 * alpha) if alpha < 1 and _fades_as_one(paint) else None


def _fades_as_one(paint: Paint) -> bool:
    return not (paint.fill and paint.line) or paint.fill_alpha == paint.line_alpha


def _colour(name: str, colour: Colour | None, alpha: float, paint: Paint) -> str:
    if colour is None:
        return ""
    fading = None if alpha >= 1 or _fades_as_one(paint) else round(255 * alpha)
    return element(name, {"Value": "{} {} {}".format(*colour), "Alpha": fading})
