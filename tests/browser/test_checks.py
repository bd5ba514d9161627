"""Remarks while somebody writes: they come by themselves, and a decision on one loses nothing of the text."""

import pytest

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
