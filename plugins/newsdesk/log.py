"""The decisions of an office, newest first: who, when, why, and what can still be undone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload, selectinload

from core.actors import Actor
from core.db import db
from core.permissions import among, reach
from core.submissions.models import Revision, Submission, SubmissionEvent
from core.submissions.queries import InThisOrder
from core.submissions.workflow import MOVES

# Only what an editor decides: the unit's own steps stand in the item's history.
_TITLES = [move.title for move in MOVES.values() if move.undo and move.name != "transfer"]
_UNDONE = [f"撤销{title}" for title in _TITLES]


def decisions(actor: Actor, *, mine: bool) -> Select[Any]:
    """Events that decided something, in the actor's offices or by the actor alone."""
    offices = reach(actor, "newsdesk.use").offices
    events, items = SubmissionEvent.__table__, Submission.__table__
    query = (
        select(SubmissionEvent)
        # The events backwards, of each its item: the other way round every event of the office is read and sorted.
        .select_from(InThisOrder(events, items, items.c.id == events.c.submission_id))
        .where(among(Submission.office_id, offices) if offices else Submission.id < 0)
        .where(
            SubmissionEvent.title.in_([*_TITLES, *_UNDONE])
            | SubmissionEvent.title.startswith("转交")
            | SubmissionEvent.title.startswith("撤销转交")
        )
        .options(joinedload(SubmissionEvent.by))
        .order_by(SubmissionEvent.id.desc())
    )
    return query.where(SubmissionEvent.by_id == actor.id) if mine else query


def items_of(events: Sequence[SubmissionEvent]) -> dict[int, Submission]:
    """The items of some events by number, with their history and the titles they had, but not the texts."""
    query = (
        select(Submission)
        .where(Submission.id.in_({event.submission_id for event in events}))
        .options(
            defer(Submission.body),
            selectinload(Submission.events),
            selectinload(Submission.revisions).defer(Revision.body),
        )
    )
    return {item.id: item for item in db.session.scalars(query)}
