"""Pages of what comes after publication: withdrawal and its reversal, correction, later approval."""

import re

import pytest

from core.accounts.models import User
from core.db import db, transaction
from core.testing import actor_of, login
from plugins.journal import after, publishing, services, signing
from plugins.journal.models import JournalIssue
from plugins.journal.signing import Signature


@pytest.fixture
def people(pack, make_user):
    roles = ("editor", "issuer", "leader", "informant")
    return {role: make_user(role) for role in roles} | {
        "chief": make_user("editor", "issuer", name="值班主任")
    }


@pytest.fixture
def visit(app, people):
    """A browser signed in as somebody of the office."""

    def of(who):
        browser = app.test_client()
        login(browser, people[who])
        return browser

    return of


@pytest.fixture
def published(issuer, awaiting, quick_pages):
    return publishing.publish(issuer, awaiting("示例县启动春耕").id)


@pytest.fixture
def forced(people, make_submission, quick_pages):
    """An issue that one person composed and published in a hurry."""
    chief = actor_of(people["chief"])
    issue = services.create_issue(chief, "zwyq")
    services.add_item(chief, issue.id, make_submission("editing").id, "news")
    signing.send_for_signature(chief, issue.id)
    return publishing.publish(chief, issue.id, None, Signature(forced="汛情紧急"))


def fresh(issue) -> JournalIssue:
    db.session.rollback()
    return db.session.get(JournalIssue, issue.id)


def form_of(browser, issue, step):
    """What the form of a step on the page of an issue already holds; fails when the page has no such form."""
    page = browser.get(f"/journals/{issue.id}").text
    form = re.search(rf'<form method="post" action="/journals/{issue.id}/{step}".*?</form>', page, re.S)[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\d+)"', form))


@pytest.mark.postgres
def test_an_issue_is_withdrawn_and_restored_and_every_reader_sees_it(visit, published):
    issuer, leader, page = visit("issuer"), visit("leader"), f"/journals/{published.id}"

    given = form_of(issuer, published, "withdraw") | {"reason": "数据有误"}
    answer = issuer.submit(f"{page}/withdraw", given, follow_redirects=True).text

    assert "已撤回这一期，并告知读者" in answer
    seen = leader.get(page).text
    assert "已撤回" in seen and "数据有误" in seen and "数据有误" in leader.get("/journals/").text
    given = form_of(issuer, published, "restore") | {"reason": "核对无误"}
    assert "已恢复这一期" in issuer.submit(f"{page}/restore", given, follow_redirects=True).text
    assert "数据有误" not in leader.get(page).text and fresh(published).standing == "valid"


def test_a_withdrawal_without_a_reason_or_from_an_old_page_is_refused(visit, published):
    issuer, page = visit("issuer"), f"/journals/{published.id}"
    given = form_of(issuer, published, "withdraw")

    empty = issuer.submit(f"{page}/withdraw", given | {"reason": "  "}, follow_redirects=True).text
    old = issuer.submit(f"{page}/withdraw", {"version": 1, "reason": "有误"}, follow_redirects=True).text

    assert "须说明理由" in empty
    assert "已被改动" in old and fresh(published).standing == "valid"


def test_a_correction_goes_from_its_draft_to_the_readers(visit, published):
    editor, issuer, leader = visit("editor"), visit("issuer"), visit("leader")
    form_of(editor, published, "correct")

    begun = editor.submit(f"/journals/{published.id}/correct", {"reason": "面积有误"})
    draft = db.session.get(JournalIssue, int(begun.location.rsplit("/", 1)[1]))
    text = f"/journals/{draft.id}/items/{draft.items[0].id}/text"
    assert "原期印发的文字" in editor.get(text).text
    seen = re.search(r'name="seen" value="(\d+)"', editor.get(text).text)[1]
    assert editor.submit(text, {"title": "", "body": "改", "seen": seen}).status_code == 422
    editor.submit(text, {"title": "示例县全面启动春耕", "body": "一是抓农资供应。", "seen": seen})
    editor.submit(f"/journals/{draft.id}/send", {"version": fresh(draft).version})
    issuer.submit(f"/journals/{draft.id}/publish", {"version": fresh(draft).version})

    assert (fresh(draft).state, fresh(published).standing) == ("published", "corrected")
    old, new = leader.get(f"/journals/{published.id}").text, leader.get(f"/journals/{draft.id}").text
    assert f"/journals/{draft.id}" in old and "面积有误" in old
    assert "示例县全面启动春耕" in new and "更正" in new


def test_what_was_published_in_a_hurry_is_approved_by_another_on_its_page(visit, forced):
    page = f"/journals/{forced.id}"
    assert "先签发、待补审批" in visit("chief").get(page).text
    assert f"{page}/approve-later" not in visit("chief").get(page).text
    issuer = visit("issuer")
    given = form_of(issuer, forced, "approve-later")

    silent = issuer.submit(
        f"{page}/approve-later", given | {"decision": "refuse"}, follow_redirects=True
    ).text
    assert "理由" in silent and fresh(forced).forced == "pending"
    agreed = issuer.submit(f"{page}/approve-later", given | {"decision": "agree"}, follow_redirects=True).text

    assert "已补审批" in agreed and "待补审批" not in issuer.get(page).text
    assert fresh(forced).forced == "approved"


def test_the_page_says_who_refused_it_when_and_why(visit, forced, issuer):
    after.decide(issuer, forced.id, False, "数据没有核实")

    page = visit("chief").get(f"/journals/{forced.id}").text

    name = db.session.get(User, issuer.id).name
    assert "先行签发（编排人自行签发）。理由：汛情紧急" in page
    assert re.search(rf"{name}于 2026[^<]* 补审批不同意。理由：数据没有核实", page)


def test_a_refused_issue_stands_on_the_home_page_of_whoever_composed_it(visit, people, forced, issuer):
    after.decide(issuer, forced.id, False, "数据没有核实")
    with transaction():
        forced.hands[0].user_id = people["editor"].id
    card = "补审批未通过的刊物"

    assert card in visit("editor").get("/").text
    listed = visit("editor").get("/journals/?mark=refused&mine=1").text
    assert f"/journals/{forced.id}" in listed
    assert card in visit("issuer").get("/").text
    with transaction():
        forced.hands[0].user_id = people["chief"].id
    assert card not in visit("editor").get("/").text
    assert f"/journals/{forced.id}" not in visit("editor").get("/journals/?mark=refused&mine=1").text
    assert card not in visit("leader").get("/").text


@pytest.mark.parametrize("who", ["leader", "informant", "editor"])
def test_nobody_else_withdraws_or_approves(visit, forced, who):
    page, given = f"/journals/{forced.id}", {"version": forced.version, "reason": "有误", "decision": "agree"}

    for step in ("withdraw", "restore", "approve-later"):
        assert visit(who).submit(f"{page}/{step}", given).status_code == 403
    assert (fresh(forced).standing, fresh(forced).forced) == ("valid", "pending")
