"""Remarks beside the text: whoever may still mend it sees them, by the rules of the office's pack."""

import pytest

from core.testing import login
from plugins.proofreading import section

SLIP = "2月30日，市政府召开会议，，部署防汛工作。"


@pytest.fixture
def item(make_submission):
    """An item with two slips that no rule of an office is needed for."""
    return make_submission("received", title="全市部署防汛工作", body=SLIP)


def test_an_editor_sees_what_is_wrong_and_where(make_user, client, item):
    login(client, make_user("editor"))

    html = client.get(f"/submissions/{item.id}").text

    assert "核查提示" in html
    assert "没有“2月30日”，请核对" in html
    assert "标点“，，”连用" in html
    assert "正文第1段" in html


def test_a_text_without_slips_has_no_remarks(make_user, client, make_submission):
    login(client, make_user("editor"))
    item = make_submission(
        "received", title="全市部署防汛工作", body="6月3日，市政府召开会议，部署防汛工作。"
    )

    html = client.get(f"/submissions/{item.id}").text

    assert "核查提示" not in html


def test_a_unit_sees_them_while_it_writes_and_not_once_it_is_sent(make_user, client, make_submission, item):
    login(client, make_user("informant"))
    draft = make_submission("draft", title="全市部署防汛工作", body=SLIP)

    assert "没有“2月30日”" in client.get(f"/submissions/{draft.id}").text
    assert "没有“2月30日”" not in client.get(f"/submissions/{item.id}").text


def test_word_lists_are_those_of_the_pack_in_force(make_user, client, make_submission, make_pack, office):
    item = make_submission("received", title="全市帮扶就业", body="今年以来，全市帮扶残废人就业210人。")
    login(client, make_user("editor"))
    before = client.get(f"/submissions/{item.id}").text

    make_pack(office, proofreading=section.SECTION.sample)

    assert "禁用词“残废人”" not in before
    assert "禁用词“残废人”" in client.get(f"/submissions/{item.id}").text


def test_short_names_of_the_register_want_the_full_one_first(
    make_user, client, make_submission, make_unit, make_pack, office
):
    make_unit("示例市自然资源和规划局", short_name="市资规局")
    make_pack(office, proofreading="registered: true\n")
    item = make_submission("received", title="全市清理闲置土地", body="今年以来，市资规局清理闲置土地210亩。")
    login(client, make_user("editor"))

    html = client.get(f"/submissions/{item.id}").text

    assert "首次出现宜用全称“示例市自然资源和规划局”" in html


DRAFT = {"genre": "work_news", "urgency": "normal", "title": "全市部署防汛工作", "body": SLIP}


def test_what_stands_in_the_form_is_checked_saved_or_not(make_user, client, unit, make_submission):
    login(client, make_user("informant"))
    saved = make_submission("draft", body="6月3日，市政府召开会议。")
    poll = {"headers": {"X-Requested-With": "poll"}}

    fresh = client.submit("/submissions/check", {"unit_id": unit.id, **DRAFT}, **poll)
    changed = client.submit(
        "/submissions/check", {"unit_id": unit.id, "submission_id": saved.id, **DRAFT}, **poll
    )

    for answer in (fresh, changed):
        assert "没有“2月30日”" in answer.json["html"]
        assert answer.json["open"] == 2
    assert "不再提示" not in fresh.json["html"]
    assert "/dismiss" in changed.json["html"]


def test_saving_with_a_check_leads_to_the_remarks(make_user, client, unit):
    login(client, make_user("informant"))

    answer = client.submit("/submissions/new", {"unit_id": unit.id, "step": "check", **DRAFT})

    assert answer.headers["Location"].endswith("/edit#remarks")
    html = client.get(answer.headers["Location"]).text
    assert "草稿已保存，有 2 条核查提示" in html
    assert "没有“2月30日”" in html
    # A form of its own beside the one being written would lose what was typed.
    assert "/dismiss" not in html


def test_a_refused_form_is_checked_as_it_was_typed(make_user, client, unit):
    login(client, make_user("informant"))

    answer = client.submit("/submissions/new", {"unit_id": unit.id, **DRAFT, "title": "长" * 101})

    assert answer.status_code == 422
    assert "没有“2月30日”" in answer.text


def test_nobody_checks_in_the_name_of_another_unit(make_user, make_unit, client, make_submission, unit):
    far = make_unit("外单位")
    theirs = make_submission("draft", unit=far)
    login(client, make_user("informant"))

    assert client.submit("/submissions/check", {"unit_id": far.id, **DRAFT}).status_code == 422
    mixed = {"unit_id": unit.id, "submission_id": theirs.id, **DRAFT}
    assert client.submit("/submissions/check", mixed).status_code == 404
