"""Near duplicates and related items on the page of an item, and two items side by side."""

import pytest
from sqlalchemy import select

from core.db import db
from core.plugins import collect
from core.submissions.models import Submission
from core.testing import actor_of, login
from tests.core.search.test_similar import prose
from tests.plugins.duplicates import texts
from tests.shape.page_rules import faults_of

BODY = "\n\n".join(prose(1))


@pytest.fixture
def editor(make_user, client):
    user = make_user("editor")
    login(client, user)
    return user


@pytest.fixture
def pair(make_submission, make_unit):
    """The same text from two units."""
    other = make_unit("乙县人民政府", short_name="乙县")
    return (
        make_submission("received", title="我县抓好冬小麦田间管理", body=BODY),
        make_submission(
            "received", unit=other, title="乙县抓冬小麦管理", body=BODY + "\n\n另有一段完全不同的文字。"
        ),
    )


def page(client, item):
    return client.get(f"/submissions/{item.id}").text


def test_an_editor_sees_who_else_sent_the_same(editor, client, pair):
    one, other = pair

    html = page(client, one)

    assert "内容重复" in html
    assert "100% 相同" in html
    assert f'href="/duplicates/{one.id}/{other.id}"' in html
    assert "乙县 · " in html


def test_a_title_alike_is_shown_as_related(editor, client, make_submission):
    one = make_submission("received", title="全县高标准农田建设进展", body=BODY)
    other = make_submission("received", title="高标准农田建设进展顺利", body="\n".join(prose(2)))

    html = page(client, one)

    assert "题目相近" in html
    assert "内容重复" not in html
    assert f'href="/submissions/{other.id}"' in html


def test_an_item_of_its_own_has_no_panel(editor, client, make_submission):
    item = make_submission("received", title="独此一条", body=BODY)
    make_submission("received", title="毫不相干", body="\n".join(prose(2)))

    assert "重复与相关" not in page(client, item)


def test_drafts_of_other_units_are_not_shown_even_to_editors(editor, client, make_submission, make_unit):
    item = make_submission("received", body=BODY, title="甲")
    make_submission("draft", unit=make_unit("乙县人民政府"), body=BODY, title="乙的草稿")

    assert "乙的草稿" not in page(client, item)


def test_units_do_not_see_the_panel(make_user, client, pair):
    login(client, make_user("informant"))

    assert "乙县" not in page(client, pair[0])


def test_two_items_side_by_side_with_what_they_share(editor, client, pair):
    one, other = pair

    response = client.get(f"/duplicates/{one.id}/{other.id}")

    assert not list(faults_of(response))
    assert f"<mark>{prose(1)[0].rstrip('。')}</mark>" in response.text
    assert "另有一段完全不同的文字。" in response.text
    assert "<mark>另有" not in response.text
    assert "100% 见于另一条" in response.text
    assert "</span>数字有改动" not in response.text


def test_a_copy_with_other_figures_is_shown_as_such(editor, client, make_submission, make_unit):
    one = make_submission("received", title=texts.PLOUGHING.title, body=texts.PLOUGHING.body)
    copied = texts.PLOUGHING_COPIED
    other = make_submission(
        "received", unit=make_unit("安宁县人民政府"), title=copied.title, body=copied.body
    )

    compared = client.get(f"/duplicates/{one.id}/{other.id}").text

    assert "数字有改动" in page(client, one)
    assert "数字有改动" in compared
    assert "选派农技人员</mark>112<mark>名包村联户，发放技术明白纸</mark>2.1万<mark>份" in compared


@pytest.mark.parametrize("role", ["informant", "signing_leader", "leader", "system_admin"])
def test_nobody_else_opens_the_comparison(make_user, client, pair, role):
    login(client, make_user(role))

    assert client.get(f"/duplicates/{pair[0].id}/{pair[1].id}").status_code == 403


def test_an_editor_of_another_office_finds_nothing(make_user, make_office, client, pair):
    login(client, make_user("editor", office=make_office("other", "别市人民政府办公室")))

    assert client.get(f"/duplicates/{pair[0].id}/{pair[1].id}").status_code == 404


def test_a_draft_is_not_opened_by_its_number(editor, client, pair, make_submission, make_unit):
    draft = make_submission("draft", unit=make_unit("丙县人民政府"), body=BODY)

    assert client.get(f"/duplicates/{pair[0].id}/{draft.id}").status_code == 404


@pytest.fixture
def writer(make_user, client):
    user = make_user("informant")
    login(client, user)
    return user


def draft_form(unit):
    return {
        "unit_id": unit.id, "genre": "work_news", "urgency": "normal", "title": texts.HAIL.title, "body": texts.HAIL.body,
        "authors": "甲", "version": "", "submission_id": "", "step": "send",
    }  # fmt: skip


def states():
    return [item.state for item in db.session.scalars(select(Submission).order_by(Submission.id))]


def test_sending_the_same_again_is_held_once_and_then_done(writer, client, make_submission, unit):
    earlier = make_submission("received", title=texts.HAIL.title, body=texts.HAIL.body)

    held = client.submit("/submissions/new", draft_form(unit))
    edit = client.get(held.location)
    draft = db.session.scalars(select(Submission).where(Submission.id != earlier.id)).one()
    again = {**draft_form(unit), "version": draft.version, "submission_id": draft.id, "warned": "1"}
    sent = client.submit(held.location, again)

    assert held.location == f"/submissions/{draft.id}/edit"
    assert "还没有送审" in edit.text
    assert f"报送的《{texts.HAIL.title}》（已报送）内容完全相同" in edit.text
    assert f'href="/duplicates/own/{draft.id}/{earlier.id}"' in edit.text
    assert 'name="warned" value="1"' in edit.text
    assert (sent.location, states()) == (f"/submissions/{draft.id}", ["received", "awaiting"])


def test_what_is_new_is_sent_at_once(writer, client, make_submission, unit):
    make_submission("received", title=texts.FIRES.title, body=texts.FIRES.body)

    sent = client.submit("/submissions/new", draft_form(unit))

    assert states() == ["received", "awaiting"]
    assert not sent.location.endswith("/edit")


def test_another_unit_that_sent_the_same_is_not_told_of(writer, client, make_submission, make_unit, unit):
    make_submission("received", unit=make_unit("乙县人民政府"), title=texts.HAIL.title, body=texts.HAIL.body)

    client.submit("/submissions/new", draft_form(unit))

    assert states() == ["received", "awaiting"]


def test_whoever_signs_sees_the_units_earlier_item_and_compares_them(make_user, client, make_submission):
    earlier = make_submission("received", title=texts.HAIL.title, body=texts.HAIL.body)
    item = make_submission("awaiting", title="又一次冰雹", body=texts.HAIL.body)
    login(client, make_user("signing_leader"))

    html, compared = page(client, item), client.get(f"/duplicates/own/{item.id}/{earlier.id}")

    assert "本单位报送过的相同内容" in html
    assert f'href="/duplicates/own/{item.id}/{earlier.id}"' in html
    assert not list(faults_of(compared))
    assert "<mark>据初步统计" in compared.text


def test_a_unit_opens_no_comparison_with_anothers_item(writer, client, make_submission, make_unit):
    own = make_submission("draft", body=texts.HAIL.body)
    other = make_submission("received", unit=make_unit("乙县人民政府"), body=texts.HAIL.body)

    assert client.get(f"/duplicates/own/{own.id}/{other.id}").status_code == 404


def test_a_joint_item_of_another_unit_is_no_item_of_ones_own(
    writer, client, make_submission, make_unit, unit
):
    own = make_submission("draft", body=texts.HAIL.body)
    joint = make_submission("received", unit=make_unit("乙县人民政府"), body=texts.HAIL.body, joint=[unit])

    assert client.get(f"/duplicates/own/{own.id}/{joint.id}").status_code == 403


def test_whoever_goes_through_many_items_is_told_as_well(editor, pair, client):
    one, other = pair

    with client:
        page(client, one)  # the panel is drawn while a page is
        (panel,) = collect("beside_text", actor=actor_of(editor), submission=one)

    assert panel.title == "重复与相关"
    assert f'href="/duplicates/{one.id}/{other.id}"' in panel.html


def test_what_became_void_resembles_nothing(editor, client, pair):
    one, other = pair
    other.state = "void"
    db.session.commit()

    assert "内容重复" not in page(client, one) and f"/duplicates/{one.id}/{other.id}" not in page(client, one)
