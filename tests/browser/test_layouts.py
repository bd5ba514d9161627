"""Writing a document format in a real browser: the pages beside the source follow what is typed."""

from playwright.sync_api import expect


def test_the_pages_follow_what_is_typed_and_missing_names_stand_in_red(sign_in):
    page = sign_in("system_admin")
    page.goto("/packs/1")
    page.locator("a[href*='/layouts/']").first.click()
    expect(page.locator("#proof img").first).to_be_visible()
    source = page.locator("textarea[name='template.html']")
    before = page.locator("#proof img").first.get_attribute("src")

    source.fill("<html lang='zh-CN'><body><p>甲{{ no_such_name }}乙</p></body></html>")
    expect(page.locator("#proof")).to_contain_text("no_such_name", timeout=10_000)

    assert (
        page.locator("#proof img").count() == 0
        or page.locator("#proof img").first.get_attribute("src") != before
    )
    assert page.complaints == []
