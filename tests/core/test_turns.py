"""Turns with a number series: one at a time within and across processes, nobody else's business, bounded."""

import multiprocessing
import threading

import pytest

from core.db import db
from core.documents.turns import turn
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
