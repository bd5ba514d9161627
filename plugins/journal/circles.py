"""Who may read what was published: everybody of the office, or only those an issue was delivered to.

Conditions only, so that lists, single pages, counts and the store of documents all ask the same question.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from core.actors import Actor
from core.documents.models import IssuedDocument
from core.permissions import among, reach
from plugins.journal.delivery_models import JournalDelivery
from plugins.journal.models import JournalIssue


def delivered_to(user_id: int, unit_ids: Collection[int]) -> ColumnElement[bool]:
    """Deliveries to a person or to one of their units."""
    own = JournalDelivery.user_id == user_id
    return or_(own, among(JournalDelivery.unit_id, unit_ids)) if unit_ids else own


def visible(actor: Actor) -> ColumnElement[bool]:
    """The issues an actor may see: as a reader what was published for them, at the editing desk all."""
    readers, desk = reach(actor, "journal.read"), reach(actor, "journal.draft")
    parts = []
    if readers:
        mine = _delivered(actor)
        open_to_me = or_(JournalIssue.restricted.is_(False), JournalIssue.id.in_(mine))
        parts.append(
            and_(JournalIssue.state == "published", readers.where(JournalIssue.office_id), open_to_me)
        )
    if desk:
        parts.append(desk.where(JournalIssue.office_id))
    return or_(*parts) if parts else false()


def documents(actor: Actor) -> ColumnElement[bool]:
    """Every issued document but those of issues that were not meant for the actor."""
    kept_back = select(JournalIssue.document_id).where(
        JournalIssue.restricted.is_(True), JournalIssue.document_id.is_not(None)
    )
    desk = reach(actor, "journal.draft")
    theirs = JournalIssue.id.in_(_delivered(actor))
    if desk:
        theirs = or_(theirs, desk.where(JournalIssue.office_id))
    return IssuedDocument.id.not_in(kept_back.where(~theirs))


def _delivered(actor: Actor) -> Select[tuple[int]]:
    return select(JournalDelivery.issue_id).where(delivered_to(actor.id, actor.unit_ids))
