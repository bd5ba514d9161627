"""Finding circulars, and closed periods that still lack one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.permissions import among, reach
from core.scoring.models import FrozenRun
from plugins.circulars.models import CircularDraft
from plugins.circulars.schema import CircularKind
from plugins.circulars.sources import all_kinds, circular, closed_period, kinds_of, pack_by_ref

KEPT = 64
# Every home page of an editor asks for these: the statements are put together once.
CLOSED = (
    select(FrozenRun.id, FrozenRun.period_key, FrozenRun.period_title, FrozenRun.pack_ref)
    .where(FrozenRun.office_id == bindparam("office_id"), FrozenRun.reopened_at.is_(None))
    .order_by(FrozenRun.period_key)
)
DRAWN_UP = (
    select(CircularDraft.kind, CircularDraft.period_key, CircularDraft.run_id)
    .where(CircularDraft.office_id == bindparam("office_id"))
    .order_by(CircularDraft.id)
)


@dataclass(frozen=True)
class Gap:
    """A closed period without a circular of a kind, or (`correction`) one that was closed again with other results."""

    office_id: int
    period_key: str
    period_title: str
    kind: CircularKind
    correction: bool = False


def readable(actor: Actor) -> ColumnElement[bool]:
    """Issued circulars of the office; drafts only for those who draft or issue."""
    desk = reach(actor, "circular.draft").offices | reach(actor, "circular.issue").offices
    issued = CircularDraft.state == "issued"
    return reach(actor, "circular.view").where(CircularDraft.office_id) & (
        issued | CircularDraft.office_id.in_(desk)
    )


def listing(actor: Actor, year: str = "", state: str = "") -> Select[tuple[CircularDraft]]:
    """Circulars the actor may read, latest period first."""
    query = select(CircularDraft).where(readable(actor))
    if year:
        query = query.where(CircularDraft.period_key.startswith(year, autoescape=True))
    if state:
        query = query.where(CircularDraft.state == state)
    return query.order_by(CircularDraft.period_key.desc(), CircularDraft.id.desc())


def years(actor: Actor) -> list[str]:
    """The years there are circulars of, latest first, for the filter."""
    keys = db.session.scalars(select(CircularDraft.period_key).where(readable(actor)).distinct())
    return sorted({key[:4] for key in keys}, reverse=True)


def one(actor: Actor, circular_id: int) -> CircularDraft:
    """One circular the actor may read. Raises NotFound."""
    found = db.session.scalar(select(CircularDraft).where(CircularDraft.id == circular_id, readable(actor)))
    if not found:
        raise NotFound("没有这份通报，或您无权查看", advice="请返回通报列表重新选择")
    return found


def of_period(office_id: int, kind: str, period_key: str) -> CircularDraft | None:
    """The circular of a kind over a period, if there is one: the newest."""
    return db.session.scalar(_of_period(office_id, kind, period_key))


def unissued(office_id: int, kind: str, period_key: str) -> CircularDraft | None:
    """The circular of a kind over a period that is being drafted or waits for the issuer."""
    return db.session.scalar(_of_period(office_id, kind, period_key).where(CircularDraft.state != "issued"))


def in_force(office_id: int, kind: str, period_key: str) -> CircularDraft | None:
    """The issued circular of a kind over a period that no other has replaced."""
    issued = (CircularDraft.state == "issued") & CircularDraft.replaced_at.is_(None)
    return db.session.scalar(_of_period(office_id, kind, period_key).where(issued))


def _of_period(office_id: int, kind: str, period_key: str) -> Select[tuple[CircularDraft]]:
    query = select(CircularDraft).where(
        CircularDraft.office_id == office_id,
        CircularDraft.kind == kind,
        CircularDraft.period_key == period_key,
    )
    return query.order_by(CircularDraft.id.desc()).limit(1)


def count(actor: Actor, permission: str, state: str) -> int:
    """How many circulars in a state wait for somebody with this right."""
    return db.session.scalar(_counting(reach(actor, permission).offices, state)) or 0


@lru_cache(KEPT)
def _counting(offices: frozenset[int], state: str) -> Select[tuple[int]]:
    return select(func.count(CircularDraft.id)).where(
        among(CircularDraft.office_id, offices), CircularDraft.state == state
    )


def gaps(actor: Actor) -> list[Gap]:
    """Closed periods of which no circular, or no needed correction, has been drafted yet, oldest first."""
    return [gap for office in sorted(reach(actor, "circular.draft").offices) for gap in _gaps(office)]


def _gaps(office_id: int) -> Iterator[Gap]:
    runs_of = _newest_runs(office_id)
    pack = cache(pack_by_ref)
    for row in db.session.execute(CLOSED, {"office_id": office_id}).all():
        # Most closed periods have their circulars; only for the others the frozen result is opened.
        if all(runs_of.get((kind.id, row.period_key)) == row.id for kind in all_kinds(pack(row.pack_ref))):
            continue
        for kind in kinds_of(pack(row.pack_ref), closed_period(row.id)):
            run_id = runs_of.get((kind.id, row.period_key))
            if run_id is None or (run_id != row.id and _outdated(office_id, kind.id, row)):
                yield Gap(office_id, row.period_key, row.period_title, kind, correction=run_id is not None)


def _newest_runs(office_id: int) -> dict[tuple[str, str], int]:
    """Kind and period → the closing their newest circular was drawn up from."""
    drawn_up = db.session.execute(DRAWN_UP, {"office_id": office_id})
    return {(kind, key): run_id for kind, key, run_id in drawn_up.tuples()}


def _outdated(office_id: int, kind: str, closing: Row[Any]) -> bool:
    """Whether the circular in force shows other results than the period's present closing, and nobody mends that."""
    standing = in_force(office_id, kind, closing.period_key)
    if not standing or not standing.content or unissued(office_id, kind, closing.period_key):
        return False
    now = circular(db.session.get_one(FrozenRun, closing.id), kind).results()
    return any(standing.content[name] != now[name] for name in now if name in standing.content)
