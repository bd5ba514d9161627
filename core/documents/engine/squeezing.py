"""Marks give up blank so that a line keeps what would be pushed out of it, and lines have the characters they should.

A line may not begin with “，” or “）”. When such a mark is the first that has no room, the engine pushes the character
before it out as well and leaves the line a character short. Chinese marks are set in a square that is half blank, which
gives the room instead: the marks within the line in equal parts, then the one at its end, nobody more than half a
square, and a line one square at most. Where that is not enough the character is pushed out as before. That squeezing
goes before pushing, and how much a mark may give: W3C CLREQ (中文排版需求), 行首行尾禁则 and 标点宽度调整. The mark at the
end comes last here, because its square would stand beyond the edge of the type area.

A line with digits or letters may also end with part of a square left over, where the next character has not the room.
It is drawn in when it lacks less than is left over: a line spread over half a square is as uneven as one that lost it.

With a mark pushed out or drawn in the line has not the 28 characters of GB/T 9704. Which way is gone is decided by the
lines that follow: the one that leaves the fewest of them uneven, else the closer one.

Only plain text in one face gives way (`quick/paragraphs.py`), in paragraphs of one piece and of several. In those the
engine's choice of where a line ends is looked at again, by the rules for Chinese text (`line_ends.py`).
"""

import re
from bisect import bisect_right
from functools import lru_cache

from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi, pango

from core.documents.engine import line_ends
from core.documents.engine.quick import cuts, paragraphs, shortcuts
from core.documents.engine.quick.cuts import Cut, Shaped, Taken

# The square of these is blank on its right, or on its left.
CLOSING, OPENING = frozenset("，。、；：！？）》〉」』】〕〗”’．"), frozenset("（《〈「『【〔〖“‘")
_BLANK = re.compile("[ \u3000]")
# What a line may keep beyond its room: a character and its mark, or the last digits of a number.
MOST_KEPT = 2
# How many lines are tried out where there is a choice.
LINES_AHEAD = 5

_original_cut, _original_breaks = paragraphs.cut, cuts.breaks
_original_can_break = inline.can_break_text


def install() -> bool:
    """Let marks give way; False when the short cuts that this builds on (`quick/shortcuts.py`) are not in place."""
    if not paragraphs.installed():
        return False
    paragraphs.cut, inline.split_first_line = cut, _split_first_line
    cuts.breaks, inline.can_break_text = _breaks, _can_break_text
    return True


def cut(shaped: Shaped, start: int, available: float, later: float) -> Cut | None:
    """The piece of a paragraph for a line: the way that leaves the fewest uneven lines, or the closer one."""
    ways = _ways(shaped, start, available)
    if len(ways) < 2:
        return ways[0] if ways else None
    return min(ways, key=lambda way: _uneven(shaped, way.end, later, LINES_AHEAD))


def _ways(shaped: Shaped, start: int, available: float) -> list[Cut]:
    """How a line may be cut: with marks that give way, if they can, and without."""
    plain = _original_cut(shaped, start, available, available)
    if plain is None or plain.end == len(shaped.text):
        return [plain] if plain else []
    squeezed = _squeezed(shaped, plain, available)
    if squeezed and plain.end == _fitting(shaped, start, available):
        return [squeezed]  # the closer one: neither leaves the line a whole character short
    return [way for way in (squeezed, plain) if way]


def _uneven(shaped: Shaped, start: int, available: float, lines: int) -> int:
    """How many of the next lines would have more or fewer characters than fit, at best."""
    ways = _ways(shaped, start, available) if lines and start < len(shaped.text) else []
    if not ways or ways[-1].end == len(shaped.text):
        return 0
    uneven = ways[-1].end < _fitting(shaped, start, available)
    return uneven + min(_uneven(shaped, way.end, available, lines - 1) for way in ways)


def _fitting(shaped: Shaped, start: int, available: float) -> int:
    """Up to where characters fit, wherever a line may end."""
    return bisect_right(shaped.widths, shaped.widths[start] + int(available * TO_UNITS)) - 1


def _split_first_line(
    text, style, context, max_width, justification_spacing, is_line_start=True, minimum=False
):
    found = shortcuts.split_first_line(
        text, style, context, max_width, justification_spacing, is_line_start, minimum
    )
    _, length, resume_at, width, height, baseline = found
    if minimum or max_width is None or resume_at is None or length != resume_at:
        return found  # no line is looked for, or it does not end for want of room
    kept = len(text.encode()[:length].decode())
    is_wrong = line_ends.between(text[kept - 1], text[kept]) is False or line_ends.parts_word(text, kept)
    if max_width - width < style["font_size"] / 2 and not is_wrong:
        return found
    ahead = text[: (kept + MOST_KEPT) * (LINES_AHEAD + 1)]
    # A blank (第一条　总则, GB/T 9704) is as plain: only at the end of a line the engine lets it stand beyond the edge.
    is_plain = paragraphs.is_plain_text(_BLANK.sub("、", ahead), style)
    shaped = Shaped.of(ahead, style) if is_plain else None
    # What stands before it in the line is no part of the lines to come, but how wide those are is not known here.
    way = shaped and cut(shaped, 0, max_width, max_width)
    if not way or way.end == kept or way.text.endswith(" ") or (way.end < kept and not is_wrong):
        return found
    length = len(way.text.encode())
    resume_at = None if way.end == len(text) else length
    return way, length, resume_at, paragraphs.width_of(way, style), height, baseline


def _breaks(text: str, attributes) -> list[int]:
    return line_ends.corrected(text, _original_breaks(text, attributes))


def _can_break_text(text: str, lang) -> bool:
    """Whether a line may end within a text, or between the last and the first character of two pieces."""
    found = line_ends.between(text[0], text[1]) if len(text) == 2 else None
    return _original_can_break(text, lang) if found is None else found


def _squeezed(shaped: Shaped, plain: Cut, available: float) -> Cut | None:
    """A piece that goes on to the next break, when that is closer to a full line and its marks have the room for it."""
    start, text, breaks = plain.start, shaped.text, shaped.breaks
    fits = _fitting(shaped, start, available)
    end = fits + 1
    while end < len(text) and not breaks[end]:
        end += 1
    if end > min(fits + MOST_KEPT, len(text)):
        return None
    room = int(available * TO_UNITS)
    missing = shaped.widths[end] - shaped.widths[start] - room
    left = room - (shaped.widths[plain.end] - shaped.widths[start])
    if missing > shaped.size or (plain.end == fits and missing > left):
        return None
    # One unit more, because the engine adds up rounded widths.
    taken = _shares(shaped, start, end, missing + 1)
    return Cut(shaped, start, end, available, taken) if taken else None


def _shares(shaped: Shaped, start: int, end: int, missing: int) -> dict[int, Taken]:
    """What each mark between start and end gives up, by its place; nothing when all together have not enough."""
    room, most = {}, shaped.size // 2
    for place in range(start, end):
        if shaped.text[place] in CLOSING:
            room[place] = min(most, _blank(shaped, place).right)
        elif shaped.text[place] in OPENING and place > start:
            room[place] = min(most, _blank(shaped, place).left)
    last = room.pop(end - 1, 0)
    within = sum(room.values())
    if within + last < missing:
        return {}
    shared = min(missing, within)
    given = {place: -(-shared * blank // within) for place, blank in room.items() if shared}
    if shared < missing:
        given[end - 1] = missing - shared
    return {
        place: Taken(0, units) if shaped.text[place] in CLOSING else Taken(units, 0)
        for place, units in given.items()
    }


def _blank(shaped: Shaped, place: int) -> Taken:
    """How much of a mark's square is blank on its left and on its right."""
    glyph, width, _ = shaped.glyphs[place]
    begin, ink = _ink(shaped.font, glyph)
    return Taken(max(0, begin), max(0, width - begin - ink))


@lru_cache(maxsize=1_000)
def _ink(font, glyph: int) -> tuple[int, int]:
    """Where what is seen of a glyph begins, and how wide that is. The cache holds the faces: no address comes twice."""
    ink = ffi.new("PangoRectangle *")
    pango.pango_font_get_glyph_extents(font, glyph, ink, ffi.NULL)
    return ink.x, ink.width
