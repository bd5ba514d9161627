"""What a job's function is given, and what it gives back."""

import threading
from dataclasses import dataclass, field
from typing import Any

from core.actors import Actor


class Cancelled(BaseException):
    """Somebody asked for the job to stop. Not an error: nobody's `except Exception` may swallow it."""


class Lost(BaseException):
    """The job belongs to another worker by now: whatever is still done here no longer counts."""


class Interrupted(BaseException):
    """This process is asked to end: the job goes back and is done again by another."""


@dataclass(frozen=True)
class Result:
    """What came of a job: a file to download, the address of a page of this site, a sentence; all may be left out."""

    content: bytes = field(default=b"", repr=False)
    name: str = ""
    mimetype: str = "application/octet-stream"
    url: str = ""
    message: str = ""


class Task:
    """A running job as its function sees it. `progress` costs nothing: it may be called as often as one likes.

    A job may be killed and run again: what it has done before must do no harm when it is done once more.
    """

    def __init__(
        self, job_id: int, actor: Actor | None, office_id: int | None, args: dict[str, Any], attempt: int
    ):
        self.job_id, self.actor, self.office_id, self.args, self.attempt = (
            job_id,
            actor,
            office_id,
            args,
            attempt,
        )
        self.done, self.total, self.message = 0, 0, ""
        self.stop: type[BaseException] | None = None
        self.changed = threading.Event()

    @property
    def who(self) -> Actor:
        """The person who asked for it; for kinds of jobs that a person starts."""
        if self.actor is None:
            raise RuntimeError("this job has no actor")
        return self.actor

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the job is. Raises what ends it when it was cancelled, or belongs to another worker."""
        self.check()
        self.done, self.total, self.message = done, total, message[:200]
        self.changed.set()

    def check(self) -> None:
        """Raise Cancelled (or what else ends the job) when it shall stop."""
        if self.stop:
            raise self.stop
