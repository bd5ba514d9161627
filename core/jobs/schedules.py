"""Start what is due by the clock: once for each due time, however many workers look."""

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, transaction
from core.hookspecs import ScheduledJob
from core.jobs import due, ledger
from core.jobs.models import JobSchedule


def schedules() -> tuple[ScheduledJob, ...]:
    """All schedules of the running app."""
    found: tuple[ScheduledJob, ...] = current_app.extensions["yaoqing"].schedules
    return found


def tick() -> None:
    """Write a job for every schedule whose time has come. What was missed while nothing ran is made up for once."""
    now = clock.now()
    known = dict(db.session.execute(select(JobSchedule.name, JobSchedule.last_due)).tuples().all())
    db.session.rollback()
    for schedule in schedules():
        time = due.last_due(schedule, now)
        if schedule.name not in known:
            _first(schedule.name, time)
        elif known[schedule.name] < time:
            _start(schedule, time)


def _first(name: str, time: object) -> None:
    """A schedule seen for the first time waits for its next time."""
    try:
        with transaction():
            db.session.add(JobSchedule(name=name, last_due=time))
            db.session.flush()
    except IntegrityError:
        pass  # another worker was quicker


def _start(schedule: ScheduledJob, time: object) -> None:
    with transaction():
        mine = db.session.execute(
            update(JobSchedule)
            .where(JobSchedule.name == schedule.name, JobSchedule.last_due < time)
            .values(last_due=time),
            execution_options={"synchronize_session": False},
        ).rowcount
        if mine:
            ledger.start(None, f"scheduled:{schedule.name}", schedule.title, key="scheduled")
