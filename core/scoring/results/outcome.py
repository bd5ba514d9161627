"""A period scored as a whole: units, persons, prizes and lists from one set of facts and one rule book. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.scoring.engine.booking import Closing
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import sums
from core.scoring.engine.rows import Rows, rows_of
from core.scoring.engine.stages import ledger_of, scored
from core.scoring.results.ranking import Standing, rank_ledger
from core.scoring.results.selections import Chosen, lists, prizes
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Fact, Row, UnitInfo
from core.scoring.values.periods import Period
from core.scoring.values.points import GRAINS


@dataclass(frozen=True)
class Outcome:
    """What a period comes to under a rule book; parts are worked out when asked for."""

    rules: Rules
    period: Period
    ledger: Ledger
    units: Sequence[UnitInfo]
    facts: Sequence[Fact] = ()
    people: Sequence[UnitInfo] = ()
    previous: Sequence[Row] = ()
    closings: Sequence[Closing] = ()

    @cached_property
    def standing(self) -> Standing:
        """The units ranked."""
        return rank_ledger(self.ledger, self.units, self.previous)

    @cached_property
    def persons(self) -> tuple[Ledger, Standing] | None:
        """Personal scores, where the pack has rules for them."""
        if self.rules.persons is None:
            return None
        ledger = ledger_of(self.facts, self.rules.persons, self.people, self.period, self.closings)
        return ledger, rank_ledger(ledger, self.people)

    @cached_property
    def prizes(self) -> list[Chosen]:
        """The prizes proposed."""
        found = self.persons
        persons = (found[1].rows, found[1].figures) if found else None
        return prizes(self.rules, self.standing.rows, self.standing.figures, self.ledger, persons)

    @cached_property
    def lists(self) -> dict[str, list[str]]:
        """The lists of the pack: unit keys in order."""
        return lists(self.rules, self.standing.rows, self.standing.figures)


def outcome_of(
    facts: Sequence[Fact], rules: Rules, units: Sequence[UnitInfo], period: Period, people: Sequence[UnitInfo] = (),
    closings: Sequence[Closing] = (),
) -> Outcome:  # fmt: skip
    """Plain facts scored for a period."""
    ledger = ledger_of(facts, rules, units, period, closings)
    return Outcome(rules, period, ledger, units, facts, people, closings=closings)


def priced(
    facts: Iterable[Fact], rules: Rules, main: Rules, accounts: Sequence[UnitInfo], units: Mapping[str, UnitInfo],
    period: Period,
) -> Ledger:  # fmt: skip
    """A further rule set (payments) over the same facts; its formulas may read what scoring gives each fact."""
    listed = list(facts)
    known = {account.key: account for account in accounts}
    rows = rows_of(listed, known, rules.accounts)
    points = _fact_points(scored(rows_of(listed, units), main, units, period), rows)
    return scored(rows, rules, known, period, extra={"fact_points": (points, GRAINS)})


def _fact_points(ledger: Ledger, rows: Rows) -> np.ndarray:
    """For every row the sum of the values its fact has under scoring.yaml, before resolution and sharing."""
    data, lines = ledger.facets.rows.data, ledger.lines
    at = np.flatnonzero(lines.row >= 0)
    at = at[data["position"][lines.row[at]] == 1]
    known, place = np.unique(data["fact"][lines.row[at]], return_inverse=True)
    total = sums(place.reshape(-1), lines.raw[at], len(known) + 1)
    if not len(known):
        return np.zeros(len(rows), dtype=np.int64)
    found = np.minimum(np.searchsorted(known, rows.data["fact"]), len(known) - 1)
    return total[np.where(known[found] == rows.data["fact"], found, len(known))]
