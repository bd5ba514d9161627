"""Fifty publishers at once, in several processes of several threads: every issue is published, no number twice or never."""

import multiprocessing
import os
import signal
import threading
import time

import pytest
from sqlalchemy import select

from core import audit
from core.db import db
from core.documents.models import IssuedDocument
from core.facts import Fact
from plugins.journal import publishing
from plugins.journal.models import JournalIssue
from plugins.journal.publishing import publish

PROCESSES, THREADS = 5, 10
LAYING_OUT = 60  # seconds in which one that is killed would have held the others up
# What laying out takes here; the bound is far below what fifty would need who overtake one another.
LAYOUT, LONGEST = 0.01, 60


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_fifty_publishers_at_once_get_the_numbers_from_one_to_fifty(app, issuer, awaiting, quick_pages):
    count = PROCESSES * THREADS
    ids = [awaiting(f"第{n}条").id for n in range(count)]
    slowly(quick_pages)
    fork, answers = fork_safely()
    ready = fork.Barrier(count)

    def work(issue_id):
        with app.app_context():
            try:
                ready.wait(30)
                publish(issuer, issue_id)
                answers.put("")
            except BaseException as error:
                answers.put(repr(error))
            finally:
                db.session.remove()

    started = time.monotonic()
    children = [in_threads(fork, work, ids[n::PROCESSES]) for n in range(PROCESSES)]
    errors = [answers.get(timeout=LONGEST) for _ in ids]
    took = time.monotonic() - started
    for child in children:
        child.join()

    numbers = db.session.execute(
        select(JournalIssue.number, JournalIssue.total).order_by(JournalIssue.number)
    )
    assert (set(errors), numbers.all()) == ({""}, [(n, n + 35) for n in range(1, count + 1)])
    assert took < LONGEST
    for rows in (select(IssuedDocument.id), select(Fact.id).where(Fact.kind == "adopted")):
        assert len(db.session.scalars(rows).all()) == count
    assert list(audit.verify()) == []


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_publisher_killed_while_it_lays_out_holds_nobody_up(
    app, issuer, awaiting, quick_pages, monkeypatch
):
    first, second = awaiting("第一条").id, awaiting("第二条").id
    fork, answers = fork_safely()

    def hang(files, values, **how):
        answers.put("laying out")
        time.sleep(LAYING_OUT)

    def work():
        with app.app_context(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(publishing.store, "render", hang)
            publish(issuer, first)

    child = fork.Process(target=work)
    child.start()
    answers.get(timeout=20)
    waits = threading.Timer(0.3, lambda: os.kill(child.pid, signal.SIGKILL))
    waits.start()
    started = time.monotonic()
    issue = publish(issuer, second)
    took = time.monotonic() - started
    child.join()

    assert (issue.number, issue.total) == (1, 36) and 0.2 < took < LAYING_OUT
    assert publish(issuer, first).number == 2


def slowly(pages):
    """Let laying out take a while."""
    quick = publishing.store.render

    def render(files, values, **how):
        time.sleep(LAYOUT)
        return quick(files, values, **how)

    publishing.store.render = render  # the fixture that put the other one there takes this one away


def fork_safely():
    """Processes like this one, and a queue to hear from them; no connection is shared."""
    db.session.remove()
    db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    return fork, fork.Queue()


def in_threads(fork, work, issue_ids):
    def run():
        threads = [threading.Thread(target=work, args=(issue_id,)) for issue_id in issue_ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    child = fork.Process(target=run)
    child.start()
    return child
