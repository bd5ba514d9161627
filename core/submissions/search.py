"""Submissions as the search finds them: for their own units from the first draft, for editors once sent.

What editors write into an item is not for its unit before it is published. An item that they have changed is
therefore indexed twice until then: with the newest text for the office, with the unit's own text for the unit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.permissions import Reach, reach
from core.search import Entry, Shown, Source
from core.submissions import revisions
from core.submissions.models import Contributor, Revision, Submission
from core.submissions.queries import visible
from core.submissions.text import Block, plain
from core.submissions.vocabulary import GENRES
from core.submissions.workflow import STATES, WITHHELD

KIND, OWN = "submission", "own"


def newest(item: Submission) -> Entry:
    """The newest title and text of an item; its units are those that take part."""
    return _entry(KIND, item, item.title, item.body)


def own(item: Submission) -> Entry | None:
    """The text the unit sent, while it may not see what the editors made of it."""
    text = revisions.own(item) if item.state in WITHHELD else None
    return _entry(OWN, item, *text) if text else None


def _entry(kind: str, item: Submission, title: str, body: list[Block]) -> Entry:
    units = tuple(dict.fromkeys([item.unit_id, *(each.unit_id for each in item.contributors)]))
    day = clock.local(item.sort_at).date()
    return Entry(kind, item.id, item.office_id, title, plain(body), day, units, item.genre, item.state)


def may_read_newest(actor: Actor) -> ColumnElement[bool]:
    """Items whose newest text somebody may see."""
    offices = reach(actor, "submission.view").where(Submission.office_id)
    return and_(visible(actor), or_(offices, ~_withheld()))


def may_read_own(actor: Actor) -> ColumnElement[bool]:
    """Items of the actor's units whose newest text is not for them yet."""
    return and_(visible(actor), _withheld())


def _withheld() -> ColumnElement[bool]:
    changed = select(Revision.id).where(Revision.submission_id == Submission.id, Revision.by_office)
    return and_(Submission.state.in_(WITHHELD), changed.exists())


def show(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    """Title, text, unit, genre and state."""
    found = db.session.scalars(_shown_items(ids).where(may_read_newest(actor)))
    return {item.id: _shown(item, item.title, item.body) for item in found}


def show_own(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    """The same with the unit's own text."""
    found = db.session.scalars(_shown_items(ids).where(may_read_own(actor)))
    return {item.id: _shown(item, *text) for item in found if (text := revisions.own(item))}


def _shown_items(ids: Sequence[int]) -> Any:
    return (
        select(Submission)
        .where(Submission.id.in_(ids))
        .options(
            load_only(
                Submission.title, Submission.body, Submission.genre, Submission.state, Submission.sort_at
            ),
            joinedload(Submission.unit).load_only(Unit.name, Unit.short_name),
        )
    )


def _shown(item: Submission, title: str, body: list[Block]) -> Shown:
    about = (item.unit.short, GENRES[item.genre], STATES[item.state].title)
    page = ("submissions.item", {"submission_id": item.id})
    return Shown(title or "（无标题）", plain(body), page, clock.local(item.sort_at).date(), about)


def scope(actor: Actor) -> Reach:
    """Offices and units whose items somebody may see."""
    return reach(actor, "submission.view")


def _units() -> Sequence[Any]:
    return (selectinload(Submission.contributors),)


def _texts() -> Sequence[Any]:
    return (selectinload(Submission.contributors), selectinload(Submission.revisions))


def _of(row: Contributor | Revision) -> list[int]:
    return [row.submission_id] if row.submission_id else []


SHARED: dict[str, Any] = {
    "model": Submission,
    "scope": scope,
    "genres": GENRES,
    "states": {state.name: state.title for state in STATES.values()},
    "by_unit": True,
}
SUBMISSIONS = Source(
    kind=KIND,
    title="信息",
    permission=("submission.view",),
    visible=may_read_newest,
    entry=newest,
    show=show,
    watched={Contributor: _of},
    options=_units,
    weight=10,
    **SHARED,
)
ORIGINALS = Source(
    kind=OWN,
    title="编辑中的原稿",
    permission=("submission.write", "submission.sign"),
    visible=may_read_own,
    entry=own,
    show=show_own,
    watched={Contributor: _of, Revision: _of},
    options=_texts,
    weight=11,
    **SHARED,
)
