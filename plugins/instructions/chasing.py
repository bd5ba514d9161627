"""Remind units before their due day and chase them after it: by a button, and by the program every working day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, YaoqingError
from core.jobs import Result
from core.notices.services import holders, tell
from core.permissions import Grant
from core.workdays import workdays_of
from plugins.instructions import handling, task_queries, tasks
from plugins.instructions.section import Handling
from plugins.instructions.task_models import Chase, Task


@dataclass(frozen=True)
class Swept:
    """What the program did: units reminded or chased, misses established, misses for the desk to look at."""

    told: int = 0
    missed: int = 0
    doubtful: int = 0


def chase(actor: Actor, task_id: int) -> Chase:
    """Chase a unit, once for each working day. Raises Conflict when that was done already."""
    with transaction():
        task = tasks.at_desk(actor, task_id, None)
        if task.state not in handling.WITH_UNIT:
            raise Conflict(f"不需要催办：现在是“{handling.STATES[task.state]}”", advice="请刷新页面查看")
        on = workdays_of(task.office_id).on_or_after(clock.today())
        if any(each.on == on for each in task.chases):
            raise Conflict("今天已经催办过", reason="每个工作日只催办一次", advice="请下一个工作日再催")
        standing = tasks.standing(task)
        late = handling.is_overdue(standing, clock.today())
        due = clock.written(standing.waits_until)
        found = Chase(task_id=task.id, on=on, late=late, at=clock.now(), by_id=actor.id or None)
        task.chases.append(found)
        word, said = ("催办", f"已于{due}到期") if late else ("提醒", f"{due}到期")
        tasks.remember(actor, task, word, said)
        tasks.tell_unit(task, f"{word}：{task.instruction.cited}{said}，请抓紧反馈")
        audit.note(actor, f"{word}批示反馈", task, office_id=task.office_id, task=task.id)
    return found


def sweep_all(_task: Any) -> Result:
    """The daily job: every office in turn; what fails in one does not stop the others."""
    offices = list(db.session.scalars(select(Office.id).order_by(Office.id)))
    db.session.rollback()
    swept = [sweep(office_id) for office_id in offices]
    told, missed = sum(each.told for each in swept), sum(each.missed for each in swept)
    return Result(message=f"提醒、催办 {told} 个单位，认定未按时反馈 {missed} 个")


def sweep(office_id: int) -> Swept:
    """Remind, chase, and establish misses where the pack says so.

    Running it again on the same day does nothing more; what fails for one unit does not stop the others.
    """
    today, actor = clock.today(), program(office_id)
    days = workdays_of(office_id)
    try:
        rules = tasks.rules(office_id, today)
    except YaoqingError:
        return Swept()
    if not days.is_working(today):
        return Swept()
    found = task_queries.waiting_before(office_id, days.after(today, rules.remind))
    due = [(task.id, _is_due(task, rules, today), _is_missed(task, rules, today)) for task in found]
    db.session.rollback()
    told = sum(_done(lambda n=n: chase(actor, n)) for n, is_due, _ in due if is_due)
    late = [n for n, _, is_missed in due if is_missed]
    if rules.missed == "automatic":
        return Swept(told, sum(_done(lambda n=n: tasks.confirm_missed(actor, n)) for n in late))
    _tell_desk(office_id, late, today)
    return Swept(told, 0, len(late))


def program(office_id: int) -> Actor:
    """The program as an actor: it may do at the desk what an editor may."""
    return Actor(0, "system", "系统", office_id, "", (Grant("editor", office_id),))


def _is_due(task: Task, rules: Handling, today: date) -> bool:
    """Whether a unit is to be told today: once before the due day, on the first working day after it, then every so
    many."""
    if handling.is_overdue(tasks.standing(task), today):
        last = max((each.on for each in task.chases if each.late), default=None)
        since = workdays_of(task.office_id).between(last, today) if last else rules.chase_every
        return bool(rules.chase_every) and since >= rules.chase_every
    # Somebody who got it inside that time needs no reminder on the same day.
    return bool(rules.remind) and task.sent_on < today and not task.chases


def _is_missed(task: Task, rules: Handling, today: date) -> bool:
    """Whether nothing came although the days of grace have passed too."""
    last = workdays_of(task.office_id).after(task.due_on, rules.grace)
    return today > last and handling.may_be_missed(tasks.standing(task), today)


def _tell_desk(office_id: int, late: list[int], today: date) -> None:
    """Tell the editors of misses to decide on, once for each task."""
    with transaction():
        for task_id in late:
            task = db.session.get_one(Task, task_id)
            about = f"instruction-missed:{task.id}:{task.due_on.isoformat()}"
            if not task_queries.was_told(about):
                text = f"{task.unit.short}逾期未反馈{task.instruction.cited}，请决定是否认定为未按时反馈"
                tell(holders(office_id, "instruction.desk"), text, tasks.page(task), about)


def _done(step: Callable[[], object]) -> bool:
    """Do one step; somebody may have acted in between, which is no accident."""
    try:
        step()
    except (Conflict, IntegrityError):
        return False
    return True
