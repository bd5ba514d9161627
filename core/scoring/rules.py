"""The rule book: a pack's sections, checked and turned into plain typed values the engine reads.

Everything here is immutable and knows no file: compile.py builds it, engine.py and ranking.py use it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.scoring.conditions import Condition
from core.scoring.fact import Fact, UnitInfo, Value
from core.scoring.periods import Calendar, Span
from core.scoring.points import Printing
from core.scoring.vocabulary import Vocabulary

Policy = Literal["equal", "each", "first"]


@dataclass(frozen=True)
class Worth:
    """A value in grains, or an attribute of the fact that holds it, within limits."""

    amount: int = 0
    attribute: str | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True)
class Award:
    """A rule that gives or takes points. `nearness`: outlet → how closely the rule names it."""

    id: str
    title: str
    basis: str
    condition: Condition
    values: tuple[tuple[date, Worth], ...]
    stage: str
    until: date | None = None
    share: Policy | None = None
    once_per: tuple[str, ...] = ()
    nearness: Mapping[str, int] = field(default_factory=dict)
    order: int = 0

    def value_on(self, day: date) -> Worth | None:
        """The value in force on a day, or None outside its time."""
        if self.until is not None and day > self.until:
            return None
        started = [worth for start, worth in self.values if start <= day]
        return started[-1] if started else None


@dataclass(frozen=True)
class Resolution:
    """What one item keeps when several of these awards fall to it."""

    id: str
    title: str
    basis: str
    keep: Literal["sum", "max"]
    awards: frozenset[str]


@dataclass(frozen=True)
class Credit:
    """Whose account is credited for units of some groups."""

    groups: frozenset[str]
    awards: frozenset[str]
    to: Literal["unit", "host", "nobody"]
    basis: str


@dataclass(frozen=True)
class Cap:
    """The most a unit gets from these awards in a period."""

    id: str
    title: str
    basis: str
    awards: frozenset[str]
    period: Span
    limits: tuple[tuple[date, int], ...]
    overflow: Literal["clip", "overshoot"]

    def limit_on(self, day: date) -> int | None:
        """The limit in force on a day."""
        started = [limit for start, limit in self.limits if start <= day]
        return started[-1] if started else None


@dataclass(frozen=True)
class Measure:
    """A number for tables and tie-breaks, in grains when it adds up points."""

    id: str
    title: str
    what: Literal["items", "facts", "points"]
    condition: Condition
    over: Literal["period", "year"]


@dataclass(frozen=True)
class Group:
    """Units that compete with each other."""

    id: str
    title: str
    competes: bool = True
    optional: bool = False


@dataclass(frozen=True)
class Ranking:
    """Keys that give the place, keys that only order equal places, and the style of ties."""

    by: tuple[str, ...] = ("cumulative",)
    order: tuple[str, ...] = ()
    ties: Literal["competition", "dense", "ordinal"] = "competition"


@dataclass(frozen=True)
class Rules:
    """Everything the engine needs to know from a pack."""

    words: Vocabulary
    groups: Mapping[str, Group]
    calendar: Calendar = Calendar()
    awards: tuple[Award, ...] = ()
    share: Policy = "equal"
    resolutions: tuple[Resolution, ...] = ()
    credits: tuple[Credit, ...] = ()
    caps: tuple[Cap, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    ranking: Ranking = Ranking()
    printing: Printing = Printing()
    pack: str = ""

    def facets(self, fact: Fact) -> dict[str, Value]:
        """What rules may test about a fact: its attributes, and the level its outlet stands on."""
        attrs = dict(fact.attrs)
        node = self.words.outlets.nodes.get(str(attrs.get("outlet", "")))
        if node and "level" not in attrs:
            attrs["level"] = node.level
        return attrs

    def matching(self, kind: str, attrs: Mapping[str, Value], day: date) -> list[Award]:
        """The awards a fact earns, one per stage: in force first, then naming its outlet most closely,
        then the one written first. A stage with none in force keeps its candidate, to explain itself."""
        outlet = str(attrs.get("outlet", ""))
        best: dict[str, tuple[tuple[bool, int], Award]] = {}
        for award in self.awards:
            if award.condition.holds(kind, attrs):
                merit = (award.value_on(day) is not None, award.nearness.get(outlet, -1))
                if award.stage not in best or merit > best[award.stage][0]:
                    best[award.stage] = merit, award
        return sorted((award for _, award in best.values()), key=lambda award: award.order)

    def credit_for(self, award: str, group: str) -> Credit | None:
        """The first credit rule about an award of a unit's group."""
        return next((rule for rule in self.credits if group in rule.groups and award in rule.awards), None)

    def unplaced(self, units: Iterable[UnitInfo]) -> list[UnitInfo]:
        """Units whose group these rules do not know; they would be missing from every ranking."""
        return [unit for unit in units if unit.group not in self.groups]
