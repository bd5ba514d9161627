"""The whole life of a submission: written, signed, edited, returned, withdrawn, with everything kept."""

from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import facts
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.hookspecs import hookimpl
from core.submissions import queries, services
from core.submissions.models import Contributor, Revision, Submission, SubmissionEvent
from core.submissions.services import Draft
from core.submissions.text import from_plain, plain
from core.submissions.workflow import WITH_EDITORS
from core.testing import BODY, TITLE, actor_of

pytestmark = pytest.mark.postgres
REASON = "数据有误，请核实"


def written(item, **changed):
    """A draft with the item's present content, changed in places."""
    known = {
        "unit_id": item.unit_id,
        "genre": item.genre,
        "title": item.title,
        "body": item.body,
        "authors": item.authors,
    }
    return Draft(**{**known, **changed})


def standing(item):
    """The facts about an item that have not been withdrawn."""
    found = facts.of_office(item.office_id)
    gone = {f.reverses_id for f in found}
    return [f for f in found if f.item == item.item_key and f.reverses_id is None and f.id not in gone]


@pytest.fixture
def writer(staff, unit):
    return staff("informant", unit)


@pytest.fixture
def leader(staff, unit):
    return staff("signing_leader", unit)


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


# ---- the straight way -----------------------------------------------------------------------------------------------


def test_an_item_goes_from_draft_to_adoption(writer, leader, editor, unit, watch):
    item = services.create(
        writer,
        Draft(unit.id, "experience", f" {TITLE} ", from_plain(BODY), urgency="urgent", authors=["张三"]),
    )
    assert (item.state, item.title, item.urgency, item.authors) == ("draft", TITLE, "urgent", ["张三"])
    assert item.characters == 48

    services.send(writer, item.id, item.version)
    watch.move(hours=1)
    services.sign(leader, item.id, item.version)
    assert (item.state, item.received_at) == ("received", watch.instant)

    services.move(editor, item.id, "take")
    assert (item.state, item.editor_id) == ("editing", editor.id)
    services.revise(editor, item.id, item.version, "我县春季农业生产全面展开", from_plain(BODY), "改标题")
    for step in ("select", "adopt"):
        with transaction():
            services.compile_move(editor, item, step)

    assert item.state == "adopted"
    assert [e.title for e in reversed(item.events)] == [
        "新建草稿", "送审", "审签报送", "认领编辑", "修改（第 2 稿）", "入选", "采用",
    ]  # fmt: skip


def test_what_was_received_is_a_countable_fact(make_submission, make_unit, watch):
    joint = make_unit("乙县人民政府")
    item = make_submission("received", joint=[joint])

    (fact,) = standing(item)

    assert (fact.kind, fact.title, fact.attrs) == (
        "submitted",
        TITLE,
        {"genre": "work_news", "characters": item.characters},
    )
    assert [u.unit_id for u in fact.units] == [item.unit_id, joint.id]
    assert fact.on == (watch.instant + timedelta(hours=8)).date()


def test_an_item_received_before_midnight_counts_for_that_day(make_submission, leader, watch):
    item = make_submission("awaiting")
    watch.move(hours=11, minutes=59)

    services.sign(leader, item.id, item.version)

    assert standing(item)[0].on.day == 18


def test_every_step_leaves_a_trail(make_submission):
    make_submission("editing")

    trail = list(db.session.scalars(select(AuditRecord.action)))
    assert [a for a in trail if a in ("送审", "审签报送", "认领编辑")] == ["送审", "审签报送", "认领编辑"]


# ---- writing --------------------------------------------------------------------------------------------------------


def test_a_draft_may_be_incomplete_but_is_not_sent_so(writer, unit):
    item = services.create(writer, Draft(unit.id, "brief", "", []))

    with pytest.raises(InvalidInput, match="标题、正文还没有填写"):
        services.send(writer, item.id, item.version)
    services.save(writer, item.id, item.version, written(item, title="只有标题"))
    with pytest.raises(InvalidInput, match="正文还没有填写"):
        services.send(writer, item.id, item.version)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"genre": "novel"}, "信息类型"),
        ({"urgency": "whenever"}, "紧急程度"),
        ({"title": "长" * 101}, "标题过长"),
        ({"body": from_plain("文") * 2001}, "正文过长"),
        ({"joint_unit_ids": [99_999]}, "合报单位不在"),
        ({"joint_unit_ids": list(range(100, 111))}, "合报单位过多"),
    ],
)
def test_a_draft_that_cannot_be_kept_is_refused_and_nothing_of_it_is_saved(
    writer, make_submission, wrong, message
):
    item = make_submission()
    version = item.version

    with pytest.raises(InvalidInput, match=message):
        services.save(writer, item.id, version, written(item, **wrong))

    db.session.rollback()
    assert (item.version, item.title, len(item.contributors)) == (version, TITLE, 1)


def test_authors_are_cleaned_and_limited(writer, unit):
    names = ["张三\n", "", "  ", "长" * 30, *[f"作者{n}" for n in range(20)]]

    item = services.create(writer, Draft(unit.id, "brief", "标题", [], authors=names))

    assert item.authors[:2] == ["张三", "长" * 20] and len(item.authors) == services.MAX_AUTHORS


def test_joint_units_keep_their_order_and_count_once(writer, unit, make_unit):
    b, c, d = (make_unit(f"{name}县人民政府") for name in "乙丙丁")
    item = services.create(
        writer, Draft(unit.id, "brief", "标题", [], joint_unit_ids=[d.id, b.id, d.id, unit.id])
    )

    def order():
        db.session.expire_all()
        return [(x.unit_id, x.position, x.role) for x in item.contributors]

    assert order() == [(unit.id, 0, "main"), (d.id, 1, "joint"), (b.id, 2, "joint")]
    services.save(writer, item.id, item.version, written(item, joint_unit_ids=[b.id, c.id, d.id]))

    assert order() == [(unit.id, 0, "main"), (b.id, 1, "joint"), (c.id, 2, "joint"), (d.id, 3, "joint")]


def test_a_unit_of_another_office_cannot_join(writer, unit, make_office, make_unit):
    stranger = make_unit(office=make_office())

    with pytest.raises(InvalidInput, match="合报单位"):
        services.create(writer, Draft(unit.id, "brief", "标题", [], joint_unit_ids=[stranger.id]))


def test_a_unit_that_is_gone_reports_nothing(make_unit, make_user, watch):
    gone = make_unit(valid_to=(watch.instant - timedelta(days=1)).date())

    with pytest.raises(InvalidInput, match="已撤销"):
        services.create(actor_of(make_user("informant", unit=gone)), Draft(gone.id, "brief", "标题", []))


def test_nobody_writes_for_another_unit(writer, make_unit, make_office):
    for other in (make_unit(), make_unit(office=make_office())):
        with pytest.raises(PermissionDenied):
            services.create(writer, Draft(other.id, "brief", "标题", []))
    with pytest.raises(InvalidInput, match="请选择报送单位"):
        services.create(writer, Draft(99_999, "brief", "标题", []))


def test_a_draft_does_not_change_its_unit(make_submission, make_unit, make_user, unit):
    second = make_unit()
    both = make_user("informant", unit=unit)
    item = make_submission(author=both)

    with pytest.raises(InvalidInput, match="不能更换报送单位"):
        services.save(actor_of(both), item.id, item.version, written(item, unit_id=second.id))


def test_two_people_who_save_the_same_draft_are_told_and_nothing_is_overwritten(
    watch, make_submission, writer, make_user
):
    item = make_submission()
    opened, colleague = item.version, actor_of(make_user("informant"))
    services.save(colleague, item.id, opened, written(item, title="同事的标题"))

    with pytest.raises(Conflict) as refused:
        services.save(writer, item.id, opened, written(item, title="我的标题"))

    assert (
        "已被别人修改" in str(refused.value)
        and "12:00" in str(refused.value)
        and "复制留存" in str(refused.value)
    )
    assert item.title == "同事的标题"


# ---- sending and signing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["awaiting", "received", "adopted", "withdrawn", "unused"])
def test_an_item_that_is_on_its_way_is_not_changed_by_its_unit(make_submission, writer, state):
    item = make_submission(state)

    with pytest.raises(Conflict, match="不能修改"):
        services.save(writer, item.id, item.version, written(item, title="新标题"))


def test_what_is_sent_twice_is_refused_clearly(make_submission, writer):
    item = make_submission()
    version = item.version
    services.send(writer, item.id, version)

    with pytest.raises(Conflict, match="不能送审"):
        services.send(writer, item.id, version)
    with pytest.raises(Conflict, match="待审签"):
        services.send(writer, item.id, item.version)
    assert len(item.revisions) == 1


def test_an_informant_does_not_sign_and_a_leader_of_another_unit_neither(
    make_submission, writer, staff, make_unit, unit
):
    item = make_submission("awaiting")

    with pytest.raises(PermissionDenied):
        services.sign(writer, item.id, item.version)
    with pytest.raises(PermissionDenied):
        services.move(writer, item.id, "send_back", REASON)
    with pytest.raises(NotFound):
        services.sign(staff("signing_leader", make_unit()), item.id, item.version)
    with pytest.raises(NotFound):
        services.sign(staff("editor", unit), item.id, item.version)
    assert item.state == "awaiting"


def test_a_joint_units_leader_does_not_sign_for_the_main_unit(make_submission, staff, make_unit):
    joint = make_unit()
    item = make_submission("awaiting", joint=[joint])

    with pytest.raises(NotFound):
        services.sign(staff("signing_leader", joint), item.id, item.version)


def test_a_leader_sends_back_and_the_unit_sends_again(make_submission, leader, writer):
    item = make_submission("awaiting")
    services.move(leader, item.id, "send_back", REASON)
    assert (item.state, item.events[0].reason) == ("returned", REASON)

    services.save(writer, item.id, item.version, written(item, title="改过的标题"))
    services.send(writer, item.id, item.version)
    services.sign(leader, item.id, item.version)

    assert item.state == "received"
    assert [r.title for r in item.revisions] == [TITLE, "改过的标题"]


def test_nothing_is_signed_unseen(make_submission, leader, writer, make_user, unit):
    item = make_submission("awaiting")
    seen = item.version
    services.move(actor_of(make_user("signing_leader", unit=unit)), item.id, "send_back", REASON)
    services.save(writer, item.id, item.version, written(item, title="改过的标题"))
    services.send(writer, item.id, item.version)

    with pytest.raises(Conflict, match="没有审签.*已有改动.*重新核对"):
        services.sign(leader, item.id, seen)

    assert (item.state, standing(item)) == ("awaiting", [])
    assert services.sign(leader, item.id, item.version).state == "received"


def test_sending_the_same_text_again_makes_no_new_revision(make_submission, leader, writer):
    item = make_submission("awaiting")
    services.move(leader, item.id, "send_back", REASON)

    services.send(writer, item.id, item.version)

    assert [r.number for r in item.revisions] == [1]


# ---- at the office --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "step", "target"),
    [
        ("received", "return", "returned"),
        ("editing", "return", "returned"),
        ("received", "decline", "unused"),
        ("editing", "decline", "unused"),
    ],
)
def test_an_editor_takes_an_item_back_with_a_reason_only(make_submission, editor, state, step, target):
    item = make_submission(state)
    for nothing in ("", "  \n"):
        with pytest.raises(InvalidInput, match="理由"):
            services.move(editor, item.id, step, nothing)
    assert item.state == state

    services.move(editor, item.id, step, REASON)

    assert (item.state, item.events[0].reason) == (target, REASON)
    # One that was not used was reported all the same; one sent back was not.
    assert len(standing(item)) == (1 if step == "decline" else 0)


def test_an_item_returned_and_sent_again_counts_again_once(make_submission, editor, writer, leader):
    item = make_submission("received")
    for _ in range(2):
        services.move(editor, item.id, "return", REASON)
        assert standing(item) == []
        services.send(writer, item.id, item.version)
        services.sign(leader, item.id, item.version)

    assert len(standing(item)) == 1
    assert len([f for f in facts.of_office(item.office_id) if f.kind == "submitted"]) == 3


def test_a_unit_withdraws_what_was_not_yet_taken(make_submission, writer):
    item = make_submission("received")

    services.move(writer, item.id, "withdraw", "情况有变")

    assert (item.state, standing(item)) == ("withdrawn", [])
    with pytest.raises(Conflict, match="已撤回"):
        services.send(writer, item.id, item.version)


@pytest.mark.parametrize("state", ["editing", "selected", "adopted", "unused"])
def test_a_unit_does_not_withdraw_what_is_being_worked_on(make_submission, writer, state):
    item = make_submission(state)

    with pytest.raises(Conflict):
        services.move(writer, item.id, "withdraw", "情况有变")
    assert item.state == state


def test_a_declined_item_can_be_reconsidered(make_submission, editor, make_user):
    item = make_submission("unused")
    other = actor_of(make_user("editor"))

    services.move(other, item.id, "reconsider")

    assert (item.state, item.editor_id) == ("editing", other.id)
    assert [(f.kind, f.title) for f in standing(item)] == [("submitted", item.title)]


@pytest.mark.parametrize(
    "step", ["select", "deselect", "adopt", "cancel_adoption", "send", "sign", "fly", ""]
)
def test_steps_that_are_not_for_the_items_page_are_refused_there(make_submission, editor, step):
    item = make_submission("editing")

    with pytest.raises(InvalidInput, match="没有这个操作"):
        services.move(editor, item.id, step, REASON)


@pytest.mark.parametrize(
    ("state", "step", "told"),
    [("received", "return", True), ("editing", "decline", True), ("unused", "reconsider", False)],
)
def test_plugins_hear_when_an_item_leaves_the_editors(app, make_submission, editor, state, step, told):
    listener, heard = ModuleType("listener"), []
    listener.submission_taken_back = hookimpl(lambda submission_id: heard.append(submission_id))
    item = make_submission(state)
    app.extensions["yaoqing"].plugins.manager.register(listener)

    services.move(editor, item.id, step, REASON)

    assert heard == ([item.id] if told else [])


# ---- revisions ------------------------------------------------------------------------------------------------------


def test_the_units_original_is_kept_beside_every_revision(make_submission, editor):
    item = make_submission("received")
    for n in (2, 3):
        services.revise(
            editor, item.id, item.version, f"第{n}稿标题", from_plain(f"第{n}稿正文。"), "压缩篇幅"
        )

    assert [(r.number, r.title, r.by_office) for r in item.revisions] == [
        (1, TITLE, False), (2, "第2稿标题", True), (3, "第3稿标题", True),
    ]  # fmt: skip
    assert plain(item.revisions[0].body) == BODY.replace("\n\n", "\n")
    assert (item.title, plain(item.body)) == ("第3稿标题", "第3稿正文。")


@pytest.mark.parametrize("statement", ["UPDATE revision SET title = 'x'", "DELETE FROM revision"])
def test_the_database_refuses_to_overwrite_a_revision(make_submission, statement):
    make_submission("received")

    with pytest.raises(DBAPIError, match="记录不能修改或删除"):
        db.session.execute(text(statement))


def test_revising_a_new_item_takes_it(make_submission, editor):
    item = make_submission("received")

    services.revise(editor, item.id, item.version, "新标题", item.body)

    assert (item.state, item.editor_id) == ("editing", editor.id)


def test_a_revision_without_a_change_is_refused_and_takes_nothing(make_submission, editor):
    item = make_submission("received")

    with pytest.raises(InvalidInput, match="没有变化"):
        services.revise(editor, item.id, item.version, item.title, item.body)

    db.session.rollback()
    assert (item.state, item.editor_id) == ("received", None)


def test_two_editors_who_revise_together_are_told(make_submission, editor, make_user):
    item = make_submission("editing")
    opened = item.version
    services.revise(actor_of(make_user("editor")), item.id, opened, "别人的标题", item.body)

    with pytest.raises(Conflict, match="已被别人修改"):
        services.revise(editor, item.id, opened, "我的标题", item.body)


@pytest.mark.parametrize("state", ["adopted", "unused"])
def test_what_is_finished_is_not_revised(make_submission, editor, state):
    item = make_submission(state)

    with pytest.raises(Conflict, match="不能修改"):
        services.revise(editor, item.id, item.version, "新标题", item.body)


def test_a_revision_is_complete(make_submission, editor):
    item = make_submission("received")

    with pytest.raises(InvalidInput, match="正文还没有填写"):
        services.revise(editor, item.id, item.version, "新标题", [])


# ---- deleting drafts ------------------------------------------------------------------------------------------------


def test_a_draft_never_sent_can_be_deleted_and_leaves_a_trail(make_submission, writer, make_unit):
    item = make_submission(joint=[make_unit()])
    services.discard(writer, item.id)

    for table in (Submission, Contributor, SubmissionEvent, Revision):
        assert db.session.scalars(select(table)).all() == []
    assert "删除草稿" in set(db.session.scalars(select(AuditRecord.action)))


@pytest.mark.parametrize("state", ["awaiting", "returned", "withdrawn", "received"])
def test_what_was_ever_sent_is_never_deleted(make_submission, writer, state):
    item = make_submission(state)

    with pytest.raises(Conflict, match="从未送审"):
        services.discard(writer, item.id)


# ---- who sees what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    ["draft", "awaiting", "returned", "withdrawn", "received", "editing", "selected", "adopted", "unused"],
)
def test_editors_see_what_was_sent_and_units_all_their_own(
    make_submission, staff, unit, make_unit, make_office, state
):
    joint, other = make_unit(), make_unit()
    foreign = make_unit(office=make_office())
    item = make_submission(state, joint=[joint])

    def sees(role, of):
        actor = staff(role, of)
        found = [r.id for r in db.session.execute(queries.listing(actor, queries.Filter()))]
        try:
            return bool(queries.one(actor, item.id)) and found == [item.id]
        except NotFound:
            return bool(found)

    assert sees("informant", unit) and sees("signing_leader", unit)
    assert sees("editor", unit) is sees("issuer", unit) is sees("informant", joint) is (state in WITH_EDITORS)
    for nobody in (
        ("informant", other),
        ("informant", foreign),
        ("editor", foreign),
        ("leader", unit),
        ("system_admin", unit),
    ):
        assert not sees(*nobody)


def test_a_joint_unit_reads_but_does_not_write(make_submission, staff, make_unit):
    joint = make_unit()
    item = make_submission("received", joint=[joint])

    with pytest.raises(PermissionDenied):
        services.move(staff("informant", joint), item.id, "withdraw", "情况有变")
