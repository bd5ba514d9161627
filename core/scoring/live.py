"""An office's open period, scored from the register: rows at once, entries when somebody opens a number.

Kept in memory under a stamp of everything it depends on. When only facts were added, just the units they speak of are
scored again and placed anew; where a pack's rules let units depend on each other, the whole office is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from core.accounts.models import Unit
from core.accounts.units import units_of_office
from core.db import db
from core.facts import Fact as StoredFact
from core.facts import of_office
from core.facts.models import FactUnit
from core.scoring.engine.booking import Closing
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.stages import scored as score_rows
from core.scoring.inputs import facts_of, unit_infos
from core.scoring.models import FrozenRun
from core.scoring.results.frozen import Result, thaw
from core.scoring.results.outcome import Outcome, outcome_of
from core.scoring.results.ranking import Standing, rank_ledger, replaced
from core.scoring.results.supposing import Supposed, supposed
from core.scoring.rules.fact_reading import people
from core.scoring.rules.rule_book import Rules
from core.scoring.store import names_of, rows_of_office
from core.scoring.values.fact import Entry, Fact, Row, UnitInfo
from core.scoring.values.periods import Period, previous, year_of, year_of_period

CACHED = 64


@dataclass(frozen=True)
class Live:
    """A period scored now. `stamp` tells what it depends on besides facts, `latest` the last fact it has seen."""

    office_id: int
    period: Period
    pack_ref: str
    rules: Rules
    units: Sequence[UnitInfo]
    closings: Sequence[Closing]
    standing: Standing
    stamp: tuple[Any, ...]
    latest: int
    closed: bool = field(default=False, init=False)

    @classmethod
    def current(cls, office_id: int, period: Period, ref: str, digest: str, rules: Rules) -> "Live":
        """The result as the register stands, from memory if possible."""
        cache = current_app.extensions["yaoqing"].results
        place = (office_id, period.key, digest)
        known: Live | None = cache.get(place)
        stamp, latest = _stamp(office_id), latest_fact(office_id)
        if known is not None and (known.stamp, known.latest) == (stamp, latest):
            return known
        if known is not None and known.stamp == stamp and is_separable(rules):
            found = known._with_facts_since(latest)
        else:
            found = _scored(office_id, period, ref, rules, stamp, latest)
        while len(cache) >= CACHED:
            cache.pop(next(iter(cache)), None)
        cache[place] = found
        return found

    @property
    def rows(self) -> Sequence[Row]:
        """The units ranked."""
        return self.standing.rows

    def ledger(self, units: Sequence[str] | None = None) -> Ledger:
        """The ledger of some units (and those they share accounts with), or of all."""
        wanted = None if units is None or not is_separable(self.rules) else together(units, self.units)
        return _ledger(self.office_id, self.period, self.rules, self.units, self.closings, wanted)

    def entries_of(self, unit: str) -> list[Entry]:
        """A unit's entries of the year."""
        ledger = self.ledger([unit])
        chosen = ledger.of(unit)
        return ledger.entries(chosen, names_of(ledger.facts_of(chosen)))

    def suppose(self, facts: Sequence[Fact]) -> Supposed:
        """What further facts would bring their units; their numbers must be beyond `latest`."""
        known = {unit.key: unit for unit in self.units}
        wanted = None
        if is_separable(self.rules):
            wanted = together([key for fact in facts for key in fact.units], self.units)
            known = {key: known[key] for key in wanted}
        first, last = _first_day(self.rules, self.period), self.period.end.toordinal()
        rows = rows_of_office(self.office_id, first, last, list(known), wanted)
        return supposed(rows, facts, self.rules, known, self.period, self.closings, names_of)

    @cached_property
    def outcome(self) -> Outcome:
        """Everything the period comes to, prizes and lists included, from the facts themselves."""
        first = _first_day(self.rules, self.period)
        known = facts_of(of_office(self.office_id, self.period.end))
        facts = [fact for fact in known if fact.on.toordinal() >= first or fact.reverses]
        before = _rows_before(self.office_id, self.rules, self.period)
        found = outcome_of(
            facts, self.rules, self.units, self.period, authors(facts, self.units), self.closings
        )
        return replace(found, previous=before)

    @cached_property
    def entries(self) -> list[Entry]:
        """All entries of the year."""
        return self.outcome.ledger.entries()

    def whole(self) -> Result:
        """Everything that is frozen when the period is closed."""
        return whole(self.outcome, self.pack_ref, [(c.start, c.end, c.last_fact) for c in self.closings])

    def _with_facts_since(self, latest: int) -> "Live":
        """This result with the facts that came since: only the units they speak of are scored again."""
        touched = _units_since(self.office_id, self.latest)
        wanted = together([str(unit) for unit in touched], self.units)
        ledger = _ledger(self.office_id, self.period, self.rules, self.units, self.closings, wanted)
        standing = replaced(self.standing, ledger, wanted, self.units)
        return Live(
            self.office_id,
            self.period,
            self.pack_ref,
            self.rules,
            self.units,
            self.closings,
            standing,
            self.stamp,
            latest,
        )


def whole(outcome: Outcome, ref: str, closings: Sequence[tuple[int, int, int]]) -> Result:
    """An outcome with everything in it worked out."""
    persons = outcome.persons
    return Result(
        outcome.period, ref, outcome.facts, outcome.units, outcome.ledger.entries(), outcome.standing.rows, True,
        persons[1].rows if persons else (), outcome.prizes, outcome.lists, closings,
        persons[0].entries() if persons else (),
    )  # fmt: skip


def authors(facts: Sequence[Fact], units: Sequence[UnitInfo]) -> list[UnitInfo]:
    """The authors of facts as accounts."""
    return people(facts, {unit.key: unit for unit in units})


def latest_fact(office_id: int) -> int:
    """The last register number of an office."""
    return db.session.scalar(select(func.max(StoredFact.id)).where(StoredFact.office_id == office_id)) or 0


def frozen_run(office_id: int, key: str) -> FrozenRun | None:
    """The run of a closed period, or None while it is open."""
    return db.session.scalar(
        select(FrozenRun).where(
            FrozenRun.office_id == office_id, FrozenRun.period_key == key, FrozenRun.reopened_at.is_(None)
        )
    )


def is_separable(rules: Rules) -> bool:
    """Whether a unit's lines and numbers depend on its own facts (and those of its host group) alone."""
    formulas = [
        rules.total,
        *(c.formula for c in rules.components.values()),
        *(q.points for q in rules.quotas),
    ]
    formulas += [q.done for q in rules.quotas]
    own = all("unit" in counter.per for counter in rules.counters)
    return own and not any("@peers" in formula.uses for formula in formulas if formula)


def together(keys: Sequence[str], units: Sequence[UnitInfo]) -> list[str]:
    """Units with everybody whose credit may land in the same accounts: hosts, parents, and what reports under them."""
    above = {unit.key: [each for each in (unit.host, unit.parent) if each] for unit in units}
    below: dict[str, list[str]] = {}
    for key, upper in above.items():
        for each in upper:
            below.setdefault(each, []).append(key)
    found = dict.fromkeys(key for key in keys if key in above)
    waiting = list(found)
    while waiting:
        key = waiting.pop()
        for other in (*above.get(key, ()), *below.get(key, ())):
            if other not in found and other in above:
                found[other] = None
                waiting.append(other)
    return list(found)


def _scored(
    office_id: int, period: Period, ref: str, rules: Rules, stamp: tuple[Any, ...], latest: int
) -> Live:
    units = unit_infos(units_of_office(office_id), rules)
    closings = _closings(office_id, period)
    ledger = _ledger(office_id, period, rules, units, closings, None)
    standing = rank_ledger(ledger, units, _rows_before(office_id, rules, period))
    return Live(office_id, period, ref, rules, units, closings, standing, stamp, latest)


def _ledger(
    office_id: int, period: Period, rules: Rules, units: Sequence[UnitInfo], closings: Sequence[Closing],
    wanted: Sequence[str] | None,
) -> Ledger:  # fmt: skip
    known = {unit.key: unit for unit in units}
    chosen = known if wanted is None else {key: known[key] for key in wanted}
    rows = rows_of_office(office_id, _first_day(rules, period), period.end.toordinal(), list(chosen), wanted)
    return score_rows(rows, rules, chosen, period, closings)


def _first_day(rules: Rules, period: Period) -> int:
    """Scoring looks back as far as the year before: items live on, “once per item” does too."""
    start = year_of_period(rules.calendar, period).start
    return year_of(rules.calendar, date.fromordinal(start.toordinal() - 1)).start.toordinal()


def _units_since(office_id: int, latest: int) -> list[int]:
    """The units that facts (or withdrawals) after a register number speak of."""
    newer = select(StoredFact.id, StoredFact.reverses_id).where(
        StoredFact.office_id == office_id, StoredFact.id > latest
    )
    facts: set[int] = set()
    for number, reverses in db.session.execute(newer).tuples():
        while reverses:
            number = reverses
            reverses = db.session.scalar(select(StoredFact.reverses_id).where(StoredFact.id == number))
        facts.add(number)
    return list(db.session.scalars(select(FactUnit.unit_id).where(FactUnit.fact_id.in_(facts)).distinct()))


def _stamp(office_id: int) -> tuple[Any, ...]:
    units = db.session.execute(
        select(func.count(), func.sum(Unit.version)).where(Unit.office_id == office_id)
    ).one()
    closed = db.session.execute(
        select(func.count(), func.count(FrozenRun.reopened_at)).where(FrozenRun.office_id == office_id)
    ).one()
    return units[0], units[1] or 0, *closed


def _closings(office_id: int, period: Period) -> list[Closing]:
    """Closed periods before or inside this one, without itself."""
    query = select(FrozenRun.starts, FrozenRun.ends, FrozenRun.last_fact).where(
        FrozenRun.office_id == office_id, FrozenRun.reopened_at.is_(None), FrozenRun.period_key != period.key,
        FrozenRun.ends <= period.end.toordinal(),
    )  # fmt: skip
    return [Closing(*row) for row in db.session.execute(query.order_by(FrozenRun.ends)).tuples()]


def _rows_before(office_id: int, rules: Rules, wanted: Period) -> list[Row]:
    """The closed rows of the period before, for places gained and lost."""
    before = previous(rules.calendar, wanted)
    frozen = frozen_run(office_id, before.key) if before and before.year_key == wanted.year_key else None
    return list(thaw(frozen.content).rows) if frozen else []
