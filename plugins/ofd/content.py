"""Reading a PDF page: its drawing operators one by one, turned into texts, shapes and pictures on the page.

What cannot be told in those words (patterns, gradients, masks) becomes a picture of just that part of the page.
"""

from dataclasses import replace

import pikepdf

from plugins.ofd.canvas import Canvas
from plugins.ofd.drawn import Clip, Drawn, Text, Unsupported, unseen
from plugins.ofd.fonts import FontBook
from plugins.ofd.geometry import MM, SAME, Box, Matrix, after
from plugins.ofd.operators import ACTIONS
from plugins.ofd.pictures import Pictures
from plugins.ofd.state import State


def read(page: pikepdf.Page, fonts: FontBook, pictures: Pictures) -> tuple[Box, list[Drawn]]:
    """The sheet in millimetres, and what is on it."""
    size, matrix = sheet_of(page)
    canvas = Canvas(State(matrix, Clip(size)), fonts, pictures)
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    instructions = pikepdf.parse_content_stream(page)
    done: list[Drawn] = []
    left_out: list[int] = []
    for number, instruction in enumerate(instructions):
        before = len(canvas.drawn)
        try:
            run(canvas, instruction, resources)
        except Unsupported:
            left_out.append(number)
            # It goes into a picture; its words stay as well, unseen, so that they can be found.
            canvas.drawn[before:] = [
                replace(thing, paint=unseen(thing.paint.clip))
                for thing in canvas.drawn[before:]
                if isinstance(thing, Text)
            ]
        else:
            if left_out and len(canvas.drawn) > before:
                done += canvas.drawn[:before] + pictures.of_parts(page, instructions, left_out, size)
                del canvas.drawn[:before]
                left_out = []
    if left_out:
        return size, done + canvas.drawn + pictures.of_parts(page, instructions, left_out, size)
    return size, done + canvas.drawn


def run(canvas: Canvas, instruction: object, resources: pikepdf.Dictionary) -> None:
    """Carry out one operator; those that draw nothing are passed over."""
    action = ACTIONS.get(str(instruction.operator))
    form = action(canvas, instruction.operands, resources) if action else None
    if form is not None:
        with canvas.inside(form):
            own = form.get("/Resources", resources)
            for inner in pikepdf.parse_content_stream(form):
                run(canvas, inner, own)


def sheet_of(page: pikepdf.Page) -> tuple[Box, Matrix]:
    """The size of a page, and the map from its own units to millimetres from the upper left corner."""
    x1, y1, x2, y2 = (float(value) for value in page.mediabox)
    wide, high = abs(x2 - x1) * MM, abs(y2 - y1) * MM
    turn = int(page.obj.get("/Rotate", 0)) % 360
    upright: Matrix = (MM, 0, 0, -MM, -min(x1, x2) * MM, max(y1, y2) * MM)
    turned: dict[int, Matrix] = {
        90: (0, 1, -1, 0, high, 0), 180: (-1, 0, 0, -1, wide, high), 270: (0, -1, 1, 0, 0, wide),
    }  # fmt: skip
    size = (0.0, 0.0, high, wide) if turn in (90, 270) else (0.0, 0.0, wide, high)
    return size, after(upright, turned.get(turn, SAME))
