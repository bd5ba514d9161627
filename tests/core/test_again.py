"""Which refused forms may be sent again by the page itself: only those that say the same when sent anew."""

import io

import pytest

from core import again

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("form", "headers", "wanted"),
    [
        ({"version": "3", "remark": "同意", "csrf_token": "x"}, OURS, True),
        ({}, OURS, True),
        ({f"item-{n}": "1" for n in range(200)}, OURS, True),
        ({f"item-{n}": "1" for n in range(201)}, OURS, False),
        ({"version": "3", "password": "x"}, OURS, False),
        ({"version": "3", "scan": (io.BytesIO(b"x"), "x.png")}, OURS, False),
        ({"version": "3"}, {"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_a_form_is_sent_again_only_when_nothing_of_it_is_missing(app, form, headers, wanted):
    with app.test_request_context("/journals/1/steps", method="POST", data=form, headers=headers):
        assert again.possible() is wanted


def test_a_page_that_is_only_read_is_not_sent_again(app):
    with app.test_request_context("/journals/1"):
        assert again.possible() is False
