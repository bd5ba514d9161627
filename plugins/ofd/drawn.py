"""What a page shows, in the order it is drawn: texts, shapes and pictures, in millimetres from the page's upper left corner."""

from dataclasses import dataclass

from plugins.ofd.geometry import Box, Matrix, Path

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)


class Unsupported(Exception):
    """Something the conversion has no words for; the place is drawn as a picture instead."""


@dataclass(frozen=True)
class Clip:
    """Where painting is allowed: within a box and within every path."""

    box: Box
    paths: tuple[tuple[Path, bool], ...] = ()  # with the even-odd rule or without


@dataclass(frozen=True)
class Pen:
    """How lines are drawn; lengths in millimetres."""

    width: float = 0.0
    cap: int = 0
    join: int = 0
    miter: float = 10.0
    dash: tuple[float, ...] = ()
    offset: float = 0.0


@dataclass(frozen=True)
class Paint:
    """The colours of a thing; None where it is not filled, or has no line."""

    fill: Colour | None
    line: Colour | None
    fill_alpha: float
    line_alpha: float
    pen: Pen
    clip: Clip


@dataclass(frozen=True)
class Glyph:
    """A glyph of a font: its number, the characters it stands for, where it begins and how wide it is.

    Both lengths count along the line, in the units of the text's own matrix.
    """

    number: int
    text: str
    start: float
    width: float


@dataclass(frozen=True)
class Text:
    """Glyphs on one line. The matrix leads from the line's own units (size 1 is the em) to the page."""

    font: str
    matrix: Matrix
    glyphs: tuple[Glyph, ...]
    paint: Paint


@dataclass(frozen=True)
class Shape:
    """Lines and areas. `even_odd` is the rule for what lies inside."""

    path: Path
    even_odd: bool
    paint: Paint


@dataclass(frozen=True)
class Picture:
    """A picture of the document by its name; the matrix puts the unit square, upper left corner first, on the page."""

    name: str
    matrix: Matrix
    paint: Paint


Drawn = Text | Shape | Picture


def unseen(clip: Clip) -> Paint:
    """The paint of words that a picture already shows: there to be found and copied only."""
    return Paint(BLACK, None, 0.0, 0.0, Pen(), clip)
