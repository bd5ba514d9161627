"""Numbers in the text of a table: which text is one, and how wide the widest is that must not be broken."""

import re

from core.documents.fonts import charset

LONGEST = 14.0  # characters; digits without end are a code, and among words it may be broken
_FIGURE = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*%?")


def is_number(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    return text.lstrip("-+").replace(".", "", 1).isdecimal()


def widest(text: str) -> float:
    """The width of the widest number in a text, in characters; 0 without any."""
    if is_number(text):
        return charset.cells(text)
    return max((len(found) / 2 for found in _FIGURE.findall(text) if len(found) / 2 <= LONGEST), default=0.0)
