"""A database with something in every table comes through all migrations since the last release of each owner.

SQLite only: there a table is easily written anew by mistake, which fails as soon as another table points to it.
PostgreSQL changes tables in place.
"""

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from core import migrate
from core.db import db

# What every installation in use has at least. Owners that came later are not named.
RELEASED = {
    "core": "core_0006", "circulars": "circulars_0003", "fees": "fees_0001", "instructions": "instructions_0001",
    "journal": "journal_0002",
}  # fmt: skip
SAMPLES = (
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.JSON, []),
    (sa.DateTime, datetime(2026, 3, 1)),
    (sa.Date, date(2026, 3, 1)),
    (sa.LargeBinary, b"1"),
)


@pytest.fixture
def released(make_app, tmp_path):
    """An app on a database as the last release left it, one row in every table."""
    app = make_app(data=tmp_path / "released")
    with app.app_context():
        db.engine.dispose()
        (tmp_path / "released" / "yaoqing.db").unlink()
        to({**RELEASED})
        with db.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            metadata = sa.MetaData()
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                if not table.name.startswith("alembic_"):
                    connection.execute(table.insert().values({c.name: sample(c) for c in table.columns}))
        db.engine.dispose()
        yield app


def to(revisions):
    """Bring the owners that are named to their revisions, or to their newest one for None."""
    for owner in migrate.owners():
        if owner.name in revisions:
            with migrate._write_connection() as connection:
                migrate._run(owner, connection, revisions[owner.name] or "head")


def sample(column):
    """A value the column takes; every key is 1, so that every row points to another."""
    if column.foreign_keys and not column.primary_key and column.nullable:
        # A row that is its own parent would be no row at all for what walks up a tree.
        return None if any(key.column.table is column.table for key in column.foreign_keys) else 1
    return next((value for kind, value in SAMPLES if isinstance(column.type, kind)), "1")


def counted():
    tables = [name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("alembic_")]
    with db.engine.connect() as connection:
        return {name: connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) for name in tables}


def triggers():
    """What keeps records from being changed; a table written anew loses it silently."""
    with db.engine.connect() as connection:
        return set(
            connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").scalars()
        )


def test_a_database_with_a_row_in_every_table_comes_through(released):
    before, protected = counted(), triggers()

    to(dict.fromkeys(owner.name for owner in migrate.owners()))

    assert len(before) > 30 and set(before.values()) == {1}
    assert {name: counted()[name] for name in before} == before
    assert protected and protected <= triggers()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert migrate.differences() == []
