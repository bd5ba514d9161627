"""An issue on its way in a real browser: sent, checked, signed, read, withdrawn, each by the person whose step it is."""

import re
import shutil

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core import clock
from core.accounts import passwords
from core.accounts.models import Office, User
from core.app import create_app
from core.config import PROJECT
from core.db import db, transaction
from core.packs import services as packs
from tests.browser.conftest import PHONE, served
from tests.city import PASSWORD, fonts, give_passwords

CHECKER = "yewenqiu"
STEPS = """
    sign_off:
      steps:
        - {id: check, title: 核稿, roles: [editor]}
        - {id: sign, title: 签发, roles: [issuer]}
"""


@pytest.fixture(scope="module")
def city(built_city, tmp_path_factory):
    """The demo city, whose journal is checked before it is signed."""
    home = tmp_path_factory.mktemp("signing") / "demo"
    shutil.copytree(built_city / "demo", home)
    app = create_app({"DATA": home, "FONTS": fonts(), "IDLE_MINUTES": 600})
    with app.app_context():
        give_passwords(app)
        office = db.session.scalars(select(Office)).one()
        version, _ = packs.install(None, stepped(tmp_path_factory.mktemp("pack") / "pack"))
        packs.activate(None, office.id, version.id, clock.today())
        with transaction():
            checker = db.session.scalars(select(User).where(User.login == CHECKER)).one()
            checker.password_hash, checker.must_change = passwords.hashed(PASSWORD), False
    return app


def stepped(folder):
    """The demo's pack with two steps of signature."""
    shutil.copytree(PROJECT / "rulepacks" / "luan-2013", folder)
    for name, old, new in (
        ("pack.yaml", r"^version: .*$", "version: 99.0.0"),
        ("journals.yaml", r"(\n    document: briefing)\n", rf"\1{STEPS}"),
    ):
        path = folder / name
        text = re.sub(old, new, path.read_text(encoding="utf-8"), count=1, flags=re.M)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(city):
    with served(city) as address:
        yield address


def confirm(page: Page, word: str) -> None:
    page.locator("dialog[open] button", has_text=word).last.click()


def test_an_issue_is_sent_checked_signed_read_and_withdrawn(sign_in):
    editor, issuer, reader, checker = (*map(sign_in, ("editor", "issuer", "informant")), sign_in(""))
    checker.goto("/login")
    checker.fill("#login", CHECKER)
    checker.fill("#password", PASSWORD)
    checker.click("main button[type=submit]")

    editor.goto("/journals/desk?state=draft")
    editor.locator("table tbody a").first.click()
    editor.click("main button:has-text('送签')")
    expect(editor.locator("main")).to_contain_text("待核稿")
    expect(editor.locator("main")).to_contain_text("编发人不能核稿")
    address = editor.url

    checker.goto("/")
    checker.locator("a", has_text="待我审签的刊物").click()
    checker.locator("table tbody a").first.click()
    checker.fill("#remark", "核对无误")
    checker.click("main button:has-text('同意')")
    expect(checker.locator("main")).to_contain_text("意见：核对无误")

    issuer.goto(address)
    issuer.locator("form[action$='/publish'] button").click()
    confirm(issuer, "签发")
    expect(issuer.locator("h1")).to_contain_text(re.compile(r"\d年第\d+期"), timeout=20_000)
    label = issuer.locator("h1").inner_text()

    reader.goto("/journals/?unread=1")
    reader.locator("table tbody a", has_text=label).click()
    expect(reader.locator("h1")).to_have_text(label)

    issuer.goto(address)
    issuer.locator("summary", has_text="撤回这一期").click()
    issuer.fill("#withdraw-reason", "数据口径有误")
    issuer.locator("form[action$='/withdraw'] button", has_text="撤回").last.click()
    confirm(issuer, "撤回")
    expect(issuer.locator(".notice.danger").first).to_contain_text("数据口径有误")

    reader.set_viewport_size(PHONE)
    reader.reload()
    expect(reader.locator(".notice.danger").first).to_contain_text("已撤回")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    reader.goto("/journals/")
    expect(reader.locator("main")).to_contain_text("已撤回：数据口径有误")
    reader.goto("/notices/")
    expect(reader.locator("main")).to_contain_text(f"{label}已撤回")
    assert [page.complaints for page in (editor, checker, issuer, reader)] == [[], [], [], []]
