"""Take turns with a number series: who prints a number keeps others out until it is used or given up.

The number is printed on the pages, so it must be known before they are laid out, and laying out takes a while. Without
turns fifty publishers would all lay out number 1, and all but one again and again. Turns only save that work: numbers
stay without gap or repeat because `numbering.take` is part of the transaction that uses them. A publisher that is killed
loses its turn at once: the operating system, or the database server, lets go of what it held.
"""

import fcntl
import hashlib
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app, has_request_context
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.db import db
from core.errors import Crowded

# Shorter than what a web server in front waits for an answer.
LONGEST_WAIT = 75.0
LOOK_AGAIN = 0.02
# So many requests of a process may have a turn or wait for one, whatever the series: the web server has four threads a
# process, and one of them is left for whoever only reads.
MOST_AT_ONCE = 3
# A machine that vanished while it had its turn is noticed by the database server within half a minute.
KEEPALIVE = {"idle": 10, "interval": 5, "count": 4}
_here: defaultdict[tuple[str, int], threading.Lock] = defaultdict(threading.Lock)
_places: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
    lambda: threading.BoundedSemaphore(MOST_AT_ONCE)
)


@contextmanager
def turn(office_id: int, series: str, wait: float = LONGEST_WAIT) -> Iterator[None]:
    """Wait until nobody else prints a number of the series, and keep it so within the block.

    Ends the read transaction of the caller: what was read before is read again. Raises Crowded after so many seconds, in
    a request at once when enough others of this process have a turn or wait for one.
    """
    db.session.rollback()  # whoever waits holds no connection that others need
    until = time.monotonic() + wait
    key = _key(office_id, series)
    lock = _here[str(db.engine.url), key]
    with _place():
        if not lock.acquire(timeout=wait):
            raise _too_long()
        try:
            left = max(until - time.monotonic(), LOOK_AGAIN)
            with _on_server(key, left) if db.engine.dialect.name == "postgresql" else _on_disk(key, left):
                yield
        finally:
            lock.release()


@contextmanager
def _place() -> Iterator[None]:
    """What a request needs to take part; work in the background has no reader to keep from its thread."""
    if not has_request_context():
        yield
        return
    places = _places[str(db.engine.url)]
    if not places.acquire(blocking=False):
        raise Crowded(
            "前面还有几期正在签发，本次没有签发", reason="同时签发的人较多", advice="请稍后再点一次"
        )
    try:
        yield
    finally:
        places.release()


@contextmanager
def _on_server(key: int, wait: float) -> Iterator[None]:
    """An advisory lock on a connection of its own, until that connection's transaction ends or the connection does."""
    with db.engine.connect() as connection:
        for option, seconds in KEEPALIVE.items():
            connection.execute(text(f"SET LOCAL tcp_keepalives_{option} = {seconds}"))
        connection.execute(text(f"SET LOCAL lock_timeout = {int(wait * 1000)}"))
        try:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != "55P03":
                raise
            raise _too_long() from None
        yield


@contextmanager
def _on_disk(key: int, wait: float) -> Iterator[None]:
    """A lock on a file beside the database. Unlike flock's it belongs to this process, not to children forked meanwhile."""
    folder = Path(current_app.config["YAOQING"]["DATA"]) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait
    handle = os.open(folder / f"{key:x}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise _too_long() from None
                time.sleep(LOOK_AGAIN)
        yield
    finally:
        os.close(handle)


def _key(office_id: int, series: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{office_id}:{series}".encode()).digest()[:7], "big")


def _too_long() -> Crowded:
    return Crowded("签发的人较多，还没有轮到，本次没有签发", advice="请稍后再试")


def _forget() -> None:
    """A forked child has none of its parent's turns."""
    _here.clear()
    _places.clear()


os.register_at_fork(after_in_child=_forget)
