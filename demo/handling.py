"""Leaders' posts in the demo, and how units handle their instructions: in time, overdue, or with nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core import clock
from core.actors import Actor
from core.db import db
from core.submissions.models import Submission
from core.submissions.workflow import WITH_EDITORS
from core.workdays import workdays_of
from demo.content import Content
from demo.people import Cast, day_in
from plugins.instructions import answering, chasing, posts, services, tasks
from plugins.instructions.answering import Draft
from plugins.instructions.holding import NewPost
from plugins.instructions.models import Instruction
from plugins.instructions.services import NewInstruction
from plugins.instructions.task_models import Task
from plugins.instructions.tasks import Routing

# Working days after routing on which a unit answers, and after which the desk has looked at it.
ANSWERED, ACCEPTED = 6, 7
# Working days before the due day on which a unit is reminded, and after it on which it is chased, and given up.
REMINDED, CHASED, GIVEN_UP = 2, 1, 3


@dataclass(frozen=True)
class Delay:
    """An instruction that a unit does not answer: so many working days old, and whether a miss is established."""

    leader: str
    ago: int
    urgency: str
    text: str
    missed: bool = False


DELAYS = (
    Delay("fuyueheng", 7, "urgent", "反映的情况要重视。请抓紧核实，拿出解决办法，并报结果。"),
    Delay("mairuolan", 20, "normal", "问题带有普遍性。请研究提出改进措施，报市政府办公室。", missed=True),
)


def class_of(level: str) -> str:
    """The pack's class of a leader, by the content's words."""
    return "市主要领导" if level == "市主要领导" else "市其他领导"


def enter_posts(content: Content, cast: Cast, since: date) -> None:
    """The posts the leaders hold; one of them held another before."""
    entered = []
    for person in (each for each in content.people if each["role"] == "leader"):
        user, klass, start = cast.logins[person["login"]].id, class_of(person["level"]), since
        if before := person.get("before"):
            until = day_in(before["until"], since) or since
            entered.append(NewPost("", before["post"], klass, since, until, user))
            start = until + timedelta(days=1)
        entered.append(NewPost("", person["post"], klass, start, None, user))
    posts.add_all(cast.by_role["editor"][0], cast.office.id, entered)


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


def show_delays(cast: Cast) -> None:
    """A unit is overdue and was reminded; another has let a due day pass and it is established that it did."""
    units = list(cast.informants)
    for delay, name in zip(DELAYS, (units[0], units[1]), strict=True):
        day = _working_day_before(cast.office.id, clock.today(), delay.ago)
        item = _item_before(cast, day, name)
        if item:
            _delayed(cast, delay, item, name, day)


def _delayed(cast: Cast, delay: Delay, item: Submission, name: str, day: date) -> None:
    leader, editor, days = cast.logins[delay.leader], cast.by_role["editor"][0], workdays_of(cast.office.id)
    with clock.stopped_at(clock.moment(day, 16)):
        new = NewInstruction(item.id, "", "note", day, delay.text, leader_id=leader.id)
        found = services.record(leader, new)
    with clock.stopped_at(clock.moment(day, 17)):
        task = tasks.route(editor, found.id, Routing([cast.units[name].id], (), delay.urgency))[0]
    task_id, due = task.id, task.due_on
    for on in (_working_day_before(cast.office.id, due, REMINDED), days.after(due, CHASED)):
        with clock.stopped_at(clock.moment(on, 8)):
            chasing.chase(chasing.program(cast.office.id), task_id)
    if delay.missed:
        with clock.stopped_at(clock.moment(days.after(due, GIVEN_UP), 9)):
            tasks.confirm_missed(editor, task_id)


def _item_before(cast: Cast, day: date, but: str) -> Submission | None:
    """The newest item that had arrived by a day, of another unit, without an instruction."""
    taken = select(Instruction.submission_id).where(Instruction.submission_id.is_not(None))
    query = select(Submission).where(
        Submission.state.in_(WITH_EDITORS), Submission.received_at < clock.moment(day, 12),
        Submission.unit_id != cast.units[but].id, Submission.id.not_in(taken),
    )  # fmt: skip
    return db.session.scalars(query.order_by(Submission.received_at.desc()).limit(1)).first()


def _working_day_before(office_id: int, day: date, number: int) -> date:
    """The working day from which that many more lead to a day."""
    days, found = workdays_of(office_id), day - timedelta(days=number)
    while not days.is_working(found) or days.after(found, number) > day:
        found -= timedelta(days=1)
    return found


def _task(task_id: int) -> Task:
    return db.session.get_one(Task, task_id)


def _at(day: date, hour: int) -> bool:
    return clock.moment(day, hour) <= clock.now()
