"""What every change of an issue asks first: the right, the version the person saw, the state, the column.

Steps of signature name the version of the issue the person was looking at; None (the command line) means "whatever
is there now". Changes of the composing board are merged instead, see board.py.
"""

from sqlalchemy import select

from core import clock
from core.actors import Actor
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import require
from core.submissions.models import Submission
from core.submissions.vocabulary import GENRES
from plugins.journal import queries
from plugins.journal.checks import FORMER
from plugins.journal.models import OPEN, STANDINGS, JournalComposer, JournalIssue, JournalItem
from plugins.journal.schema import Journal, JournalColumn


def open_draft(actor: Actor, issue_id: int) -> JournalIssue:
    """A draft as it is now, kept from others until the running transaction ends: changes come one after another."""
    db.session.execute(select(JournalIssue.id).where(JournalIssue.id == issue_id).with_for_update())
    return draft(actor, issue_id, None)


def draft(actor: Actor, issue_id: int, version: int | None) -> JournalIssue:
    return in_state(actor, "journal.compile", issue_id, version, "draft")


def awaiting(actor: Actor, permission: str, issue_id: int, version: int | None) -> JournalIssue:
    """An issue that waits for signature and that the actor may act on, as the person saw it."""
    return in_state(actor, permission, issue_id, version, "awaiting")


def in_state(actor: Actor, permission: str, issue_id: int, version: int | None, state: str) -> JournalIssue:
    issue = queries.issue(actor, issue_id)
    require(actor, permission, issue)
    if version is not None and issue.version != version:
        when = f"{clock.local(issue.changed_at):%H:%M}"
        raise Conflict(
            "没有保存：您打开之后，这一期已被改动",
            reason=f"最近一次由{issue.changed_by.name}于 {when} 编排，现为“{issue.state_title}”",
            advice="页面已是最新内容，请核对后再操作",
        )
    if issue.state != state:
        advice = "如需修改，请先撤回送签" if issue.state in OPEN else "已签发的刊物不再改动"
        raise Conflict(f"这一期现在是“{issue.state_title}”，不能这样操作", advice=advice)
    return issue


def published(actor: Actor, permission: str, issue_id: int, version: int | None) -> JournalIssue:
    """A published issue, kept from others until the running transaction ends."""
    db.session.execute(select(JournalIssue.id).where(JournalIssue.id == issue_id).with_for_update())
    return in_state(actor, permission, issue_id, version, "published")


def correctable(issue: JournalIssue) -> None:
    """Raises Conflict for an issue that does not stand any more."""
    if issue.standing != "valid":
        raise Conflict(
            f"{issue.label}{STANDINGS[issue.standing]}，不能更正",
            reason=issue.standing_reason,
            advice="如需重新刊发，请新编一期",
        )


def changed(actor: Actor, issue: JournalIssue) -> None:
    issue.changed_by_id, issue.changed_at = actor.id, clock.now()
    composed(actor, issue)


def composed(actor: Actor, issue: JournalIssue) -> None:
    """Remember who had a hand in the issue, however often others change it afterwards."""
    if actor.id not in {hand.user_id for hand in issue.hands}:
        issue.hands.append(JournalComposer(user_id=actor.id, since=clock.now()))


def item_of(issue: JournalIssue, item_id: int) -> JournalItem:
    found = next((item for item in issue.items if item.id == item_id), None)
    if not found:
        raise NotFound("这一期没有这个条目", advice="可能刚刚被移出，请刷新页面")
    return found


def column_of(issue: JournalIssue, column_id: str) -> JournalColumn:
    journal: Journal = queries.journal_for(issue, clock.today())
    column = journal.column(column_id)
    if not column:
        raise InvalidInput(
            "没有这个栏目", where="栏目", advice=f"可选：{'、'.join(c.title for c in journal.columns)}"
        )
    return column


def not_taken(column: JournalColumn, submission: Submission, why: str) -> InvalidInput:
    """The refusal of an item the pack keeps out of a column."""
    return InvalidInput(
        f"“{column.title}”栏目不收这条信息",
        where="栏目",
        reason=f"{why}：信息类型为“{GENRES[submission.genre]}”，报送单位为{submission.unit.short}",
        advice=column.note or "请换一个栏目",
    )


def column_title(issue: JournalIssue, column_id: str) -> str:
    """What people call a column; of one that is gone, what it was called when something was put in it."""
    column = queries.journal_for(issue, clock.today()).column(column_id)
    if column:
        return column.title
    return next((item.column_title for item in issue.items if item.column == column_id), "") or FORMER
