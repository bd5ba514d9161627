"""Files that nothing refers to: what was printed and then not issued, uploads that were not saved.

A file is put into the store before the transaction that refers to it, so whatever breaks off in between leaves it there.
Swept is what has lain for days and is named nowhere: the whole database is asked, also tables of plugins that are
switched off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import JSON, Column, MetaData, Select, String, select

from core.db import db
from core.files import FileStore, store
from core.hookspecs import ScheduledJob
from core.jobs.task import Result, Task

GRACE = timedelta(days=7)
DIGEST = re.compile("[0-9a-f]{64}")
AT_ONCE = 1000


@dataclass(frozen=True)
class Orphan:
    """A file without a reference; `digest` is empty for one whose writing broke off."""

    digest: str
    path: Path
    size: int
    since: datetime


def orphans(grace: timedelta = GRACE, files: FileStore | None = None) -> list[Orphan]:
    """The files that have lain so long and are named nowhere."""
    found = {path: digest for digest, path in (files or store()).older(grace.total_seconds())}
    named = _named({digest for digest in found.values() if digest})
    return [_orphan(digest, path) for path, digest in found.items() if digest not in named and path.exists()]


def sweep(grace: timedelta = GRACE) -> tuple[int, int]:
    """Remove the orphans; how many files and bytes that were."""
    files, gone = store(), []
    for orphan in orphans(grace, files):
        if files.drop(orphan.path, grace.total_seconds()):
            gone.append(orphan.size)
    return len(gone), sum(gone)


def _orphan(digest: str, path: Path) -> Orphan:
    known = path.stat()
    return Orphan(digest, path, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC))


def _swept(_task: Task) -> Result:
    count, size = sweep()
    return Result(message=f"清理无人引用的文件 {count} 个，共 {size / 1e6:.1f} MB")


def _named(wanted: set[str]) -> set[str]:
    """Which of these digests stand in any text of any table."""
    left = set(wanted)
    for query in _texts() if wanted else ():
        if not left:
            break
        for text in db.session.scalars(query):
            left.difference_update(DIGEST.findall(text))
    db.session.rollback()
    return wanted - left


def _texts() -> Iterator[Select[tuple[str]]]:
    """What asks for all texts of the database, column by column, those that are short first."""
    tables = MetaData()
    tables.reflect(db.engine)
    columns = [
        column for table in tables.tables.values() for column in table.columns if _may_name_a_file(column)
    ]
    for column in sorted(columns, key=lambda one: getattr(one.type, "length", None) or 1 << 30):
        text = db.cast(column, String) if isinstance(column.type, JSON) else column
        yield select(text).where(db.func.length(text) >= 64).execution_options(yield_per=AT_ONCE)


def _may_name_a_file(column: Column[object]) -> bool:
    """Texts, and values whose kind the database does not tell."""
    length = getattr(column.type, "length", None)
    return isinstance(column.type, (String, JSON)) and (length is None or length >= 64)


SCHEDULES = (ScheduledJob("files.sweep", "清理无人引用的文件", _swept, daily="03:40"),)
