"""Open a number into the entries behind it, item by item, with the sentences that say why."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.scoring.results.measures import behind, value_of
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Entry, Grains
from core.scoring.values.periods import Period


@dataclass(frozen=True)
class Story:
    """What one item brought a unit."""

    item: str | None
    title: str
    total: Grains
    entries: tuple[Entry, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reasons, one per entry."""
        return tuple(entry.sentence for entry in self.entries)


@dataclass(frozen=True)
class Explanation:
    """A number of a row, opened: `total` is that number, the stories add up to its points."""

    unit: str
    column: str
    total: Grains
    stories: tuple[Story, ...]


def explain(
    entries: Iterable[Entry], rules: Rules, unit: str, period: Period, column: str = "score"
) -> Explanation:
    """The entries behind a column (`score`, `before`, `cumulative`, a measure) of a unit's row."""
    own = [entry for entry in entries if entry.unit == unit]
    items: dict[str, list[Entry]] = {}
    for entry in behind(column, own, rules, period):
        items.setdefault(entry.item or f"fact:{entry.fact}", []).append(entry)
    stories = tuple(told(found) for found in items.values())
    return Explanation(unit, column, value_of(column, own, rules, period), stories)


def told(entries: list[Entry]) -> Story:
    """One item's entries in the order they happened."""
    title = next((entry.title for entry in entries if entry.title), "")
    return Story(entries[0].item, title, sum((entry.amount for entry in entries), start=0), tuple(entries))
