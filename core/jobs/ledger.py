"""The ledger of jobs: every change of a job's state, each in one short transaction with its condition."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, SetupError
from core.files import FileStore
from core.hookspecs import JobKind
from core.jobs.models import OPEN, STATES, Job
from core.jobs.task import Result, Task
from core.notices.services import tell
from core.permissions import Place, require

# Pauses before a job that failed by an accident is tried again.
PAUSES = (10, 60, 300)
# Somebody who started a job looks at its page for so long.
WATCHED = timedelta(seconds=20)
KILLED = "处理过程 {times} 次中断（程序被终止或内存不足），已停止。请把任务编号告诉系统管理员"


def kind_of(name: str) -> JobKind | None:
    """A kind of job of the running app; None when its plugin is gone."""
    found: JobKind | None = current_app.extensions["yaoqing"].jobs.get(name)
    return found


def start(
    actor: Actor | None, name: str, title: str, args: dict[str, Any] | None = None, *,
    office_id: int | None = None, key: str = "",
) -> Job:  # fmt: skip
    """Write a job into the ledger, inside the running transaction; it runs after the commit.

    Under a `key` there is one open job of a kind in an office: whoever starts it again gets the one there is.
    """
    kind = kind_of(name)
    if kind is None:
        raise SetupError("没有这种后台任务", where=name, advice="请核对插件是否已启用")
    office_id = office_id if office_id is not None or actor is None else actor.office_id
    require_right(actor, kind, office_id, actor.id if actor else None, args or {})
    json.dumps(args or {})
    now = clock.now()
    with transaction():
        if found := open_job(name, key, office_id):
            return found
        job = Job(
            kind=name, title=title[:200], args=dict(args or {}), office_id=office_id,
            actor_id=(actor.id or None) if actor else None, actor_name=actor.name if actor else "系统",
            open_key=_key(name, key, office_id), created_at=now, due_at=now,
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(job)
        except IntegrityError:  # PostgreSQL: somebody else started it in the same moment
            if found := open_job(name, key, office_id):
                return found
            raise
    return job


def require_right(
    actor: Actor | None, kind: JobKind, office_id: int | None, owner_id: int | None, args: dict[str, Any]
) -> None:
    """Raise what stands against this person starting, running or fetching the owner's job in an office."""
    if kind.permission:
        grants = actor.grants if actor else ()
        units = frozenset(grant.unit_id for grant in grants if grant.unit_id and grant.office_id == office_id)
        require(actor, kind.permission, None if office_id is None else Place(office_id, units, owner_id))
    if kind.check:
        kind.check(actor, args)


def open_job(name: str, key: str, office_id: int | None) -> Job | None:
    """The open job of a kind under a key, if any."""
    if not key:
        return None
    return db.session.scalar(select(Job).where(Job.open_key == _key(name, key, office_id)))


def results() -> FileStore:
    """Where files made by jobs lie for a while: apart from what is kept for good."""
    return FileStore(current_app.config["YAOQING"]["DATA"] / "results")


def cancel(actor: Actor, job: Job) -> None:
    """Stop a job: at once while it waits, at its next step while it runs."""
    with transaction():
        waiting = _set(
            job.id, Job.state == "queued", state="cancelled", finished_at=clock.now(), open_key=None
        )
        if not waiting and not _set(job.id, Job.state == "running", cancel_asked=True):
            raise Conflict("任务已经结束，不能取消", advice="请刷新页面查看结果")
        audit.note(actor, "取消后台任务", f"{job.title}（任务 {job.id}）", office_id=job.office_id)


def again(actor: Actor, job: Job) -> Job:
    """Start a job anew that did not come to its end."""
    if job.state not in ("failed", "cancelled"):
        raise Conflict(f"不能重新执行：任务现在是“{STATES[job.state]}”", advice="请刷新页面查看最新状态")
    if job.kind.startswith("scheduled:") or job.actor_id != actor.id:
        raise InvalidInput("只能重新执行自己发起的任务")
    return start(actor, job.kind, job.title, job.args, office_id=job.office_id)


# ---- what workers do ------------------------------------------------------------------------------------------------


def ready(now: datetime) -> ColumnElement[bool]:
    """Jobs a worker may take: waiting and due, or left behind by a worker whose lease has run out."""
    return or_(
        and_(Job.state == "queued", Job.due_at <= now), and_(Job.state == "running", Job.lease_until < now)
    )


def claim(worker: str) -> Job | None:
    """Take the next job, for this worker alone; None when there is nothing to do."""
    now = clock.now()
    found = db.session.execute(
        select(Job.id, Job.kind, Job.attempts, Job.cancel_asked)
        .where(ready(now))
        .order_by(Job.due_at, Job.id)
        .limit(1)
    ).first()
    db.session.rollback()
    if not found:
        return None
    kind = kind_of(found.kind)
    if found.cancel_asked or (kind and found.attempts >= kind.attempts):
        # Whoever tried it before was killed each time: it is not let loose once more.
        end = (
            _ended("cancelled")
            if found.cancel_asked
            else _ended("failed", KILLED.format(times=found.attempts))
        )
        with transaction():
            if _set(found.id, ready(now), **end) and not found.cancel_asked:
                _tell(found.id)
        return claim(worker)
    token = secrets.token_urlsafe(24)
    with transaction():
        taken = _set(
            found.id, and_(ready(now), Job.attempts == found.attempts), state="running", token=token, worker=worker,
            attempts=Job.attempts + 1, started_at=now, lease_until=now + lease(), done=0, total=0, message="",
        )  # fmt: skip
    if not taken:  # another worker was quicker
        return claim(worker)
    return db.session.get_one(Job, found.id, populate_existing=True)


def lease() -> timedelta:
    """How long a worker may be silent before its job is given to another."""
    return timedelta(seconds=current_app.config["YAOQING"]["JOB_LEASE"])


def renew(task: Task, token: str) -> bool | None:
    """Keep the lease and note how far the job is. True: go on; False: cancelled; None: it is another's by now."""
    with transaction():
        kept = _set(
            task.job_id, mine(token), lease_until=clock.now() + lease(), done=task.done, total=task.total,
            message=task.message,
        )  # fmt: skip
        asked = db.session.scalar(select(Job.cancel_asked).where(Job.id == task.job_id))
    return not asked if kept else None


def mine(token: str) -> ColumnElement[bool]:
    """Whether the job still belongs to the worker that holds this token."""
    return and_(Job.state == "running", Job.token == token)


def finish(task: Task, token: str, result: Result) -> bool:
    """Note the end; False when the job has been given to another worker meanwhile."""
    # The file first: whatever happens then, the ledger never names one that is not there.
    digest = results().put(result.content) if result.content else ""
    days = current_app.config["YAOQING"]["JOB_RESULT_DAYS"]
    with transaction():
        kept = _set(
            task.job_id, mine(token), **_ended("done"), message=result.message[:200], done=max(task.done, task.total),
            total=task.total, result_url=result.url[:300], result_sha256=digest, result_name=result.name[:200],
            result_type=result.mimetype, result_size=len(result.content),
            keep_until=clock.today() + timedelta(days=days) if digest else None,
        )  # fmt: skip
        if kept:
            _tell(task.job_id)
    return kept


def fail(job_id: int, token: str, why: str) -> bool:
    """Note that the job cannot be done."""
    with transaction():
        kept = _set(job_id, mine(token), **_ended("failed", why))
        if kept:
            _tell(job_id)
    return kept


def stopped(job_id: int, token: str) -> bool:
    """Note that the job stopped because somebody asked for it."""
    with transaction():
        return _set(job_id, mine(token), **_ended("cancelled"))


def try_later(job_id: int, token: str, attempt: int) -> bool:
    """Let the job be tried again after a pause."""
    pause = timedelta(seconds=PAUSES[min(attempt, len(PAUSES)) - 1])
    with transaction():
        return _set(
            job_id, mine(token), state="queued", token="", lease_until=None, due_at=clock.now() + pause
        )


def give_back(job_id: int, token: str) -> bool:
    """Let another worker do it at once; the attempt does not count."""
    with transaction():
        return _set(
            job_id, mine(token), state="queued", token="", lease_until=None, due_at=clock.now(), attempts=Job.attempts - 1
        )  # fmt: skip


def _tell(job_id: int) -> None:
    """Tell whoever started a job how it ended, unless it was so quick that they are still watching."""
    job = db.session.get_one(Job, job_id, populate_existing=True)
    quick = clock.now() - job.created_at < WATCHED
    if not job.actor_id or (job.state == "done" and quick):
        return
    how = "已完成" if job.state == "done" else f"没有完成：{job.error}"
    tell([job.actor_id], f"后台任务“{job.title}”{how}", f"/jobs/{job.id}", f"job:{job.id}")


def _set(job_id: int, condition: ColumnElement[bool], **values: Any) -> bool:
    changed = update(Job).where(Job.id == job_id, condition).values(**values)
    return bool(db.session.execute(changed, execution_options={"synchronize_session": False}).rowcount)


def _ended(state: str, error: str = "") -> dict[str, Any]:
    return {
        "state": state, "error": error[:1000], "finished_at": clock.now(), "open_key": None, "token": "",
        "lease_until": None,
    }  # fmt: skip


def _key(name: str, key: str, office_id: int | None) -> str | None:
    return f"{name}:{office_id or 0}:{key}"[:240] if key else None


__all__ = ["OPEN", "again", "cancel", "claim", "open_job", "results", "start"]
