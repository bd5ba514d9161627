"""Whose account is credited: the unit itself, the host or parent it reports under, several of them, or nobody."""

from fractions import Fraction
from typing import Any

import numpy as np

from core.scoring.engine.deciding import satisfied
from core.scoring.engine.facets import Column, Facets
from core.scoring.engine.keeping import award_orders, of_awards
from core.scoring.engine.lines import CODE, Lines, Note, exact_array, joined
from core.scoring.rules.rule_book import Credit, Rules
from core.scoring.values.fact import UnitInfo


def credited(lines: Lines, facets: Facets, rules: Rules) -> Lines:
    """Move credit by the first rule that speaks of each line's award and unit."""
    free = lines.worth_something()
    parts = [lines]
    for rule in rules.credits:
        at = np.flatnonzero(
            free & of_awards(lines, award_orders(rules, rule.awards)) & _concerned(rule, facets)[lines.row]
        )
        free[at] = False
        if not rule.to:
            lines.settle(at, "uncredited", "nobody", rule)
        elif rule.to != (("unit", Fraction(1)),) and len(at):
            parts += _moved(lines, facets, rule, at)
    return joined(parts) if len(parts) > 1 else lines


def _concerned(rule: Credit, facets: Facets) -> Column:
    groups = np.array(
        [not rule.groups or (unit is not None and unit.group in rule.groups) for unit in facets.units]
        or [False]
    )
    found = groups[facets.account]
    return found & satisfied(facets, None, rule.where) if rule.where is not None else found


def _moved(lines: Lines, facets: Facets, rule: Credit, at: Column) -> list[Lines]:
    """The lines credited elsewhere; the original keeps the unit's own part."""
    number = {unit.key: n for n, unit in enumerate(facets.units) if unit}
    before = lines.amount[at].copy()
    own = dict(rule.to).get("unit", Fraction(0))
    others = [(target, factor) for target, factor in rule.to if target != "unit"]
    kept = _times(before, own)
    made = []
    homeless = np.full(len(at), not own)
    for target, factor in others:
        home = np.array([_home(unit, target, number) for unit in facets.units] or [-1], dtype=np.int64)[
            lines.account[at]
        ]
        found = home >= 0
        homeless &= ~found
        amounts = _times(before[found], factor)
        source = at[found]
        moved = Lines(
            lines.row[source], lines.award[source], home[found], lines.raw[source].copy(), amounts,
            amounts.copy(), np.full(len(source), CODE["live"], dtype=np.int64),
        )  # fmt: skip
        moved.notes.append(Note("moved from", rule, np.arange(len(source)), lines.account[source].tolist()))
        made.append(moved)
        lines.notes.append(Note("moved to", rule, source, home[found].tolist()))
    lines.change(at, kept, "live" if own else "moved", "kept", rule)
    lines.settle(
        at[homeless],
        "uncredited",
        "said",
        rule,
        ["按规定应计入所属单位，但未登记所属单位"] * int(homeless.sum()),
    )
    return made


def _home(unit: UnitInfo | None, target: str, number: dict[str, int]) -> int:
    if unit is None:
        return -1
    return number.get((unit.host if target == "host" else unit.parent) or "", -1)


def _times(amounts: Column, factor: Fraction) -> Column:
    if factor == 1:
        return amounts.copy()
    values: list[Any] = [_plain(Fraction(value) * factor) for value in amounts.tolist()]
    return exact_array(values, len(values) + 1)


def _plain(value: Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value
