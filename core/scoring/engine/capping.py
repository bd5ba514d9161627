"""Caps: the most points or items, or the lowest deduction, that lines of some awards leave a unit in a period."""

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from core.scoring.engine.deciding import satisfied
from core.scoring.engine.facets import Column, Combinations, Facets
from core.scoring.engine.keeping import award_orders, of_awards, ranks
from core.scoring.engine.lines import Lines, exact_array, grains
from core.scoring.engine.spans import buckets
from core.scoring.rules.rule_book import Cap, Rules, in_force


def capped(lines: Lines, facets: Facets, rules: Rules) -> Lines:
    """Caps in the order of the pack; each sees what the one before left."""
    days = facets.rows.column("day").astype(np.int64)[lines.row]
    tasks = {quota.id for quota in rules.quotas}
    for cap in rules.caps:
        if not cap.awards & tasks:
            _under(cap, lines, facets, rules, award_orders(rules, cap.awards), days)
    return lines


def capped_tasks(lines: Lines, facets: Facets, rules: Rules, days: Column) -> None:
    """Caps that speak of tasks, once their lines are there; `days` are days of credit."""
    number = {quota.id: len(rules.awards) + n for n, quota in enumerate(rules.quotas)}
    for cap in rules.caps:
        orders = [number[name] for name in cap.awards if name in number]
        if orders:
            _under(cap, lines, facets, rules, [*award_orders(rules, cap.awards), *orders], days)


def _under(cap: Cap, lines: Lines, facets: Facets, rules: Rules, orders: list[int], days_of: Column) -> None:
    wanted = np.asarray(lines.amount < 0 if cap.what == "min" else lines.amount > 0, dtype=bool)
    chosen = of_awards(lines, orders) & wanted
    if cap.where is not None:
        chosen &= satisfied(facets, None, cap.where)[lines.row]
    at = np.flatnonzero(chosen)
    limit, limited = _limits(cap, facets, rules, lines.account[at], days_of[at])
    at, limit = at[limited], limit[limited]
    if not len(at):
        return
    row = lines.row[at]
    days = days_of[at]
    if lines.amount.dtype != limit.dtype:
        limit = limit.astype(object)
    columns = [lines.account[at], buckets(rules.calendar, days, cap.period)]
    scope = Combinations([*columns, *(facets.codes(name)[row] for name in cap.per)], len(at)).of_row
    sign = -1 if cap.what == "min" else 1
    size = lines.amount[at] * sign
    first = (-ranks(size),) if cap.best else ()
    # Rows stand by day and number; lines credited from elsewhere put two rows of a fact under one unit.
    turn = (lines.award[at], _facts(facets, row)) if rules.credits else ()
    order = np.lexsort((at, *turn, *first, scope))
    at, scope, size, limit = at[order], scope[order], size[order], limit[order] * sign
    if cap.what == "items":
        kept = _items(scope, facets.rows.data["item"][lines.row[at]], size, limit)
    else:
        kept = _points(cap, scope, size, limit)
    cut = np.flatnonzero(np.asarray(kept != size, dtype=bool))
    figures = list(zip((limit[cut] * sign).tolist(), ((size - kept)[cut] * sign).tolist(), strict=True))
    lines.change(at[cut], kept[cut] * sign, "capped", "capped", cap, figures)


def _facts(facets: Facets, row: Column) -> Column:
    """The facts of rows, numbered in the order of rows; lines without a row come last."""
    fact = facets.rows.data["fact"]
    number = np.cumsum(np.concatenate([[True], fact[1:] != fact[:-1]]))
    return np.where(row >= 0, number[row], len(fact) + 1) if len(fact) else row


def _limits(cap: Cap, facets: Facets, rules: Rules, account: Column, days: Column) -> tuple[Column, Column]:
    """The limit of each line in grains (or items), and which lines have one."""
    edges = sorted(
        {start for start, _ in cap.limits} | {s for t in rules.tables.values() for s, _ in t.versions}
    )
    stretch = np.searchsorted(np.array([day.toordinal() for day in edges], dtype=np.int64), days, "right")
    # A plain number is the same for everybody; a formula may look at each unit.
    fixed = all(isinstance(limit, Fraction) for _, limit in cap.limits)
    found = Combinations([stretch] if fixed else [account, stretch], len(account))
    values: list[Any] = []
    for sample in found.sample:
        day = date.fromordinal(int(days[sample]))
        value = in_force(cap.limits, day)
        if value is not None and not isinstance(value, Fraction):
            value = value.run(unit_env(facets, int(account[sample]), day, value.uses))
        values.append(
            None if value is None else int(value) if cap.what == "items" else grains(Fraction(value))
        )
    known = np.array([value is not None for value in values] or [False])
    amounts = exact_array([value or 0 for value in values] or [0])
    return amounts[found.of_row], known[found.of_row]


def unit_env(facets: Facets, account: int, day: date, names: Any) -> dict[str, Any]:
    """What a limit may look at: the facets of the credited unit."""
    unit = facets.units[account]
    return {name: facets.of_account(name, unit) for name in names} | {"@day": day}


def _points(cap: Cap, scope: Column, size: Column, limit: Column) -> Column:
    starts = np.concatenate([[True], scope[1:] != scope[:-1]])
    running = np.add.accumulate(size)
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(size)), 0))
    base = running[begin] - size[begin]
    after = running - base
    before = after - size
    if cap.overflow == "clip":
        within: Column = np.maximum(np.minimum(limit, after), 0) - np.maximum(np.minimum(limit, before), 0)
        return within
    if cap.overflow == "overshoot":
        return np.where(np.asarray(before < limit, dtype=bool), size, size - size)
    kept = size - size
    used: Any = 0
    for n in range(len(size)):  # what was dropped takes no room, so one line decides about the next
        used = 0 if starts[n] else used
        if used + size[n] <= limit[n]:
            kept[n] = size[n]
            used = used + size[n]
    return kept


def _items(scope: Column, item: Column, size: Column, limit: Column) -> Column:
    """Lines of the first so many different items of each scope."""
    pair = Combinations([scope, np.unique(item, return_inverse=True)[1].reshape(-1)], len(scope)).of_row
    first = np.full(pair.max() + 1, -1, dtype=np.int64)
    first[pair[::-1]] = np.arange(len(pair) - 1, -1, -1)
    new = first[pair] == np.arange(len(pair))
    starts = np.concatenate([[True], scope[1:] != scope[:-1]])
    many = np.add.accumulate(new)
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(pair)), 0))
    place = (many - (many[begin] - 1))[first[pair]]
    return np.where(np.asarray(place <= limit, dtype=bool), size, size - size)
