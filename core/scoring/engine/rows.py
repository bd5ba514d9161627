"""Facts as columns: one record per fact and account, so that a city's year is a few arrays instead of objects.

The layout stands in core/columns.py: the register keeps the same records; here they are made from plain facts, for
examples and trials.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.columns import ROW, Interner, item_number, millionths, slots, split
from core.scoring.values.fact import WITHDRAWN, Contributor, Fact, Value


@dataclass(frozen=True)
class Shape:
    """What facts say in words: kind and attributes; `numbers` name the numeric ones in the order of their columns."""

    kind: str
    attrs: Mapping[str, Value]
    numbers: tuple[str, ...] = ()


class Shapes(list[Shape]):
    """Shapes by number; `kept` remembers what was worked out for all of them, for the next office that shares them."""

    def __init__(self, shapes: Iterable[Shape] = ()):
        super().__init__(shapes)
        self.kept: dict[Any, Any] = {}


@dataclass(frozen=True)
class FactName:
    """How people know a fact: its id in the register, its title, its item."""

    id: str
    title: str = ""
    item: str | None = None


@dataclass(frozen=True)
class Rows:
    """The records with what their numbers point to. Sorted by day, then register number, then position."""

    data: NDArray[Any]
    shapes: Shapes
    roles: Sequence[str]
    accounts: Sequence[str]
    names: Mapping[int, FactName] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.data)

    def column(self, name: str) -> NDArray[Any]:
        """One column as an array of its own."""
        return np.ascontiguousarray(self.data[name])


def rows_of(
    facts: Iterable[Fact], known_accounts: Iterable[str], credited: Literal["units", "persons"] = "units"
) -> Rows:
    """Plain facts as columns."""
    listed = sorted(facts, key=lambda fact: (fact.number, len(fact.id), fact.id))
    number = {fact.id: fact.number or place for place, fact in enumerate(listed, start=1)}
    undone = withdrawals(listed)
    accounts, shapes, roles = Interner(known_accounts), Interner(), Interner([""])
    records, kept = [], {}
    for fact in listed:
        if fact.kind == WITHDRAWN:
            continue
        words, numbers = split({name: exact(value) for name, value in fact.attrs.items()})
        shape = shapes((fact.kind, words, tuple(numbers)))
        place, by = number[fact.id], undone.get(fact.id)
        parts = contributors(fact, credited)
        weights = [millionths(part.weight if part.weight is not None else 1) or 0 for part in parts]
        kept[place] = FactName(fact.id, fact.title, fact.item)
        for position, part in enumerate(parts, start=1):
            records.append(
                (place, accounts(part.key), item_number(fact.item, place), number[by.id] if by else 0,
                 weights[position - 1], sum(weights), fact.on.toordinal(), (fact.recorded or fact.on).toordinal(),
                 by.on.toordinal() if by else 0, shape, roles(part.role), len(parts), position,
                 len({person.key for person in fact.persons}), slots(numbers))
            )  # fmt: skip
            if by:
                kept[number[by.id]] = FactName(by.id, by.title, by.item)
    data = np.array(records, dtype=ROW) if records else np.zeros(0, dtype=ROW)
    data = data[np.lexsort((data["position"], data["fact"], data["day"]))]
    made = Shapes(Shape(kind, dict(words), numbers) for kind, words, numbers in shapes.known)
    return Rows(data, made, roles.known, accounts.known, kept)


def contributors(fact: Fact, credited: Literal["units", "persons"]) -> list[Contributor]:
    """Who may be credited for a fact, each once."""
    if credited == "persons":
        listed: Iterable[Contributor] = fact.persons
    else:
        told = {part.key: part for part in fact.parts}
        listed = [told.get(unit) or Contributor(unit) for unit in fact.units]
    first: dict[str, Contributor] = {}
    for part in listed:
        first.setdefault(part.key, part)
    return list(first.values())


def exact(value: Value) -> Value:
    """Numbers as fractions, as formulas want them."""
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def withdrawals(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Facts that were withdrawn, with the withdrawal that did it; a withdrawal can itself be withdrawn."""
    against: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind == WITHDRAWN and fact.reverses:
            against.setdefault(fact.reverses, []).append(fact)
    standing: dict[str, bool] = {}

    def stands(fact: Fact) -> bool:
        # Assumed standing while being judged, so that a circle of withdrawals cannot loop.
        if fact.id not in standing:
            standing[fact.id] = True
            standing[fact.id] = not any(stands(each) for each in against.get(fact.id, ()))
        return standing[fact.id]

    effective = {key: [each for each in found if stands(each)] for key, found in against.items()}
    return {key: found[0] for key, found in effective.items() if found}


def with_more(rows: Rows, more: Rows) -> Rows:
    """Rows with further ones among them: shapes, roles and accounts of the further ones are numbered after the known."""
    data = more.data.copy()
    roles, accounts = Interner(rows.roles), Interner(rows.accounts)
    if len(data):
        data["shape"] += len(rows.shapes)
        data["role"] = [roles(more.roles[number]) for number in more.data["role"]]
        data["account"] = [accounts(more.accounts[number]) for number in more.data["account"]]
    both = np.concatenate([rows.data, data])
    both = both[np.lexsort((both["position"], both["fact"], both["day"]))]
    shapes = Shapes([*rows.shapes, *more.shapes])
    return Rows(both, shapes, roles.known, accounts.known, {**rows.names, **more.names})
