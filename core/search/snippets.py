"""The piece of a text that shows why it was found, with the words marked. Pure."""

import unicodedata
from collections.abc import Sequence

from core.search.folding import fold, fold_with_places

LENGTH = 110
BEFORE = 24
# Further into a long text the piece is looked for by its paragraph only.
_FAR = 4000
_ENDS = "。！？；\n"
Piece = tuple[str, bool]


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """The whole of a short text in pieces: (text, whether it is one of the folded words)."""
    text = unicodedata.normalize("NFC", text)
    return _cut(text, spans(text, words))


def snippet(text: str, words: Sequence[str], length: int = LENGTH) -> list[Piece]:
    """About `length` characters around the first word found, in pieces; the beginning when none is found."""
    text = unicodedata.normalize("NFC", text)
    text = _near(text, words) if len(text) > _FAR else text
    found = spans(text, words)
    start = _start(text, found[0][0]) if found else 0
    end = min(start + length, len(text))
    # Never cut through a word that was looked for.
    for first, last in found:
        if first < end < last:
            end = last
    inside = [(max(first, start) - start, last - start) for first, last in found if start < last <= end]
    cut = _cut(text[start:end].replace("\n", " "), inside)
    return [*([("…", False)] if start else []), *cut, *([("…", False)] if end < len(text) else [])]


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the folded words stand in an NFC text, in order; what overlaps is one."""
    folded, places = fold_with_places(text)
    found = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _near(text: str, words: Sequence[str]) -> str:
    """Of a long text the lines from the first one on that has a word."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        folded = fold(line)
        if any(word in folded for word in words):
            # A leading line, so that the reader sees that something stands before.
            return "\n".join(lines[max(number - 1, 0) :])[:_FAR]
    return text[:_FAR]


def _start(text: str, first: int) -> int:
    """A little before the word, at the beginning of a sentence if there is one near."""
    start = max(first - BEFORE, 0)
    ends = [text.rfind(end, start, first) for end in _ENDS]
    if max(ends) >= 0:
        return max(ends) + 1
    return start


def _cut(text: str, found: Sequence[tuple[int, int]]) -> list[Piece]:
    cut: list[Piece] = []
    done = 0
    for first, last in found:
        cut += [(text[done:first], False), (text[first:last], True)]
        done = last
    return [piece for piece in [*cut, (text[done:], False)] if piece[0]]
