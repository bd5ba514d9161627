"""What the ledger does not keep: files past their day, jobs long ended, processes long gone."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from core import clock
from core.db import db, transaction
from core.hookspecs import ScheduledJob
from core.jobs import ledger
from core.jobs.models import OPEN, Job, JobWorker
from core.jobs.task import Result, Task

KEEP_JOBS = timedelta(days=365)
KEEP_SCHEDULED = timedelta(days=30)
KEEP_WORKERS = timedelta(days=2)


def tidy(_task: Task) -> Result:
    """Forget results past their day and jobs long ended; the last run of every schedule stays."""
    now = clock.now()
    with transaction():
        past = list(
            db.session.scalars(
                select(Job.result_sha256).where(Job.keep_until < clock.today(), Job.result_sha256 != "")
            )
        )
        db.session.execute(
            update(Job)
            .where(Job.keep_until < clock.today(), Job.result_sha256 != "")
            .values(result_sha256="")
        )
        latest = select(func.max(Job.id)).group_by(Job.kind)
        ended = Job.state.not_in(OPEN)
        gone = db.session.execute(
            delete(Job).where(ended, Job.finished_at < now - KEEP_JOBS, Job.id.not_in(latest))
        )
        short = db.session.execute(
            delete(Job).where(
                ended,
                Job.kind.startswith("scheduled:"),
                Job.finished_at < now - KEEP_SCHEDULED,
                Job.id.not_in(latest),
            )
        )
        db.session.execute(delete(JobWorker).where(JobWorker.seen_at < now - KEEP_WORKERS))
    for digest in set(past):
        _drop(digest)
    return Result(message=f"清理到期文件 {len(past)} 个、旧任务记录 {gone.rowcount + short.rowcount} 条")


def _drop(digest: str) -> None:
    """Remove a file unless another job's result has the same bytes."""
    if not db.session.scalar(select(func.count()).select_from(Job).where(Job.result_sha256 == digest)):
        ledger.results().path(digest).unlink(missing_ok=True)
    db.session.rollback()


SCHEDULES = (ScheduledJob("jobs.tidy", "清理到期的任务结果", tidy, daily="03:10"),)
