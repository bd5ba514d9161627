"""Numbers without gap or repeat, however many ask at once."""

import subprocess
import sys
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.config import PROJECT
from core.db import db, transaction
from core.documents import numbering
from core.documents.models import NumberSeries
from core.errors import Conflict

pytestmark = pytest.mark.postgres
# What a publisher does: look at the number, take some time (as rendering does), take it, try again if it is gone.
TAKE = """
import time
from core.db import transaction
from core.documents import numbering
from core.errors import Conflict

def one(office_id, series):
    while True:
        number = numbering.upcoming(office_id, series)
        time.sleep(0.002)
        try:
            with transaction():
                numbering.take(office_id, series, number)
            return number
        except Conflict:
            continue
"""
exec(TAKE)


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
                got.append(one(office_id, "2026"))  # noqa: F821 - from TAKE
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert sorted(got) == list(range(1, 51))


def test_several_processes_together_leave_no_gap_and_no_repeat(app, office):
    settings = {"DATA": str(app.config["YAOQING"]["DATA"]), "DATABASE": app.config["SQLALCHEMY_DATABASE_URI"]}
    program = TAKE + (
        "import sys\nfrom pathlib import Path\nfrom core.app import create_app\n"
        f"settings = {settings!r}\nsettings['DATA'] = Path(settings['DATA'])\n"
        "app = create_app(settings, plugin_package='no_plugins')\n"
        f"with app.app_context():\n    print(*[one({office.id}, '2026') for _ in range(10)])\n"
    )
    db.session.rollback()

    running = [
        subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(5)
    ]
    got = [int(word) for process in running for word in process.communicate(timeout=120)[0].split()]

    assert sorted(got) == list(range(1, 51))
