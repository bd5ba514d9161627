"""What further facts would bring: scored on top of what there is, nothing recorded. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.scoring.engine.book import of_ledger
from core.scoring.engine.booking import Closing
from core.scoring.engine.figures import Figures
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.rows import FactName, Rows, rows_of, with_more
from core.scoring.engine.stages import scored
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Entry, Fact, Grains, UnitInfo
from core.scoring.values.periods import Period

Names = Callable[[Iterable[int]], Mapping[int, FactName]]


@dataclass(frozen=True)
class Change:
    """A line that further facts would change: what it is worth now, and the line as it would be."""

    before: Grains
    after: Entry


@dataclass(frozen=True)
class Supposed:
    """Entries of the further facts by their ids, other lines that would change, figures of each unit before and after."""

    entries: Mapping[str, Sequence[Entry]]
    changes: Sequence[Change]
    before: Figures
    after: Figures

    def gained(self, unit: str, column: str = "cumulative") -> Grains:
        """What a unit's total, measure or component would gain."""
        return (self.after.column(unit, column) or 0) - (self.before.column(unit, column) or 0)


def supposed(
    rows: Rows, facts: Sequence[Fact], rules: Rules, units: Mapping[str, UnitInfo], period: Period,
    closings: Sequence[Closing] = (), names: Names | None = None,
) -> Supposed:  # fmt: skip
    """Score rows without and with further facts, whose numbers must lie beyond those of the rows."""
    more = rows_of(facts, units)
    now = scored(rows, rules, units, period, closings)
    then = scored(with_more(rows, more), rules, units, period, closings)
    old, new = _entries(now, more, names), _entries(then, more, names)
    own: dict[str, list[Entry]] = {fact.id: [] for fact in facts}
    for entry in new:
        if entry.fact in own:
            own[entry.fact].append(entry)
    known = {_key(entry): entry.amount for entry in old}
    others = [entry for entry in new if entry.fact not in own]
    changes = [Change(known.get(_key(e), 0), e) for e in others if known.get(_key(e), 0) != e.amount]
    return Supposed(own, changes, _figures(now, units), _figures(then, units))


def _entries(ledger: Ledger, more: Rows, names: Names | None) -> list[Entry]:
    if names is None:
        return ledger.entries()
    known = {**names(ledger.facts_of(np.flatnonzero(ledger.inside))), **more.names}
    return ledger.entries(names=known)


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.unit, entry.fact, entry.rule, "offset" if entry.status == "offset" else ""


def _figures(ledger: Ledger, units: Mapping[str, UnitInfo]) -> Figures:
    return Figures(of_ledger(ledger), ledger.rules, units.values(), ledger.period)
