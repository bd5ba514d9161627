"""One action on many items: each by itself, each with a line, nothing of what lies out of reach."""

from unittest.mock import patch

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import InvalidInput, PermissionDenied
from core.notices.models import Notice
from core.submissions import decisions, leases, services
from core.submissions.models import Submission, SubmissionEvent
from plugins.newsdesk import batch, marks
from plugins.newsdesk.batch import Action

pytestmark = pytest.mark.postgres


def states(*items):
    db.session.expire_all()
    return [db.session.get(Submission, item.id).state for item in items]


def test_several_items_are_returned_at_once_with_one_reason(make_submission, zhang):
    items = [make_submission("received", title=f"第{n}条") for n in range(3)]

    results = batch.act(zhang, [item.id for item in items], Action("return", "请补充数据"))

    assert [(r.title, r.done, r.text) for r in results] == [(f"第{n}条", True, "已退回") for n in range(3)]
    assert states(*items) == ["returned"] * 3
    reasons = db.session.scalars(select(SubmissionEvent.reason).where(SubmissionEvent.title == "退回"))
    assert set(reasons) == {"请补充数据"}


def test_what_fails_for_one_item_does_not_touch_the_others(make_submission, zhang, li):
    free, held, done = (
        make_submission(s, title=t) for s, t in (("received", "甲"), ("received", "乙"), ("adopted", "丙"))
    )
    leases.hold(li, held.id)

    results = batch.act(zhang, [free.id, held.id, done.id, 999_999], Action("decline", "与他处重复"))

    assert [r.done for r in results] == [True, False, False, False]
    assert results[0].text == "已定为不采用"
    assert "李四正在编辑" in results[1].text and "已采用" in results[2].text
    assert results[3].title == "编号 999999"
    assert states(free, held, done) == ["unused", "received", "adopted"]
    assert batch.act(zhang, [free.id], Action("reconsider"))[0].text == "已转回编辑中，由您负责"


def test_an_item_in_an_issue_is_refused_with_the_way_out(make_submission, zhang):
    inside, gone = make_submission("selected", title="甲"), make_submission("unused", title="乙")

    results = batch.act(zhang, [inside.id, gone.id], Action("return", "请补充数据"))

    assert results[0].text == "不能退回：这条信息现在是“已入选”。它已编入刊物，要先在编排页移出那一期。"
    assert results[1].text == "不能退回：这条信息现在是“未采用”。可能刚刚有人处理过。"


def test_a_fault_in_the_middle_of_one_item_leaves_nothing_of_it(make_submission, zhang):
    first, second = make_submission("received", title="甲"), make_submission("received", title="乙")
    real, calls = services.tell_refused, []

    def broken(*given):
        calls.append(given)
        if len(calls) == 2:
            raise InvalidInput("磁盘已满")
        real(*given)

    with patch("core.submissions.services.tell_refused", broken):
        results = batch.act(zhang, [first.id, second.id], Action("return", "请核实"))

    assert [r.done for r in results] == [True, False]
    assert states(first, second) == ["returned", "received"]
    assert {n.about.split(":")[1] for n in db.session.scalars(select(Notice))} == {str(first.id)}


def test_items_of_another_office_stay_unknown(make_submission, office_staff, zhang):
    foreign = make_submission("received", unit=office_staff.elsewhere, title="外单位的秘密题目")

    for action in (
        Action("take"),
        Action("return", "理由"),
        Action("seen"),
        Action("transfer", to_id=office_staff.li.id),
    ):
        (result,) = batch.act(zhang, [foreign.id], action)
        assert not result.done
        assert "秘密" not in result.title + result.text
    assert states(foreign) == ["received"]


def test_claiming_handing_over_and_marking(make_submission, zhang, li):
    items = [make_submission("received", title=f"第{n}条") for n in range(2)]
    ids = [item.id for item in items]

    assert all(r.done for r in batch.act(zhang, ids, Action("take")))
    assert all(r.done for r in batch.act(zhang, ids, Action("transfer", "请您看", to_id=li.id)))
    assert [db.session.get(Submission, n).editor_id for n in ids] == [li.id, li.id]
    assert all(r.done for r in batch.act(li, ids, Action("seen")))
    assert marks.of_items(li, ids) == {}


def test_a_line_offers_to_undo_and_undoing_works(make_submission, zhang):
    item = make_submission("received")
    (result,) = batch.act(zhang, [item.id], Action("return", "请核实"))

    (undone,) = batch.act(zhang, [item.id], Action("undo", event_id=result.event_id))

    assert undone.done and states(item) == ["received"]
    assert decisions.last_decision(db.session.get(Submission, item.id)) is None


@pytest.mark.parametrize(
    ("ids", "action", "words"),
    [
        ([], Action("take"), "还没有选择"),
        ([1], Action("publish"), "请选择要办理的操作"),
        ([1], Action("return", "  "), "须说明理由"),
        (range(1, 102), Action("take"), "一次最多办理 100 条"),
    ],
)
def test_nonsense_is_refused_before_anything_is_done(zhang, ids, action, words):
    with pytest.raises(InvalidInput, match=words):
        batch.act(zhang, list(ids), action)


def test_an_informant_has_no_desk(make_submission, staff, unit):
    with pytest.raises(PermissionDenied):
        batch.act(staff("informant", unit), [make_submission("received").id], Action("take"))
