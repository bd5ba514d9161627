"""Keep the index in step: whatever a transaction changes is indexed anew by that same transaction.

Services need not remember to do so. Rows written past the session (bulk inserts of a benchmark or an import)
are not seen; `./yaoqing search rebuild` reads those.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from core.db import db
from core.search.index import drop, put
from core.search.sources import Source, sources

_CHANGED = "search changed"


def init_app(app: Flask) -> None:
    """Watch the session, once a process."""
    if not event.contains(db.session, "before_flush", _note):
        event.listen(db.session, "before_flush", _note)
        event.listen(db.session, "before_commit", _write)
        event.listen(db.session, "after_rollback", _forget)


def _note(session: Any, _context: Any, _instances: Any) -> None:
    """Remember what is about to be written. A new thing has no id yet, so the thing itself is remembered."""
    known = sources()
    changed = session.info.get(_CHANGED)
    for thing in (*session.new, *session.dirty, *session.deleted):
        model = type(thing)
        if model in known.by_class or model in known.watchers:
            if changed is None:
                changed = session.info[_CHANGED] = []
            changed.append(thing)
            if thing in session.deleted:
                # While it still has its relations.
                changed += _watching(thing)


def _watching(thing: Any) -> Iterable[tuple[Source, int]]:
    return [(s, i) for s, ids in sources().watchers.get(type(thing), ()) for i in ids(thing)]


def _write(session: Any) -> None:
    """Just before the commit, with everything flushed: what was changed is read, and put in or dropped."""
    session.flush()
    changed = session.info.pop(_CHANGED, None)
    if not changed:
        return
    for source, ids in _touched(session, changed).items():
        bring_up_to_date(sources().by_kind[source], ids)
    session.flush()


def _touched(session: Any, changed: Iterable[Any]) -> dict[str, set[int]]:
    touched: dict[str, set[int]] = {}
    for thing in changed:
        if isinstance(thing, tuple):
            touched.setdefault(thing[0].kind, set()).add(thing[1])
            continue
        for source in sources().by_class.get(type(thing), ()):
            if (key := thing.__dict__.get("id") or _identity(thing)) is not None:
                touched.setdefault(source.kind, set()).add(key)
        if thing in session:
            for source, thing_id in _watching(thing):
                touched.setdefault(source.kind, set()).add(thing_id)
    return touched


def _identity(thing: Any) -> int | None:
    key = thing._sa_instance_state.key
    return key[1][0] if key else None


def bring_up_to_date(source: Source, ids: Iterable[int]) -> None:
    """Put these things in, or drop those that are gone or not to be found."""
    wanted = sorted(ids)
    query = select(source.model).where(source.model.id.in_(wanted)).options(*source.options())
    # What is in memory may lack rows that were added without telling the thing they belong to.
    fresh = db.session.scalars(query.execution_options(populate_existing=True))
    found = {thing.id: thing for thing in fresh}
    for thing_id in wanted:
        thing = found.get(thing_id)
        entry = source.entry(thing) if thing is not None else None
        if entry is None:
            drop(source.kind, thing_id)
        else:
            put(entry)


def _forget(session: Any) -> None:
    session.info.pop(_CHANGED, None)
