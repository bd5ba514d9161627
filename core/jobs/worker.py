"""The loop of a process that works on jobs: look at the clock, take a job, run it, rest."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.db import db, transaction
from core.errors import YaoqingError
from core.jobs import ledger, running, schedules
from core.jobs.models import JobWorker

log = logging.getLogger(__name__)
REST = 0.5
TICK = 15.0
SEEN = 20.0
# After so many seconds without a job the warm renderer is let go: it holds a hundred megabytes.
IDLE = 60.0


class Worker:
    """One process (or thread of a test) that works on jobs."""

    def __init__(self, app: Flask, name: str = ""):
        self.app, self.name = app, name or f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = threading.Event()
        self.next_tick = self.next_seen = 0.0
        self.busy_at = time.monotonic()

    def work(self, alive: Callable[[], bool] = lambda: True) -> None:
        """Work until `stopping` is set or nobody needs us any more."""
        while not self.stopping.is_set() and alive():
            if not self.round(lambda: self.stopping.is_set() or not alive()):
                self.stopping.wait(REST)
        with self.app.app_context():
            self._leave()

    def round(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Do what is due and at most one job; False when there was none."""
        try:
            with self.app.app_context():
                self._housekeeping()
                job = ledger.claim(self.name)
                if job:
                    running.run(job, stopping)
                    self.busy_at = time.monotonic()
                return job is not None
        except (YaoqingError, SQLAlchemyError):
            log.exception("后台任务暂时不能处理")
            return False

    def _housekeeping(self) -> None:
        now = time.monotonic()
        if now >= self.next_seen:
            self.next_seen = now + SEEN
            self._say_seen()
        if now >= self.next_tick:
            self.next_tick = now + TICK
            schedules.tick()
        renderer = self.app.extensions["yaoqing"].renderer
        if renderer and now - self.busy_at > IDLE:
            renderer.close()

    def _say_seen(self) -> None:
        with transaction():
            known = db.session.get(JobWorker, self.name)
            if known:
                known.seen_at = clock.now()
            else:
                db.session.add(JobWorker(name=self.name, started_at=clock.now(), seen_at=clock.now()))

    def _leave(self) -> None:
        try:
            with transaction():
                if known := db.session.get(JobWorker, self.name):
                    db.session.delete(known)
        except (YaoqingError, SQLAlchemyError):
            log.warning("离开时未能注销后台进程", exc_info=True)


def run_due(app: Flask) -> int:
    """Run everything that is due, here and now; how many jobs that were."""
    worker, done = Worker(app, "本进程"), 0
    worker.next_seen = worker.next_tick = float("inf")
    while worker.round():
        done += 1
    return done
