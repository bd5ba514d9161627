"""The fixtures themselves: what a test may rely on."""

import pytest

from core import clock
from core.testing import NOON, WAYS, login


@pytest.mark.parametrize("state", WAYS)
def test_an_item_can_be_made_in_every_state(make_submission, state):
    assert make_submission(state).state == state


def test_a_browser_signs_in_and_out_with_every_request_on_its_own(client, make_user):
    before = client.get("/me")
    login(client, make_user("editor", name="李编辑"))

    page = client.get("/me")

    assert before.status_code == 302
    assert page.status_code == 200 and "李编辑" in page.text
    assert client.submit("/logout").status_code == 302
    assert client.get("/me").status_code == 302


def test_the_watch_stands_until_it_is_moved(watch):
    assert clock.now() == NOON

    watch.move(minutes=5)

    assert (clock.now() - NOON).seconds == 300
