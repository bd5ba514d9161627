"""Reading an issue in a real browser: what counts as having read it."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from core.accounts.models import User
from core.db import db, transaction
from plugins.journal.delivery_models import JournalReading
from plugins.journal.models import JournalIssue
from tests.city import logins

pytestmark = pytest.mark.browser


@pytest.fixture
def unread(city):
    """A valid issue that the leader has not read; afterwards nobody has read it."""
    with city.app_context():
        reader = db.session.scalars(select(User.id).where(User.login == logins(city)["leader"])).one()
        valid = select(JournalIssue.id).where(
            JournalIssue.state == "published", JournalIssue.standing == "valid"
        )
        issue = db.session.scalars(valid.order_by(JournalIssue.id)).first()
        mine = (JournalReading.issue_id == issue) & (JournalReading.user_id == reader)

        def times():
            db.session.rollback()
            return db.session.scalar(select(JournalReading.times).where(mine))

        yield issue, times
        db.session.rollback()
        with transaction():
            db.session.execute(delete(JournalReading).where(mine))


@pytest.mark.parametrize("link", ["查看 PDF", "写批示"])
def test_who_opens_the_pdf_or_writes_an_instruction_at_once_has_read_the_issue(sign_in, unread, link):
    issue, times = unread
    page = sign_in("leader")
    page.add_init_script("window.setInterval = () => 0")  # the seconds before the reader's eyes never pass
    page.goto(f"/journals/{issue}")
    assert times() is None

    with page.expect_response(f"**/journals/{issue}/read") as answer:
        page.get_by_role("link", name=link).first.click(modifiers=["Control"])

    assert answer.value.status == 204 and times() == 1
    expect(page.locator(".read-mark")).to_have_text("已读")
