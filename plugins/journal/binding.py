"""What is printed of a volume: its chapters are the issues as they were printed, its front part tells where all stands.

The front part has a cover, a word on what is bound, the contents with page numbers, and the same by unit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from core.documents.fonts.font_set import FontSet
from core.documents.rendering.renderer import Job
from core.documents.rendering.volumes import Chapter, Laid, link
from core.documents.templating.sandbox import render_html
from plugins.journal.spans import FIRST, LAST, Span

TEMPLATE = "print/volume.html"
# Where the items of an issue stand in its page, and their headlines.
_ITEM = re.compile(r'id="(item-\d+-\d+)"[^>]*>(.*?)</h\d>', re.S)
_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Entry:
    """An item of an issue: its title as printed, the units it counts for, whether its adoption was taken back."""

    title: str
    units: Sequence[str]
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Bound:
    """An issue to be bound: what it is called, its day, its page as printed, its items."""

    label: str
    dated: date
    html: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Cover:
    """What the front part says of the whole."""

    title: str
    year: int
    office: str
    classification: str = ""
    # The units in official order, by the names that entries give.
    units: Sequence[str] = ()
    since: int = FIRST
    until: int = LAST

    @property
    def period(self) -> str:
        """The year, with the months when it is not the whole."""
        return Span(self.year, self.since, self.until).text


def chapters(issues: Sequence[Bound]) -> Iterator[Chapter]:
    """One chapter an issue."""
    for issue in issues:
        yield Chapter(issue.label, issue.html)


@dataclass
class Front:
    """What makes the front part once the page numbers are known. It keeps its page and them: the Word file says the same."""

    cover: Cover
    issues: Sequence[Bound]
    fonts: FontSet
    html: str = ""
    laid: Sequence[Laid] = ()

    def __call__(self, laid: Sequence[Laid]) -> Job:
        self.laid = laid
        self.html = render_html(
            TEMPLATE, {}, values(self.cover, self.issues, laid), self.fonts, complete=True
        )
        return Job(self.html)


@dataclass(frozen=True)
class _Line:
    """An item in the contents and under its units: the address it leads to and its page."""

    entry: Entry
    link: str
    page: int
    # Its headline was not found: all that is known is where its issue begins.
    is_somewhere: bool

    def printed(self) -> dict[str, Any]:
        title = f"{self.entry.title}（已撤销采用）" if self.entry.is_withdrawn else self.entry.title
        return {
            "title": title,
            "page": f"{self.page}起" if self.is_somewhere else str(self.page),
            "link": self.link,
        }


def values(cover: Cover, issues: Sequence[Bound], laid: Sequence[Laid]) -> dict[str, Any]:
    """The values of the front part."""
    lines = [_lines(n, issue, one) for n, (issue, one) in enumerate(zip(issues, laid, strict=True), 1)]
    parts = [
        {"label": issue.label, "page": str(one.first), "link": link(n), "entries": _printed(lines[n - 1])}
        for n, (issue, one) in enumerate(zip(issues, laid, strict=True), 1)
    ]
    days = sorted(issue.dated for issue in issues)
    return {
        "title": f"{cover.title}{cover.period}汇编", "masthead": cover.title, "year": cover.year, "period": cover.period,
        "office": cover.office,
        "classification": cover.classification, "since": days[0], "until": days[-1], "issue_count": len(issues),
        "item_count": sum(len(issue.entries) for issue in issues), "issues": parts, "units": _by_unit(cover, lines),
    }  # fmt: skip


def _lines(number: int, issue: Bound, laid: Laid) -> list[_Line]:
    anchors, lines = _anchors(issue.html), []
    for entry in issue.entries:
        waiting = anchors.get(_bare(entry.title))
        anchor = waiting.pop(0) if waiting else ""
        page = laid.anchors.get(anchor)
        lines.append(_Line(entry, link(number, anchor), page or laid.first, page is None))
    return lines


def _by_unit(cover: Cover, lines: Sequence[Sequence[_Line]]) -> list[dict[str, Any]]:
    """The items by unit, in official order; within a unit by page."""
    places: dict[str, list[_Line]] = {}
    for line in (line for issue in lines for line in issue):
        for unit in line.entry.units:
            places.setdefault(unit, []).append(line)
    ordered = [name for name in dict.fromkeys((*cover.units, *places)) if name in places]
    return [{"name": name, "entries": _printed(places[name])} for name in ordered]


def _printed(lines: Sequence[_Line]) -> list[dict[str, Any]]:
    return [line.printed() for line in sorted(lines, key=lambda line: line.page)]


def _anchors(html: str) -> dict[str, list[str]]:
    """The anchors of an issue's items by their bare titles, in the order of the page."""
    found: dict[str, list[str]] = {}
    for anchor, headline in _ITEM.findall(html):
        found.setdefault(_bare(unescape(_TAG.sub("", headline))), []).append(anchor)
    return found


def _bare(title: str) -> str:
    return _SPACE.sub("", title)
