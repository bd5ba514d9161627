"""Finding submissions: what an actor may see, filters and orders of the lists, counts for the home page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.permissions import reach
from core.submissions.models import Contributor, Submission
from core.submissions.workflow import WITH_EDITORS

ORDERS: dict[str, Any] = {
    "time": Submission.sort_at,
    "title": Submission.title,
    "unit": Unit.pinyin,
    "official": Unit.sort_no,
    "characters": Submission.characters,
}


@dataclass(frozen=True)
class Filter:
    """What a list shows; every field has a place in the page's address. Empty means no restriction."""

    text: str = ""
    states: tuple[str, ...] = ()
    genre: str = ""
    urgency: str = ""
    unit_id: int = 0
    editor_id: int = 0
    since: date | None = None
    until: date | None = None
    sort: str = "time"
    descending: bool = True


def visible(actor: Actor, permission: str = "submission.view") -> ColumnElement[bool]:
    """The submissions an actor may see: the unit's own and joint ones, and for editors all that were sent."""
    found = reach(actor, permission)
    parts = []
    if found.offices:
        parts.append(and_(Submission.office_id.in_(found.offices), Submission.state.in_(WITH_EDITORS)))
    if found.units:
        joint = select(Contributor.submission_id).where(Contributor.unit_id.in_(found.units))
        # A joint unit sees the item once it has been sent; the main unit also sees its drafts.
        parts.append(Submission.unit_id.in_(found.units))
        parts.append(and_(Submission.id.in_(joint), Submission.state.in_(WITH_EDITORS)))
    return or_(*parts) if parts else false()


def one(actor: Actor, submission_id: int) -> Submission:
    """A submission the actor may see. Raises NotFound, also for one that exists but is not theirs."""
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id, visible(actor)))
    if not found:
        raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
    return found


def listing(actor: Actor, wanted: Filter) -> Select[Any]:
    """Rows (id, title, genre, urgency, state, unit, sort_at, characters) the actor may see, filtered and ordered."""
    query = (
        select(
            Submission.id, Submission.title, Submission.genre, Submission.urgency, Submission.state,
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("unit"), Submission.unit_id,
            Submission.sort_at, Submission.characters, Submission.editor_id,
        )
        .join(Unit, Unit.id == Submission.unit_id)
        .where(visible(actor), *_conditions(wanted))
    )  # fmt: skip
    key = ORDERS.get(wanted.sort, Submission.sort_at)
    first = key.desc() if wanted.descending else key.asc()
    second = Submission.id.desc() if wanted.descending else Submission.id.asc()
    return query.order_by(first, second)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(Submission.title.contains(wanted.text, autoescape=True))
    if wanted.states:
        found.append(Submission.state.in_(wanted.states))
    for column, value in (
        (Submission.genre, wanted.genre),
        (Submission.urgency, wanted.urgency),
        (Submission.unit_id, wanted.unit_id),
        (Submission.editor_id, wanted.editor_id),
    ):
        if value:
            found.append(column == value)
    if wanted.since:
        found.append(Submission.sort_at >= clock.moment(wanted.since, 0))
    if wanted.until:
        found.append(Submission.sort_at < clock.moment(wanted.until + timedelta(days=1), 0))
    return found


def count(actor: Actor, *states: str, permission: str = "submission.view", mine: bool = False) -> int:
    """How many submissions in these states the actor may act on; at most 1000 are counted."""
    query = select(Submission.id).where(visible(actor, permission), Submission.state.in_(states))
    if mine:
        query = query.where(or_(Submission.author_id == actor.id, Submission.editor_id == actor.id))
    return db.session.scalar(select(func.count()).select_from(query.limit(1000).subquery())) or 0


def awaiting_signature(actor: Actor) -> ColumnElement[bool]:
    """Items that wait for this signing leader."""
    units = reach(actor, "submission.sign").units
    return and_(Submission.unit_id.in_(units), Submission.state == "awaiting")


def count_awaiting_signature(actor: Actor) -> int:
    """How many items wait for this signing leader."""
    query = select(func.count()).select_from(Submission).where(awaiting_signature(actor))
    return db.session.scalar(query) or 0


def with_text(actor: Actor, submission_id: int) -> Submission:
    """One visible submission with everything its page shows, in few queries."""
    found = db.session.scalar(
        select(Submission)
        .where(Submission.id == submission_id, visible(actor))
        .options(joinedload(Submission.unit), joinedload(Submission.author), joinedload(Submission.editor))
    )
    if not found:
        raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
    return found
