"""Core is tested as it stands with every plugin folder removed."""

import pytest
from sqlalchemy import event

from core.db import db


@pytest.fixture
def plugin_package():
    """A package that does not exist: no plugins."""
    return "no_plugins"


@pytest.fixture
def asked(app):
    """The statements sent to the database, with their values."""
    found = []

    def note(_connection, _cursor, statement, values, *_rest):
        found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)
