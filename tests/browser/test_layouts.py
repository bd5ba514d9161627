"""Writing a document format in a real browser: the pages beside the source follow what is typed."""

import io

from PIL import Image
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


def test_a_picture_shows_on_the_pages_as_soon_as_it_is_chosen(sign_in):
    page = sign_in("system_admin")
    page.goto("/packs/1")
    page.locator("a[href*='/layouts/']").first.click()
    expect(page.locator("#proof img").first).to_be_visible()
    page.locator("textarea[name='template.html']").fill(
        "<html lang='zh-CN'><body><p>甲<img src='asset:市印.svg' alt='印章'></p></body></html>"
    )
    expect(page.locator("#proof")).to_contain_text("没有图片“市印.svg”", timeout=10_000)
    dots = io.BytesIO()
    Image.new("RGB", (300, 300), "#c00000").save(dots, "PNG")

    page.locator("input[name=picture]").set_input_files(
        {"name": "市印.png", "mimeType": "image/png", "buffer": dots.getvalue()}
    )
    expect(page.locator("#proof img")).to_have_count(1, timeout=10_000)
    page.get_by_role("button", name="试排").click()

    expect(page.locator(".pictures img")).to_be_visible()
    expect(page.locator("#proof img")).to_have_count(1)
    page.locator("input[name=dropped]").check()
    expect(page.locator("#proof")).to_contain_text("没有图片“市印.svg”", timeout=10_000)
    assert page.complaints == []
