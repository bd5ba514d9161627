"""Break an action off right before any of its writes: every statement that changes rows, every file, the commit.

    steps = all_or_nothing(lambda: publish(issuer, issue_id))

runs the action once for every write it makes, each time with a power cut right before that write, and compares all
tables with those from before; the last cut comes right after the commit. `killed` does it to a real process.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect, text

from core import audit, files
from core.db import db

WRITES = ("INSERT", "UPDATE", "DELETE")
COMMIT, COMMITTED = "commit", "committed"
MOST_STEPS = 400


class PowerCut(Exception):
    """What happens to the action."""


def tables() -> dict[str, list[str]]:
    """Every row of every table, for comparing before and after."""
    db.session.rollback()
    names = inspect(db.session.connection()).get_table_names()
    found = {name: sorted(map(repr, db.session.execute(text(f"SELECT * FROM {name}")))) for name in names}
    db.session.rollback()
    return found


def stored() -> set[Path]:
    """The files that are kept."""
    return {path for path in files.store().folder.rglob("*") if path.is_file()}


def all_or_nothing(action: Callable[[], Any]) -> list[str]:
    """Break the action off before each of its writes: nothing may have happened; and after the commit: it is done.

    Returns the writes. The caller says whether all of it is there now.
    """
    before, kept = tables(), stored()
    for n in range(1, MOST_STEPS):
        for path in stored() - kept:  # what nobody needs, and what would save the next round a step
            path.unlink()
        with breaking(n, cut) as steps, pytest.raises(PowerCut):
            action()
        assert len(steps) == n
        if steps[-1] == COMMITTED:
            assert tables() != before, "the action changes nothing"
            assert list(audit.verify()) == []
            return steps
        assert tables() == before, f"something is left after a power cut before {n}: {steps[-1]}"
    raise AssertionError("the action has no end")


@contextmanager
def breaking(at: int | str, break_off: Callable[[], Any]) -> Iterator[list[str]]:
    """Call `break_off` right before the at-th write, or the first of that name; yields the writes reached so far."""
    steps: list[str] = []

    def reached(name: str) -> None:
        steps.append(name)
        if at in (len(steps), name):
            break_off()

    def statement(_connection: Any, _cursor: Any, sql: str, *_others: Any) -> None:
        words = sql.split()
        if words[0].upper() in WRITES:
            reached(" ".join(words[:3]))

    def replace(source: Any, target: Any) -> None:
        reached("file")
        os.replace(source, target)

    def commit() -> None:
        really_commit()
        reached(COMMITTED)

    really_commit = db.session.commit
    listeners = (
        (db.engine, "before_cursor_execute", statement),
        (db.engine, COMMIT, lambda _connection: reached(COMMIT)),
    )
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    try:
        with pytest.MonkeyPatch.context() as patch:
            # The last step of keeping a file; what lies there before it is no file yet.
            patch.setattr(files, "replace", replace)
            patch.setattr(db.session, "commit", commit)
            yield steps
    finally:
        for target, name, listener in listeners:
            event.remove(target, name, listener)


def cut() -> None:
    """The power fails."""
    raise PowerCut


def killed(app: Any, action: Callable[[], Any], at: int | str) -> bool:
    """Run the action in a process of its own that is killed right before that write; whether it came to that."""
    db.session.remove()
    db.engine.dispose()  # no connection is shared

    def work() -> None:
        with app.app_context(), breaking(at, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            action()

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(60)
    return child.exitcode == -signal.SIGKILL
