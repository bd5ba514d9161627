"""The page that waits for a turn in a real browser: it sends its form by itself, and stops when it is told to."""

import pytest
from flask import render_template
from playwright.sync_api import expect

# What the page asks the clock for before it sends its form again.
PAUSES = (
    "window.pauses = []; const own = window.setTimeout; window.setTimeout = (what, pause) =>"
    " { if (String(what).includes('requestSubmit')) pauses.push(pause); return own(what, pause) }"
)


@pytest.fixture
def refused(city):
    """The page as the server answers it to somebody whose turn it is not, with so many seconds left."""

    def page(left):
        with city.test_request_context("/"):
            return render_template(
                "errors/again.html", message="前面还有几期正在签发，本次没有签发", reason="同时签发的人较多",
                advice="请稍后再点一次", action="/journals/1/publish", kept=[], since=0, left=left, longest=120,
                back="/", user=None, office_name="",
            )  # fmt: skip

    return page


@pytest.fixture
def waiting(sign_in, refused):
    """The page in a browser whose time stands still until it is moved, and what it has sent."""

    def opened(left):
        page, sent = sign_in(""), []
        page.clock.install()
        page.add_init_script(PAUSES)
        page.route(
            "**/waiting-here", lambda route: route.fulfill(body=refused(left), content_type="text/html")
        )
        page.route("**/journals/1/publish", lambda route: (sent.append(1), route.fulfill(body="OK")))
        page.goto("/waiting-here")
        expect(page.get_by_text("本页每隔几秒自动再办一次")).to_be_visible()
        return page, sent

    return opened


@pytest.mark.parametrize("stopped", [False, True])
def test_the_form_goes_again_by_itself_unless_stopped(waiting, stopped):
    page, sent = waiting(60)
    expect(page.get_by_text("请稍后再点一次")).to_be_hidden()

    if stopped:
        page.get_by_role("button", name="停止等候").click()
        expect(page.get_by_text("已停止自动再办")).to_be_visible()
        expect(page.get_by_text("请稍后再点一次")).to_be_visible()
    page.clock.fast_forward(9_000)

    if stopped:
        page.wait_for_timeout(500)
        assert not sent
        page.get_by_role("button", name="现在再办一次").click()
    page.wait_for_url("**/journals/1/publish")
    assert len(sent) == 1


@pytest.mark.parametrize(("left", "soonest", "latest"), [(120, 1000, 2000), (60, 4000, 8000)])
def test_the_first_attempt_comes_soon_and_later_ones_less_often(waiting, left, soonest, latest):
    page, _ = waiting(left)

    pauses = page.evaluate("pauses")

    assert len(pauses) == 1 and soonest <= pauses[0] <= latest
