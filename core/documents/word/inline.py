"""The text of an element as runs: faces, bold, red, line breaks, pictures. What is invisible on the page is left out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from core.documents.fonts.charset import printable_xml
from core.documents.word.pieces import Picture, Run

FACES = {"kai": "kai", "hei": "hei", "song": "song", "xbs": "title", "latin": "latin"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LENGTH = re.compile(
    r"(?:^|;)\s*(bottom|font-size|left|letter-spacing|padding-left|right|text-indent|top|transform|width)\s*:\s*(?:scaleX\()?(-?[\d.]+)"
)


@dataclass(frozen=True)
class Look:
    """How text looks at some place of the page."""

    face: str = ""
    bold: bool = False
    red: bool = False
    size: float = 0.0
    spacing: float = 0.0
    scale: float = 1.0

    def within(self, node: HtmlElement) -> "Look":
        """The look inside an element."""
        classes = classes_of(node)
        face = next((FACES[name] for name in classes if name in FACES), self.face)
        sized = lengths_of(node)
        return Look(
            face, self.bold or node.tag in ("b", "strong"), self.red or "red" in classes,
            sized.get("font-size", self.size), _spacing(sized, self.spacing), sized.get("transform", self.scale),
        )  # fmt: skip

    def run(self, text: str) -> Run:
        """Text in this look."""
        return Run(printable_xml(text), self.face, self.bold, self.red, self.size, self.spacing, self.scale)


def classes_of(node: HtmlElement) -> list[str]:
    """The classes of an element."""
    return str(node.get("class", "")).split()


def _spacing(sized: Mapping[str, float], given: float) -> float:
    """Between characters. Narrowing an element narrows it too; Word narrows the characters only."""
    return sized["letter-spacing"] * sized.get("transform", 1.0) if "letter-spacing" in sized else given


def lengths_of(node: HtmlElement) -> dict[str, float]:
    """The few sizes the base templates set on an element itself."""
    found = _LENGTH.findall(node.get("style", ""))
    return {name: float(value) for name, value in found if value.replace(".", "", 1).lstrip("-").isdigit()}


def runs_of(node: HtmlElement, look: Look = Look()) -> tuple[Run, ...]:
    """The runs of an element's whole text."""
    return tidy(_runs(node, look.within(node)))


def text_of(node: HtmlElement) -> str:
    """An element's text on one line."""
    return "".join(run.text for run in runs_of(node)).replace("\n", "")


def picture_of(node: HtmlElement) -> Picture | None:
    """The picture of an element, as `pictures.found_in` has noted it there; none for one that is left out."""
    name, *size = str(node.get("data-picture", "")).split() or [""]
    return (
        Picture(name, float(size[0]), float(size[1]), printable_xml(str(node.get("alt", ""))))
        if name
        else None
    )


def tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs as they are printed: white space collapsed, none at the ends or beside a line break, equal looks joined."""
    joined: list[Run] = []
    for run in runs:
        text = run.text
        before = joined[-1].text if joined else "\n"
        if before.endswith((" ", "\n", "\t")):
            text = text.lstrip(" ")
        if text.startswith("\n") and joined and before.endswith(" "):
            joined[-1] = replace(joined[-1], text=before.rstrip(" "))
        if not text and run.is_text:
            continue
        if joined and run.is_text and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and joined[-1].is_text and joined[-1].text.strip(" \n") == "":
        joined.pop()
    if joined and joined[-1].is_text:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" \n"))
    return tuple(joined)


def collapsed(text: str | None) -> str:
    """Source text as a browser shows it."""
    return _SPACES.sub(" ", text or "")


_LINES = ("p", "div", "li", "tr")  # in a cell or a heading each begins a line of its own


def _runs(node: HtmlElement, look: Look) -> Iterator[Run]:
    if node.text:
        yield look.run(collapsed(node.text))
    for child in node:
        yield from inline(child, look)
        if child.tail:
            yield look.run(collapsed(child.tail))


def inline(node: HtmlElement, look: Look) -> Iterator[Run]:
    """The runs of an element inside a line, without what follows it."""
    if not isinstance(node.tag, str) or node.tag in ("style", "script", "svg", "head", "title"):
        return
    classes = classes_of(node)
    if node.tag == "br":
        yield look.run("\n")
    elif node.tag == "img":
        if picture := picture_of(node):
            yield Run("", picture=picture)
    elif "ghost" not in classes and "hidden" not in classes:
        # Lines of a title are printed one below the other.
        if ("line" in classes or node.tag in _LINES) and node.getprevious() is not None:
            yield look.run("\n")
        yield from _runs(node, look.within(node))
