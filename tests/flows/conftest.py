"""Flows go through the pages as a person does, without script: read a page, fill in its form, press its button."""

import pytest

from core.testing import PASSWORD
from tests.shape.page_rules import forms_of


@pytest.fixture
def plugin_package():
    """The main job of the core alone; the plugins have flows of their own."""
    return "no_plugins"


class Person:
    """Somebody at a browser."""

    def __init__(self, app, user):
        self.browser, self.name = app.test_client(), user.login

    def sign_in(self, password=PASSWORD):
        """Through the sign-in page."""
        return self.send("/login", login=self.name, password=password)

    def read(self, url):
        """The text of a page, which must open."""
        page = self.browser.get(url, follow_redirects=True)
        assert page.status_code == 200, f"{url}: {page.status_code}"
        return page.text

    def send(self, url, form_at=None, **typed):
        """Fill in the form of a page and send it; what the page holds already is sent along."""
        forms = forms_of(self.browser.get(url))
        form = next(f for f in forms if f["method"] == ["post"] and (form_at or url) in (f[""][0] or url))
        return self.resend(form, url, **typed)

    def resend(self, form, url="", **typed):
        """Send a form as it stands on a page."""
        values = {name: list(found) for name, found in form.items() if name not in ("", "method")}
        values |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        return self.browser.post(form[""][0] or url, data=values, content_type="multipart/form-data")


@pytest.fixture
def person(app):
    """Sit somebody down at a browser and sign them in."""

    def seated(user):
        somebody = Person(app, user)
        assert somebody.sign_in().status_code == 302
        return somebody

    return seated
