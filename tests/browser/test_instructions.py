"""A leader's instruction in a real browser: written on an issue, passed on, answered, signed, accepted; one from paper."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core import clock
from core.accounts.models import RoleAssignment, Unit, User
from core.db import db
from core.workdays import workdays_of
from tests.browser.conftest import PHONE
from tests.city import logins

pytestmark = pytest.mark.browser
TEXT = "请抓紧核实，一周内提出解决办法。"
ANSWER = "已召开专题会议，明确三项措施，月底前落实到位。"


def answering_unit(city) -> Unit:
    """The unit whose informant signs in; its head signs in as well."""
    with city.app_context():
        units = [
            db.session.scalars(
                select(RoleAssignment.unit_id).join(User).where(User.login == logins(city)[role])
            ).first()
            for role in ("informant", "signing_leader")
        ]
        assert units[0] == units[1]
        return db.session.get_one(Unit, units[0])


def by_card(page: Page, title: str) -> None:
    """From the home page by a card to this instruction in its list."""
    page.goto("/")
    page.locator("main a", has_text=title).first.click()
    page.locator("table tbody tr", has_text=TEXT).locator("a").first.click()


def test_an_instruction_on_an_issue_is_passed_on_answered_and_accepted(sign_in, city):
    unit = answering_unit(city)
    with city.app_context():
        due = workdays_of(unit.office_id).after(clock.today(), 3)
    leader, editor, clerk, head = map(sign_in, ("leader", "editor", "informant", "signing_leader"))
    leader.set_viewport_size(PHONE)

    leader.goto("/journals/")
    leader.locator("table tbody a").first.click()
    leader.locator("a", has_text="写批示").click()
    leader.fill("#instruction-text", TEXT)
    leader.locator("h1").click()
    page = leader.url
    leader.goto("/")
    expect(leader.locator("ul.kept")).to_contain_text("“写批示”页上的内容")
    leader.goto(page)
    leader.get_by_role("button", name="恢复").click()
    expect(leader.locator("#instruction-text")).to_have_value(TEXT)
    leader.locator(".phrases button", has_text="请抓好落实").click()
    leader.locator("summary", has_text="指定承办单位").click()
    leader.locator(f"input[name=instruction-asked_unit_ids][value='{unit.id}']").check()
    leader.locator("button:visible", has_text="签批").click()
    expect(leader.locator("h1")).to_contain_text("批示")
    expect(leader.locator(".instruction-text")).to_contain_text(f"{TEXT}请抓好落实，并报结果。")
    assert leader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    address = leader.url

    editor.goto("/instructions/?progress=unrouted")
    editor.locator(f"a[href='{re.sub('^https?://[^/]+', '', address)}']").click()
    editor.locator("main a.button", has_text="转办").click()
    expect(editor.locator(f"input[name=route-main_ids][value='{unit.id}']")).to_be_checked()
    editor.fill("#route-due_on", due.isoformat())
    editor.fill("#route-note", "请主动与有关部门会商。")
    editor.locator("main button", has_text="转办").click()
    expect(editor.locator("main table")).to_contain_text(unit.short)

    by_card(clerk, "待反馈批示")
    expect(clerk.locator("main")).to_contain_text(TEXT)
    clerk.fill("#answer-text", ANSWER)
    clerk.locator("main button", has_text="签收").click()
    expect(clerk.locator("main")).to_contain_text("已签收")
    # Another step on the page does not cost what is half written.
    clerk.get_by_role("button", name="恢复").click()
    expect(clerk.locator("#answer-text")).to_have_value(ANSWER)
    clerk.locator("main button", has_text="送审签").click()
    expect(clerk.locator("main")).to_contain_text("待审签")

    by_card(head, "待审签批示反馈")
    head.locator("main button", has_text="审签报送").click()
    expect(head.locator("main")).to_contain_text("待办公室审核")

    by_card(editor, "待审核批示反馈")
    editor.locator("main button", has_text="采纳并办结").click()
    expect(editor.locator("main")).to_contain_text("按时反馈")

    leader.goto(address)
    expect(leader.locator("main")).to_contain_text("已办结")
    expect(leader.locator("main")).to_contain_text(ANSWER)
    assert [page.complaints for page in (leader, editor, clerk, head)] == [[], [], [], []]


def test_an_editor_records_what_was_written_on_paper_with_its_scan(sign_in):
    editor = sign_in("editor")
    editor.goto("/instructions/")
    paper = editor.screenshot()

    editor.locator("main a.button", has_text="登记批示").click()
    editor.locator("table tbody a").first.click()
    editor.select_option("#instruction-leader_id", index=1)
    editor.select_option("#instruction-leader_class", index=1)
    editor.fill("#instruction-text", TEXT)
    editor.set_input_files(
        "#instruction-scans", [{"name": "批示原件.png", "mimeType": "image/png", "buffer": paper}]
    )
    editor.locator("main button", has_text=re.compile("^登记$")).click()

    picture = editor.locator("figure.scan img")
    expect(picture).to_be_visible()
    assert "批示原件.png" in editor.locator("figure.scan").inner_text()
    editor.wait_for_function("document.querySelector('figure.scan img').naturalWidth > 0")
    assert editor.complaints == []


def test_photos_that_are_too_much_at_once_are_not_taken_and_nothing_is_lost(sign_in):
    leader = sign_in("leader")
    leader.goto("/journals/")
    leader.locator("table tbody a").first.click()
    leader.locator("a", has_text="写批示").click()
    leader.fill("#instruction-text", TEXT)
    leader.locator("summary", has_text="手写件").click()
    photos = [
        {"name": f"照片{n}.jpg", "mimeType": "image/jpeg", "buffer": bytes(11 * 1024**2)} for n in (1, 2)
    ]
    field = leader.locator(".field", has=leader.locator("#instruction-scans"))

    leader.set_input_files("#instruction-scans", photos)

    expect(field.get_by_role("alert")).to_contain_text("合计 22 兆字节，一次最多上传 20 兆字节")
    expect(field).to_contain_text("未选择文件")
    leader.set_input_files("#instruction-scans", photos[:1])
    expect(field.get_by_role("alert")).to_be_hidden()
    expect(field).to_contain_text("照片1.jpg")
    expect(leader.locator("#instruction-text")).to_have_value(TEXT)


def test_on_a_tablet_what_was_written_is_not_squeezed_and_no_column_is_cut_off(sign_in):
    leader = sign_in("leader")
    leader.set_viewport_size({"width": 820, "height": 1180})
    leader.goto("/instructions/")

    words = leader.locator("td.said").first
    table = leader.locator("table").first

    assert words.evaluate("e => e.clientWidth / parseFloat(getComputedStyle(e).fontSize)") >= 10
    assert table.evaluate("e => e.parentElement.scrollWidth <= e.parentElement.clientWidth")
