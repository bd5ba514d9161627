"""Not to be told again: of a remark on a passage, for the side that decided, or of a phrase in all texts of an office."""

import pytest
from flask import current_app
from sqlalchemy import func, select

from core.audit import AuditRecord
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.submissions import checking
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import actor_of, login
from plugins.proofreading import remarks, services
from plugins.proofreading.models import Dismissal, QuietPhrase

TITLE = "全市清理僵尸帐号"
FIRST, SECOND = "全市清理帐号210个。", "各县区每周通报一次，，及时整改。"
KEY = "confusions:帐号"


@pytest.fixture
def item(make_submission):
    return make_submission("received", title="全市开展清理", body=FIRST + SECOND)


@pytest.fixture
def editor(make_user):
    return actor_of(make_user("editor"))


def found_by(actor, item):
    """The remarks as a page shows them."""
    with current_app.test_request_context():
        return remarks.remarks(actor, checking.text_of(actor, item))


def told(actor, item):
    """What is told and what is settled, as words."""
    found = found_by(actor, item)
    return [each.text for each in found if not each.settled], [each.settled for each in found if each.settled]


def test_a_dismissed_remark_is_kept_apart_with_who_and_when(editor, item):
    services.dismiss(editor, item.id, KEY)

    texts, settled = told(editor, item)
    assert not any("帐号" in text for text in texts)
    assert len(texts) == 1
    assert settled == [f"{editor.name}，{settled[0].split('，')[1]}"]
    assert (
        db.session.scalar(select(func.count(AuditRecord.id)).where(AuditRecord.action == "核查提示不再提示"))
        == 1
    )


def test_it_stays_away_when_the_text_changes_elsewhere(editor, item):
    services.dismiss(editor, item.id, KEY)
    submissions.revise(
        editor, item.id, item.version, "题目改过", from_plain("新的一段。\n" + FIRST + "后一句也改了。")
    )

    assert told(editor, item)[0] == []


def test_it_returns_when_its_own_passage_changes(editor, item):
    services.dismiss(editor, item.id, KEY)
    submissions.revise(editor, item.id, item.version, item.title, from_plain("全市清理帐号310个。"))

    assert any("帐号" in text for text in told(editor, item)[0])


def test_another_place_with_the_same_slip_is_told_of(editor, item):
    services.dismiss(editor, item.id, KEY)
    submissions.revise(editor, item.id, item.version, item.title, from_plain(FIRST + "另设帐号30个。"))

    texts, settled = told(editor, item)
    assert len(texts) == len(settled) == 1
    assert "共" not in texts[0]


def test_it_can_be_taken_back(editor, item):
    before = told(editor, item)
    services.dismiss(editor, item.id, KEY)
    services.dismiss(editor, item.id, KEY)

    services.restore(editor, item.id, KEY)

    assert told(editor, item) == before
    assert not db.session.scalar(select(func.count(Dismissal.id)))


def test_what_the_unit_settles_is_still_told_to_the_office_with_a_note(make_user, editor, make_submission):
    informant = actor_of(make_user("informant"))
    item = make_submission("draft", title="全市开展清理", body=FIRST)
    services.dismiss(informant, item.id, KEY)
    own = told(informant, item)
    item.state = "received"
    db.session.commit()

    found = found_by(editor, item)

    assert own[0] == []
    assert [each.settled for each in found] == [""]
    assert found[0].note.startswith(f"报送单位已看过：{informant.name}，")


def test_only_who_mends_the_text_decides(make_user, make_unit, make_office, item):
    with pytest.raises(NotFound):
        services.dismiss(actor_of(make_user("informant", unit=make_unit("外单位"))), item.id, KEY)
    with pytest.raises(Conflict, match="不能处理"):
        services.dismiss(actor_of(make_user("informant")), item.id, KEY)
    # Somebody who may read it, and no more.
    with pytest.raises(PermissionDenied):
        services.dismiss(actor_of(make_user("issuer")), item.id, KEY)


def test_a_remark_that_is_gone_says_so(editor, item):
    with pytest.raises(Conflict, match="没有这条提示"):
        services.dismiss(editor, item.id, "confusions:别的")


def test_a_phrase_is_quiet_in_all_texts_of_the_office_and_no_other(
    editor, item, make_submission, make_office, make_unit, make_user
):
    other = make_submission("received", title="全市清理旧帐号", body="各县区清理帐号。")
    far = make_office("linshi")
    abroad = make_submission("received", unit=make_unit("邻市某局", office=far), title="邻市清理", body=FIRST)
    phrase = services.dismiss_phrase(editor, item.id, KEY)

    assert told(editor, other)[0] == []
    assert all(text.startswith("本机构不再提示") for text in told(editor, other)[1])
    neighbour = actor_of(make_user("editor", office=far))
    assert any("帐号" in text for text in told(neighbour, abroad)[0])
    with pytest.raises(NotFound):
        services.restore_phrase(neighbour, phrase.id)
    services.restore_phrase(editor, phrase.id)
    assert any("帐号" in text for text in told(editor, other)[0])


def test_only_words_can_be_quiet_everywhere_and_only_by_the_office(editor, item, make_user, make_submission):
    double = next(
        each for each in remarks.sort(checking.text_of(editor, item)).told if each.rule == "doubled-marks"
    )
    draft = make_submission("draft", title="全市开展清理", body=FIRST)

    with pytest.raises(InvalidInput, match="不能在全机构"):
        services.dismiss_phrase(editor, item.id, double.key)
    with pytest.raises(PermissionDenied):
        services.dismiss_phrase(actor_of(make_user("informant")), draft.id, KEY)


def test_a_draft_with_settled_remarks_can_still_be_deleted(make_user, make_submission):
    informant = actor_of(make_user("informant"))
    draft = make_submission("draft", title="全市开展清理", body=FIRST)
    services.dismiss(informant, draft.id, KEY)

    submissions.discard(informant, draft.id)

    assert not db.session.scalar(select(func.count(Dismissal.id)))


def test_the_pages_work_without_script(make_user, client, item):
    login(client, make_user("editor"))
    page = f"/submissions/{item.id}"

    client.submit(f"/proofreading/items/{item.id}/dismiss", data={"key": KEY})

    html = client.get(page).text
    assert "不再提示的 1 条" in html
    assert "恢复提示" in html
    client.submit(f"/proofreading/items/{item.id}/restore", data={"key": KEY})
    client.submit(f"/proofreading/items/{item.id}/phrase", data={"key": KEY})
    listed = client.get("/proofreading/phrases").text
    assert "帐号" in listed
    number = db.session.scalar(select(QuietPhrase.id))
    client.submit(f"/proofreading/phrases/{number}/restore")
    assert "没有不再提示的用语" in client.get("/proofreading/phrases").text


@pytest.mark.parametrize(("came", "to"), [
    ("http://localhost/desk/?page=2", "/desk/?page=2"),
    ("http://elsewhere.example/desk/", "/submissions/"),
    ("http://localhost//elsewhere.example/", "/submissions/"),
])  # fmt: skip
def test_one_goes_back_to_a_page_of_this_site_only(make_user, client, item, came, to):
    login(client, make_user("editor"))

    answer = client.submit(
        f"/proofreading/items/{item.id}/dismiss", data={"key": KEY}, headers={"Referer": came}
    )

    assert answer.headers["Location"].startswith(to)
