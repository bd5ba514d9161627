"""The life of an issue after publication in a real browser: read, withdrawn, restored, corrected, approved later."""

import hashlib
import io
import re
import shutil

import pdfplumber
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.accounts import passwords
from core.accounts.models import User
from core.app import create_app
from core.db import db, transaction
from tests.browser.conftest import served
from tests.city import PASSWORD, fonts, give_passwords

# Composes as an editor and may sign: who is alone on duty.
DUTY = "qinshouzheng"
READER = {"width": 390, "height": 844}
LONG = 20_000
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def city(built_city, tmp_path_factory):
    home = tmp_path_factory.mktemp("afterlife") / "demo"
    shutil.copytree(built_city / "demo", home)
    app = create_app({"DATA": home, "FONTS": fonts(), "IDLE_MINUTES": 600})
    with app.app_context():
        give_passwords(app)
        with transaction():
            duty = db.session.scalars(select(User).where(User.login == DUTY)).one()
            duty.password_hash, duty.must_change = passwords.hashed(PASSWORD), False
    return app


@pytest.fixture(scope="module")
def site(city):
    with served(city) as address:
        yield address


@pytest.fixture
def people(sign_in):
    """Editor, issuer, a leader with a phone, and the officer on duty."""
    found = {role: sign_in(role) for role in ("editor", "issuer", "leader")} | {"duty": sign_in("")}
    found["leader"].set_viewport_size(READER)
    found["duty"].goto("/login")
    found["duty"].fill("#login", DUTY)
    found["duty"].fill("#password", PASSWORD)
    found["duty"].click("main button[type=submit]")
    yield found
    assert [page.complaints for page in found.values()] == [[]] * len(found)


def confirm(page: Page, word: str) -> None:
    page.locator("dialog[open] button", has_text=word).last.click()


def send(editor: Page) -> str:
    """Send the draft that is open; its address."""
    editor.locator("main form[action$='/send'] button").click()
    expect(editor.locator(".message.success")).to_contain_text("已送签")
    return editor.url


def sign(issuer: Page, address: str) -> str:
    """Sign what waits at the address; what it is called now."""
    issuer.goto(address)
    issuer.locator("form[action$='/publish'] button").click()
    confirm(issuer, "签发")
    expect(issuer.locator(".message.success")).to_contain_text("已签发", timeout=LONG)
    return issuer.locator("h1").inner_text()


def narrow(page: Page) -> None:
    """Nothing hangs over the edge of a phone."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def printed_code(reader: Page) -> tuple[str, str]:
    """The check code as it stands on the last page of the PDF that the reader sees, and the digest of that PDF."""
    link = reader.locator("a", has_text="查看 PDF").first.get_attribute("href")
    answer = reader.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.body())) as pdf:
        code = CODE.search(pdf.pages[-1].extract_text().replace(" ", ""))[0]
    return code, hashlib.sha256(answer.body()).hexdigest()


def verified(page: Page, code: str) -> str:
    """What the page for checking says of a code."""
    page.goto("/verify")
    page.fill("input[name=code]", code)
    page.locator("main button", has_text="核验").click()
    told = page.locator("main [role=status]").inner_text()
    narrow(page)
    return told


# Of every title with badges: where its words begin, where the badges do, and whether these stand below it.
BADGES = """() => Array.from(document.querySelectorAll('.reading .panel-head > .row')).map(row => {
  const title = row.previousElementSibling, box = title.getBoundingClientRect()
  const badge = row.firstElementChild.getBoundingClientRect()
  return [box.left + parseFloat(getComputedStyle(title).paddingLeft), badge.left, badge.top >= box.bottom - 1]
})"""


def points(page: Page, unit: str) -> str:
    """The line of a unit on the page of the month's ranking."""
    page.goto("/ranking")
    return " ".join(page.locator("main tr", has_text=unit).first.inner_text().split())


def test_an_issue_is_read_withdrawn_restored_and_corrected(people):
    editor, issuer, reader = (people[role] for role in ("editor", "issuer", "leader"))
    editor.goto("/journals/desk?state=draft")
    editor.locator("table tbody a").first.click()
    address = send(editor)
    unit = re.search(r"(\S{2,}) · \d+ 字", editor.locator("main").inner_text())[1]
    before = points(editor, unit)
    label = sign(issuer, address)
    counted = points(editor, unit)
    assert counted != before

    reader.goto("/journals/?unread=1")
    reader.locator("table tbody a", has_text=label).click()
    expect(reader.locator("h1")).to_have_text(label)
    narrow(reader)
    # The contents and the way to instructions stand before the text wherever the side column comes after it.
    for wide in (360, 820):
        reader.set_viewport_size({"width": wide, "height": 780})
        reader.evaluate("scrollTo(0, 0)")
        reader.locator("nav.jumps a", has_text="领导批示").click()
        expect(reader.get_by_text("写批示", exact=True).first).to_be_in_viewport()
        # A badge that does not fit beside a title begins where the title does.
        for indent, badge, above in reader.evaluate(BADGES):
            assert not above or abs(indent - badge) <= 1
    reader.set_viewport_size({"width": 1366, "height": 900})
    expect(reader.locator("nav.jumps")).to_be_hidden()
    title = reader.locator("main .reading h2").first.inner_text()
    code, digest = printed_code(reader)
    told = verified(reader, code)
    assert "现行有效" in told and label in told and digest in told

    issuer.goto(address)
    issuer.locator("summary", has_text="撤回这一期").click()
    issuer.fill("#withdraw-reason", "数据口径有误")
    issuer.locator("form[action$='/withdraw'] button", has_text="撤回").last.click()
    confirm(issuer, "撤回")
    expect(issuer.locator(".notice.danger").first).to_contain_text("数据口径有误")
    assert points(editor, unit) == before
    reader.goto(address)
    expect(reader.locator(".notice.danger").first).to_contain_text("已撤回")
    narrow(reader)
    told = verified(reader, code)
    assert "已撤回" in told and label in told and "现行有效" not in told
    reader.goto("/")
    newest = reader.locator("main tr", has_text=label)
    expect(newest).to_contain_text("已撤回（数据口径有误）")
    expect(newest).not_to_contain_text(title)

    issuer.locator("summary", has_text="恢复这一期").click()
    issuer.fill("#restore-reason", "经核对，数据无误")
    issuer.locator("form[action$='/restore'] button", has_text="恢复").last.click()
    confirm(issuer, "恢复")
    expect(issuer.locator(".message.success")).to_contain_text("已恢复这一期")
    assert points(editor, unit) == counted
    assert "现行有效" in verified(reader, code)

    editor.goto(address)
    editor.locator("summary", has_text="起草更正").click()
    editor.fill("#correct-reason", "第一条标题有误")
    editor.locator("form[action$='/correct'] button").click()
    expect(editor.locator(".message.success")).to_contain_text("已起草更正稿")
    editor.locator("a[href$='/text']").first.click()
    editor.fill("#title", title + "取得实效")
    editor.locator("main button", has_text="保存").click()
    expect(editor.locator(".message.success")).to_contain_text("更正文字已保存")
    corrected = send(editor)
    again = sign(issuer, corrected)
    assert again == label + "（更正）"

    reader.goto("/journals/")
    reader.locator("table tbody a", has_text=again).click()
    expect(reader.locator("main")).to_contain_text("取得实效")
    narrow(reader)
    second, other = printed_code(reader)
    reader.locator(".notice a", has_text=label).click()
    expect(reader.locator(".notice.danger").first).to_contain_text("请改阅")
    narrow(reader)
    assert second != code
    told = verified(reader, code)
    assert "已更正" in told and again in told and digest in told
    told = verified(reader, second)
    assert "现行有效" in told and other in told and other != digest


def test_what_one_person_published_in_a_hurry_is_approved_by_another(people):
    duty, issuer, reader = (people[role] for role in ("duty", "issuer", "leader"))
    duty.goto("/journals/new")
    duty.locator("input[name=journal]").first.check()
    duty.click("main form button[type=submit]")
    duty.wait_for_url(re.compile(r"/journals/\d+/compose"))
    slip = duty.locator("#board-candidates .slip:has(.slip-places)").first
    if slip.locator("summary").count():
        slip.locator("summary").click()
    slip.locator("button[name=column]").first.click()
    expect(duty.locator("#board-columns .slip")).to_have_count(1, timeout=LONG)
    duty.goto(duty.url.replace("/compose", ""))
    address = send(duty)
    expect(duty.locator("form[action$='/publish']")).to_have_count(0)

    duty.locator("summary", has_text="先签发、后补审批").click()
    duty.fill("#force-reason", "夜间突发汛情，等不及")
    duty.locator("form[action$='/force'] button").click()
    confirm(duty, "立即签发")
    expect(duty.locator("h1")).to_contain_text(re.compile(r"\d年第\d+期"), timeout=LONG)
    label = duty.locator("h1").inner_text()
    expect(duty.locator(".notice.warning")).to_contain_text("夜间突发汛情")
    expect(duty.locator("form[action$='/approve-later']")).to_have_count(0)
    reader.goto(address)
    expect(reader.locator("h1")).to_have_text(label)

    issuer.goto("/")
    issuer.locator("main a", has_text="补审批").first.click()
    issuer.locator("table tbody a", has_text=label).first.click()
    issuer.fill("#later-remark", "情况属实")
    issuer.locator("form[action$='/approve-later'] button", has_text="同意").first.click()
    expect(issuer.locator(".message.success")).to_contain_text("已补审批")
    expect(issuer.locator(".notice.success")).to_contain_text("先签发、已补审批")
    expect(issuer.locator("form[action$='/approve-later']")).to_have_count(0)
    duty.goto("/notices/")
    expect(duty.locator("main")).to_contain_text(f"{label}补审批同意：情况属实")
    duty.goto("/journals/")
    expect(duty.locator("tr", has_text=label).first).to_contain_text("先签发、已补审批")
