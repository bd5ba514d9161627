"""Awards, what they are worth, how units share it, and the counters they read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from core.packs.content.sections import Place
from core.scoring.rules.compiling.desk import POINTS, Desk
from core.scoring.rules.conditions import listed
from core.scoring.rules.rule_book import Award, Counter, Policy, Share, Worth
from core.scoring.rules.schema import AwardRule, CapRule, Chosen, CounterRule, PointsRule, ShareRule
from core.scoring.rules.turns import in_turns
from core.scoring.rules.typed import Scope
from core.scoring.values.points import parse_value


def award_of(desk: Desk, rule: AwardRule, n: int) -> Award:
    """An award with its condition, dated values and how it is shared."""
    base: Place = ("awards", n)
    if "fact" not in rule.when:
        desk.refuse(
            (*base, "when"), "条件没有写明事项种类", "", f"请写明 fact：{'、'.join(desk.words.kinds)}"
        )
    if rule.until and rule.until < min(rule.points):
        desk.refuse((*base, "until"), "停用日期早于起用日期", "", "请核对 until 与 points 中的日期")
    values = [
        (day, _worth(desk, worth, (*base, "points", str(day)))) for day, worth in sorted(rule.points.items())
    ]
    return Award(
        rule.id, rule.title, rule.basis, desk.condition(rule.when, (*base, "when")), tuple(values),
        rule.stage or _stage_of(rule), desk.condition_formula(rule.where, (*base, "where")), rule.until,
        share_of(desk, rule.share, (*base, "share")) if rule.share else None,
        desk.facets(rule.once_per, *base, "once_per"), _nearness(desk, rule), n, mark=rule.mark or "",
    )  # fmt: skip


def _stage_of(rule: AwardRule) -> str:
    """Without a stage of its own an award belongs to that of its (first) kind of fact."""
    kinds = listed(rule.when.get("fact", ""))
    return str(kinds[0]) if kinds else ""


def _nearness(desk: Desk, rule: AwardRule) -> dict[str, int]:
    """For every outlet the award covers: how deep in the tree the name it uses lies."""
    found: dict[str, int] = {}
    written = rule.when.get("outlet", [])
    for outlet in listed([] if isinstance(written, Mapping) else written):
        try:
            named = str(desk.words.value(desk.words.attribute("outlet"), outlet))
        except InvalidInput:
            continue  # already reported with the condition
        depth = desk.words.outlets.nodes[named].depth
        found.update(
            {inside: max(depth, found.get(inside, 0)) for inside in desk.words.outlets.within(named)}
        )
    return found


def _worth(desk: Desk, rule: PointsRule, path: Place) -> Worth:
    if sum(each is not None for each in (rule.amount, rule.attribute, rule.formula)) != 1:
        desk.refuse(
            path, "分值没有写明", "应为一个数、一个公式，或 {from: 属性}",
            "请写成 10、\"2 * 字数\" 或 {from: points, min: -5, max: 5}",
        )  # fmt: skip
    if rule.amount is not None and (rule.min is not None or rule.max is not None):
        desk.refuse(path, "min、max 只用于公式或由事项给出的分值", "", "请删去")
    attribute = None
    if rule.attribute is not None:
        attribute = desk.facet((*path, "from"), rule.attribute)
        if attribute and desk.fact_scope.terms[attribute].type not in {"amount", "integer"}:
            desk.refuse(
                (*path, "from"),
                f"属性“{desk.fact_scope.terms[attribute].title}”不是数值",
                "",
                "请改用数值属性",
            )
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        desk.refuse(path, "下限大于上限", "", "请核对 min 与 max")
    for value in (rule.amount, rule.min, rule.max):
        try:
            parse_value(value or 0)
        except InvalidInput as error:
            desk.report(path, error)
    formula = desk.formula(rule.formula, path, desk.fact_scope, "number")
    return Worth(
        Fraction(rule.amount or 0),
        formula,
        attribute or None,
        desk.number(rule.min),
        desk.number(rule.max),
    )


def share_of(desk: Desk, rule: ShareRule, path: Place) -> Share:
    """How a value is divided among the units of a fact."""
    scope = Scope(desk.words, {**desk.fact_scope.terms, POINTS.name: POINTS}, desk.tables)
    formula = desk.formula(rule.formula, (*path, "formula"), scope, "number")
    others: tuple[Policy, ...] = ("weights", "roles", "main", "formula")
    policy: Policy = rule.policy or [name for name in others if getattr(rule, name) is not None][0]
    weights, by_ways = rule.weights, {}
    if isinstance(weights, Mapping):
        for ways, listed_weights in weights.items():
            if not ways.isdigit() or len(listed_weights) > int(ways):
                desk.refuse(
                    (*path, "weights", ways), "权重的键应为家数", "", "请写成如 {2: [3, 2], 3: [5, 3, 2]}"
                )
            else:
                by_ways[int(ways)] = tuple(Fraction(each) for each in listed_weights)
        weights = None
    numbers: list[Decimal] = [
        *(weights or ()),
        *(rule.roles or {}).values(),
        *(Decimal(-1) for ws in by_ways.values() if any(w < 0 for w in ws)),
    ]
    if any(each < 0 for each in numbers) or (rule.main is not None and not 0 <= rule.main <= 1):
        desk.refuse(path, "分摊的权重不能为负，main 应在 0 与 1 之间", "", "请核对")
    return Share(
        policy, tuple(Fraction(w) for w in weights or ()), by_ways,
        {role: Fraction(weight) for role, weight in (rule.roles or {}).items()},
        Fraction(rule.main if rule.main is not None else 1), formula, rule.places,
    )  # fmt: skip


def counter_of(desk: Desk, rule: CounterRule, n: int, awards: Sequence[Award]) -> Counter:
    """A counter with what it counts and in which scope."""
    base: Place = ("counters", n)
    if sum(each is not None for each in (rule.count, rule.sum, rule.max)) != 1:
        desk.refuse(
            base, "没有写明数什么", "count、sum、max 应且只应写一个", "请写 count: facts 或 sum: 数值属性"
        )
    chosen = chosen_awards(desk, rule, base, awards) if rule.awards or rule.stages else None
    if (rule.count == "points" or rule.max) and chosen is None:
        desk.refuse(base, "合计分值须写明哪些计分项", "", "请写 awards 或 stages")
    attribute = desk.facet((*base, "sum"), rule.sum) if rule.sum else None
    if attribute and desk.fact_scope.terms[attribute].type not in {"amount", "integer"}:
        desk.refuse((*base, "sum"), f"“{rule.sum}”不是数值", "", "请改用数值属性")
    return Counter(
        rule.id, rule.title, "max" if rule.max else rule.count or "sum", desk.condition(rule.of, (*base, "of")),
        desk.condition_formula(rule.where, (*base, "where")), attribute or None, chosen,
        desk.facets(rule.per, *base, "per"), rule.period, rule.running,
    )  # fmt: skip


def in_order(
    desk: Desk, awards: list[Award], counters: tuple[Counter, ...]
) -> tuple[list[Award], tuple[Counter, ...]]:
    """Awards and counters in the order in which they can be worked out."""
    found = in_turns(awards, counters)
    if found is None:
        desk.refuse(
            ("counters",),
            "计数与计分项互相依赖",
            "甲要先算出乙，乙又要先算出甲",
            "请改写其中一项，去掉循环",
        )
        return awards, counters
    return found[0], tuple(found[1])


def report_unreachable(desk: Desk, awards: Sequence[Award]) -> None:
    """An award is never used when an earlier one with the same condition is in force all its time."""
    first_of: dict[Any, list[Award]] = {}
    for award in awards:
        key = (award.stage, award.condition, award.where.text if award.where else "")
        first = next((each for each in first_of.get(key, ()) if shadows(each, award)), None)
        if first is not None:
            desk.refuse(
                ("awards", award.order, "when"),
                f"计分项“{award.title}”永远用不到",
                f"同一阶段的“{first.title}”条件完全相同，列在前面",
                "请合并两项，或给后一项另写 stage",
            )
        first_of.setdefault(key, []).append(award)


def chosen_awards(
    desk: Desk, rule: Chosen | CounterRule, base: Place, awards: Sequence[Award]
) -> frozenset[str]:
    """The awards a block speaks about."""
    quotas = [quota.id for quota in desk.rule_set.quotas] if isinstance(rule, CapRule) else []
    names = [*(award.id for award in awards), *quotas]
    stages = dict.fromkeys(award.stage for award in awards)
    for n, name in enumerate(rule.awards):
        desk.known((*base, "awards", n), "计分项", name, names)
    for n, name in enumerate(rule.stages):
        desk.known((*base, "stages", n), "阶段", name, stages)
    everything = not rule.awards and not rule.stages
    named = [a.id for a in awards if everything or a.id in rule.awards or a.stage in rule.stages]
    return frozenset([*named, *(name for name in rule.awards if name in quotas)])


def shadows(first: Award, later: Award) -> bool:
    """Whether the first award takes every fact of the later one."""
    lasts = first.until is None or (later.until is not None and later.until <= first.until)
    return lasts and first.values[0][0] <= later.values[0][0]
