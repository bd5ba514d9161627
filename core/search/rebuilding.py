"""Build the index anew from the texts themselves, and check that it says what they say."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select

from core.db import db, transaction
from core.search.engines import engine
from core.search.index import all_tokens, folded, values_of
from core.search.keeping import bring_up_to_date
from core.search.models import SearchEntry, SearchState, SearchText
from core.search.sources import Source, sources

# Raised when texts are folded or cut into tokens in another way: the next upgrade then builds the index anew.
VERSION = 3
BATCH = 500
Progress = tuple[str, int, int]


def outdated() -> list[Source]:
    """The kinds that are not indexed completely by this version of the program."""
    known = dict(db.session.execute(select(SearchState.kind, SearchState.version)).tuples().all())
    return [source for source in sources().by_kind.values() if known.get(source.kind) != VERSION]


def catch_up() -> Iterator[Progress]:
    """Index what is not indexed yet: after an upgrade, or when a plugin is new. Yields (kind, done, of how many)."""
    behind = outdated()
    known = set(db.session.scalars(select(SearchState.version).distinct()))
    if behind and known - {VERSION}:
        yield from rebuild()
        return
    for source in behind:
        yield from _fill(source, fresh=False)
    if behind:
        _tidy()


def after_upgrade(say: Callable[[str], None]) -> None:
    """Whatever an upgrade left to be indexed."""
    tell(catch_up(), say)


def tell(progress: Iterable[Progress], say: Callable[[str], None]) -> None:
    """Say how far it is at the beginning and end of a kind and each BATCH * 20 things between; nothing of empty kinds."""
    for title, done, total in progress:
        if total and (done % (BATCH * 20) == 0 or done >= total):
            say(f"建立全文索引：{title} {done}/{total}")


def rebuild() -> Iterator[Progress]:
    """Everything from the start. The site may go on working: what is saved meanwhile is indexed as usual."""
    with transaction():
        engine().clear()
        for table in (SearchText, SearchEntry, SearchState):
            db.session.execute(delete(table), execution_options={"synchronize_session": False})
    for source in sources().by_kind.values():
        yield from _fill(source, fresh=True)
    _tidy()


def _fill(source: Source, *, fresh: bool) -> Iterator[Progress]:
    """All things of a kind, a batch in a transaction; what has been indexed meanwhile is left as it is."""
    total = db.session.scalar(select(func.count()).select_from(source.model)) or 0
    done = last = 0
    yield source.title, 0, total
    while True:
        with transaction():
            things = _batch(source, last)
            if not things:
                db.session.execute(
                    delete(SearchState).where(SearchState.kind == source.kind),
                    execution_options={"synchronize_session": False},
                )
                db.session.execute(insert(SearchState), {"kind": source.kind, "version": VERSION})
                break
            last, done = things[-1].id, done + len(things)
            if fresh:
                _add(source, things)
            else:
                bring_up_to_date(source, [thing.id for thing in things])
        yield source.title, done, max(done, total)


def _batch(source: Source, last: int) -> list[Any]:
    model = source.model
    query = select(model).where(model.id > last).order_by(model.id).limit(BATCH).options(*source.options())
    return list(db.session.scalars(query))


def _add(source: Source, things: list[Any]) -> None:
    """Many at once; skips what was saved, and so indexed, since the rebuild began."""
    ids = [thing.id for thing in things]
    there = set(
        db.session.scalars(
            select(SearchEntry.thing_id).where(SearchEntry.kind == source.kind, SearchEntry.thing_id.in_(ids))
        )
    )
    made = [entry for thing in things if thing.id not in there and (entry := source.entry(thing))]
    if not made:
        return
    next_ids: dict[Any, int] = {}
    rows, texts = [], []
    for entry in made:
        row, text = values_of(entry), folded(entry)
        if (new_id := next_ids.get(entry.day) or engine().next_id(entry.day)) is not None:
            next_ids[entry.day] = new_id + 1
            row["id"] = new_id
        rows.append(row)
        texts.append(text)
    keys = db.session.scalars(
        insert(SearchEntry).returning(SearchEntry.id, sort_by_parameter_order=True), rows
    ).all()
    db.session.execute(
        insert(SearchText), [{"entry_id": key, **text} for key, text in zip(keys, texts, strict=True)]
    )
    engine().insert_all(
        [
            (key, row["day"], all_tokens(row, text["title"], text["body"]))
            for key, row, text in zip(keys, rows, texts, strict=True)
        ]
    )


def _tidy() -> None:
    """Merge what many small writes left; a little in each transaction, so that nobody waits long."""
    first = more = True
    while more:
        with transaction():
            more = engine().tidy(first=first)
        first = False


def check() -> Iterator[str]:
    """What is wrong with the index, in Chinese sentences; nothing when it says what the texts say."""
    if not engine().sound():
        yield "索引内部不一致"
    for source in outdated():
        yield f"{source.title}尚未建立索引"
    for source in sources().by_kind.values():
        yield from _differences(source)
    entries = set(db.session.scalars(select(SearchEntry.id)))
    if entries != engine().ids():
        yield "索引与条目不是一一对应"


def _differences(source: Source) -> Iterator[str]:
    last, seen = 0, 0
    columns = (SearchEntry.thing_id, SearchEntry.office_id, SearchEntry.day, SearchEntry.units, SearchEntry.genre,
               SearchEntry.state, SearchText.title, SearchText.body)  # fmt: skip
    while things := _batch(source, last):
        last = things[-1].id
        ids = [thing.id for thing in things]
        query = select(*columns).join(SearchText, SearchText.entry_id == SearchEntry.id)
        rows = db.session.execute(query.where(SearchEntry.kind == source.kind, SearchEntry.thing_id.in_(ids)))
        kept = {row.thing_id: dict(row._mapping) for row in rows}
        for thing in things:
            entry = source.entry(thing)
            should = {**values_of(entry), **folded(entry)} if entry else None
            if should:
                should.pop("kind")
            if kept.pop(thing.id, None) != should:
                yield f"{source.title}（编号 {thing.id}）的索引与内容不符"
            seen += should is not None
    counted = db.session.scalar(select(func.count()).where(SearchEntry.kind == source.kind))
    if counted != seen:
        yield f"{source.title}的索引有 {counted} 条，应有 {seen} 条"
