"""Notices: who gets them, who reads them, what becomes of them when a decision is undone."""

from datetime import date

import pytest
from sqlalchemy import select

from core.accounts.models import RoleAssignment
from core.db import db, transaction
from core.errors import NotFound
from core.notices import services
from core.notices.models import Notice
from core.testing import actor_of, login

pytestmark = pytest.mark.postgres


@pytest.fixture
def told(make_user):
    """An informant with one notice."""
    person = make_user("informant")
    with transaction():
        services.tell([person.id], "《春耕》已采用", "/submissions/1", "submission:1:adopt:1")
    return person


def texts(person):
    return [notice.text for notice in db.session.scalars(services.notices_of(actor_of(person)))]


def test_a_person_told_twice_in_one_go_gets_one_notice(make_user):
    one, other = make_user("editor"), make_user("editor")

    with transaction():
        services.tell([one.id, other.id, one.id], "有新的信息", "/submissions/1")

    assert texts(one) == texts(other) == ["有新的信息"]


def test_a_refused_decision_tells_nobody(make_user):
    person = make_user("editor")

    with pytest.raises(ZeroDivisionError), transaction():
        services.tell([person.id], "有新的信息", "/submissions/1")
        _ = 1 / 0

    assert texts(person) == []


def test_a_notice_never_leads_away_from_the_site(make_user):
    for url in ("https://example.org/", "//example.org/", "javascript:1", ""):
        with pytest.raises(ValueError, match="page of this site"):
            services.tell([1], "看这里", url)


def test_a_long_sentence_is_cut(make_user):
    person = make_user("editor")

    with transaction():
        services.tell([person.id], "长" * 500, "/")

    assert texts(person) == ["长" * 199 + "…"]


def test_an_unread_notice_vanishes_with_its_decision(told):
    with transaction():
        services.take_back("submission:1:adopt:1", "撤销采用")

    assert texts(told) == []


def test_a_read_notice_stays_and_says_why_it_no_longer_holds(told):
    actor = actor_of(told)
    notice = db.session.scalars(services.notices_of(actor)).one()
    services.read(actor, notice.id)

    with transaction():
        services.take_back("submission:1:adopt:1", "撤销采用")

    db.session.refresh(notice)
    assert notice.taken_back_at and notice.taken_back_why == "撤销采用"


def test_what_is_told_and_taken_back_in_one_transaction_leaves_nothing(make_user):
    person = make_user("editor")

    with transaction():
        services.tell([person.id], "有新的信息", "/", "x:1")
        services.take_back("x:1")

    assert texts(person) == []


def test_nobody_reads_the_notice_of_somebody_else(told, make_user):
    notice = db.session.scalars(select(Notice)).one()

    with pytest.raises(NotFound):
        services.read(actor_of(make_user("editor")), notice.id)

    assert notice.read_at is None


def test_who_has_no_role_any_more_reads_no_old_messages_until_they_get_one(client, told):
    login(client, told)
    notice = db.session.scalars(select(Notice)).one()
    before = [(role.role, role.office_id, role.unit_id) for role in told.roles]
    with transaction():
        told.roles.clear()

    page = client.get("/notices/").text
    assert "《春耕》已采用" not in page and "您现在没有任何角色" in page
    assert client.get("/notices/unread").json["unread"] == 0
    assert client.submit(f"/notices/{notice.id}/open").status_code == 404
    with transaction():
        told.roles.extend(RoleAssignment(role=r, office_id=o, unit_id=u) for r, o, u in before)

    assert "《春耕》已采用" in client.get("/notices/").text


def test_all_are_marked_read_up_to_the_newest_seen(told):
    actor = actor_of(told)
    seen = db.session.scalars(select(Notice.id)).one()
    with transaction():
        services.tell([told.id], "刚到的一条", "/")

    services.read_all(actor, seen)

    assert services.unread(actor) == 1


def test_holders_are_those_whose_right_reaches_the_place(make_user, make_unit, make_office, unit):
    other_unit, elsewhere = make_unit("乙县"), make_office("other")
    editor, informant = make_user("editor"), make_user("informant", unit=unit)
    make_user("informant", unit=other_unit)
    make_user("editor", office=elsewhere)
    make_user("editor", disabled=True)
    make_user("editor", expires_on=date(2020, 1, 1))

    found = services.holders(unit.office_id, "submission.view", unit.id)

    assert {editor.id, informant.id} == set(found)
    assert services.holders(unit.office_id, "submission.edit") == [editor.id]
    assert services.holders(unit.office_id, "submission.write") == []


def test_the_list_shows_own_notices_and_opening_one_goes_to_its_page(client, told, make_user):
    login(client, told)

    page = client.get("/notices/").text
    assert "《春耕》已采用" in page and "未读" in page
    notice = db.session.scalars(select(Notice)).one()
    answer = client.submit(f"/notices/{notice.id}/open")

    assert answer.location == "/submissions/1"
    assert client.get("/notices/unread").json == {"unread": 0, "most": 100}


def test_the_list_of_unread_ones_is_empty_after_all_were_marked(client, told):
    login(client, told)
    newest = db.session.scalars(select(Notice.id)).one()

    client.submit("/notices/read", {"newest": newest})

    assert "没有未读消息" in client.get("/notices/?show=unread").text
    assert "《春耕》已采用" in client.get("/notices/").text


def test_another_person_s_notice_is_not_found(client, told, make_user):
    login(client, make_user("editor"))
    notice = db.session.scalars(select(Notice)).one()

    assert client.submit(f"/notices/{notice.id}/open").status_code == 404


def test_the_home_page_counts_unread_notices(client, told):
    login(client, told)

    assert "未读消息" in client.get("/").text


def test_asking_for_news_does_not_keep_a_session_alive(client, told, watch):
    login(client, told)
    for _ in range(7):
        watch.move(minutes=5)
        answer = client.get("/notices/unread", headers={"X-Requested-With": "poll"})

    assert answer.status_code == 401
    assert "登录已过期" in answer.json["message"]
