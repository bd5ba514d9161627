"""One write transaction: all or nothing, announced after the commit, safe when several write at once."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from core.accounts.models import Office, Unit
from core.db import db, transaction
from core.documents.models import NumberSeries
from core.errors import Conflict

pytestmark = pytest.mark.postgres


def keys():
    db.session.rollback()
    return set(db.session.scalars(select(Office.key)))


def add(key):
    db.session.add(Office(key=key, name=key, place_name=""))


def test_an_error_leaves_nothing_behind(app):
    with pytest.raises(RuntimeError), transaction():
        add("first")
        db.session.flush()
        raise RuntimeError

    assert keys() == set()


def test_a_transaction_inside_another_joins_it(app):
    with pytest.raises(RuntimeError), transaction():
        with transaction():
            add("inner")
        add("outer")
        raise RuntimeError

    assert keys() == set()


def test_what_waits_for_the_commit_runs_in_order_and_after_it(app):
    heard = []

    with transaction() as after_commit:
        after_commit(lambda: heard.append(("first", keys())))
        with transaction() as inner:
            add("one")
            inner(heard.append, "second")
        after_commit(heard.append, "third")
        assert heard == []

    assert heard == [("first", {"one"}), "second", "third"]


def test_what_waits_for_the_commit_never_runs_after_an_error(app):
    heard = []

    with pytest.raises(RuntimeError), transaction() as after_commit:
        after_commit(heard.append, "never")
        raise RuntimeError

    assert heard == []


def test_a_transaction_after_an_error_starts_afresh(app):
    with pytest.raises(RuntimeError), transaction():
        raise RuntimeError
    with transaction():
        add("later")

    assert keys() == {"later"}


def test_what_was_read_before_is_read_again_inside(app, office):
    seen = db.session.get(Office, office.id)
    assert seen.name == "示例市人民政府办公室"
    office_id = office.id
    _in_thread(app, lambda: _rename(office_id))

    with transaction():
        assert db.session.get(Office, office_id).name == "新名称"


def test_two_who_save_the_same_row_together_are_told(app, unit):
    unit_id = unit.id

    def slow_change():
        with transaction():
            db.session.get(Unit, unit_id).head = "张三"

    with pytest.raises(Conflict, match="刚刚被别人改过"), transaction():
        mine = db.session.get(Unit, unit_id)
        db.session.execute(
            text("UPDATE unit SET version = version + 1")
        )  # as if somebody had saved in between
        mine.head = "李四"

    _in_thread(app, slow_change)
    db.session.rollback()
    assert db.session.get(Unit, unit_id).head == "张三"


def test_parallel_writers_lose_no_increment(app, office):
    with transaction():
        db.session.add(NumberSeries(office_id=office.id, series="test", last=0))
    barrier = Barrier(8)

    def count_up():
        barrier.wait()
        for _ in range(5):
            with transaction():
                row = db.session.scalar(select(NumberSeries).with_for_update())
                row.last += 1

    _in_thread(app, *[count_up] * 8)

    db.session.rollback()
    assert db.session.scalar(select(NumberSeries.last)) == 40


def test_a_row_that_was_written_keeps_its_instant(app, watch, make_user):
    user = make_user("editor")
    user_id = user.id
    db.session.expire_all()

    assert db.session.get(type(user), user_id).password_at == watch.instant


def test_an_instant_without_zone_is_refused(app, make_user):
    user = make_user("editor")

    with pytest.raises(Exception, match="time zone"), transaction():
        user.password_at = datetime(2026, 1, 1)
        db.session.flush()


def _rename(office_id):
    with transaction():
        db.session.get(Office, office_id).name = "新名称"


def _in_thread(app, *calls):
    """Run calls at the same time, each in a thread and an app context of its own."""
    failures = []

    def run(call):
        try:
            with app.app_context():
                call()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
