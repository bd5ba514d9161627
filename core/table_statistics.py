"""What the database knows of how many rows its tables have, and how alike they are: by that it chooses its indexes.

SQLite knows nothing unless told. It then takes an office for a handful of rows and reads all of them by some index on
the office, though the question names twenty items. PostgreSQL looks for itself.
"""

from collections.abc import Callable

from sqlalchemy import text

from core.db import db, transaction
from core.hookspecs import ScheduledJob
from core.jobs.task import Result, Task

# So many rows of each index are looked at: enough to tell twenty rows from a hundred thousand, and done in a second.
LOOKED_AT = 1000


def bring_up_to_date() -> bool:
    """Have SQLite look at its tables anew; whether there was anything to do."""
    if db.engine.dialect.name != "sqlite":
        return False
    with transaction():
        db.session.execute(text(f"PRAGMA analysis_limit = {LOOKED_AT}"))
        db.session.execute(text("ANALYZE"))
    return True


def after_upgrade(_say: Callable[[str], None]) -> None:
    """Tables and indexes may be new, or come from another machine."""
    bring_up_to_date()


def _nightly(_task: Task) -> Result:
    done = bring_up_to_date()
    return Result(message="数据表统计已更新" if done else "PostgreSQL 自行更新，无需处理")


SCHEDULES = (ScheduledJob("db.statistics", "更新数据表统计", _nightly, daily="03:20"),)
