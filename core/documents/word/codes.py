"""A QR code's drawing (`checks.qr`) as a picture of its modules: exact, and without the layout engine."""

import io
import re
from itertools import accumulate
from operator import xor

from PIL import Image

_DRAWING = re.compile(
    rb'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 (\d{1,3}) \1" width="[\d.]+mm" height="[\d.]+mm">'
    rb'<path d="([MHVz \d]+)" fill="#000" fill-rule="evenodd"/?>(?:</path>)?</svg>'
)
_STEP = re.compile(r"([MHV])(\d+)(?: (\d+))?|z")
DOTS = 12  # of a module, on either side


def code_png(svg: bytes) -> bytes:
    """The code as PNG, its light modules clear; nothing for any other drawing."""
    found = _DRAWING.fullmatch(svg.strip())
    if not found:
        return b""
    side = int(found[1])
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if dark else 255 for row in _modules(found[2].decode(), side) for dark in row])
    out = io.BytesIO()
    picture.resize((side * DOTS, side * DOTS), Image.Resampling.NEAREST).save(out, "PNG", transparency=1)
    return out.getvalue()


def _modules(path: str, side: int) -> list[list[int]]:
    """Dark and light: every upright edge turns what lies to its right over."""
    turns = [[0] * (side + 1) for _ in range(side)]
    x = y = first_y = 0
    for step in _STEP.finditer(path):
        last = y
        if step[1] == "M":
            x, y = int(step[2]), int(step[3])
            last = first_y = y
        elif step[1] == "H":
            x = int(step[2])
        else:
            y = int(step[2]) if step[1] else first_y
        for row in range(*sorted((last, y))):
            turns[row][min(x, side)] ^= 1
    return [list(accumulate(row, xor))[:side] for row in turns]
