"""Signature of an issue: sent by an editor, approved step by step, called back or sent back with a reason.

The last step is the signature itself: `publishing.publish`, which asks `signable` before and tells `signed` after.
The text is sealed when the issue is sent; every sending starts a round of its own, so that approvals given before
a change no longer count.
"""

from collections.abc import Collection
from dataclasses import dataclass

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, PermissionDenied
from core.notices.services import take_back, tell
from core.permissions import require
from core.submissions.text import clean_line
from core.workdays import workdays_of
from plugins.journal import contents, eyes, guards, queries
from plugins.journal.models import JournalIssue
from plugins.journal.rights import ISSUERS
from plugins.journal.signing_schema import SignOff
from plugins.journal.signoff_models import JournalDecision

LONGEST = 500


@dataclass(frozen=True)
class Signature:
    """What goes with a signature: a remark; for a forced publication why it cannot wait."""

    remark: str = ""
    forced: str = ""


PLAIN = Signature()


def send_for_signature(
    actor: Actor, issue_id: int, version: int | None = None, skip: Collection[str] = ()
) -> JournalIssue:
    """Send a finished draft on its way; the text of every item is sealed as it stands.

    skip: ids of steps to leave out, as far as the pack lets them be left out of an issue so urgent.
    """
    with transaction():
        issue = guards.draft(actor, issue_id, version)
        journal = queries.journal_for(issue, clock.today())
        if blocking := [r.text for r in contents.remarks(issue, journal) if r.blocking]:
            raise InvalidInput("还不能送签", reason="；".join(blocking), advice="请调整后再送签")
        if issue.corrects:
            guards.correctable(issue.corrects)
        plan = journal.sign_off
        left_out = [step for step in plan.steps if step.id in skip]
        if refused := [step.title for step in left_out if step not in plan.optional(issue.urgency)]:
            raise InvalidInput(
                f"“{'、'.join(refused)}”不能省去",
                where="审签步骤",
                reason=f"规则包没有允许{'“' + issue.urgency + '”的' if issue.urgency else '不标紧急程度的'}这一刊物省去它",
                advice="请按步骤送签",
            )
        for item in issue.items:
            item.sealed = contents.printed(item).digest
        issue.state, issue.sent_back_reason = "awaiting", ""
        issue.sign_off = plan.without([step.id for step in left_out]).model_dump(mode="json")
        issue.round, issue.step = issue.round + 1, 0
        issue.sent_by_id, issue.sent_at = actor.id, clock.now()
        guards.composed(actor, issue)
        note(actor, issue, "sent")
        for step in left_out:
            note(actor, issue, "skipped", step=step.id, title=step.title)
        take_back(_about(issue, "back"), "已重新送签")
        audit.note(
            actor, "刊物送签", issue, office_id=issue.office_id, items=len(issue.items),
            **({"skipped": "、".join(step.title for step in left_out)} if left_out else {}),
        )  # fmt: skip
        _tell_next(issue)
    return issue


def approve(actor: Actor, issue_id: int, version: int | None = None, remark: str = "") -> JournalIssue:
    """Take the step the issue waits for; the next one's people are told. The last step is `publishing.publish`."""
    with transaction():
        issue = guards.awaiting(actor, "journal.check", issue_id, version)
        plan, log = eyes.plan_of(issue), eyes.decisions(issue.id)
        step = plan.steps[issue.step]
        if issue.step == len(plan.steps) - 1:
            raise Conflict(
                f"“{step.title}”是最后一步，办结即编号刊发", advice=f"请在刊物页面点“{step.title}”"
            )
        if why := eyes.hindrance(actor, issue, log):
            raise why
        unchanged(issue)
        note(actor, issue, "approved", remark, step=step.id, title=step.title)
        issue.step += 1
        take_back(_about(issue, "step"), f"已由{actor.name}{step.title}")
        audit.note(actor, f"刊物{step.title}", issue, office_id=issue.office_id, remark=clean(remark))
        _tell_next(issue)
    return issue


def retract(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """Whoever took the last step takes it back, as long as nobody has taken the next one: it waits for it again."""
    with transaction():
        issue = guards.awaiting(actor, "journal.check", issue_id, version)
        mine = eyes.retractable(actor, issue, eyes.decisions(issue.id))
        if not mine:
            raise PermissionDenied(
                "没有可以收回的意见",
                reason="只有刚办完的一步、在下一步办理以前可以由办理人收回",
                advice=f"请与{issue.awaited}的人联系，由其退回上一步",
            )
        note(actor, issue, "retracted", step=mine.step, title=mine.title)
        take_back(_about(issue, "step"), f"{actor.name}已收回{mine.title}意见")
        issue.step -= 1
        audit.note(actor, "收回审签意见", issue, office_id=issue.office_id, step=mine.title)
        _tell_next(issue, f"{actor.name}已收回{mine.title}意见", besides=actor.id)
    return issue


def recall(actor: Actor, issue_id: int, version: int | None = None) -> JournalIssue:
    """An editor calls an issue back before it is signed."""
    with transaction():
        issue = guards.awaiting(actor, "journal.compile", issue_id, version)
        issue.state = "draft"
        guards.changed(actor, issue)
        note(actor, issue, "recalled")
        take_back(_about(issue, "step"), "编辑已撤回送签")
        audit.note(actor, "撤回送签", issue, office_id=issue.office_id)
    return issue


def send_back(
    actor: Actor, issue_id: int, reason: str, version: int | None = None, *, previous: bool = False
) -> JournalIssue:
    """Whoever may take the step returns the issue, saying why: to the editors, or to the step before."""
    with transaction():
        issue = guards.awaiting(actor, "journal.check", issue_id, version)
        plan, log = eyes.plan_of(issue), eyes.decisions(issue.id)
        step = plan.steps[issue.step]
        if (why := eyes.hindrance(actor, issue, log)) and not may_return(actor, issue):
            raise why
        reason = clean(reason)
        if not reason:
            raise InvalidInput("退回须说明理由", where="退回理由", advice="请填写后再提交")
        if previous and not issue.step:
            raise InvalidInput("这是第一步，没有上一步可退", where="退给", advice="请退回编辑")
        note(actor, issue, "previous" if previous else "back", reason, step=step.id, title=step.title)
        take_back(_about(issue, "step"), f"{actor.name}已退回")
        if previous:
            issue.step -= 1
            _tell_next(issue, f"{step.title}退回：{reason}")
        else:
            issue.state, issue.sent_back_reason = "draft", reason
            tell(issue.composers, f"{issue.label}被退回：{reason}", _page(issue), _about(issue, "back"))
        audit.note(actor, "退回刊物", issue, office_id=issue.office_id, reason=reason, step=step.title)
    return issue


def left_by_item(issue: JournalIssue, reason: str) -> None:
    """An item left an issue on its way by itself: back to the editors, inside the running transaction."""
    issue.state, issue.sent_back_reason = "draft", reason[:LONGEST]
    note(None, issue, "left", reason)
    take_back(_about(issue, "step"), "有条目被收回，已自动退回编辑")
    tell(issue.composers, f"{issue.label}：{reason}", _page(issue), _about(issue, "back"))


def signable(actor: Actor, issue_id: int, version: int | None, signature: Signature = PLAIN) -> JournalIssue:
    """An issue this actor may sign now, every step before it taken, every text as it was sent.

    With a reason for a forced publication, one that lacks steps or that the actor composed.
    """
    issue = guards.awaiting(actor, "journal.publish", issue_id, version)
    why = _not_yet(issue) or eyes.hindrance(actor, issue, eyes.decisions(issue.id))
    if signature.forced:
        require(actor, "journal.force", issue)
        if not why:
            raise Conflict("这一期您可以直接签发，不需要先签发、后补审批", advice="请点“签发”")
    elif why:
        raise why
    unchanged(issue)
    if issue.corrects:
        guards.correctable(issue.corrects)
    return issue


def signed(actor: Actor, issue: JournalIssue, signature: Signature) -> None:
    """The issue has just been published, inside the transaction that does it: on record, people told."""
    plan = eyes.plan_of(issue)
    last = plan.steps[-1]
    take_back(_about(issue, "step"), f"已由{actor.name}{last.title}")
    if issue.sent_by_id and issue.sent_by_id != actor.id:
        tell(
            [issue.sent_by_id],
            f"{issue.label}已由{actor.name}{last.title}",
            _page(issue),
            _about(issue, "signed"),
        )
    if not signature.forced:
        note(actor, issue, "signed", signature.remark, step=last.id, title=last.title)
        return
    missing = lacking(actor, issue, plan)
    reason = clean(signature.forced)
    note(actor, issue, "forced", reason, step=last.id, title=missing)
    issue.forced = "pending"
    issue.approve_by = workdays_of(issue.office_id).after(clock.today(), plan.approve_within)
    audit.note(
        actor, "先签发、后补审批", issue, office_id=issue.office_id, reason=reason, missing=missing,
        approve_by=issue.approve_by.isoformat(),
    )  # fmt: skip
    tell(
        later_people(issue), f"{issue.label}先行签发（{reason}），请于{issue.approve_by:%-m月%-d日}前补审批"[:200],
        _page(issue), _about(issue, "after"),
    )  # fmt: skip


def later_people(issue: JournalIssue) -> list[int]:
    """Who may approve a forced publication afterwards: issuers who neither signed nor composed it."""
    away = issue.composers | {issue.published_by_id}
    return [person for person in eyes.holders(issue.office_id, ISSUERS) if person not in away]


def lacking(actor: Actor, issue: JournalIssue, plan: SignOff) -> str:
    """What a forced publication does without, for people to read."""
    taken = eyes.approvals(issue, eyes.decisions(issue.id))
    left = [step.title for step in plan.steps[:-1] if step.id not in taken]
    words = [f"{'、'.join(left)}未办"] if left else []
    if actor.id in issue.composers:
        words.append("编排人自行签发")
    return "，".join(words)[:60]


def changed_texts(issue: JournalIssue) -> list[str]:
    """The titles of items whose text is no longer what was sent; every approval given before is void with them."""
    return [item.submission.title for item in issue.items if contents.printed(item).digest != item.sealed]


def unchanged(issue: JournalIssue) -> None:
    """Raises Conflict when a text was revised after it was sent."""
    if changed := changed_texts(issue):
        raise Conflict(
            "送签以后，稿件又有修改，不能签发" if issue.step == len(eyes.plan_of(issue).steps) - 1
            else f"送签以后，稿件又有修改，不能{issue.awaited}",
            reason="；".join(f"《{title}》" for title in changed),
            advice="请退回编辑核对，重新送签",
        )  # fmt: skip


def note(
    actor: Actor | None, issue: JournalIssue, kind: str, remark: str = "", *, step: str = "", title: str = ""
) -> JournalDecision:
    """Put a decision on record, inside the running transaction."""
    found = JournalDecision(
        issue_id=issue.id, round=issue.round, kind=kind, step=step, title=title, by_id=actor.id if actor else None,
        at=clock.now(), remark=clean(remark),
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    return found


def clean(words: str) -> str:
    """A reason or remark as it is kept."""
    return clean_line(words)[:LONGEST]


def about(issue: JournalIssue, what: str) -> str:
    """What a notice is about: `step`, `back`, `signed`, `after`."""
    return f"issue:{issue.id}:{what}"


_about = about


def _page(issue: JournalIssue) -> str:
    return f"/journals/{issue.id}"


def _tell_next(issue: JournalIssue, why: str = "", besides: int = 0) -> None:
    people = [one for one in eyes.next_people(issue, eyes.decisions(issue.id)) if one != besides]
    text = f"{issue.label}待您{issue.awaited}" + (f"（{why}）" if why else "")
    tell(people, text, _page(issue), _about(issue, "step"))


def _not_yet(issue: JournalIssue) -> Conflict | None:
    plan = eyes.plan_of(issue)
    if issue.step == len(plan.steps) - 1:
        return None
    left = "、".join(step.title for step in plan.steps[issue.step : -1])
    return Conflict(
        f"这一期还没有{left}，不能{plan.steps[-1].title}",
        reason=f"现在等待{eyes.people_of_step(plan, issue.step)}{issue.awaited}",
        advice="请等前面的步骤办完；情况紧急的，可以先签发、后补审批",
    )


def may_return(actor: Actor, issue: JournalIssue) -> bool:
    """An issuer may send an issue back at any step, also one they had a hand in: that holds nothing up."""
    return any(grant.office_id == issue.office_id and grant.role in ISSUERS for grant in actor.grants)
