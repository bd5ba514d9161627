"""Blocks over lines: what one item keeps, whose account is credited, caps, the day of credit, their order."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from core.packs.content.sections import Place
from core.scoring.rules.compiling.awards import chosen_awards
from core.scoring.rules.compiling.desk import Desk
from core.scoring.rules.rule_book import Award, Booking, Cap, Credit, Resolution
from core.scoring.rules.schema import BookingRule, CapRule, CreditRule, ResolutionRule
from core.scoring.rules.typed import Scope


def resolutions_of(desk: Desk, awards: Sequence[Award]) -> Iterable[Resolution]:
    """What a unit keeps of several lines of one item."""
    for n, rule in enumerate(desk.rule_set.resolution):
        yield _resolution(desk, rule, ("resolution", n), awards)


def _resolution(desk: Desk, rule: ResolutionRule, base: Place, awards: Sequence[Award]) -> Resolution:
    keep, count = rule.keep, 1
    if isinstance(keep, Mapping):
        if len(keep) != 1:
            desk.refuse((*base, "keep"), "keep 只能写一种", "", "请写成如 {best: 3}")
        (name, count), *_ = keep.items()
        keep = "max" if name == "best" else name
    return Resolution(
        rule.id, rule.title, rule.basis, keep, chosen_awards(desk, rule, base, awards), count,
        desk.facets(rule.per, *base, "per"), rule.period, desk.condition_formula(rule.where, (*base, "where")),
    )  # fmt: skip


def credits_of(desk: Desk, awards: Sequence[Award]) -> Iterable[Credit]:
    """Whose account is credited."""
    groups = [group.id for group in desk.units.groups]
    for n, rule in enumerate(desk.rule_set.credit):
        for m, group in enumerate(rule.groups):
            desk.known(("credit", n, "groups", m), "参评分组", group, groups)
        yield _credit(desk, rule, ("credit", n), awards)


def _credit(desk: Desk, rule: CreditRule, base: Place, awards: Sequence[Award]) -> Credit:
    to = rule.to
    if isinstance(to, Mapping):
        targets = tuple((name, Fraction(factor)) for name, factor in to.items())
    else:
        targets = () if to == "nobody" else ((to, Fraction(1)),)
    return Credit(
        chosen_awards(desk, rule, base, awards), targets, rule.basis, frozenset(rule.groups),
        desk.condition_formula(rule.where, (*base, "where")),
    )  # fmt: skip


def cap_of(desk: Desk, rule: CapRule, n: int, awards: Sequence[Award]) -> Cap:
    """A limit on what lines leave a unit in a period."""
    base: Place = ("caps", n)
    what: Literal["max", "min", "items"] = (
        "max" if rule.max is not None else "min" if rule.min is not None else "items"
    )
    written = getattr(rule, what) or {}
    for day, limit in written.items():
        if not isinstance(limit, str) and (limit > 0 if what == "min" else limit < 0):
            wanted = "扣分的下限应为负数或 0" if what == "min" else "封顶分值不能为负"
            desk.refuse((*base, what, str(day)), wanted, "", "请核对正负号")
    tasks = [quota.id for quota in desk.rule_set.quotas if quota.id in rule.awards]
    if tasks and (what == "items" or rule.per or rule.where):
        desk.refuse(
            base,
            "涉及任务的封顶只能限分值",
            "任务没有信息条目和属性",
            "请用 max 或 min，删去 items、per、where",
        )
    of_unit = Scope(desk.words, {p.name: p for p in desk.unit_properties()}, desk.tables)
    return Cap(
        rule.id, rule.title, rule.basis, chosen_awards(desk, rule, base, awards), rule.period,
        desk.limits(written, (*base, what), of_unit), what, rule.overflow, rule.best,
        desk.facets(rule.per, *base, "per"), desk.condition_formula(rule.where, (*base, "where")),
    )  # fmt: skip


def pipeline_of(desk: Desk) -> tuple[Any, ...]:
    """The order of the four steps, each once."""
    order = desk.rule_set.order
    if sorted(order) != sorted(("resolution", "sharing", "credit", "caps")):
        desk.refuse(("order",), "计算次序应列齐四步", "", "请把 resolution、sharing、credit、caps 各写一次")
        return ("resolution", "sharing", "credit", "caps")
    return tuple(order)


def booking_of(desk: Desk, rule: BookingRule, n: int) -> Booking:
    """On which day a fact counts."""
    # Reported once, with scoring.yaml's own rules.
    base: Place = ("booking", n)
    day = rule.day
    if day not in ("on", "recorded"):
        day = desk.facet((*base, "day"), rule.day)
        if day and desk.fact_scope.terms[day].type != "date":
            desk.refuse((*base, "day"), f"“{rule.day}”不是日期", "", "请改用 on、recorded 或日期属性")
    return Booking(
        rule.title, rule.basis, desk.condition(rule.when, (*base, "when")),
        desk.condition_formula(rule.where, (*base, "where")), day or "on", rule.period, rule.days, rule.late,
    )  # fmt: skip
