"""The composing board: places, merging of two editors' changes, print options, frames, undo, items kept for later."""

from datetime import date

import pytest

from core.db import db
from core.errors import Conflict, InvalidInput, NotFound
from core.submissions.models import Submission
from plugins.journal import board, contents, frames, queries, services, steps, undoing
from plugins.journal.board import Spot

pytestmark = pytest.mark.postgres


@pytest.fixture
def issue(editor):
    return services.create_issue(editor, "zwyq")


@pytest.fixture
def put(editor, issue, make_submission):
    """Place a new item; returns its id in the issue."""

    def place(title, column="news", actor=None, **given):
        item = make_submission("received", title=title, **{"genre": "problem", **given})
        return board.place(actor or editor, issue.id, item.id, Spot(column)).id

    return place


def shown(issue, column="news"):
    db.session.expire_all()
    return [item.submission.title for item in issue.items if item.column == column]


def test_an_item_is_put_after_or_before_another(editor, issue, put):
    first, second, third = put("一"), put("二"), put("三")

    board.move(editor, issue.id, third, Spot("news", after=first))
    assert shown(issue) == ["一", "三", "二"]
    board.move(editor, issue.id, second, Spot("news", before=first))
    assert shown(issue) == ["二", "一", "三"]


def test_a_candidate_is_put_between_items(editor, issue, put, make_submission):
    first, _ = put("一"), put("二")
    item = make_submission("received", title="新")

    board.place(editor, issue.id, item.id, Spot("news", after=first))

    assert shown(issue) == ["一", "新", "二"]


def test_moves_of_two_editors_are_merged(editor, other_editor, issue, put):
    first, second, third = put("一"), put("二"), put("三")
    seen = issue.edits

    board.move(other_editor, issue.id, third, Spot("news", before=first), seen)
    board.move(editor, issue.id, second, Spot("advice"), seen)

    assert shown(issue) == ["三", "一"] and shown(issue, "advice") == ["二"]


def test_a_neighbour_that_has_left_is_not_waited_for(editor, other_editor, issue, put):
    first, second, third = put("一"), put("二"), put("三")
    seen = issue.edits

    board.take_out(other_editor, issue.id, first, seen)
    board.move(editor, issue.id, third, Spot("news", after=first, before=second), seen)

    assert shown(issue) == ["三", "二"]


def test_two_ways_for_one_item_are_refused_with_both_states(editor, other_editor, issue, put):
    first, second = put("一"), put("二")
    seen = issue.edits
    board.move(other_editor, issue.id, first, Spot("advice"), seen)

    with pytest.raises(
        Conflict, match=f"刚刚被{other_editor.name}移动过.*您要移到“工作动态”.*移到“问题建议”"
    ):
        board.move(editor, issue.id, first, Spot("news", after=second), seen)
    with pytest.raises(Conflict, match="您要移出这一条"):
        board.take_out(editor, issue.id, first, seen)

    assert shown(issue, "advice") == ["一"]
    board.move(editor, issue.id, first, Spot("news"), issue.edits)
    assert shown(issue) == ["二", "一"]


def test_who_took_an_item_out_is_said_to_whoever_still_moves_it(editor, other_editor, issue, put):
    first, second = put("一"), put("二")
    board.take_out(other_editor, issue.id, first)
    board.take_out(other_editor, issue.id, second, carry=True)
    said = f"《一》已由{other_editor.name}移出这一期。您的这一步没有办理"

    for act in (
        lambda: board.move(editor, issue.id, first, Spot("advice")),
        lambda: board.step(editor, issue.id, first, 1),
        lambda: board.edit(editor, issue.id, first, {"note": "按"}, {"note": ""}),
    ):
        with pytest.raises(Conflict, match=said):
            act()
    with pytest.raises(Conflict, match=f"《二》已由{other_editor.name}移出这一期，留待下期"):
        board.step(editor, issue.id, second, 1)
    with pytest.raises(NotFound):
        board.step(editor, issue.id, 999_999, 1)


def test_the_same_wish_twice_is_no_conflict(editor, other_editor, issue, put, make_submission):
    first, item = put("一"), make_submission("received", title="同一条", genre="problem")
    seen = issue.edits

    board.place(other_editor, issue.id, item.id, Spot("news"))
    board.place(editor, issue.id, item.id, Spot("news"))
    board.take_out(other_editor, issue.id, first, seen)
    board.take_out(editor, issue.id, first, seen)

    assert shown(issue) == ["同一条"]
    with pytest.raises(Conflict, match="已在这一期的“工作动态”.*您要放入“问题建议”"):
        board.place(editor, issue.id, item.id, Spot("advice"))


def test_print_options_of_two_editors_are_merged_field_by_field(editor, other_editor, issue, put):
    item = put("一")

    board.edit(other_editor, issue.id, item, {"print_title": "改过的题"}, {"print_title": ""})
    board.edit(editor, issue.id, item, {"print_title": "", "note": "按"}, {"print_title": "", "note": ""})
    with pytest.raises(Conflict, match="您填写的是“另一个题”；现为“改过的题”"):
        board.edit(editor, issue.id, item, {"print_title": "另一个题"}, {"print_title": ""})

    db.session.expire_all()
    printed = contents.printed(issue.items[0])
    assert (printed.title, printed.note, printed.source) == ("改过的题", "按", "甲县")


@pytest.mark.parametrize("typed", ["编者按：供参阅。", "【编者按】： 供参阅。", "编者按:供参阅。"])
def test_the_label_of_an_editors_note_is_not_printed_twice(editor, issue, put, typed):
    item = put("一")
    board.edit(editor, issue.id, item, {"note": typed}, {"note": ""})
    frames.edit_issue(editor, issue.id, {"note": f"{typed}\n编者按：另起一段。"}, {"note": ""})

    db.session.expire_all()
    assert issue.items[0].note == "供参阅。" and issue.note == "供参阅。\n编者按：另起一段。"
    board.edit(editor, issue.id, item, {"note": "编者按语见后。"}, {"note": "供参阅。"})
    assert issue.items[0].note == "编者按语见后。"


def test_the_last_own_change_is_undone(editor, other_editor, issue, put, make_submission):
    first, second = put("一"), put("二")
    board.edit(editor, issue.id, first, {"note": "按语"}, {})
    board.move(editor, issue.id, second, Spot("news", before=first))
    board.take_out(editor, issue.id, first)
    extra = make_submission("received", title="别人放的")
    board.place(other_editor, issue.id, extra.id, Spot("news"))

    undoing.undo(editor, issue.id)
    assert shown(issue) == ["二", "一", "别人放的"] and issue.items[1].note == "按语"
    undoing.undo(editor, issue.id)
    assert shown(issue) == ["一", "二", "别人放的"]
    undoing.undo(editor, issue.id)
    assert issue.items[0].note == ""
    undoing.undo(editor, issue.id)
    undoing.undo(editor, issue.id)
    assert shown(issue) == ["别人放的"]
    with pytest.raises(Conflict, match="没有可以撤销的改动"):
        undoing.undo(editor, issue.id)
    assert [step.kind for step in steps.recent(issue.id, 2)] == ["undo", "undo"]


def test_what_others_have_built_on_is_not_undone(editor, other_editor, issue, put):
    first = put("一")
    board.move(editor, issue.id, first, Spot("advice"))
    board.move(other_editor, issue.id, first, Spot("news"))

    with pytest.raises(Conflict, match=f"不能撤销.*此后{other_editor.name}.*移到“工作动态”"):
        undoing.undo(editor, issue.id)


def test_an_item_kept_for_later_waits_for_the_next_issue(editor, issue, put):
    first = put("一")
    number = issue.items[0].submission_id

    board.take_out(editor, issue.id, first, carry=True)

    assert [kept.submission_id for kept in queries.carried(issue.office_id, "zwyq")] == [number]
    assert db.session.get(Submission, number).state == "editing"
    later = services.create_issue(editor, "zwyq")
    board.place(editor, later.id, number, Spot("news"))
    assert queries.carried(issue.office_id, "zwyq") == [] and shown(later) == ["一"]


def test_a_frame_is_changed_field_by_field_and_undone(editor, other_editor, issue):
    before = {"copies": 120, "caption:news": ""}

    frames.edit_issue(other_editor, issue.id, {"caption:news": "本周要事", "copies": 120}, before)
    frames.edit_issue(editor, issue.id, {"caption:news": "", "copies": 60}, before)
    with pytest.raises(Conflict, match="“印数”刚刚被别人改过.*您填写的是“90”；现为“60”"):
        frames.edit_issue(other_editor, issue.id, {"copies": 90}, before)

    journal = queries.journal_for(issue, issue.created_at.date())
    assert (journal.copies, journal.column("news").caption) == (60, "本周要事")
    undoing.undo(editor, issue.id)
    assert queries.journal_for(issue, issue.created_at.date()).copies == 120 and "copies" not in issue.frame


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"copies": 0}, "印数应在"),
        ({"columns": ["news"]}, "每个栏目各列一次"),
        ({"secrecy": "秘密"}, "不能标“秘密”"),
        ({"planned_on": date(2020, 1, 1)}, "相差不能超过"),
        ({"note": "字" * 2001}, "不超过 2000 字"),
        ({"distribution": [{"label": "报" * 9, "to": "某"}]}, "类别不超过 8 字"),
    ],
)
def test_what_cannot_be_printed_is_refused(editor, issue, given, said):
    with pytest.raises(InvalidInput, match=said):
        frames.edit_issue(editor, issue.id, given, {})


def test_a_new_issue_takes_the_last_frame_or_a_saved_one(editor, issue):
    order = ["grassroots", "news", "advice"]
    frames.edit_issue(editor, issue.id, {"copies": 60, "columns": order, "note": "只此一期"}, {})
    saved = frames.save_frame(editor, issue.id, "半月专题")

    plain = services.create_issue(editor, "zwyq")
    named = services.create_issue(editor, "zwyq", like=str(saved.id))
    last = services.create_issue(editor, "zwyq", like=frames.LAST)

    def of(one):
        journal = queries.journal_for(one, one.created_at.date())
        return journal.copies, [column.id for column in journal.columns], one.note

    assert of(plain) == (120, ["news", "advice", "grassroots"], "")
    assert of(named) == of(last) == (60, order, "")
