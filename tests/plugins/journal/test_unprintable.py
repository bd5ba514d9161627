"""What no page can show is said while an issue is composed, keeps it from being sent, and is no fault at the signature."""

import pytest

from core.accounts.models import User
from core.db import db
from core.errors import Conflict, InvalidInput
from core.submissions.text import from_html
from core.testing import login
from plugins.journal import contents, publishing, services, signing
from plugins.journal.models import JournalIssue

BROAD = [str(n * 1000 + 0.5) for n in range(20)]


def body(text: str):
    cells = "".join(f"<td>{number}</td>" for number in BROAD)
    return {
        "character": from_html("<p>负责人😀已到岗。</p>"),
        "accents": from_html("<p>负责人a" + "\u0301" * 9 + "已到岗。</p>"),
        "table": from_html(
            f"<p>得分如下。</p><table><tr><td>甲县</td></tr></table><table><tr>{cells}</tr></table>"
        ),
    }[text]


def resealed(item, **changes):
    """An item sent with such a text before such texts were refused."""
    for name, value in changes.items():
        setattr(item.submission, name, value)
    db.session.flush()
    item.sealed = contents.printed(item).digest
    db.session.commit()


SAID = {
    "character": ("所有字体都没有“😀”（U+1F600，见“负责人😀已到岗。”）",),
    "accents": ("“á”上叠了 9 个附加符号，最多 2 个", "负责人á已到岗"),
    "table": ("正文第 2 个表格：表格有 20 列，用最小的字也排不下",),
}


def signed_in(app, actor):
    browser = app.test_client()
    login(browser, db.session.get_one(User, actor.id))
    return browser


@pytest.fixture
def drafted(editor, make_submission):
    """Make a draft with an item of a text."""

    def make(kind: str) -> JournalIssue:
        issue = services.create_issue(editor, "zwyq")
        item = make_submission("editing", title="示例县启动春耕")
        item.body = body(kind)
        db.session.commit()
        services.add_item(editor, issue.id, item.id, "news")
        return issue

    return make


@pytest.mark.parametrize("kind", SAID)
def test_the_board_and_the_page_of_an_issue_name_the_item(app, editor, drafted, kind):
    issue = drafted(kind)
    browser = signed_in(app, editor)

    for address in (f"/journals/{issue.id}/compose", f"/journals/{issue.id}"):
        shown = browser.get(address).text
        assert "《示例县启动春耕》不能印发：" in shown
        assert [words for words in SAID[kind] if words not in shown] == []


@pytest.mark.parametrize("kind", SAID)
def test_such_an_issue_is_not_sent(editor, drafted, kind):
    issue = drafted(kind)

    with pytest.raises(InvalidInput, match="还不能送签。《示例县启动春耕》不能印发：") as refused:
        signing.send_for_signature(editor, issue.id)

    assert [words for words in SAID[kind] if words not in str(refused.value)] == []


def test_the_note_of_an_issue_is_looked_at_too(editor, drafted, awaiting):
    issue = awaiting()
    signing.recall(editor, issue.id)
    issue.note = "按语😀"
    db.session.commit()

    with pytest.raises(InvalidInput, match="卷首的编者按不能印发：所有字体都没有“😀”"):
        signing.send_for_signature(editor, issue.id)


def test_a_text_that_became_unprintable_is_refused_at_the_signature(issuer, awaiting):
    issue = awaiting()
    resealed(issue.items[0], body=body("character"))

    with pytest.raises(Conflict, match="这一期不能签发。《示例县启动春耕》不能印发"):
        publishing.publish(issuer, issue.id, issue.version)


def test_pages_that_cannot_be_made_are_an_ordinary_refusal_for_the_issuer(app, issuer, awaiting):
    issue = awaiting()
    resealed(issue.items[0], title="政务信息工作" * 200)
    browser = signed_in(app, issuer)

    answer = browser.submit(f"/journals/{issue.id}/publish", {"version": issue.version})

    assert answer.status_code == 302
    shown = browser.get(answer.location)
    assert "标题过长" in shown.text and "系统出错" not in shown.text
    db.session.expire_all()
    assert db.session.get(JournalIssue, issue.id).state == "awaiting"


def test_the_proof_of_a_table_without_room_says_what_to_mend(app, editor, drafted):
    issue = drafted("table")
    browser = signed_in(app, editor)

    page = browser.get(f"/journals/{issue.id}/proof", follow_redirects=True).text
    pdf = browser.get(f"/journals/{issue.id}/proof.pdf")

    assert "正文第 2 个表格：表格有 20 列" in page and "《示例县启动春耕》不能印发" in page
    assert pdf.status_code == 422 and "正文第 2 个表格" in pdf.text
