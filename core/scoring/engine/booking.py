"""On which day each row counts: the day it happened, the day it was entered, a date it carries, or after a closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.scoring.engine.deciding import satisfied
from core.scoring.engine.facets import Column, Facets
from core.scoring.engine.spans import bucket_of, buckets
from core.scoring.rules.rule_book import Booking, Rules


@dataclass(frozen=True)
class Closing:
    """A closed period by its first and last day, and the last register number there was when it was closed."""

    start: int
    end: int
    last_fact: int


@dataclass(frozen=True)
class Booked:
    """The day of credit of each row; which rows come too late; which block moved a row (-1: none).

    `offset`: for rows withdrawn after their period was closed, the day on which the counter-line stands, else 0.
    """

    day: Column
    never: Column
    block: Column
    carried: Column
    offset: Column


def booked(facets: Facets, rules: Rules, closings: Sequence[Closing] = ()) -> Booked:
    """Work out the day of credit by the pack's booking rules and, where it says so, carry late facts forward."""
    on = facets.rows.column("day").astype(np.int64)
    day, never = on.copy(), np.zeros(len(on), dtype=bool)
    block = np.full(len(on), -1, dtype=np.int64)
    for n, rule in enumerate(rules.bookings):
        at = np.flatnonzero((block < 0) & satisfied(facets, rule.condition, rule.where))
        block[at] = n
        if len(at):
            day[at], never[at] = _by_rule(facets, rules, rule, at)
    carried = np.zeros(len(on), dtype=bool)
    offset = np.zeros(len(on), dtype=np.int64)
    if rules.after_close == "forward":
        fact, gone = facets.rows.column("fact"), facets.rows.column("withdrawn")
        for closing in sorted(closings, key=lambda closing: closing.end):
            inside = (day >= closing.start) & (day <= closing.end)
            late = inside & (fact > closing.last_fact)
            day[late], carried[late] = closing.end + 1, True
            standing = inside & ~late & (gone > closing.last_fact)
            moved = (offset >= closing.start) & (offset <= closing.end) & (gone > closing.last_fact)
            offset[standing | moved] = closing.end + 1
    return Booked(day, never, block, carried, offset)


def _by_rule(facets: Facets, rules: Rules, rule: Booking, at: Column) -> tuple[Column, Column]:
    recorded = facets.rows.column("recorded").astype(np.int64)[at]
    day = facets.rows.column("day").astype(np.int64)[at]
    if rule.day == "recorded":
        day = recorded
    elif rule.day != "on":
        told = [facets.value(rule.day, int(row)) for row in at]
        day = np.array(
            [value.toordinal() if value else own for value, own in zip(told, day, strict=True)],
            dtype=np.int64,
        )
    never = np.zeros(len(at), dtype=bool)
    if rule.grace is not None:
        starts = buckets(rules.calendar, day, rule.period)
        ends = {
            int(s): bucket_of(rules.calendar, date.fromordinal(int(s)), rule.period).end.toordinal()
            for s in set(starts.tolist())
        }
        late = recorded > np.array([ends[int(s)] for s in starts], dtype=np.int64) + rule.grace
        never = late & (rule.late == "never")
        day = np.where(late & (rule.late == "next"), recorded, day)
    return day, never
