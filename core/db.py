"""The database: SQLAlchemy base, naming convention, UTC instants, and `transaction()`.

SQLite runs in WAL mode; a transaction that writes starts with BEGIN IMMEDIATE, because a deferred one
that reads first and writes later fails at once, or loses updates, when two people save together.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, TypeDecorator, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm.exc import StaleDataError

from core.errors import Busy, Conflict

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
_READ = "read once"
Value = TypeVar("Value")
_queue: ContextVar[list[Callable[[], Any]] | None] = ContextVar("after_commit_queue", default=None)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without offset in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


@contextmanager
def transaction() -> Iterator[Callable[..., None]]:
    """One write transaction: all or nothing. Yields `after_commit(function, *args, **kwargs)`.

    What was read before is read again inside, so checks made in the block hold until the commit.
    A transaction inside another joins it. Raises Conflict when somebody else changed the same row.
    """
    if (outer := _queue.get()) is not None:
        yield _enqueue(outer)
        return
    queue: list[Callable[[], Any]] = []
    token = _queue.set(queue)
    try:
        # Ends the read transaction of this request; the next statement begins an immediate one.
        db.session.rollback()
        yield _enqueue(queue)
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise Conflict("保存失败：这条记录刚刚被别人改过", advice="请刷新页面，核对后再保存") from None
    except OperationalError as error:
        db.session.rollback()
        if "locked" in str(error.orig) or "busy" in str(error.orig):
            raise Busy("系统正忙，本次操作没有保存", advice="请稍后再试") from None
        raise
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _queue.reset(token)
    for call in queue:
        call()
    if queue:
        # Whatever an announcement left unfinished in the session must not reach the caller.
        db.session.rollback()


def read_once(key: object, read: Callable[[], Value]) -> Value:
    """What `read` gives, asked once in a transaction: a page asks a dozen times which rules are in force.

    Whoever changes it inside a transaction calls `read_again`.
    """
    kept: dict[object, Any] = db.session.info.setdefault(_READ, {})
    if key not in kept:
        kept[key] = read()
    found: Value = kept[key]
    return found


def read_again(key: object) -> None:
    """Forget what was read under a key."""
    db.session.info.get(_READ, {}).pop(key, None)


def _forget(session: Any, _transaction: Any) -> None:
    session.info.pop(_READ, None)


def _enqueue(queue: list[Callable[[], Any]]) -> Callable[..., None]:
    return lambda function, *args, **kwargs: queue.append(lambda: function(*args, **kwargs))


def init_db(app: Flask) -> None:
    """Bind the database to an app and give SQLite its pragmas and transaction modes."""
    db.init_app(app)
    if not event.contains(db.session, "after_transaction_end", _forget):
        event.listen(db.session, "after_transaction_end", _forget)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=8000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Any) -> None:
    if _queue.get() is not None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Straight to the driver: every page begins so, nothing can go wrong, and it costs a twentieth.
        connection.connection.dbapi_connection.execute("BEGIN")
