"""What only SQLite needs: its pragmas, readers beside a writer, a clear message when it is busy."""

import sqlite3

import pytest
from sqlalchemy import select, text

from core.accounts.models import Office
from core.db import db, transaction
from core.errors import Conflict


def keys():
    db.session.rollback()
    return set(db.session.scalars(select(Office.key)))


@pytest.fixture
def writer(app, office):
    """Somebody else who has just begun to write."""
    other = sqlite3.connect(app.config["YAOQING"]["DATA"] / "yaoqing.db")
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_the_pragmas_are_set(app):
    pragmas = ("journal_mode", "foreign_keys", "synchronous")

    assert [db.session.scalar(text(f"PRAGMA {name}")) for name in pragmas] == ["wal", 1, 1]


def test_a_busy_database_is_a_clear_message(writer):
    db.session.rollback()
    db.session.execute(text("PRAGMA busy_timeout=50"))

    with pytest.raises(Conflict, match="系统正忙"), transaction():
        db.session.add(Office(key="late", name="late", place_name=""))

    assert keys() == {"shili"}


def test_reading_goes_on_while_somebody_writes(writer):
    assert keys() == {"shili"}
