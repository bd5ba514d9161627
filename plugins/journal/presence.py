"""Who has a board open, and whether anything on it has changed: asked every few seconds, so it costs next to nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from core.permissions import require
from core.submissions.models import Submission
from plugins.journal import queries
from plugins.journal.board_models import JournalPresence
from plugins.journal.models import JournalIssue, JournalItem

# A person is written down again after a while, and taken for gone when nothing has been heard for longer.
WRITE_EVERY, GONE_AFTER = timedelta(seconds=8), timedelta(seconds=20)


def pulse(actor: Actor, issue_id: int) -> dict[str, Any]:
    """The stamp of the board as it is now, and the names of the others who have it open."""
    row = db.session.execute(
        select(JournalIssue.office_id, JournalIssue.state).where(
            JournalIssue.id == issue_id, queries.visible(actor)
        )
    ).one_or_none()
    if not row:
        raise NotFound("没有这一期刊物，或您无权查看", advice="请返回列表重新选择")
    require(actor, "journal.compile", JournalIssue(office_id=row.office_id, created_by_id=actor.id))
    answer = {"stamp": stamp(issue_id), "state": row.state, "people": others(actor, issue_id)}
    _here(actor, issue_id)
    return answer


def stamp(issue_id: int) -> str:
    """Changes with every change of the issue and of the texts in it."""
    texts = (
        select(func.coalesce(func.sum(Submission.version), 0))
        .join(JournalItem, JournalItem.submission_id == Submission.id)
        .where(JournalItem.issue_id == issue_id)
        .scalar_subquery()
    )
    query = select(JournalIssue.edits, JournalIssue.version, texts).where(JournalIssue.id == issue_id)
    return "-".join(str(number) for number in db.session.execute(query).one())


def others(actor: Actor, issue_id: int) -> list[str]:
    """The names of everybody else who has the board open."""
    query = (
        select(User.name)
        .join(JournalPresence, JournalPresence.user_id == User.id)
        .where(
            JournalPresence.issue_id == issue_id, JournalPresence.user_id != actor.id,
            JournalPresence.seen_at > clock.now() - GONE_AFTER,
        )
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(User.name)))


def _here(actor: Actor, issue_id: int) -> None:
    where = (JournalPresence.issue_id == issue_id, JournalPresence.user_id == actor.id)
    now = clock.now()
    if db.session.scalar(
        select(JournalPresence.id).where(*where, JournalPresence.seen_at > now - WRITE_EVERY)
    ):
        return
    try:
        with transaction():
            if found := db.session.scalar(select(JournalPresence).where(*where)):
                found.seen_at = now
            else:
                db.session.add(JournalPresence(issue_id=issue_id, user_id=actor.id, seen_at=now))
    except (Conflict, IntegrityError):
        return  # written down at the same moment from another window, or the draft was deleted just now
