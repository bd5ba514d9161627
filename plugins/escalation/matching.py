"""Match titles of a list with items: the same but for marks and spaces, or alike enough to be offered. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# Share of two-character groups that must be common before an item is offered for a different title.
ALIKE = 0.5
OFFERED = 3


@dataclass(frozen=True)
class Match:
    """An item for a title; `exact` when only marks, spaces and letter case differ."""

    item: int
    exact: bool
    likeness: float


class Titles:
    """All titles of the items, each under every wording it ever had."""

    def __init__(self, titles: Iterable[tuple[int, str]]):
        self.exact: dict[str, set[int]] = defaultdict(set)
        self.pairs: dict[str, set[str]] = defaultdict(set)
        for item, title in titles:
            if bare := plain(title):
                self.exact[bare].add(item)
        for bare in self.exact:
            for pair in _pairs(bare):
                self.pairs[pair].add(bare)

    def find(self, title: str) -> list[Match]:
        """The items a title may mean, likeliest first; newer items before older ones."""
        bare = plain(title)
        if bare in self.exact:
            return [Match(item, True, 1.0) for item in sorted(self.exact[bare], reverse=True)][:OFFERED]
        best: dict[int, float] = {}
        for other, likeness in self._alike(bare):
            for item in self.exact[other]:
                best[item] = max(likeness, best.get(item, 0))
        order = sorted(best, key=lambda item: (-best[item], -item))
        return [Match(item, False, best[item]) for item in order[:OFFERED]]

    def _alike(self, bare: str) -> list[tuple[str, float]]:
        wanted = _pairs(bare)
        common = Counter(other for pair in wanted for other in self.pairs.get(pair, ()))
        shares = ((other, 2 * n / (len(wanted) + len(_pairs(other)))) for other, n in common.items())
        return [(other, share) for other, share in shares if share >= ALIKE]


def plain(title: str) -> str:
    """A title reduced to letters, digits and Chinese characters."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", title).casefold() if ch.isalnum())


def _pairs(bare: str) -> set[str]:
    return {bare[n : n + 2] for n in range(len(bare) - 1)} or {bare}
