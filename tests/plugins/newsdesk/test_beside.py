"""What other plugins put beside the text of the item that an editor has before them in the queue."""

from types import ModuleType

import pytest
from markupsafe import Markup

from core.hookspecs import Panel, hookimpl


@pytest.fixture
def app(make_app, settings):
    """The app with a plugin that has something to say about items in hand, and a block for their own pages."""
    module = ModuleType("beside")
    module.beside_text = hookimpl(
        lambda actor, submission: [Panel("旁证", Markup("<p>关于") + submission.title + Markup("</p>"))]
    )
    module.submission_panels = hookimpl(lambda actor, submission: [Panel("另页", Markup("<form></form>"))])
    made = make_app(extra=[module], **settings)
    with made.app_context():
        yield made


def test_what_is_worth_seeing_stands_beside_the_text_and_forms_do_not(browser, make_submission):
    item = make_submission("received", title="春耕<备耕>")

    pane = browser.get(f"/desk/items/{item.id}?fragment=1").text

    assert "<h3>旁证</h3><p>关于春耕&lt;备耕&gt;</p>" in pane
    assert "另页" not in pane
