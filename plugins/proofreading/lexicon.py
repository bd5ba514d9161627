"""Finding many words in a text at once: words by their first character, longer ones before shorter. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A word, longer words in which it is right, and what to say about it."""

    word: str
    text: str
    level: str
    rule: str
    but: tuple[str, ...] = ()


class Lexicon:
    """Finds entries; where several begin at one place, the longest counts."""

    def __init__(self, entries: Iterable[Entry]):
        self._by_first: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=lambda each: -len(each.word)):
            self._by_first.setdefault(entry.word[0], []).append(entry)
        firsts = "".join(map(re.escape, self._by_first))
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def matches(self, text: str) -> Iterator[tuple[int, Entry]]:
        """Where words stand, from left to right."""
        if not self._first:
            return
        for place in self._first.finditer(text):
            start = place.start()
            for entry in self._by_first[place[0]]:
                if text.startswith(entry.word, start) and not _right(text, start, entry):
                    yield start, entry
                    break


def _right(text: str, start: int, entry: Entry) -> bool:
    for longer in entry.but:
        offset = longer.find(entry.word)
        while offset >= 0:
            if start >= offset and text.startswith(longer, start - offset):
                return True
            offset = longer.find(entry.word, offset + 1)
    return False
