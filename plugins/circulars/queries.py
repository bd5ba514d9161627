"""Finding circulars, and closed periods that still lack one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.permissions import allowed, among, reach
from core.scoring.models import FrozenRun
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.schema import CircularKind
from plugins.circulars.sources import all_kinds, circular, due, pack_by_ref

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
    """Issued circulars of the office; drafts only for those who draft or issue, what goes to some units only for
    those who keep the files: the units open their own letters."""
    desk = reach(actor, "circular.draft").offices | reach(actor, "circular.issue").offices
    issued = CircularDraft.state == "issued"
    open_to_all = CircularDraft.restricted.is_(False) | reach(actor, "circular.file").where(
        CircularDraft.office_id
    )
    return (
        reach(actor, "circular.view").where(CircularDraft.office_id)
        & (issued | CircularDraft.office_id.in_(desk))
        & open_to_all
    )


def listing(actor: Actor, year: str = "", state: str = "", kind: str = "") -> Select[tuple[CircularDraft]]:
    """Circulars the actor may read, latest period first."""
    query = select(CircularDraft).where(readable(actor))
    if year:
        query = query.where(CircularDraft.period_key.startswith(year, autoescape=True))
    if state:
        query = query.where(CircularDraft.state == state)
    if kind:
        query = query.where(CircularDraft.kind == kind)
    return query.order_by(CircularDraft.period_key.desc(), CircularDraft.id.desc())


def years(actor: Actor) -> list[str]:
    """The years there are circulars of, latest first, for the filter."""
    keys = db.session.scalars(select(CircularDraft.period_key).where(readable(actor)).distinct())
    return sorted({key[:4] for key in keys}, reverse=True)


def kinds(actor: Actor) -> list[tuple[str, str]]:
    """The kinds there are circulars of, for the filter; called as the newest of them is."""
    query = select(CircularDraft.kind, CircularDraft.kind_title).where(readable(actor))
    return list(dict(db.session.execute(query.order_by(CircularDraft.id)).tuples().all()).items())


def letters(actor: Actor) -> Select[tuple[CircularLetter]]:
    """The letters and messages issued to units the actor speaks for, newest first."""
    mine = reach(actor, "circular.letter").units
    return (
        select(CircularLetter)
        .where(CircularLetter.sent_at.is_not(None), CircularLetter.unit_id.in_(mine))
        .order_by(CircularLetter.id.desc())
    )


def letter(actor: Actor, letter_id: int) -> CircularLetter:
    """One issued letter or message the actor may read. Raises NotFound."""
    found = db.session.get(CircularLetter, letter_id)
    if not found or not found.sent_at or not allowed(actor, "circular.letter", found):
        raise NotFound("没有这份函件，或您无权查看", advice="请返回列表重新选择")
    return found


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


def unissued_besides(office_id: int, period_key: str, kinds: Collection[str]) -> list[CircularDraft]:
    """The first drafts of a period of other kinds than these: their list has become empty."""
    return list(
        db.session.scalars(
            select(CircularDraft).where(
                CircularDraft.office_id == office_id,
                CircularDraft.period_key == period_key,
                CircularDraft.state != "issued",
                CircularDraft.replaces_id.is_(None),
                CircularDraft.kind.not_in(list(kinds)),
            )
        )
    )


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
        for kind in due(db.session.get_one(FrozenRun, row.id)):
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
