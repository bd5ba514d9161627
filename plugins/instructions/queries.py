"""Finding instructions, and the items one may be recorded on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.accounts.models import RoleAssignment, Unit, User
from core.accounts.units import units_of_office
from core.actors import Actor
from core.db import db
from core.documents import standing
from core.documents import store as documents
from core.documents.models import IssuedDocument
from core.errors import NotFound
from core.facts import Fact
from core.permissions import among, reach
from core.submissions import queries as submissions
from core.submissions.models import Contributor, Submission
from core.submissions.queries import visible
from core.submissions.workflow import COUNTABLE, WITH_EDITORS
from plugins.instructions import unscored
from plugins.instructions.handling import OPEN, WITH_UNIT
from plugins.instructions.models import Instruction, InstructionItem
from plugins.instructions.task_models import Task


@dataclass(frozen=True)
class Filter:
    """What the register shows; empty means no restriction."""

    text: str = ""
    leader: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    unit_id: int = 0
    progress: str = ""


# How far the handling of an instruction has come, for the filter.
PROGRESS = {
    "unrouted": "未转办", "open": "办理中", "overdue": "有逾期", "done": "已办结", "unscored": "尚未选定计分条目",
}  # fmt: skip
# These are the desk's affair alone.
OF_DESK = ("unscored",)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The instructions an actor may read: the office's, those on items of the actor's units, those routed to them."""
    return or_(of_office(actor), _within(frozenset(), reach(actor, "instruction.view").units))


def of_office(actor: Actor) -> ColumnElement[bool]:
    """The instructions an actor may read for a part in the office.

    One on a document that is kept from the actor is kept too, but for the leader whose word it is and the desk.
    """
    wide = _within(reach(actor, "instruction.view").offices, frozenset())
    if sees_all(actor):
        return wide
    open_to = select(IssuedDocument.id).where(*documents.readable(actor))
    return wide & or_(
        Instruction.document_id.is_(None), Instruction.document_id.in_(open_to), Instruction.leader_id == actor.id
    )  # fmt: skip


def sees_all(actor: Actor) -> bool:
    """Whether no document has to be asked for: the desk's people, and those who see their units' only."""
    return reach(actor, "instruction.view").offices <= reach(actor, "instruction.desk").offices


def _within(offices: frozenset[int], units: frozenset[int]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if offices:
        parts.append(among(Instruction.office_id, offices))
    if units:
        parts += [Instruction.id.in_(_of_units(units)), Instruction.id.in_(_routed_to(units))]
    return or_(*parts) if parts else false()


def _of_units(units: frozenset[int]) -> Select[tuple[int]]:
    """The instructions that count for items of these units."""
    return (
        select(InstructionItem.instruction_id)
        .join(Contributor, Contributor.submission_id == InstructionItem.submission_id)
        .where(among(Contributor.unit_id, units))
    )


def _routed_to(units: frozenset[int]) -> Select[tuple[int]]:
    """The instructions these units have to answer."""
    return select(Task.instruction_id).where(among(Task.unit_id, units), Task.state != "cancelled")


def listing(actor: Actor, wanted: Filter) -> Select[tuple[Instruction]]:
    """The register, newest first."""
    return _newest_first(_whole().where(*conditions(actor, wanted)))


def count(actor: Actor, wanted: Filter) -> int:
    """How many lines the register has."""
    return db.session.scalar(select(func.count(Instruction.id)).where(*conditions(actor, wanted))) or 0


def in_parts(actor: Actor, wanted: Filter, most: int, size: int) -> Iterator[Sequence[Instruction]]:
    """The first lines of the register, read some at a time."""
    query = _newest_first(select(Instruction.id).where(*conditions(actor, wanted)))
    ids = db.session.scalars(query.limit(most)).all()
    for start in range(0, len(ids), size):
        yield db.session.scalars(
            _newest_first(_whole().where(Instruction.id.in_(ids[start : start + size])))
        ).all()


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(Instruction.on.desc(), Instruction.id.desc())


def _whole() -> Select[tuple[Instruction]]:
    """Instructions with all that a line of the register tells."""
    loaded = (
        joinedload(Instruction.submission).joinedload(Submission.unit),
        joinedload(Instruction.document).selectinload(IssuedDocument.standings),
        selectinload(Instruction.items).joinedload(InstructionItem.submission).joinedload(Submission.unit),
    )
    return select(Instruction).options(*loaded)


def conditions(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the register is narrowed down to."""
    found = [readable(actor)]
    if wanted.text:
        found.append(_about(actor, wanted.text))
    if wanted.leader:
        found.append(Instruction.leader_name == wanted.leader)
    if wanted.kind:
        found.append(Instruction.kind_title == wanted.kind)
    if wanted.since:
        found.append(Instruction.on >= wanted.since)
    if wanted.until:
        found.append(Instruction.on <= wanted.until)
    if wanted.unit_id:
        one = frozenset({wanted.unit_id})
        found.append(or_(Instruction.id.in_(_of_units(one)), Instruction.id.in_(_routed_to(one))))
    if wanted.progress in PROGRESS:
        found.append(_progress(actor, wanted.progress))
    return found


def _progress(actor: Actor, wanted: str) -> ColumnElement[bool]:
    """How far it has come; a unit that sees its own part only is told of that."""
    tasks = select(Task.instruction_id).where(Task.state != "cancelled")
    if not reach(actor, "instruction.view").offices:
        tasks = tasks.where(among(Task.unit_id, reach(actor, "instruction.view").units or {0}))
    standing, pending = Instruction.withdrawn_at.is_(None), tasks.where(Task.state.in_(OPEN))
    if wanted == "unrouted":
        return and_(standing, Instruction.id.not_in(tasks))
    if wanted == "done":
        return and_(standing, Instruction.id.in_(tasks), Instruction.id.not_in(pending))
    if wanted == "unscored":
        return Instruction.id.in_(unscored.ids(reach(actor, "instruction.desk").offices))
    if wanted == "overdue":
        pending = tasks.where(
            Task.state.in_(WITH_UNIT), clock.today() > func.coalesce(Task.more_on, Task.due_on)
        )
    return and_(standing, Instruction.id.in_(pending))


def _about(actor: Actor, text: str) -> ColumnElement[bool]:
    """Words in the instruction, or in the title of what it was written on as the actor knows it."""
    known = submissions.title_for(actor, "instruction.view")
    items = select(Submission.id).where(known.contains(text, autoescape=True))
    documents = select(IssuedDocument.id).where(IssuedDocument.title.contains(text, autoescape=True))
    return or_(
        Instruction.text.contains(text, autoescape=True), Instruction.submission_id.in_(items),
        Instruction.document_id.in_(documents),
    )  # fmt: skip


def names(actor: Actor) -> list[str]:
    """The leaders of the instructions the actor may read, for the filter."""
    query = select(Instruction.leader_name).where(readable(actor)).distinct().limit(200)
    return sorted(db.session.scalars(query))


def kind_titles(actor: Actor) -> list[str]:
    """The kinds of the instructions the actor may read, for the filter."""
    return sorted(
        db.session.scalars(select(Instruction.kind_title).where(readable(actor)).distinct().limit(50))
    )


def count_since(actor: Actor, first: date) -> int:
    """How many standing instructions since a day the actor may read."""
    found = reach(actor, "instruction.view")
    if not sees_all(actor):
        return db.session.scalar(_counted().where(readable(actor)), {"first": first}) or 0
    query = _counting(found.offices, found.units)
    return db.session.scalar(query, {"first": first}) or 0


# Every home page asks this: the statement is kept for all who have the same rights.
@lru_cache(64)
def _counting(offices: frozenset[int], units: frozenset[int]) -> Select[tuple[int]]:
    return _counted().where(_within(offices, units))


def _counted() -> Select[tuple[int]]:
    return select(func.count(Instruction.id)).where(
        Instruction.on >= bindparam("first"), Instruction.withdrawn_at.is_(None)
    )


def of_submission(actor: Actor, submission_id: int) -> list[Instruction]:
    """The instructions on one item or counting for it, oldest first."""
    counting = select(InstructionItem.instruction_id).where(InstructionItem.submission_id == submission_id)
    about = or_(Instruction.submission_id == submission_id, Instruction.id.in_(counting))
    query = select(Instruction).where(readable(actor), about)
    return list(db.session.scalars(query.order_by(Instruction.on, Instruction.id)))


def of_document(actor: Actor, document_id: int) -> list[Instruction]:
    """The instructions on one document and on what it stands in the place of, oldest first."""
    versions = [document_id, *standing.stood_for(document_id)]
    query = select(Instruction).where(readable(actor), Instruction.document_id.in_(versions))
    return list(db.session.scalars(query.order_by(Instruction.on, Instruction.id)))


def followed_by(actor: Actor, found: Instruction) -> list[Instruction]:
    """The further instructions on one, oldest first."""
    query = select(Instruction).where(readable(actor), Instruction.follows_id == found.id)
    return list(db.session.scalars(query.order_by(Instruction.on, Instruction.id)))


def one(actor: Actor, instruction_id: int) -> Instruction:
    """One instruction the actor may read. Raises NotFound."""
    found = db.session.scalar(select(Instruction).where(Instruction.id == instruction_id, readable(actor)))
    if not found:
        raise NotFound("没有这条批示，或您无权查看", advice="请返回批示登记重新选择")
    return found


def item(actor: Actor, submission_id: int) -> Submission:
    """An item that has reached the office and that the actor may read instructions on. Raises NotFound."""
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id, _open_to(actor)))
    if not found:
        raise NotFound("没有这条信息，或尚未报送", advice="请返回列表重新选择")
    return found


def items(actor: Actor, text: str = "") -> Select[tuple[Submission]]:
    """Items an instruction may be recorded on, newest first."""
    query = (
        select(Submission)
        .where(visible(actor, "instruction.view"), Submission.state.in_(COUNTABLE))
        .options(joinedload(Submission.unit))
    )
    if text:
        query = query.where(Submission.title.contains(text, autoescape=True))
    return query.order_by(Submission.sort_at.desc(), Submission.id.desc())


def by_id(office_id: int, ids: Sequence[int]) -> list[Submission]:
    """Items of an office, in the order asked for."""
    query = select(Submission).where(Submission.office_id == office_id, Submission.id.in_(ids))
    found = {item.id: item for item in db.session.scalars(query)}
    return [found[n] for n in ids if n in found]


def unit_ids(office_id: int) -> set[int]:
    """The ids of an office's units that exist today."""
    return {unit.id for unit in units_of_office(office_id, clock.today())}


def short_names(ids: Sequence[int]) -> list[str]:
    """What units are called, in official order."""
    query = select(Unit).where(Unit.id.in_(ids)).order_by(Unit.sort_no, Unit.id)
    return [unit.short for unit in db.session.scalars(query)]


def logins(office_id: int) -> dict[str, int]:
    """The accounts of an office that hold the role 领导."""
    return {user.login: user.id for user in leaders(office_id)}


def instructions(office_id: int, ids: Sequence[int]) -> dict[int, Instruction]:
    """Instructions of an office by id."""
    query = select(Instruction).where(Instruction.office_id == office_id, Instruction.id.in_(ids))
    loaded = (joinedload(Instruction.submission), joinedload(Instruction.document))
    return {found.id: found for found in db.session.scalars(query.options(*loaded))}


def post_offices(actor: Actor) -> frozenset[int]:
    """The offices whose posts somebody keeps."""
    return reach(actor, "instruction.posts").offices


def facts_with(office_id: int, prefix: str) -> int:
    """How many facts have a key that begins so."""
    counting = select(func.count(Fact.id)).where(
        Fact.office_id == office_id, Fact.key.startswith(prefix, autoescape=True)
    )
    return db.session.scalar(counting) or 0


def leaders(office_id: int) -> list[User]:
    """The people of an office who hold the role 领导."""
    held = RoleAssignment.role == "leader"
    query = select(User).where(
        User.roles.any(held & (RoleAssignment.office_id == office_id)), User.disabled.is_(False)
    )
    return list(db.session.scalars(query.order_by(User.pinyin, User.id)))


def _open_to(actor: Actor) -> ColumnElement[bool]:
    return visible(actor, "instruction.view") & Submission.state.in_(WITH_EDITORS)
