"""Frames that a format's style sheet draws around paragraphs: 编者按 in a box, a rule at the side of a quotation."""

import re
from collections.abc import Mapping
from functools import cached_property

from lxml.html import HtmlElement
from tinycss2.color4 import parse_color

from core.documents.word.measures import FURTHEST
from core.documents.word.pieces import Box, Edge
from core.documents.word.sheet import Sheet, points

SIDES = ("top", "right", "bottom", "left")
# What Word calls the kinds of lines; others are drawn as plain ones.
KINDS = {"solid": "single", "double": "double", "dashed": "dashed", "dotted": "dotted"}
_STYLES = ("none", "hidden", "solid", "double", "dashed", "dotted", "groove", "ridge", "inset", "outset")
_WIDTHS = {"thin": 0.75, "medium": 2.25, "thick": 3.75}
_FRAMES = r"(?<![\w-])border(?!-collapse|-spacing|-radius|-image)[\w-]*\s*:"
_ROOM = r"(?<![\w-])(?:padding|margin)(?:-(?:top|right|bottom|left))?\s*:"
_PARTS = re.compile(r"[^\s(]+(?:\([^)]*\))?")
Said = Mapping[str, str]


class Boxes:
    """The frames of a page's elements."""

    def __init__(self, page: HtmlElement) -> None:
        self._page, self._frames = page, Sheet(page, _FRAMES)

    @cached_property
    def _room(self) -> Sheet:
        """Wanted for few pages."""
        return Sheet(self._page, _ROOM)

    def of(self, node: HtmlElement) -> Box | None:
        """The frame of an element; nothing for one without."""
        said = self._frames.of(node)
        lines = {side: _line(said, side) for side in SIDES} if said else {}
        if not any(lines.values()):
            return None
        room = self._room.of(node)
        return Box(
            **{side: Edge(*line, min(_side(room, "padding", side), FURTHEST)) for side, line in lines.items() if line},
            above=_side(room, "margin", "top"), below=_side(room, "margin", "bottom"),
            from_left=_side(room, "margin", "left"), from_right=_side(room, "margin", "right"),
        )  # fmt: skip


def _line(said: Said, side: str) -> tuple[str, float, str] | None:
    """Kind, thickness and colour of a side."""
    style, width, colour = "none", _WIDTHS["medium"], "000000"
    for part in _PARTS.findall(" ".join(said.get(name, "") for name in ("border", f"border-{side}"))):
        style, width, colour = _read(part, style, width, colour)
    for name in ("style", "width", "color"):
        own = said.get(f"border-{side}-{name}") or _share(said.get(f"border-{name}", ""), side)
        style, width, colour = _read(own, style, width, colour) if own else (style, width, colour)
    return None if style in ("none", "hidden") or not width else (KINDS.get(style, "single"), width, colour)


def _read(part: str, style: str, width: float, colour: str) -> tuple[str, float, str]:
    if part in _STYLES:
        return part, width, colour
    length = _WIDTHS.get(part, points(part))
    if length is not None:
        return style, length, colour
    found = parse_color(part)
    if found is None or isinstance(found, str):
        return style, width, colour
    red, green, blue = (round(max(0.0, min(1.0, share)) * 255) for share in found.to("srgb").coordinates)
    return style, width, f"{red:02X}{green:02X}{blue:02X}"


def _side(said: Said, name: str, side: str) -> float:
    return points(said.get(f"{name}-{side}") or _share(said.get(name, ""), side)) or 0.0


def _share(value: str, side: str) -> str:
    """Of one to four values the one for a side."""
    parts = _PARTS.findall(value)[:4]
    if not parts:
        return ""
    place = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(parts)]
    return parts[place[SIDES.index(side)]]
