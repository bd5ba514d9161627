"""Composing: placing, moving, limits, two editors, signature and its way back."""

import pytest

from core import clock
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.packs import services as packs
from core.plugins import announce
from core.testing import actor_of
from plugins.journal import board, contents, guards, queries, services, signing
from plugins.journal.board import Spot
from tests.plugins.journal.conftest import JOURNALS


def order(issue):
    db.session.expire_all()
    return [(item.column, item.submission.title) for item in issue.items]


def test_a_placed_item_is_selected_and_stands_at_the_end(editor, make_submission):
    issue = services.create_issue(editor, "zwyq")
    first, second = (make_submission("editing", title=title) for title in ("第一条", "第二条"))

    services.add_item(editor, issue.id, first.id, "news")
    services.add_item(editor, issue.id, second.id, "news")

    assert order(issue) == [("news", "第一条"), ("news", "第二条")]
    assert {first.state, second.state} == {"selected"}


def test_items_move_within_and_between_columns(editor, make_submission):
    issue = services.create_issue(editor, "zwyq")
    first, second, third = (
        services.add_item(
            editor, issue.id, make_submission("received", title=title, genre="problem").id, column
        ).id
        for title, column in (("一", "news"), ("二", "advice"), ("三", "news"))
    )

    board.step(editor, issue.id, third, -1)
    assert order(issue) == [("news", "三"), ("news", "一"), ("advice", "二")]
    board.step(editor, issue.id, third, -1)
    assert order(issue)[0] == ("news", "三")
    board.move(editor, issue.id, first, Spot("advice"))
    assert order(issue) == [("news", "三"), ("advice", "二"), ("advice", "一")]


def test_an_item_stands_in_one_draft_only(editor, make_submission):
    item = make_submission("editing")
    services.add_item(editor, services.create_issue(editor, "zwyq").id, item.id, "news")

    with pytest.raises(Conflict, match="已放入《政务要情》"):
        services.add_item(editor, services.create_issue(editor, "zwkx").id, item.id, "news")


def test_a_removed_item_goes_back_to_the_editors(editor, make_submission):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("editing")
    placed = services.add_item(editor, issue.id, item.id, "news")

    board.take_out(editor, issue.id, placed.id)

    assert item.state == "editing" and order(issue) == []


def test_a_deleted_draft_gives_its_items_back(editor, make_submission):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("editing")
    services.add_item(editor, issue.id, item.id, "news")

    services.discard(editor, issue.id)

    assert item.state == "editing"
    with pytest.raises(NotFound):
        queries.issue(editor, issue.id)


def test_columns_refuse_genres_and_kinds_of_units(editor, make_submission):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("received", genre="work_news")

    for column in ("advice", "grassroots"):
        with pytest.raises(InvalidInput, match="不收这条信息"):
            services.add_item(editor, issue.id, item.id, column)
    with pytest.raises(InvalidInput, match="没有这个栏目"):
        services.add_item(editor, issue.id, item.id, "nowhere")
    assert item.state == "received"


def test_a_passed_limit_is_shown_and_keeps_the_issue_from_being_sent(editor, make_submission):
    issue = services.create_issue(editor, "zwyq")
    for number in range(3):
        services.add_item(editor, issue.id, make_submission("received", title=f"第{number}条").id, "news")
    journal = queries.journals_of(issue.office_id, issue.created_at.date())[0]

    remarks = {r.text: r.blocking for r in contents.remarks(issue, journal)}

    assert remarks == {"“工作动态”最多 2 条，现有 3 条": True, "甲县在本期有 3 条": False}
    with pytest.raises(InvalidInput, match="最多 2 条"):
        signing.send_for_signature(editor, issue.id)


def test_an_empty_issue_is_not_sent(editor):
    with pytest.raises(InvalidInput, match="还没有放入信息"):
        signing.send_for_signature(editor, services.create_issue(editor, "zwyq").id)


def test_an_issue_sent_for_signature_is_locked_until_it_comes_back(editor, issuer, make_submission):
    issue = services.create_issue(editor, "zwyq")
    placed = services.add_item(editor, issue.id, make_submission("received").id, "news")
    signing.send_for_signature(editor, issue.id)

    with pytest.raises(Conflict, match="待签发"):
        board.take_out(editor, issue.id, placed.id)
    with pytest.raises(InvalidInput, match="理由"):
        signing.send_back(issuer, issue.id, " ")
    signing.send_back(issuer, issue.id, "第一条标题请再核")
    assert (issue.state, issue.sent_back_reason) == ("draft", "第一条标题请再核")
    signing.send_for_signature(editor, issue.id)
    signing.recall(editor, issue.id)
    assert issue.state == "draft"


def test_an_item_taken_back_leaves_the_draft(editor, make_submission):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("received")
    services.add_item(editor, issue.id, item.id, "news")
    signing.send_for_signature(editor, issue.id)

    announce("submission_taken_back", submission_id=item.id)

    assert order(issue) == [] and issue.state == "draft" and "自动移出" in issue.sent_back_reason


def test_items_of_a_column_the_pack_no_longer_has_can_be_moved(editor, office, pack_folder, make_submission):
    issue = services.create_issue(editor, "zwyq")
    item = services.add_item(editor, issue.id, make_submission("received", genre="problem").id, "advice").id
    newer, _ = packs.install(None, pack_folder(JOURNALS.replace("id: advice", "id: proposals"), "1.1.0"))
    packs.activate(None, office.id, newer.id, clock.today())
    journal = queries.journal_of(office.id, "zwyq", clock.today())

    parts = contents.filled(issue, journal)

    assert [part.column.title for part in parts if part.items] == ["问题建议（现行规则包已无此栏目）"]
    assert [remark.text for remark in contents.remarks(issue, journal) if remark.blocking] == [
        "“问题建议（现行规则包已无此栏目）”中有 1 条，请移到其他栏目"
    ]
    assert (
        guards.column_title(issue, "advice") == "问题建议" and guards.column_title(issue, "gone") == "原栏目"
    )
    with pytest.raises(InvalidInput, match="请移到其他栏目"):
        signing.send_for_signature(editor, issue.id)
    board.move(editor, issue.id, item, Spot("proposals"))
    assert signing.send_for_signature(editor, issue.id).state == "awaiting"


def test_only_editors_of_the_office_compose(
    editor, issuer, staff, unit, make_office, make_user, make_submission
):
    issue, item = services.create_issue(editor, "zwyq"), make_submission("received")

    for actor in (issuer, staff("informant", unit)):
        with pytest.raises(PermissionDenied):
            services.create_issue(actor, "zwyq")
    with pytest.raises(PermissionDenied):
        services.add_item(issuer, issue.id, item.id, "news")
    stranger = actor_of(make_user("editor", office=make_office()))
    for actor in (stranger, staff("informant", unit), staff("leader", unit)):
        with pytest.raises(NotFound):
            services.add_item(actor, issue.id, item.id, "news")
