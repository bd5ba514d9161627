"""Approval after a forced publication: by another issuer, in time; a refusal leads to withdrawal or correction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, PermissionDenied
from core.notices.services import take_back, tell
from core.permissions import reach
from plugins.journal import guards, signing
from plugins.journal.models import FORCED, JournalComposer, JournalIssue

SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """Forced publications within reach of an actor: those they may decide on, how many of them late, and refused ones."""

    mine: Sequence[JournalIssue]
    late: int
    refused: Sequence[JournalIssue]


def decide(
    actor: Actor, issue_id: int, agree: bool, remark: str = "", version: int | None = None
) -> JournalIssue:
    """Approve or refuse what was published in a hurry; a refusal says why."""
    with transaction():
        issue = guards.published(actor, "journal.publish", issue_id, version)
        if issue.forced != "pending" or issue.standing != "valid":
            now = FORCED.get(issue.forced, "按步骤签发")
            raise Conflict("这一期现在不需要补审批", reason=f"现为“{now}”", advice="请刷新页面查看最新状态")
        if why := hindrance(actor, issue):
            raise why
        remark = signing.clean(remark)
        if not agree and not remark:
            raise InvalidInput("不同意须说明理由", where="意见", advice="请填写后再提交")
        issue.forced = "approved" if agree else "refused"
        signing.note(actor, issue, "agreed" if agree else "refused", remark)
        words = "补审批同意" if agree else "补审批不同意"
        take_back(signing.about(issue, "after"), f"{actor.name}已{words}")
        people = {issue.published_by_id, *issue.composers} - {actor.id, None}
        text = (
            f"{issue.label}{words}" + (f"：{remark}" if remark else "") + ("" if agree else "。请撤回或更正")
        )
        tell([p for p in sorted(people) if p], text, f"/journals/{issue.id}", signing.about(issue, "decided"))
        audit.note(actor, words, issue, office_id=issue.office_id, remark=remark)
    return issue


def hindrance(actor: Actor, issue: JournalIssue) -> PermissionDenied | None:
    """Why the actor may not approve it afterwards: they signed or composed it."""
    if actor.id == issue.published_by_id:
        return PermissionDenied(
            "先行签发的人不能自己补审批", reason="补审批须由另一人办理", advice="请由另一位签发人补审批"
        )
    if actor.id in issue.composers:
        return PermissionDenied(
            "编发人不能补审批自己编排过的刊物", reason="补审批须由另一人办理", advice="请由另一位签发人补审批"
        )
    return None


def overdue(issue: JournalIssue) -> bool:
    """Whether the approval is late."""
    return issue.forced == "pending" and bool(issue.approve_by) and issue.approve_by < clock.today()  # type: ignore[operator]


def waiting(actor: Actor) -> Waiting:
    """What waits for approval by the actor, and what was refused and still stands.

    Refused ones wait for every issuer, who may withdraw them, and for whoever composed them, who draft a correction.
    """
    far = reach(actor, "journal.publish")
    if not far:
        return Waiting((), 0, refused_of(actor))
    query = select(JournalIssue).where(
        far.where(JournalIssue.office_id), JournalIssue.state == "published", JournalIssue.standing == "valid",
        JournalIssue.forced.in_(("pending", "refused")),
    )  # fmt: skip
    found = list(db.session.scalars(query.order_by(JournalIssue.approve_by, JournalIssue.id).limit(SHOWN)))
    mine = [issue for issue in found if issue.forced == "pending" and not hindrance(actor, issue)]
    refused = [issue for issue in found if issue.forced == "refused"]
    return Waiting(mine, sum(map(overdue, mine)), refused)


def refused_of(actor: Actor) -> list[JournalIssue]:
    """The refused issues that still stand and that the actor had a hand in composing."""
    far = reach(actor, "journal.compile")
    if not far:
        return []
    query = select(JournalIssue).where(
        far.where(JournalIssue.office_id), JournalIssue.state == "published", JournalIssue.standing == "valid",
        JournalIssue.forced == "refused", JournalIssue.hands.any(JournalComposer.user_id == actor.id),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(JournalIssue.id).limit(SHOWN)))
