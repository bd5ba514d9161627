"""Empty databases for tests: migrated once per session and kind, copied for every test."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text

from core import migrate
from core.app import create_app
from core.db import db

# A PostgreSQL database whose user may create others; tests for it are left out without.
POSTGRES = os.environ.get("YAOQING_TEST_POSTGRES", "")


class Templates:
    """Empty databases by plugin package and dialect."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.bytecode = FileSystemBytecodeCache(str(folder))
        self.ready: dict[tuple[str, str], str] = {}

    def sqlite(self, package: str) -> Path:
        """The file to copy."""
        data = self.folder / package
        if ("sqlite", package) not in self.ready:
            _migrated({"DATA": data}, package)
            self.ready["sqlite", package] = str(data)
        return data / "yaoqing.db"

    def postgresql(self, package: str) -> str:
        """The address of a fresh copy, made by the server itself."""
        if ("postgresql", package) not in self.ready:
            name = self._create("")
            _migrated({"DATA": self.folder / f"{package}-postgresql", "DATABASE": _address(name)}, package)
            self.ready["postgresql", package] = name
        return _address(self._create(f"TEMPLATE {self.ready['postgresql', package]}"))

    def _create(self, template: str) -> str:
        name = f"yaoqing_test_{uuid.uuid4().hex[:12]}"
        with _server() as connection:
            connection.execute(text(f"CREATE DATABASE {name} {template}"))
        return name

    def drop(self, *names: str) -> None:
        """Remove databases from the server."""
        for name in names:
            with _server() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _migrated(settings: dict[str, Any], package: str) -> None:
    app = create_app(settings, plugin_package=package)
    with app.app_context():
        list(migrate.upgrade())
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.engine.dispose()


@contextmanager
def _server() -> Iterator[Any]:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _address(database: str) -> str:
    return f"{POSTGRES.rsplit('/', 1)[0]}/{database}"
