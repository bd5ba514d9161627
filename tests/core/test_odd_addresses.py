"""Odd addresses and odd installations get a page and never a crash."""

from datetime import date

import pytest

from core.accounts import people
from core.db import transaction
from core.packs import services as packs
from core.permissions import Grant
from core.scoring import runs
from core.testing import actor_of, login


@pytest.fixture
def editor(client, make_user):
    user = make_user("editor")
    login(client, user)
    return user


@pytest.mark.parametrize(
    "asked", ["_scheme=javascript&_external=1", "_anchor=x", "endpoint=health", "_method=POST"]
)
def test_words_that_mean_something_to_url_for_are_no_arguments(client, editor, make_submission, asked):
    for _ in range(21):
        make_submission("received")

    answer = client.get(f"/submissions/?{asked}")

    assert answer.status_code == 200
    assert "page=2" in answer.text and "javascript" not in answer.text.partition('aria-label="分页"')[2]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "昨天"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_days_beyond_the_calendar_count_as_not_given(client, editor, make_submission, name, day):
    make_submission("received", title="各县推进春耕")

    assert "各县推进春耕" in client.get(f"/submissions/?{name}={day}").text


def test_documents_of_a_plugin_that_is_gone_do_not_break_the_list(client, editor, make_document):
    gone = make_document(read_permission="vanished.read", title="只有插件在时可读")
    make_document(title="关于信息工作的通报")

    text = client.get("/documents/").text

    assert "关于信息工作的通报" in text and "只有插件在时可读" not in text
    assert client.get(f"/documents/{gone.id}").status_code == 404


def test_a_role_in_another_office_opens_nothing_at_home(client, make_office, make_user, make_pack, office):
    make_pack(office)
    other = make_office()
    user = make_user(office=office)
    from_elsewhere(user, other)
    login(client, user)

    assert [g.office_id for g in actor_of(user).grants] == [other.id]
    assert client.get("/ranking").status_code == 403
    assert client.get("/periods").status_code == 403


def from_elsewhere(user, other):
    """Give a role in another office, as an operator at the console may."""
    with transaction():
        people.assign(user, [Grant("editor", other.id)])


def test_a_closed_ranking_reads_by_its_own_rules_after_a_retroactive_activation(
    client, make_pack, make_unit, make_user, office, watch
):
    unit = make_unit("甲县人民政府", short_name="甲县")
    make_pack(office)
    issuer = make_user("issuer", office=office)
    runs.close(actor_of(issuer), office.id, "2026-02")
    later = make_pack(pack="later", units="groups:\n  - {id: towns, title: 乡镇}\n")
    packs.activate(None, office.id, later.id, date(2024, 1, 1))
    login(client, issuer)

    assert unit.short in client.get("/ranking?period=2026-02").text
    assert unit.short not in client.get("/ranking?period=2026-03").text
