"""The life of a draft: begun with a frame, deleted; and items that leave by themselves.

`board.py` places and moves items, `frames.py` changes what is printed around them, `undoing.py` turns changes back.
"""

from sqlalchemy import delete

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import YaoqingError
from core.notices.services import take_back
from core.permissions import Place, require
from plugins.journal import board, frames, guards, queries, signing
from plugins.journal.board import Spot
from plugins.journal.board_models import JournalPresence, JournalStep
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.signoff_models import JournalDecision


def create_issue(
    actor: Actor, journal_id: str, office_id: int | None = None, *, edition: str = "", like: str = ""
) -> JournalIssue:
    """A new issue of a journal of the actor's office, in an edition, with the frame of the last one or a saved one."""
    office_id = office_id or actor.office_id
    with transaction():
        require(actor, "journal.compile", Place(office_id))
        base = queries.journal_of(office_id, journal_id, clock.today())
        now = clock.now()
        issue = JournalIssue(
            office_id=office_id, journal=base.series(edition), edition=edition, title=base.title, state="draft",
            created_by_id=actor.id, created_at=now, changed_by_id=actor.id, changed_at=now, frame={},
        )  # fmt: skip
        journal = queries.journal_for(issue, clock.today())
        issue.title = journal.title
        frames.start(issue, journal, like)
        guards.composed(actor, issue)
        db.session.add(issue)
        db.session.flush()
        audit.note(actor, "新建刊物", issue, office_id=office_id)
    if journal.carry_over == "place":
        _place_carried(actor, issue)
    return issue


def add_item(actor: Actor, issue_id: int, submission_id: int, column_id: str) -> JournalItem:
    """Place a submission at the end of a column."""
    return board.place(actor, issue_id, submission_id, Spot(column_id))


def discard(actor: Actor, issue_id: int, version: int | None = None) -> None:
    """Delete a draft; its items go back to the editors."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        for item in list(issue.items):
            board.leave(actor, issue, item)
        take_back(signing.about(issue, "back"), "草稿已删除")
        for table in (JournalStep, JournalPresence, JournalDecision):
            db.session.execute(delete(table).where(table.issue_id == issue.id))
        audit.note(actor, "删除刊物", issue, office_id=issue.office_id)
        db.session.delete(issue)


def _place_carried(actor: Actor, issue: JournalIssue) -> None:
    """Put in what the last issue kept for this one; what no longer fits stays among the candidates."""
    waiting = [
        (kept.submission_id, kept.column) for kept in queries.carried(issue.office_id, issue.journal_id)
    ]
    for submission_id, column in waiting:
        try:
            board.place(actor, issue.id, submission_id, Spot(column))
        except YaoqingError:
            continue


def drop(submission_id: int) -> None:
    """A submission left the editors' hands: take it out of every unpublished issue it stands in."""
    if not queries.in_open_issues(submission_id):
        return
    with transaction():
        for item in queries.in_open_issues(submission_id):
            issue = item.issue
            audit.note(
                None,
                "条目自动移出刊物",
                item.submission,
                office_id=issue.office_id,
                issue=issue.id,
                journal=issue.label,
            )
            if issue.state == "awaiting":
                signing.left_by_item(
                    issue, f"{item.submission.called}已被收回，自动移出本期，请核对后重新送签"
                )
            issue.changed_at = clock.now()
            issue.edits += 1
            issue.items.remove(item)
