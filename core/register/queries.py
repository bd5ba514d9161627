"""Finding facts: what an actor may see of the register, filtered; and the items a fact may be about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased, selectinload

from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.facts import Fact
from core.facts.models import FactUnit
from core.facts.naming import names_for
from core.facts.records import WITHDRAWN
from core.permissions import reach
from core.submissions import queries as items
from core.submissions.models import ITEM, Submission

OFFERED = 12
_Reversal = aliased(Fact)


@dataclass(frozen=True)
class Filter:
    """What the list shows; empty means no restriction. `state`: "standing" or "withdrawn"."""

    text: str = ""
    kind: str = ""
    unit_id: int = 0
    since: date | None = None
    until: date | None = None
    by: str = ""
    state: str = ""


def visible(actor: Actor) -> ColumnElement[bool]:
    """The facts an actor may see: those of the office, or those a unit takes part in."""
    found = reach(actor, "fact.view")
    parts: list[ColumnElement[bool]] = []
    if found.offices:
        parts.append(Fact.office_id.in_(found.offices))
    if found.units:
        parts.append(Fact.id.in_(select(FactUnit.fact_id).where(FactUnit.unit_id.in_(found.units))))
    return or_(*parts) if parts else false()


def listing(actor: Actor, wanted: Filter) -> Select[tuple[Fact]]:
    """Facts, withdrawals aside, latest first."""
    query = select(Fact).where(visible(actor), Fact.kind != WITHDRAWN)
    if wanted.text:
        query = query.where(_says(actor, wanted.text))
    if wanted.kind:
        query = query.where(Fact.kind == wanted.kind)
    if wanted.unit_id:
        query = query.where(Fact.id.in_(select(FactUnit.fact_id).where(FactUnit.unit_id == wanted.unit_id)))
    if wanted.since:
        query = query.where(Fact.on >= wanted.since)
    if wanted.until:
        query = query.where(Fact.on <= wanted.until)
    if wanted.by:
        query = query.where(Fact.recorded_by.contains(wanted.by, autoescape=True))
    if wanted.state:
        gone = exists().where(_Reversal.reverses_id == Fact.id)
        query = query.where(gone if wanted.state == "withdrawn" else ~gone)
    return query.options(selectinload(Fact.units)).order_by(Fact.on.desc(), Fact.id.desc())


def _says(actor: Actor, text: str) -> ColumnElement[bool]:
    """The facts whose title, as the actor reads it, contains a text: what is not shown is not found by either."""
    recorded = Fact.title.contains(text, autoescape=True)
    names = names_for(actor, "fact.view", actor.office_id)
    if names.units is None:
        return recorded
    items = db.session.scalars(select(Fact.item).where(visible(actor), Fact.item.is_not(None)).distinct())
    told = names.of_items(items)
    fitting = [item for item, title in told.items() if text.casefold() in title.casefold()]
    kept = or_(Fact.item.is_(None), Fact.item.not_in(list(told)))
    return or_(and_(recorded, kept), Fact.item.in_(fitting))


def one(actor: Actor, fact_id: int) -> Fact:
    """A fact the actor may see. Raises NotFound."""
    query = select(Fact).where(Fact.id == fact_id, visible(actor), Fact.kind != WITHDRAWN)
    found = db.session.scalar(query.options(selectinload(Fact.units), selectinload(Fact.persons)))
    if not found:
        raise NotFound("没有这件计分事项，或您无权查看", advice="请返回列表重新选择")
    return found


def withdrawals(facts: Iterable[Fact]) -> dict[int, Fact]:
    """The withdrawals of facts, by the fact's number."""
    ids = [fact.id for fact in facts]
    return {f.reverses_id or 0: f for f in db.session.scalars(select(Fact).where(Fact.reverses_id.in_(ids)))}


def unit_names(office_id: int) -> dict[int, str]:
    """Short names of an office's units."""
    return {
        unit.id: unit.short for unit in db.session.scalars(select(Unit).where(Unit.office_id == office_id))
    }


def of_item(office_id: int, item: str) -> list[Fact]:
    """The facts of an office about an item, withdrawals aside, oldest first."""
    query = select(Fact).where(Fact.office_id == office_id, Fact.item == item, Fact.kind != WITHDRAWN)
    # Sorted here: asked for an order, SQLite would walk all facts of the office in that order.
    found = db.session.scalars(query.options(selectinload(Fact.units)))
    return sorted(found, key=lambda fact: (fact.on, fact.id))


def item(actor: Actor, text: str) -> Submission:
    """The item of a number the actor may see. Raises NotFound."""
    number = text.strip().removeprefix(ITEM)
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise NotFound(f"没有编号为“{text[:20]}”的信息", advice="请按标题查找后选择")
    return items.one(actor, int(number))


def items_like(actor: Actor, text: str) -> Sequence[Submission]:
    """Items of the actor's office whose title contains a text, or whose number it is; newest first."""
    wanted = Submission.title.contains(text, autoescape=True)
    if text.isascii() and text.isdigit() and len(text) < 10:
        wanted = or_(wanted, Submission.id == int(text))
    query = select(Submission).where(items.visible(actor), Submission.office_id == actor.office_id, wanted)
    return db.session.scalars(
        query.order_by(Submission.sort_at.desc(), Submission.id.desc()).limit(OFFERED)
    ).all()
