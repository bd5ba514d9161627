"""The plain values that go into the engine and come out of it. No database, no web.

A `Fact` is something countable that happened; an `Entry` is one line of the ledger: what a unit got
for a fact (or why it got nothing); a `Row` is one unit's line in a ranking.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Value = str | int | bool | Decimal | Fraction | date
Grains = int | Fraction
AttributeType = Literal["outlet", "level", "choice", "text", "integer", "amount", "flag", "date"]
Status = Literal[
    "live", "superseded", "capped", "shared", "reversed", "moved", "uncredited", "excluded", "task", "offset"
]

STATUS_TITLES: dict[Status, str] = {
    "live": "计分",
    "superseded": "同条不重复计分",
    "capped": "封顶",
    "shared": "分摊",
    "reversed": "已撤销",
    "moved": "转计其他单位",
    "uncredited": "不计分",
    "excluded": "不参评",
    "task": "任务",
    "offset": "冲正",
}

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Attribute:
    """A property a fact of some kind may carry, and what its values are."""

    name: str
    title: str
    type: AttributeType = "text"
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FactKind:
    """A kind of countable fact: core and plugins declare them, packs may score them."""

    name: str
    title: str
    attributes: tuple[Attribute, ...] = ()


def author_key(unit: str, name: str) -> str:
    """The key of a registered author: two people of one name in two units are two."""
    return f"{unit}/{name}"


@dataclass(frozen=True)
class Contributor:
    """Who contributed to a fact: a unit or a person by key, the part played, the agreed weight.

    A person may belong to a unit; then the rules see that unit's group and class.
    """

    key: str
    role: str = ""
    weight: Decimal | None = None
    unit: str | None = None

    @property
    def name(self) -> str:
        """What a person is called: the key without the unit that tells namesakes apart."""
        return self.key.removeprefix(author_key(self.unit, "")) if self.unit else self.key


@dataclass(frozen=True)
class Fact:
    """Something countable that happened on a day; `units` in the order they share it.

    Roles and weights stand in `parts`, by the unit's key; `recorded` is the day it was entered, `on` if not said.
    `number` is its place in the register; without one, ids are taken in order (shorter ones first).
    """

    id: str
    kind: str
    on: date
    units: tuple[str, ...] = ()
    item: str | None = None
    attrs: Mapping[str, Value] = field(default_factory=dict)
    title: str = ""
    reverses: str | None = None
    persons: tuple[Contributor, ...] = ()
    parts: tuple[Contributor, ...] = ()
    recorded: date | None = None
    number: int = 0


@dataclass(frozen=True)
class UnitInfo:
    """What the rules need to know about a unit; `group` and `klass` are ids of units.yaml."""

    key: str
    name: str
    group: str
    klass: str | None = None
    host: str | None = None
    parent: str | None = None
    optional: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    order: int = 0
    attributes: Mapping[str, Value] = field(default_factory=dict)

    def valid_on(self, day: date) -> bool:
        """Whether the unit takes part on a day; both ends count."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class Factors:
    """How an amount came about, in grains: the rule's value, the number of sharers, the unit's share."""

    raw: Grains = 0
    ways: int = 1
    share: Grains = 0


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `amount` is in grains (points.py); zero lines say why in `sentence`."""

    unit: str
    item: str | None
    fact: str
    kind: str
    title: str
    rule: str
    rule_title: str
    basis: str
    stage: str
    amount: Grains
    factors: Factors
    day: date
    period: str
    year: str
    status: Status
    sentence: str
    attrs: Mapping[str, Value] = field(default_factory=dict)
    position: int = 1


@dataclass(frozen=True)
class Row:
    """A unit's line in the ranking of its group. Points are grains, counts are whole numbers."""

    unit: str
    name: str
    group: str
    place: int
    tied: bool
    score: Grains
    before: Grains
    cumulative: Grains
    measures: Mapping[str, Grains] = field(default_factory=dict)
    components: Mapping[str, Grains | None] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    movement: int | None = None
    optional: bool = False
    order: int = 0
