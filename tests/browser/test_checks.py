"""Remarks while somebody writes: they come by themselves, and a decision on one loses nothing of the text."""

import pytest
from sqlalchemy import select

from core.accounts.models import User
from core.db import db, transaction
from core.submissions import leases, services
from core.submissions.models import Submission
from core.submissions.services import Draft
from core.submissions.text import from_plain
from core.testing import actor_of
from tests.browser.conftest import boxes
from tests.city import logins

pytestmark = pytest.mark.browser


def test_remarks_follow_the_text_and_can_be_settled(sign_in):
    page = sign_in("informant")
    page.goto("/submissions/new")
    page.fill("#title", "全市部署城区防汛排涝工作")

    page.click("[data-editor] [contenteditable]")
    page.keyboard.type("2月30日，市政府召开会议，，部署防汛工作。")
    page.locator("#remarks", has_text="没有“2月30日”").wait_for(timeout=15000)
    page.keyboard.type("全市清理帐号210个。")
    page.locator("#remarks", has_text="应为“账号”").wait_for(timeout=15000)
    page.wait_for_url("**/edit", timeout=20000)
    page.locator("#remarks form button").first.wait_for(timeout=15000)
    page.locator("#remarks form button").first.click()
    page.locator("#remarks summary", has_text="不再提示的 1 条").wait_for(timeout=15000)

    assert "全市清理帐号210个" in page.locator("[data-editor] [contenteditable]").inner_text()
    assert page.complaints == []


@pytest.fixture
def received(city):
    """A fresh item with something to remark on; afterwards it is out of everybody's way."""
    with city.app_context():
        known = logins(city)
        informant, leader = _actor(known["informant"]), _actor(known["signing_leader"])
        body = from_plain("全市清理帐号210个。")
        item = services.create(
            informant, Draft(next(iter(informant.unit_ids)), "brief", "检查修改页的提示", body)
        )
        services.send(informant, item.id, item.version)
        services.sign(leader, item.id, item.version)
        number = item.id
        yield number
        with transaction():
            item = db.session.get(Submission, number, populate_existing=True)
            leases.end(item)
            item.state = "unused"


def _actor(login):
    return actor_of(db.session.scalars(select(User).where(User.login == login)).one())


def test_a_remark_is_settled_and_told_again_beside_an_unsaved_revision(sign_in, received):
    page = sign_in("editor")
    page.goto(f"/submissions/{received}/revise")
    remarks = page.locator("[data-remarks]")
    page.fill("#title", "没有保存的新题目")

    remarks.get_by_role("button", name="不再提示").first.click()
    remarks.locator("summary", has_text="不再提示的 1 条").click()
    remarks.get_by_role("button", name="恢复提示").click()
    remarks.locator("summary").wait_for(state="detached")

    assert remarks.locator("li", has_text="账号").count() == 1
    assert page.input_value("#title") == "没有保存的新题目"
    assert page.complaints == []


def test_the_original_stays_beside_the_revision_wide_enough_to_be_read(sign_in, received):
    page = sign_in("editor")
    page.set_viewport_size({"width": 1366, "height": 420})
    page.goto(f"/submissions/{received}/revise")
    beside = page.locator("aside.side")
    side, text = boxes(page, "aside.side", ".editor")
    assert side["width"] > 0.7 * text["width"]

    page.locator("#note").scroll_into_view_if_needed()

    # It goes along; only the end of the page pushes it up a little.
    assert beside.bounding_box()["y"] > -60


def test_remarks_stay_beside_a_revision_however_long_it_takes(sign_in, received):
    page = sign_in("editor")
    page.goto(f"/submissions/{received}/revise")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/revise") else None)

    page.wait_for_timeout(2500)

    assert page.locator("[data-remarks] li", has_text="账号").count() == 1
    assert asked == [], "the page is not asked for again and again"
    assert page.complaints == []
