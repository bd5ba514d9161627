"""The way of an issue through the pages: editors compose, issuers sign, readers read; nobody else gets in."""

import re

import pytest

from core.db import db
from core.testing import login
from plugins.journal import board, frames, publishing, services, signing
from plugins.journal.models import JournalIssue


@pytest.fixture
def people(pack, make_user):
    return {
        role: make_user(role)
        for role in ("editor", "issuer", "leader", "informant", "signing_leader", "system_admin")
    }


@pytest.fixture
def visit(app, people):
    """A browser signed in as somebody of the office."""

    def of(role, user=None):
        browser = app.test_client()
        login(browser, user or people[role])
        return browser

    return of


def issue_of(response) -> int:
    return int(re.search(r"/journals/(\d+)", response.location)[1])


def version(issue_id: int) -> int:
    db.session.rollback()
    return db.session.get(JournalIssue, issue_id).version


@pytest.mark.postgres
def test_an_issue_goes_from_the_editor_to_the_readers(visit, make_submission, quick_pages):
    items = [make_submission("editing", title=title) for title in ("示例县启动春耕", "示例县整治村容")]
    ids = [item.id for item in items]
    editor, issuer = visit("editor"), visit("issuer")

    issue_id = issue_of(editor.submit("/journals/new", {"journal": "zwyq"}))
    page = f"/journals/{issue_id}"
    shown = editor.get(f"{page}/compose").text
    assert "示例县启动春耕" in shown and "还没有放入信息" in shown
    for submission_id in ids:
        data = {"submission_id": submission_id, "column": "news"}
        editor.submit(f"{page}/items?text=示例", data)
    item = db.session.get(JournalIssue, issue_id).items[1].id
    editor.submit(f"{page}/items/{item}/move", {"direction": "up"})
    shown = editor.get(f"{page}/compose").text
    assert shown.index("示例县整治村容") < shown.index("示例县启动春耕") and "没有备选信息" in shown
    assert "<strong>2</strong> 条" in shown
    assert "正在排版" in shown and "放入信息后" not in shown, "the pages are on their way"

    assert "待我审签的刊物" in issuer.get("/").text
    editor.submit(f"{page}/send", {"version": version(issue_id)})
    assert f"/journals/{issue_id}" in issuer.get("/journals/desk?state=awaiting").text
    assert "签发后不能再改动" in issuer.get(page).text
    response = issuer.submit(f"{page}/publish", {"version": version(issue_id)}, follow_redirects=True)
    assert "已签发" in response.text and "第1期" in response.text

    for role in ("leader", "informant", "signing_leader", "editor", "issuer"):
        reader = visit(role)
        text = reader.get(page).text
        assert "示例县启动春耕" in text and "一是抓农资供应" in text
        assert ("撤销采用" in text) == (role == "issuer")
        document = db.session.get(JournalIssue, issue_id).document_id
        assert reader.get(f"/documents/{document}.pdf").status_code == 200
        assert "《政务要情》2026年第1期" in reader.get("/journals/").text
    assert "最新：《政务要情》" in visit("leader").get("/").text


def test_whoever_signs_reads_every_item_on_the_same_page(visit, awaiting):
    page = f"/journals/{awaiting('示例县启动春耕', '示例县整治村容').id}"

    signer, editor = visit("issuer").get(page).text, visit("editor").get(page).text

    assert signer.count("一是抓农资供应") == editor.count("一是抓农资供应") == 2
    assert signer.count('<details class="fold" open><summary>全文') == 2, "open for whoever is to sign"
    assert editor.count('<details class="fold"><summary>全文') == 2


def test_the_trail_names_columns_journals_and_issues_in_words(visit, make_user, awaiting, editor):
    issue = awaiting()
    signing.recall(editor, issue.id)
    saved = frames.save_frame(editor, issue.id, "年中专题")
    frames.drop_frame(editor, saved.id)

    trail = visit("", make_user("audit_admin")).get("/audit").text

    assert f"<li>刊期编号：{issue.id}</li><li>栏目：工作动态</li><li>刊物：{issue.label}</li>" in trail
    assert "<li>刊物：《政务要情》</li>" in trail and "zwyq" not in trail and "：news" not in trail


def test_what_is_typed_is_what_the_template_keeps_and_it_can_be_renamed(visit):
    desk = visit("editor")
    issue_id = issue_of(desk.submit("/journals/new", {"journal": "zwyq"}))
    url = f"/journals/{issue_id}/frame"

    said = desk.submit(
        url, {"copies": "88", "was_copies": "120", "template": "年中专题"}, follow_redirects=True
    )
    assert "并存为模板“年中专题”" in said.text
    desk.submit(url, {"copies": "99", "was_copies": "88", "template": "年末专题"})
    one, other = frames.saved(db.session.get(JournalIssue, issue_id).office_id)
    assert (one.content["frame"], other.content["frame"]) == ({"copies": 88}, {"copies": 99})

    taken = desk.submit(
        f"/journals/frames/{one.id}/rename", {"name": "年末专题", "issue": issue_id}, follow_redirects=True
    )
    assert "已有名为“年末专题”的版面模板" in taken.text
    renamed = desk.submit(f"/journals/frames/{one.id}/rename", {"name": "半年专题", "issue": issue_id})
    assert renamed.location == url and ">半年专题<" in desk.get(url).text
    assert desk.submit(f"/journals/frames/{other.id}/delete", {"issue": issue_id}).location == url
    assert ">年末专题<" not in desk.get(url).text
    long = desk.submit(url, {"copies": "70", "was_copies": "99", "template": "长" * 41})
    assert long.status_code == 422 and "40 字以内" in long.text and 'value="70"' in long.text


def test_an_issue_is_sent_back_with_a_reason(visit, awaiting):
    issue_id, issuer, editor = awaiting().id, visit("issuer"), visit("editor")

    issuer.submit(f"/journals/{issue_id}/send-back", {"reason": "标题再核", "version": version(issue_id)})

    assert "标题再核" in editor.get(f"/journals/{issue_id}/compose").text
    assert "标题再核" in editor.get(f"/journals/{issue_id}").text


def test_whoever_composed_an_issue_earlier_is_not_offered_to_sign_it(visit, awaiting, editor, make_user):
    both = make_user("editor", "issuer", name="先编后签")
    issue = awaiting()
    page = f"/journals/{issue.id}"
    browser = visit("", both)
    browser.submit(f"{page}/recall", {"version": version(issue.id)})
    signing.send_for_signature(editor, issue.id)

    shown = browser.get(page).text
    assert "编发人不能签发自己编排过的刊物" in shown and "先编后签" in shown
    assert f'action="{page}/publish"' not in shown
    assert browser.submit(f"{page}/publish", {"version": version(issue.id)}).status_code == 403


def test_an_issue_is_not_signed_unseen(visit, awaiting, editor, make_submission, quick_pages):
    issue, issuer = awaiting(), visit("issuer")
    page, seen = f"/journals/{issue.id}", version(issue.id)
    signing.recall(editor, issue.id)
    services.add_item(editor, issue.id, make_submission("editing", title="后加的一条").id, "news")
    signing.send_for_signature(editor, issue.id)

    for form in ({"version": seen}, {}, {"version": "x"}):
        shown = issuer.submit(f"{page}/publish", form, follow_redirects=True).text
        assert "您打开之后，这一期已被改动" in shown and "后加的一条" in shown and "待签发" in shown


def test_an_item_is_placed_from_its_own_page(visit, make_submission):
    editor, item = visit("editor"), make_submission("received").id
    issue_id = issue_of(editor.submit("/journals/new", {"journal": "zwyq"}))
    assert f'value="{issue_id}:news"' in editor.get(f"/submissions/{item}").text

    editor.submit(f"/journals/place/{item}", {"target": f"{issue_id}:news"})

    assert "编排中" in editor.get(f"/submissions/{item}").text
    assert "编排中" not in visit("informant").get(f"/submissions/{item}").text


def test_a_withdrawn_adoption_is_shown_to_every_reader(visit, awaiting, issuer, quick_pages):
    issue = publishing.publish(issuer, awaiting("示例县启动春耕").id)
    issue_id, item_id, document_id = issue.id, issue.items[0].id, issue.document_id

    visit("issuer").submit(f"/journals/{issue_id}/items/{item_id}/withdraw", {"reason": "数据有误"})

    reader = visit("leader")
    assert (
        "部分信息已撤销采用" in reader.get(f"/journals/{issue_id}").text
        and "数据有误" in reader.get(f"/journals/{issue_id}").text
    )
    assert reader.get(f"/documents/{document_id}.pdf").status_code == 200
    assert "恢复采用" not in reader.get(f"/journals/{issue_id}").text
    desk, page = visit("issuer"), f"/journals/{issue_id}"
    assert "恢复采用" in desk.get(page).text
    desk.submit(f"{page}/items/{item_id}/restore", {"reason": "误撤"})
    assert "部分信息已撤销采用" not in reader.get(page).text


def test_readers_see_no_draft_and_other_offices_nothing(
    visit, awaiting, editor, issuer, make_office, make_user, quick_pages
):
    draft, published = awaiting("待签的一期").id, publishing.publish(issuer, awaiting("已签的一期").id).id

    for role in ("leader", "informant", "signing_leader"):
        reader = visit(role)
        assert reader.get(f"/journals/{draft}").status_code == 404
        assert "（稿号" not in reader.get("/journals/?state=awaiting&state=draft").text
        for path in ("desk", "new", f"{draft}/compose", f"{draft}/proof", f"{draft}/proof.pdf"):
            assert reader.get(f"/journals/{path}").status_code == 403
        assert reader.submit(f"/journals/{draft}/publish").status_code == 403
    for role in ("editor", "issuer", "leader"):
        stranger = visit(role, make_user(role, office=make_office()))
        for issue_id in (draft, published):
            assert stranger.get(f"/journals/{issue_id}").status_code == 404
            step = {"editor": "send", "issuer": "publish"}.get(role)
            assert not step or stranger.submit(f"/journals/{issue_id}/{step}").status_code == 404
        assert "政务要情" not in stranger.get("/journals/").text
    assert visit("system_admin").get("/journals/").status_code == 403
    assert visit("editor").submit(f"/journals/{draft}/publish").status_code == 403


def test_a_proof_is_shown_as_pictures_and_pdf(visit, awaiting, real_pages):
    issue_id, issuer = awaiting().id, visit("issuer")

    shown = issuer.get(f"/journals/{issue_id}/proof")
    picture = issuer.get(f"/journals/{issue_id}/proof/1.png")

    assert "共 1 页" in shown.text or "共 2 页" in shown.text
    assert picture.data.startswith(b"\x89PNG") and issuer.get(
        f"/journals/{issue_id}/proof.pdf"
    ).data.startswith(b"%PDF")
    assert issuer.get(f"/journals/{issue_id}/proof/99.png").status_code == 404


def test_lists_are_filtered_by_journal_year_and_state(visit, awaiting, issuer, quick_pages, watch):
    publishing.publish(issuer, awaiting("一").id)
    publishing.publish(issuer, awaiting("二", journal="zwkx").id)
    awaiting("三")
    editor = visit("editor")

    assert "《政务快讯》2026年第1期" not in editor.get("/journals/?journal=zwyq").text
    assert "《政务要情》2026年第1期" in editor.get("/journals/?year=2026").text
    assert "2026年第1期" not in editor.get("/journals/?year=2025").text
    assert "《政务要情》新一期" in editor.get("/journals/desk?state=awaiting").text


def test_nonsense_in_addresses_and_forms_is_refused_calmly(visit, awaiting):
    editor = visit("editor")
    issue_id = awaiting().id

    assert editor.get("/journals/999").status_code == 404
    assert editor.get("/journals/?page=x&year=x&state=x&journal=%F0%A0%AE%B7").status_code == 200
    assert editor.submit("/journals/new", {"journal": "nowhere"}).status_code == 422
    assert editor.submit(
        f"/journals/{issue_id}/items", {"submission_id": "x", "column": "𠮷"}
    ).status_code in (302, 404)
    assert editor.submit("/journals/place/1", {"target": "<script>:x"}).status_code == 404
    assert editor.post(f"/journals/{issue_id}/send").status_code == 400


def test_what_is_kept_for_the_next_issue_is_not_called_left_by_the_last(
    visit, editor, make_submission, watch
):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("editing")
    placed = services.add_item(editor, issue.id, item.id, "news")
    watch.move(minutes=5)
    board.take_out(editor, issue.id, placed.id, carry=True)
    watch.move(minutes=5)
    later = services.create_issue(editor, "zwyq")
    browser = visit("editor")

    here, there = (browser.get(f"/journals/{one.id}/compose").text for one in (issue, later))

    assert "留待下期</span>" in here and "上期留下" not in here
    assert "上期留下 1 条" in there and "上期留下</span>" in there


def test_what_the_last_issue_left_comes_first_among_the_candidates(visit, editor, make_submission, watch):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("editing")
    placed = services.add_item(editor, issue.id, item.id, "news")
    watch.move(minutes=5)
    board.take_out(editor, issue.id, placed.id, carry=True)
    for _ in range(14):  # more than stand on one page, all newer
        watch.move(minutes=5)
        make_submission("editing")
    later = services.create_issue(editor, "zwyq")
    browser = visit("editor")

    here, there = (browser.get(f"/journals/{one.id}/compose").text for one in (issue, later))

    def order(page):
        return re.findall(r'id="candidate-(\d+)"', page)

    assert order(there)[0] == str(item.id) and "上期留下 1 条，排在最前" in there
    assert str(item.id) not in order(here)
    assert len(order(there)) == len(set(order(there))) == 12


def test_a_candidate_of_several_units_says_so(visit, editor, make_submission, make_unit):
    issue = services.create_issue(editor, "zwyq")
    item = make_submission("editing", title="两地联合报送", joint=(make_unit("邻县"),))

    page = visit("editor").get(f"/journals/{issue.id}/compose").text

    assert "等 2 个单位" in page.split(f'id="candidate-{item.id}"')[1].split("</li>")[0]
