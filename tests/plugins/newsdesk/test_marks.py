"""Unread marks: new, changed, seen, and nothing about other offices."""

import pytest

from core.db import db
from core.submissions import services
from core.submissions.text import from_plain
from plugins.newsdesk import marks
from plugins.newsdesk.models import DeskSeen

pytestmark = pytest.mark.postgres


def test_an_item_is_new_until_it_was_looked_at(make_submission, zhang, li):
    item = make_submission("received")

    assert marks.of_items(zhang, [item.id]) == {item.id: "new"}
    assert marks.see(zhang, [item.id]) == 1
    assert marks.of_items(zhang, [item.id]) == {}
    assert marks.of_items(li, [item.id]) == {item.id: "new"}


def test_what_somebody_else_changed_since_is_marked(make_submission, zhang, li, watch):
    item = make_submission("received")
    marks.see(zhang, [item.id])
    watch.move(minutes=5)

    services.revise(li, item.id, item.version, "改过的题目", from_plain("改过的正文。"))

    assert marks.of_items(zhang, [item.id]) == {item.id: "changed"}
    marks.see(zhang, [item.id])
    assert marks.of_items(zhang, [item.id]) == {}


def test_looking_again_keeps_one_row(make_submission, zhang, watch):
    item = make_submission("received")
    for _ in range(3):
        watch.move(minutes=1)
        marks.see(zhang, [item.id])

    assert db.session.query(DeskSeen).count() == 1
    assert db.session.query(DeskSeen).one().at == watch.instant


def test_nobody_marks_what_they_may_not_see(make_submission, zhang, wang):
    item, draft = make_submission("received"), make_submission("draft", title="草稿")

    assert marks.see(wang, [item.id]) == 0
    assert marks.see(zhang, [draft.id, 999_999]) == 0
    assert db.session.query(DeskSeen).count() == 0


def test_only_what_waits_is_counted_as_unread(make_submission, zhang, wang):
    items = [
        make_submission(state, title=state) for state in ("received", "editing", "adopted", "unused", "draft")
    ]

    assert marks.unread(zhang) == 2
    assert marks.unread(wang) == 0
    marks.see(zhang, [item.id for item in items])
    assert marks.unread(zhang) == 0
