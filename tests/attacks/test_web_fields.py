"""Fields nobody offered, numbers nobody has, things of others by their id: refused, and never an error of ours."""

import io

import pytest
from sqlalchemy import select

from core.accounts.models import RoleAssignment, User
from core.db import db
from core.submissions import attachments
from core.submissions.models import Submission
from core.testing import BLANK_PDF, login

ODD = ["abc", "-1", "1.5", "²", "１", str(2**31), str(2**63), "9" * 400, "\x00", "1 OR 1=1"]


@pytest.fixture
def informant(client, make_user, unit):
    """The informant of the unit, signed in."""
    return login(client, make_user("informant", unit=unit))


@pytest.fixture
def text(unit):
    """A complete form for an item."""
    return {
        "unit_id": unit.id,
        "genre": "brief",
        "urgency": "normal",
        "title": "标题",
        "body": "正文。",
        "authors": "张三",
    }


def saved(client, answer):
    assert answer.status_code == 302, answer.text
    db.session.rollback()
    return db.session.scalars(select(Submission).order_by(Submission.id.desc())).first()


# ---- fields nobody offered ------------------------------------------------------------------------------------------


def test_fields_beyond_the_form_change_nothing(client, informant, text, make_office, unit):
    extra = {
        "state": "adopted", "office_id": make_office().id, "author_id": 99, "editor_id": informant.id, "points": "100",
        "received_at": "2020-01-01", "sort_at": "2020-01-01", "created_at": "2020-01-01", "id": 777, "characters": 1, "pinyin": "a",
    }  # fmt: skip

    item = saved(client, client.submit("/submissions/new", {**text, **extra}))
    client.submit(f"/submissions/{item.id}/edit", {**text, **extra, "version": item.version})

    db.session.refresh(item)
    assert (item.state, item.office_id, item.author_id, item.editor_id) == (
        "draft",
        unit.office_id,
        informant.id,
        None,
    )
    assert (item.id, item.characters, item.created_at.year) != (777, 1, 2020)


def test_an_item_cannot_be_written_for_another_unit(client, informant, text, make_unit, make_office):
    for other in (make_unit(), make_unit(office=make_office())):
        for url in ("/submissions/new", "/submissions/autosave"):
            answer = client.submit(url, {**text, "unit_id": other.id})
            assert answer.status_code == 422
    assert db.session.scalar(select(Submission)) is None


def test_a_unit_of_another_office_cannot_be_named_as_joint(client, informant, text, make_unit, make_office):
    answer = client.submit(
        "/submissions/new", {**text, "joint_unit_ids": [make_unit(office=make_office()).id]}
    )

    assert answer.status_code == 422 and "正文。" in answer.text
    assert db.session.scalar(select(Submission)) is None


def test_an_account_form_gives_no_roles_no_password_and_no_other_office(client, make_user, make_office):
    login(client, make_user("system_admin"))
    extra = {"role": "security_admin", "roles": "editor", "office_id": make_office().id, "password_hash": "x", "must_change": "",
             "password": "Known-2026-pass", "is_admin": "1"}  # fmt: skip

    answer = client.submit("/users/new", {"login": "new.clerk", "name": "新人", **extra})

    user = db.session.scalar(select(User).where(User.login == "new.clerk"))
    assert answer.status_code == 200 and "一次性密码" in answer.text
    assert (user.roles, user.must_change, user.office_id) == ([], True, 1)
    assert user.password_hash != "x"


def test_a_user_cannot_be_renamed_into_another_login(client, make_user):
    login(client, make_user("system_admin"))
    user = make_user("editor", login="zhang.san")

    client.submit(
        f"/users/{user.id}", {"login": "root", "name": "张三", "version": user.version, "office_id": 9}
    )

    db.session.refresh(user)
    assert (user.login, user.office_id, user.name) == ("zhang.san", 1, "张三")


def test_a_role_is_given_in_ones_own_office_only(client, make_user, make_unit, make_office):
    login(client, make_user("security_admin"))
    user, stranger = make_user("editor"), make_unit(office=make_office())

    answers = [
        client.submit(f"/users/{user.id}/roles", {"role": "informant", "unit_id": stranger.id}),
        client.submit(
            f"/users/{user.id}/roles",
            {"role": "issuer", "office_id": stranger.office_id, "unit_id": stranger.id},
        ),
        client.submit(f"/users/{user.id}/roles", {"role": "informant"}),
        client.submit(f"/users/{user.id}/roles", {"role": "emperor"}),
    ]

    assert [a.status_code for a in answers] == [400] * 4
    assert {
        r.role for r in db.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == user.id))
    } == {"editor"}


# ---- things of others -----------------------------------------------------------------------------------------------


def test_drafts_and_files_of_another_unit_are_not_there(client, informant, make_unit, make_submission, staff):
    other = make_unit()
    item = make_submission("draft", unit=other)
    file = attachments.attach(staff("informant", other), item.id, "a.pdf", BLANK_PDF)
    mine = make_submission("draft")

    for url in (
        f"/submissions/{item.id}", f"/submissions/{item.id}/edit", f"/submissions/{item.id}/attachments/{file.id}",
        f"/submissions/{mine.id}/attachments/{file.id}", "/submissions/99999",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
    upload = {"files": (io.BytesIO(BLANK_PDF), "a.pdf")}
    sent = client.submit(f"/submissions/{item.id}/attachments", upload, content_type="multipart/form-data")
    assert sent.status_code == 404
    for step in ("send", "discard", "edit", f"attachments/{file.id}/delete", "move"):
        answer = client.submit(f"/submissions/{item.id}/{step}", {"name": "withdraw", "reason": "x"})
        assert answer.status_code == 404, step
    assert client.submit(f"/submissions/{mine.id}/attachments/{file.id}/delete").status_code == 404
    assert client.submit(
        "/submissions/autosave", {"submission_id": item.id, "unit_id": mine.unit_id}
    ).status_code in (404, 422)
    db.session.rollback()
    assert (item.state, len(item.attachments)) == ("draft", 1)


def test_an_answer_never_tells_whether_a_foreign_thing_exists(client, informant, make_unit, make_submission):
    item = make_submission("draft", unit=make_unit())

    there, nowhere = client.get(f"/submissions/{item.id}"), client.get("/submissions/99999")

    assert there.text.replace(client.token(), "") == nowhere.text.replace(client.token(), "")


def test_a_download_is_saved_and_never_shown_as_a_page_of_ours(
    client, informant, make_submission, staff, unit
):
    item = make_submission()
    html = "<script>alert(1)</script>".encode()
    file = attachments.attach(staff("informant", unit), item.id, '"><script>.txt', html)

    answer = client.get(f"/submissions/{item.id}/attachments/{file.id}")

    assert answer.mimetype == "application/octet-stream" and answer.data == html
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in answer.headers["Content-Disposition"]


# ---- numbers nobody has ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_are_a_clear_answer_everywhere(
    client, make_user, unit, make_submission, make_pack, office, odd, watch
):
    make_pack(office)
    login(client, make_user("informant", "signing_leader", "editor", "issuer", "system_admin", unit=unit))
    item = make_submission("received")
    draft = make_submission("draft")
    queries = [
        f"/submissions/?{name}={{}}"
        for name in ("page", "unit", "state", "genre", "since", "until", "sort", "dir", "editor")
    ]
    queries += ["/units?group={}", "/units?page={}&kind={}", "/users?page={}&role={}", "/periods?year={}", "/ranking?period={}",
                "/documents/?page={}&kind={}", "/submissions/%d?from={}&to={}" % item.id]  # fmt: skip
    addresses = ["/submissions/{}", "/units/{}", "/users/{}", "/packs/{}", "/documents/{}", "/documents/{}.pdf", "/documents/1/{}.png",
                 "/ranking/2026-02/{}", "/ranking/{}/1", "/periods/{}/proof"]  # fmt: skip
    forms = {
        "/submissions/new": ("unit_id", "joint_unit_ids", "genre", "version", "submission_id"),
        "/submissions/autosave": ("unit_id", "version", "submission_id", "joint_unit_ids"),
        f"/submissions/{draft.id}/edit": ("unit_id", "version", "submission_id"),
        f"/submissions/{draft.id}/send": ("version",),
        f"/submissions/{item.id}/revise": ("version",),
        f"/submissions/{item.id}/move": ("name",),
        f"/units/{unit.id}": ("version", "parent_id", "host_id", "sort_no", "kind", "valid_from"),
        "/users/new": ("expires_on", "version"),
        "/users/1/roles": ("unit_id", "role"),
        "/packs/1/activate": ("starts_on",),
    }
    quoted = "".join(f"%{byte:02x}" for byte in odd.encode())

    answers = [(url, client.get(url.replace("{}", quoted))) for url in (*queries, *addresses)]
    for url, names in forms.items():
        for name in names:
            answers.append(
                (f"{url} {name}", client.submit(url, {"title": "t", "body": "b", "name": "n", name: odd}))
            )

    assert {what: a.status_code for what, a in answers if a.status_code >= 500} == {}


@pytest.mark.parametrize("step", ["new", "autosave", "edit", "revise", "move", "send"])
def test_an_empty_form_is_a_clear_answer(client, make_user, unit, make_submission, step):
    login(client, make_user("informant", "editor", unit=unit))
    item = make_submission("received" if step == "revise" else "draft")
    url = f"/submissions/{step}" if step in ("new", "autosave") else f"/submissions/{item.id}/{step}"

    answer = client.submit(url)

    assert answer.status_code in (302, 422), answer.text
    assert "Not a valid" not in answer.text and "required" not in answer.text.replace(
        'class="required"', ""
    ).replace(" required", "")


# ---- the same button twice ------------------------------------------------------------------------------------------


def test_a_new_item_sent_twice_is_one_item(client, informant, text, watch):
    for _ in range(2):
        answer = client.submit("/submissions/new", {**text, "step": "send"})
        assert answer.status_code == 302
    assert len(db.session.scalars(select(Submission)).all()) == 1

    watch.move(minutes=2)
    client.submit("/submissions/new", {**text, "step": "send"})
    assert len(db.session.scalars(select(Submission)).all()) == 2


@pytest.mark.parametrize(
    ("state", "role", "step", "data"),
    [
        ("draft", "informant", "send", {}),
        ("awaiting", "signing_leader", "sign", {}),
        ("received", "editor", "move", {"name": "take"}),
        ("received", "editor", "move", {"name": "return", "reason": "核实"}),
        ("draft", "informant", "discard", {}),
    ],
)
def test_a_step_taken_twice_is_told_and_done_once(
    client, make_user, make_submission, unit, state, role, step, data
):
    login(client, make_user(role, unit=unit))
    item = make_submission(state)
    url = f"/submissions/{item.id}/{step}"
    data = {**data, "version": item.version}

    first, second = client.submit(url, data), client.submit(url, data)

    assert first.status_code == 302
    told = client.get(second.location).text if second.status_code == 302 else second.text
    assert second.status_code in (302, 404, 409) and (
        "不能" in told or "没有这条信息" in told or "没有这个" in told
    )


def test_a_draft_that_cannot_be_sent_yet_is_kept_once_and_says_why(client, informant, text):
    answer = client.submit("/submissions/new", {**text, "body": "", "step": "send"})
    page = client.get(answer.location)

    assert answer.location.endswith("/edit")
    assert (
        "内容已保存为草稿，但没有送审" in page.text and "正文还没有填写" in page.text and "标题" in page.text
    )
    again = client.submit(answer.location, {**text, "version": 1, "step": "send"})
    assert again.status_code == 302
    assert len(db.session.scalars(select(Submission)).all()) == 1


def test_a_file_that_is_refused_does_not_cost_the_text(client, informant, text):
    answer = client.submit(
        "/submissions/new",
        {**text, "files": (io.BytesIO(b"MZ\x90"), "a.pdf")},
        content_type="multipart/form-data",
    )
    page = client.get(answer.location)

    assert "附件没有上传" in page.text and "与扩展名不符" in page.text and "正文。" in page.text


def test_whoever_was_overtaken_keeps_the_text_and_cannot_overwrite_by_pressing_again(
    client, informant, text, make_submission
):
    item = make_submission("draft")
    opened = item.version
    client.submit(f"/submissions/{item.id}/edit", {**text, "title": "同事的标题", "version": opened})

    for _ in range(2):
        answer = client.submit(
            f"/submissions/{item.id}/edit", {**text, "title": "我的标题", "version": opened}
        )
        assert answer.status_code == 422
        assert (
            "已被别人修改" in answer.text
            and "我的标题" in answer.text
            and f'name="version" value="{opened}"' in answer.text
        )
    db.session.refresh(item)
    assert item.title == "同事的标题"


def test_too_much_at_once_is_a_clear_answer(make_app):
    client = make_app(UPLOAD_MB=1).test_client()

    answer = client.post(
        "/login", data=b"x" * 4 * 1024 * 1024, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413 and "提交的内容过大" in answer.text


def test_how_much_may_be_sent_at_once_is_said(make_app):
    client = make_app(UPLOAD_MB=3).test_client()
    form = "application/x-www-form-urlencoded"

    whole = client.post("/login", data=b"x" * 6 * 1024 * 1024, content_type=form).text
    long = b"x" * (4 * 1024 * 1024 + 1)
    parts = b'--y\r\nContent-Disposition: form-data; name="title"\r\n\r\n%b\r\n--y--\r\n' % long
    text = client.post("/login", data=parts, content_type="multipart/form-data; boundary=y").text

    assert "一次最多提交 5 兆字节，附件和文字合计" in whole
    assert "文字部分一次最多提交 4 兆字节" in text
