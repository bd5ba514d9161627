"""Finding circulars, and closed periods that still lack one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, select

from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.permissions import reach
from core.scoring.models import FrozenRun
from plugins.circulars.models import CircularDraft
from plugins.circulars.schema import CircularKind
from plugins.circulars.sources import all_kinds, closed_period, kinds_of, pack_by_ref


@dataclass(frozen=True)
class Gap:
    """A closed period without a circular of a kind."""

    office_id: int
    period_key: str
    period_title: str
    kind: CircularKind


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
    """The circular of a kind over a period, if there is one."""
    return db.session.scalar(
        select(CircularDraft).where(
            CircularDraft.office_id == office_id,
            CircularDraft.kind == kind,
            CircularDraft.period_key == period_key,
        )
    )


def count(actor: Actor, permission: str, state: str) -> int:
    """How many circulars in a state wait for somebody with this right."""
    within = reach(actor, permission).where(CircularDraft.office_id)
    return len(db.session.scalars(select(CircularDraft.id).where(within, CircularDraft.state == state)).all())


def gaps(actor: Actor) -> list[Gap]:
    """Closed periods of which no circular has been drafted yet, oldest first."""
    return [gap for office in sorted(reach(actor, "circular.draft").offices) for gap in _gaps(office)]


def _gaps(office_id: int) -> Iterator[Gap]:
    in_force = (FrozenRun.office_id == office_id) & FrozenRun.reopened_at.is_(None)
    of_office = CircularDraft.office_id == office_id
    there = set(
        db.session.execute(select(CircularDraft.kind, CircularDraft.period_key).where(of_office)).tuples()
    )
    columns = (FrozenRun.id, FrozenRun.period_key, FrozenRun.period_title, FrozenRun.pack_ref)
    pack = cache(pack_by_ref)
    for row in db.session.execute(select(*columns).where(in_force).order_by(FrozenRun.period_key)).all():
        # Most closed periods have their circulars; only for the others the frozen result is opened.
        if all((kind.id, row.period_key) in there for kind in all_kinds(pack(row.pack_ref))):
            continue
        for kind in kinds_of(pack(row.pack_ref), closed_period(row.id)):
            if (kind.id, row.period_key) not in there:
                yield Gap(office_id, row.period_key, row.period_title, kind)
