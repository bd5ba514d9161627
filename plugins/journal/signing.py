"""Signature of an issue: sent by an editor, called back, sent back by the issuer with a reason."""

from core import audit, clock
from core.actors import Actor
from core.db import transaction
from core.errors import InvalidInput
from core.submissions.text import clean_line
from plugins.journal import contents, guards, queries
from plugins.journal.models import JournalIssue


def send_for_signature(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """Send a finished draft to the issuers; the text of every item is sealed as it stands."""
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        journal = queries.journal_for(issue, clock.today())
        if blocking := [r.text for r in contents.remarks(issue, journal) if r.blocking]:
            raise InvalidInput("还不能送签", reason="；".join(blocking), advice="请调整后再送签")
        for item in issue.items:
            item.sealed = contents.printed(item).digest
        issue.state, issue.sent_back_reason = "awaiting", ""
        issue.sent_by_id, issue.sent_at = actor.id, clock.now()
        guards.composed(actor, issue)
        audit.note(actor, "刊物送签", issue, office_id=issue.office_id, items=len(issue.items))
    return issue


def recall(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """An editor calls an issue back before it is signed."""
    with transaction():
        issue = guards.awaiting(actor, "journal.compile", issue_id, version)
        issue.state = "draft"
        guards.changed(actor, issue)
        audit.note(actor, "撤回送签", issue, office_id=issue.office_id)
    return issue


def send_back(actor: Actor, issue_id: int, reason: str, version: int | None = None) -> JournalIssue:
    """The issuer returns an issue to the editors, saying why."""
    with transaction():
        issue = guards.awaiting(actor, "journal.publish", issue_id, version)
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("退回须说明理由", where="退回理由", advice="请填写后再提交")
        issue.state, issue.sent_back_reason = "draft", reason
        audit.note(actor, "退回刊物", issue, office_id=issue.office_id, reason=reason)
    return issue
