"""Processes that work on jobs, each started again when it dies; they end with whoever started them."""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from flask import Flask

from core.db import db
from core.jobs.worker import Worker

log = logging.getLogger(__name__)
LOOK = 0.3
# A process that dies at once is not started again at once.
PAUSE = 3.0
# How long a running job may take to come to a stop.
PATIENCE = 25.0


class Keeper:
    """Forks the workers of an app and looks after them. `beside` is the process they must not outlive."""

    def __init__(self, app: Flask, processes: int, beside: int = 0):
        self.app, self.processes, self.beside = app, processes, beside
        self.children: dict[int, float] = {}
        self.stopping = False

    def run(self) -> None:
        """Keep the workers going until told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()  # no child may share a connection
        while self._wanted():
            while len(self.children) < self.processes and self._wanted():
                self._start()
            self._collect()
            time.sleep(LOOK)
        self._end()

    def _wanted(self) -> bool:
        return not self.stopping and (not self.beside or os.getppid() == self.beside)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.children[pid] = time.monotonic()
            return
        code = 1
        try:
            _serve(self.app, lambda: os.getppid() == parent)
            code = 0
        except BaseException:
            log.exception("后台任务进程出错")
        finally:
            os._exit(code)

    def _collect(self) -> None:
        for pid, started in list(self.children.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self.children[pid]
                if not self.stopping:
                    log.warning("后台任务进程 %s 已退出，重新启动", pid)
                    if time.monotonic() - started < PAUSE:
                        time.sleep(PAUSE)

    def _end(self) -> None:
        self.stopping = True
        for pid in self.children:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while self.children and time.monotonic() < deadline:
            self._collect()
            time.sleep(0.1)
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _serve(app: Flask, alive: Callable[[], bool]) -> None:
    worker = Worker(app)
    signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keeper hears it too, and tells us
    worker.work(alive)
    if renderer := app.extensions["yaoqing"].renderer:
        renderer.close()
