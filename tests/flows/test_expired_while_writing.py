"""Somebody writes for an hour, the session has ended meanwhile, and nothing of the text is lost."""

import pytest
from sqlalchemy import select

from core.db import db
from core.submissions.models import Submission
from core.testing import PASSWORD
from tests.shape.page_rules import forms_of

BODY = "　　第一段，“引号”&<尖括号>。\r\n\r\n\r\n第二段：𠮷〇㐂，２０２６年。\n| 项目 | 数量 |\n| 水稻 | 三万亩 |\n最后一行\n"


@pytest.fixture
def writer(make_user, person, unit, watch):
    """An informant who has opened the writing page."""
    return person(make_user("informant", unit=unit, login="zhang.san"))


def typed(unit):
    return {
        "unit_id": unit.id,
        "genre": "research",
        "urgency": "urgent",
        "title": "\n 调研<一>",
        "body": BODY,
        "authors": "张三、李四",
    }


def test_the_text_travels_through_signing_in(writer, unit, watch, make_unit):
    joint = [make_unit(f"第{n}县人民政府").id for n in range(2)]
    (form,) = [f for f in forms_of(writer.browser.get("/submissions/new")) if f[""] == [""]]
    watch.move(hours=1)

    refused = writer.resend(form, "/submissions/new", **typed(unit), joint_unit_ids=joint, step="save")
    assert refused.status_code == 401 and "您填写的内容没有丢失" in refused.text
    (sign_in,) = forms_of(refused)
    resume = writer.resend(sign_in, login="zhang.san", password=PASSWORD)
    assert resume.status_code == 200 and "您刚才填写的内容还在" in resume.text
    (rest,) = forms_of(resume)
    done = writer.resend(rest)

    assert done.status_code == 302
    item = db.session.scalar(select(Submission))
    assert (item.title, item.genre, item.urgency, item.authors) == (
        "调研<一>",
        "research",
        "urgent",
        ["张三", "李四"],
    )
    assert [c.unit_id for c in item.contributors] == [unit.id, *joint]
    shown = writer.read(done.location)
    for line in (
        "第一段，“引号”&amp;&lt;尖括号&gt;。",
        "第二段：𠮷〇㐂，２０２６年。",
        "| 水稻 | 三万亩 |",
        "最后一行",
    ):
        assert line in shown


def test_a_wrong_password_in_between_does_not_cost_the_text(writer, unit, watch):
    (form,) = [f for f in forms_of(writer.browser.get("/submissions/new")) if f[""] == [""]]
    watch.move(hours=1)
    (sign_in,) = forms_of(writer.resend(form, "/submissions/new", **typed(unit)))

    wrong = writer.resend(sign_in, login="zhang.san", password="Wrong-2026-pass")
    assert wrong.status_code == 422 and "不正确" in wrong.text
    (sign_in,) = forms_of(wrong)
    (rest,) = forms_of(writer.resend(sign_in, login="zhang.san", password=PASSWORD))
    writer.resend(rest)

    assert db.session.scalar(select(Submission.title)) == "调研<一>"


def test_a_sign_in_page_gone_stale_in_between_does_not_cost_the_text(writer, unit, watch):
    # Another window asking for news renews the session, and the page's form token is good for nothing.
    (form,) = [f for f in forms_of(writer.browser.get("/submissions/new")) if f[""] == [""]]
    watch.move(hours=1)
    (sign_in,) = forms_of(writer.resend(form, "/submissions/new", **typed(unit)))
    with writer.browser.session_transaction() as session:
        session.clear()

    stale = writer.resend(sign_in, login="zhang.san", password=PASSWORD)
    assert stale.status_code == 400 and "没有丢失" in stale.text and 'value="zhang.san"' in stale.text
    assert PASSWORD not in stale.text
    (sign_in,) = forms_of(stale)
    (rest,) = forms_of(writer.resend(sign_in, login="zhang.san", password=PASSWORD))
    writer.resend(rest)

    assert db.session.scalar(select(Submission.title)) == "调研<一>"


def test_a_sign_in_page_of_somebody_signed_in_elsewhere_meanwhile_goes_on_with_the_text(writer, unit, watch):
    (form,) = [f for f in forms_of(writer.browser.get("/submissions/new")) if f[""] == [""]]
    watch.move(hours=1)
    (sign_in,) = forms_of(writer.resend(form, "/submissions/new", **typed(unit)))
    writer.sign_in()

    resume = writer.resend(sign_in, login="zhang.san", password=PASSWORD)
    assert resume.status_code == 400 and "您刚才填写的内容还在" in resume.text
    (rest,) = forms_of(resume)
    writer.resend(rest)

    assert db.session.scalar(select(Submission.title)) == "调研<一>"


def test_what_another_site_wrote_into_the_sign_in_form_is_not_offered(writer):
    sent = {"next": "/submissions/new", "kept_name": "title", "kept_value": "外站写的标题"}

    for browser in (writer.browser, writer.browser.application.test_client()):
        refused = browser.post("/login", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code in (302, 400) and "外站写的标题" not in refused.text


def test_somebody_else_who_signs_in_cannot_put_it_into_another_unit(
    writer, unit, watch, make_user, make_unit
):
    make_user("informant", unit=make_unit("乙县人民政府"), login="li.si")
    (form,) = [f for f in forms_of(writer.browser.get("/submissions/new")) if f[""] == [""]]
    watch.move(hours=1)
    (sign_in,) = forms_of(writer.resend(form, "/submissions/new", **typed(unit)))

    (rest,) = forms_of(writer.resend(sign_in, login="li.si", password=PASSWORD))
    refused = writer.resend(rest)

    assert refused.status_code == 422 and "第二段" in refused.text
    assert db.session.scalar(select(Submission)) is None


def test_an_editor_mending_a_text_loses_nothing_either(make_submission, make_user, person, watch):
    item = make_submission("editing")
    editor = person(make_user("editor", login="wang.bianji"))
    url = f"/submissions/{item.id}/revise"
    (form,) = [f for f in forms_of(editor.browser.get(url)) if "note" in f or "version" in f]
    watch.move(hours=13)

    (sign_in,) = forms_of(editor.resend(form, url, title="新标题", body="新正文。", note="压缩"))
    (rest,) = forms_of(editor.resend(sign_in, login="wang.bianji", password=PASSWORD))
    assert editor.resend(rest).status_code == 302

    db.session.refresh(item)
    assert item.title == "新标题" and item.revisions[-1].note == "压缩"


def test_the_script_is_told_and_can_go_on_after_signing_in(writer, unit, watch):
    page = {"X-Requested-With": "autosave"}
    first = writer.browser.submit("/submissions/autosave", typed(unit), headers=page)
    assert first.status_code == 200 and first.json["submission_id"] and first.json["url"].endswith("/edit")
    watch.move(hours=1)

    expired = writer.browser.submit("/submissions/autosave", typed(unit), headers=page)
    assert expired.status_code == 401 and "重新登录" in expired.json["message"]
    writer.sign_in()
    kept = {
        **typed(unit),
        "title": "改过",
        "submission_id": first.json["submission_id"],
        "version": first.json["version"],
    }
    again = writer.browser.submit("/submissions/autosave", kept, headers=page)

    assert again.status_code == 200 and again.json["version"] > first.json["version"]
    assert db.session.scalars(select(Submission.title)).all() == ["改过"]


def test_the_script_is_told_when_somebody_else_was_quicker(writer, unit, make_user, person):
    page = {"X-Requested-With": "autosave"}
    first = writer.browser.submit("/submissions/autosave", typed(unit), headers=page).json
    kept = {**typed(unit), "submission_id": first["submission_id"], "version": first["version"]}
    colleague = person(make_user("informant", unit=unit))
    colleague.browser.submit("/submissions/autosave", {**kept, "title": "同事的标题"}, headers=page)

    told = writer.browser.submit("/submissions/autosave", {**kept, "title": "我的标题"}, headers=page)

    assert told.status_code == 409 and "已被别人修改" in told.json["message"]


def test_a_page_asked_for_comes_after_signing_in(make_user, person, make_submission, app, watch):
    item = make_submission("received")
    editor = person(make_user("editor"))
    watch.move(hours=1)

    refused = editor.browser.get(f"/submissions/{item.id}?from=1")
    (sign_in,) = forms_of(editor.browser.get(refused.location))

    assert (
        editor.resend(sign_in, login=editor.name, password=PASSWORD).location
        == f"/submissions/{item.id}?from=1"
    )


def test_a_reason_is_shown_before_it_is_sent_again(make_submission, make_user, person, watch):
    item = make_submission("editing")
    editor = person(make_user("editor", login="wang.bianji"))
    url = f"/submissions/{item.id}/move"
    watch.move(hours=13)

    refused = editor.browser.submit(url, {"name": "return", "reason": "请补充具体数据。"})
    (sign_in,) = forms_of(refused)
    resume = editor.resend(sign_in, login="wang.bianji", password=PASSWORD)

    assert "理由或附言</label>" in resume.text and 'name="reason" rows="2">\n请补充具体数据。' in resume.text
    assert '<textarea name="name" hidden' in resume.text, "which step it was is nothing to be changed"


def test_an_error_page_shows_what_was_typed(make_user, person):
    editor = person(make_user("editor"))

    refused = editor.browser.submit(
        "/submissions/999/move", {"name": "return", "reason": "请补充<具体>数据。"}
    )
    read = editor.browser.get("/submissions/999")

    assert refused.status_code == 404 and "请补充&lt;具体&gt;数据。</textarea>" in refused.text
    assert "没有保存" in refused.text and "没有保存" not in read.text
