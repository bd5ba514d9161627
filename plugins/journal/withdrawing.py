"""Withdraw a whole published issue, with all that follows from it; take the withdrawal back by a new decision.

The printed bytes never change and the number stays used. One transaction each; doing it twice does nothing more.
"""

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents import standing
from core.errors import Conflict, InvalidInput, NotFound
from core.notices.services import take_back, tell
from core.submissions.services import compile_move, put_back
from plugins.journal import correcting, counting, deliveries, guards, outdating, signing
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
            [person for person in _readers(issue) if person != actor.id],
            f"{issue.label}已撤回，请勿再传阅、引用：{reason}", f"/journals/{issue.id}", signing.about(issue, "withdrawn"),
        )  # fmt: skip
        _tell_correctors(actor, issue, "已撤回，更正稿不能签发")
        outdating.tell_binders(actor, issue)
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
            [person for person in _readers(issue) if person != actor.id],
            f"{issue.label}已恢复，可以继续使用：{reason}", f"/journals/{issue.id}", signing.about(issue, "restored"),
        )  # fmt: skip
        _tell_correctors(actor, issue, "已恢复，更正稿可以继续办理")
        outdating.tell_binders(actor, issue)
        if issue.forced == "pending":
            tell(
                signing.later_people(issue), f"{issue.label}已恢复，仍待补审批", f"/journals/{issue.id}",
                signing.about(issue, "after"),
            )  # fmt: skip
        audit.note(actor, "恢复刊物", issue, office_id=issue.office_id, reason=reason)
    return issue


def restore_adoption(actor: Actor, item_id: int, reason: str) -> JournalItem:
    """Taking back the adoption of one item was wrong: it counts again, with the text as it was printed."""
    with transaction():
        found = db.session.get(JournalItem, item_id)
        if not found:
            raise NotFound("没有这个条目", advice="请返回刊物页面重新选择")
        issue = guards.published(actor, "journal.publish", found.issue_id, None)
        reason = _reason(reason, "恢复采用")
        if not found.withdrawn_at or found.went_along or issue.standing != "valid":
            raise Conflict("这一条现在不能恢复采用", advice="请刷新页面查看最新状态")
        if found.submission.state != ("adopted" if found.reprint else "editing"):
            raise Conflict(
                f"《{found.title}》不能恢复采用",
                reason="撤销采用后已另行处理",
                advice="请先把它移回“编辑中”，或编入新的一期",
            )
        _count_again(actor, issue, found, reason)
        audit.note(
            actor, "恢复采用", found.submission, office_id=issue.office_id,
            issue=issue.id, journal=issue.label, reason=reason,
        )  # fmt: skip
    return found


def _readers(issue: JournalIssue) -> list[int]:
    """Everybody who had the issue or, when it is a correction, one that it stands for: they were sent on to it."""
    found: set[int] = set()
    one: JournalIssue | None = issue
    while one:
        found.update(deliveries.everybody_of(one.id))
        one = one.corrects
    return sorted(found)


def _tell_correctors(actor: Actor, issue: JournalIssue, told: str) -> None:
    """Whoever works on a correction of the issue hears what became of it."""
    draft = correcting.of(issue.id)
    if draft and draft.state != "published":
        about = signing.about(issue, "correctors")
        take_back(about, "刊物状态已有变化")
        tell(sorted(draft.composers - {actor.id}), f"{issue.label}{told}", f"/journals/{draft.id}", about)


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
    counting.count_again(actor, issue, item)
    item.withdrawn_at = item.withdrawn_by_id = None
    item.withdrawn_reason, item.went_along = "", False
    if item.submission.state == "editing":
        # Published is what was printed, not what the editors tried in the meantime.
        assert issue.published_at
        put_back(actor, item.submission, issue.published_at, "刊物恢复，按印发时的文字")
        compile_move(actor, item.submission, "readopt", reason)
