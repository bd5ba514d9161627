"""Differences between two texts that read well in Chinese: paragraph by paragraph, then by character. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Numbers and Latin words change as a whole; Chinese text changes by the character.
_TOKENS = re.compile(r"[0-9][0-9.,%‰]*|[A-Za-z]+|\s+|.", re.DOTALL)
# Two paragraphs less alike than this are shown as one removed and one added.
ALIKE = 0.3
# An unchanged stretch this short between two changes is drawn as changed: 改一留一 is hard to read.
SHORT_KEEP = 1
# How many of the following lines are looked at for a changed line's partner.
LOOK_AHEAD = 20
# More pairs of equal pieces than this are not sorted out: a text of one repeated character would take minutes.
MOST_PAIRS = 200_000
_SENTENCES = re.compile(r"[^。；！？]*[。；！？]|[^。；！？]+")
Segment = tuple[str, str]
Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class DiffLine:
    """One row of a side-by-side view. kind: same, changed, removed, added.

    segments: ("=", text), ("-", text), ("+", text) in reading order.
    """

    kind: str
    segments: tuple[Segment, ...]

    @property
    def before(self) -> tuple[Segment, ...]:
        return tuple(s for s in self.segments if s[0] != "+")

    @property
    def after(self) -> tuple[Segment, ...]:
        return tuple(s for s in self.segments if s[0] != "-")


def compare(before: list[str], after: list[str]) -> list[DiffLine]:
    """Align two texts given as lines (paragraphs, list items, table rows)."""
    rows: list[DiffLine] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [DiffLine("same", (("=", line),)) for line in before[i1:i2]]
        else:
            rows += _replaced(before[i1:i2], after[j1:j2])
    return rows


def _replaced(old: list[str], new: list[str]) -> list[DiffLine]:
    """Pair changed lines in order with their nearest partner; what finds none is removed or added."""
    rows: list[DiffLine] = []
    taken = 0
    for line in old:
        near = range(taken, min(taken + LOOK_AHEAD, len(new)))
        scores = [(SequenceMatcher(None, line, new[j], autojunk=False).quick_ratio(), -j) for j in near]
        best, where = max(scores, default=(0.0, 0))
        if best < ALIKE:
            rows.append(DiffLine("removed", (("-", line),)))
            continue
        rows += [DiffLine("added", (("+", skipped),)) for skipped in new[taken:-where]]
        rows.append(DiffLine("changed", segments(line, new[-where])))
        taken = -where + 1
    return rows + [DiffLine("added", (("+", line),)) for line in new[taken:]]


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """The characters kept, removed and added between two lines."""
    parts: list[Segment] = []
    for old, new in _stretches(before, after):
        opcodes = _opcodes(old, new)
        for n, (tag, i1, i2, j1, j2) in enumerate(opcodes):
            lone = tag == "equal" and i2 - i1 <= SHORT_KEEP and 0 < n < len(opcodes) - 1
            if tag == "equal" and not lone:
                parts.append(("=", "".join(old[i1:i2])))
            else:
                parts += [("-", "".join(old[i1:i2])), ("+", "".join(new[j1:j2]))]
    return _joined(parts)


def _stretches(before: str, after: str) -> Iterator[tuple[list[str], list[str]]]:
    """What is compared piece by piece: the whole lines, or, when they are very long, sentence by sentence."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if _pairs(old, new) <= MOST_PAIRS:
        yield old, new
        return
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            yield old[i1:i2], new[j1:j2]
        else:
            yield _TOKENS.findall("".join(old[i1:i2])), _TOKENS.findall("".join(new[j1:j2]))


def _opcodes(old: list[str], new: list[str]) -> Sequence[Opcode]:
    if old != new and _pairs(old, new) > MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    if old == new:
        return [("equal", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _pairs(old: list[str], new: list[str]) -> int:
    """How many pairs of equal pieces there are: what the comparison costs."""
    there = Counter(new)
    return sum(number * there[piece] for piece, number in Counter(old).items())


def _joined(parts: list[Segment]) -> tuple[Segment, ...]:
    """Neighbouring changes gathered: all that was removed, then all that was added."""
    result: list[Segment] = []
    removed = added = ""
    for sign, text in [*parts, ("=", "")]:
        if sign == "-":
            removed += text
        elif sign == "+":
            added += text
        else:
            result += [(s, t) for s, t in (("-", removed), ("+", added), ("=", text)) if t]
            removed = added = ""
    return tuple(result)


def share_kept(before: str, after: str) -> float:
    """How much of the earlier text remains, 0…1."""
    kept = sum(len(text) for sign, text in segments(before, after) if sign == "=")
    return kept / len(before) if before else 1.0
