"""Numbers without gap or repeat, however many ask at once."""

import multiprocessing
import time
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.db import db, transaction
from core.documents import numbering
from core.documents.models import NumberSeries
from core.errors import Conflict

pytestmark = pytest.mark.postgres


def one(office_id, series):
    """What a publisher does: look at the number, work for a while, take it; begin again when it is gone."""
    while True:
        number = numbering.upcoming(office_id, series)
        time.sleep(0.002)
        try:
            with transaction():
                numbering.take(office_id, series, number)
            return number
        except Conflict:
            continue


def test_nothing_is_taken_by_looking(office):
    assert numbering.upcoming(office.id, "2026") == numbering.upcoming(office.id, "2026") == 1
    assert db.session.scalar(select(NumberSeries)) is None


def test_numbers_follow_one_another_and_a_series_may_start_higher(office):
    with transaction():
        numbering.take(office.id, "2026", 1)
        numbering.take(office.id, "2026", 2)
        numbering.take(office.id, "old", 57, start=57)

    assert numbering.upcoming(office.id, "2026") == 3
    assert numbering.upcoming(office.id, "old", start=57) == 58


def test_series_and_offices_count_by_themselves(office, make_office):
    with transaction():
        numbering.take(office.id, "2026", 1)

    assert numbering.upcoming(office.id, "2027") == 1
    assert numbering.upcoming(make_office().id, "2026") == 1


@pytest.mark.parametrize("number", [0, 2, 99, -1])
def test_only_the_next_number_can_be_taken(office, number):
    with pytest.raises(Conflict, match="系统会自动顺延"), transaction():
        numbering.take(office.id, "2026", number)


def test_a_number_taken_in_vain_is_free_again(office):
    with pytest.raises(RuntimeError), transaction():
        numbering.take(office.id, "2026", 1)
        raise RuntimeError

    assert numbering.upcoming(office.id, "2026") == 1


def test_fifty_who_ask_at_once_get_fifty_numbers(app, office):
    office_id, got, failures, barrier = office.id, [], [], Barrier(50)
    db.session.rollback()

    def ask():
        barrier.wait()
        try:
            with app.app_context():
                got.append(one(office_id, "2026"))
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert sorted(got) == list(range(1, 51))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_several_processes_together_leave_no_gap_and_no_repeat(app, office):
    office_id = office.id
    db.session.remove()
    db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()

    def ask():
        with app.app_context():
            answers.put([one(office_id, "2026") for _ in range(10)])

    processes = [fork.Process(target=ask) for _ in range(5)]
    for process in processes:
        process.start()
    got = [number for _ in processes for number in answers.get(timeout=60)]
    for process in processes:
        process.join()

    assert sorted(got) == list(range(1, 51))
