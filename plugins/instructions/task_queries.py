"""Finding tasks: what an actor may see, lists for units and the desk, what is overdue, counts for the home page."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from core import clock
from core.actors import Actor
from core.db import db
from core.documents.models import IssuedDocument
from core.errors import NotFound
from core.notices.models import Notice
from core.permissions import among, reach
from plugins.instructions import queries
from plugins.instructions.handling import LEFT_UNIT, OPEN, WITH_UNIT
from plugins.instructions.models import Instruction
from plugins.instructions.task_models import Feedback, Task

# By when the unit owes what it owes now.
WAITS_UNTIL = func.coalesce(Task.more_on, Task.due_on)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The tasks an actor may see: of the instructions the office may read; of units their own, and the assisting parts
    where their own is the main one. A unit that it was taken back from sees nothing of it any more."""
    wide, own = reach(actor, "instruction.view").offices, reach(actor, "instruction.answer").units
    parts: list[ColumnElement[bool]] = []
    if wide:
        parts.append(among(Task.office_id, wide))
        if not queries.sees_all(actor):
            open_to = select(Instruction.id).where(queries.of_office(actor))
            parts = [and_(*parts, Task.instruction_id.in_(open_to))]
    if own:
        mine = aliased(Task)
        leading = select(mine.instruction_id).where(
            among(mine.unit_id, own), mine.main, mine.state != "cancelled"
        )
        assisting = and_(Task.main.is_(False), Task.instruction_id.in_(leading))
        parts.append(and_(Task.state != "cancelled", or_(among(Task.unit_id, own), assisting)))
    return or_(*parts) if parts else false()


def one(actor: Actor, task_id: int) -> Task:
    """A task the actor may see. Raises NotFound."""
    found = db.session.scalar(select(Task).where(Task.id == task_id, readable(actor)))
    if not found:
        raise NotFound("没有这件批示办理事项，或您无权查看", advice="请返回列表重新选择")
    return found


def of_instruction(actor: Actor, instruction_id: int) -> Sequence[Task]:
    """The tasks of an instruction that the actor may see: the main units first."""
    query = select(Task).where(Task.instruction_id == instruction_id, readable(actor)).options(*_loaded())
    return db.session.scalars(query.order_by(Task.main.desc(), Task.id)).all()


def by_instruction(actor: Actor, ids: Collection[int]) -> dict[int, list[Task]]:
    """The tasks of several instructions that the actor may see, by instruction; without those taken back."""
    query = select(Task).where(readable(actor), Task.state != "cancelled", Task.instruction_id.in_(ids))
    found: dict[int, list[Task]] = {}
    for task in db.session.scalars(query.options(selectinload(Task.unit)).order_by(Task.id)):
        found.setdefault(task.instruction_id, []).append(task)
    return found


def all_of(instruction_id: int) -> Sequence[Task]:
    """All tasks of an instruction."""
    query = select(Task).where(Task.instruction_id == instruction_id)
    return db.session.scalars(query.order_by(Task.id)).all()


def shown_feedback(actor: Actor, task: Task) -> list[Feedback]:
    """The feedback of a task the actor may read: what has not left the unit is the unit's own affair."""
    mine = reach(actor, "instruction.answer").covers(task.place())
    return [each for each in task.feedback if each.state in LEFT_UNIT or (mine and each.state != "retracted")]


def overdue() -> ColumnElement[bool]:
    """The condition, over tasks joined with their instructions."""
    return and_(among(Task.state, WITH_UNIT), clock.today() > WAITS_UNTIL, Instruction.withdrawn_at.is_(None))


def waiting_before(office_id: int, last: date) -> Sequence[Task]:
    """The tasks of an office that wait for a unit and are due up to a day, the first due first."""
    query = (
        select(Task).join(Task.instruction).options(joinedload(Task.instruction), selectinload(Task.chases))
    )
    query = query.where(
        Task.office_id == office_id, among(Task.state, WITH_UNIT), last >= WAITS_UNTIL,
        Instruction.withdrawn_at.is_(None),
    )  # fmt: skip
    return db.session.scalars(query.order_by(WAITS_UNTIL, Task.id)).all()


def was_told(about: str) -> bool:
    """Whether anybody was given a notice about this."""
    return db.session.scalar(select(Notice.id).where(Notice.about == about).limit(1)) is not None


def listing(actor: Actor, which: str = "", unit_id: int = 0) -> Select[tuple[Task]]:
    """Tasks by due day: open ones, those with an answer to look at, overdue ones, or all. Units get their own."""
    query = select(Task).join(Task.instruction).where(readable(actor))
    if not reach(actor, "instruction.view").offices:
        query = query.where(among(Task.unit_id, reach(actor, "instruction.answer").units or {0}))
    if unit_id:
        query = query.where(Task.unit_id == unit_id)
    standing = Instruction.withdrawn_at.is_(None)
    match which:
        case "open":
            query = query.where(among(Task.state, OPEN), standing)
        case "reported":
            query = query.where(_to_decide(), standing)
        case "overdue":
            query = query.where(overdue())
        case "signing":
            query = query.where(Task.id.in_(_awaiting()), among(Task.state, WITH_UNIT), standing)
        case "done":
            query = query.where(Task.state == "done", standing)
    loaded = joinedload(Task.instruction)
    options = (
        joinedload(Task.unit), loaded.joinedload(Instruction.submission),
        loaded.joinedload(Instruction.document).selectinload(IssuedDocument.standings),
    )  # fmt: skip
    return query.options(*options).order_by(WAITS_UNTIL, Task.id)


def _awaiting() -> Select[tuple[int]]:
    return select(Feedback.task_id).where(Feedback.state == "awaiting")


def _to_decide() -> ColumnElement[bool]:
    return and_(
        among(Task.state, OPEN), Task.id.in_(select(Feedback.task_id).where(Feedback.state == "sent"))
    )


def _loaded() -> tuple[Any, ...]:
    feedback = selectinload(Task.feedback)
    return (
        joinedload(Task.unit), selectinload(Task.chases), feedback.joinedload(Feedback.written_by),
        feedback.joinedload(Feedback.signed_by), feedback.joinedload(Feedback.decided_by),
        feedback.selectinload(Feedback.files),
    )  # fmt: skip


# Every home page asks these: the statements are kept for all who have the same rights.
def waiting_in_units(units: frozenset[int]) -> int:
    """How many tasks wait for the people of some units."""
    return db.session.scalar(_waiting(units)) or 0


def overdue_in_units(units: frozenset[int]) -> int:
    """How many of them are overdue."""
    return db.session.scalar(_late_in(units), {"today": clock.today()}) or 0


def awaiting_heads(units: frozenset[int]) -> int:
    """How many tasks have feedback for the units' heads to sign."""
    return db.session.scalar(_signing(units)) or 0


def to_decide(offices: frozenset[int]) -> int:
    """How many tasks have feedback for the desk to look at."""
    return db.session.scalar(_deciding(offices)) or 0


def overdue_in(offices: frozenset[int]) -> int:
    """How many tasks of offices are overdue."""
    return db.session.scalar(_late(offices), {"today": clock.today()}) or 0


def handled_for(leader_id: int) -> int:
    """How many tasks of a leader's own instructions are open."""
    return db.session.scalar(_own(), {"leader": leader_id}) or 0


def _counted() -> Select[tuple[int]]:
    return select(func.count(Task.id)).join(Task.instruction).where(Instruction.withdrawn_at.is_(None))


def _overdue() -> ColumnElement[bool]:
    return and_(among(Task.state, WITH_UNIT), bindparam("today") > WAITS_UNTIL)


@lru_cache(64)
def _waiting(units: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(among(Task.unit_id, units), among(Task.state, WITH_UNIT))


@lru_cache(64)
def _late_in(units: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(among(Task.unit_id, units), _overdue())


@lru_cache(64)
def _signing(units: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(
        among(Task.unit_id, units), among(Task.state, WITH_UNIT), Task.id.in_(_awaiting())
    )


@lru_cache(64)
def _deciding(offices: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(among(Task.office_id, offices), _to_decide())


@lru_cache(64)
def _late(offices: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(among(Task.office_id, offices), _overdue())


@lru_cache(1)
def _own() -> Select[tuple[int]]:
    return _counted().where(Instruction.leader_id == bindparam("leader"), among(Task.state, OPEN))
