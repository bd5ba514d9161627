"""Which awards each row earns and what they are worth: decided once per different combination of what rules read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from core.errors import InvalidInput
from core.scoring import points, wording
from core.scoring.facets import Column, Combinations, Facets
from core.scoring.fact import Grains
from core.scoring.lines import CODE, Lines, Note, exact_array, grains
from core.scoring.rules import Award, Rules, Worth
from core.scoring.typed import Uses


@dataclass(frozen=True)
class Decision:
    """One award a combination earns: its value in grains, or why it earns nothing."""

    award: int
    value: Grains = 0
    refusal: str = ""


def segments(rules: Rules, days: Column) -> Column:
    """Stretches of days in which the same values are in force."""
    starts = {start for award in rules.awards for start, _ in award.values}
    ends = {date.fromordinal(award.until.toordinal() + 1) for award in rules.awards if award.until}
    starts |= {start for table in rules.tables.values() for start, _ in table.versions}
    edges = np.array(sorted(day.toordinal() for day in starts | ends), dtype=np.int64)
    return np.searchsorted(edges, days, "right")


def decided(facets: Facets, rules: Rules, turn: int, valid: Column) -> Lines:
    """The lines of the awards of one turn, for rows that are valid."""
    awards = [award for award in rules.awards if award.turn == turn]
    uses: list[Uses] = [{"fact": None, "outlet": None}, *(each for award in awards for each in award.uses)]
    days = facets.rows.column("day").astype(np.int64)
    found = facets.combinations(uses, segments(rules, days), valid.astype(np.int64))
    names = sorted({name for each in uses for name in each} - {"@day"})
    by_kind: dict[str, list[Award]] = {}
    decisions = []
    for sample in found.sample:
        if not valid[sample]:
            decisions.append([])
            continue
        env = facets.env(names, int(sample))
        env["@day"] = date.fromordinal(int(days[sample]))
        kind = env["fact"]
        if kind not in by_kind:
            by_kind[kind] = [a for a in awards if not a.condition.kinds or kind in a.condition.kinds]
        decisions.append(decide(by_kind[kind], env, rules))
    return laid_out(facets, found, decisions)


def decide(awards: Sequence[Award], env: Mapping[str, Any], rules: Rules) -> list[Decision]:
    """The awards a combination earns, one per stage: in force first, then naming its outlet most closely, then
    the one written first. A stage with none in force keeps its candidate, to explain itself."""
    day, outlet = env["@day"], str(env.get("outlet") or "")
    best: dict[str, tuple[tuple[bool, int], Award]] = {}
    for award in awards:
        if award.condition.holds(env["fact"], env) and (award.where is None or award.where.run(env)):
            merit = (award.value_on(day) is not None, award.nearness.get(outlet, -1))
            if award.stage not in best or merit > best[award.stage][0]:
                best[award.stage] = merit, award
    chosen = sorted((award for _, award in best.values()), key=lambda award: award.order)
    return [valued(award, env, rules) for award in chosen]


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


def laid_out(facets: Facets, found: Combinations, decisions: Sequence[Sequence[Decision]]) -> Lines:
    """Every row with the decisions of its combination, one line each."""
    counts = np.array([len(each) for each in decisions] or [0], dtype=np.int64)
    flat = [decision for each in decisions for decision in each]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    of_row = found.of_row if len(found) else np.zeros(0, dtype=np.int64)
    many = counts[of_row] if len(of_row) else np.zeros(0, dtype=np.int64)
    row = np.repeat(np.arange(len(of_row)), many)
    first = np.repeat(np.cumsum(many) - many, many)
    decision = (starts[of_row][row] if len(of_row) else row) + (np.arange(len(row)) - first)
    award = np.array([each.award for each in flat] or [0], dtype=np.int64)[decision]
    value = exact_array([each.value for each in flat] or [0], len(row) + 1)[decision]
    refused = np.array([bool(each.refusal) for each in flat] or [False])[decision]
    status = np.where(refused, CODE["uncredited"], CODE["live"]).astype(np.int64)
    lines = Lines(
        row, award, facets.account[row].astype(np.int64), value.copy(), value.copy(), value.copy(), status
    )
    at = np.flatnonzero(refused)
    if len(at):
        lines.notes.append(Note("said", None, at, [flat[n].refusal for n in decision[at]]))
    return lines


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
