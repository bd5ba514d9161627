"""Record facts, reverse them, read them. `record()` is the only door; nothing is ever changed or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from core import audit, clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import Base, UtcDateTime, db
from core.errors import Conflict, InvalidInput

WITHDRAWN = "withdrawn"


class Fact(Base):
    """Something countable that happened on a day. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("office_id", "key"),
        # A fact can be withdrawn once.
        UniqueConstraint("reverses_id"),
        Index(None, "office_id", "on"),
        Index(None, "office_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    on: Mapped[date]
    item: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200), default="")
    attrs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))

    units: Mapped[list["FactUnit"]] = relationship(order_by="FactUnit.position")


class FactUnit(Base):
    """A unit a fact is credited to, in the order in which they share it."""

    __tablename__ = "fact_unit"
    __table_args__ = (Index(None, "unit_id", "fact_id"),)

    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


@dataclass(frozen=True)
class NewFact:
    """A fact to be recorded. `key` names its cause, so that the same cause is never counted twice."""

    office_id: int
    kind: str
    on: date
    unit_ids: tuple[int, ...]
    key: str
    item: str | None = None
    title: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)


def record(actor: Actor, new: NewFact) -> Fact:
    """Record a fact inside the running transaction. Raises Conflict when its cause was counted already."""
    known = set(
        db.session.scalars(select(Unit.id).where(Unit.office_id == new.office_id, Unit.id.in_(new.unit_ids)))
    )
    if set(new.unit_ids) - known or len(set(new.unit_ids)) != len(new.unit_ids):
        raise InvalidInput("计分事项的单位不在本机构名录中，或有重复", where=new.title)
    if db.session.scalar(select(Fact.id).where(Fact.office_id == new.office_id, Fact.key == new.key)):
        raise Conflict("这一事项已经计入，不能重复登记", where=new.title, advice="请刷新页面查看")
    fact = Fact(
        office_id=new.office_id, key=new.key, kind=new.kind, on=new.on, item=new.item, title=new.title[:200],
        attrs=dict(new.attrs), recorded_at=clock.now(), recorded_by=actor.name,
    )  # fmt: skip
    fact.units = [FactUnit(position=n, unit_id=unit) for n, unit in enumerate(new.unit_ids)]
    _add(fact)
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
    if fact.reverses_id or db.session.scalar(select(Fact.id).where(Fact.reverses_id == fact.id)):
        raise Conflict("这一事项已经撤销，或本身就是撤销记录", where=fact.title, advice="请刷新页面查看")
    reversal = Fact(
        office_id=fact.office_id, key=f"{WITHDRAWN}:{fact.id}", kind=WITHDRAWN, on=clock.today(), item=fact.item,
        title=fact.title, attrs={}, reverses_id=fact.id, reason=reason[:500], recorded_at=clock.now(),
        recorded_by=actor.name,
    )  # fmt: skip
    _add(reversal)
    audit.note(
        actor,
        "撤销计分事项",
        f"{kind_title(fact.kind)}：{fact.title}",
        office_id=fact.office_id,
        fact=fact.id,
        reason=reason,
    )
    return reversal


def withdraw_all(actor: Actor, item: str, kind: str, reason: str) -> None:
    """Reverse every standing fact of a kind about an item."""
    gone = select(Fact.reverses_id).where(Fact.reverses_id.is_not(None))
    standing = select(Fact).where(Fact.item == item, Fact.kind == kind, Fact.id.not_in(gone))
    for fact in db.session.scalars(standing):
        withdraw(actor, fact, reason)


def kind_title(name: str) -> str:
    """What people call a kind of fact; its bare name when the plugin that declared it is gone."""
    kinds = current_app.extensions["yaoqing"].kinds
    return next((kind.title for kind in kinds if kind.name == name), name)


def of_office(office_id: int, until: date | None = None) -> list[Fact]:
    """All facts of an office up to a day of credit, withdrawals included, oldest first."""
    query = select(Fact).where(Fact.office_id == office_id).options(selectinload(Fact.units))
    if until:
        query = query.where((Fact.on <= until) | (Fact.kind == WITHDRAWN))
    return list(db.session.scalars(query.order_by(Fact.id)))


def _add(fact: Fact) -> None:
    db.session.add(fact)
    try:
        db.session.flush()
    except IntegrityError:  # somebody was quicker between our look and our write
        raise Conflict("这一事项刚刚已经登记或撤销", where=fact.title, advice="请刷新页面查看") from None
