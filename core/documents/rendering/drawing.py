"""Drawings (SVG) as pictures of pixels, for files that cannot hold a drawing: laid out by the confined engine."""

import base64
from collections.abc import Callable
from math import ceil

from core.documents.rendering.preview import page_png
from core.documents.rendering.renderer import Renderer

DOTS = 300 / 72  # of a point: print quality
MOST_DOTS = 4000


def drawn_by(renderer: Renderer) -> Callable[[bytes, float, float], bytes]:
    """What turns an SVG of a width and height in points into a PNG; the same drawing gives the same bytes."""

    def draw(svg: bytes, width: float, height: float) -> bytes:
        page = (
            f'<html lang="zh-CN"><title>图</title><style>@page {{ size: {width:.2f}pt {height:.2f}pt; margin: 0 }}'
            f"body {{ margin: 0 }} img {{ display: block; width: {width:.2f}pt; height: {height:.2f}pt }}</style>"
            f'<img alt="" src="data:image/svg+xml;base64,{base64.b64encode(svg).decode()}">'
        )
        dots = min(ceil(width * DOTS), int(MOST_DOTS * min(1.0, width / height)))
        return page_png(renderer.pdf(page), 1, max(dots, 16))

    return draw
