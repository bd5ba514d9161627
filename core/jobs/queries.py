"""Read jobs: one's own, one by its number, and how the whole works for the system administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core import clock
from core.actors import Actor
from core.db import db
from core.errors import NotFound, PermissionDenied, YaoqingError
from core.jobs import due, ledger, schedules
from core.jobs.models import OPEN, Job, JobWorker
from core.permissions import reach

# Who was not heard of for so long is not working.
SILENT = timedelta(minutes=2)
STUCK = timedelta(minutes=1)
LATELY = timedelta(days=7)


def mine(actor: Actor, state: str = "") -> Select[tuple[Job]]:
    """The actor's jobs, newest first."""
    query = select(Job).where(reach(actor, "job.view").where(Job.office_id, owner=Job.actor_id))
    if state:
        query = query.where(Job.state == state)
    return query.order_by(Job.id.desc())


def one(actor: Actor, job_id: int) -> Job:
    """A job of the actor. Raises NotFound."""
    found = db.session.get(Job, job_id)
    if not found or not reach(actor, "job.view").covers(found.place()):
        raise NotFound("没有这项任务，或您无权查看", advice="请返回“我的任务”")
    return found


def file_of(actor: Actor, job: Job) -> bytes:
    """The file a job made, for its owner while the right the job needed is still held."""
    if refused := refusal(actor, job):
        raise refused
    if not job.has_file or ledger.kind_of(job.kind) is None:
        raise NotFound("没有可下载的结果", reason="结果文件只保留一段时间", advice="如仍需要，请重新发起任务")
    return ledger.results().get(job.result_sha256)


def refusal(actor: Actor, job: Job) -> YaoqingError | None:
    """Why its owner does not get the file a job made: it holds what could be seen with the roles of then."""
    kind = ledger.kind_of(job.kind)
    try:
        if kind:
            ledger.require_right(actor, kind, job.office_id, job.actor_id, job.args)
    except PermissionDenied as error:
        return PermissionDenied(
            "这项任务的结果文件不能下载",
            reason=f"文件按提交时的角色生成，角色变动后不再提供：{error.message}",
            advice=error.advice,
        )
    except YaoqingError as error:
        return error
    return None


def latest(everything: bool, limit: int) -> Sequence[Job]:
    """Jobs of the whole installation, newest first; for the command line."""
    query = select(Job) if everything else select(Job).where(Job.state.in_(OPEN))
    return db.session.scalars(query.order_by(Job.id.desc()).limit(limit)).all()


def is_stuck(job: Job) -> bool:
    """Whether a job waits although its time has come a while ago, and nobody works."""
    return job.state == "queued" and clock.now() - job.due_at > STUCK and not workers()


def workers() -> Sequence[JobWorker]:
    """The processes at work."""
    heard = JobWorker.seen_at > clock.now() - SILENT
    return db.session.scalars(select(JobWorker).where(heard).order_by(JobWorker.started_at)).all()


@dataclass(frozen=True)
class ScheduleLine:
    """A schedule, and what came of its last run."""

    title: str
    when: str
    last: Job | None


@dataclass(frozen=True)
class Health:
    """How background work goes."""

    workers: Sequence[JobWorker]
    waiting: int
    running: int
    failed: int
    waiting_since: datetime | None
    schedules: Sequence[ScheduleLine]

    @property
    def is_stuck(self) -> bool:
        return self.waiting_since is not None and clock.now() - self.waiting_since > 10 * STUCK


def health(actor: Actor) -> Health:
    """How background work goes, counted over what the administrator may see."""
    held = _administered(actor)
    counted = dict(db.session.execute(
        select(Job.state, func.count()).where(held, or_(Job.state.in_(OPEN), _failed_lately())).group_by(Job.state)
    ).tuples().all())  # fmt: skip
    since = db.session.scalar(
        select(func.min(Job.due_at)).where(Job.state == "queued", Job.due_at < clock.now())
    )
    return Health(
        workers(), counted.get("queued", 0), counted.get("running", 0), counted.get("failed", 0), since,
        [ScheduleLine(each.title, due.words(each), _last_run(each.name)) for each in schedules.schedules()],
    )  # fmt: skip


def of_offices(actor: Actor, state: str = "") -> Select[tuple[Job]]:
    """Jobs of the system administrator's offices and those the clock started, newest first."""
    query = select(Job).where(_administered(actor))
    if state:
        query = query.where(Job.state == state)
    return query.order_by(Job.id.desc())


def _administered(actor: Actor) -> ColumnElement[bool]:
    """Jobs of the administrator's offices, and the schedules' own."""
    return or_(
        reach(actor, "job.health").where(Job.office_id), and_(Job.office_id.is_(None), Job.actor_id.is_(None))
    )


def _failed_lately() -> ColumnElement[bool]:
    return and_(Job.state == "failed", Job.finished_at > clock.now() - LATELY)


def _last_run(name: str) -> Job | None:
    return db.session.scalar(
        select(Job).where(Job.kind == f"scheduled:{name}").order_by(Job.id.desc()).limit(1)
    )
