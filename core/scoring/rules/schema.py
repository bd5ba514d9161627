"""scoring.yaml as it is written: what earns points, and how points become totals, places and prizes.

A few general blocks, read in the order of the paper rules: declared words (attributes, tables, counters), awards,
what one item keeps, shares, credit, caps, tasks, numbers (measures, components), ranking, prizes and lists.
`RuleSet` is shared: personal scores, and payments of a plugin, are further rule sets over the same facts.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.packs.content.fields import Amount, Dated, Day, Id, Many, PackModel, Title, refusal
from core.packs.content.sections import Named, PeriodKind

Conditions = dict[str, Any]
# A number in quotes or in words is a slip, not a formula.
NO_FORMULA = re.compile(r"[-+]?[0-9.]*\s*分?|[零〇一二两三四五六七八九十百半]+分?")
Formula = Annotated[str, Field(min_length=1, max_length=1000)]
Count = Annotated[int, Field(ge=1, le=1000)]


class AttributeRule(Named):
    """A property of facts these rules look at; a choice lists its options, from low to high where they have a rank."""

    type: Literal["choice", "text", "integer", "amount", "flag", "date"] = "choice"
    options: Many[Named] = ()
    of: Many[Id] = ()


class Rename(PackModel):
    """Values of an attribute used by earlier rules, and what they are called now."""

    attribute: Id
    values: dict[str, str]
    basis: Title


class Table(PackModel):
    """A grid of amounts looked up by one to three names, or by bands (`steps`) of a number.

    With `steps` the last key is a number and a row holds from its value up to the next row's.
    """

    id: Id
    title: Title
    keys: Annotated[Many[Id], Field(min_length=1, max_length=3)]
    rows: Annotated[Many[Many[Any]], Field(min_length=1)] = ()
    dated: Annotated[dict[Day, Many[Many[Any]]] | None, Field(alias="from")] = None
    steps: bool = False
    default: Amount | None = None
    basis: Title | None = None


class Chosen(PackModel):
    """A block that speaks about some awards: named one by one, by stage, or (when neither is given) all."""

    basis: Title
    awards: Many[Id] = ()
    stages: Many[Id] = ()


class CounterRule(PackModel):
    """A number carried by every fact: how many (or how much) of something there is in a scope.

    Counts facts that satisfy `of` and `where`, or (with `awards`/`stages`) lines of those awards worth something.
    `per` are the attributes that bound the scope (`unit`, `item` or any other); `period` bounds it in time.
    A running counter counts up to and including the fact itself, in the order of day and registration.
    """

    id: Id
    title: Title
    count: Literal["facts", "items", "points"] | None = None
    sum: Id | None = None
    max: Literal["points"] | None = None
    of: Conditions = {}
    where: Formula | None = None
    awards: Many[Id] = ()
    stages: Many[Id] = ()
    per: Many[Id] = ("unit", "item")
    period: PeriodKind | None = None
    running: bool = True


class PointsRule(PackModel):
    """A value: a number, a formula, or `{from: attribute, min: …, max: …}` for one set by the office case by case."""

    amount: Amount | None = None
    formula: Formula | None = None
    attribute: Annotated[Id | None, Field(alias="from")] = None
    min: Amount | None = None
    max: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def number(cls, data: Any) -> Any:
        """Allow a plain number, and a formula as plain text."""
        if isinstance(data, str):
            if NO_FORMULA.fullmatch(data.strip()):
                raise refusal("应为数值", f"现为“{data}”", "请写成数字，如 5 或 0.5，不加引号和单位")
            return {"formula": data}
        return data if isinstance(data, dict) else {"amount": data}


class ShareRule(PackModel):
    """How the units (or authors) of a joint item divide its points.

    `equal`, `each` the full value, `first` only; or one of the other keys: `weights` by order (a list, or one list
    for each number of sharers), `roles` by role, `main` the first one's fraction with the rest equal among the
    others, `recorded` the weights written with the item, `formula` over points, ways, position, role.
    """

    policy: Literal["equal", "each", "first", "recorded"] | None = None
    weights: Many[Amount] | dict[str, Many[Amount]] | None = None
    roles: dict[str, Amount] | None = None
    main: Amount | None = None
    formula: Formula | None = None
    places: Annotated[int, Field(ge=0, le=3)] | None = None

    @model_validator(mode="before")
    @classmethod
    def word(cls, data: Any) -> Any:
        """Allow `equal` for `{policy: equal}`."""
        return {"policy": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def one_way(self) -> "ShareRule":
        """Exactly one way of dividing."""
        ways = [self.policy, self.weights, self.roles, self.main, self.formula]
        if sum(way is not None for way in ways) != 1:
            raise refusal(
                "分摊办法没有写明",
                "应且只应写一种",
                "请写 equal、each、first、recorded 之一，或 {weights: …}、{roles: …}、{main: …}、{formula: …}",
            )
        return self


class AwardRule(PackModel):
    """One line of the paper rules: when it applies, what it is worth from which day, and its article.

    Of the awards of one `stage` a fact earns the one that names its outlet most closely, else the first written.
    """

    id: Id
    title: Title
    when: Conditions
    where: Formula | None = None
    points: Dated[PointsRule]
    basis: Title
    until: Day | None = None
    stage: Id | None = None
    share: ShareRule | None = None
    once_per: Many[Id] = ()
    mark: Title | None = None


class ResolutionRule(Chosen):
    """What a unit keeps of several lines of these awards inside a scope (by default one item, one year).

    `sum` all, `max`/`min` the highest or lowest, `first`/`last` in time, `{best: 3}` the three highest.
    """

    id: Id
    title: Title
    keep: Literal["sum", "max", "min", "first", "last"] | dict[Literal["best", "first", "last"], Count]
    per: Many[Id] = ("item",)
    period: PeriodKind = "year"
    where: Formula | None = None


class CreditRule(Chosen):
    """Whose account is credited: `unit`, its `host` or `parent`, `nobody`, or several with a factor each."""

    groups: Many[Id] = ()
    where: Formula | None = None
    to: Literal["unit", "host", "parent", "nobody"] | dict[Literal["unit", "host", "parent"], Amount]

    @model_validator(mode="after")
    def somebody(self) -> "CreditRule":
        """Some units must be meant."""
        if not self.groups and not self.where:
            raise refusal("没有写明哪些单位", "", "请写 groups（参评分组）或 where（条件）")
        return self


class CapRule(Chosen):
    """The most points (`max`), fewest (`min`, for deductions) or most items (`items`) a unit gets in a period.

    A limit is a number or a formula over the unit's facets (group, class, attributes).
    `clip` cuts the line that goes over, `overshoot` lets it count whole, `drop` drops it whole.
    `best: true` keeps the highest values instead of the earliest ones. `per` narrows the scope, as in [outlet].
    """

    id: Id
    title: Title
    period: PeriodKind
    max: Dated[Amount | Formula] | None = None
    min: Dated[Amount | Formula] | None = None
    items: Dated[Amount | Formula] | None = None
    overflow: Literal["clip", "overshoot", "drop"] = "clip"
    best: bool = False
    per: Many[Id] = ()
    where: Formula | None = None

    @model_validator(mode="after")
    def one_limit(self) -> "CapRule":
        """Exactly one kind of limit."""
        if sum(limit is not None for limit in (self.max, self.min, self.items)) != 1:
            raise refusal(
                "封顶没有写明限什么", "max、min、items 应且只应写一个", "请写如 max: {2024-01-01: 20}"
            )
        return self


class BookingRule(PackModel):
    """On which day a fact counts: the day it happened (`on`), was entered (`recorded`), or a date it carries.

    `days` are the days of grace after the period in which it happened; a fact entered later moves to the period
    in which it was entered (`next`) or does not count (`never`).
    """

    title: Title
    basis: Title
    when: Conditions = {}
    where: Formula | None = None
    day: Id = "on"
    period: PeriodKind = "month"
    days: Annotated[int, Field(ge=0, le=400)] | None = None
    late: Literal["next", "never"] = "next"


class Sharing(PackModel):
    """How units of a joint item divide its points, unless an award says otherwise."""

    policy: ShareRule = ShareRule(policy="equal")
    basis: Title | None = None


class QuotaRule(PackModel):
    """A task (任务数): a measure over a period, what is needed of whom, and what meeting or missing it is worth.

    `need` is a number or a formula over the unit's facets. `points` is a formula over done, need, missing, extra,
    met, rate, the measures and the unit's facets; without it the task only shows in tables.
    """

    id: Id
    title: Title
    basis: Title
    done: Formula
    need: Dated[Amount | Formula]
    period: PeriodKind | Annotated[int, Field(ge=1, le=12)] = "month"
    groups: Many[Id] = ()
    where: Formula | None = None
    points: Formula | None = None
    min: Amount | None = None
    max: Amount | None = None


class MeasureRule(PackModel):
    """A number for tables, formulas and tie-breaks, counted from ledger lines under conditions.

    `count` items or facts or different values of an attribute; `sum` points or a numeric attribute; `max` points.
    """

    id: Id
    title: Title
    count: Id | None = None
    sum: Id | None = None
    max: Literal["points"] | None = None
    where: Conditions = {}
    when: Formula | None = None
    over: Literal["period", "year", "before", "month", "previous"] = "period"


class ComponentRule(PackModel):
    """A number worked out for a unit from measures, other components and the unit's facets, maybe within limits."""

    id: Id
    title: Title
    formula: Formula
    basis: Title | None = None
    min: Amount | Formula | None = None
    max: Amount | Formula | None = None
    places: Annotated[int, Field(ge=0, le=3)] | None = None


class RankingRule(PackModel):
    """Places inside each group: keys that give the place, keys that only order equal places, tie style.

    A key with a minus sign in front ranks from small to large. `among` says which units take part.
    """

    by: Annotated[Many[Id], Field(min_length=1)] = ("cumulative",)
    order: Many[Id] = ()
    ties: Literal["competition", "dense", "ordinal"] = "competition"
    within: Literal["group", "class", "all"] = "group"
    among: Formula | None = None


class NamedRanking(Named, RankingRule):
    """A further ranking whose places stand in tables beside the official one."""


class Barred(PackModel):
    """A condition that bars a prize (一票否决), and how people call it."""

    title: Title
    where: Formula
    basis: Title | None = None


class PrizeRule(PackModel):
    """A prize proposed to the office: who is considered, how many, in what order, and what bars it.

    So many of every group, or (`each: all`) of all together.
    """

    id: Id
    title: Title
    basis: Title
    what: Annotated[Literal["units", "items", "persons"], Field(alias="for")] = "units"
    groups: Many[Id] = ()
    period: PeriodKind = "year"
    take: Count | dict[str, Count] | Literal["all"] = "all"
    share: Amount | None = None
    each: Literal["group", "all"] = "group"
    by: Many[Id] = ("cumulative",)
    ties: Literal["include", "exclude"] = "include"
    where: Formula | None = None
    unless: Many[Barred] = ()
    after: Many[Id] = ()


class ListRule(PackModel):
    """A list of units by a condition: zero reporters, below the task, praised, criticised.

    `take` so many, of all or (`each: group`) of every group; those tied at the end are cut, included or excluded.
    """

    id: Id
    title: Title
    where: Formula
    groups: Many[Id] = ()
    by: Many[Id] = ()
    take: Count | None = None
    each: Literal["group", "all"] = "all"
    ties: Literal["include", "exclude", "cut"] = "cut"
    basis: Title | None = None


class PrintingRule(PackModel):
    """How points are printed; the ledger itself stays exact."""

    style: Literal["decimal", "fraction"] = "decimal"
    places: Annotated[int, Field(ge=0, le=3)] = 2
    zeros: Literal["drop", "keep"] = "drop"
    unit: Title = "分"


class RuleSet(PackModel):
    """Awards and everything that turns them into totals and places: the part all rule sets share."""

    tables: Many[Table] = ()
    counters: Many[CounterRule] = ()
    awards: Many[AwardRule] = ()
    sharing: Sharing = Sharing()
    resolution: Many[ResolutionRule] = ()
    credit: Many[CreditRule] = ()
    caps: Many[CapRule] = ()
    quotas: Many[QuotaRule] = ()
    measures: Many[MeasureRule] = ()
    components: Many[ComponentRule] = ()
    total: Formula | None = None
    ranking: RankingRule = RankingRule()
    rankings: Many[NamedRanking] = ()
    prizes: Many[PrizeRule] = ()
    lists: Many[ListRule] = ()
    printing: PrintingRule = PrintingRule()
    order: Many[Literal["resolution", "sharing", "credit", "caps"]] = (
        "resolution",
        "sharing",
        "credit",
        "caps",
    )


class PersonRules(RuleSet):
    """Personal scores: by default the awards of scoring.yaml, credited to authors instead of units."""

    stages: Many[Id] = ()
    basis: Title | None = None


class Scoring(RuleSet):
    """scoring.yaml as a whole. `kinds` are further kinds of fact that these rules count (事项种类)."""

    kinds: Many[Named] = ()
    attributes: Many[AttributeRule] = ()
    renames: Many[Rename] = ()
    booking: Many[BookingRule] = ()
    after_close: Literal["back", "forward"] = "back"
    persons: PersonRules | None = None


SAMPLE = """\
awards:
  - id: bulletin
    title: 《每日信息》采用
    when: {fact: adopted, outlet: bulletin}
    points: {2024-01-01: 5}
    basis: 办法第三条
ranking: {by: [cumulative], ties: competition}
printing: {places: 1}
"""
