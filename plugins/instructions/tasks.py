"""The desk's side of handling: pass an instruction on to units with a due day, extend, cancel, close, take all that
back, establish that nothing came in time, excuse it. Facts and notices follow every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from core import audit, clock, facts
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, near
from core.notices.services import holders, take_back, tell
from core.packs import services as packs
from core.permissions import Place, require
from core.submissions.text import clean_line
from core.workdays import workdays_of
from plugins.instructions import handling, queries, task_queries
from plugins.instructions.handling import MOVES, OUTCOMES, Standing
from plugins.instructions.models import Instruction
from plugins.instructions.resolving import reason_of
from plugins.instructions.section import Handling, Instructions, Urgency
from plugins.instructions.task_models import Task, TaskEvent

MOST_UNITS = 60
FACT = "feedback"
YEARS_AHEAD = 2
# Notices that a task is closed, see `about`.
DONE = ":done"


@dataclass(frozen=True)
class Routing:
    """How an instruction is passed on. Without a due day it follows from the urgency."""

    main_ids: Sequence[int]
    assisting_ids: Sequence[int] = ()
    urgency: str = ""
    due_on: date | None = None
    note: str = ""


def urgencies(office_id: int, day: date) -> Sequence[Urgency]:
    """The kinds of urgency of the pack in force on a day."""
    return packs.pack_of(office_id, day).get(Instructions).urgencies


def rules(office_id: int, day: date) -> Handling:
    """How units answer and are chased, as the pack in force on a day says."""
    return packs.pack_of(office_id, day).get(Instructions).handling


def due_day(office_id: int, sent_on: date, urgency: Urgency) -> date:
    """The last day to answer: so many working days after the day it was passed on."""
    return workdays_of(office_id).after(sent_on, urgency.days)


def route(actor: Actor, instruction_id: int, new: Routing) -> list[Task]:
    """Pass an instruction on to units. Units that have it already are not given it twice."""
    with transaction():
        audit.in_turn()
        found = _instruction(actor, instruction_id)
        mains, assisting = list(dict.fromkeys(new.main_ids)), list(dict.fromkeys(new.assisting_ids))
        _units(found, mains, assisting)
        urgency, today = _urgency(found.office_id, new.urgency), clock.today()
        due = checked_due(found.office_id, new.due_on or due_day(found.office_id, today, urgency))
        made = []
        for unit_id in (*mains, *(each for each in assisting if each not in mains)):
            task = Task(
                office_id=found.office_id, instruction=found, unit_id=unit_id, main=unit_id in mains, urgency=urgency.id,
                urgency_title=urgency.title, note=clean_line(new.note)[:500], sent_on=today, due_on=due,
            )  # fmt: skip
            db.session.add(task)
            db.session.flush()
            remember(actor, task, "转办", f"{task.part}，{clock.written(due)}前反馈")
            tell_unit(
                task,
                f"{found.leader_name}对{found.named_for_all}的{found.kind_title}转你单位{task.part}，请于{clock.written(due)}前反馈",
            )
            made.append(task)
        names = "、".join(task.unit.short for task in made)
        audit.note(
            actor, "转办批示", found, office_id=found.office_id, instruction=found.id, units=names, due=due
        )
    return made


def extend(actor: Actor, task_id: int, version: int, due_on: date, reason: str) -> Task:
    """Give a unit more time, for its answer or for what more it was asked; a miss that is no longer one is taken back."""
    with transaction():
        task = at_desk(actor, task_id, version)
        if task.state not in handling.WITH_UNIT:
            raise Conflict(f"不能延期：现在是“{handling.STATES[task.state]}”", advice="请刷新页面查看")
        reason, before = reason_of(reason, "延期"), standing(task).waits_until
        if due_on <= before:
            raise InvalidInput(
                "新的期限须晚于原期限", where="新期限", reason=f"原期限为{clock.written(before)}"
            )
        due = checked_due(task.office_id, due_on)
        if task.state == "more":
            task.more_on = due
        else:
            # Only what lies in the future can be chosen, so nothing is missed any more.
            task.due_on, task.missed_on = due, None
        settle(actor, task, "期限延长")
        remember(actor, task, "延期", f"{clock.written(before)}延至{clock.written(due)}：{reason}")
        tell_unit(task, f"{task.instruction.cited}的反馈期限延至{clock.written(due)}")
        audit.note(
            actor, "延长批示反馈期限", task, office_id=task.office_id, task=task.id, due=due, reason=reason
        )
    return task


def cancel(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Take an instruction back from a unit that should not have got it."""
    return _moved(actor, task_id, version, "cancel", reason)


def revive(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Undo a cancellation."""
    return _moved(actor, task_id, version, "revive", reason)


def close(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Close a task that needs no feedback."""
    return _moved(actor, task_id, version, "close", reason)


def reopen(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Undo the closing of a task: the unit has to answer again."""
    return _moved(actor, task_id, version, "reopen", reason)


def _moved(actor: Actor, task_id: int, version: int, name: str, reason: str) -> Task:
    with transaction():
        task, title = at_desk(actor, task_id, version), MOVES[name].title
        reason = reason_of(reason, title)
        task.state = handling.target(task.state, name)
        if name == "revive" or (name == "reopen" and not task.reported_on):
            task.state = _state_before(task)
        task.ended_on = clock.today() if task.state in ("done", "cancelled") else None
        task.more_on = more_day(task) if task.state == "more" else None
        settle(actor, task, f"{title}：{reason}")
        remember(actor, task, title, reason)
        if name == "cancel":
            take_back(about(task), reason)
        else:
            take_back(about(task, DONE), f"已{title}：{reason}")
            tell_unit(
                task, f"{task.instruction.cited}{title}：{reason}", DONE if task.state == "done" else ""
            )
        audit.note(actor, f"批示{title}", task, office_id=task.office_id, task=task.id, reason=reason)
    return task


def _state_before(task: Task) -> str:
    """Where a task stood when it was cancelled, or closed without an answer."""
    if any(each.final and each.state == "sent" for each in task.feedback):
        return "reported"
    return "more" if task.reported_on else "signed" if task.signed_at else "sent"


def more_day(task: Task) -> date:
    """By when more is due: the due day, or a few working days from now."""
    return max(task.due_on, workdays_of(task.office_id).after(clock.today(), handling.DAYS_FOR_MORE))


def confirm_missed(actor: Actor, task_id: int, version: int | None = None) -> Task:
    """Establish that nothing came in time: the countable fact, dated the day after the due day."""
    with transaction():
        task = at_desk(actor, task_id, version)
        if not handling.may_be_missed(standing(task), clock.today()):
            raise Conflict("这一单位没有逾期未反馈，或已经认定", advice="请刷新页面查看")
        task.missed_on = clock.today()
        settle(actor, task, "")
        remember(actor, task, "认定未按时反馈", f"{clock.written(task.due_on)}到期")
        tell_unit(task, f"{task.instruction.cited}逾期未反馈，已认定为未按时反馈")
        audit.note(actor, "认定未按时反馈批示", task, office_id=task.office_id, task=task.id)
    return task


def excuse(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Do not count a miss or a delay against the unit; its fact is taken back."""
    with transaction():
        task = at_desk(actor, task_id, version)
        if task.excused:
            raise Conflict("已经免计", advice="请刷新页面查看")
        task.excused = reason_of(reason, "免计")
        settle(actor, task, task.excused)
        remember(actor, task, "免计", task.excused)
        tell_unit(task, f"{task.instruction.cited}的反馈情况不予计分：{task.excused}")
        audit.note(actor, "批示反馈免计", task, office_id=task.office_id, task=task.id, reason=task.excused)
    return task


def count_again(actor: Actor, task_id: int, version: int, reason: str) -> Task:
    """Undo an excuse: what should stand is counted again."""
    with transaction():
        task = at_desk(actor, task_id, version)
        if not task.excused:
            raise Conflict("没有免计", advice="请刷新页面查看")
        reason, task.excused = reason_of(reason, "恢复计入"), ""
        settle(actor, task, reason)
        remember(actor, task, "恢复计入", reason)
        tell_unit(task, f"{task.instruction.cited}的反馈情况恢复计入：{reason}")
        audit.note(actor, "批示反馈恢复计入", task, office_id=task.office_id, task=task.id, reason=reason)
    return task


def instruction_withdrawn(actor: Actor, found: Instruction, reason: str) -> None:
    """The instruction no longer holds: nothing counts, units are told that it was taken back."""
    for task in task_queries.all_of(found.id):
        settle(actor, task, reason)
        for what in ("", DONE):
            take_back(about(task, what), f"批示已撤销：{reason}")
        if task.state in handling.OPEN:
            remember(actor, task, "批示撤销", reason)


def instruction_restored(actor: Actor, found: Instruction, reason: str) -> None:
    """It holds again: what counted counts again, units that have not answered are told."""
    for task in task_queries.all_of(found.id):
        settle(actor, task, "")
        if task.state in handling.OPEN:
            remember(actor, task, "批示恢复", reason)
            tell_unit(task, f"{found.cited}恢复，请于{clock.written(task.due_on)}前反馈")


def standing(task: Task) -> Standing:
    """A task as plain values."""
    return Standing(
        task.state, task.due_on, task.reported_on, task.missed_on, task.more_on, bool(task.excused),
        withdrawn=task.instruction.withdrawn_at is not None,
    )  # fmt: skip


def settle(actor: Actor, task: Task, reason: str) -> None:
    """Let the one fact stand that should, inside the running transaction: an old one is withdrawn, a new one recorded.

    A miss is dated the day after the due day, an answer the day it left the unit.
    """
    wanted = handling.outcome(standing(task))
    on = task.due_on + timedelta(days=1) if wanted == "missed" else task.reported_on
    if task.fact_id:
        fact = db.session.get_one(facts.Fact, task.fact_id)
        if task.outcome == wanted and fact.on == on:
            return
        facts.withdraw(actor, fact, reason or OUTCOMES.get(wanted, "不再计入"))
        task.fact_id = None
    task.outcome = wanted
    if wanted and on:
        task.times += 1
        task.fact_id = facts.record(actor, _fact(task, wanted, on)).id


def _fact(task: Task, wanted: str, on: date) -> facts.NewFact:
    own = getattr(rules(task.office_id, on).facts, wanted)
    return facts.NewFact(
        office_id=task.office_id, kind=own or FACT, on=on, unit_ids=(task.unit_id,),
        key=f"instructions:{FACT}:{task.id}:{task.times}",
        title=f"{task.instruction.leader_name}批示：{task.instruction.subject_for_all}", attrs={} if own else {"state": wanted},
    )  # fmt: skip


def remember(actor: Actor, task: Task, title: str, reason: str = "") -> None:
    """One line of the task's history."""
    by = actor.id or None
    task.events.append(TaskEvent(at=clock.now(), by_id=by, title=title, reason=reason[:500]))


def about(task: Task, what: str = "") -> str:
    """What notices of a task are about; DONE: that it is closed, which no longer holds when it is opened again."""
    return f"instruction-task:{task.id}{what}"


def page(task: Task) -> str:
    """Where a task is handled."""
    return f"/instructions/tasks/{task.id}"


def at_desk(actor: Actor, task_id: int, version: int | None) -> Task:
    """A task the desk may change, as the person saw it. Raises NotFound, PermissionDenied, Conflict."""
    audit.in_turn()
    task = task_queries.one(actor, task_id)
    require(actor, "instruction.desk", Place(task.office_id))
    if task.instruction.withdrawn_at:
        raise Conflict("这条批示已经撤销", advice="请先恢复批示")
    same_version(task, version)
    return task


def same_version(task: Task, version: int | None) -> None:
    """Raise Conflict when somebody has changed the task since the person looked."""
    if version is not None and task.version != version:
        raise Conflict("办理情况刚刚有变化，本次没有保存", advice="请刷新页面，核对后再办理")


def tell_desk(task: Task, text: str) -> None:
    """Tell the editors of the office."""
    tell(holders(task.office_id, "instruction.desk"), text, page(task), about(task))


def tell_leader(task: Task, text: str, what: str = "") -> None:
    """Tell the leader whose word it is, when they have an account."""
    if task.instruction.leader_id:
        tell([task.instruction.leader_id], text, f"/instructions/{task.instruction_id}", about(task, what))


def tell_unit(task: Task, text: str, what: str = "") -> None:
    """Tell the people of the unit who answer."""
    tell(unit_people(task), text, page(task), about(task, what))


def unit_people(task: Task) -> list[int]:
    """Who answers in the unit."""
    return holders(task.office_id, "instruction.answer", task.unit_id)


def _instruction(actor: Actor, instruction_id: int) -> Instruction:
    found = queries.one(actor, instruction_id)
    require(actor, "instruction.desk", Place(found.office_id))
    if found.withdrawn_at:
        raise Conflict("这条批示已经撤销，不能转办", advice="请先恢复批示")
    return found


def _units(found: Instruction, mains: list[int], assisting: list[int]) -> None:
    chosen = {*mains, *assisting}
    if not mains:
        raise InvalidInput("请选择主办单位", where="主办单位")
    if both := set(mains) & set(assisting):
        names = "、".join(queries.short_names(sorted(both)))
        raise InvalidInput("同一单位不能既主办又协办", where="协办单位", reason=names)
    if len(chosen) > MOST_UNITS:
        raise InvalidInput(f"一次最多转 {MOST_UNITS} 个单位", where="主办单位")
    if chosen - queries.unit_ids(found.office_id):
        raise InvalidInput("所选单位不在本机构名录中，或已撤销", where="主办单位", advice="请重新选择")
    known = db.session.scalars(
        select(Task.unit_id).where(Task.instruction_id == found.id, Task.unit_id.in_(chosen))
    )
    if twice := queries.short_names(list(known)):
        raise Conflict(f"已经转过：{'、'.join(twice)}", where="主办单位", advice="已取消的请在办理情况中恢复")


def _urgency(office_id: int, wanted: str) -> Urgency:
    known = {each.id: each for each in urgencies(office_id, clock.today())}
    if not wanted:
        return next(iter(known.values()))
    if wanted not in known:
        raise InvalidInput("请选择紧急程度", where="紧急程度", advice=near(wanted, known))
    return known[wanted]


def checked_due(office_id: int, due: date) -> date:
    """A day by which something may be due. Raises InvalidInput."""
    today = clock.today()
    if due < today:
        raise InvalidInput("反馈期限不能早于今天", where="反馈期限", advice="请核对日期")
    if due.year > today.year + YEARS_AHEAD:
        raise InvalidInput("反馈期限过远", where="反馈期限", advice="请核对年份")
    if not workdays_of(office_id).is_working(due):
        raise InvalidInput(
            "反馈期限不是工作日", where="反馈期限", advice="请改为工作日，放假安排见“工作日历”"
        )
    return due
