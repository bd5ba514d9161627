"""Put a thing's text into the index and take it out again, inside the transaction that changes the thing."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.db import db
from core.search.engines import engine
from core.search.folding import fold, mark, tokens_of
from core.search.models import SearchEntry, SearchText
from core.search.sources import GENRE, Entry

# What is longer than this (a collected issue of sixty pages) is found by its beginning: PostgreSQL keeps a megabyte
# of tokens for a text, and this many characters have at most 30 bytes of them each.
MAX_INDEXED = 34_000


def put(entry: Entry) -> None:
    """Let a thing be found by this text from now on. Costs next to nothing when only its state changed."""
    before = _row(entry.kind, entry.thing_id)
    row, text = values_of(entry), folded(entry)
    if before is None:
        _insert(row, text)
        return
    old = (before.title, before.body), before.day, before.units
    if (
        old == ((text["title"], text["body"]), row["day"], row["units"])
        and before.office_id == row["office_id"]
    ):
        if (before.genre, before.state) != (row["genre"], row["state"]):
            db.session.execute(
                update(SearchEntry)
                .where(SearchEntry.id == before.id)
                .values(genre=row["genre"], state=row["state"]),
                execution_options={"synchronize_session": False},
            )
        return
    _remove(before)
    _insert(row, text)


def drop(kind: str, thing_id: int) -> None:
    """Let a thing be found no more."""
    if (before := _row(kind, thing_id)) is not None:
        _remove(before)


def values_of(entry: Entry) -> dict[str, Any]:
    """The row of an entry."""
    return {
        "kind": entry.kind, "thing_id": entry.thing_id, "office_id": entry.office_id, "day": entry.day,
        "units": ",".join(map(str, sorted(set(entry.units)))), "genre": entry.genre[:GENRE], "state": entry.state,
    }  # fmt: skip


def folded(entry: Entry) -> dict[str, str]:
    """The folded title and text of an entry."""
    return {"title": fold(entry.title), "body": fold(entry.body[:MAX_INDEXED])}


def all_tokens(row: Any, title: str, body: str) -> Collection[str]:
    """Every token of an entry: of its text, and of what it is and whose."""
    of = {mark("kind", row["kind"]), mark("office", row["office_id"])}
    units = {mark("unit", unit) for unit in row["units"].split(",") if unit}
    return tokens_of(title, body) | of | units


def _row(kind: str, thing_id: int) -> Any:
    query = select(
        SearchEntry.id, SearchEntry.kind, SearchEntry.office_id, SearchEntry.day, SearchEntry.units,
        SearchEntry.genre, SearchEntry.state, SearchText.title, SearchText.body,
    ).join(SearchText, SearchText.entry_id == SearchEntry.id)  # fmt: skip
    return db.session.execute(
        query.where(SearchEntry.kind == kind, SearchEntry.thing_id == thing_id)
    ).one_or_none()


def _insert(row: dict[str, Any], text: dict[str, str]) -> None:
    if (new_id := engine().next_id(row["day"])) is not None:
        row = {**row, "id": new_id}
    entry_id = db.session.scalar(insert(SearchEntry).returning(SearchEntry.id), row)
    assert entry_id
    db.session.execute(insert(SearchText), {"entry_id": entry_id, **text})
    engine().insert(entry_id, row["day"], all_tokens(row, text["title"], text["body"]))


def _remove(before: Any) -> None:
    """By the very tokens it was indexed by: the index does not know them itself."""
    engine().remove(before.id, all_tokens(before._mapping, before.title, before.body))
    db.session.execute(delete(SearchText).where(SearchText.entry_id == before.id), execution_options=_QUIET)
    db.session.execute(delete(SearchEntry).where(SearchEntry.id == before.id), execution_options=_QUIET)


_QUIET = {"synchronize_session": False}
