"""Submissions as the search finds them: for their own units from the first draft, for editors once sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, selectinload

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.permissions import Reach, reach
from core.search import Entry, Shown, Source
from core.submissions.models import Contributor, Submission
from core.submissions.queries import visible
from core.submissions.text import plain
from core.submissions.vocabulary import GENRES
from core.submissions.workflow import STATES

KIND = "submission"


def entry(item: Submission) -> Entry:
    """The newest title and text of an item; its units are those that take part."""
    return Entry(
        KIND, item.id, item.office_id, item.title, plain(item.body), clock.local(item.sort_at).date(),
        tuple(dict.fromkeys([item.unit_id, *(each.unit_id for each in item.contributors)])), item.genre, item.state,
    )  # fmt: skip


def show(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    """Title, text, unit, genre and state."""
    query = (
        select(Submission)
        .where(Submission.id.in_(ids), visible(actor))
        .options(
            load_only(
                Submission.title, Submission.body, Submission.genre, Submission.state, Submission.sort_at
            ),
            joinedload(Submission.unit).load_only(Unit.name, Unit.short_name),
        )
    )
    return {item.id: _shown(item) for item in db.session.scalars(query)}


def _shown(item: Submission) -> Shown:
    about = (item.unit.short, GENRES[item.genre], STATES[item.state].title)
    url = ("submissions.item", {"submission_id": item.id})
    return Shown(item.title or "（无标题）", plain(item.body), url, clock.local(item.sort_at).date(), about)


def scope(actor: Actor) -> Reach:
    """Offices and units whose items somebody may see."""
    return reach(actor, "submission.view")


def _options() -> Sequence[Any]:
    return (selectinload(Submission.contributors),)


SUBMISSIONS = Source(
    kind=KIND,
    title="信息",
    model=Submission,
    permission=("submission.view",),
    visible=visible,
    entry=entry,
    show=show,
    scope=scope,
    watched={Contributor: lambda row: [row.submission_id] if row.submission_id else []},
    genres=GENRES,
    states={state.name: state.title for state in STATES.values()},
    by_unit=True,
    options=_options,
    weight=10,
)
