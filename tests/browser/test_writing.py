"""Writing an item in a real browser: by keyboard alone, without script, and over an expired session."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.city import PASSWORD, logins

TITLE = "我区试点“一窗通办”减少群众跑腿"
BODY = "一、主要做法"


def test_an_item_is_written_and_sent_by_keyboard_alone(sign_in):
    page = sign_in("informant")
    page.goto("/submissions/new")

    page.focus("#title")
    page.keyboard.type(TITLE)
    page.keyboard.press("Tab")
    _tab_to(page, "[contenteditable=true]")
    page.keyboard.type(BODY)
    page.keyboard.press("Enter")
    page.keyboard.type("设立综合窗口3个，办理事项46项。")
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("一窗通办")
    expect(page.locator("main")).to_contain_text("待审签")


def test_what_is_typed_in_the_editor_keeps_its_structure(sign_in):
    page = sign_in("informant")
    page.goto("/submissions/new")
    page.fill("#title", TITLE)
    body = page.locator("[contenteditable=true]")
    body.click()
    page.keyboard.type(BODY)
    page.get_by_role("button", name="标题一").click()
    page.keyboard.press("Enter")
    page.keyboard.type("办理事项46项。")
    page.click("button[value=save]")

    saved = page.locator("[contenteditable=true]")

    expect(saved.locator("h1")).to_have_text(BODY)
    expect(saved.locator("p")).to_have_text("办理事项46项。")


def test_pasted_lists_in_lists_keep_their_numbers_and_uneven_tables_every_cell(sign_in):
    page = sign_in("informant")
    page.goto("/submissions/new")
    page.fill("#title", TITLE)
    body = page.locator("[contenteditable=true]")
    body.click()
    pasted = (
        "<p>主要做法如下。</p><ol><li>设立窗口<ol><li><p>综合窗口</p></li><li><b>专门</b>窗口</li></ol></li>"
        "<li>压减材料<ul><li>证照</li></ul></li></ol><ul><li>其他<ul><li>其中</li></ul></li></ul>"
        "<table><tr><td>单位</td></tr><tr><td>甲县</td><td>101</td><td>202</td></tr></table><p>特此报告。</p>"
    )
    body.evaluate(
        """(editor, html) => {
          const clipboardData = new DataTransfer()
          clipboardData.setData("text/html", html)
          editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
        }""",
        pasted,
    )
    page.click("button[value=save]")

    saved = page.locator("[contenteditable=true]")

    expect(page).to_have_url(re.compile(r"/submissions/\d+"))
    expect(saved).to_contain_text("特此报告。")
    shown = re.sub(r"[\s•]", "", saved.inner_text())
    assert "主要做法如下。1.设立窗口（1）综合窗口（2）专门窗口2.压减材料证照其他其中" in shown
    assert [saved.locator("tr").nth(n).locator("td, th").count() for n in range(2)] == [3, 3]
    expect(saved.locator("tr").nth(1)).to_contain_text("202")


def test_a_draft_saves_itself(sign_in):
    page = sign_in("informant")
    page.goto("/submissions/new")
    page.fill("#title", "自动保存的标题")
    page.locator("[contenteditable=true]").click()
    page.keyboard.type("正文。")

    page.locator("#title").click()
    expect(page.get_by_text(re.compile("已自动保存"))).to_be_visible(timeout=20_000)

    page.goto("/submissions/mine?state=draft")
    expect(page.locator("main")).to_contain_text("自动保存的标题")


def test_an_item_is_written_without_script_on_a_phone(chromium, site, city):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, base_url=site, locale="zh-CN")
    page = context.new_page()
    page.goto("/login")
    page.fill("#login", logins(city)["informant"])
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.goto("/submissions/new")
    page.fill("#title", TITLE)
    page.fill("textarea[name=body]", "一、背景\n\n办理事项46项。")
    page.click("button[value=save]")

    expect(page.locator("textarea[name=body]")).to_have_value("一、背景\n\n办理事项46项。")
    context.close()


def test_nothing_is_lost_when_the_session_has_expired(sign_in, city):
    page = sign_in("informant")
    page.goto("/submissions/new")
    page.fill("#title", "会话过期时写下的标题")
    page.locator("[contenteditable=true]").click()
    page.keyboard.type("会话过期时写下的正文。")
    page.context.clear_cookies()
    # As a browser without our script would: the form goes out although the session is gone.
    page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[data-autosave]'))")

    expect(page.locator("main")).to_contain_text("没有丢失")
    page.fill("#login", logins(city)["informant"])
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("textarea[name=title]")).to_have_value("会话过期时写下的标题")
    page.get_by_role("button", name="继续提交").click()

    expect(page.locator("#title")).to_have_value("会话过期时写下的标题")
    expect(page.locator("[contenteditable=true]")).to_contain_text("会话过期时写下的正文。")


def test_the_number_in_the_ranking_opens_its_entries(sign_in):
    page = sign_in("editor")
    page.goto("/ranking")

    page.locator("tbody tr").first.locator("a").first.click()

    expect(page.locator("h1")).to_contain_text("得分台账")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse would."""
    for _ in range(60):
        if page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} 不能用 Tab 键到达")
