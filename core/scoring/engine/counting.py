"""Counters: the number every row carries of how many (or how much) of something its scope holds."""

from collections.abc import Sequence

import numpy as np

from core.columns import MISSING
from core.scoring.engine.deciding import satisfied
from core.scoring.engine.facets import Column, Combinations, Facets
from core.scoring.engine.keeping import award_orders, of_awards
from core.scoring.engine.lines import Lines
from core.scoring.engine.spans import buckets
from core.scoring.rules.rule_book import Counter, Rules
from core.scoring.values.periods import Calendar, Span


def scope_of(facets: Facets, per: Sequence[str], period: Span | None, calendar: Calendar) -> Column:
    """A number for each row's scope: rows that agree in these facets and in the period of their day."""
    columns = [facets.codes(name) for name in per]
    if period:
        columns.append(buckets(calendar, facets.rows.column("day"), period))
    return Combinations(columns, len(facets.rows)).of_row


def counted(counter: Counter, facets: Facets, standing: Column, lines: Lines | None, rules: Rules) -> Column:
    """The counter's column; `standing` rows are valid and not withdrawn, `lines` those of earlier turns."""
    scope = scope_of(facets, counter.per, counter.period, rules.calendar)
    counts = standing & satisfied(facets, counter.condition, counter.where)
    weight = np.ones(len(scope), dtype=np.int64)
    if counter.awards is not None:
        earned, points = _earned(counter, lines, rules, len(scope))
        counts &= earned
        if counter.what in ("points", "max"):
            weight = points
    if counter.what == "sum":
        column = facets.facet(counter.attribute or "")[0]
        weight = np.where(column == MISSING, 0, column)
    order = np.lexsort((np.arange(len(scope)), scope))
    return _run(counter, facets, scope[order], order, counts[order], weight[order])


def _earned(counter: Counter, lines: Lines | None, rules: Rules, size: int) -> tuple[Column, Column]:
    """Which rows earned one of the awards, and how much by them."""
    if lines is None:
        return np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64)
    chosen = of_awards(lines, award_orders(rules, counter.awards or ())) & np.asarray(
        lines.raw != 0, dtype=bool
    )
    points = np.zeros(size, dtype=lines.raw.dtype)
    np.add.at(points, lines.row[chosen], lines.raw[chosen])
    earned = np.zeros(size, dtype=bool)
    earned[lines.row[chosen]] = True
    return earned, points


def _run(
    counter: Counter, facets: Facets, scope: Column, order: Column, counts: Column, weight: Column
) -> Column:
    """Count along the register inside each scope; rows of one fact share its count."""
    size = len(scope)
    if not size:
        return np.zeros(0, dtype=np.int64)
    thing = facets.rows.data["item" if counter.what == "items" else "fact"][order]
    fact = facets.rows.data["fact"][order]
    new_scope = np.concatenate([[True], scope[1:] != scope[:-1]])
    starts = np.maximum.accumulate(np.where(new_scope, np.arange(size), 0))
    first = counts & _first_of(scope, thing, counts)
    added = np.where(first, weight, weight - weight)
    if counter.what == "max":
        running = _highest_so_far(scope, added)
    else:
        running = np.add.accumulate(added)
        running = running - np.where(starts > 0, running[np.maximum(starts - 1, 0)], added[0] - added[0])
    # A fact's rows stand together inside a scope: all of them see the count after its last one.
    last_of_fact = np.concatenate([(fact[1:] != fact[:-1]) | new_scope[1:], [True]])
    ends = np.minimum.accumulate(np.where(last_of_fact, np.arange(size), size)[::-1])[::-1]
    if not counter.running:
        last_of_scope = np.concatenate([new_scope[1:], [True]])
        ends = np.minimum.accumulate(np.where(last_of_scope, np.arange(size), size)[::-1])[::-1]
    found = np.empty(size, dtype=running.dtype)
    found[order] = running[ends]
    return found


def _highest_so_far(scope: Column, weight: Column) -> Column:
    """The running maximum inside each scope, by way of ranks."""
    values, rank = np.unique(weight, return_inverse=True)
    width = len(values) + 1
    found: Column = values[np.maximum.accumulate(scope * width + rank.reshape(-1)) - scope * width]
    return found


def _first_of(scope: Column, thing: Column, counts: Column) -> Column:
    """Which counting rows are the first of their fact or item in their scope."""
    at = np.flatnonzero(counts)
    first = np.zeros(len(scope), dtype=bool)
    if len(at):
        order = np.lexsort((at, thing[at], scope[at]))
        sorted_at = at[order]
        new = np.concatenate(
            [
                [True],
                (scope[sorted_at][1:] != scope[sorted_at][:-1])
                | (thing[sorted_at][1:] != thing[sorted_at][:-1]),
            ]
        )
        first[sorted_at[new]] = True
    return first
