"""Differences between two texts that read well in Chinese: paragraph by paragraph, then by word. Pure.

Changes are gathered into phrases: a word or two that happened to stay the same between two changes is drawn as changed,
because 改一留一 is hard to read. A paragraph that was moved is shown as moved, not as removed and written anew.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.submissions.words import pieces

# Two paragraphs less alike than this are shown as one removed and one added.
ALIKE = 0.3
# A paragraph that kept less than this is drawn as replaced, however its characters happen to match.
KEPT = 0.25
# An unchanged stretch up to this long is given up when the changes on both sides are at least as long …
SHORT_KEEP = 4
# … and one this short always.
LONE = 1
# It is never given up across the end of a clause.
_CLAUSE = re.compile(r"[，。；：！？]")
# How many of the following lines are looked at for a changed line's partner.
LOOK_AHEAD = 20
# A paragraph may have been moved when this much of it is found again elsewhere; short lines look alike by chance.
MOVED_ALIKE = 0.7
MOVED_LENGTH = 10
MOVED_EXACT = 4
MOST_MOVED = 60
# More pairs of equal pieces than this are not sorted out: a text of one repeated character would take minutes.
MOST_PAIRS = 200_000
_SENTENCES = re.compile(r"[^。；！？]*[。；！？]|[^。；！？]+")
Segment = tuple[str, str]
Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class DiffLine:
    """One row of a side-by-side view.

    kind: same, changed, removed, added; away and here are the two places of a moved paragraph, with the same `mark`.
    segments: ("=", text), ("-", text), ("+", text) in reading order.
    """

    kind: str
    segments: tuple[Segment, ...]
    mark: int = 0

    @property
    def before(self) -> tuple[Segment, ...]:
        return () if self.kind == "here" else tuple(s for s in self.segments if s[0] != "+")

    @property
    def after(self) -> tuple[Segment, ...]:
        return () if self.kind == "away" else tuple(s for s in self.segments if s[0] != "-")


def compare(before: list[str], after: list[str]) -> list[DiffLine]:
    """Align two texts given as lines (paragraphs, list items, table rows)."""
    rows: list[DiffLine] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [DiffLine("same", (("=", line),)) for line in before[i1:i2]]
        else:
            rows += _replaced(before[i1:i2], after[j1:j2])
    return _with_moves(rows)


def compare_titled(before: list[str], after: list[str]) -> list[DiffLine]:
    """The same for texts that begin with their title: title stands beside title, however little of it is left."""
    rows = compare(before[1:], after[1:])
    if before[:1] == after[:1]:
        return compare(before[:1], after[:1]) + rows
    return [DiffLine("changed", segments("".join(before[:1]), "".join(after[:1]))), *rows]


def changes(rows: Sequence[DiffLine]) -> int:
    """How many rows are not the same."""
    return sum(row.kind != "same" for row in rows if row.kind != "here")


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


def _with_moves(rows: list[DiffLine]) -> list[DiffLine]:
    """Removed paragraphs that stand elsewhere, with few changes, are two places of one moved paragraph."""
    gone = [n for n, row in enumerate(rows) if row.kind == "removed" and row.segments][:MOST_MOVED]
    come = [n for n, row in enumerate(rows) if row.kind == "added" and row.segments][:MOST_MOVED]
    result, mark = list(rows), 0
    for here in come:
        new = rows[here].segments[0][1]
        scores = [(_likeness(rows[away].segments[0][1], new), -away) for away in gone]
        best, where = max(scores, default=(0.0, 0))
        if best < MOVED_ALIKE:
            continue
        away, mark = -where, mark + 1
        gone.remove(away)
        parts = segments(rows[away].segments[0][1], new)
        result[away] = DiffLine("away", tuple(s for s in parts if s[0] != "+"), mark)
        result[here] = DiffLine("here", tuple(s for s in parts if s[0] != "-"), mark)
    return result


def _likeness(old: str, new: str) -> float:
    if old == new:
        return 1.0 if len(old) >= MOVED_EXACT else 0.0
    if not MOVED_LENGTH <= len(old) < 2000 or len(new) < MOVED_LENGTH:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= MOVED_ALIKE else 0.0


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """What was kept, removed and added between two lines, in words and phrases."""
    parts: list[Segment] = []
    for old, new in _stretches(before, after):
        for tag, i1, i2, j1, j2 in _opcodes(old, new):
            if tag == "equal":
                parts.append(("=", "".join(old[i1:i2])))
            else:
                parts += [("-", "".join(old[i1:i2])), ("+", "".join(new[j1:j2]))]
    found = _gathered(_joined(parts))
    kept = sum(len(text) for sign, text in found if sign == "=")
    if kept < KEPT * max(len(before), len(after)):
        return tuple((sign, text) for sign, text in (("-", before), ("+", after)) if text)
    return found


def _stretches(before: str, after: str) -> Iterator[tuple[list[str], list[str]]]:
    """What is compared piece by piece: the whole lines, or, when they are very long, sentence by sentence."""
    old, new = pieces(before), pieces(after)
    if _pairs(old, new) <= MOST_PAIRS:
        yield old, new
        return
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            yield old[i1:i2], new[j1:j2]
        else:
            yield pieces("".join(old[i1:i2])), pieces("".join(new[j1:j2]))


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


def _gathered(parts: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Changes with next to nothing between them become one change."""
    done: list[_Piece] = []
    for piece in _pieces(parts):
        done.append(piece)
        while len(done) > 2 and _weak(*done[-3:]):
            old, kept, new = done[-3:]
            done[-3:] = [_Piece("", old.removed + kept.kept + new.removed, old.added + kept.kept + new.added)]
    found = [pair for each in done for pair in (("-", each.removed), ("+", each.added), ("=", each.kept))]
    return tuple(pair for pair in found if pair[1])


@dataclass(frozen=True)
class _Piece:
    """An unchanged stretch, or a change with what went and what came."""

    kept: str = ""
    removed: str = ""
    added: str = ""

    @property
    def length(self) -> int:
        return max(len(self.removed), len(self.added))


def _pieces(parts: tuple[Segment, ...]) -> Iterator[_Piece]:
    removed = added = ""
    for sign, text in parts:
        if sign == "-":
            removed += text
        elif sign == "+":
            added += text
        else:
            if removed or added:
                yield _Piece("", removed, added)
            removed = added = ""
            yield _Piece(text)
    if removed or added:
        yield _Piece("", removed, added)


def _weak(old: _Piece, kept: _Piece, new: _Piece) -> bool:
    """Whether an unchanged stretch between two changes is too short to be worth the reader's attention."""
    if not kept.kept or not old.length or not new.length:
        return False
    if len(kept.kept) <= LONE:
        return True
    if len(kept.kept) > SHORT_KEEP or _CLAUSE.search(kept.kept):
        return False
    return len(kept.kept) <= min(old.length, new.length)


def share_kept(before: str, after: str) -> float:
    """How much of the earlier text remains, 0…1."""
    kept = sum(len(text) for sign, text in segments(before, after) if sign == "=")
    return kept / len(before) if before else 1.0
