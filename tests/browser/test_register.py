"""The register in a real browser: every form, the looks before recording, and what the walk by links does not reach."""

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import axe, english

GOOD = "日期\t种类\t单位\t事项\t分值\t事由\n{day}\t手工加减分\t{unit}\t承办全市信息培训\t2\t承办培训\n"
BAD = GOOD + "2026-02-30\t手工加减\t没有的单位\t承办\t两分\t\n"


def test_every_form_of_the_register_is_sound(sign_in):
    page = sign_in("editor")
    page.goto("/facts/new")
    forms = page.eval_on_selector_all("main tbody a", "all => all.map(a => a.getAttribute('href'))")

    faults = []
    for path in forms:
        page.goto(path)
        faults += faults_here(page)

    assert len(forms) > 4 and faults == []


def test_a_fact_is_looked_at_registered_and_withdrawn(sign_in):
    page = sign_in("editor")
    fill(page)
    page.press("#title", "Enter")
    expect(page.locator("#preview")).to_contain_text("累计得分")
    seen = faults_here(page)

    page.click("#preview button")
    expect(page.locator("main")).to_contain_text("已登记，编号")
    page.fill("#reason", "登记有误")
    page.locator("main").get_by_role("button", name="撤销").click()

    expect(page.locator("main")).to_contain_text("已撤销，相应得分已冲正")
    assert seen + faults_here(page) == []


def test_what_is_missing_is_told_beside_the_fields(sign_in):
    page = sign_in("editor")
    page.goto("/facts/new?kind=manual")
    page.locator("form").get_by_role("button", name="试算").click()

    expect(page.locator("[data-error-summary]")).to_contain_text("有 4 处需要修改")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert faults_here(page) == []


def test_a_table_is_looked_at_line_by_line_and_registered(sign_in):
    page = sign_in("editor")
    unit = fill(page)
    faults = []
    for table, words in ((BAD, "1 行有错"), (GOOD, "全部无误")):
        page.goto("/facts/import")
        page.fill("#text", table.format(unit=unit, day=date.today()))
        page.get_by_role("button", name="核对").click()
        expect(page.locator("#lines")).to_contain_text(words)
        faults += faults_here(page)

    page.get_by_role("button", name="登记全部 1 行").click()

    expect(page.locator("main")).to_contain_text("已登记 1 件计分事项")
    assert faults == []


def fill(page: Page) -> str:
    """The form of a fact, filled in; the unit's name."""
    page.goto("/facts/new?kind=manual")
    page.fill("#title", "承办全市信息培训")
    page.fill("#a_points", "2")
    page.fill("#a_reason", "承办培训")
    page.select_option("#unit-1", index=1)
    return page.locator("#unit-1 option:checked").inner_text()


def faults_here(page: Page) -> list[str]:
    """What is wrong with the page as it stands, at desktop and at phone width."""
    faults = []
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            faults.append(f"横向溢出到 {wide}")
        faults += axe(page)
    page.set_viewport_size(WIDE)
    # A refused form answers 422, which the console of the browser notes.
    told = [text for text in page.complaints if "422" not in text]
    page.complaints.clear()
    return [f"{page.url}：{fault}" for fault in (*faults, *told, *english(page))]
