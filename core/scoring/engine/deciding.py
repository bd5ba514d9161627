"""Which awards each row earns and what they are worth: decided once per different combination of what rules read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from core.errors import InvalidInput
from core.scoring.engine import wording
from core.scoring.engine.facets import Column, Combinations, Facets, together
from core.scoring.engine.lines import CODE, Lines, Note, exact_array, grains
from core.scoring.engine.sieve import Sieve, numbers
from core.scoring.rules.conditions import Uses
from core.scoring.rules.rule_book import Award, Rules, Worth
from core.scoring.values import points
from core.scoring.values.fact import Grains


@dataclass(frozen=True)
class Decision:
    """One award a combination earns: its value in grains, or why it earns nothing."""

    award: int
    value: Grains = 0
    refusal: str = ""


def segments(rules: Rules, days: Column) -> Column:
    """Stretches of days in which the same values are in force."""
    return np.searchsorted(np.array([day.toordinal() for day in rules.edges], dtype=np.int64), days, "right")


def decided(facets: Facets, rules: Rules, turn: int, valid: Column) -> Lines:
    """The lines of the awards of one turn, for rows that are valid."""
    awards = [award for award in rules.awards if award.turn == turn]
    days = facets.rows.column("day").astype(np.int64)
    stretch = segments(rules, days)
    kinds, read = facets.facet("fact")
    rows, orders = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for kind in np.unique(kinds):
        at = np.flatnonzero((kinds == kind) & valid)
        name = read(int(at[0])) if len(at) else ""
        concerned = [a for a in awards if not a.condition.kinds or name in a.condition.kinds]
        if len(at) and concerned:
            row, order = _chosen(facets, concerned, at, days, stretch)
            rows.append(row)
            orders.append(order)
    row, order = np.concatenate(rows), np.concatenate(orders)
    place = np.lexsort((order, row))
    row, order = row[place], order[place]
    return _with_values(facets, rules, row, order, days, stretch)


def _chosen(
    facets: Facets, awards: Sequence[Award], at: Column, days: Column, stretch: Column
) -> tuple[Column, Column]:
    """Rows of one kind with the awards they earn: a pair of columns, row and award."""
    uses: list[Uses] = [{"outlet": None}, *(each for award in awards for each in award.decided_by)]
    looks = {name: probes for name, probes in together(uses).items() if name != "@day"}
    columns = {name: facets.codes(name, probes)[at] for name, probes in looks.items()}
    found = Combinations([*columns.values(), stretch[at]], len(at))
    samples = at[found.sample]
    codes = {name: column[found.sample] for name, column in columns.items()}
    kept = Sieve([award.condition for award in awards]).kept(
        codes, len(samples), lambda name, n: facets.value(name, int(samples[n]))
    )
    picks: list[list[int]] = []
    plain: dict[tuple[int, int, int], list[int]] = {}
    asking = [award.where is not None for award in awards]
    for mask, outlet, segment, sample in zip(
        kept, codes["outlet"].tolist(), stretch[samples].tolist(), samples.tolist(), strict=True
    ):
        chosen = plain.get((mask, outlet, segment))
        if chosen is None:
            those = list(numbers(mask))
            # Without formulas to ask, only the outlet and the day matter.
            alone = not any(asking[n] for n in those)
            env = facets.env(("outlet",) if alone else looks, sample)
            env["@day"] = date.fromordinal(int(days[sample]))
            chosen = [award.order for award in decide([awards[n] for n in those], env)]
            if alone:
                plain[mask, outlet, segment] = chosen
        picks.append(chosen)
    counts = np.array([len(each) for each in picks], dtype=np.int64)
    flat = np.array([order for each in picks for order in each], dtype=np.int64)
    starts = np.cumsum(counts) - counts
    many = counts[found.of_row]
    row = np.repeat(np.arange(len(at)), many)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    return at[row], flat[starts[found.of_row][row] + offset]


def decide(awards: Sequence[Award], env: Mapping[str, Any]) -> list[Award]:
    """Of awards whose conditions hold those a combination earns, one per stage: in force first, then naming its
    outlet most closely, then the one written first. A stage with none in force keeps its candidate, to explain itself.
    """
    day, outlet = env["@day"], str(env.get("outlet") or "")
    best: dict[str, tuple[tuple[bool, int], Award]] = {}
    for award in awards:
        if award.where is None or award.where.run(env):
            merit = (award.value_on(day) is not None, award.nearness.get(outlet, -1))
            if award.stage not in best or merit > best[award.stage][0]:
                best[award.stage] = merit, award
    return sorted((award for _, award in best.values()), key=lambda award: award.order)


def _with_values(
    facets: Facets, rules: Rules, row: Column, order: Column, days: Column, stretch: Column
) -> Lines:
    """The lines with what each award is worth: plain numbers by the stretch of days, formulas by what they read."""
    code = np.zeros(len(row), dtype=np.int64)
    told: list[Decision] = []
    for number in np.unique(order):
        award = rules.awards[int(number)]
        at = np.flatnonzero(order == number)
        columns = (
            [column[row[at]] for column in facets.columns_of(award.valued_by)] if award.valued_by else []
        )
        found = Combinations([*columns, stretch[row[at]]], len(at))
        names = sorted({name for each in award.valued_by for name in each} - {"@day"})
        code[at] = len(told) + found.of_row
        for sample in row[at[found.sample]]:
            env = facets.env(names, int(sample)) if names else {}
            told.append(valued(award, env | {"@day": date.fromordinal(int(days[sample]))}, rules))
    value = exact_array([each.value for each in told] or [0], len(row) + 1)[code]
    refused = np.array([bool(each.refusal) for each in told] or [False])[code]
    status = np.where(refused, CODE["uncredited"], CODE["live"]).astype(np.int64)
    lines = Lines(
        row, order, facets.account[row].astype(np.int64), value.copy(), value.copy(), value.copy(), status
    )
    at = np.flatnonzero(refused)
    if len(at):
        lines.notes.append(Note("said", None, at, [told[n].refusal for n in code[at]]))
    return lines


def valued(award: Award, env: Mapping[str, Any], rules: Rules) -> Decision:
    """What an award is worth here; one set case by case must lie within the rule's limits."""
    worth = award.value_on(env["@day"])
    if worth is None:
        return Decision(award.order, 0, wording.not_in_force(award))
    value = worth.amount
    if worth.formula is not None:
        value = worth.formula.run(env)
    elif worth.attribute is not None:
        value = env[worth.attribute]
        if isinstance(value, str):  # a number too long or too fine for a column is kept as it was written
            try:
                value = points.number(value)
            except InvalidInput as error:
                return Decision(award.order, 0, error.message)
    if value is None or isinstance(value, bool | date):
        return Decision(award.order, 0, "没有填写分值" if worth.attribute else "缺少计算分值所需的内容")
    return _within(award, Fraction(value), worth, rules)


def _within(award: Award, value: Fraction, worth: Worth, rules: Rules) -> Decision:
    if worth.attribute is not None and (
        (worth.lowest is not None and value < worth.lowest)
        or (worth.highest is not None and value > worth.highest)
    ):
        return Decision(award.order, 0, wording.out_of_range(value, worth, rules.printing))
    if worth.formula is not None:
        value = value if worth.lowest is None else max(value, worth.lowest)
        value = value if worth.highest is None else min(value, worth.highest)
    if abs(value) > points.MAX_POINTS:
        return Decision(award.order, 0, "分值超出系统允许的范围")
    return Decision(award.order, grains(value))


def holds(facets: Facets, uses: Sequence[Uses], test: Callable[[Mapping[str, Any]], bool]) -> Column:
    """A condition for every row, tested once per combination of what it reads."""
    wanted: list[Uses] = [{"fact": None}, *uses]
    dated = any("@day" in each for each in uses)
    found = facets.combinations(wanted, *([facets.rows.column("day").astype(np.int64)] if dated else []))
    names = sorted({name for each in wanted for name in each} - {"@day"})
    envs = ({**facets.env(names, int(row)), "@day": facets.value("on", int(row))} for row in found.sample)
    answers = np.array([bool(test(env)) for env in envs] or [False])
    return answers[found.of_row]


def satisfied(facets: Facets, condition: Any, where: Any) -> Column:
    """Which rows satisfy a condition and a formula (either may be missing)."""
    uses = [condition.uses] if condition else []
    uses += [where.uses] if where else []

    def test(env: Mapping[str, Any]) -> bool:
        return (condition is None or condition.holds(env["fact"], env)) and (
            where is None or bool(where.run(env))
        )

    return holds(facets, uses, test)
