"""Second eyes: who may take a step of an issue's signature, who may not and why, whose turn it is.

Nobody takes a step of what they had a hand in composing, nor two steps unless the pack allows it.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import clock
from core.accounts.models import RoleAssignment, User
from core.actors import Actor
from core.db import db
from core.errors import PermissionDenied
from core.permissions import ROLES, reach
from plugins.journal.models import JournalIssue
from plugins.journal.signing_schema import SignOff
from plugins.journal.signoff_models import JournalDecision

WAITING_SHOWN = 200


def plan_of(issue: JournalIssue) -> SignOff:
    """The steps as they were when the issue was sent."""
    return SignOff.model_validate(issue.sign_off) if issue.sign_off else SignOff()


def decisions(issue_id: int) -> list[JournalDecision]:
    """Everything decided about an issue, in order."""
    query = select(JournalDecision).where(JournalDecision.issue_id == issue_id)
    return list(
        db.session.scalars(query.options(joinedload(JournalDecision.by)).order_by(JournalDecision.id))
    )


def approvals(issue: JournalIssue, log: Sequence[JournalDecision]) -> dict[str, JournalDecision]:
    """The approvals of this round that stand, by step: one sent back to the step before, or taken back, no longer does."""
    standing: dict[str, JournalDecision] = {}
    for one in log:
        if one.round != issue.round:
            continue
        if one.kind in ("approved", "signed"):
            standing[one.step] = one
        elif one.kind == "previous":
            order = [step.id for step in plan_of(issue).steps]
            standing.pop(order[order.index(one.step) - 1], None)
        elif one.kind == "retracted":
            standing.pop(one.step, None)
    return standing


def retractable(actor: Actor, issue: JournalIssue, log: Sequence[JournalDecision]) -> JournalDecision | None:
    """The actor's own approval of the step just taken: theirs to take back while the next one is awaited."""
    if not issue.step:
        return None
    found = approvals(issue, log).get(plan_of(issue).steps[issue.step - 1].id)
    return found if found and found.by_id == actor.id else None


def hindrance(actor: Actor, issue: JournalIssue, log: Sequence[JournalDecision]) -> PermissionDenied | None:
    """Why the actor may not take the step the issue waits for; None when they may."""
    plan = plan_of(issue)
    step = plan.steps[issue.step]
    if actor.id in issue.composers:
        return PermissionDenied(
            f"编发人不能{step.title}自己编排过的刊物",
            reason=f"编排与{step.title}须由两人分别办理",
            advice=f"请由{people_of_step(plan, issue.step, other=True)}{step.title}",
        )
    if not _named(actor, issue, plan):
        return PermissionDenied(
            f"“{step.title}”不由您办理",
            reason=f"规则包规定由{people_of_step(plan, issue.step)}办理",
            advice="请等待办理",
        )
    if not plan.same_person:
        for taken in approvals(issue, log).values():
            if taken.by_id == actor.id:
                return PermissionDenied(
                    f"您已办理“{taken.title}”，不能再办“{step.title}”",
                    reason="同一个人不能办理两个步骤",
                    advice=f"请由{people_of_step(plan, issue.step, other=True)}办理",
                )
    return None


def people_of_step(plan: SignOff, number: int, *, other: bool = False) -> str:
    """Who takes a step, in words: 职务为科长的签发人."""
    roles = "或".join(ROLES[role].title for role in plan.holders(number) if role in ROLES)
    posts = plan.steps[number].posts
    who = f"职务为{'、'.join(posts)}的{roles}" if posts else roles
    return f"另一位{who}" if other else who


def next_people(issue: JournalIssue, log: Sequence[JournalDecision]) -> list[int]:
    """Everybody who may take the step the issue waits for."""
    plan = plan_of(issue)
    away = set(issue.composers)
    if not plan.same_person:
        away |= {one.by_id for one in approvals(issue, log).values() if one.by_id}
    found = holders(issue.office_id, plan.holders(issue.step), plan.steps[issue.step].posts)
    return [person for person in found if person not in away]


def holders(office_id: int, roles: Sequence[str], posts: Sequence[str] = ()) -> list[int]:
    """The users of an office with one of these roles, and one of these posts where any is named."""
    query = (
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.office_id == office_id, RoleAssignment.role.in_(roles), User.disabled.is_(False)
        )
        .where(or_(User.expires_on.is_(None), User.expires_on >= clock.today()))
    )
    if posts:
        query = query.where(User.post.in_(posts))
    return list(db.session.scalars(query.distinct().order_by(User.id)))


def waiting_for(actor: Actor) -> list[JournalIssue]:
    """The issues whose step the actor may take now, the longest waiting first."""
    far = reach(actor, "journal.check")
    if not far:
        return []
    query = select(JournalIssue).where(JournalIssue.state == "awaiting", far.where(JournalIssue.office_id))
    found = list(
        db.session.scalars(query.order_by(JournalIssue.sent_at, JournalIssue.id).limit(WAITING_SHOWN))
    )
    return [issue for issue in found if not hindrance(actor, issue, decisions(issue.id))]


def _named(actor: Actor, issue: JournalIssue, plan: SignOff) -> bool:
    roles, posts = plan.holders(issue.step), plan.steps[issue.step].posts
    held = any(grant.office_id == issue.office_id and grant.role in roles for grant in actor.grants)
    return held and (not posts or actor.post in posts)
