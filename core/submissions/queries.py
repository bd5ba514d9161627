"""Finding submissions: what an actor may see, filters and orders of the lists, counts for the home page."""

from collections import namedtuple
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.selectable import Join

from core import clock
from core.accounts.models import Unit, User
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.notices.services import holders
from core.permissions import among, reach
from core.submissions.models import Contributor, Revision, Submission, SubmissionEvent
from core.submissions.text import count as count_characters
from core.submissions.workflow import WITH_UNIT, WITHHELD

# Offices and units whose submissions somebody may see.
Scope = tuple[frozenset[int], frozenset[int]]
COUNTED = 1000
# In these states an item waits for somebody to take it, unless an editor has it.
FREE = ("received", "editing")
# Lists and counts read the bare tables, and keep their statements for the next reader with the same rights and
# filter: SQLAlchemy takes several times as long to put a statement together as SQLite takes to run it.
KEPT = 256
_item, _unit, _contributor = Submission.__table__.c, Unit.__table__.c, Contributor.__table__.c
_units = (
    select(_unit.id, _unit.short_name, _unit.name)
    .where(_unit.office_id == bindparam("office_id"))
    .order_by(_unit.sort_no, _unit.id)
)
_units_stamp = select(func.count(), func.sum(_unit.version)).where(_unit.office_id == bindparam("office_id"))
# Each order is one that an index of `submission`, or one of `unit` followed by one of `submission`, can be read in.
ORDERS: dict[str, tuple[Any, ...]] = {
    "time": (_item.sort_at, _item.id),
    "title": (_item.title, _item.id),
    "unit": (_unit.pinyin, _unit.id, _item.sort_at, _item.id),
    "official": (_unit.sort_no, _unit.id, _item.sort_at, _item.id),
    "characters": (_item.characters, _item.id),
}
SHOWN = (
    _item.id, _item.title, _item.genre, _item.urgency, _item.state, _item.unit_id, _item.sort_at, _item.characters,
    _item.editor_id,
)  # fmt: skip


class InThisOrder(Join):
    """A join that SQLite reads from left to right: the units in their order, then of each unit what a page needs.

    Left to itself it reads and sorts every item. For other databases it is a join like any other.
    """

    inherit_cache = True


@compiles(InThisOrder)
def _cross_join(join: InThisOrder, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(join, **options))


@compiles(InThisOrder, "sqlite")
def _cross_join_in_order(join: InThisOrder, compiler: Any, **options: Any) -> str:
    return _cross_join(join, compiler, **options).replace(" JOIN ", " CROSS JOIN ", 1)


@dataclass(frozen=True)
class Filter:
    """What a list shows; every field has a place in the page's address. Empty means no restriction."""

    text: str = ""
    states: tuple[str, ...] = ()
    without: str = ""
    genre: str = ""
    urgency: str = ""
    unit_id: int = 0
    editor_id: int = 0
    # In the hands of none of these people: nobody's, or of somebody who edits no longer.
    free_of: tuple[int, ...] | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "time"
    descending: bool = True


def visible(actor: Actor, permission: str = "submission.view") -> ColumnElement[bool]:
    """The submissions an actor may see: the unit's own and joint ones, and for editors all that were sent."""
    return _within(_scope(actor, permission))


def _scope(actor: Actor, permission: str) -> Scope:
    found = reach(actor, permission)
    return found.offices, found.units


def _within(scope: Scope) -> ColumnElement[bool]:
    offices, units = scope
    parts = []
    if offices:
        parts.append(and_(among(_item.office_id, offices), _sent()))
    if units:
        parts += [_own(units), _joint(units)]
    return or_(*parts) if parts else false()


def _sent() -> ColumnElement[bool]:
    # Unequal, because no index can serve that: nearly all items have been sent, so an index on the state does not help.
    return and_(*(_item.state != state for state in WITH_UNIT))


def _own(units: Collection[int]) -> ColumnElement[bool]:
    """What these units are the main unit of, drafts included."""
    return and_(among(_item.unit_id, units), _shown())


def _joint(units: Collection[int]) -> ColumnElement[bool]:
    """What these units take part in. A joint unit sees the item once it has been sent."""
    joint = select(_contributor.submission_id).where(
        among(_contributor.unit_id, units), _contributor.position > 0
    )
    return and_(_item.id.in_(joint), _sent(), _shown())


def _shown() -> ColumnElement[bool]:
    """Not what the office is still composing out of items of several units."""
    made = Submission.__table__.alias("made")
    hidden = select(made.c.id).where(made.c.composed == true(), made.c.state != "adopted")
    return _item.id.not_in(hidden)


def one(actor: Actor, submission_id: int) -> Submission:
    """A submission the actor may see. Raises NotFound, also for one that exists but is not theirs."""
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id, visible(actor)))
    if not found:
        raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
    return found


def listing(actor: Actor, wanted: Filter, permission: str = "submission.view") -> Select[Any]:
    """Rows (id, title, genre, urgency, state, unit, unit_id, sort_at, characters, editor_id), filtered and ordered."""
    return _listing(_scope(actor, permission), wanted)


@lru_cache(KEPT)
def _listing(scope: Scope, wanted: Filter) -> Select[Any]:
    title = _item.title if scope[0] else _known_title()
    # What was asked for comes first: a row that is no match then costs no further comparisons.
    query = select(*_columns(_item, title)).where(*_conditions(wanted, title), _within(scope))
    keys = _keys(wanted)
    if keys[0].table is Unit.__table__:
        # With all units of an office in the list; few of them have anything a single unit may see.
        joined = InThisOrder if scope[0] else Join
        query = query.select_from(joined(Unit.__table__, Submission.__table__, _unit.id == _item.unit_id))
    known = {} if scope[0] else {_item.title: title, _item.characters: _known_length()}
    return query.order_by(*_directed((known.get(key, key) for key in keys), wanted))


def listed(actor: Actor, wanted: Filter, permission: str = "submission.view") -> Select[Any]:
    """The same rows as `listing`, for a page of them: quicker for a unit, but no further conditions can be added."""
    scope = offices, units = _scope(actor, permission)
    return _merged(units, wanted) if units and not offices else _listing(scope, wanted)


@lru_cache(KEPT)
def _merged(units: frozenset[int], wanted: Filter) -> Select[Any]:
    """A unit's own and joint items, each found by an index of its own, and in order of time read no further than the
    page needs. Under an OR the database fetches everything the unit ever reported, or looks through all items.
    """
    title = _known_title() if wanted.text or wanted.sort == "title" else _item.title
    conditions = _conditions(wanted, title)
    known = {_item.title: title}
    if wanted.sort == "characters":
        known[_item.characters] = _known_length()
    shown = [known[column].label(column.name) if column in known else column for column in SHOWN]
    own = select(*shown).where(*conditions, _own(units))
    joint = select(*shown).where(*conditions, _joint(units), ~among(_item.unit_id, units))
    both = union_all(own, joint).subquery("both")
    query = select(*_columns(both.c, both.c.title))
    keys = [both.c[key.name] if key.table is Submission.__table__ else key for key in _keys(wanted)]
    if keys[0].table is Unit.__table__:
        query = query.join_from(both, Unit.__table__, _unit.id == both.c.unit_id)
    return query.order_by(*_directed(keys, wanted))


def _columns(item: Any, title: ColumnElement[str]) -> list[Any]:
    # The unit's name by a subquery and not a join, so that counting and turning pages need not look at units at all.
    unit = (
        select(func.coalesce(func.nullif(_unit.short_name, ""), _unit.name))
        .where(_unit.id == item.unit_id)
        .correlate(item.unit_id.table)
        .scalar_subquery()
    )
    return [
        item.id, title.label("title"), item.genre, item.urgency, item.state, unit.label("unit"), item.unit_id, item.sort_at,
        item.characters, item.editor_id,
    ]  # fmt: skip


def title_for(actor: Actor, permission: str = "submission.view") -> ColumnElement[str]:
    """The title of `Submission` to look for words in; own and joint items of a unit by what it knows."""
    return _known_title() if reach(actor, permission).units else _item.title


def _known_title() -> ColumnElement[str]:
    """The title a unit knows its item by: while the editors' are not for it yet, that of the text it sent."""
    kept, edited = Revision.__table__.alias("kept"), Revision.__table__.alias("edited")
    changed = select(edited.c.id).where(edited.c.submission_id == _item.id, edited.c.by_office == true())
    own = (
        select(kept.c.title)
        .where(kept.c.submission_id == _item.id, kept.c.by_office == false())
        .order_by(kept.c.number.desc())
        .limit(1)
        .correlate(_item.id.table)
        .scalar_subquery()
    )
    return case((and_(among(_item.state, WITHHELD), changed.exists()), own), else_=_item.title)


def _known_length() -> ColumnElement[int]:
    """The length of the text a unit knows its item by."""
    return case(
        (among(_item.state, WITHHELD), func.coalesce(_item.own_characters, _item.characters)),
        else_=_item.characters,
    )


def _keys(wanted: Filter) -> tuple[Any, ...]:
    return ORDERS.get(wanted.sort, ORDERS["time"])


def _directed(keys: Iterable[Any], wanted: Filter) -> list[Any]:
    return [key.desc() if wanted.descending else key.asc() for key in keys]


def _conditions(wanted: Filter, title: ColumnElement[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(title.contains(wanted.text, autoescape=True))
    if wanted.states:
        found.append(among(_item.state, wanted.states))
    if wanted.without:
        found.append(_item.state != wanted.without)
    for column, value in (
        (_item.genre, wanted.genre),
        (_item.urgency, wanted.urgency),
        (_item.unit_id, wanted.unit_id),
        (_item.editor_id, wanted.editor_id),
    ):
        if value:
            found.append(column == value)
    if wanted.free_of is not None:
        found.append(_free(wanted.free_of))
    if wanted.since:
        found.append(_item.sort_at >= clock.moment(wanted.since, 0))
    if wanted.until:
        found.append(_item.sort_at < clock.moment(wanted.until + timedelta(days=1), 0))
    return found


def _free(editors: tuple[int, ...]) -> ColumnElement[bool]:
    return or_(_item.editor_id.is_(None), _item.editor_id.not_in(editors))


def newest(actor: Actor, number: int) -> Sequence[Any]:
    """The newest rows of the actor's list; what has become void is no news."""
    return as_known(actor, db.session.execute(_first(listed(actor, Filter(without="void")), number)).all())


def units_taking_part(ids: Collection[int]) -> dict[int, int]:
    """How many units take part in items, for those of several units."""
    query = select(_contributor.submission_id, func.count()).where(_contributor.submission_id.in_(ids))
    query = query.group_by(_contributor.submission_id).having(func.count() > 1)
    return dict(db.session.execute(query).tuples().all()) if ids else {}


def as_known(actor: Actor, rows: Sequence[Row[Any]]) -> Sequence[Any]:
    """Rows with the title and length somebody may see: a unit's own while the editors' are not for it yet."""
    hidden = [row.id for row in rows if row.state in WITHHELD]
    if not hidden or _scope(actor, "submission.view")[0]:
        return rows
    found = {each.submission_id: each for each in db.session.scalars(_own_texts(hidden))}
    shown = []
    for row in rows:
        own = found.get(row.id)
        told = {"title": own.title, "characters": count_characters(own.body)} if own else {}
        shown.append(_row_of(row._fields)(**{**row._asdict(), **told}))
    return shown


@lru_cache(8)
def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("_Known", names)


def _own_texts(ids: Collection[int]) -> Select[Any]:
    """The last text of its unit for every one of these items that the editors have changed."""
    later, edited = Revision.__table__.alias("later"), Revision.__table__.alias("edited")
    newer = select(later.c.id).where(
        later.c.submission_id == Revision.submission_id,
        later.c.by_office == false(),
        later.c.number > Revision.number,
    )
    changed = select(edited.c.id).where(
        edited.c.submission_id == Revision.submission_id, edited.c.by_office == true()
    )
    return select(Revision).where(
        among(Revision.submission_id, ids), Revision.by_office == false(), ~newer.exists(), changed.exists()
    )


@lru_cache(KEPT)
def _first(query: Select[Any], number: int) -> Select[Any]:
    return query.limit(number)


def count(actor: Actor, *states: str, permission: str = "submission.view", mine: bool = False) -> int:
    """How many submissions in these states the actor may act on; at most 1000 are counted."""
    return db.session.scalar(_counting(_scope(actor, permission), states, actor.id if mine else 0)) or 0


def count_free(actor: Actor) -> int:
    """How many items the actor may take, of FREE and no editor's; at most 1000 are counted."""
    return db.session.scalar(_counting_free(_scope(actor, "submission.edit"), editors(actor))) or 0


def editors(actor: Actor) -> tuple[int, ...]:
    """Who edits in the actor's office, for `Filter.free_of`."""
    return tuple(holders(actor.office_id, "submission.edit"))


@lru_cache(KEPT)
def _counting_free(scope: Scope, editors: tuple[int, ...]) -> Select[Any]:
    query = select(_item.id).where(_within(scope), among(_item.state, FREE))
    departed = select(User.id).where(User.id.not_in(editors))
    # Two questions that an index answers; as one, all items of the office are read.
    both = union_all(query.where(_item.editor_id.is_(None)), query.where(_item.editor_id.in_(departed)))
    return select(func.count()).select_from(both.limit(COUNTED).subquery())


@lru_cache(KEPT)
def _counting(scope: Scope, states: tuple[str, ...], person: int) -> Select[Any]:
    query = select(_item.id).where(_within(scope), among(_item.state, states))
    if person:
        query = query.where(or_(_item.author_id == person, _item.editor_id == person))
    return select(func.count()).select_from(query.limit(COUNTED).subquery())


def unit_choices(office_id: int) -> tuple[tuple[int, str], ...]:
    """The office's units for the filter of a list, in official order; read again only after one has changed."""
    kept, office = current_app.extensions["yaoqing"].units, {"office_id": office_id}
    stamp = db.session.execute(_units_stamp, office).one()
    if office_id not in kept or kept[office_id][0] != stamp:
        rows = db.session.execute(_units, office).all()
        kept[office_id] = stamp, tuple((unit_id, short or name) for unit_id, short, name in rows)
    return kept[office_id][1]  # type: ignore[no-any-return]


def with_text(actor: Actor, submission_id: int) -> Submission:
    """One visible submission with everything its page shows, in few queries."""
    found = db.session.scalar(
        select(Submission)
        .where(Submission.id == submission_id, visible(actor))
        .options(
            joinedload(Submission.unit),
            joinedload(Submission.author),
            joinedload(Submission.editor),
            selectinload(Submission.contributors).joinedload(Contributor.unit),
            selectinload(Submission.revisions).joinedload(Revision.by),
            selectinload(Submission.events).joinedload(SubmissionEvent.by),
        )
    )
    if not found:
        raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
    return found
