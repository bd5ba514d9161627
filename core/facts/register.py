"""Record facts, reverse them, read them. `record()` is the only door; nothing is ever changed or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from core import audit, clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import Conflict, InvalidInput
from core.facts import records
from core.facts.models import Fact, FactPerson, FactUnit
from core.facts.records import WITHDRAWN
from core.facts.standing import standing


@dataclass(frozen=True)
class Part:
    """What a unit or an author contributed: the part played and the agreed weight."""

    role: str = ""
    weight: Decimal | None = None


@dataclass(frozen=True)
class Author:
    """An author of a fact; without a unit the fact's first one."""

    name: str
    unit_id: int | None = None
    part: Part = Part()


@dataclass(frozen=True)
class NewFact:
    """A fact to be recorded. `key` names its cause, so that the same cause is never counted twice.

    `parts` tell, by unit, who did what; numbers in `attrs` are whole, Decimal, or text that reads as a number.
    """

    office_id: int
    kind: str
    on: date
    unit_ids: tuple[int, ...]
    key: str
    item: str | None = None
    title: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[int, Part] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()


def record(actor: Actor, new: NewFact) -> Fact:
    """Record a fact inside the running transaction. Raises Conflict when its cause was counted already."""
    # Closing a period and results kept in memory go by the last number they have seen.
    audit.in_turn()
    known = set(
        db.session.scalars(select(Unit.id).where(Unit.office_id == new.office_id, Unit.id.in_(new.unit_ids)))
    )
    if set(new.unit_ids) - known or len(set(new.unit_ids)) != len(new.unit_ids):
        raise InvalidInput("计分事项的单位不在本机构名录中，或有重复", where=new.title)
    if db.session.scalar(select(Fact.id).where(Fact.office_id == new.office_id, Fact.key == new.key)):
        raise Conflict("这一事项已经计入，不能重复登记", where=new.title, advice="请刷新页面查看")
    fact = Fact(
        office_id=new.office_id, key=new.key, kind=new.kind, on=new.on, item=new.item, title=new.title[:200],
        attrs={name: _plain(value) for name, value in new.attrs.items()}, recorded_at=clock.now(), recorded_by=actor.name,
    )  # fmt: skip
    parts = [new.parts.get(unit, Part()) for unit in new.unit_ids]
    fact.units = [
        FactUnit(position=n, unit_id=unit, role=part.role[:40], weight=_text(part.weight))
        for n, (unit, part) in enumerate(zip(new.unit_ids, parts, strict=True))
    ]
    fact.persons = [
        FactPerson(
            position=n, name=author.name[:60], unit_id=author.unit_id or new.unit_ids[0],
            role=author.part.role[:40], weight=_text(author.part.weight),
        )
        for n, author in enumerate(new.authors)
        if new.unit_ids
    ]  # fmt: skip
    _add(fact)
    records.keep(fact)
    audit.note(
        actor,
        "登记计分事项",
        f"{kind_title(new.kind)}：{new.title}",
        office_id=new.office_id,
        fact=fact.id,
        key=new.key,
    )
    return fact


def withdraw(actor: Actor, fact: Fact, reason: str) -> Fact:
    """Reverse a fact by another fact; the first stays in the register. Raises Conflict when that was done before."""
    audit.in_turn()
    if fact.reverses_id or db.session.scalar(select(Fact.id).where(Fact.reverses_id == fact.id)):
        raise Conflict("这一事项已经撤销，或本身就是撤销记录", where=fact.title, advice="请刷新页面查看")
    reversal = Fact(
        office_id=fact.office_id, key=f"{WITHDRAWN}:{fact.id}", kind=WITHDRAWN, on=clock.today(), item=fact.item,
        title=fact.title, attrs={}, reverses_id=fact.id, reason=reason[:500], recorded_at=clock.now(),
        recorded_by=actor.name,
    )  # fmt: skip
    _add(reversal)
    records.mark_withdrawn(fact)
    audit.note(
        actor,
        "撤销计分事项",
        f"{kind_title(fact.kind)}：{fact.title}",
        office_id=fact.office_id,
        fact=fact.id,
        reason=reason,
    )
    return reversal


def record_again(actor: Actor, fact: Fact, key: str) -> Fact:
    """Record a withdrawn fact once more, exactly as it was: what withdrew it has been undone."""
    parts = {unit.unit_id: Part(unit.role, _decimal(unit.weight)) for unit in fact.units}
    authors = tuple(
        Author(person.name, person.unit_id, Part(person.role, _decimal(person.weight)))
        for person in fact.persons
    )
    units = tuple(unit.unit_id for unit in fact.units)
    again = NewFact(
        fact.office_id, fact.kind, fact.on, units, key, fact.item, fact.title, fact.attrs, parts, authors
    )
    return record(actor, again)


def withdraw_all(actor: Actor, office_id: int, item: str, kind: str, reason: str) -> list[Fact]:
    """Reverse every standing fact of a kind about an item of an office; gives those facts."""
    found = standing(office_id, [item], [kind])
    for fact in found:
        withdraw(actor, fact, reason)
    return found


def kind_title(name: str) -> str:
    """What people call a kind of fact; its bare name when the plugin that declared it is gone."""
    kinds = current_app.extensions["yaoqing"].kinds
    return next((kind.title for kind in kinds if kind.name == name), name)


def of_office(office_id: int, until: date | None = None) -> list[Fact]:
    """All facts of an office up to a day of credit, withdrawals included, oldest first."""
    query = select(Fact).where(Fact.office_id == office_id)
    query = query.options(selectinload(Fact.units), selectinload(Fact.persons))
    if until:
        query = query.where((Fact.on <= until) | (Fact.kind == WITHDRAWN))
    return list(db.session.scalars(query.order_by(Fact.id)))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _plain(value: Any) -> Any:
    """An attribute as JSON keeps it; decimals and days as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _add(fact: Fact) -> None:
    db.session.add(fact)
    try:
        db.session.flush()
    except IntegrityError:  # somebody was quicker between our look and our write
        raise Conflict("这一事项刚刚已经登记或撤销", where=fact.title, advice="请刷新页面查看") from None
