"""Real processes: killed in the middle, four at once, poison, told to end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from core import jobs
from core.config import PROJECT
from core.db import db
from core.jobs.models import Job, JobWorker

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def keepers(app):
    """Start a keeper with so many processes on the test's database; ended with the test."""
    started = []

    def start(processes=1):
        settings = current_app.config["YAOQING"]
        told = {
            "DATA": str(settings["DATA"]),
            "DATABASE": settings["DATABASE"],
            "JOB_LEASE": settings["JOB_LEASE"],
        }
        command = [sys.executable, "-m", "tests.core.jobs.process", json.dumps(told), str(processes)]
        process = subprocess.Popen(command, cwd=PROJECT, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        db.session.rollback()
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def state(job_id):
    return db.session.scalar(select(Job.state).where(Job.id == job_id))


def lines(file: Path, word: str):
    return (
        [line.split() for line in file.read_text().splitlines() if line.startswith(word)]
        if file.exists()
        else []
    )


def test_a_worker_killed_in_the_middle_has_its_job_done_again(who, tmp_path, keepers):
    log = tmp_path / "log"
    job_id = jobs.start(who, "test.slow", "慢", {"file": str(log), "seconds": 2}).id
    keepers()
    pid = int(until(lambda: lines(log, "start"))[0][3])
    until(lambda: db.session.scalar(select(Job.done).where(Job.id == job_id)))

    os.kill(pid, signal.SIGKILL)

    until(lambda: state(job_id) == "done")
    assert len(lines(log, "start")) == 2 and len(lines(log, "end")) == 1
    assert db.session.get_one(Job, job_id, populate_existing=True).attempts == 2


def test_everything_killed_and_started_again_goes_on(who, tmp_path, keepers):
    log = tmp_path / "log"
    ids = [jobs.start(who, "test.slow", "慢", {"file": str(log), "seconds": 1}).id for _ in range(3)]
    first = keepers()
    until(lambda: lines(log, "start"))
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    keepers()

    until(lambda: all(state(job_id) == "done" for job_id in ids))
    assert Counter(line[1] for line in lines(log, "end")) == {str(job_id): 1 for job_id in ids}


def test_four_workers_run_every_job_once(who, tmp_path, keepers):
    log = tmp_path / "log"
    ids = [jobs.start(who, "test.slow", "快", {"file": str(log), "seconds": 0.1}).id for _ in range(24)]

    keepers(2), keepers(2)

    until(lambda: all(state(job_id) == "done" for job_id in ids))
    assert Counter(line[1] for line in lines(log, "start")) == {str(job_id): 1 for job_id in ids}
    assert len({line[3] for line in lines(log, "start")}) > 1


def test_a_job_that_kills_its_process_is_stopped_and_others_go_on(who, tmp_path, keepers):
    log = tmp_path / "log"
    bad = jobs.start(who, "test.poison", "坏", {"file": str(log)}).id
    good = jobs.start(who, "test.report", "好").id

    keepers()

    until(lambda: state(good) == "done")
    until(lambda: state(bad) == "failed", 60)
    assert len(lines(log, "start")) == 3
    assert "3 次中断" in db.session.get_one(Job, bad, populate_existing=True).error


def test_told_to_end_it_gives_back_what_it_has_not_done(who, tmp_path, keepers):
    log = tmp_path / "log"
    job_id = jobs.start(who, "test.slow", "慢", {"file": str(log), "seconds": 30}).id
    keeper = keepers()
    until(lambda: lines(log, "start"))
    assert db.session.scalars(select(JobWorker)).all()

    keeper.terminate()

    assert keeper.wait(20) == 0
    db.session.rollback()
    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.attempts) == ("queued", 0)
    assert not db.session.scalars(select(JobWorker)).all()


def test_the_workers_end_with_whoever_started_them(who, tmp_path, keepers):
    keeper = keepers()
    worker = until(lambda: db.session.scalars(select(JobWorker)).first())
    pid = int(worker.name.rsplit(":", 1)[1])

    os.kill(keeper.pid, signal.SIGKILL)
    keeper.wait()

    until(lambda: not db.session.scalars(select(JobWorker)).all())
    until(lambda: not Path(f"/proc/{pid}").exists())
