"""Turns with a number series: one at a time within and across processes, nobody else's business, bounded."""

import multiprocessing
import queue
import threading

import pytest

from core.db import db
from core.documents.turns import MOST_AT_ONCE, turn
from core.errors import Busy

pytestmark = pytest.mark.postgres


def keep(app, office_id, taken, done):
    with app.app_context(), turn(office_id, "2026"):
        taken.set()
        done.wait(20)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
@pytest.mark.parametrize("kind", ["thread", "process"])
def test_a_series_is_one_persons_at_a_time_and_others_wait_so_long_only(app, office, kind):
    office_id = office.id
    db.session.remove()
    db.engine.dispose()
    start = multiprocessing.get_context("fork") if kind == "process" else threading
    taken, done = start.Event(), start.Event()
    other = (start.Process if kind == "process" else start.Thread)(
        target=keep, args=(app, office_id, taken, done)
    )
    other.start()
    assert taken.wait(20)

    with pytest.raises(Busy, match="还没有轮到"), turn(office_id, "2026", wait=0.1):
        pass
    for free in ((office_id, "2027"), (office_id + 1, "2026")):
        with turn(*free, wait=0.1):
            pass

    done.set()
    with turn(office_id, "2026", wait=10):
        pass
    other.join()


def test_a_turn_that_ends_with_an_error_is_over(office):
    with pytest.raises(RuntimeError), turn(office.id, "2026"):
        raise RuntimeError

    with turn(office.id, "2026", wait=0.1):
        pass


def test_only_some_requests_take_part_and_the_rest_are_answered_at_once(app, office):
    """Else a few publishers would keep everybody else from the threads of the web server."""
    office_id = office.id
    db.session.remove()
    taken, done, answers = threading.Event(), threading.Event(), queue.Queue()
    first = threading.Thread(target=keep, args=(app, office_id, taken, done))
    first.start()
    assert taken.wait(20)

    def ask():
        with app.test_request_context("/"):
            try:
                with turn(office_id, "2026", wait=30):
                    answers.put("taken")
            except Busy as error:
                answers.put(error.message)
            finally:
                db.session.remove()

    askers = [threading.Thread(target=ask) for _ in range(MOST_AT_ONCE + 3)]
    for asker in askers:
        asker.start()
    refused = [answers.get(timeout=20) for _ in range(3)]
    assert refused == ["前面还有几期正在签发，本次没有签发"] * 3 and answers.empty()
    # Work in the background waits however many requests do.
    with pytest.raises(Busy, match="还没有轮到"), turn(office_id, "2026", wait=0.1):
        pass

    done.set()
    assert [answers.get(timeout=20) for _ in range(MOST_AT_ONCE)] == ["taken"] * MOST_AT_ONCE
    for thread in (first, *askers):
        thread.join(20)
    with app.test_request_context("/"), turn(office_id, "2026", wait=0.1):
        pass


def test_requests_that_have_turns_of_different_series_are_counted_together(app, office):
    """Each of them holds a thread while it lays out pages."""
    office_id = office.id
    db.session.remove()
    done, answers = threading.Event(), queue.Queue()

    def ask(series):
        with app.test_request_context("/"):
            try:
                with turn(office_id, series, wait=30):
                    answers.put("taken")
                    done.wait(20)
            except Busy as error:
                answers.put(error.message)
            finally:
                db.session.remove()

    askers = [threading.Thread(target=ask, args=(f"刊物{n}",)) for n in range(MOST_AT_ONCE + 1)]
    for asker in askers:
        asker.start()
    told = sorted(answers.get(timeout=20) for _ in askers)
    done.set()
    for asker in askers:
        asker.join(20)

    assert told == ["taken"] * MOST_AT_ONCE + ["前面还有几期正在签发，本次没有签发"]
