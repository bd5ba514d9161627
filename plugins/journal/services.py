"""Composing an issue: start it, place and move items, send it for signature, call it back, send it back.

Every change names the version of the issue the person was looking at, so that two editors never overwrite
each other; None (the command line, the item's own page) means "whatever is there now".
"""

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import Place, require
from core.submissions import queries as submissions
from core.submissions.models import Submission
from core.submissions.services import compile_move
from core.submissions.text import clean_line
from core.submissions.vocabulary import GENRES
from plugins.journal import contents, queries
from plugins.journal.models import OPEN, STATES, JournalComposer, JournalIssue, JournalItem
from plugins.journal.section import Journal, JournalColumn


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
        _composed(actor, issue)
        db.session.add(issue)
        db.session.flush()
        audit.note(actor, "新建刊物", issue, office_id=office_id)
    return issue


def add_item(
    actor: Actor, issue_id: int, submission_id: int, column_id: str, version: int | None = None
) -> JournalItem:
    """Place a submission at the end of a column; it becomes 已入选."""
    with transaction():
        issue = _draft(actor, issue_id, version)
        submission = submissions.one(actor, submission_id)
        if submission.office_id != issue.office_id:
            raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
        for elsewhere in queries.in_open_issues(submission_id):
            raise Conflict(f"这条信息已放入{elsewhere.issue.label}", advice="如需调整，请先从那一期移出")
        _fit(_column(issue, column_id), submission)
        compile_move(actor, submission, "select")
        item = JournalItem(submission=submission, column=column_id, position=len(issue.items) + 1)
        issue.items.append(item)
        _changed(actor, issue)
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
        issue = _draft(actor, issue_id, version)
        item = _item(issue, item_id)
        if column_id and column_id != item.column:
            _fit(_column(issue, column_id), item.submission)
            item.column = column_id
            order = [one for one in issue.items if one is not item] + [item]
        else:
            order = _stepped(issue.items, item, step)
        for position, one in enumerate(order, 1):
            one.position = position
        _changed(actor, issue)
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
        issue = _draft(actor, issue_id, version)
        _take_out(actor, issue, _item(issue, item_id))
        _changed(actor, issue)


def discard(actor: Actor, issue_id: int, version: int | None = None) -> None:
    """Delete a draft; its items go back to the editors."""
    with transaction():
        issue = _draft(actor, issue_id, version)
        for item in list(issue.items):
            _take_out(actor, issue, item)
        audit.note(actor, "删除刊物", issue, office_id=issue.office_id)
        db.session.delete(issue)


def send_for_signature(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """Send a finished draft to the issuers; the text of every item is sealed as it stands."""
    with transaction():
        issue = _draft(actor, issue_id, version)
        journal = queries.journal_of(issue.office_id, issue.journal, clock.today())
        if blocking := [r.text for r in contents.remarks(issue, journal) if r.blocking]:
            raise InvalidInput("还不能送签", reason="；".join(blocking), advice="请调整后再送签")
        for item in issue.items:
            item.sealed = contents.printed(item).digest
        issue.state, issue.sent_back_reason = "awaiting", ""
        issue.sent_by_id, issue.sent_at = actor.id, clock.now()
        _composed(actor, issue)
        audit.note(actor, "刊物送签", issue, office_id=issue.office_id, items=len(issue.items))
    return issue


def recall(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """An editor calls an issue back before it is signed."""
    with transaction():
        issue = awaiting(actor, "journal.compile", issue_id, version)
        issue.state = "draft"
        _changed(actor, issue)
        audit.note(actor, "撤回送签", issue, office_id=issue.office_id)
    return issue


def send_back(actor: Actor, issue_id: int, reason: str, version: int | None = None) -> JournalIssue:
    """The issuer returns an issue to the editors, saying why."""
    with transaction():
        issue = awaiting(actor, "journal.publish", issue_id, version)
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("退回须说明理由", where="退回理由", advice="请填写后再提交")
        issue.state, issue.sent_back_reason = "draft", reason
        audit.note(actor, "退回刊物", issue, office_id=issue.office_id, reason=reason)
    return issue


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


def awaiting(actor: Actor, permission: str, issue_id: int, version: int | None) -> JournalIssue:
    """An issue that waits for signature and that the actor may act on, as the person saw it."""
    return _in_state(actor, permission, issue_id, version, "awaiting")


def _draft(actor: Actor, issue_id: int, version: int | None) -> JournalIssue:
    return _in_state(actor, "journal.compile", issue_id, version, "draft")


def _in_state(actor: Actor, permission: str, issue_id: int, version: int | None, state: str) -> JournalIssue:
    issue = queries.issue(actor, issue_id)
    require(actor, permission, issue)
    if version is not None and issue.version != version:
        when = f"{clock.local(issue.changed_at):%H:%M}"
        raise Conflict(
            "没有保存：您打开之后，这一期已被改动",
            reason=f"最近一次由{issue.changed_by.name}于 {when} 编排，现为“{STATES[issue.state]}”",
            advice="页面已是最新内容，请核对后再操作",
        )
    if issue.state != state:
        advice = "如需修改，请先撤回送签" if issue.state in OPEN else "已签发的刊物不再改动"
        raise Conflict(f"这一期现在是“{STATES[issue.state]}”，不能这样操作", advice=advice)
    return issue


def _changed(actor: Actor, issue: JournalIssue) -> None:
    issue.changed_by_id, issue.changed_at = actor.id, clock.now()
    _composed(actor, issue)


def _composed(actor: Actor, issue: JournalIssue) -> None:
    """Remember who had a hand in the issue, however often others change it afterwards."""
    if actor.id not in {hand.user_id for hand in issue.hands}:
        issue.hands.append(JournalComposer(user_id=actor.id, since=clock.now()))


def _item(issue: JournalIssue, item_id: int) -> JournalItem:
    found = next((item for item in issue.items if item.id == item_id), None)
    if not found:
        raise NotFound("这一期没有这个条目", advice="可能刚刚被移出，请刷新页面")
    return found


def _column(issue: JournalIssue, column_id: str) -> JournalColumn:
    journal: Journal = queries.journal_of(issue.office_id, issue.journal, clock.today())
    column = journal.column(column_id)
    if not column:
        raise InvalidInput(
            "没有这个栏目", where="栏目", advice=f"可选：{'、'.join(c.title for c in journal.columns)}"
        )
    return column


def _fit(column: JournalColumn, submission: Submission) -> None:
    """Refuse an item the pack keeps out of a column."""
    if not column.takes(submission.genre, submission.unit.kind):
        raise InvalidInput(
            f"“{column.title}”栏目不收这条信息",
            where="栏目",
            reason=f"信息类型为“{GENRES[submission.genre]}”，报送单位为{submission.unit.short}",
            advice=column.note or "请换一个栏目",
        )


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
