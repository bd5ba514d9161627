"""The unit's side of handling, and the desk's word on what it sends: sign for, write feedback, the head signs it,
the desk accepts it or asks for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.notices.services import holders, tell
from core.permissions import allowed, require
from core.submissions.attachments import KINDS
from core.submissions.text import clean_line
from plugins.instructions import files, handling, task_queries, tasks
from plugins.instructions.handling import WITH_UNIT
from plugins.instructions.resolving import reason_of
from plugins.instructions.task_models import Feedback, FeedbackFile, Task

MAX_TEXT = 5000
# What is being written on or waits for the unit's own head.
IN_UNIT = ("awaiting", "sent_back")
# Lines of the history that are the unit's own affair.
INTERNAL = ("拟写反馈", "拟写阶段反馈", "审签退回")


@dataclass(frozen=True)
class Draft:
    """What a unit writes: an interim or the final word."""

    text: str
    final: bool = True


def sign_for(actor: Actor, task_id: int, version: int) -> Task:
    """The unit has received it (签收)."""
    with transaction():
        task = _mine(actor, task_id, version, "instruction.answer")
        task.state = handling.target(task.state, "sign")
        task.signed_at = clock.now()
        tasks.remember(actor, task, "签收")
        tasks.tell_desk(task, f"{task.unit.short}已签收{task.instruction.cited}")
        audit.note(actor, "签收批示", task, office_id=task.office_id, task=task.id)
    return task


def write(
    actor: Actor, task_id: int, version: int, draft: Draft, given: Sequence[tuple[str, bytes]] = ()
) -> Feedback:
    """Write feedback; one that waits or came back is overwritten. Signs for the task.

    The unit's head signs it before it leaves the unit, unless the pack does without or the writer is the head.
    """
    kept = files.keep(given, KINDS)
    with transaction():
        task = _mine(actor, task_id, version, "instruction.answer")
        if task.state not in WITH_UNIT:
            raise Conflict(f"现在不能反馈：{handling.STATES[task.state]}", advice="请刷新页面查看")
        text, found = text_of(draft.text), waiting(task) or Feedback(task_id=task.id)
        if task.state == "sent":
            task.state, task.signed_at = "signed", clock.now()
            tasks.remember(actor, task, "签收")
        found.final, found.text, found.state, found.reason = draft.final, text, "awaiting", ""
        found.written_by_id, found.written_at = actor.id, clock.now()
        if not found.id:
            task.feedback.append(found)
        db.session.flush()
        _keep_files(actor, found, kept)
        tasks.remember(actor, task, "拟写" + _word(found))
        audit.note(actor, "拟写批示反馈", task, office_id=task.office_id, task=task.id, files=len(kept))
        if goes_at_once(actor, task):
            _send(actor, task, found)
        else:
            heads = holders(task.office_id, "instruction.answer_sign", task.unit_id)
            told = f"{task.instruction.cited}的反馈待您审签"
            tell(heads, told, tasks.page(task), tasks.about(task))
    return found


def goes_at_once(actor: Actor, task: Task) -> bool:
    """Whether what the actor writes leaves the unit without another's signature."""
    return (
        allowed(actor, "instruction.answer_sign", task)
        or not tasks.rules(task.office_id, clock.today()).signed
    )


def _keep_files(actor: Actor, found: Feedback, kept: Sequence[files.Kept]) -> None:
    most = int(current_app.config["YAOQING"]["UPLOAD_FILES"])
    if len(found.files) + len(kept) > most:
        raise InvalidInput(f"附件最多 {most} 个", where="附件", advice="请先删除不需要的附件")
    found.files.extend(FeedbackFile(by_id=actor.id, at=clock.now(), **vars(file)) for file in kept)


def remove_file(actor: Actor, task_id: int, feedback_id: int, file_id: int) -> None:
    """Take a file off feedback that has not left the unit (its bytes stay for the record)."""
    with transaction():
        task = _mine(actor, task_id, None, "instruction.answer")
        found = one(task, feedback_id)
        if found.state not in IN_UNIT:
            raise Conflict("反馈已经报送，不能删除附件", advice="请刷新页面查看")
        file = next((each for each in found.files if each.id == file_id), None)
        if not file:
            raise NotFound("没有这个附件", advice="请刷新页面查看")
        # Whoever is about to sign has seen other files: this makes it another version.
        found.written_at = clock.now()
        found.files.remove(file)
        db.session.delete(file)
        audit.note(
            actor, "删除反馈附件", task, office_id=task.office_id, task=task.id, name=file.name, sha256=file.sha256
        )  # fmt: skip


def sign(actor: Actor, task_id: int, feedback_id: int, version: int) -> Feedback:
    """The unit's head signs the feedback they saw: it goes to the office."""
    with transaction():
        task, found = _waiting(actor, task_id, feedback_id, version)
        _send(actor, task, found)
    return found


def _send(actor: Actor, task: Task, found: Feedback) -> None:
    found.state, found.signed_by_id, found.signed_at = "sent", actor.id, clock.now()
    if found.final:
        task.state, task.more_on = handling.target(task.state, "report"), None
        task.reported_on = task.reported_on or clock.today()
    tasks.remember(actor, task, "报送" + _word(found))
    tasks.tell_desk(task, f"{task.unit.short}{_word(found)}了{task.instruction.cited}")
    audit.note(actor, "报送批示反馈", task, office_id=task.office_id, task=task.id, final=found.final)


def send_back(actor: Actor, task_id: int, feedback_id: int, version: int, reason: str) -> Feedback:
    """The unit's head sends the feedback back to whoever wrote it."""
    with transaction():
        task, found = _waiting(actor, task_id, feedback_id, version)
        found.state, found.reason = "sent_back", reason_of(reason, "退回")
        tasks.remember(actor, task, "审签退回", found.reason)
        text = f"{task.instruction.cited}的反馈被退回：{found.reason}"
        tell([found.written_by_id], text, tasks.page(task), tasks.about(task))
        audit.note(
            actor, "审签退回批示反馈", task, office_id=task.office_id, task=task.id, reason=found.reason
        )
    return found


def retract(actor: Actor, task_id: int, feedback_id: int, version: int) -> Feedback:
    """The unit takes back what the desk has not decided on."""
    with transaction():
        task = _mine(actor, task_id, version, "instruction.answer_sign")
        found = one(task, feedback_id)
        if found.state not in ("awaiting", "sent"):
            raise Conflict("办公室已经处理，不能撤回", advice="请刷新页面查看")
        if found.state == "sent" and found.final:
            task.reported_on = _earlier(task, found)
            task.state, task.more_on = (
                ("more", tasks.more_day(task)) if task.reported_on else ("signed", None)
            )
        found.state = "retracted"
        tasks.remember(actor, task, "撤回" + _word(found))
        tasks.tell_desk(task, f"{task.unit.short}撤回了对{task.instruction.cited}的反馈")
        audit.note(actor, "撤回批示反馈", task, office_id=task.office_id, task=task.id)
    return found


def accept(actor: Actor, task_id: int, feedback_id: int, version: int) -> Feedback:
    """The desk takes the feedback: a final one closes the task and is counted by the day it was sent."""
    with transaction():
        task, found = _sent(actor, task_id, feedback_id, version)
        found.state, found.decided_by_id, found.decided_at = "accepted", actor.id, clock.now()
        if found.final:
            task.state, task.ended_on = handling.target(task.state, "accept"), clock.today()
            tasks.settle(actor, task, "反馈已采纳")
        tasks.remember(actor, task, "采纳" + _word(found))
        what = tasks.DONE if found.final else ""
        tasks.tell_unit(task, f"{task.instruction.cited}的{_word(found)}已采纳", what)
        tasks.tell_leader(
            task, f"{task.unit.short}{_word(found)}了您对{task.instruction.named_for_all}的批示", what
        )
        audit.note(actor, "采纳批示反馈", task, office_id=task.office_id, task=task.id, timely=task.outcome)
    return found


def ask_more(actor: Actor, task_id: int, feedback_id: int, version: int, reason: str) -> Feedback:
    """The desk asks for more (退回补充)."""
    with transaction():
        task, found = _sent(actor, task_id, feedback_id, version)
        found.reason = reason_of(reason, "退回补充")
        found.state, found.decided_by_id, found.decided_at = "returned", actor.id, clock.now()
        if found.final:
            task.state, task.more_on = handling.target(task.state, "ask_more"), tasks.more_day(task)
        tasks.remember(actor, task, "退回补充", found.reason)
        until = f"，{clock.written(task.more_on)}前报送" if task.more_on else ""
        tasks.tell_unit(task, f"{task.instruction.cited}的反馈请补充{until}：{found.reason}")
        audit.note(
            actor, "退回补充批示反馈", task, office_id=task.office_id, task=task.id, reason=found.reason
        )
    return found


def waiting(task: Task) -> Feedback | None:
    """What the unit is writing or has waiting for its head."""
    return next((each for each in task.feedback if each.state in IN_UNIT), None)


def one(task: Task, feedback_id: int) -> Feedback:
    """A feedback of a task. Raises NotFound."""
    for found in task.feedback:
        if found.id == feedback_id:
            return found
    raise NotFound("没有这条反馈", advice="请刷新页面查看")


def text_of(typed: str) -> str:
    """The text in clean lines. Raises InvalidInput."""
    text = "\n".join(line for line in map(clean_line, typed.splitlines()) if line)
    if not text:
        raise InvalidInput("请填写办理情况", where="办理情况")
    if len(text) > MAX_TEXT:
        raise InvalidInput(
            "办理情况过长", where="办理情况", advice=f"请控制在 {MAX_TEXT} 字以内，其余作为附件"
        )
    return text


def _mine(actor: Actor, task_id: int, version: int | None, permission: str) -> Task:
    audit.in_turn()
    task = task_queries.one(actor, task_id)
    require(actor, permission, task)
    if task.instruction.withdrawn_at:
        raise Conflict("这条批示已经撤销，不需要办理", advice="请刷新页面查看")
    tasks.same_version(task, version)
    return task


def _waiting(actor: Actor, task_id: int, feedback_id: int, version: int) -> tuple[Task, Feedback]:
    """What waits for the unit's head; `version` is the feedback's: nobody signs a text they have not seen."""
    audit.in_turn()
    task = task_queries.one(actor, task_id)
    require(actor, "instruction.answer_sign", task)
    found = one(task, feedback_id)
    if task.instruction.withdrawn_at:
        raise Conflict("这条批示已经撤销，不需要反馈", advice="请刷新页面查看")
    if found.state != "awaiting" or found.version != version or task.state not in WITH_UNIT:
        raise Conflict("反馈刚刚有变化，本次没有办理", advice="请刷新页面，核对后再办理")
    return task, found


def _sent(actor: Actor, task_id: int, feedback_id: int, version: int) -> tuple[Task, Feedback]:
    task = tasks.at_desk(actor, task_id, version)
    found = one(task, feedback_id)
    if found.state != "sent":
        raise Conflict(f"这条反馈是“{handling.FEEDBACK_STATES[found.state]}”", advice="请刷新页面查看")
    return task, found


def _earlier(task: Task, gone: Feedback) -> date | None:
    """The day of the first final feedback when one is taken back: an earlier one, returned for more, still counts."""
    days = [
        clock.local(each.signed_at).date()
        for each in task.feedback
        if each is not gone and each.final and each.signed_at and each.state in ("returned", "accepted")
    ]
    return min(days, default=None)


def _word(found: Feedback) -> str:
    return "反馈" if found.final else "阶段反馈"
