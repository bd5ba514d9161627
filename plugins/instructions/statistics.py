"""How many instructions there were, by leader, month and unit, and how the units answered: tables for page and file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import case, extract, func, select

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.submissions.models import Contributor
from plugins.instructions import queries, task_queries
from plugins.instructions.handling import OPEN, WITH_UNIT
from plugins.instructions.models import Instruction, InstructionItem
from plugins.instructions.queries import Filter
from plugins.instructions.task_models import Task


@dataclass(frozen=True)
class Table:
    """A table of counts: the head names its columns, the first `words` of which are words."""

    title: str
    head: tuple[str, ...]
    lines: tuple[tuple[str | int, ...], ...]
    words: int = 1


HANDLED = ("承办单位", "转办", "按时反馈", "逾期反馈", "未按时反馈", "办理中", "其中逾期", "按时率")


def tables(actor: Actor, wanted: Filter) -> list[Table]:
    """All tables over what the filter leaves; withdrawn instructions do not count."""
    standing = [*queries.conditions(actor, wanted), Instruction.withdrawn_at.is_(None)]
    return [_by_leader(standing), _by_month(standing), _by_unit(standing), _handled(actor, standing)]


def _by_leader(standing: Sequence[object]) -> Table:
    names = (Instruction.leader_name, Instruction.class_title)
    query = select(*names, Instruction.kind_title, func.count()).where(*standing)
    rows = db.session.execute(query.group_by(*names, Instruction.kind_title)).all()
    counted = [((name, klass), kind, n) for name, klass, kind, n in rows]
    return _crossed("按领导", ("领导", "领导类别"), counted)


def _by_month(standing: Sequence[object]) -> Table:
    parts = (extract("year", Instruction.on), extract("month", Instruction.on))
    query = select(*parts, Instruction.kind_title, func.count()).where(*standing)
    rows = db.session.execute(query.group_by(*parts, Instruction.kind_title)).all()
    counted = [((f"{int(year)}-{int(month):02}",), kind, n) for year, month, kind, n in rows]
    table = _crossed("按月份", ("月份",), counted, by_name=True)
    return replace(table, lines=tuple((_month(str(line[0])), *line[1:]) for line in table.lines))


def _month(key: str) -> str:
    """A month as it is written: 2026年4月 for 2026-04."""
    year, month = key.split("-")
    return f"{int(year)}年{int(month)}月"


def _by_unit(standing: Sequence[object]) -> Table:
    """By the units whose items were instructed on; one on an item of two units stands in both lines."""
    query = select(Unit.id, Unit.name, Instruction.kind_title, func.count(Instruction.id.distinct())).where(
        *standing
    )
    query = query.select_from(Instruction).join(
        InstructionItem, InstructionItem.instruction_id == Instruction.id
    )
    query = query.join(Contributor, Contributor.submission_id == InstructionItem.submission_id)
    query = query.join(Unit, Unit.id == Contributor.unit_id)
    rows = db.session.execute(query.group_by(Unit.id, Unit.name, Instruction.kind_title)).all()
    return _crossed("按报送单位", ("报送单位",), [((name,), kind, n) for _, name, kind, n in rows])


def _crossed(
    title: str,
    head: tuple[str, ...],
    counted: Iterable[tuple[tuple[str, ...], str, int]],
    *,
    by_name: bool = False,
) -> Table:
    """Lines by their names, a column for each kind, the sum last; the longest line first unless by name."""
    lines: dict[tuple[str, ...], dict[str, int]] = {}
    for names, kind, number in counted:
        line = lines.setdefault(names, {})
        line[kind] = line.get(kind, 0) + number
    kinds = sorted({kind for line in lines.values() for kind in line})
    ordered = sorted(lines, key=lambda names: (0 if by_name else -sum(lines[names].values()), names))
    told = tuple(
        (*names, *(lines[names].get(kind, 0) for kind in kinds), sum(lines[names].values()))
        for names in ordered
    )
    return Table(title, (*head, *kinds, "合计"), told, len(head))


def _handled(actor: Actor, standing: Sequence[object]) -> Table:
    """How the units answered what was routed to them; what was taken back from one does not count."""

    def number(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[call-overload]

    late = Task.state.in_(WITH_UNIT) & (clock.today() > task_queries.WAITS_UNTIL)
    columns = [
        func.count(Task.id), *(number(Task.outcome == each) for each in ("on_time", "late", "missed")),
        number(Task.state.in_(OPEN)), number(late),
    ]  # fmt: skip
    query = (
        select(Unit.sort_no, Unit.id, Unit.name, *columns)
        .select_from(Task)
        .join(Task.unit)
        .join(Task.instruction)
    )  # type: ignore[call-overload]
    query = query.where(*standing, task_queries.readable(actor), Task.state != "cancelled")
    rows = db.session.execute(
        query.group_by(Unit.sort_no, Unit.id, Unit.name).order_by(Unit.sort_no, Unit.id)
    ).all()
    lines = [(name, *(int(n) for n in numbers)) for _, _, name, *numbers in rows]
    return Table("承办单位反馈", HANDLED, tuple((*line, _share(line[2], sum(line[2:5]))) for line in lines))


def _share(part: int, whole: int) -> str:
    return f"{round(part * 100 / whole)}%" if whole else "—"
