"""Unread marks: which items are new to an editor, and which have changed since they last looked."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.actors import Actor
from core.db import db, transaction
from core.permissions import among, reach
from core.submissions.models import Submission
from core.submissions.queries import visible
from core.submissions.workflow import EDITABLE_BY_EDITOR
from plugins.newsdesk.models import DeskSeen

NEW, CHANGED = "new", "changed"
# More are not counted for the home page.
COUNTED = 100
_item, _seen = Submission.__table__.c, DeskSeen.__table__.c
_marks = (
    select(_item.id, _item.updated_at, _seen.at)
    .select_from(
        Submission.__table__.outerjoin(
            DeskSeen.__table__, (_seen.submission_id == _item.id) & (_seen.user_id == bindparam("person"))
        )
    )
    .where(_item.id.in_(bindparam("ids", expanding=True)))
)


def of_items(actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """`new`, `changed` or nothing for some items the actor may see."""
    if not ids:
        return {}
    rows = db.session.execute(_marks, {"person": actor.id, "ids": list(ids)})
    found = {item: _mark(updated, seen) for item, updated, seen in rows}
    return {item: mark for item, mark in found.items() if mark}


def _mark(updated: Any, seen: Any) -> str:
    if seen is None:
        return NEW
    return CHANGED if updated > seen else ""


def see(actor: Actor, ids: Collection[int]) -> int:
    """Remember that the actor has looked at these items now; those out of reach are left out. How many there were."""
    if not ids:
        return 0
    with transaction():
        known = select(Submission.id).where(among(Submission.id, ids), visible(actor, "submission.edit"))
        rows = [
            {"user_id": actor.id, "submission_id": number, "at": clock.now()}
            for number in db.session.scalars(known)
        ]
        if rows:
            # Two windows of one editor may say so at the same moment.
            dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
            fresh = dialect.insert(DeskSeen).values(rows)
            db.session.execute(
                fresh.on_conflict_do_update(
                    index_elements=["user_id", "submission_id"], set_={"at": fresh.excluded.at}
                )
            )
    return len(rows)


def only(actor: Actor, mark: str) -> ColumnElement[bool]:
    """A condition on a list: only new items, or only changed ones."""
    seen = select(_seen.at).where(_seen.user_id == actor.id, _seen.submission_id == _item.id)
    if mark == CHANGED:
        return seen.where(_seen.at < _item.updated_at).exists()
    return ~seen.exists()


def unread(actor: Actor) -> int:
    """How many items in the editors' hands are new to the actor; at most COUNTED."""
    offices = reach(actor, "submission.edit").offices
    if not offices:
        return 0
    return db.session.scalar(_UNREAD, {"person": actor.id, "offices": list(offices)}) or 0


def _counting() -> Select[Any]:
    seen = select(_seen.at).where(_seen.user_id == bindparam("person"), _seen.submission_id == _item.id)
    fresh = select(_item.id).where(
        _item.office_id.in_(bindparam("offices", expanding=True)),
        _item.state.in_(EDITABLE_BY_EDITOR),
        ~seen.exists(),
    )
    return select(func.count()).select_from(fresh.limit(COUNTED).subquery())


_UNREAD = _counting()
