"""Fill an empty data folder with realistic texts and build the index; a filled one is used as it is."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent / "http")]

from seed import seed
from sqlalchemy import func, select, text

from core import migrate, table_statistics
from core.db import db, transaction
from core.search import rebuilding
from core.search.models import SearchEntry
from core.submissions.models import Submission

PACK = HERE.parent.parent / "rulepacks" / "luan-2013"


def prepare(items: int, say: Any) -> None:
    """Submissions with their texts, and the index over them, by this version of the program."""
    if _migrated() and migrate.pending():
        list(migrate.upgrade())
    if (db.session.scalar(_count()) if _migrated() else 0) != items:
        seed(items, PACK, say)
    indexed = select(func.count()).select_from(SearchEntry).where(SearchEntry.kind == "submission")
    if db.session.scalar(indexed) != items or rebuilding.outdated():
        _build(say)
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        table_statistics.bring_up_to_date()


def _build(say: Any) -> None:
    """The whole index. On PostgreSQL the GIN index is made after the rows, which takes minutes instead of an hour."""
    start = time.perf_counter()
    with _without_gin() if db.engine.dialect.name == "postgresql" else nullcontext():
        for title, done, total in rebuilding.rebuild():
            if done % 10_000 == 0 and total:
                say(f"索引 {title} {done}/{total}，{time.perf_counter() - start:.0f} 秒")
    say(f"建索引用时 {time.perf_counter() - start:.0f} 秒")


@contextmanager
def _without_gin() -> Iterator[None]:
    with transaction():
        db.session.execute(text("DROP INDEX IF EXISTS ix_search_index_tokens"))
    yield
    with transaction():
        db.session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        db.session.execute(
            text(
                "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens) WITH (fastupdate = off)"
            )
        )


def _migrated() -> bool:
    return db.inspect(db.engine).has_table("submission")


def _count() -> Any:
    return select(func.count()).select_from(Submission)
