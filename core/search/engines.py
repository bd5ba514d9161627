"""The index proper on each database: tokens in, ids out, newest first.

SQLite: a contentless FTS5 table that keeps for every token the row ids only. PostgreSQL: a tsvector without
positions under a GIN index. What tokens cannot tell (longer words), the caller asks of the folded text.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.selectable import FromClause

from core.db import db
from core.search.models import SearchEntry

TABLE = "search_index"
# Within a day so many entries can be told apart by row ids; days count from here.
_BITS = 20
# Pages merged in one transaction: a second or so.
MERGED = 1000
_FIRST_DAY = date(1990, 1, 1).toordinal()


@dataclass(frozen=True)
class Tokens:
    """What to ask of the index: all of `every`, one of each of `some`, none of `none`."""

    every: Sequence[str]
    some: Sequence[Sequence[str]] = ()
    none: Sequence[str] = ()


class Sqlite:
    """FTS5. Row ids grow with the day, so that reading backwards gives the newest first."""

    name = "sqlite"

    @contextmanager
    def steered(self) -> Iterator[None]:
        """Nothing to steer: a full-text query always goes by the index."""
        yield

    def next_id(self, day: date) -> int | None:
        """A free row id of a day; nobody else writes meanwhile."""
        first = max(day.toordinal() - _FIRST_DAY, 0) << _BITS
        within = SearchEntry.id.between(first + 1, first + (1 << _BITS) - 1)
        last = db.session.scalar(select(func.max(SearchEntry.id)).where(within))
        return (last or first) + 1

    def insert(self, entry_id: int, day: date, tokens: Collection[str]) -> None:
        db.session.execute(_INSERT, {"id": entry_id, "tokens": " ".join(sorted(tokens))})

    def insert_all(self, rows: Sequence[tuple[int, date, Collection[str]]]) -> None:
        db.session.execute(_INSERT, [{"id": i, "tokens": " ".join(sorted(t))} for i, _, t in rows])

    def remove(self, entry_id: int, tokens: Collection[str]) -> None:
        db.session.execute(_REMOVE, {"id": entry_id, "tokens": " ".join(sorted(tokens))})

    def clear(self) -> None:
        db.session.execute(text(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')"))

    def tidy(self, *, first: bool) -> bool:
        """Merge a little of the index into one part; whether there is more to merge."""
        connection = db.session.connection()
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        # A negative number of pages begins to merge everything, a positive one goes on.
        connection.exec_driver_sql(
            f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('merge', {'-' if first else ''}{MERGED})"
        )
        return connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before > 1  # type: ignore[no-any-return]

    def sound(self) -> bool:
        """Whether the index is in order within itself."""
        try:
            db.session.execute(text(f"INSERT INTO {TABLE}({TABLE}) VALUES ('integrity-check')"))
        except Exception:
            return False
        return True

    def ids(self) -> set[int]:
        return set(db.session.scalars(text(f"SELECT rowid FROM {TABLE}")))

    def candidates(
        self,
        wanted: Tokens,
        probe: int,
        narrow: Sequence[ColumnElement[bool]] = (),
        since: date | None = None,
    ) -> tuple[FromClause, ColumnElement[int], list[Any]]:
        """Where matching ids come from, the column of the id, and the order that gives the newest first.

        `narrow` are conditions on the entry that the caller asks for anyway: here they cost less one by one. `since`
        leaves older ones out where the newest have to be sorted out; here they come first by themselves.
        """
        index = table(TABLE, column("rowid"))
        match = literal_column(TABLE).op("MATCH")(literal(self.expression(wanted)))
        found = select(index.c.rowid.label("id")).where(match).order_by(index.c.rowid.desc())
        rows = found.subquery("found")
        return rows, rows.c.id, [rows.c.id.desc()]

    def newest(self, asked: Sequence[Tokens], limit: int) -> list[tuple[int, int]]:
        """For each of many questions the newest few that match: (id, which question)."""
        one = f"SELECT id, {{}} FROM (SELECT rowid AS id FROM {TABLE} WHERE {TABLE} MATCH ? ORDER BY rowid DESC LIMIT {limit:d})"
        return _asked(one, [self.expression(each) for each in asked])

    def counts(self, asked: Sequence[Tokens], limit: int) -> list[int]:
        """How many entries match each of many questions. Here only whether any does: nothing depends on how many."""
        return _counted(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH ? LIMIT 1", self, asked)

    def some(self, asked: Sequence[Tokens], limit: int) -> list[tuple[int, int]]:
        """For each of many questions any few that match, all of them when there are fewer: (id, which question)."""
        return self.newest(asked, limit)

    def expression(self, wanted: Tokens) -> str:
        """The query in FTS5's language; tokens are letters and digits, so nothing needs quoting."""
        parts = [*wanted.every, *(f"({' OR '.join(each)})" for each in wanted.some)]
        query = " AND ".join(parts)
        return f"({query}) NOT ({' OR '.join(wanted.none)})" if wanted.none else query

    def holds(self, where: Any, word: str) -> ColumnElement[bool]:
        return func.instr(where, literal(word)) > 0


class Postgresql:
    """A tsvector under GIN. The index knows no order: matching entries are sorted, the newest of them looked at."""

    name = "postgresql"

    @contextmanager
    def steered(self) -> Iterator[None]:
        """Look up by the index while this lasts, each question planned for what it asks.

        For a token that most entries have, the planner would rather read all entries, not knowing that every set of
        tokens has to be fetched and unpacked from beside the table. A plan kept for any state at all takes three times
        as long for a rare one.
        """
        for setting in ("enable_seqscan = off", "plan_cache_mode = force_custom_plan", "jit = off"):
            db.session.execute(text(f"SET LOCAL {setting}"))
        yield
        # After an error the transaction is over, and the settings with it.
        for setting in ("enable_seqscan", "plan_cache_mode", "jit"):
            db.session.execute(text(f"SET LOCAL {setting} TO DEFAULT"))

    def next_id(self, day: date) -> int | None:
        return None

    def insert(self, entry_id: int, day: date, tokens: Collection[str]) -> None:
        self.insert_all([(entry_id, day, tokens)])

    def insert_all(self, rows: Sequence[tuple[int, date, Collection[str]]]) -> None:
        # As one text: a list of a thousand strings takes longer on its way than all the rest.
        db.session.execute(_INSERT_POSTGRES, [{"id": i, "day": d, "tokens": " ".join(t)} for i, d, t in rows])

    def remove(self, entry_id: int, tokens: Collection[str]) -> None:
        db.session.execute(text(f"DELETE FROM {TABLE} WHERE id = :id"), {"id": entry_id})

    def clear(self) -> None:
        db.session.execute(text(f"DELETE FROM {TABLE}"))

    def tidy(self, *, first: bool) -> bool:
        return False

    def sound(self) -> bool:
        return True

    def ids(self) -> set[int]:
        return set(db.session.scalars(text(f"SELECT id FROM {TABLE}")))

    def candidates(
        self,
        wanted: Tokens,
        probe: int,
        narrow: Sequence[ColumnElement[bool]] = (),
        since: date | None = None,
    ) -> tuple[FromClause, ColumnElement[int], list[Any]]:
        """The newest `probe` matching entries that are as `narrow` says, none before `since`: without it, few might be.

        The planner would otherwise read all entries in their order.
        """
        index = table(TABLE, column("id"), column("day"), column("tokens"))
        match = index.c.tokens.op("@@")(cast(literal(self.expression(wanted)), TSQUERY))
        query = select(index.c.id, index.c.day).where(match, *narrow)
        if since:
            query = query.where(index.c.day >= since)
        if narrow:
            query = query.join(SearchEntry.__table__, SearchEntry.id == index.c.id)
        query = query.order_by(index.c.day.desc(), index.c.id.desc())
        rows = query.limit(probe).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
        return rows, rows.c.id, [rows.c.day.desc(), rows.c.id.desc()]

    def newest(self, asked: Sequence[Tokens], limit: int) -> list[tuple[int, int]]:
        """The same; the offset keeps the planner from reading all entries in the order of their days."""
        one = (
            f"SELECT id, {{}} FROM (SELECT id FROM (SELECT id, day FROM {TABLE} WHERE tokens @@ CAST(%s AS tsquery) OFFSET 0) "
            f"AS every ORDER BY day DESC, id DESC LIMIT {limit:d}) AS found{{}}"
        )
        return _asked(one, [self.expression(each) for each in asked])

    def counts(self, asked: Sequence[Tokens], limit: int) -> list[int]:
        """The same, counted up to `limit`."""
        return _counted(
            f"SELECT id FROM {TABLE} WHERE tokens @@ CAST(%s AS tsquery) LIMIT {limit:d}", self, asked
        )

    def some(self, asked: Sequence[Tokens], limit: int) -> list[tuple[int, int]]:
        """The same; those that match are neither read nor sorted, which takes most of the time where many do."""
        one = f"(SELECT id, {{}} FROM {TABLE} WHERE tokens @@ CAST(%s AS tsquery) LIMIT {limit:d})"
        return _asked(one, [self.expression(each) for each in asked])

    def expression(self, wanted: Tokens) -> str:
        parts = [
            *wanted.every,
            *(f"({'|'.join(each)})" for each in wanted.some),
            *(f"!{t}" for t in wanted.none),
        ]
        return "&".join(parts)

    def holds(self, where: Any, word: str) -> ColumnElement[bool]:
        return func.strpos(where, literal(word)) > 0


def _asked(one: str, questions: Sequence[str]) -> list[tuple[int, int]]:
    """All questions in one statement, put together by hand: SQLAlchemy takes longer over it than the database."""
    if not questions:
        return []
    statement = " UNION ALL ".join(one.format(n, n) for n in range(len(questions)))
    rows = db.session.connection().exec_driver_sql(statement, tuple(questions)).all()
    return [(row[0], row[1]) for row in rows]


def _counted(one: str, engine: "Sqlite | Postgresql", asked: Sequence[Tokens]) -> list[int]:
    """The answers to every question, counted, in one statement."""
    questions = [engine.expression(each) for each in asked]
    rows = dict(_asked(f"SELECT {{}}, (SELECT count(*) FROM ({one}) AS every{{}})", questions))
    return [rows[n] for n in range(len(questions))]


_INSERT = text(f"INSERT INTO {TABLE}(rowid, tokens) VALUES (:id, :tokens)")
_REMOVE = text(f"INSERT INTO {TABLE}({TABLE}, rowid, tokens) VALUES ('delete', :id, :tokens)")
_INSERT_POSTGRES = text(
    f"INSERT INTO {TABLE}(id, day, tokens) VALUES (:id, :day, array_to_tsvector(string_to_array(:tokens, ' ')))"
)
Engine = Sqlite | Postgresql
_ENGINES: dict[str, Engine] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def engine() -> Engine:
    """The engine of the running app's database."""
    return _ENGINES[db.engine.dialect.name]
