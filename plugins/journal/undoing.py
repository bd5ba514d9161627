"""Undo on the board: a person's own last change is turned back, unless somebody else has built on it since."""

from datetime import date
from typing import Any

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.submissions import queries as submissions
from core.submissions.models import SubmissionEvent
from core.submissions.services import compile_move
from plugins.journal import board, frames, guards, queries, steps
from plugins.journal.board_models import JournalStep
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.steps import Change


def undo(actor: Actor, issue_id: int) -> JournalStep:
    """Turn back the actor's last change of a draft. Raises Conflict when there is none, or another stands on it."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        step = steps.last_of(actor, issue.id)
        if not step:
            raise Conflict("没有可以撤销的改动", advice="只能撤销自己在这一期所做的改动")
        placed = _TURN_BACK[step.kind](actor, issue, step)
        step.undone_at = clock.now()
        steps.note(actor, issue, Change("undo", f"撤销：{step.words}"), placed=placed)
        audit.note(actor, "撤销编排改动", issue, office_id=issue.office_id, step=step.words)
    return step


def _place(actor: Actor, issue: JournalIssue, step: JournalStep) -> None:
    item = _item(issue, step)
    _untouched(issue, step, item)
    received = step.before.get("state") == "received" and _nothing_since(item)
    board.leave(actor, issue, item, untaken=received)


def _move(actor: Actor, issue: JournalIssue, step: JournalStep) -> JournalItem:
    item = _item(issue, step)
    _untouched(issue, step, item)
    spot = board.spot_of(issue, step.before)
    item.column, item.column_title = spot.column, guards.column_title(issue, spot.column)
    board.renumber(issue, board.arranged(issue, item, spot))
    return item


def _take_out(actor: Actor, issue: JournalIssue, step: JournalStep) -> JournalItem:
    assert step.submission_id
    submission = submissions.one(actor, step.submission_id)
    for elsewhere in queries.in_open_issues(submission.id):
        raise Conflict(
            f"不能撤销：《{submission.title}》已放入{elsewhere.issue.label}",
            advice="如需放回，请先从那一期移出",
        )
    given: dict[str, Any] = {key: step.before[key] for key in board.OPTIONS}
    spot = board.spot_of(issue, step.before)
    column = guards.column_of(issue, spot.column)
    board.fit(column, submission)
    given |= {key: step.before[key] for key in ("replaces_id", "body") if key in step.before}
    reprint = "replaces_id" in given or (bool(column.reprint) and submission.state == "adopted")
    if not reprint:
        compile_move(actor, submission, "select")
    for kept in queries.carried(issue.office_id, issue.journal_id):
        if kept.submission_id == submission.id:
            db.session.delete(kept)
    return board.put_in(actor, issue, submission, spot, reprint=reprint, **given)


def _edit(actor: Actor, issue: JournalIssue, step: JournalStep) -> None:
    item = _item(issue, step)
    now = board.options(item)
    _as_left(step, now, board.TITLES)
    for key, value in step.before.items():
        setattr(item, key, value)


def _text(actor: Actor, issue: JournalIssue, step: JournalStep) -> None:
    item = _item(issue, step)
    _as_left(step, {key: getattr(item, key) for key in step.after}, {"body": "正文"} | board.TITLES)
    for key, value in step.before.items():
        setattr(item, key, value)


def _frame(actor: Actor, issue: JournalIssue, step: JournalStep) -> None:
    now = frames.current(issue, queries.journal_for(issue, clock.today()))
    _as_left(step, {key: _plain(value) for key, value in now.items()}, frames.TITLES)
    frames.put(issue, {key: _typed(key, value) for key, value in step.before.items()})


_TURN_BACK = {
    "place": _place, "move": _move, "take_out": _take_out, "carry": _take_out, "edit": _edit, "frame": _frame,
    "text": _text,
}  # fmt: skip


def _item(issue: JournalIssue, step: JournalStep) -> JournalItem:
    found = next((item for item in issue.items if item.submission_id == step.submission_id), None)
    if not found:
        raise Conflict(f"不能撤销“{step.words}”：这一条已被移出", advice="如需恢复，请重新放入")
    return found


def _untouched(issue: JournalIssue, step: JournalStep, item: JournalItem) -> None:
    """Nobody has moved the item since."""
    if item.placed > step.number and (last := steps.placer(issue, item)) and last.by_id != step.by_id:
        raise Conflict(
            f"不能撤销“{step.words}”",
            reason=f"此后{last.by.name}于 {clock.local(last.at):%H:%M} {last.words}",
            advice="如需调整，请直接移动",
        )


def _nothing_since(item: JournalItem) -> bool:
    """Whether the item has lain untouched since it was put in."""
    last = select(SubmissionEvent).where(SubmissionEvent.submission_id == item.submission_id)
    event = db.session.scalar(last.order_by(SubmissionEvent.id.desc()).limit(1))
    return bool(event) and event.detail.get("move") == "select"


def _as_left(step: JournalStep, now: dict[str, Any], titles: dict[str, str]) -> None:
    """Every field is still what the change made of it."""
    for key, value in step.after.items():
        if now.get(key) != value:
            raise Conflict(
                f"不能撤销“{step.words}”：“{titles.get(key, '栏目说明')}”此后又改过",
                reason=f"您改成的是“{value}”；现为“{now.get(key)}”",
                advice="如需调整，请直接修改",
            )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(key: str, value: Any) -> Any:
    return date.fromisoformat(value) if key == "planned_on" and value else value
