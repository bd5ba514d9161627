"""What each drawing operator of a PDF page does to the canvas (ISO 32000-1, Annex A)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pikepdf

from plugins.ofd.canvas import Canvas
from plugins.ofd.drawn import Unsupported
from plugins.ofd.geometry import Matrix, Point, after, as_path
from plugins.ofd.state import colour_of

Operands = Sequence[Any]
# Gives back a part with operators of its own that is to be drawn in its place.
Action = Callable[[Canvas, Operands, pikepdf.Dictionary], pikepdf.Object | None]


def _save(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.save()


def _restore(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.restore()


def _concatenate(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.state.matrix = after(_matrix(operands), canvas.state.matrix)


def _extend(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    """Transparency, masks and the width of lines, given by a name."""
    given, state = resources.ExtGState[str(operands[0])], canvas.state
    state.fill_alpha = float(given.get("/ca", state.fill_alpha))
    state.line_alpha = float(given.get("/CA", state.line_alpha))
    if "/SMask" in given:
        state.is_masked = given.SMask != "/None"
    if str(given.get("/BM", "/Normal")) not in ("/Normal", "/Compatible"):
        state.is_masked = True
    if "/LW" in given:
        state.pen = replace(state.pen, width=float(given.LW))


def _pen(**names: Callable[[Operands], Any]) -> Action:
    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        canvas.state.pen = replace(canvas.state.pen, **{name: read(operands) for name, read in names.items()})

    return action


def _colour(line: bool, space: str) -> Action:
    """A colour together with its space."""

    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        chosen = colour_of(space, list(operands))
        if line:
            canvas.state.line, canvas.state.line_space = chosen, space
        else:
            canvas.state.fill, canvas.state.fill_space = chosen, space

    return action


def _space(line: bool) -> Action:
    """A colour space; its first colour is black."""

    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        name = str(operands[0])
        space = resources.get("/ColorSpace", {}).get(name, name)
        tried = (colour_of(space, parts) for parts in ([0], [0, 0, 0], [0, 0, 0, 1]))
        black = next((colour for colour in tried if colour), None)
        if line:
            canvas.state.line_space, canvas.state.line = space, black
        else:
            canvas.state.fill_space, canvas.state.fill = space, black

    return action


def _colour_in_space(line: bool) -> Action:
    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        if line:
            canvas.state.line = colour_of(canvas.state.line_space, list(operands))
        else:
            canvas.state.fill = colour_of(canvas.state.fill_space, list(operands))

    return action


def _to(kind: str) -> Action:
    """One more piece of the path. `v` and `y` are curves that name one of their points only once."""

    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        points = _points(operands)
        if kind == "v":
            points = (_last(canvas), *points)
        elif kind == "y":
            points = (*points, points[-1])
        canvas.path.append((kind if kind in "ML" else "B", points))

    return action


def _rectangle(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    x, y, wide, high = (float(value) for value in operands)
    canvas.path += as_path([((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))])


def _close(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    if canvas.path and canvas.path[-1][0] != "C":
        canvas.path.append(("C", ()))


def _clip(rule: str) -> Action:
    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        canvas.clip_by = rule

    return action


def _paint(fills: bool, lines: bool, even_odd: bool = False, closes: bool = False) -> Action:
    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        if closes:
            _close(canvas, operands, resources)
        canvas.paint_path(fills=fills, lines=lines, even_odd=even_odd)

    return action


def _begin_text(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.line_start = canvas.place = (1, 0, 0, 1, 0, 0)


def _font(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.state.size = float(operands[1])
    canvas.state.font = canvas.fonts.known(resources.Font[str(operands[0])])


def _text(name: str, share: float = 1.0) -> Action:
    def action(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
        setattr(canvas.state, name, float(operands[0]) * share)

    return action


def _mode(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.state.mode = int(operands[0])


def _put(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.line_start = canvas.place = _matrix(operands)


def _next_line(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    x, y = (float(value) for value in operands) if operands else (0.0, -canvas.state.leading)
    canvas.line_start = canvas.place = after((1, 0, 0, 1, x, y), canvas.line_start)


def _next_line_leading(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.state.leading = -float(operands[1])
    _next_line(canvas, operands, resources)


def _show(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.show([operands[-1]])


def _show_spaced(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    canvas.show(list(operands[0]))


def _show_on_next_line(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    if len(operands) == 3:
        canvas.state.at_spaces, canvas.state.between = float(operands[0]), float(operands[1])
    _next_line(canvas, (), resources)
    _show(canvas, operands, resources)


def _invoke(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> pikepdf.Object | None:
    thing = resources.XObject[str(operands[0])]
    if str(thing.get("/Subtype")) == "/Form":
        return thing
    canvas.picture(thing)
    return None


def _refuse(canvas: Canvas, operands: Operands, resources: pikepdf.Dictionary) -> None:
    raise Unsupported


def _matrix(operands: Operands) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _points(operands: Operands) -> tuple[Point, ...]:
    values = [float(value) for value in operands]
    return tuple(zip(values[::2], values[1::2], strict=True))


def _last(canvas: Canvas) -> Point:
    return next((points[-1] for _, points in reversed(canvas.path) if points), (0.0, 0.0))


ACTIONS: dict[str, Action] = {
    "q": _save, "Q": _restore, "cm": _concatenate, "gs": _extend,
    "w": _pen(width=lambda v: float(v[0])), "J": _pen(cap=lambda v: int(v[0])), "j": _pen(join=lambda v: int(v[0])),
    "M": _pen(miter=lambda v: float(v[0])),
    "d": _pen(dash=lambda v: tuple(float(x) for x in v[0]), offset=lambda v: float(v[1])),
    "g": _colour(False, "/DeviceGray"), "G": _colour(True, "/DeviceGray"),
    "rg": _colour(False, "/DeviceRGB"), "RG": _colour(True, "/DeviceRGB"),
    "k": _colour(False, "/DeviceCMYK"), "K": _colour(True, "/DeviceCMYK"),
    "cs": _space(False), "CS": _space(True),
    "sc": _colour_in_space(False), "SC": _colour_in_space(True),
    "scn": _colour_in_space(False), "SCN": _colour_in_space(True),
    "m": _to("M"), "l": _to("L"), "c": _to("c"), "v": _to("v"), "y": _to("y"), "h": _close, "re": _rectangle,
    "W": _clip("winding"), "W*": _clip("even-odd"), "n": _paint(False, False),
    "S": _paint(False, True), "s": _paint(False, True, closes=True),
    "f": _paint(True, False), "F": _paint(True, False), "f*": _paint(True, False, True),
    "B": _paint(True, True), "B*": _paint(True, True, True),
    "b": _paint(True, True, closes=True), "b*": _paint(True, True, True, True),
    "BT": _begin_text, "Tf": _font, "Tc": _text("between"), "Tw": _text("at_spaces"), "Tz": _text("wide", 0.01),
    "TL": _text("leading"), "Ts": _text("rise"), "Tr": _mode,
    "Tm": _put, "Td": _next_line, "TD": _next_line_leading, "T*": _next_line,
    "Tj": _show, "TJ": _show_spaced, "'": _show_on_next_line, '"': _show_on_next_line,
    "Do": _invoke, "sh": _refuse, "BI": _refuse, "INLINE IMAGE": _refuse,
}  # fmt: skip
