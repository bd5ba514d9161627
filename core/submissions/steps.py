"""One step in the life of an item: its state, a line of its history, a line of the audit trail."""

from typing import Any

from core import audit, clock
from core.actors import Actor
from core.db import db
from core.notices.services import holders
from core.submissions import text, workflow
from core.submissions.models import Submission, SubmissionEvent


def step(submission: Submission, actor: Actor, name: str, reason: str = "") -> SubmissionEvent:
    """Make a move, inside the running transaction. The event keeps what undoing it needs."""
    reason = text.clean_line(reason)[:500]
    before = submission.state
    submission.state = workflow.target(before, name, reason, claimed=claimed(submission, name))
    submission.updated_at = clock.now()
    if submission.state in workflow.WITH_UNIT:
        submission.sort_at = submission.updated_at
    move = workflow.MOVES[name]
    detail = {"move": name, "before": before, "editor": submission.editor_id}
    event = remember(submission, actor, move.title, reason, internal=move.internal, **detail)
    audit.note(
        actor, move.title, submission, office_id=submission.office_id,
        before=workflow.STATES[before].title, after=workflow.STATES[submission.state].title, reason=reason,
    )  # fmt: skip
    return event


def claimed(submission: Submission, move: str) -> bool:
    """Whether the item is in hand so that this move may be barred: what an editor left behind may be claimed anew."""
    rule = workflow.MOVES.get(move)
    if not submission.editor_id or not rule or submission.state not in rule.unclaimed:
        return False
    return submission.editor_id in holders(submission.office_id, "submission.edit")


def remember(
    submission: Submission,
    actor: Actor,
    title: str,
    reason: str = "",
    *,
    internal: bool = False,
    **detail: Any,
) -> SubmissionEvent:
    """Add a line to an item's history. internal: not shown to the unit's own people before publication."""
    event = SubmissionEvent(
        submission_id=submission.id, at=clock.now(), by_id=actor.id, title=title, state=submission.state, reason=reason,
        detail={**detail, "internal": True} if internal else detail,
    )  # fmt: skip
    db.session.add(event)
    return event
