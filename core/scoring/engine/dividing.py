"""Shares of joint facts: what each of several units (or authors) gets of a value."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from core.columns import MILLION
from core.scoring.engine.facets import Column, Combinations, Facets
from core.scoring.engine.lines import CODE, Lines, Note, exact_array, grains
from core.scoring.rules.rule_book import Rules, Share
from core.scoring.rules.typed import rounded
from core.scoring.values.points import GRAINS


def shared(lines: Lines, facets: Facets, rules: Rules) -> Lines:
    """Every line with the unit's share of its value; the sharers stand with the fact."""
    policies: list[Share] = []
    number = []
    for policy in [*(award.share or rules.share for award in rules.awards), rules.share]:
        if policy not in policies:
            policies.append(policy)
        number.append(policies.index(policy))
    of_award = np.array(number, dtype=np.int64)
    ways = facets.rows.column("ways")[lines.row]
    for n, policy in enumerate(policies):
        chosen = (of_award[lines.award] == n) & lines.worth_something() & (lines.award >= 0)
        if policy.policy != "formula" and policy.places is None:
            chosen &= ways > 1
        at = np.flatnonzero(chosen)
        if len(at):
            _divide(lines, facets, policy, at, ways[at].astype(np.int64))
    return lines


def _divide(lines: Lines, facets: Facets, policy: Share, at: Column, ways: Column) -> None:
    row = lines.row[at]
    position = facets.rows.column("position")[row].astype(np.int64)
    columns = [ways, position, _interned(lines.amount[at])]
    part, whole = _weights(facets, policy, row)
    if policy.policy in ("recorded", "roles"):
        columns += [part, whole]
    if policy.formula is not None:
        columns += [facets.codes(name)[row] for name in policy.formula.uses if name not in ("points", "@day")]
        if "@day" in policy.formula.uses:
            columns.append(facets.rows.column("day")[row])
    found = Combinations(columns, len(at))
    values = []
    for sample in found.sample:
        value = (
            Fraction(lines.amount[at[sample]]) / GRAINS
            if lines.amount.dtype == object
            else Fraction(int(lines.amount[at[sample]]), GRAINS)
        )
        share = _share(
            facets, policy, value, int(ways[sample]), int(position[sample]),
            int(part[sample]), int(whole[sample]), int(row[sample]),
        )  # fmt: skip
        values.append(grains(rounded(share, policy.places) if policy.places is not None else share))
    amounts = exact_array(values, len(at) + 1)[found.of_row]
    before = lines.amount[at].copy()
    if amounts.dtype == object and lines.amount.dtype != object:
        lines.amount, lines.share = lines.amount.astype(object), lines.share.astype(object)
    lines.amount[at] = lines.share[at] = amounts
    if policy.policy != "each":
        lines.status[at] = np.where(ways > 1, CODE["shared"], lines.status[at])
    lines.notes.append(Note("shared", policy, at, list(zip(ways.tolist(), before.tolist(), strict=True))))


def _interned(amounts: Column) -> Column:
    return np.unique(amounts, return_inverse=True)[1].reshape(-1)


def _weights(facets: Facets, policy: Share, row: Column) -> tuple[Column, Column]:
    """This sharer's weight and that of all sharers, in millionths."""
    data = facets.rows.data
    if policy.policy != "roles":
        return data["weight"][row], data["weights"][row]
    known = [int(policy.roles.get(role, Fraction(0 if role else 1)) * MILLION) for role in facets.rows.roles]
    of_row = np.array(known, dtype=np.int64)[data["role"]]
    place = Combinations([data["fact"]], len(data)).of_row
    total = np.zeros(place.max() + 1, dtype=np.int64)
    np.add.at(total, place, of_row)
    return of_row[row], total[place[row]]


def _share(
    facets: Facets, policy: Share, value: Fraction, ways: int, position: int, part: int, whole: int, row: int
) -> Fraction:
    """One sharer's part of a value in points."""
    if policy.formula is not None:
        names = [name for name in policy.formula.uses if name not in ("points", "@day")]
        env: dict[str, Any] = {**facets.env(names, row), "points": value, "@day": facets.value("on", row)}
        found = policy.formula.run(env)
        return Fraction(0) if found is None else Fraction(found)
    if ways == 1:
        return value
    return value * FACTORS[policy.policy](policy, ways, position, part, whole)


def _by_order(policy: Share, ways: int, position: int, part: int, whole: int) -> Fraction:
    if policy.by_ways and ways not in policy.by_ways:
        return Fraction(1, ways)
    weights = (policy.by_ways.get(ways) or policy.weights)[:ways]
    total = sum(weights)
    if not total:
        return Fraction(1, ways)
    return weights[position - 1] / total if position <= len(weights) else Fraction(0)


FACTORS: dict[str, Callable[[Share, int, int, int, int], Fraction]] = {
    "equal": lambda policy, ways, position, part, whole: Fraction(1, ways),
    "each": lambda policy, ways, position, part, whole: Fraction(1),
    "first": lambda policy, ways, position, part, whole: Fraction(position == 1),
    "recorded": lambda policy, ways, position, part, whole: (
        Fraction(part, whole) if whole else Fraction(1, ways)
    ),
    "roles": lambda policy, ways, position, part, whole: (
        Fraction(part, whole) if whole else Fraction(1, ways)
    ),
    "main": lambda policy, ways, position, part, whole: (
        policy.main if position == 1 else (1 - policy.main) / (ways - 1)
    ),
    "weights": _by_order,
}
