"""How the headings of a page are set where a format's switches say otherwise: their faces, and which are bold.

The base style sheet tells it, also that of a document printed long ago.
"""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from core.documents.word.styles import STYLES

_BOLD = re.compile(r"^((?:\.l[1-4](?:, )?)+) \{ font-weight: 600 \}$", re.M)
_FACE = re.compile(r"^\.(l[1-4]|kai|hei|song|xbs) \{ (font-family: [^;{}]+; font-weight: [^;{} ]+) \}$", re.M)
_ROLES = {"kai": "kai", "hei": "hei", "song": "song", "xbs": "title"}
_BODY = "fang"


@dataclass(frozen=True)
class Level:
    """A level of heading: another face than its style's, or none; bold or not."""

    face: str = ""
    bold: bool = False


def levels_of(page: HtmlElement) -> dict[str, Level]:
    """The levels by their class."""
    sheet = "\n".join(style.text or "" for style in page.iter("style"))
    bold = {name for line in _BOLD.findall(sheet) for name in re.findall("l[1-4]", line)}
    said = dict(_FACE.findall(sheet))
    roles = {said[name]: role for name, role in _ROLES.items() if name in said}
    found = {}
    for name in ("l1", "l2", "l3", "l4"):
        role = roles.get(said[name], _BODY) if name in said else ""
        usual = STYLES[f"Heading{name[1]}"].face or _BODY
        found[name] = Level("" if role == usual else role, name in bold)
    return found
