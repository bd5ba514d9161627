"""Numbers about units and what they decide: tasks, measures, components, rankings, prizes, lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.packs.content.sections import Place
from core.scoring.rules.compiling.desk import POINTS, TASK_WORDS, TOTALS, Desk
from core.scoring.rules.rule_book import Award, Bar, Component, Listing, Measure, Prize, Quota, Ranking, Rules
from core.scoring.rules.schema import (
    ComponentRule,
    ListRule,
    MeasureRule,
    NamedRanking,
    PrizeRule,
    QuotaRule,
    RankingRule,
)
from core.scoring.rules.typed import Formula, Scope
from core.scoring.rules.vocabulary import Property
from core.scoring.values.periods import LENGTHS


def quota_of(desk: Desk, rule: QuotaRule, n: int) -> Quota:
    """A task: what is done, what is needed, what it brings."""
    base: Place = ("quotas", n)
    groups = [group.id for group in desk.units.groups]
    for m, group in enumerate(rule.groups):
        desk.known((*base, "groups", m), "参评分组", group, groups)
    with_task = Scope(
        desk.words,
        {**desk.unit_scope.terms, **{w.name: w for w in TASK_WORDS}},
        desk.tables,
        group_wide=True,
    )
    done = desk.unit_formula(rule.done, (*base, "done"), "number") or desk.unit_scope.read("0")
    months = rule.period if isinstance(rule.period, int) else LENGTHS[rule.period]
    if 12 % months:
        desk.refuse(
            (*base, "period"),
            "任务周期的月数应能整除十二个月",
            f"现为 {months}",
            "请改为 1、2、3、4、6 或 12",
        )
        months = 1
    return Quota(
        rule.id, rule.title, rule.basis, done, desk.limits(rule.need, (*base, "need"), desk.unit_scope), months,
        frozenset(rule.groups), desk.unit_formula(rule.where, (*base, "where"), "flag"),
        desk.formula(rule.points, (*base, "points"), with_task, "number"),
        desk.number(rule.min), desk.number(rule.max),
    )  # fmt: skip


def measure_of(
    desk: Desk, rule: MeasureRule, n: int, awards: Sequence[Award], quotas: Sequence[Quota]
) -> Measure:
    """A number counted from lines."""
    base: Place = ("measures", n)
    if sum(each is not None for each in (rule.count, rule.sum, rule.max)) != 1:
        desk.refuse(
            base,
            "统计项没有写明统计什么",
            "count、sum、max 应且只应写一个",
            "请写 count: items 或 sum: points",
        )
    extra = _line_words(desk, awards, quotas)
    written = rule.count or rule.sum or "points"
    attribute = None
    what: Any = "max" if rule.max else written if written in ("items", "facts", "points") else None
    if what is None:
        what = "different" if rule.count else "sum"
        attribute = (
            written if written in extra else desk.facet((*base, "count" if rule.count else "sum"), written)
        )
        known = extra.get(attribute) or desk.fact_scope.terms.get(attribute)
        if rule.sum and known and known.type not in {"amount", "integer"}:
            desk.refuse((*base, "sum"), f"“{rule.sum}”不是数值", "", "请改用数值属性")
    scope = Scope(desk.words, {**desk.fact_scope.terms, **extra}, desk.tables)
    return Measure(
        rule.id, rule.title, what, desk.condition(rule.where, (*base, "where"), extra), rule.over,
        attribute or None, desk.formula(rule.when, (*base, "when"), scope, "flag"),
    )  # fmt: skip


def _line_words(desk: Desk, awards: Sequence[Award], quotas: Sequence[Quota]) -> dict[str, Property]:
    """What measures may ask about a line besides its fact."""
    named = {award.id: award.title for award in awards} | {quota.id: quota.title for quota in quotas}
    stages = {award.stage: award.stage for award in awards} | {quota.id: quota.title for quota in quotas}
    statuses = ("live", "superseded", "capped", "shared", "uncredited", "task")
    return {
        "award": Property("award", "计分项", "choice", named),
        "stage": Property("stage", "阶段", "choice", stages),
        "status": Property("status", "状态", "choice", {each: each for each in statuses}),
        **{word.name: word for word in TASK_WORDS},
    }


def component_of(desk: Desk, rule: ComponentRule, n: int) -> Component:
    """A number worked out from measures and components."""
    base: Place = ("components", n)
    formula = desk.unit_formula(rule.formula, (*base, "formula"), "number", "flag") or desk.unit_scope.read(
        "0"
    )
    bounds = [
        desk.unit_formula(limit, (*base, name), "number") if isinstance(limit, str) else desk.number(limit)
        for name, limit in (("min", rule.min), ("max", rule.max))
    ]
    return Component(rule.id, rule.title, formula, rule.basis or "", bounds[0], bounds[1], rule.places)


def report_circles(desk: Desk, rules: Rules) -> None:
    """No component, and not the total, may depend on itdesk."""
    reads: dict[str, set[str]] = {}
    for each in rules.components.values():
        formulas = [f for f in (each.formula, each.lowest, each.highest) if isinstance(f, Formula)]
        reads[each.id] = {name for f in formulas for name in f.uses}
    if rules.total is not None:
        for name in (*TOTALS, "total"):
            reads[name] = set(rules.total.uses)
    for n, rule in enumerate(desk.rule_set.components):
        if _reaches(rule.id, rule.id, reads):
            desk.refuse(
                ("components", n, "formula"), f"“{rule.title}”的公式绕回到自己", "", "请去掉循环的引用"
            )
    if _reaches("total", "total", reads) or any(
        _reaches(name, name, reads) for name in TOTALS if name in reads
    ):
        desk.refuse(("total",), "总分的公式绕回到自己", "公式用到了由总分算出的数", "请改用 entries 或统计项")


def _sort_keys(desk: Desk, names: Sequence[str], path: Place, extra: Sequence[str] = ()) -> tuple[str, ...]:
    keys = [
        *TOTALS,
        *(m.id for m in desk.rule_set.measures),
        *(c.id for c in desk.rule_set.components),
        *extra,
    ]
    for n, key in enumerate(names):
        desk.known((*path, n), "排名依据", key.removeprefix("-") if key not in keys else key, keys)
    return tuple(names)


def ranking_of(desk: Desk, rule: RankingRule, base: Place) -> Ranking:
    """A ranking by totals, measures and components."""
    by, order = (_sort_keys(desk, getattr(rule, name), (*base, name)) for name in ("by", "order"))
    title = rule.title if isinstance(rule, NamedRanking) else "名次"
    among = desk.unit_formula(rule.among, (*base, "among"), "flag")
    return Ranking(by, order, rule.ties, rule.within, among, title)


def prize_of(desk: Desk, rule: PrizeRule, n: int) -> Prize:
    """A prize: who may have it, who is barred, how many there are."""
    base: Place = ("prizes", n)
    groups = [group.id for group in desk.units.groups]
    for m, group in enumerate((*rule.groups, *(rule.take if isinstance(rule.take, Mapping) else ()))):
        desk.known((*base, "groups", m), "参评分组", group, groups)
    for m, other in enumerate(rule.after):
        desk.known((*base, "after", m), "奖项", other, [prize.id for prize in desk.rule_set.prizes])
    of_items = Scope(desk.words, {**desk.fact_scope.terms, POINTS.name: POINTS}, desk.tables)
    scope = of_items if rule.what == "items" else desk.unit_scope
    if rule.each == "all" and isinstance(rule.take, Mapping):
        desk.refuse((*base, "take"), "各组合并评选时名额只写一个数", "", "请写如 take: 10，或删去 each")
    bars = [
        Bar(bar.title, found, bar.basis or "")
        for m, bar in enumerate(rule.unless)
        if (found := desk.formula(bar.where, (*base, "unless", m, "where"), scope, "flag"))
    ]
    by = rule.by if rule.what == "items" else _sort_keys(desk, rule.by, (*base, "by"))
    take = None if rule.take == "all" else rule.take
    return Prize(
        rule.id, rule.title, rule.basis, rule.what, rule.groups, rule.period, take, desk.number(rule.share), by,
        rule.ties, desk.formula(rule.where, (*base, "where"), scope, "flag"), tuple(bars), rule.after, rule.each,
    )  # fmt: skip


def listing_of(desk: Desk, rule: ListRule, n: int) -> Listing:
    """A list of units under a condition."""
    base: Place = ("lists", n)
    where = desk.unit_formula(rule.where, (*base, "where"), "flag") or desk.unit_scope.read("false")
    return Listing(
        rule.id, rule.title, where, rule.groups, _sort_keys(desk, rule.by, (*base, "by")), rule.take,
        rule.each, rule.ties, rule.basis or "",
    )  # fmt: skip


def _reaches(start: str, goal: str, reads: Mapping[str, set[str]]) -> bool:
    """Whether following what formulas read leads from one name to another."""
    seen: set[str] = set()
    waiting = list(reads.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting += reads.get(name, ())
    return False
