"""Who is editing an item right now. A lease keeps others from saving and deciding, and ends by itself.

It is a row with an end; whether it still holds is decided when somebody looks. Nothing clears it away at night.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.permissions import among, require
from core.submissions import workflow
from core.submissions.models import Submission, SubmissionLease
from core.submissions.queries import one
from core.submissions.steps import remember
from core.submissions.telling import tell_one

# Asking twice in this time is asking once.
ASK_AGAIN = timedelta(minutes=2)


def hold(actor: Actor, submission_id: int) -> SubmissionLease:
    """Take an item to edit, or keep it for longer. Raises Conflict while somebody else has it.

    Whoever takes over after the end of another's lease is written into the item's history.
    """
    with transaction():
        submission = _locked(actor, submission_id)
        require(actor, "submission.edit", submission)
        if submission.state not in workflow.EDITABLE_BY_EDITOR:
            now = workflow.STATES[submission.state].title
            raise Conflict(f"不能编辑：这条信息现在是“{now}”", advice="请刷新页面查看最新状态")
        now, lease = clock.now(), db.session.get(SubmissionLease, submission_id)
        if lease and lease.holder_id != actor.id and lease.until > now:
            raise _held(lease)
        if lease and lease.holder_id != actor.id:
            _taken_over(actor, submission, lease)
            db.session.delete(lease)
            db.session.flush()
            lease = None
        if not lease:
            lease = SubmissionLease(submission_id=submission_id, holder_id=actor.id, since=now)
            db.session.add(lease)
        elif lease.until <= now:
            lease.since, lease.asked_by_id, lease.asked_at = now, None, None
        lease.until = now + timedelta(minutes=current_app.config["YAOQING"]["LEASE_MINUTES"])
        db.session.flush()
    return lease


def release(actor: Actor, submission_id: int) -> None:
    """Let go of an item before the time is up."""
    with transaction():
        submission = _locked(actor, submission_id)
        lease = db.session.get(SubmissionLease, submission.id)
        if lease and lease.holder_id == actor.id:
            db.session.delete(lease)


def ask(actor: Actor, submission_id: int) -> SubmissionLease:
    """Ask whoever is editing an item to let go of it; they get a notice."""
    with transaction():
        submission = _locked(actor, submission_id)
        require(actor, "submission.edit", submission)
        lease, now = standing(submission_id), clock.now()
        if not lease or lease.holder_id == actor.id:
            raise Conflict("现在没有别人在编辑这条信息", advice="请刷新页面后直接编辑")
        if lease.asked_by_id == actor.id and lease.asked_at and now - lease.asked_at < ASK_AGAIN:
            raise InvalidInput("刚才已经提醒过对方", advice="请稍等片刻，或当面联系")
        lease.asked_by_id, lease.asked_at = actor.id, now
        tell_one(
            lease.holder_id, submission, f"{actor.name}请您让出正在编辑的{submission.called}：保存修改稿或点“结束编辑”即可",
            f"submission:{submission_id}:lease",
        )  # fmt: skip
        audit.note(
            actor, "请求让出编辑", submission, office_id=submission.office_id, holder=lease.holder.name
        )
    return lease


def guard(actor: Actor, submission: Submission) -> None:
    """Raise Conflict while somebody else is editing the item. Holds until the end of the running transaction."""
    db.session.flush()
    db.session.execute(select(Submission.id).where(Submission.id == submission.id).with_for_update())
    lease = standing(submission.id)
    if lease and lease.holder_id != actor.id:
        raise _held(lease)


def end(submission: Submission) -> SubmissionLease | None:
    """The work is done or taken away: nobody edits the item any more. Gives the lease that stood, if any."""
    lease = db.session.get(SubmissionLease, submission.id)
    if not lease:
        return None
    stood = lease.until > clock.now()
    db.session.delete(lease)
    return lease if stood else None


def standing(submission_id: int) -> SubmissionLease | None:
    """The lease that holds now."""
    return among_these([submission_id]).get(submission_id)


def among_these(ids: Collection[int]) -> dict[int, SubmissionLease]:
    """The leases that hold now on some items, by item."""
    if not ids:
        return {}
    query = select(SubmissionLease).options(joinedload(SubmissionLease.holder))
    query = query.execution_options(populate_existing=True)
    found = db.session.scalars(
        query.where(among(SubmissionLease.submission_id, ids), SubmissionLease.until > clock.now())
    )
    return {lease.submission_id: lease for lease in found}


def until_text(until: datetime) -> str:
    """10:35, with the day when it is another one."""
    local = clock.local(until)
    return (
        f"{local:%H:%M}" if local.date() == clock.today() else f"{local.month}月{local.day}日 {local:%H:%M}"
    )


def _locked(actor: Actor, submission_id: int) -> Submission:
    """The item, its row locked: two editors who reach for it come one after the other."""
    submission = one(actor, submission_id)
    db.session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())
    return submission


def _held(lease: SubmissionLease) -> Conflict:
    return Conflict(
        f"{lease.holder.name}正在编辑这条信息，至 {until_text(lease.until)}",
        reason="同一条信息同时只能由一人修改和处理",
        advice="可请对方让出，或在到时后接替",
    )


def _taken_over(actor: Actor, submission: Submission, lease: SubmissionLease) -> None:
    told = f"{lease.holder.name}的编辑已于 {until_text(lease.until)} 到时"
    remember(submission, actor, "接替编辑", told, internal=True, from_id=lease.holder_id)
    audit.note(actor, "接替编辑", submission, office_id=submission.office_id, reason=told)
    tell_one(
        lease.holder_id, submission, f"{actor.name}已接替您编辑{submission.called}：您的编辑已到时",
        f"submission:{submission.id}:lease",
    )  # fmt: skip
