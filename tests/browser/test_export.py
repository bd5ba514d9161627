"""A long register in a real browser: offered, made by a worker of its own, followed to its end and saved."""

import os
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from sqlalchemy import delete, insert, select

from core.db import db, transaction
from core.documents import exports
from core.jobs.models import Job
from core.jobs.worker import run_due
from plugins.instructions import register
from plugins.instructions.models import Instruction
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import axe, english

LINES = exports.SHORT + 1


@pytest.fixture
def long_register(city) -> Iterator[str]:
    """The words that find more instructions in the demo city than come at once."""
    word = "长登记簿试验"
    with city.app_context():
        first = db.session.scalars(
            select(Instruction).where(Instruction.submission_id.is_not(None)).limit(1)
        ).one()
        kept = {
            column.name: getattr(first, column.key)
            for column in Instruction.__table__.columns
            if column.key not in ("id", "number")
        }
        with transaction():
            db.session.execute(insert(Instruction), [{**kept, "text": f"{word}{n}"} for n in range(LINES)])
    yield word
    with city.app_context(), transaction():
        db.session.execute(delete(Instruction).where(Instruction.text.startswith(word)))
        db.session.execute(delete(Job).where(Job.kind == register.EXPORT.kind))


def test_a_long_register_is_offered_made_and_saved(sign_in, city, long_register, tmp_path):
    page = sign_in("editor")
    page.goto(f"/instructions/?text={long_register}")
    page.click("text=下载 Excel")
    expect(page.locator("main")).to_contain_text(f"批示登记簿共 {LINES} 条")
    faults = list(page.complaints)
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        faults += [*axe(page), *english(page)]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/offer.png")

    page.get_by_role("button", name="开始生成").click()
    expect(page.locator("main")).to_contain_text("等待中")
    run_due(city)
    expect(page.locator("main")).to_contain_text(f"表格已备好，共 {LINES} 条")
    if shots:
        page.screenshot(path=f"{shots}/job.png")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载（").click()

    assert saved.value.suggested_filename.startswith("批示登记簿") and faults == []
    saved.value.save_as(tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx")[register.TITLE].max_row == LINES + 1
