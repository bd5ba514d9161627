"""scoring.yaml as it is written: what earns points, and how points become a ranking."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.packs.fields import Amount, Dated, Day, Id, Many, PackModel, Title
from core.packs.sections import Named, PeriodKind

Conditions = dict[str, Any]
Policy = Literal["equal", "each", "first"]


class AttributeRule(Named):
    """A property of facts these rules look at; a choice lists its options."""

    type: Literal["choice", "text", "integer", "amount", "flag"] = "choice"
    options: Many[Named] = ()
    of: Many[Id] = ()


class PointsRule(PackModel):
    """A value: a number, or `{from: attribute, min: …, max: …}` for one set by the office case by case."""

    amount: Amount | None = None
    attribute: Annotated[Id | None, Field(alias="from")] = None
    min: Amount | None = None
    max: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def number(cls, data: Any) -> Any:
        """Allow a plain number."""
        return data if isinstance(data, dict) else {"amount": data}


class AwardRule(PackModel):
    """One line of the paper rules: when it applies, what it is worth from which day, and its article."""

    id: Id
    title: Title
    when: Conditions
    points: Dated[PointsRule]
    basis: Title
    until: Day | None = None
    stage: Id | None = None
    share: Policy | None = None
    once_per: Many[Id] = ()


class Chosen(PackModel):
    """A block that speaks about some awards: named one by one, by stage, or (when neither is given) all."""

    basis: Title
    awards: Many[Id] = ()
    stages: Many[Id] = ()


class ResolutionRule(Chosen):
    """What one item keeps when several of these awards fall to it."""

    id: Id
    title: Title
    keep: Literal["sum", "max"]


class CreditRule(Chosen):
    """Whose account is credited for units of some groups."""

    groups: Annotated[Many[Id], Field(min_length=1)]
    to: Literal["unit", "host", "nobody"]


class CapRule(Chosen):
    """The most a unit can get from these awards in a period."""

    id: Id
    title: Title
    period: PeriodKind
    max: Dated[Amount]
    overflow: Literal["clip", "overshoot"] = "clip"


class Sharing(PackModel):
    """How units of a joint item divide its points, unless an award says otherwise."""

    policy: Policy = "equal"
    basis: Title | None = None


class MeasureRule(PackModel):
    """A number for tables and tie-breaks: items or facts counted, or points added up, under conditions."""

    id: Id
    title: Title
    count: Literal["items", "facts"] | None = None
    sum: Literal["points"] | None = None
    where: Conditions = {}
    over: Literal["period", "year"] = "period"


class RankingRule(PackModel):
    """Places inside each group: keys that give the place, keys that only order equal places, tie style."""

    by: Annotated[Many[Id], Field(min_length=1)] = ("cumulative",)
    order: Many[Id] = ()
    ties: Literal["competition", "dense", "ordinal"] = "competition"


class PrintingRule(PackModel):
    """How points are printed; the ledger itself stays exact."""

    style: Literal["decimal", "fraction"] = "decimal"
    places: Annotated[int, Field(ge=0, le=3)] = 2
    zeros: Literal["drop", "keep"] = "drop"


class Scoring(PackModel):
    """scoring.yaml as a whole."""

    attributes: Many[AttributeRule] = ()
    awards: Many[AwardRule] = ()
    sharing: Sharing = Sharing()
    resolution: Many[ResolutionRule] = ()
    credit: Many[CreditRule] = ()
    caps: Many[CapRule] = ()
    measures: Many[MeasureRule] = ()
    ranking: RankingRule = RankingRule()
    printing: PrintingRule = PrintingRule()


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
