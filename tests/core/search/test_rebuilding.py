"""Building the index anew gives what the transactions kept; the check finds what differs."""

import pytest
from sqlalchemy import select, text, update

from core import migrate
from core.cli.main import run
from core.db import db, transaction
from core.search import finding, rebuilding
from core.search.finding import Wanted
from core.search.models import SearchEntry, SearchState, SearchText
from core.submissions import services
from core.submissions.models import Submission

pytestmark = pytest.mark.postgres
STEPS = ["信息 0/4", "信息 4/4", "编辑中的原稿 0/4", "编辑中的原稿 4/4"]


def kept():
    """Everything the index holds, whatever its ids are."""
    columns = (SearchEntry.kind, SearchEntry.thing_id, SearchEntry.office_id, SearchEntry.day, SearchEntry.units,
               SearchEntry.genre, SearchEntry.state, SearchText.title, SearchText.body)  # fmt: skip
    joined = select(*columns).join(SearchText, SearchText.entry_id == SearchEntry.id)
    return sorted(tuple(row) for row in db.session.execute(joined))


@pytest.fixture
def some(make_submission, make_unit, staff, unit):
    items = [
        make_submission(state, title=f"稻谷{state}") for state in ("draft", "received", "editing", "adopted")
    ]
    make_submission("received", unit=make_unit("乙县人民政府"), joint=[unit], title="联合稻谷")
    services.discard(staff("informant", unit), items[0].id)
    return items[1:]


def test_building_anew_gives_the_same(some, staff, unit):
    before, editor = kept(), staff("editor", unit)
    found = finding.search(editor, Wanted("稻谷")).page.total

    assert [step for step in rebuilding.rebuild() if step[1]] == [("信息", 4, 4), ("编辑中的原稿", 4, 4)]

    assert kept() == before
    assert len(before) == 4
    assert finding.search(editor, Wanted("稻谷")).page.total == found == 4


def test_the_check_is_content_with_what_services_wrote(some):
    list(rebuilding.catch_up())

    assert list(rebuilding.check()) == []


def test_rows_written_past_the_session_are_told_and_then_indexed(some, staff, unit):
    list(rebuilding.catch_up())
    with transaction():
        db.session.execute(update(Submission.__table__).values(title="小麦"))

    told = list(rebuilding.check())
    list(rebuilding.rebuild())

    assert len(told) == 4
    assert "信息（编号" in told[0]
    assert list(rebuilding.check()) == []
    assert finding.search(staff("editor", unit), Wanted("小麦")).page.total == 4


def test_an_entry_missing_from_the_index_is_told(some):
    list(rebuilding.catch_up())
    with transaction():
        finding.engine().clear()

    assert "索引与条目不是一一对应" in list(rebuilding.check())


def test_a_fresh_installation_has_everything_indexed(app):
    assert rebuilding.outdated() == []


def test_an_upgrade_indexes_what_was_there_before(some):
    with transaction():
        finding.engine().clear()
        for table in ("search_text", "search_entry", "search_state"):
            db.session.execute(text(f"DELETE FROM {table}"))
    said = []

    list(migrate.upgrade(said.append))

    assert said == [f"建立全文索引：{step}" for step in STEPS]
    assert list(rebuilding.check()) == []


def test_another_way_of_cutting_texts_has_everything_built_anew(some):
    with transaction():
        db.session.execute(update(SearchState).values(version=0))

    list(migrate.upgrade())

    assert rebuilding.outdated() == []
    assert list(rebuilding.check()) == []


def test_what_is_saved_while_the_index_is_built_is_indexed_once(some, make_submission, staff, unit):
    building = rebuilding.rebuild()
    next(building)
    make_submission("received", title="建的时候写的稻谷")

    list(building)

    assert list(rebuilding.check()) == []
    assert finding.search(staff("editor", unit), Wanted("建的时候")).page.total == 1


def test_the_commands_build_and_check(some, monkeypatch, app, capsys):
    monkeypatch.setattr("core.cli.main.create_app", lambda **_: app)

    codes = run(["search", "rebuild"]), run(["search", "check"])
    with transaction():
        finding.engine().clear()
    codes += (run(["search", "check"]),)

    assert codes == (0, 0, 1)
    told = capsys.readouterr()
    assert "全文索引已建成。" in told.out
    assert "./yaoqing search rebuild" in told.err
