"""SQLite is told every night how large its tables are, so that it looks items up instead of reading all of them."""

import pytest
from sqlalchemy import select, text

from core import migrate, table_statistics
from core.db import db
from core.submissions.models import Submission
from core.submissions.queries import visible
from core.testing import actor_of


@pytest.fixture
def named(make_user, make_submission):
    """A question for twenty items by their numbers, as far as an editor may see them, among two hundred."""
    for number in range(200):
        make_submission(title=f"第{number}条")
    editor = actor_of(make_user("editor"))
    columns = (Submission.id, Submission.title, Submission.state, Submission.sort_at)
    return select(*columns).where(Submission.id.in_(range(1, 21)), visible(editor))


def plan(query):
    """How SQLite would go about it; another connection may have changed what it knows."""
    db.session.rollback()
    db.engine.dispose()
    written = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    return db.session.execute(text(f"EXPLAIN QUERY PLAN {written}")).first().detail


def run_nightly(app):
    schedule = next(each for each in app.extensions["yaoqing"].schedules if each.name == "db.statistics")
    return schedule.run(None).message


def test_items_named_by_number_are_looked_up_by_it(app, named):
    assert "INTEGER PRIMARY KEY" not in plan(named)

    assert run_nightly(app) == "数据表统计已更新"

    assert "USING INTEGER PRIMARY KEY" in plan(named)


def test_an_upgrade_brings_them_up_to_date(app, named):
    list(migrate.upgrade())

    assert "USING INTEGER PRIMARY KEY" in plan(named)


@pytest.mark.postgres
def test_another_database_looks_for_itself(app):
    assert table_statistics.bring_up_to_date() is (db.engine.dialect.name == "sqlite")
    assert run_nightly(app) in ("数据表统计已更新", "PostgreSQL 自行更新，无需处理")
