"""Rolls of people in minutes: a name, and a short post with its name, is never broken across lines."""

import re

from markupsafe import Markup

# A longer piece (a unit's full name with the post) may break, or its line would be left too short to be spread flush.
LONGEST_WHOLE = 6
_PIECES = re.compile(r"([^、，；。：,;:\s]+)([、，；。：,;:]?)")


def names_to_html(value: str) -> Markup:
    """The same text, each piece of at most six characters between marks or blanks kept whole, its mark with it."""
    parts, end = [], 0
    for piece in _PIECES.finditer(value):
        parts.append(Markup("{}").format(value[end : piece.start()]))
        whole = len(piece[1]) <= LONGEST_WHOLE
        parts.append(Markup('<span class="whole">{}</span>' if whole else "{}").format(piece[0]))
        end = piece.end()
    return Markup("").join([*parts, Markup("{}").format(value[end:])])
