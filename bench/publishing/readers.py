"""People who open their home page every now and then, while something else goes on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread

from browser import Browser
from issues import spread
from office import LOGIN
from server import Server

EVERY = 0.2
HOME = "，您好"


@dataclass
class Looks:
    """How long each look at the page took, and how many were not answered as they should be."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    def said(self) -> str:
        """Cells of a table, in milliseconds: how many looks, median, p95, longest, failed."""
        middle, late = spread(self.seconds)
        return f"{len(self.seconds)} | {middle:.0f} | {late:.0f} | {max(self.seconds) * 1000:.0f} | {self.failed}"


@contextmanager
def reading(server: Server, password: str) -> Iterator[Looks]:
    """Readers come by within the block, each on their own: who is kept waiting keeps nobody else from coming."""
    person = Browser(server.url)
    person.sign_in(LOGIN, password)
    looks, stop = Looks(), Event()
    coming = Thread(target=_come, args=(person, looks, stop))
    coming.start()
    try:
        yield looks
    finally:
        stop.set()
        coming.join()


def _come(person: Browser, looks: Looks, stop: Event) -> None:
    due, readers = time.perf_counter(), []
    while not stop.wait(max(due - time.perf_counter(), 0)):
        readers.append(Thread(target=_look, args=(person, looks, due)))
        readers[-1].start()
        due += EVERY
    for reader in readers:
        reader.join()


def _look(person: Browser, looks: Looks, due: float) -> None:
    """Over a connection of its own; timed from the moment the reader came."""
    try:
        status, page = person.open("/")
    except (OSError, HTTPException):
        status, page = 0, ""
    looks.seconds.append(time.perf_counter() - due)
    looks.failed += status != 200 or HOME not in page
