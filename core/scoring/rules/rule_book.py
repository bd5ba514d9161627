"""The rule book: a pack's sections, checked and turned into plain typed values the engine reads.

Everything here is immutable and knows no file: compile.py builds it, engine.py and ranking.py use it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal

from core.scoring.rules.conditions import Condition, Uses
from core.scoring.rules.typed import Formula, Scope, TableValues
from core.scoring.rules.vocabulary import Vocabulary
from core.scoring.values.fact import UnitInfo
from core.scoring.values.periods import Calendar, Span
from core.scoring.values.points import Printing

Policy = Literal["equal", "each", "first", "recorded", "weights", "roles", "main", "formula"]
Stage = Literal["resolution", "sharing", "credit", "caps"]
Limits = tuple[tuple[date, "Fraction | Formula"], ...]
PIPELINE: tuple[Stage, ...] = ("resolution", "sharing", "credit", "caps")


def in_force(limits: tuple[tuple[date, "Fraction | Formula"], ...], day: date) -> "Fraction | Formula | None":
    """The value of the latest start not after a day."""
    started = [value for start, value in limits if start <= day]
    return started[-1] if started else None


@dataclass(frozen=True)
class Worth:
    """A value in points, a formula, or an attribute of the fact that holds it, within limits."""

    amount: Fraction = Fraction(0)
    formula: Formula | None = None
    attribute: str | None = None
    lowest: Fraction | None = None
    highest: Fraction | None = None


@dataclass(frozen=True)
class Share:
    """How sharers divide a value."""

    policy: Policy = "equal"
    weights: tuple[Fraction, ...] = ()
    by_ways: Mapping[int, tuple[Fraction, ...]] = field(default_factory=dict)
    roles: Mapping[str, Fraction] = field(default_factory=dict)
    main: Fraction = Fraction(1)
    formula: Formula | None = None
    places: int | None = None


@dataclass(frozen=True)
class Award:
    """A rule that gives or takes points. `nearness`: outlet → how closely the rule names it; `turn`: in which round."""

    id: str
    title: str
    basis: str
    condition: Condition
    values: tuple[tuple[date, Worth], ...]
    stage: str
    where: Formula | None = None
    until: date | None = None
    share: Share | None = None
    once_per: tuple[str, ...] = ()
    nearness: Mapping[str, int] = field(default_factory=dict)
    order: int = 0
    turn: int = 0
    mark: str = ""

    def value_on(self, day: date) -> Worth | None:
        """The value in force on a day, or None outside its time."""
        if self.until is not None and day > self.until:
            return None
        started = [worth for start, worth in self.values if start <= day]
        return started[-1] if started else None

    @cached_property
    def uses(self) -> list[Uses]:
        """What deciding and valuing it reads."""
        return [*self.decided_by, *self.valued_by]

    @cached_property
    def decided_by(self) -> list[Uses]:
        """What its conditions read."""
        return [self.condition.uses, *([self.where.uses] if self.where else [])]

    @cached_property
    def valued_by(self) -> list[Uses]:
        """What its values read; nothing for plain numbers."""
        found: list[Uses] = [worth.formula.uses for _, worth in self.values if worth.formula]
        given: list[Uses] = [{worth.attribute: None} for _, worth in self.values if worth.attribute]
        return [*found, *given]


@dataclass(frozen=True)
class Counter:
    """A number every fact carries: how much of something there is in its scope. `turn`: before which round."""

    id: str
    title: str
    what: Literal["facts", "items", "points", "sum", "max"]
    condition: Condition
    where: Formula | None = None
    attribute: str | None = None
    awards: frozenset[str] | None = None
    per: tuple[str, ...] = ("unit", "item")
    period: Span | None = None
    running: bool = True
    turn: int = 0


@dataclass(frozen=True)
class Resolution:
    """What a unit keeps of several lines in a scope; `count` None keeps all (sum)."""

    id: str
    title: str
    basis: str
    keep: Literal["sum", "max", "min", "first", "last"]
    awards: frozenset[str]
    count: int = 1
    per: tuple[str, ...] = ("item",)
    period: Span = "year"
    where: Formula | None = None


@dataclass(frozen=True)
class Credit:
    """Whose account is credited: each target with its factor; no targets means nobody."""

    awards: frozenset[str]
    to: tuple[tuple[Literal["unit", "host", "parent"], Fraction], ...]
    basis: str
    groups: frozenset[str] = frozenset()
    where: Formula | None = None


@dataclass(frozen=True)
class Cap:
    """The most (or for deductions the least) a unit gets from these awards in a scope and period."""

    id: str
    title: str
    basis: str
    awards: frozenset[str]
    period: Span
    limits: Limits
    what: Literal["max", "min", "items"] = "max"
    overflow: Literal["clip", "overshoot", "drop"] = "clip"
    best: bool = False
    per: tuple[str, ...] = ()
    where: Formula | None = None


@dataclass(frozen=True)
class Booking:
    """On which day a fact counts, and what happens to one entered late."""

    title: str
    basis: str
    condition: Condition
    where: Formula | None = None
    day: str = "on"
    period: Span = "month"
    grace: int | None = None
    late: Literal["next", "never"] = "next"


@dataclass(frozen=True)
class Quota:
    """A task: what is done, what is needed, and what meeting or missing it is worth. `months`: length of its period."""

    id: str
    title: str
    basis: str
    done: Formula
    need: Limits
    months: int = 1
    groups: frozenset[str] = frozenset()
    where: Formula | None = None
    points: Formula | None = None
    lowest: Fraction | None = None
    highest: Fraction | None = None


@dataclass(frozen=True)
class Measure:
    """A number for tables and tie-breaks, in grains when it adds up amounts."""

    id: str
    title: str
    what: Literal["items", "facts", "points", "different", "sum", "max"]
    condition: Condition
    over: Literal["period", "year", "before", "month", "previous"] = "period"
    attribute: str | None = None
    when: Formula | None = None

    @property
    def is_amount(self) -> bool:
        """Whether it is printed like points instead of counted."""
        return self.what in ("points", "sum", "max")


@dataclass(frozen=True)
class Component:
    """A number worked out for a unit by a formula, maybe rounded and within limits."""

    id: str
    title: str
    formula: Formula
    basis: str = ""
    lowest: Fraction | Formula | None = None
    highest: Fraction | Formula | None = None
    places: int | None = None


@dataclass(frozen=True)
class Group:
    """Units that compete with each other."""

    id: str
    title: str
    competes: bool = True
    optional: bool = False


@dataclass(frozen=True)
class Ranking:
    """Keys that give the place (with a minus: smallest first), keys that only order equal places, style of ties."""

    by: tuple[str, ...] = ("cumulative",)
    order: tuple[str, ...] = ()
    ties: Literal["competition", "dense", "ordinal"] = "competition"
    within: Literal["group", "class", "all"] = "group"
    among: Formula | None = None
    title: str = "名次"


@dataclass(frozen=True)
class Bar:
    """A condition that bars a prize."""

    title: str
    where: Formula
    basis: str = ""


@dataclass(frozen=True)
class Prize:
    """A prize: who is considered, how many, in what order, what bars it. `take` by group; None takes everybody."""

    id: str
    title: str
    basis: str
    what: Literal["units", "items", "persons"] = "units"
    groups: tuple[str, ...] = ()
    period: Span = "year"
    take: Mapping[str, int] | int | None = None
    fraction: Fraction | None = None
    by: tuple[str, ...] = ("cumulative",)
    ties: Literal["include", "exclude"] = "include"
    where: Formula | None = None
    bars: tuple[Bar, ...] = ()
    after: tuple[str, ...] = ()
    each: Literal["group", "all"] = "group"


@dataclass(frozen=True)
class Listing:
    """A list of units by a condition."""

    id: str
    title: str
    where: Formula
    groups: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    take: int | None = None
    each: Literal["group", "all"] = "all"
    ties: Literal["include", "exclude", "cut"] = "cut"
    basis: str = ""


@dataclass(frozen=True, repr=False)
class Rules:
    """Everything the engine needs to know from a pack. `accounts`: who is credited, units or persons."""

    words: Vocabulary
    groups: Mapping[str, Group]
    scope: Scope
    unit_scope: Scope
    calendar: Calendar = Calendar()
    accounts: Literal["units", "persons"] = "units"
    renames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, TableValues] = field(default_factory=dict)
    counters: tuple[Counter, ...] = ()
    awards: tuple[Award, ...] = ()
    share: Share = Share()
    resolutions: tuple[Resolution, ...] = ()
    credits: tuple[Credit, ...] = ()
    caps: tuple[Cap, ...] = ()
    bookings: tuple[Booking, ...] = ()
    after_close: Literal["back", "forward"] = "back"
    quotas: tuple[Quota, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)
    total: Formula | None = None
    ranking: Ranking = Ranking()
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    prizes: tuple[Prize, ...] = ()
    lists: tuple[Listing, ...] = ()
    printing: Printing = Printing()
    pipeline: tuple[Stage, ...] = PIPELINE
    persons: "Rules | None" = None
    pack: str = ""

    def __repr__(self) -> str:
        # A rule book is far too long to be read in a traceback.
        return f"Rules({self.pack or 'unnamed'})"

    @cached_property
    def edges(self) -> tuple[date, ...]:
        """The days on which some value of an award or a table begins or ends."""
        starts = {start for award in self.awards for start, _ in award.values}
        ends = {award.until + timedelta(days=1) for award in self.awards if award.until}
        return tuple(
            sorted(starts | ends | {start for table in self.tables.values() for start, _ in table.versions})
        )

    def unplaced(self, units: Iterable[UnitInfo]) -> list[UnitInfo]:
        """Units whose group these rules do not know; they would be missing from every ranking."""
        return [unit for unit in units if unit.group not in self.groups]

    def title_of(self, rule: str) -> str:
        """The title of an award or a task."""
        named = {award.id: award.title for award in self.awards} | {
            task.id: task.title for task in self.quotas
        }
        return named.get(rule, rule)
