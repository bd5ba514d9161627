"""The front part of a volume for Word: its cover, and lines that lead to a page."""

from dataclasses import replace

from lxml.html import HtmlElement

from core.documents.typesetting.grid import CELLS
from core.documents.word.inline import Look, classes_of, runs_of
from core.documents.word.measures import CELL, ROW
from core.documents.word.parts import Parts
from core.documents.word.pieces import Gap, Paragraph, Run, Tab

# How many lines below the upper edge the parts of a cover stand, as in print/volume.html.
PLACES = {"classification": 0, "masthead": 5, "year": 9, "office": 19}
YEAR_SIZE, HEAD_SIZE = 26.0, 22.0
_ADDRESS = "volume:"


def cover_of(node: HtmlElement, look: Look) -> Parts:
    """Each part on its line of the page."""
    found: Parts = []
    below = 0.0
    for part in node:
        if not isinstance(part.tag, str) or not (name := next(iter(PLACES.keys() & classes_of(part)), "")):
            continue
        size = YEAR_SIZE if name == "year" else 0.0
        runs = runs_of(part, Look(size=size))
        line = max((run.size for run in runs), default=0.0)
        line = line if line > ROW else 0.0
        place = max(PLACES[name] * ROW - below, 0.0)
        style = "Flush" if name == "classification" else "Center"
        found += [Gap(fixed=place), Paragraph(style, runs, line=line)]
        below += place + (line or ROW)
    return found


def head_of(node: HtmlElement, look: Look) -> Parts:
    """The name of a part of it, in the middle, with an empty line below."""
    runs = runs_of(node, replace(look, size=HEAD_SIZE, spacing=HEAD_SIZE / 5))
    return [Paragraph("Center", runs, line=2 * ROW, keep=True), Gap(margin=ROW)]


def line_of(node: HtmlElement, look: Look) -> Parts:
    """A line of the contents: its text, dots, and the page, which Word can bring up to date. Names of issues and units
    stand apart from what is above, and together with what follows."""
    link, runs, is_name = (
        next(iter(node.iter("a")), None),
        runs_of(node, look),
        "issue-name" in classes_of(node),
    )
    above = Gap(margin=ROW if is_name else 0.0)
    if link is None:
        return [above, Paragraph("Flush", runs, keep=is_name)]
    page = Run("", page_of=str(link.get("href", "")).removeprefix(_ADDRESS))
    more = str(link.get("data-page", "")).lstrip("0123456789")
    said = (*runs, Run("\t"), page, *([Run(more)] if more else []))
    left = CELL if "entry" in classes_of(node) else None
    stop = Tab(CELLS * CELL, dots=True)
    return [above, Paragraph("Flush", said, left=left, tabs=(stop,), keep=is_name)]
