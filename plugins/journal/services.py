"""Composing an issue: start it, place and move items, take them out, delete the draft."""

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, NotFound
from core.permissions import Place, require
from core.submissions import queries as submissions
from core.submissions.services import compile_move
from plugins.journal import guards, queries
from plugins.journal.models import JournalIssue, JournalItem


def create_issue(actor: Actor, journal_id: str, office_id: int | None = None) -> JournalIssue:
    """A new, empty issue of a journal of the actor's office."""
    office_id = office_id or actor.office_id
    with transaction():
        require(actor, "journal.compile", Place(office_id))
        journal = queries.journal_of(office_id, journal_id, clock.today())
        now = clock.now()
        issue = JournalIssue(
            office_id=office_id, journal=journal.id, title=journal.title, state="draft", created_by_id=actor.id,
            created_at=now, changed_by_id=actor.id, changed_at=now,
        )  # fmt: skip
        guards.composed(actor, issue)
        db.session.add(issue)
        db.session.flush()
        audit.note(actor, "新建刊物", issue, office_id=office_id)
    return issue


def add_item(
    actor: Actor, issue_id: int, submission_id: int, column_id: str, version: int | None = None
) -> JournalItem:
    """Place a submission at the end of a column; it becomes 已入选."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        submission = submissions.one(actor, submission_id)
        if submission.office_id != issue.office_id:
            raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
        for elsewhere in queries.in_open_issues(submission_id):
            raise Conflict(f"这条信息已放入{elsewhere.issue.label}", advice="如需调整，请先从那一期移出")
        guards.fit(guards.column_of(issue, column_id), submission)
        compile_move(actor, submission, "select")
        item = JournalItem(submission=submission, column=column_id, position=len(issue.items) + 1)
        issue.items.append(item)
        guards.changed(actor, issue)
        db.session.flush()
        audit.note(actor, "放入刊物", submission, office_id=issue.office_id, issue=issue.id, column=column_id)
    return item


def move_item(
    actor: Actor,
    issue_id: int,
    item_id: int,
    *,
    step: int = 0,
    column_id: str = "",
    version: int | None = None,
) -> JournalItem:
    """Move an item up (step -1) or down (step 1) within its column, or to the end of another column."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        item = guards.item_of(issue, item_id)
        if column_id and column_id != item.column:
            guards.fit(guards.column_of(issue, column_id), item.submission)
            item.column = column_id
            order = [one for one in issue.items if one is not item] + [item]
        else:
            order = _stepped(issue.items, item, step)
        for position, one in enumerate(order, 1):
            one.position = position
        guards.changed(actor, issue)
        audit.note(
            actor,
            "调整刊物条目",
            item.submission,
            office_id=issue.office_id,
            issue=issue.id,
            column=item.column,
            step=step,
        )
    return item


def remove_item(actor: Actor, issue_id: int, item_id: int, version: int | None = None) -> None:
    """Take an item out of a draft; the submission goes back to the editors."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        _take_out(actor, issue, guards.item_of(issue, item_id))
        guards.changed(actor, issue)


def discard(actor: Actor, issue_id: int, version: int | None = None) -> None:
    """Delete a draft; its items go back to the editors."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        for item in list(issue.items):
            _take_out(actor, issue, item)
        audit.note(actor, "删除刊物", issue, office_id=issue.office_id)
        db.session.delete(issue)


def drop(submission_id: int) -> None:
    """A submission left the editors' hands: take it out of every unpublished issue it stands in."""
    if not queries.in_open_issues(submission_id):
        return
    with transaction():
        for item in queries.in_open_issues(submission_id):
            issue = item.issue
            audit.note(None, "条目自动移出刊物", item.submission, office_id=issue.office_id, issue=issue.id)
            if issue.state == "awaiting":
                issue.state = "draft"
                issue.sent_back_reason = f"{item.submission}已被收回，自动移出本期，请核对后重新送签"[:500]
            issue.changed_at = clock.now()
            issue.items.remove(item)


def _stepped(items: list[JournalItem], item: JournalItem, step: int) -> list[JournalItem]:
    """The items with one of them exchanged with its neighbour of the same column; at the end nothing moves."""
    order = list(items)
    neighbours = [one for one in order if one.column == item.column]
    wanted = neighbours.index(item) + (step > 0) - (step < 0)
    if 0 <= wanted < len(neighbours):
        here, there = order.index(item), order.index(neighbours[wanted])
        order[here], order[there] = order[there], order[here]
    return order


def _take_out(actor: Actor, issue: JournalIssue, item: JournalItem) -> None:
    if item.submission.state == "selected":
        compile_move(actor, item.submission, "deselect")
    audit.note(actor, "移出刊物", item.submission, office_id=issue.office_id, issue=issue.id)
    issue.items.remove(item)
