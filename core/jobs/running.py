"""Run one claimed job: the actor with the rights of this moment, the lease kept from a thread, the end noted."""

import contextvars
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from core import audit, clock
from core.accounts.models import User
from core.accounts.sessions import actor_of
from core.actors import Actor
from core.db import db
from core.errors import Busy, Conflict, PermissionDenied, YaoqingError
from core.hookspecs import JobKind, ScheduledJob
from core.jobs import due, ledger
from core.jobs.models import Job
from core.jobs.task import Cancelled, Interrupted, Lost, Result, Task

log = logging.getLogger(__name__)
# Seconds between two looks: how soon progress is seen, and how soon a cancelled job hears of it.
BEAT = 0.5
# A job that says nothing looks this often whether it is still wanted.
QUIET = 2.0
CRASHED = "系统内部出错，任务没有完成。可以重新执行；如仍不行，请把任务编号告诉系统管理员"


def run(job: Job, stopping: Callable[[], bool] = lambda: False) -> None:
    """Run a claimed job to its end, whatever that is; never raises."""
    job_id, token = job.id, job.token
    try:
        with audit.from_place("后台任务"):
            result = _done(job, stopping)
    except Cancelled:
        _note(job_id, ledger.stopped, token)
    except Lost:
        log.warning("任务 %s 已由其他进程接手，本进程的结果作废", job_id)
    except Interrupted:
        _note(job_id, ledger.give_back, token)
    except YaoqingError as error:
        _failed(job_id, token, str(error), passing=isinstance(error, Busy))
    except Exception:
        log.exception("任务 %s 出错", job_id)
        _failed(job_id, token, CRASHED, passing=True)
    else:
        if not result:
            log.warning("任务 %s 已由其他进程接手，本进程的结果作废", job_id)


def _done(job: Job, stopping: Callable[[], bool]) -> bool:
    kind = ledger.kind_of(job.kind)
    if kind is None:
        raise Conflict("执行这项任务的功能已停用", advice="请联系系统管理员启用有关插件后重新执行")
    actor, token = actor_now(job), job.token
    ledger.require_right(actor, kind, job.office_id, job.actor_id, job.args)
    task = Task(job.id, actor, job.office_id, dict(job.args), job.attempts)
    db.session.rollback()
    with _kept(task, token, stopping):
        result = kind.run(task) or Result()
        db.session.rollback()
    if task.stop is Lost:
        raise Lost
    return ledger.finish(task, token, result)


def actor_now(job: Job) -> Actor | None:
    """Who asked for the job, as they are now. Raises PermissionDenied when they may no longer sign in."""
    if job.actor_id is None:
        return None
    user = db.session.get(User, job.actor_id, populate_existing=True)
    if user is None or user.disabled or (user.expires_on and user.expires_on < clock.today()):
        raise PermissionDenied(
            "任务没有执行：发起人的账号已停用", advice="如仍需办理，请由其他有权限的人员重新发起"
        )
    return actor_of(user)


def _failed(job_id: int, token: str, why: str, *, passing: bool) -> None:
    job = db.session.get(Job, job_id, populate_existing=True)
    kind, attempts = (ledger.kind_of(job.kind), job.attempts) if job else (None, 0)
    db.session.rollback()
    if passing and kind and attempts < kind.attempts:
        _note(job_id, ledger.try_later, token, attempts)
    else:
        _note(job_id, ledger.fail, token, why)


def _note(job_id: int, change: Callable[..., bool], token: str, *args: object) -> None:
    try:
        if not change(job_id, token, *args):
            log.warning("任务 %s 已由其他进程接手", job_id)
    except (YaoqingError, SQLAlchemyError):
        # The lease runs out and the job is done again.
        log.exception("任务 %s 的结果未能记下", job_id)


@contextmanager
def _kept(task: Task, token: str, stopping: Callable[[], bool]) -> Iterator[None]:
    """Within the block a thread keeps the lease, tells how far the job is and hears whether it shall stop."""
    over, app = threading.Event(), current_app._get_current_object()  # type: ignore[attr-defined]
    # With its clock, but with a database session of its own.
    context = contextvars.copy_context()
    beat = threading.Thread(target=context.run, args=(_beat, app, task, token, over, stopping), daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()


def _beat(app: Flask, task: Task, token: str, over: threading.Event, stopping: Callable[[], bool]) -> None:
    silent = 0.0
    while not over.wait(BEAT):
        silent += BEAT
        if stopping():
            task.stop = task.stop or Interrupted
        if not task.changed.is_set() and silent < QUIET:
            continue
        task.changed.clear()
        silent = 0.0
        try:
            with app.app_context():
                wanted = ledger.renew(task, token)
        except (YaoqingError, SQLAlchemyError):
            log.warning("任务 %s 的进度未能记下", task.job_id, exc_info=True)
            continue
        if wanted is not True:
            task.stop = Cancelled if wanted is False else Lost
            return


def scheduled_kind(schedule: ScheduledJob) -> JobKind:
    """The kind of job a schedule starts."""
    due.check(schedule)
    return JobKind(f"scheduled:{schedule.name}", schedule.title, schedule.run)
