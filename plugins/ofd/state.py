"""The graphics state of a PDF page: what painting depends on, saved and restored as a whole."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pikepdf

from plugins.ofd.drawn import BLACK, Clip, Colour, Paint, Pen, Unsupported
from plugins.ofd.geometry import SAME, Matrix, Path, as_box, growth, mapped, shared

FILL, LINE, FILL_AND_LINE, HIDDEN = 0, 1, 2, 3


@dataclass
class State:
    """Values as the page gives them; lengths are in units of the matrix."""

    matrix: Matrix
    clip: Clip
    fill: Colour | None = BLACK  # None: a colour that cannot be told, such as a pattern
    line: Colour | None = BLACK
    fill_space: object = "/DeviceGray"
    line_space: object = "/DeviceGray"
    fill_alpha: float = 1.0
    line_alpha: float = 1.0
    is_masked: bool = False
    pen: Pen = field(default_factory=lambda: Pen(1.0))
    font: str = ""
    size: float = 0.0
    between: float = 0.0
    at_spaces: float = 0.0
    wide: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = FILL

    def clipped(self, path: Path, even_odd: bool) -> Clip:
        """The clip after one more path, given in units of the matrix."""
        on_page = mapped(path, self.matrix)
        box = as_box(on_page)
        if box:
            left = shared(self.clip.box, box)
            return replace(self.clip, box=left or (0.0, 0.0, -1.0, -1.0))
        return replace(self.clip, paths=(*self.clip.paths, (on_page, even_odd)))

    def paint(self, fills: bool, lines: bool) -> Paint:
        """The paint of a thing drawn now. Raises Unsupported."""
        if self.is_masked or (fills and self.fill is None) or (lines and self.line is None):
            raise Unsupported
        scale = growth(self.matrix)
        pen = replace(
            self.pen, width=self.pen.width * scale, dash=tuple(d * scale for d in self.pen.dash), offset=self.pen.offset * scale,
        )  # fmt: skip
        return Paint(
            self.fill if fills else None, self.line if lines else None, self.fill_alpha, self.line_alpha,
            pen if lines else Pen(), self.clip,
        )  # fmt: skip


def colour_of(space: object, parts: list[object]) -> Colour | None:
    """A colour of a colour space as red, green and blue; None when it cannot be told."""
    if not all(isinstance(part, (int, float, Decimal)) for part in parts):
        return None
    values = [min(max(float(part), 0.0), 1.0) for part in parts]
    kind, count = _kind(space)
    if len(values) != count:
        return None
    if kind == "gray":
        values *= 3
    elif kind == "cmyk":
        black = 1 - values[3]
        values = [(1 - value) * black for value in values[:3]]
    elif kind != "rgb":
        return None
    red, green, blue = (round(255 * value) for value in values)
    return red, green, blue


def _kind(space: object) -> tuple[str, int]:
    name = str(space) if isinstance(space, (str, pikepdf.Name)) else ""
    if isinstance(space, pikepdf.Array) and len(space):
        name = str(space[0])
        if name == "/ICCBased":
            name = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}.get(int(space[1].get("/N", 0)), "")
    return {
        "/DeviceGray": ("gray", 1), "/CalGray": ("gray", 1), "/DeviceRGB": ("rgb", 3), "/CalRGB": ("rgb", 3),
        "/DeviceCMYK": ("cmyk", 4),
    }.get(name, ("", -1))  # fmt: skip


def start(page: Matrix, clip: Clip) -> State:
    """The state at the head of a page."""
    return State(matrix=page or SAME, clip=clip)
