"""Bring the database up to date, owner by owner: core first, then each plugin.

Every owner has its own Alembic history and its own version table (`alembic_<owner>`), so a plugin's
folder can be taken away without breaking anybody else's history. Revision ids are readable
(`core_0001`), because ids made from the clock can collide.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text

from core import db as database
from core import plugins
from core.config import PROJECT
from core.db import Base, db
from core.errors import SetupError

UPGRADE_LOCK = 7_310_432
# The full-text index and the tables SQLite keeps for it: made by a migration, unknown to the models.
UNMODELLED = "search_index"
# Its running commentary is English and meant for developers.
logging.getLogger("alembic").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Owner:
    """Somebody who owns tables: "core" or a plugin; its tables carry the plugin's name as prefix."""

    name: str
    folder: Path

    @property
    def version_table(self) -> str:
        return f"alembic_{self.name}"

    def owns(self, table: str) -> bool:
        """Whether a table belongs to this owner. Version tables belong to nobody's models: no draft may drop them."""
        if table.startswith("alembic_") or _unmodelled(table):
            return False
        others = [o.name for o in owners() if o.name != "core"]
        if self.name == "core":
            return not any(table.startswith(f"{other}_") for other in others)
        return table.startswith(f"{self.name}_")

    def script(self) -> ScriptDirectory:
        """The owner's migration scripts."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return ScriptDirectory.from_config(config)


def _unmodelled(table: str) -> bool:
    return table == UNMODELLED or table.startswith(f"{UNMODELLED}_")


def owners() -> list[Owner]:
    """Core and every enabled plugin that has a migrations folder."""
    found = [Owner("core", PROJECT / "migrations")]
    for name in plugins.current().names():
        source = getattr(plugins.current().module(name), "__file__", None)
        folder = Path(source).parent / "migrations" if source else None
        if folder and (folder / "versions").is_dir():
            found.append(Owner(name, folder))
    return found


def upgrade(say: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, str | None, str]]:
    """Upgrade everybody to head; yields (owner, revision before, revision now). One transaction per owner.

    What then has to be worked out from the rows already there (`after_upgrade`) tells `say` how far it is.
    """
    for owner in owners():
        with _write_connection() as connection:
            before = current(owner, connection)
            _run(owner, connection, "head")
            yield owner.name, before, owner.script().get_current_head() or ""
    for step in current_app.extensions["yaoqing"].after_upgrade:
        step(say)


def current(owner: Owner, connection: Connection) -> str | None:
    """The owner's revision in the database."""
    context = MigrationContext.configure(connection, opts={"version_table": owner.version_table})
    return context.get_current_revision()


def pending() -> list[str]:
    """Names of the owners whose tables are not up to date."""
    with db.engine.connect() as connection:
        return [o.name for o in owners() if current(o, connection) != o.script().get_current_head()]


def require_up_to_date() -> None:
    """Raise SetupError when the database is older (or newer) than the program."""
    if behind := pending():
        raise SetupError(
            "数据库结构与程序版本不一致",
            reason=f"待升级：{'、'.join(behind)}",
            advice="请先运行 ./yaoqing db upgrade",
        )


def differences() -> list[Any]:
    """What the models have and the database lacks, or the other way round; empty when they agree."""
    with db.engine.connect() as connection:
        tables = {o.version_table for o in owners()}
        opts = {
            "include_name": lambda name, kind, _: (
                kind != "table" or not (name in tables or _unmodelled(name))
            ),
            "compare_type": True,
        }
        return compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata)


def draft(owner_name: str, message: str) -> Path:
    """Write a new revision file from the difference between the models and the database (for developers)."""
    owner = next(o for o in owners() if o.name == owner_name)
    script = owner.script()
    head = script.get_current_head()
    number = int(head.rsplit("_", 1)[1]) + 1 if head else 1
    with db.engine.connect() as connection:
        opts = {
            "include_name": lambda name, kind, _: kind != "table" or owner.owns(name),
            "include_object": lambda _, name, kind, __, ___: kind != "table" or owner.owns(name),
        }
        context = MigrationContext.configure(connection, opts=opts)
        lines = render_python_code(produce_migrations(context, Base.metadata).upgrade_ops).splitlines()
    up = "\n".join(line for line in lines if not line.strip().startswith("# ###")).strip()
    revision = f"{owner_name}_{number:04d}"
    path = owner.folder / "versions" / f"{revision}.py"
    path.write_text(
        f'"""{message}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nimport core.db\n\n'
        f'revision = "{revision}"\ndown_revision = {head!r}\n\n\ndef upgrade():\n    {up}\n',
        encoding="utf-8",
    )
    return path


def _run(owner: Owner, connection: Connection, target: str) -> None:
    script = owner.script()
    with EnvironmentContext(
        script.config if hasattr(script, "config") else Config(),
        script,
        fn=lambda revision, _: script._upgrade_revs(target, revision),
        destination_rev=target,
    ) as environment:
        environment.configure(
            connection=connection,
            version_table=owner.version_table,
            render_as_batch=True,
            target_metadata=Base.metadata,
        )
        environment.run_migrations()


class _write_connection:
    """A connection in a write transaction; two upgrades at once run one after the other."""

    def __enter__(self) -> Connection:
        self.token = database._queue.set([])
        self.connection = db.engine.connect()
        self.transaction = self.connection.begin()
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        return self.connection

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self.transaction.commit()
        else:
            self.transaction.rollback()
        self.connection.close()
        database._queue.reset(self.token)
