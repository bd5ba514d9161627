"""What pages show of the signature of an issue: its steps, what the reader may do now, everything decided so far."""

from dataclasses import dataclass, field
from typing import Any

from core import clock
from core.actors import Actor
from core.filters import minute
from core.permissions import allowed
from plugins.journal import after, correcting, eyes, queries, signing
from plugins.journal.models import JournalIssue
from plugins.journal.schema import Journal
from plugins.journal.signing_schema import SignStep
from plugins.journal.signoff_models import JournalDecision

TONES = {
    "approved": "success", "signed": "success", "agreed": "success", "restored": "success", "back": "warning",
    "previous": "warning", "retracted": "warning", "left": "warning", "recalled": "warning",
    "forced": "danger", "refused": "danger", "withdrawn": "danger", "corrected": "danger", "sent": "info", "skipped": "info",
}  # fmt: skip


@dataclass(frozen=True)
class StepLine:
    """A step as a line: done by whom and when, awaited, or still to come."""

    title: str
    state: str
    who: str
    decision: JournalDecision | None = None


@dataclass(frozen=True)
class Signing:
    """The signature of an issue on its way, as one reader sees it."""

    steps: list[StepLine]
    title: str
    last: bool
    may_take: bool
    why_not: str
    may_return: bool
    may_retract: bool
    may_force: bool
    changed: list[str]
    optional: list[SignStep] = field(default_factory=list)
    nobody: str = ""


def signing_of(actor: Actor, issue: JournalIssue, journal: Journal) -> Signing:
    """The steps of a draft as the pack names them now, of an issue on its way as they were when it was sent."""
    waits = issue.state == "awaiting"
    plan = eyes.plan_of(issue) if waits else journal.sign_off
    log = eyes.decisions(issue.id)
    taken = eyes.approvals(issue, log) if waits else {}
    here = issue.step if waits else -1
    lines = [
        StepLine(
            step.title, "done" if step.id in taken else "now" if n == here else "later",
            eyes.people_of_step(plan, n), taken.get(step.id),
        )
        for n, step in enumerate(plan.steps)
    ]  # fmt: skip
    why = eyes.hindrance(actor, issue, log) if waits else None
    last = here == len(plan.steps) - 1
    mine = waits and allowed(actor, "journal.publish" if last else "journal.check", issue)
    held_up = bool(why) or not last
    return Signing(
        steps=lines, title=plan.steps[max(here, 0)].title, last=last, may_take=mine and not why,
        why_not=f"{why.message}：{why.reason}" if why and allowed(actor, "journal.check", issue) else "",
        may_return=mine and not why or waits and signing.may_return(actor, issue),
        may_retract=waits and allowed(actor, "journal.check", issue) and bool(eyes.retractable(actor, issue, log)),
        may_force=waits and held_up and allowed(actor, "journal.force", issue),
        changed=signing.changed_texts(issue) if waits else [],
        optional=[] if waits else plan.optional(issue.urgency),
        nobody=eyes.people_of_step(plan, here) if waits and not eyes.next_people(issue, log) else "",
    )  # fmt: skip


def history(issue: JournalIssue) -> list[dict[str, Any]]:
    """Everything decided about an issue, the newest first, as the macro `timeline` takes it."""
    return [
        {
            "what": one.words + (f"（{one.title}）" if one.kind == "forced" and one.title else ""),
            "tone": TONES[one.kind], "at": minute(one.at), "iso": one.at.isoformat(),
            "who": one.by.name if one.by else "系统", "reason": one.remark,
        }
        for one in reversed(eyes.decisions(issue.id))
    ]  # fmt: skip


def aftermath(actor: Actor, issue: JournalIssue) -> dict[str, Any]:
    """What a reader of a published issue may do about it as a whole, and what took its place."""
    stands = issue.standing == "valid"
    pending = stands and issue.forced == "pending"
    decides = allowed(actor, "journal.publish", issue)
    correction = correcting.of(issue.id)
    desk = allowed(actor, "journal.draft", issue)
    if correction and correction.state != "published" and not desk:
        correction = None
    return {
        "late": after.overdue(issue),
        "may_approve": pending and decides and not after.hindrance(actor, issue),
        "forced_by": _last(issue, "forced") if issue.forced and desk else None,
        "decided_by": _last(issue, "agreed", "refused") if issue.forced and desk else None,
        "correction": correction,
        "newest": correcting.newest(issue),
        "may_withdraw_issue": stands and allowed(actor, "journal.withdraw", issue),
        "may_restore": issue.standing == "withdrawn" and allowed(actor, "journal.withdraw", issue),
        "may_correct": stands and allowed(actor, "journal.compile", issue) and _has_journal(issue),
        "history": history(issue) if desk else [],
    }  # fmt: skip


def _last(issue: JournalIssue, *kinds: str) -> JournalDecision | None:
    return next((one for one in reversed(eyes.decisions(issue.id)) if one.kind in kinds), None)


def _has_journal(issue: JournalIssue) -> bool:
    """Whether the pack in force still has the journal."""
    return any(one.id == issue.journal_id for one in queries.journals_of(issue.office_id, clock.today()))
