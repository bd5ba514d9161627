"""Turn facts into the ledger. No database, no web: facts and rules in, lines out.

The work is a row of stages over columns; every stage reads what rules look at through `Facets` and leaves lines:

    booked → counted and decided, turn by turn → once per scope → resolution, shares, credit, caps (in the pack's
    order) → tasks → caps over tasks

Nothing depends on the order facts come in: whatever needs an order uses day, then register number, then award.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.columns import MILLION
from core.scoring.engine.booking import Booked, Closing, booked
from core.scoring.engine.capping import capped
from core.scoring.engine.counting import counted
from core.scoring.engine.crediting import credited
from core.scoring.engine.deciding import decided
from core.scoring.engine.dividing import shared
from core.scoring.engine.facets import Column, Facets
from core.scoring.engine.keeping import once_each, resolved
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import CODE, Lines, Note, joined
from core.scoring.engine.rows import Rows, rows_of
from core.scoring.engine.tasks import task_lines
from core.scoring.rules.rule_book import Rules
from core.scoring.rules.rule_book import Stage as StageName
from core.scoring.values.fact import Entry, Fact, UnitInfo
from core.scoring.values.periods import Calendar, Period
from core.scoring.values.points import GRAINS

Stage = Callable[[Lines, Facets, Rules], Lines]
STAGES: Mapping[StageName, Stage] = {
    "resolution": resolved, "sharing": shared, "credit": credited, "caps": capped,
}  # fmt: skip
SCALES = {"points": GRAINS, "max": GRAINS, "sum": MILLION}


@dataclass(frozen=True)
class Validity:
    """Which rows take part at all: their account is known, and valid on the day."""

    known: Column
    valid: Column


def score(
    facts: Iterable[Fact], rules: Rules, units: Iterable[UnitInfo], calendar: Calendar, period: Period
) -> list[Entry]:
    """The ledger of the scoring year up to the end of a period, zero lines with their reasons included.

    Give it every fact of the year; a withdrawal counts whatever its date. Facts of an earlier year may
    come along: they take part in counters and “once per item” and leave no entries.
    """
    return ledger_of(facts, rules, units, period).entries()


def ledger_of(
    facts: Iterable[Fact],
    rules: Rules,
    units: Iterable[UnitInfo],
    period: Period,
    closings: Sequence[Closing] = (),
) -> Ledger:
    """Plain facts scored: the ledger with everything rankings and explanations ask of it."""
    known = {unit.key: unit for unit in units}
    return scored(rows_of(facts, known, rules.accounts), rules, known, period, closings)


def scored(
    rows: Rows,
    rules: Rules,
    units: Mapping[str, UnitInfo],
    period: Period,
    closings: Sequence[Closing] = (),
    extra: Mapping[str, tuple[Column, int]] | None = None,
) -> Ledger:
    """Rows scored up to the end of a period. `extra` are further columns by name with their scale."""
    facets = Facets(rows, rules, units)
    facets.extra.update(extra or {})
    when = booked(facets, rules, closings)
    rows_in = _validity(facets, units)
    lines = _earned(facets, rules, rows_in, when)
    once_each(lines, facets, rules)
    for stage in rules.pipeline:
        lines = STAGES[stage](lines, facets, rules)
    lines, days = _offsets(lines, when)
    ledger = Ledger(rules, facets, lines, days, when, period)
    return task_lines(ledger) if rules.quotas else ledger


def _validity(facets: Facets, units: Mapping[str, UnitInfo]) -> Validity:
    known = np.array([unit is not None for unit in facets.units] or [False])[facets.account]
    low = [unit.valid_from.toordinal() if unit and unit.valid_from else 0 for unit in facets.units] or [0]
    high = [unit.valid_to.toordinal() if unit and unit.valid_to else 1 << 30 for unit in facets.units] or [0]
    day = facets.rows.column("day")
    inside = (np.array(low)[facets.account] <= day) & (day <= np.array(high)[facets.account])
    return Validity(known, known & inside)


def _earned(facets: Facets, rules: Rules, rows_in: Validity, when: Booked) -> Lines:
    """The lines of all turns: counters first, then the awards that may read them."""
    gone = (facets.rows.column("withdrawn") > 0) & (when.offset == 0)
    standing = rows_in.valid & ~gone & ~when.never
    turns = range(1 + max((award.turn for award in rules.awards), default=0))
    parts: list[Lines] = []
    for turn in turns:
        for counter in rules.counters:
            if counter.turn == turn:
                earlier = joined(parts) if parts else None
                column = counted(counter, facets, standing, _standing_lines(earlier, standing), rules)
                facets.extra[counter.id] = column, SCALES.get(counter.what, 1)
        parts.append(decided(facets, rules, turn, rows_in.valid))
    lines = joined(parts) if len(parts) > 1 else parts[0]
    lines = _with_unrewarded(lines, facets)
    _refuse(lines, facets, rows_in, when, gone)
    return lines


def _standing_lines(lines: Lines | None, standing: Column) -> Lines | None:
    """Lines of rows that count: what was withdrawn is counted by nothing."""
    if lines is None:
        return None
    kept = standing[lines.row]
    columns = {
        name: getattr(lines, name)[kept]
        for name in ("row", "award", "account", "raw", "amount", "share", "status")
    }
    return Lines(**columns)


def _with_unrewarded(lines: Lines, facets: Facets) -> Lines:
    """A line also for every row that no award rewards, so that it is seen and counted."""
    rewarded = np.zeros(len(facets.rows), dtype=bool)
    rewarded[lines.row] = True
    bare = np.flatnonzero(~rewarded)
    if not len(bare):
        return lines
    zero = np.zeros(len(bare), dtype=np.int64)
    account = facets.account[bare].astype(np.int64)
    missing = Lines(bare, zero - 1, account, zero, zero.copy(), zero.copy(), zero + CODE["uncredited"])
    missing.notes.append(Note("unrewarded", None, np.arange(len(bare))))
    return joined([lines, missing])


def _refuse(lines: Lines, facets: Facets, rows_in: Validity, when: Booked, gone: Column) -> None:
    """Rows that do not count at all, each with its reason."""
    strange = np.flatnonzero(~rows_in.known[lines.row])
    lines.settle(strange, "excluded", "said", None, ["单位未登记"] * len(strange))
    outside = np.flatnonzero(rows_in.known[lines.row] & ~rows_in.valid[lines.row])
    lines.settle(outside, "excluded", "said", None, ["当日不在该单位参评期内"] * len(outside))
    late = np.flatnonzero(when.never[lines.row] & rows_in.valid[lines.row])
    lines.settle(late, "uncredited", "late", None)
    taken = np.flatnonzero(gone[lines.row] & rows_in.valid[lines.row])
    lines.settle(taken, "reversed", "withdrawn", None)


def _offsets(lines: Lines, when: Booked) -> tuple[Lines, Column]:
    """Counter-lines for what was withdrawn after its period was closed; and each line's day of credit."""
    offset = when.offset[lines.row]
    at = np.flatnonzero((offset > 0) & lines.worth_something())
    days = when.day[lines.row]
    if not len(at):
        return lines, days
    columns = {name: getattr(lines, name)[at] for name in ("row", "award", "account", "raw", "share")}
    against = Lines(
        **columns, amount=-lines.amount[at], status=np.full(len(at), CODE["offset"], dtype=np.int64)
    )
    against.notes.append(Note("offset", None, np.arange(len(at))))
    both = joined([lines, against])
    return both, np.where(both.status == CODE["offset"], when.offset[both.row], when.day[both.row])
