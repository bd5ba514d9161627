"""Hand an item to another editor; take back the last decision, with facts, texts and notices following.

A decision is an event that keeps the move made and what was before it. Only the last one can be undone, and only
while nothing else has happened to the item; undoing is a decision of its own and stands in the history as well.
"""

from sqlalchemy import select

from core import audit, clock, facts
from core.accounts.models import User
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.notices import services as notices
from core.permissions import reach, require
from core.submissions import leases, revisions, text, workflow
from core.submissions.models import Submission, SubmissionEvent
from core.submissions.queries import one
from core.submissions.steps import remember, step
from core.submissions.telling import about, refusal, tell_one, tell_refused

NOT_HERE = "没有这条信息，或您无权查看"


def editors(office_id: int) -> list[User]:
    """Who edits in an office, by name: those an item can be handed to."""
    ids = notices.holders(office_id, "submission.edit")
    return list(db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name, User.id)))


def transfer(actor: Actor, submission_id: int, to_id: int, note: str = "") -> Submission:
    """Hand an item to another editor, who gets a notice with the note."""
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.edit", submission.main_place())
        leases.guard(actor, submission)
        to = next((person for person in editors(submission.office_id) if person.id == to_id), None)
        if not to:
            why = "账号已停用，或已不任本机构编辑" if to_id else ""
            told = "所选的人不能接手这条信息" if to_id else "请选择接手的编辑"
            raise InvalidInput(told, where="接手的编辑", reason=why, advice="请从本机构的编辑中选择")
        if to.id == submission.editor_id:
            raise InvalidInput(f"这条信息已由{to.name}负责", where="接手的编辑", advice="请选择另一位编辑")
        event = step(submission, actor, "transfer", note)
        submission.editor_id = to.id
        leases.end(submission)
        db.session.flush()
        event.title = f"转交{to.name}"
        if to.id != actor.id:
            why = f"，附言：{event.reason}" if event.reason else ""
            tell_one(
                to.id, submission, f"{actor.name}把{submission.called}转交给您{why}", about(submission, event)
            )
    return submission


def last_decision(submission: Submission) -> SubmissionEvent | None:
    """The decision that can be undone now; None when there is none, or something else has happened since."""
    undone: set[int] = set()
    for event in submission.events:  # newest first
        if gone := event.detail.get("undoes"):
            undone.add(gone)
        elif event.id not in undone:
            return event if _stands(submission, event) else None
    return None


def returned(actor: Actor, submission_id: int) -> Submission:
    """An item that the office has returned and that lies with its unit again; its text is the unit's business.

    Raises NotFound for every other item.
    """
    offices = reach(actor, "submission.edit").offices
    found = db.session.get(Submission, submission_id)
    if not found or found.office_id not in offices or found.state != "returned" or not found.received_at:
        raise NotFound(NOT_HERE, advice="请返回列表重新选择")
    return found


def undo(actor: Actor, submission_id: int, event_id: int, reason: str = "") -> Submission:
    """Take back the last decision on an item. Raises Conflict when it is no longer the last one."""
    with transaction():
        submission = decided(actor, submission_id)
        require(actor, "submission.edit", submission.main_place())
        leases.guard(actor, submission)
        event = last_decision(submission)
        if not event or event.id != event_id:
            raise Conflict(
                "不能撤销：这一步之后，这条信息又有了新的办理或改动", advice="请刷新页面查看最新状态"
            )
        _take_back(actor, submission, event, text.clean_line(reason)[:500])
    return submission


def decided(actor: Actor, submission_id: int) -> Submission:
    """An item the actor may see, or one the office has returned. Raises NotFound."""
    try:
        return one(actor, submission_id)
    except NotFound:
        return returned(actor, submission_id)


def _stands(submission: Submission, event: SubmissionEvent) -> bool:
    """Whether an event is a decision that can be undone and nothing has been changed since."""
    move = event.detail.get("move", "")
    try:
        workflow.undone(submission.state, move, event.detail.get("before", ""))
    except Conflict:
        return False
    kept = revisions.untouched(submission)
    return move != "return" or all(event.detail.get(name) == value for name, value in kept.items())


def _take_back(actor: Actor, submission: Submission, event: SubmissionEvent, reason: str) -> None:
    move = workflow.MOVES[event.detail["move"]]
    before = submission.state
    submission.state = workflow.undone(before, move.name, event.detail["before"])
    submission.editor_id = event.detail["editor"]
    submission.updated_at = clock.now()
    if before in workflow.WITH_UNIT:
        submission.sort_at = submission.received_at or submission.sort_at
        revisions.take_up(submission)
    for number in event.detail.get("facts", ()):
        facts.record_again(
            actor,
            db.session.get_one(facts.Fact, number),
            f"submitted:{submission.id}:undo:{event.id}:{number}",
        )
    notices.take_back(about(submission, event), reason)
    if move.name == "reconsider" and (refused := refusal(submission)):
        tell_refused(actor, submission, refused)
    title = f"撤销{event.title}"
    remember(submission, actor, title, reason, internal=move.internal, undoes=event.id)
    audit.note(
        actor, title, submission, office_id=submission.office_id, event=event.id, reason=reason,
        before=workflow.STATES[before].title, after=workflow.STATES[submission.state].title,
    )  # fmt: skip
