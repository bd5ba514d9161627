"""The board's steps: every change noted in order, fields merged one by one, the last own change undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.actors import Actor
from core.db import db
from core.errors import Conflict
from core.submissions.models import Submission
from plugins.journal import guards
from plugins.journal.board_models import JournalStep
from plugins.journal.models import JournalIssue, JournalItem

RECENT = 8
# What takes an item out of an issue.
OUT = ("take_out", "carry")


@dataclass(frozen=True)
class Change:
    """What a change was, in words and as the state before and after it."""

    kind: str
    words: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def note(
    actor: Actor,
    issue: JournalIssue,
    change: Change,
    submission: Submission | None = None,
    placed: JournalItem | None = None,
) -> JournalStep:
    """Number a change and keep it; `placed` is the item it put somewhere."""
    guards.changed(actor, issue)
    issue.edits += 1
    if placed:
        placed.placed = issue.edits
    step = JournalStep(
        issue_id=issue.id, number=issue.edits, kind=change.kind, words=change.words[:300],
        submission_id=submission.id if submission else None, before=dict(change.before), after=dict(change.after),
        by_id=actor.id, at=clock.now(),
    )  # fmt: skip
    db.session.add(step)
    db.session.flush()
    return step


def merged(
    now: Mapping[str, Any], given: Mapping[str, Any], was: Mapping[str, Any], titles: Mapping[str, str]
) -> dict[str, Any]:
    """The fields to change. Raises Conflict for a field that somebody else has changed to something else meanwhile."""
    changed = {}
    for key, value in given.items():
        if value == was.get(key, now[key]) or value == now[key]:
            continue
        if now[key] != was.get(key, now[key]):
            raise Conflict(
                f"“{titles[key]}”刚刚被别人改过，没有保存",
                reason=f"您填写的是“{_short(value)}”；现为“{_short(now[key])}”",
                advice="请核对后再改",
            )
        changed[key] = value
    return changed


def recent(issue_id: int, limit: int = RECENT) -> list[JournalStep]:
    """The last changes of an issue, newest first."""
    query = select(JournalStep).where(JournalStep.issue_id == issue_id).options(joinedload(JournalStep.by))
    return list(db.session.scalars(query.order_by(JournalStep.number.desc()).limit(limit)))


def last_of(actor: Actor, issue_id: int) -> JournalStep | None:
    """The last change of this person that is not undone."""
    query = select(JournalStep).where(
        JournalStep.issue_id == issue_id, JournalStep.by_id == actor.id, JournalStep.undone_at.is_(None),
        JournalStep.kind != "undo",
    )  # fmt: skip
    return db.session.scalar(query.order_by(JournalStep.number.desc()).limit(1))


def placer(issue: JournalIssue, item: JournalItem) -> JournalStep | None:
    """The change that put an item where it stands."""
    return db.session.scalar(
        select(JournalStep).where(JournalStep.issue_id == issue.id, JournalStep.number == item.placed)
    )


def was_here(issue: JournalIssue, item_id: int) -> bool:
    """Whether an item stood in this issue before."""
    return _placing(issue, item_id) is not None


def taken_out(issue: JournalIssue, item_id: int) -> JournalStep | None:
    """The change that took an item out of this issue; None when it was never here, or went with its submission."""
    placed = _placing(issue, item_id)
    if not placed:
        return None
    query = select(JournalStep).where(
        JournalStep.issue_id == issue.id, JournalStep.submission_id == placed.submission_id,
        JournalStep.kind.in_(OUT), JournalStep.number > placed.number,
    )  # fmt: skip
    return db.session.scalar(query.order_by(JournalStep.number).limit(1))


def _placing(issue: JournalIssue, item_id: int) -> JournalStep | None:
    query = select(JournalStep).where(JournalStep.issue_id == issue.id, JournalStep.kind == "place")
    return next((step for step in db.session.scalars(query) if step.after.get("item") == item_id), None)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:38] + "……"
