"""How units handle leaders' instructions in the demo: routed by the desk, answered in time, late or not yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import clock
from core.actors import Actor
from core.db import db
from core.workdays import workdays_of
from demo.people import Cast
from plugins.instructions import answering, tasks
from plugins.instructions.answering import Draft
from plugins.instructions.models import Instruction
from plugins.instructions.task_models import Task
from plugins.instructions.tasks import Routing

# Working days after routing on which a unit answers, and after which the desk has looked at it.
ANSWERED, ACCEPTED = 6, 7


def handle(cast: Cast, entry: Mapping[str, Any], found: Instruction, day: date) -> None:
    """Route an instruction to the units the content names; those that have an answer give it some days later."""
    names = entry.get("units", [])
    editor = cast.by_role["editor"][0]
    if not names or not _at(day, 18):
        return
    with clock.stopped_at(clock.moment(day, 18)):
        first, *others = (cast.units[name].id for name in names)
        made = tasks.route(editor, found.id, Routing([first], others))
    numbers = [(name, task.id) for name, task in zip(names, made, strict=True)]
    if entry.get("answer"):
        for name, task_id in numbers:
            _answer(cast, editor, name, task_id, day, entry["answer"])


def _answer(cast: Cast, editor: Actor, name: str, task_id: int, day: date, text: str) -> None:
    days = workdays_of(cast.office.id)
    if not _at(days.after(day, ANSWERED), 10):
        return
    with clock.stopped_at(clock.moment(days.after(day, ANSWERED), 10)):
        task = _task(task_id)
        made = answering.write(cast.informants[name], task_id, task.version, Draft(text))
        answering.sign(cast.heads[name], task_id, made.id, made.version)
    if _at(days.after(day, ACCEPTED), 9):
        with clock.stopped_at(clock.moment(days.after(day, ACCEPTED), 9)):
            answering.accept(editor, task_id, made.id, _task(task_id).version)


def _task(task_id: int) -> Task:
    return db.session.get_one(Task, task_id)


def _at(day: date, hour: int) -> bool:
    return clock.moment(day, hour) <= clock.now()
