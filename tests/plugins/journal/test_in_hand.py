"""Whose an item is that went into an issue unclaimed and came out again: somebody's, or to be claimed."""

import re

import pytest

from core.db import db
from core.submissions import services as items
from core.submissions.models import Submission
from core.submissions.text import from_plain
from core.testing import login
from plugins.journal import board, publishing, services, signing, undoing, withdrawing


@pytest.fixture
def received(make_submission):
    return make_submission("received", title="示例县启动春耕")


@pytest.fixture
def placed(editor, received):
    issue = services.create_issue(editor, "zwyq")
    services.add_item(editor, issue.id, received.id, "news")
    return issue


@pytest.fixture
def desk(app, pack, make_user):
    """A browser of another editor."""
    browser = app.test_client()
    login(browser, make_user("editor"))
    return browser


def told(item) -> list[str]:
    db.session.refresh(item)
    return [event.title for event in reversed(item.events)]


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["taken out", "draft deleted", "issue withdrawn"])
def test_whoever_puts_it_in_has_it_in_hand_when_it_comes_out(
    editor, issuer, received, placed, quick_pages, way
):
    assert told(received)[-2:] == ["认领编辑", "入选"]

    if way == "taken out":
        board.take_out(editor, placed.id, placed.items[0].id)
    elif way == "draft deleted":
        services.discard(editor, placed.id)
    else:
        signing.send_for_signature(editor, placed.id)
        publishing.publish(issuer, placed.id)
        withdrawing.withdraw(issuer, placed.id, "数据有误")

    db.session.refresh(received)
    assert (received.state, received.editor_id) == ("editing", editor.id)


def test_undoing_at_once_leaves_it_as_it_was_received(editor, received, placed):
    undoing.undo(editor, placed.id)

    assert told(received)[-3:] == ["认领编辑", "入选", "撤销入选"]
    assert (received.state, received.editor_id) == ("received", None)


def test_undoing_keeps_what_was_claimed_before(editor, other_editor, make_submission):
    item, issue = make_submission("editing"), services.create_issue(other_editor, "zwyq")
    services.add_item(other_editor, issue.id, item.id, "news")

    undoing.undo(other_editor, issue.id)

    db.session.refresh(item)
    assert (item.state, item.editor_id) == ("editing", editor.id)


def test_undoing_after_a_revision_keeps_the_item_in_hand(editor, received, placed):
    db.session.refresh(received)
    items.revise(editor, received.id, received.version, "改过的标题", from_plain("改过的正文。"))

    undoing.undo(editor, placed.id)

    db.session.refresh(received)
    assert (received.state, received.editor_id) == ("editing", editor.id)


def test_what_is_in_hand_and_nobodys_is_counted_and_can_be_claimed(desk, placed, received, editor):
    board.take_out(editor, placed.id, placed.items[0].id)
    orphan(received)
    assert card(desk, "待处理信息") == "1"
    page = desk.get(f"/submissions/{received.id}").text
    assert "认领编辑" in page

    desk.submit(f"/submissions/{received.id}/move", {"name": "take"})

    db.session.refresh(received)
    assert received.editor_id and received.editor_id != editor.id
    assert card(desk, "待处理信息") == "0" and card(desk, "我编辑中的") == "1"
    page = desk.get(f"/submissions/{received.id}").text
    assert 'value="take"' not in page and "上一步：认领编辑" in page


def test_claiming_many_takes_what_is_nobodys_and_refuses_what_has_an_editor(
    desk, placed, received, editor, make_submission
):
    board.take_out(editor, placed.id, placed.items[0].id)
    orphan(received)
    other = make_submission("editing")

    answer = desk.submit("/desk/act", {"action": "take", "id": [received.id, other.id]}).text

    assert "不能认领编辑：这条信息现在是“编辑中”" in answer
    db.session.refresh(received)
    db.session.refresh(other)
    assert received.editor_id not in (None, editor.id) and other.editor_id == editor.id
    desk.submit(f"/submissions/{received.id}/undo", {"event": received.events[0].id})
    db.session.refresh(received)
    assert (received.state, received.editor_id) == ("editing", None)


def orphan(item: Submission) -> None:
    """As items were left that were put in before placing claimed them."""
    db.session.refresh(item)
    item.editor_id = None
    db.session.commit()


def card(browser, title: str) -> str:
    """The number on a tile of the home page."""
    tile = rf'class="card-title">{title}</span>\s*<span class="card-count">(\d+)<'
    return re.search(tile, browser.get("/").text)[1]
