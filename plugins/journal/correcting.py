"""Begin the correction of a published issue: a draft with the same items and number, whose texts may be put right.

The old issue stands until the correction is signed; then `replacing.replace` puts it in its place.
See docs/decisions/0023-signing-and-correcting.md for why the number is the same.
"""

from typing import Any

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.submissions.services import MAX_TITLE
from core.submissions.text import Block, checked, clean_line
from plugins.journal import guards, queries, signing, steps
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.steps import Change
from plugins.journal.values import first_of

MARK = "（更正）"


def start(actor: Actor, issue_id: int, reason: str) -> JournalIssue:
    """A correction of an issue, saying what was wrong with it. Asked twice, the one begun already is given."""
    with transaction():
        old = guards.published(actor, "journal.compile", issue_id, None)
        guards.correctable(old)
        if begun := db.session.scalar(select(JournalIssue).where(JournalIssue.corrects_id == old.id)):
            return begun
        reason = signing.clean(reason)
        if not reason:
            raise InvalidInput("更正须说明原因", where="更正原因", advice="请写明哪里有误、应为什么")
        journal = queries.journal_for(old, clock.today())
        now = clock.now()
        issue = JournalIssue(
            office_id=old.office_id, journal=old.journal, edition=old.edition, title=old.title, secrecy=old.secrecy,
            secrecy_years=old.secrecy_years, urgency=old.urgency, frame=dict(old.frame), state="draft",
            note=_explained(old, reason) if journal.editor_note.issue else old.note, corrects=old,
            correction_reason=reason, year=old.year, number_text=_marked(old), total_text=old.total_text,
            created_by_id=actor.id, created_at=now, changed_by_id=actor.id, changed_at=now,
        )  # fmt: skip
        for item in old.items:
            if not item.withdrawn_at:
                issue.items.append(_copied(item))
        guards.composed(actor, issue)
        db.session.add(issue)
        db.session.flush()
        audit.note(actor, "起草更正", issue, office_id=issue.office_id, corrects=old.label, reason=reason)
    return issue


def of(issue_id: int) -> JournalIssue | None:
    """The correction of an issue, begun or published."""
    return db.session.scalar(select(JournalIssue).where(JournalIssue.corrects_id == issue_id))


def newest(issue: JournalIssue) -> JournalIssue:
    """What an issue is read in today: its correction, the correction of that and so on; itself when it has none."""
    while issue.standing == "corrected" and (following := of(issue.id)):
        issue = following
    return issue


def put_right(
    actor: Actor, issue_id: int, item_id: int, title: str, body: list[Block], seen: int | None = None
) -> JournalItem:
    """Change the text of an item of a correction; what the unit sent in stays as it is.

    seen: the number of the last change when the person opened the text.
    """
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        item = guards.item_of(issue, item_id)
        if not item.replaces_id:
            raise Conflict("这一条不在被更正的一期中", advice="请打开报送信息，在那里修改")
        title, body = clean_line(title), checked(body)
        if not title or not body:
            raise InvalidInput(
                "标题、正文不能空缺", where="正文" if title else "标题", advice="请补充完整后再保存"
            )
        if len(title) > MAX_TITLE:
            raise InvalidInput("标题过长", where="标题", advice=f"请控制在 {MAX_TITLE} 字以内")
        if seen is not None and (by := _changed_since(actor, issue, item, seen)):
            raise Conflict(
                f"保存失败：您打开之后，这一条已被{by}修改",
                advice="您填写的内容仍在页面上，请先复制留存，再打开最新稿核对",
            )
        before: dict[str, Any] = {"print_title": item.print_title, "body": item.body}
        after: dict[str, Any] = {"print_title": title, "body": body}
        if before == after:
            return item
        item.print_title, item.body = title, body
        steps.note(actor, issue, Change("text", f"更正文字：{title}", before, after), item.submission)
        audit.note(
            actor,
            "更正刊物文字",
            item.submission,
            office_id=issue.office_id,
            issue=issue.id,
            journal=issue.label,
        )
    return item


def _copied(item: JournalItem) -> JournalItem:
    return JournalItem(
        submission=item.submission, column=item.column, column_title=item.column_title, position=item.position,
        print_title=item.title, print_source=item.source, note=item.note, body=item.body, reprint=True, replaces_id=item.id,
    )  # fmt: skip


def _marked(old: JournalIssue) -> str:
    """第12期（更正）, when it is corrected again 第12期（第2次更正）."""
    times, one = 1, old
    while one.corrects:
        times, one = times + 1, one.corrects
    return first_of(old).number_text + (MARK if times == 1 else f"（第{times}次更正）")


def _explained(old: JournalIssue, reason: str) -> str:
    """The note of a correction: what was wrong, and below it what the issue said before its first column.

    A correction that is corrected itself was wrong too: what it said of the one before goes.
    """
    note = old.note
    if old.corrects:
        note = note.removeprefix(_mistake(old.corrects, old.correction_reason)).lstrip("\n")
    return "\n".join(filter(None, (_mistake(old, reason), note)))


def _mistake(old: JournalIssue, reason: str) -> str:
    assert old.dated
    return f"{clock.written(old.dated)}印发的{old.number_text}有误，现予更正，原期作废。更正事项：{reason.rstrip('。')}。"


def _changed_since(actor: Actor, issue: JournalIssue, item: JournalItem, seen: int) -> str:
    """Who else has changed the text since; empty when nobody has."""
    from_others = [
        step
        for step in steps.recent(issue.id, limit=50)
        if step.number > seen and step.submission_id == item.submission_id and step.by_id != actor.id
    ]
    return next((step.by.name for step in from_others if step.kind in ("text", "edit")), "")
