"""The size a picture is printed at: as the page says, else its own; never larger than the place it stands in."""

import io
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from lxml.html import HtmlElement
from PIL import Image

from core.documents.typesetting.grid import A3_AREA, AREA_HEIGHT, AREA_WIDTH, MM, PICTURE_ROWS
from core.documents.word.boxes import Boxes
from core.documents.word.measures import ROW
from core.documents.word.pieces import Source
from core.documents.word.sheet import points

SIZES = r"(?<![\w-])(?:max-)?(?:width|height)\s*:"
PIXEL = 0.75  # points of a picture's own pixel
UNKNOWN = (300 * PIXEL, 150 * PIXEL)  # of a drawing that says nothing of itself
_LESS = re.compile(r"calc\((\S+) - (\S+)\)")  # as our own style sheet says it
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
# How wide and high a picture may be, in mm, by the class of its page.
_ROOM = {"wide": (AREA_HEIGHT, AREA_WIDTH), "a3": (A3_AREA, AREA_HEIGHT), "": (AREA_WIDTH, AREA_HEIGHT)}
_Natural = tuple[float | None, float | None, float | None]


def size_of(
    node: HtmlElement, source: Source, said: Mapping[str, str], boxes: Boxes | None = None
) -> tuple[float, float]:
    """Width and height in points; `said` is what the style sheets say of the element, `boxes` of frames around it."""
    room = _room(node, boxes)
    width, height = _limited(*_wanted(_natural(source), said, room[0]), said, room[0])
    scale = min(1.0, room[0] / max(width, 1.0), room[1] / max(height, 1.0))
    return max(width * scale, 1.0), max(height * scale, 1.0)


def _limited(width: float, height: float, said: Mapping[str, str], room: float) -> tuple[float, float]:
    """No more than max-width and max-height; a side of which nothing is said follows the other."""
    widest, highest = _limit(said.get("max-width", ""), room), points(said.get("max-height", ""))
    across, down = (
        min(1.0, (widest or width) / max(width, 1.0)),
        min(1.0, (highest or height) / max(height, 1.0)),
    )
    free = [points(said.get(name, ""), room) is None for name in ("width", "height")]
    if all(free):
        across = down = min(across, down)
    return width * (min(across, down) if free[0] else across), height * (
        min(across, down) if free[1] else down
    )


def _wanted(natural: _Natural, said: Mapping[str, str], room: float) -> tuple[float, float]:
    """Before any limit."""
    own_width, own_height, ratio = natural
    width, height = points(said.get("width", ""), room), points(said.get("height", ""))
    if width is None and height is None:
        # A drawing that only knows its proportions fills the line.
        width = own_width if own_width or own_height else room if ratio else UNKNOWN[0]
        height = own_height
    if width is None:
        width = (height or 0.0) * ratio if ratio else own_width or UNKNOWN[0]
    if height is None:
        height = width / ratio if ratio else own_height or UNKNOWN[1]
    return width, height


def _natural(source: Source) -> _Natural:
    """Width, height and their ratio, as far as the picture says."""
    if source.kind != "svg":
        with Image.open(io.BytesIO(source.data)) as picture:
            width, height = picture.size
        return width * PIXEL, height * PIXEL, width / max(height, 1)
    root = ElementTree.fromstring(source.data)  # one with entities was refused before
    own_width, own_height = (_attribute(root.get(name, "")) for name in ("width", "height"))
    box = [float(part) for part in _NUMBER.findall(root.get("viewBox", ""))]
    ratio = box[2] / box[3] if len(box) == 4 and box[2] > 0 and box[3] > 0 else None
    if own_width and own_height:
        ratio = own_width / own_height
    return own_width, own_height, ratio


def _attribute(said: str) -> float | None:
    """In a drawing a bare number is so many pixels."""
    return float(said) * PIXEL if re.fullmatch(r"\d+(\.\d+)?", said) else points(said.lower())


def _limit(said: str, room: float) -> float | None:
    found = _LESS.fullmatch(said)
    if found is None:
        return points(said, room)
    whole, less = (points(part, room) for part in found.groups())
    return None if whole is None or less is None else max(whole - less, 1.0)


def _room(node: HtmlElement, boxes: Boxes | None) -> tuple[float, float]:
    above = list(node.iterancestors())
    names = {name for each in above for name in str(each.get("class", "")).split()}
    width, height = _ROOM[next((kind for kind in ("wide", "a3") if kind in names), "")]
    frames = [frame for each in above if (frame := boxes.of(each))] if boxes else []
    return max(width * MM - sum(sum(frame.taken) for frame in frames), 1.0), height * MM - PICTURE_ROWS * ROW
