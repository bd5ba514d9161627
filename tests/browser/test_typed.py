"""What somebody typed outlives a refused step and an ended session, on every form in a real browser."""

from playwright.sync_api import expect
from sqlalchemy import select

from core.accounts.models import User
from core.db import db
from core.submissions import leases
from core.testing import actor_of
from tests.browser.test_board import SECOND, board, place, second_editor
from tests.browser.test_desk import second, waiting
from tests.city import PASSWORD, logins

__all__ = ["board", "second", "waiting"]
REASON = "请补充具体数据和典型事例后再报。"


def _actor(login):
    return actor_of(db.session.scalars(select(User).where(User.login == login)).one())


def sign_in_beside(page, login):
    """The same person signs in again in another window."""
    other = page.context.new_page()
    other.goto("/login")
    other.fill("#login", login)
    other.fill("#password", PASSWORD)
    other.click("main button[type=submit]")
    expect(other.locator("h1")).to_contain_text("您好")
    other.close()


def test_a_refused_reason_comes_back_into_its_form(sign_in, waiting, city):
    second_editor(city)
    page = sign_in("editor")
    address = f"/submissions/{waiting[0]}"
    page.goto(address)
    page.locator("summary", has_text="退回").first.click()
    page.locator("textarea[name=reason]").first.fill(REASON)
    with city.app_context():
        leases.hold(_actor(SECOND), waiting[0])

    page.locator("form:has(textarea[name=reason]) button.danger").first.click()
    expect(page.locator(".message.error")).to_contain_text("正在编辑")
    expect(page.locator(".message.info")).to_contain_text("还在")
    with city.app_context():
        leases.release(_actor(SECOND), waiting[0])
    page.goto(address)

    expect(page.locator("textarea[name=reason]").first).to_have_value(REASON)
    expect(page.locator("textarea[name=reason]").first).to_be_focused()
    page.reload()
    expect(page.locator("textarea[name=reason]").first).to_have_value("")
    assert page.complaints == []


def test_a_reason_that_was_taken_is_forgotten(sign_in, waiting):
    page = sign_in("editor")
    page.goto(f"/submissions/{waiting[1]}")
    page.locator("summary", has_text="退回").first.click()
    page.locator("textarea[name=reason]").first.fill(REASON)

    page.locator("form:has(textarea[name=reason]) button.danger").first.click()
    expect(page.locator(".message.success")).to_be_visible()

    assert page.evaluate("sessionStorage.getItem('yaoqing:typed')") is None


def test_options_typed_on_the_board_outlive_the_session(board, city):
    title = place(board)
    slip = board.locator(f'#board-columns .slip[data-title="{title}"]')
    slip.locator("[data-opens]").click()
    slip.locator("input[name=print_title]").fill("改好的题目")
    board.context.clear_cookies()

    slip.locator(".slip-form button[type=submit]").click()
    expect(board.locator("#signed-out")).to_contain_text("刚才的改动没有保存")
    expect(slip.locator("input[name=print_title]")).to_have_value("改好的题目")
    sign_in_beside(board, logins(city)["editor"])
    board.locator(".slip-form input[name=print_title]").first.press("Enter")

    expect(board.locator("#board-columns .slip-marks")).to_contain_text("改题")
    board.complaints.clear()


def test_a_refused_draft_is_offered_again(sign_in, waiting, city):
    second_editor(city)
    page = sign_in("editor")
    page.goto(f"/submissions/{waiting[2]}")
    page.get_by_role("button", name="编辑修改").click()
    expect(page.locator("form.form [data-autosave-status]")).to_be_attached()
    page.fill("#note", "压缩篇幅")
    key = page.locator("form[data-draft-key]").first.get_attribute("data-draft-key")
    page.locator("h1").click()
    expect(page.locator("[data-autosave-status]").first).to_contain_text("已暂存")
    # The page that comes back says the step was refused and holds the form without the text.
    page.evaluate("key => sessionStorage.setItem('yaoqing:draft:sent', JSON.stringify({ key }))", key)
    page.add_init_script("performance.getEntriesByType = () => [{ type: 'navigate', redirectCount: 1 }]")
    page.route("**/revise", lambda route: route.fulfill(response=(answer := route.fetch()), body=answer.text().replace(
        "data-messages>", 'data-messages><div class="message error">没有办理</div>', 1)))  # fmt: skip
    page.reload()

    expect(page.get_by_role("button", name="恢复")).to_be_visible()
