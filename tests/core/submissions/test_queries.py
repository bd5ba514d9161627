"""Lists of submissions: filters, orders, counts."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from core import paging
from core.db import db, transaction
from core.submissions import queries, services
from core.submissions.queries import Filter
from core.testing import actor_of, login


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


@pytest.fixture
def titles(editor):
    """The titles an editor's list shows."""

    def listed(**wanted):
        return [row.title for row in db.session.execute(queries.listing(editor, Filter(**wanted)))]

    return listed


def test_filters_narrow_the_list_together(titles, make_submission, make_unit, editor, unit):
    other = make_unit("乙县人民政府")
    make_submission("received", title="春耕100%完成", genre="brief", urgency="urgent")
    make_submission("editing", title="招商_引资", unit=other)
    make_submission("unused", title="其他", unit=other)

    assert set(titles()) == {"春耕100%完成", "招商_引资", "其他"}
    assert titles(text="100%") == titles(genre="brief") == titles(urgency="urgent") == ["春耕100%完成"]
    assert titles(text="%") == ["春耕100%完成"] and titles(text="_") == ["招商_引资"]
    assert titles(states=("editing",)) == titles(editor_id=editor.id) == ["招商_引资"]
    assert set(titles(unit_id=other.id)) == {"招商_引资", "其他"}
    assert titles(unit_id=other.id, states=("unused",)) == ["其他"]
    assert titles(genre="no such genre") == titles(unit_id=99_999) == []


def test_a_day_holds_everything_from_midnight_to_midnight_in_beijing(titles, make_submission, watch):
    watch.move(hours=-12)  # midnight
    make_submission("received", title="零时")
    watch.move(hours=23, minutes=59)
    make_submission("received", title="深夜")
    watch.move(minutes=1)
    make_submission("received", title="次日零时")
    day = date(2026, 3, 18)

    assert titles(since=day, until=day) == ["深夜", "零时"]
    assert titles(since=day + timedelta(days=1)) == ["次日零时"]
    assert titles(until=day - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("sort", "rising"),
    [
        ("time", ["丙", "甲甲", "乙"]),
        ("title", ["丙", "乙", "甲甲"]),
        ("unit", ["乙", "甲甲", "丙"]),
        ("official", ["丙", "甲甲", "乙"]),
    ],
)
def test_lists_are_ordered_as_asked(titles, make_submission, make_unit, watch, sort, rising):
    units = [make_unit(name, sort_no=no) for name, no in (("周县", 1), ("李县", 5), ("安县", 9))]
    for title, unit in zip(["丙", "甲甲", "乙"], units, strict=True):
        watch.move(minutes=1)
        make_submission("received", title=title, unit=unit)

    assert titles(sort=sort, descending=False) == rising
    assert titles(sort=sort) == rising[::-1]


@pytest.mark.parametrize("sort", ["unit", "official"])
def test_items_of_a_unit_stay_together_in_order_of_time(titles, make_submission, make_unit, watch, sort):
    # Written alike in pinyin, and with the same number.
    units = [make_unit(name, sort_no=5) for name in ("安县", "岸县")]
    for title, unit in zip("甲乙丙丁", units * 2, strict=True):
        watch.move(minutes=1)
        make_submission("received", title=title, unit=unit)

    assert titles(sort=sort, descending=False) == list("甲丙乙丁")


@pytest.mark.parametrize("sort", queries.ORDERS)
def test_an_office_list_is_read_along_an_index(app, editor, sort):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan of SQLite")
    query = queries.listing(editor, Filter(sort=sort)).limit(21)
    plan = f"EXPLAIN QUERY PLAN {query.compile(db.engine, compile_kwargs={'literal_binds': True})}"

    steps = [row[3] for row in db.session.connection().exec_driver_sql(plan)]

    assert any("submission USING COVERING INDEX" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


def test_free_items_are_counted_without_reading_all_of_the_office(editor, asked):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan of SQLite")

    queries.count_free(editor)

    statement, values = next(each for each in asked if "FROM submission" in each[0])
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [row[3] for row in plan if "submission" in row[3]]
    assert steps and all("editor_id=? AND state=?" in step for step in steps)


@pytest.mark.parametrize(
    "wanted",
    [
        {"descending": False},
        {"states": ("received",)},
        {"text": "防汛"},
        *({"sort": s} for s in queries.ORDERS),
    ],
)
def test_a_unit_finds_the_same_items_by_the_quicker_way(
    make_submission, make_unit, staff, unit, watch, wanted
):
    other, third = make_unit(), make_unit()
    for number, (state, whose, joint) in enumerate(
        [("draft", unit, []), ("received", other, [unit]), ("received", unit, [other]), ("draft", other, [unit]),
         ("returned", other, [unit]), ("unused", third, [other, unit]), ("received", third, [other])]
    ):  # fmt: skip
        watch.move(minutes=1)
        make_submission(state, unit=whose, joint=joint, title=f"{'防汛' if number % 2 else '春耕'}{number}")

    one, two = staff("informant", unit), staff("informant", other)
    for person in (one, replace(one, grants=one.grants + two.grants)):
        plain, quick = (
            [tuple(row) for row in db.session.execute(find(person, Filter(**wanted)))]
            for find in (queries.listing, queries.listed)
        )
        assert plain and quick == plain


def test_an_unknown_order_is_the_usual_one(titles, make_submission, watch):
    for title in ("先", "后"):
        make_submission("received", title=title)
        watch.move(minutes=1)

    assert titles(sort="password_hash") == ["后", "先"]


def test_items_of_the_same_minute_keep_one_order_over_all_pages(editor, make_submission, watch):
    made = [make_submission("received").id for _ in range(5)]
    query = queries.listing(editor, Filter())

    paged = [row.id for n in range(5) for row in db.session.execute(query.limit(1).offset(n))]

    assert paged == made[::-1]


def test_counts_are_of_what_the_person_may_act_on(make_submission, staff, unit, make_unit):
    other = make_unit()
    for state in ("draft", "awaiting", "returned", "received", "received"):
        make_submission(state)
    make_submission("awaiting", unit=other)
    make_submission("draft", unit=other)
    writer, leader, editor = (staff(role, unit) for role in ("informant", "signing_leader", "editor"))

    assert queries.count(writer, "draft", permission="submission.write") == 1
    assert queries.count(writer, "returned", "draft", permission="submission.write") == 2
    assert queries.count(editor, "received", permission="submission.edit") == 2
    assert queries.count(editor, "draft", "awaiting", permission="submission.edit") == 0
    assert queries.count(leader, "awaiting", permission="submission.sign") == 1
    assert queries.count(writer, "awaiting", permission="submission.sign") == 0
    assert queries.count(editor, "awaiting", permission="submission.sign") == 0


def test_mine_are_those_i_edit(make_submission, staff, unit, make_user):
    make_submission("editing")

    assert queries.count(staff("editor", unit), "editing", mine=True) == 1
    assert queries.count(actor_of(make_user("editor")), "editing", mine=True) == 0


def test_lists_of_people_with_different_rights_do_not_mix(make_submission, staff, unit, make_unit):
    other = make_unit()
    mine, theirs = make_submission("received"), make_submission("received", unit=other)

    def seen(actor):
        return {row.id for row in db.session.execute(queries.listing(actor, Filter()))}

    for _ in range(2):  # the second time from statements kept in memory
        assert seen(staff("informant", unit)) == {mine.id}
        assert seen(staff("informant", other)) == {theirs.id}
        assert seen(staff("editor", unit)) == {mine.id, theirs.id}
        assert seen(staff("leader", unit)) == set()


@pytest.fixture
def reworded(make_submission, unit, editor):
    """An item of the unit whose editor gave it another title; it is not published."""
    item = make_submission("editing", unit=unit, title="乙镇抢收晚稻")
    services.revise(editor, item.id, item.version, "丁镇颗粒归仓", item.body)
    make_submission("received", unit=unit, title="丙镇冬修水利")
    return item


@pytest.mark.parametrize("find", [queries.listing, queries.listed])
def test_a_unit_looks_for_its_items_by_the_titles_it_knows(reworded, staff, unit, editor, find):
    writer = staff("informant", unit)

    def titles(person, **wanted):
        rows = db.session.execute(find(person, Filter(**wanted))).all()
        return [row.title for row in queries.as_known(person, rows)]

    assert titles(writer, text="颗粒归仓") == []
    assert titles(writer, text="抢收") == ["乙镇抢收晚稻"]
    assert titles(editor, text="颗粒归仓") == ["丁镇颗粒归仓"]
    assert titles(editor, text="抢收") == []
    # In the order of code points: 丁 (4E01), 丙 (4E19), 乙 (4E59).
    assert titles(writer, sort="title", descending=False) == ["丙镇冬修水利", "乙镇抢收晚稻"]
    assert titles(editor, sort="title", descending=False) == ["丁镇颗粒归仓", "丙镇冬修水利"]


def test_a_published_item_is_found_by_the_title_it_was_published_under(reworded, staff, unit, editor):
    writer = staff("informant", unit)
    with transaction():
        for move in ("select", "adopt"):
            services.compile_move(editor, reworded, move)

    rows = db.session.execute(queries.listed(writer, Filter(text="颗粒归仓"))).all()

    assert [row.title for row in queries.as_known(writer, rows)] == ["丁镇颗粒归仓"]


def test_what_an_editor_left_behind_is_counted_and_listed_with_what_nobody_has(
    make_submission, make_user, office, client
):
    stays, leaves = make_user("editor"), make_user("editor")
    new, kept, left, done = (make_submission(s) for s in ("received", "editing", "editing", "selected"))
    with transaction():
        kept.editor_id, left.editor_id, done.editor_id, leaves.disabled = stays.id, leaves.id, leaves.id, True
    login(client, stays)

    home = client.get("/").text
    address = unescape(re.search(r'href="([^"]*queue[^"]*editor=none[^"]*)"', home)[1])
    rows = client.get(address, follow_redirects=True).text

    assert queries.count_free(actor_of(stays)) == 2
    shown = {int(number) for number in re.findall(r'href="[^"]*/submissions/(\d+)["?]', rows)}
    assert {new.id, left.id} <= shown and not {kept.id, done.id} & shown


@pytest.mark.postgres
@pytest.mark.parametrize("sort", ["time", "title", "unit", "official", "characters"])
@pytest.mark.parametrize("role", ["editor", "informant"])
def test_pages_far_down_hold_the_same_rows_in_every_order(
    make_submission, make_unit, make_user, unit, monkeypatch, sort, role
):
    other = make_unit("乙县人民政府")
    for number in range(12):
        make_submission(
            "received", title=f"第{number}条", unit=unit if role == "informant" or number % 2 else other
        )
    query = queries.listed(actor_of(make_user(role, unit=unit)), Filter(sort=sort))
    plain = [paging.page_of(query, number, 5) for number in (1, 2, 3)]

    monkeypatch.setattr(paging, "FAR", 0)

    assert [paging.page_of(query, number, 5, keyed=True) for number in (1, 2, 3)] == plain
    assert [len(page.rows) for page in plain] == [5, 5, 2]
