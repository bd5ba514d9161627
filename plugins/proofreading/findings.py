"""What the checks look at and what they say: a manuscript in lines with places, findings on it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

ENDS = "。！？"
_END = re.compile(r"[。！？]+[”’）》]*")
AROUND = 6


@dataclass(frozen=True)
class Line:
    """A paragraph, heading, list item or table cell. `kind`: title, heading, paragraph, item, cell."""

    text: str
    kind: str
    place: str

    def at(self, position: int) -> str:
        """The place of a character, as people say it: the paragraph and, if there are several, the sentence."""
        ends = [found.end() for found in _END.finditer(self.text) if found.end() < len(self.text)]
        if not ends or self.kind in ("title", "cell"):
            return self.place
        return f"{self.place}第{sum(end <= position for end in ends) + 1}句"

    def passage(self, position: int) -> str:
        """The sentence a character stands in; a title or a cell as a whole."""
        if self.kind in ("title", "cell"):
            return self.text
        ends = [found.end() for found in _END.finditer(self.text)]
        start = max((end for end in ends if end <= position), default=0)
        return self.text[start : min((end for end in ends if end > position), default=len(self.text))]

    def around(self, start: int, end: int) -> str:
        """A stretch with a few characters before and after it."""
        return self.text[max(start - AROUND, 0) : end + AROUND]


@dataclass(frozen=True)
class Manuscript:
    """An item as the checks see it. `day` is the day it was sent, or today; `units` the names of those who sent it."""

    title: str
    lines: Sequence[Line]
    day: date
    genre: str = ""
    units: tuple[str, ...] = ()
    characters: int = 0

    @property
    def running(self) -> list[Line]:
        """The lines of running text: everything but cells of tables."""
        return [line for line in self.lines if line.kind != "cell"]

    @property
    def body(self) -> list[Line]:
        """The lines without the title."""
        return [line for line in self.lines if line.kind != "title"]


@dataclass(frozen=True)
class Finding:
    """Something to look at. `same` tells findings of a rule apart: those alike are told once, with their number.

    `passage` is the sentence it stands in, `phrase` the words themselves when they alone are the matter.
    """

    rule: str
    level: str
    text: str
    place: str = ""
    quote: str = ""
    same: str = ""
    weight: int = 50
    passage: str = ""
    phrase: str = ""
    times: int = field(default=1, compare=False)

    @property
    def key(self) -> str:
        """What findings alike have in common."""
        return f"{self.rule}:{self.same or self.quote}"[:160]

    @property
    def mark(self) -> str:
        """What a decision not to be told again refers to: it survives changes elsewhere, not in the passage itself."""
        return sha256(f"{self.key}\n{self.passage or self.text}".encode()).hexdigest()


def found(
    rule: str, level: str, text: str, line: Line, start: int, end: int, *, same: str = "", wide: bool = False
) -> Finding:
    """A finding on a stretch of a line; `wide` quotes it with its surroundings."""
    quote = line.around(start, end) if wide else line.text[start:end]
    phrase = "" if wide else line.text[start:end]
    return Finding(
        rule, level, text, line.at(start), quote[:80], same, passage=line.passage(start), phrase=phrase
    )


def lines_of(title: str, blocks: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of an item's structured text."""
    lines = [Line(title, "title", "标题")] if title else []
    for number, block in enumerate(blocks, 1):
        place = f"正文第{number}段"
        match block["type"]:
            case "list":
                lines += [
                    Line(_text(runs), "item", f"{place}第{n}项") for n, runs in enumerate(block["items"], 1)
                ]
            case "table":
                lines += [
                    Line(_text(cell["runs"]), "cell", f"{place}表格第{n}行")
                    for n, row in enumerate(block["rows"], 1)
                    for cell in row
                ]
            case kind:
                lines.append(Line(_text(block["runs"]), kind, place))
    return lines


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings alike joined to the first of them, which then says how often."""
    first: dict[str, Finding] = {}
    times: dict[str, int] = {}
    for each in findings:
        first.setdefault(each.key, each)
        times[each.key] = times.get(each.key, 0) + 1
    return [
        each if times[key] == 1 else _repeated(each, times[key]) for key, each in first.items()
    ]  # fmt: skip


def _repeated(each: Finding, times: int) -> Finding:
    return replace(each, text=f"{each.text}（共 {times} 处）", times=times)


def _text(runs: Iterable[Mapping[str, Any]]) -> str:
    return "".join(run["text"] for run in runs)
