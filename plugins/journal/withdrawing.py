"""Withdraw a whole published issue, with all that follows from it; take the withdrawal back by a new decision.

The printed bytes never change and the number stays used. One transaction each; doing it twice does nothing more.
"""

from core import audit, clock, facts
from core.actors import Actor
from core.db import db, transaction
from core.documents import standing
from core.errors import Conflict, InvalidInput
from core.notices.services import take_back, tell
from core.submissions.services import compile_move
from plugins.journal import counting, deliveries, guards, signing
from plugins.journal.models import JournalIssue, JournalItem


def withdraw(actor: Actor, issue_id: int, reason: str, version: int | None = None) -> JournalIssue:
    """Withdraw an issue: facts reversed, items back with the editors, its document marked, readers told why."""
    with transaction():
        issue = guards.published(actor, "journal.withdraw", issue_id, None)
        if issue.standing == "withdrawn":
            return issue
        guards.published(actor, "journal.withdraw", issue_id, version)
        if issue.standing == "corrected":
            raise Conflict(f"{issue.label}已由更正的一期代替", advice="如需撤回，请撤回更正的那一期")
        reason = _reason(reason, "撤回")
        for item in issue.items:
            if not item.withdrawn_at:
                counting.take_back_item(actor, item, f"刊物撤回：{reason}"[: signing.LONGEST])
        _stand(actor, issue, "withdrawn", reason)
        signing.note(actor, issue, "withdrawn", reason)
        for what in ("published", "chase", "after", "restored"):
            take_back(signing.about(issue, what), "刊物已撤回")
        tell(
            [person for person in deliveries.everybody_of(issue.id) if person != actor.id],
            f"{issue.label}已撤回，请勿再传阅、引用：{reason}", f"/journals/{issue.id}", signing.about(issue, "withdrawn"),
        )  # fmt: skip
        audit.note(actor, "撤回刊物", issue, office_id=issue.office_id, reason=reason)
    return issue


def restore(actor: Actor, issue_id: int, reason: str, version: int | None = None) -> JournalIssue:
    """The withdrawal was wrong: the issue stands again and counts again, as long as its items are still free."""
    with transaction():
        issue = guards.published(actor, "journal.withdraw", issue_id, None)
        if issue.standing == "valid":
            return issue
        guards.published(actor, "journal.withdraw", issue_id, version)
        if issue.standing == "corrected":
            raise Conflict(f"{issue.label}已由更正的一期代替，不能恢复", advice="请以更正的一期为准")
        reason = _reason(reason, "恢复")
        own = [item for item in issue.items if item.went_along]
        _free(own)
        for item in own:
            _count_again(actor, issue, item, reason)
        _stand(actor, issue, "valid", reason)
        signing.note(actor, issue, "restored", reason)
        take_back(signing.about(issue, "withdrawn"), "刊物已恢复")
        tell(
            [person for person in deliveries.everybody_of(issue.id) if person != actor.id],
            f"{issue.label}已恢复，可以继续使用：{reason}", f"/journals/{issue.id}", signing.about(issue, "restored"),
        )  # fmt: skip
        if issue.forced == "pending":
            tell(
                signing.later_people(issue), f"{issue.label}已恢复，仍待补审批", f"/journals/{issue.id}",
                signing.about(issue, "after"),
            )  # fmt: skip
        audit.note(actor, "恢复刊物", issue, office_id=issue.office_id, reason=reason)
    return issue


def _reason(words: str, what: str) -> str:
    found = signing.clean(words)
    if not found:
        raise InvalidInput(f"{what}须说明理由", where="理由", advice="请填写后再提交")
    return found


def _stand(actor: Actor, issue: JournalIssue, how: str, reason: str) -> None:
    issue.standing, issue.standing_reason = how, reason
    issue.standing_at, issue.standing_by_id = clock.now(), actor.id
    assert issue.document
    standing.mark(actor, issue.document, how, reason)


def _free(items: list[JournalItem]) -> None:
    """Raises Conflict for items that somebody has gone on with since."""
    gone = [f"《{item.title}》" for item in items if item.submission.state not in ("editing", "adopted")]
    if gone:
        raise Conflict(
            "这一期不能恢复", reason=f"{'、'.join(gone)}撤回后已另行处理",
            advice="请先把它们移回“编辑中”，或新编一期",
        )  # fmt: skip


def _count_again(actor: Actor, issue: JournalIssue, item: JournalItem, reason: str) -> None:
    if item.fact_id:
        before = db.session.get_one(facts.Fact, item.fact_id)
        if not counting.standing_fact(item):
            new = counting.adoption(issue, item, on=before.on, again=counting.times(issue, item))
            item.fact_id = facts.record(actor, new).id
    item.withdrawn_at = item.withdrawn_by_id = None
    item.withdrawn_reason, item.went_along = "", False
    if item.submission.state == "editing":
        compile_move(actor, item.submission, "readopt", reason)
