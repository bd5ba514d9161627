"""The desk in a real browser: by keyboard, with a second editor, with kept filters, many items at once, and undoing."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.accounts.models import RoleAssignment, User
from core.db import db, transaction
from core.submissions import leases, services
from core.submissions.models import Submission
from core.submissions.services import Draft
from core.submissions.text import from_plain
from core.testing import actor_of
from plugins.newsdesk import phrases
from tests.browser.conftest import WIDE, boxes
from tests.city import PASSWORD, logins

pytestmark = pytest.mark.browser
TITLES = [f"编辑台检查用的第{n}条信息" for n in "一二三"]


@pytest.fixture
def waiting(city):
    """Three fresh items of one unit; afterwards they are out of everybody's way."""
    with city.app_context():
        of = {role: _actor(login) for role, login in logins(city).items()}
        unit = next(iter(of["informant"].unit_ids))
        body, ids = from_plain("全县备足化肥三万吨，组织农技人员进村入户。"), []
        for title in TITLES:
            item = services.create(of["informant"], Draft(unit, "brief", title, body))
            services.send(of["informant"], item.id, item.version)
            services.sign(of["signing_leader"], item.id, item.version)
            ids.append(item.id)
        yield ids
        with transaction():
            for number in ids:
                item = db.session.get(Submission, number, populate_existing=True)
                leases.end(item)
                item.state = "unused"


def _actor(login):
    return actor_of(db.session.scalars(select(User).where(User.login == login)).one())


@pytest.fixture
def second(city, chromium, site):
    """A page of another editor of the same office, signed in."""
    with city.app_context():
        known = logins(city)["editor"]
        first = db.session.scalars(select(User).where(User.login == known)).one()
        query = select(User).join(RoleAssignment).where(RoleAssignment.role == "editor", User.id != first.id)
        other = db.session.scalars(query.where(User.office_id == first.office_id)).first()
        with transaction():
            fresh = db.session.get(User, other.id)
            fresh.password_hash, fresh.must_change = db.session.get(User, first.id).password_hash, False
        login = db.session.get(User, other.id).login
    context = chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=site)
    page = context.new_page()
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    yield page
    context.close()


def states(city, ids):
    with city.app_context():
        db.session.rollback()
        return [db.session.get(Submission, number).state for number in ids]


QUEUE = "/desk/?text=编辑台检查用&sort=title&dir=asc"


@pytest.fixture
def two_phrases(city):
    """One phrase for returning and one for declining, kept by the editor."""
    with city.app_context():
        editor = _actor(logins(city)["editor"])
        kept = [phrases.add(editor, f"检查用的{use}", use).id for use in ("return", "decline")]
        yield
        for number in kept:
            phrases.remove(editor, number)


def test_the_bar_offers_the_phrases_of_the_chosen_step_only(sign_in, waiting, two_phrases):
    page = sign_in("editor")
    page.goto(QUEUE)
    page.locator("[data-row] input[name=id]").first.check()
    action, phrase = page.locator("#batch-action"), page.locator("#batch-phrase")
    back, no = (phrase.locator(f"optgroup[label={use}]") for use in ("退回", "不采用"))

    action.select_option("decline")
    phrase.select_option(label="检查用的decline")
    expect(back).to_have_attribute("disabled", "")
    action.select_option("return")

    expect(phrase).to_have_value("")
    expect(no).to_have_attribute("disabled", "")
    expect(back).not_to_have_attribute("disabled", "")
    assert not page.complaints


def test_the_queue_is_walked_by_keyboard(sign_in, waiting, city):
    page = sign_in("editor")
    page.goto(QUEUE)
    pane = page.locator("[data-desk-pane]")

    page.keyboard.press("j")
    first = page.locator(".desk-row.current .desk-title").inner_text()
    expect(pane.locator("h2")).to_have_text(first.replace("新", "", 1).strip())
    expect(page.locator(".desk-row.current .desk-mark")).to_have_count(0)
    page.keyboard.press("j")
    second = page.locator(".desk-row.current .desk-title").inner_text()
    assert second != first
    page.keyboard.press("k")
    assert page.locator(".desk-row").first.get_attribute("class").split().count("current") == 1
    page.keyboard.press("x")
    expect(page.locator("input[name=id]:checked")).to_have_count(1)
    page.keyboard.press("x")
    page.keyboard.press("r")
    expect(page.locator("#pane-reason-return, #pane-phrase-return").first).to_be_focused()
    page.keyboard.type("jkxcdt")
    expect(page.locator("input[name=id]:checked")).to_have_count(0)
    assert "received" in set(states(city, waiting))
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#pane-reason-decline, #pane-phrase-decline").first).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#filter-text")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator(".keys")).to_be_visible()
    assert page.complaints == []


def test_the_line_walked_to_is_never_hidden_by_the_bar(sign_in, waiting):
    page = sign_in("editor")
    page.set_viewport_size({"width": 1366, "height": 620})
    page.goto("/desk/?view=0")
    page.locator("input[name=id]").first.check()
    page.select_option("#batch-action", "transfer")
    page.locator("h1").click()

    for _ in range(9):
        page.keyboard.press("j")
        line, bar = boxes(page, ".desk-row.current", ".desk-batch")
        assert line["y"] + line["height"] <= bar["y"] + 1


def test_what_is_only_passed_over_by_keyboard_stays_unread(sign_in, waiting):
    page = sign_in("editor")
    page.goto(QUEUE)
    last = page.locator(".desk-row").nth(2)
    title = last.locator(".pick").inner_text().removeprefix("选择《").removesuffix("》")
    fetched = []
    page.on("request", lambda request: fetched.append(request.url) if "back=" in request.url else None)

    page.evaluate(
        "() => ['j', 'j', 'j'].forEach(key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})))"
    )

    expect(page.locator("[data-desk-pane] h2")).to_have_text(title)
    expect(last.locator(".desk-mark")).to_have_count(0)
    assert len(fetched) == 1
    page.reload()
    expect(page.locator(".desk-row .desk-mark")).to_have_count(2)


def test_esc_leads_back_to_the_list(sign_in, waiting):
    page = sign_in("editor")
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#pane-reason-return, #pane-phrase-return").first).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator(".desk-row.current > a")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".desk-row").nth(1)).to_have_class("desk-row current")


def test_the_bar_says_how_many_are_picked_and_asks_first_for_whom(sign_in, waiting):
    page = sign_in("editor")
    page.goto(QUEUE)
    expect(page.locator("[data-picked]")).to_be_hidden()

    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("t")

    expect(page.locator("[data-picked]")).to_have_text("已选 2 条")
    expect(page.locator("#batch-to")).to_be_focused()


def test_keys_rest_while_an_input_method_composes(sign_in, waiting):
    page = sign_in("editor")
    page.goto(QUEUE)
    compose = "() => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))"

    page.evaluate(compose)

    expect(page.locator(".desk-row.current")).to_have_count(0)


def test_an_item_is_claimed_by_keyboard_and_undone(sign_in, waiting, city):
    page = sign_in("editor")
    page.goto(QUEUE)
    page.keyboard.press("j")
    expect(page.locator("[data-key=c]")).to_be_visible()

    page.keyboard.press("c")

    expect(page.locator("[data-messages]")).to_contain_text("已认领编辑")
    # The list comes back at the same item, with the step that can be undone.
    expect(page.locator(".pane-undo")).to_contain_text("上一步：认领编辑")
    assert states(city, waiting).count("editing") == 1
    page.locator(".pane-undo button").click()
    expect(page.locator("[data-messages]")).to_contain_text("已撤销")
    assert states(city, waiting) == ["received"] * 3


def test_a_second_editor_sees_who_is_editing_and_asks(sign_in, second, waiting):
    first = sign_in("editor")
    first.goto(f"/submissions/{waiting[0]}")
    first.get_by_role("button", name="编辑修改").click()
    expect(first.locator("[data-lease]")).to_contain_text("您正在编辑这条信息，至")

    second.goto(f"/submissions/{waiting[0]}")
    expect(second.locator(".notice").first).to_contain_text("正在编辑，至")
    expect(second.get_by_role("button", name="编辑修改")).to_have_count(0)
    second.get_by_role("button", name="请对方让出").click()
    expect(second.locator("[data-messages]")).to_contain_text("已提醒对方让出")

    first.reload()
    expect(first.locator("[data-lease]")).to_contain_text("请您让出这条信息")
    first.get_by_role("button", name="结束编辑").click()
    second.reload()
    expect(second.get_by_role("button", name="编辑修改")).to_be_visible()


def test_a_filter_is_kept_and_used_again(sign_in, waiting):
    page = sign_in("editor")
    page.goto(QUEUE)
    page.get_by_text("把现在的条件存为常用筛选").click()
    page.fill("#keep-name", "检查用")
    page.locator(".keep-as button").click()

    expect(page.locator(".tabs [aria-current]")).to_have_text("检查用")
    page.goto("/desk/?view=0")
    page.locator(".tabs").get_by_role("link", name="检查用").click()
    expect(page.locator(".desk-row")).to_have_count(3)
    page.goto("/desk/filters")
    page.get_by_role("button", name="删除筛选：检查用").click()
    page.locator("dialog").get_by_role("button", name="删除").click()
    expect(page.locator("[data-messages]")).to_contain_text("筛选已删除")


def test_several_items_are_returned_together_and_one_is_undone(sign_in, waiting, city):
    page = sign_in("editor")
    page.goto(QUEUE)
    page.locator("[data-check-all]").check()
    page.select_option("#batch-action", "return")
    page.fill("#batch-reason", "请补充数据来源")
    page.locator(".desk-batch button").click()

    expect(page.locator(".notice").first).to_contain_text("共 3 条，办理 3 条")
    assert states(city, waiting) == ["returned"] * 3
    page.get_by_role("button", name=f"撤销：{TITLES[0]}").click()
    expect(page.locator("[data-messages]")).to_contain_text("已撤销")
    assert sorted(states(city, waiting)) == ["received", "returned", "returned"]


def test_what_is_missing_for_many_is_said_before_the_ticks_are_lost(sign_in, waiting, city):
    page = sign_in("editor")
    page.goto(QUEUE)
    button = page.locator(".desk-batch button")
    wrong = "form => (form.querySelector('select:invalid, input:invalid') || {}).validationMessage || ''"
    said = lambda: page.locator("#desk-batch").evaluate(wrong)  # noqa: E731

    button.click()
    assert said() == "请先勾选信息"
    page.locator("[data-check-all]").check()
    button.click()
    assert said() == "请选择要办理的操作"
    page.select_option("#batch-action", "transfer")
    page.fill("#batch-reason", "农业口请您看")
    button.click()
    assert said() == "请选择接手的编辑"
    page.fill("#batch-reason", "")
    page.select_option("#batch-action", "return")
    button.click()
    assert said() == "请选用常用语或填写理由"

    expect(page.locator("input[name=id]:checked")).to_have_count(3)
    assert states(city, waiting) == ["received"] * 3
    # However long the phrases are, the bar stays as wide as the list.
    bar, rows = boxes(page, ".desk-batch", ".desk-rows")
    assert bar["width"] <= rows["width"] + 1
    page.fill("#batch-reason", "请补充数据来源")
    button.click()
    expect(page.locator(".notice").first).to_contain_text("共 3 条，办理 3 条")


def test_without_script_every_step_still_works(chromium, site, city, waiting):
    context = chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#login", logins(city)["editor"])
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(QUEUE)
    page.locator("input[name=id]").first.check()
    page.select_option("#batch-action", "take")
    page.locator(".desk-batch button").click()

    assert "已认领编辑" in page.locator("[data-messages]").inner_text()
    page.locator(".desk-row a").first.click()
    assert "/submissions/" in page.url
    context.close()
    assert states(city, waiting).count("editing") == 1
