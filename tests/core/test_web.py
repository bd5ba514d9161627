"""What every page shares: tags of form fields, addresses of a list's pages."""

import pytest
from markupsafe import Markup
from wtforms.widgets.core import html_params

from core import web


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "title", "id": "title", "type": "text", "value": "", "maxlength": 120, "required": True},
        {
            "value": "\" onfocus='x' <b>&amp;",
            "aria_invalid": False,
            "aria_describedby": "a-help",
            "data_count": 5,
        },
        {"value": Markup('<i title="x">'), "class_": "wide", "autofocus": True, "checked": False},
        {"value": None, "data_html": Markup("&quot;"), "list": "", "max": 1, "min": 0},
    ],
)
def test_attributes_are_those_the_library_writes(given):
    assert web.attributes(**given) == html_params(**given)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/submissions/", "/submissions/?page=3"),
        ("/submissions/?page=7", "/submissions/?page=3"),
        ("/submissions/?text=a%26b&page=7&dir=asc", "/submissions/?text=a%26b&dir=asc&page=3"),
        ("/submissions/?state=draft&state=received", "/submissions/?state=draft&state=received&page=3"),
    ],
)
def test_other_pages_of_a_list_keep_what_was_asked_for(app, asked, found):
    with app.test_request_context(asked):
        assert [web.page_url(2), web.page_url(3)] == [found.replace("page=3", "page=2"), found]
