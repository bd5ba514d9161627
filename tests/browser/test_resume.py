"""The session ends while somebody works: what was sent is named and goes on, what arrived is not offered again, what
did not is, and an open page asks for nothing until somebody has signed in again."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.accounts.models import User
from core.db import db, transaction
from core.submissions import services
from core.submissions.models import Submission
from core.submissions.services import Draft
from core.submissions.text import from_plain
from core.testing import actor_of
from tests.browser.test_board import board, place
from tests.browser.test_desk import TITLES, waiting
from tests.browser.test_typed import sign_in_beside
from tests.browser.test_waiting import running_job
from tests.city import PASSWORD, logins

__all__ = ["board", "running_job", "waiting"]
TITLE = "登录过期时写下的信息"
BODY = "全县备足化肥三万吨。"
KEPT = "本机保存有尚未上传的内容"
REASON = "请补充具体数据后再报。"


def sign_in_here(page: Page, login: str) -> None:
    """On the page that asks for it; the form that was sent comes next."""
    expect(page.locator("main")).to_contain_text("没有丢失")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.get_by_role("button", name="继续提交")).to_be_visible()


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('yaoqing:draft:'))")


@pytest.fixture
def own_draft(city):
    """A draft of the informant."""
    with city.app_context():
        who = db.session.scalars(select(User).where(User.login == logins(city)["informant"])).one()
        actor = actor_of(who)
        item = services.create(actor, Draft(next(iter(actor.unit_ids)), "brief", TITLE, from_plain(BODY)))
        number = item.id
    yield number
    with city.app_context(), transaction():
        item = db.session.get(Submission, number)
        if item:
            item.state = "unused"


def write_new(page: Page, title: str) -> None:
    page.goto("/submissions/new")
    page.fill("#title", title)
    page.locator("[contenteditable=true]").click()
    page.keyboard.type(BODY)


def test_what_arrived_after_signing_in_is_not_offered_again(sign_in, city):
    page = sign_in("informant")
    write_new(page, TITLE)
    page.context.clear_cookies()
    page.click("button[value=save]")
    sign_in_here(page, logins(city)["informant"])
    assert drafts(page), "kept until it has arrived"
    page.get_by_role("button", name="继续提交").click()
    expect(page.locator("#title")).to_have_value(TITLE)

    assert drafts(page) == []
    page.goto("/submissions/mine")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    page.goto("/submissions/new")
    expect(page.get_by_role("button", name="恢复")).to_have_count(0)


def test_what_was_sent_in_for_signing_is_not_offered_again(sign_in, city, own_draft):
    page = sign_in("informant")
    page.goto(f"/submissions/{own_draft}/edit")
    page.fill("#title", TITLE + "（改）")
    page.context.clear_cookies()
    page.click("button[value=send]")
    sign_in_here(page, logins(city)["informant"])

    page.get_by_role("button", name="继续提交").click()
    expect(page.locator("main")).to_contain_text("待审签")

    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert drafts(page) == []


def test_what_was_refused_after_signing_in_stays_and_may_be_dropped(sign_in, city, own_draft):
    page = sign_in("informant")
    page.goto(f"/submissions/{own_draft}/edit")
    page.fill("#title", TITLE + "（改）")
    page.context.clear_cookies()
    page.click("button[value=save]")
    sign_in_here(page, logins(city)["informant"])
    with city.app_context():
        who = db.session.scalars(select(User).where(User.login == logins(city)["informant"])).one()
        item = db.session.get(Submission, own_draft)
        services.send(actor_of(who), own_draft, item.version)

    page.fill("textarea[name=body]", BODY + "又备足农药。")
    page.get_by_role("button", name="继续提交").click()
    expect(page.locator("h1")).not_to_have_text("继续提交")
    page.goto("/submissions/mine")

    notice = page.locator(".notice", has_text=KEPT)
    notice.get_by_text("查看内容").click()
    expect(notice.locator("textarea")).to_have_value(re.compile("又备足农药"))
    notice.get_by_role("link").click()
    expect(page.get_by_role("button", name="恢复")).to_have_count(0)
    page.locator(".notice", has_text=KEPT).get_by_role("button", name="放弃").click()
    page.locator("dialog[open] button", has_text="放弃").click()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    assert drafts(page) == []


def test_a_cut_line_costs_nothing(sign_in):
    page = sign_in("informant")
    page.route("**/submissions/autosave", lambda route: route.abort())
    write_new(page, TITLE)
    page.route("**/submissions/new", lambda route: route.abort())
    page.click("button[value=save]")
    page.wait_for_url("chrome-error://**")
    page.unroute("**/submissions/new")

    page.goto("/submissions/mine")

    expect(page.locator(".notice", has_text=KEPT)).to_contain_text(TITLE)


def test_giving_up_forgets_the_text(sign_in, city):
    page = sign_in("informant")
    page.route("**/submissions/autosave", lambda route: route.abort())
    write_new(page, TITLE)
    page.context.clear_cookies()
    page.click("button[value=save]")
    sign_in_here(page, logins(city)["informant"])

    page.locator("[data-gives-up]").click()
    page.locator("dialog[open] button", has_text="取消").click()
    assert drafts(page)
    page.locator("[data-gives-up]").click()
    page.locator("dialog[open] button", has_text="放弃").click()
    expect(page.locator("h1")).to_contain_text("您好")

    assert drafts(page) == []


def test_what_is_mended_before_continuing_is_what_arrives(sign_in, city):
    page = sign_in("informant")
    page.route("**/submissions/autosave", lambda route: route.abort())
    write_new(page, TITLE)
    page.context.clear_cookies()
    page.click("button[value=save]")
    sign_in_here(page, logins(city)["informant"])

    page.fill("textarea[name=body]", "改好的<正文>。")
    page.get_by_role("button", name="继续提交").click()

    expect(page.locator("[contenteditable=true]")).to_have_text("改好的<正文>。")


@pytest.mark.parametrize("where", ["page", "desk"])
def test_the_step_and_its_item_are_named(sign_in, city, waiting, where):
    page = sign_in("editor")
    if where == "page":
        page.goto(f"/submissions/{waiting[0]}")
    else:
        page.goto("/desk/?text=编辑台检查用&sort=title&dir=asc")
        page.locator("[data-row]", has_text=TITLES[0]).first.click()
    part = page.locator("[data-desk-pane]" if where == "desk" else "main")
    part.locator("summary", has_text="退回").first.click()
    part.locator("textarea[name=reason]").first.fill(REASON)
    page.context.clear_cookies()
    part.locator("form:has(textarea[name=reason]) button.danger").first.click()

    expect(page.locator(".kept-step")).to_contain_text("退回")
    sign_in_here(page, logins(city)["editor"])

    expect(page.locator(".kept-step [data-resume-step]")).to_have_text("退回")
    expect(page.locator(".kept-step [data-resume-page]")).to_have_text(TITLES[0])
    expect(page.locator("textarea[name=reason]")).to_have_value(REASON)
    expect(page.get_by_text("附件")).to_have_count(0)


def test_every_field_is_called_as_on_its_page(sign_in, city):
    page = sign_in("system_admin")
    page.goto("/packs/")
    page.locator("main tbody a").first.click()
    page.get_by_role("link", name="修改常用数值").click()
    page.fill("[name=reason]", "某政办〔2026〕8号")
    page.context.clear_cookies()
    page.get_by_role("button", name="查看改动").click()
    sign_in_here(page, logins(city)["system_admin"])

    expect(page.get_by_label("修改依据", exact=True)).to_have_value("某政办〔2026〕8号")
    assert page.get_by_text("填写的内容", exact=True).count() == 0


def test_a_chosen_file_is_to_be_chosen_again(sign_in, city, tmp_path):
    page = sign_in("informant")
    page.route("**/submissions/autosave", lambda route: route.abort())
    paper = tmp_path / "数据<表>.txt"
    paper.write_text("一", encoding="utf-8")
    write_new(page, TITLE)
    page.set_input_files("#files", paper)
    page.context.clear_cookies()
    page.click("button[value=save]")
    sign_in_here(page, logins(city)["informant"])

    expect(page.get_by_text("“数据<表>.txt”没有一并保留")).to_be_visible()


def test_a_page_asks_nothing_until_somebody_has_signed_in_again(sign_in, city, running_job):
    page = sign_in("editor")
    page.clock.install()
    page.goto(running_job)
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))

    page.clock.fast_forward(61_000)
    expect(page.locator("#signed-out")).to_contain_text("登录已过期")
    page.wait_for_timeout(2000)
    asked.clear()
    for _ in range(5):
        page.clock.fast_forward(120_000)
    page.wait_for_timeout(500)
    assert asked == []

    sign_in_beside(page, logins(city)["editor"])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#signed-out")).to_have_count(0)
    with page.expect_request(re.compile("/live$")):
        page.clock.fast_forward(16_000)


def test_the_board_says_one_thing_and_goes_on_after_signing_in(board, city):
    title = place(board)
    expect(board.locator(".sheet-page").first).to_be_visible()
    slip = board.locator(f'#board-columns .slip[data-title="{title}"]')
    board.context.clear_cookies()
    asked: list[str] = []

    slip.get_by_role("button", name=re.compile("移出")).first.click()
    expect(board.locator("#signed-out")).to_contain_text("刚才的改动没有保存")
    expect(board.locator("#board-refused")).to_have_count(0)
    expect(board.locator("#board-sheets")).not_to_contain_text("已经保存")
    board.wait_for_timeout(2000)
    board.on("request", lambda r: asked.append(r.url))
    board.wait_for_timeout(6000)
    assert asked == []

    sign_in_beside(board, logins(city)["editor"])
    board.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(board.locator("#signed-out")).to_have_count(0)
    expect(board.locator("#board-refused")).to_contain_text("请再做一次")
    expect(slip).to_be_visible()
    with board.expect_request(re.compile("/pulse$")):
        pass
    slip.get_by_role("button", name=re.compile("移出")).first.click()
    expect(slip).to_have_count(0)
    board.complaints.clear()


def test_a_text_goes_on_saving_itself_after_signing_in(sign_in, city):
    page = sign_in("informant")
    write_new(page, TITLE)
    page.context.clear_cookies()
    page.keyboard.press("Control+s")
    expect(page.locator("#signed-out")).to_contain_text("登录已过期")
    expect(page.locator("[data-autosave-status]")).to_contain_text("内容已保存在本机浏览器")
    record = json.loads(page.evaluate("key => localStorage.getItem(key)", drafts(page)[0]))
    assert record["title"] == TITLE

    sign_in_beside(page, logins(city)["informant"])
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page.locator("#signed-out")).to_have_count(0)
    expect(page.locator("[data-autosave-status]")).to_contain_text("已自动保存")
    assert drafts(page) == []


def test_a_form_that_asks_for_more_of_itself_offers_nothing(sign_in, waiting):
    page = sign_in("editor")
    page.goto(f"/submissions/{waiting[0]}")
    page.get_by_role("button", name="编辑修改").click()
    expect(page.locator("#note")).to_be_visible()
    page.goto(f"/composites/split/{waiting[0]}")
    page.fill("#title-1", "拆出的第一条")
    fields = page.locator("[name^=title-]").count()
    page.get_by_role("button", name="再加一条").click()

    expect(page.locator("[name^=title-]")).to_have_count(fields + 1)
    expect(page.locator("#title-1")).to_have_value("拆出的第一条")
    expect(page.locator("[data-autosave-status]")).to_be_attached()
    expect(page.get_by_role("button", name="恢复")).to_have_count(0)
