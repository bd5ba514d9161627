"""The page of a background job in a real browser: it shows the end, without calling off what the person has begun."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from core import clock
from core.accounts.models import User
from core.db import db, transaction
from core.jobs.models import Job
from tests.city import logins

OVER = '<div class="job-progress" data-live-over><p>已经办完</p></div>'


@pytest.fixture
def running_job(city):
    """The address of a job of the editor that nobody works on."""
    with city.app_context():
        with transaction():
            who = db.session.scalars(select(User).where(User.login == logins(city)["editor"])).one()
            now = clock.now()
            job = Job(
                kind="journal.volume", title="试办的任务", office_id=who.office_id, actor_id=who.id, state="running",
                created_at=now, due_at=now,
            )  # fmt: skip
            db.session.add(job)
        number = job.id
    yield f"/jobs/{number}"
    with city.app_context(), transaction():
        db.session.execute(delete(Job).where(Job.id == number))


@pytest.mark.parametrize("leaving", [False, True])
def test_a_job_s_page_is_shown_anew_at_its_end(sign_in, running_job, leaving):
    page = sign_in("editor")
    page.clock.install()
    page.goto(running_job)
    page.evaluate("window.before = true")
    if leaving:  # as a download does it: announced, and no other page comes
        page.evaluate("window.dispatchEvent(new Event('beforeunload'))")

    page.route(re.compile("/live$"), lambda route: route.fulfill(body=OVER, content_type="text/html"))

    if leaving:
        expect(page.get_by_text("已经办完")).to_be_visible()
        page.wait_for_timeout(3000)
        assert page.evaluate("window.before") is True
        page.clock.fast_forward(60_000)
    page.wait_for_function("() => window.before === undefined")
    assert page.url.endswith(running_job)
