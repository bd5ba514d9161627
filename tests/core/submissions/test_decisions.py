"""Handing over and taking back: facts, texts, counts and notices follow, and the history tells all of it."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core import facts
from core.accounts.models import User
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.notices import services as notices
from core.notices.models import Notice
from core.scoring import runs
from core.submissions import attachments, decisions, leases, queries, revisions, services
from core.submissions.models import Submission, SubmissionEvent
from core.submissions.services import Draft
from core.submissions.text import from_plain, plain
from core.testing import BLANK_PDF, BODY, TITLE, actor_of, login

pytestmark = pytest.mark.postgres
REASON = "请补充数据"
RULES = """
awards:
  - id: reported
    title: 报送
    basis: 第一条
    when: {fact: submitted}
    points: {2024-01-01: 1}
"""


def standing(item):
    """The facts about an item that have not been withdrawn."""
    found = facts.of_office(item.office_id)
    gone = {f.reverses_id for f in found}
    return [f for f in found if f.item == item.item_key and f.reverses_id is None and f.id not in gone]


def told(person):
    db.session.rollback()
    return list(db.session.scalars(select(Notice.text).where(Notice.user_id == person.id)))


def last(item):
    db.session.expire_all()
    return decisions.last_decision(db.session.get(Submission, item.id))


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


@pytest.fixture
def other(make_user, unit):
    return actor_of(make_user("editor", unit=unit, name="李四"))


@pytest.fixture
def writer(staff, unit):
    return staff("informant", unit)


# ---- undoing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "move", "after"),
    [
        ("received", "take", "editing"),
        ("received", "return", "returned"),
        ("editing", "return", "returned"),
        ("received", "decline", "unused"),
        ("editing", "decline", "unused"),
        ("unused", "reconsider", "editing"),
    ],
)
def test_the_last_decision_is_undone(make_submission, editor, state, move, after):
    item = make_submission(state)
    responsible = item.editor_id
    services.move(editor, item.id, move, REASON)
    assert item.state == after

    decisions.undo(editor, item.id, last(item).id, "点错了")

    assert (item.state, item.editor_id) == (state, responsible)
    event = item.events[0]
    assert event.title.startswith("撤销") and event.reason == "点错了" and event.by_id == editor.id


def test_undoing_a_return_counts_the_item_again_exactly_as_before(make_submission, editor, make_unit, watch):
    item = make_submission("received", joint=[make_unit("乙县")])
    before = standing(item)[0]
    received = item.sort_at
    watch.move(days=40)
    services.move(editor, item.id, "return", REASON)
    assert standing(item) == []

    decisions.undo(editor, item.id, last(item).id)

    (again,) = standing(item)
    for name in ("kind", "on", "item", "title", "attrs"):
        assert getattr(again, name) == getattr(before, name)
    assert [(u.unit_id, u.role) for u in again.units] == [(u.unit_id, u.role) for u in before.units]
    assert [p.name for p in again.persons] == [p.name for p in before.persons]
    assert item.sort_at == received


def test_undoing_twice_and_returning_again_still_counts_once(make_submission, editor):
    item = make_submission("received")
    for _ in range(2):
        services.move(editor, item.id, "return", REASON)
        decisions.undo(editor, item.id, last(item).id)

    assert len(standing(item)) == 1
    services.move(editor, item.id, "return", REASON)
    assert standing(item) == []


def test_points_follow_a_return_and_its_undoing(make_submission, make_pack, editor, unit, watch):
    make_pack(unit.office, scoring=RULES)
    item = make_submission("received")

    def points():
        db.session.rollback()
        row = next(r for r in runs.scored(unit.office_id, "2026-03").rows if r.unit == str(unit.id))
        return row.score

    at_first = points()
    services.move(editor, item.id, "return", REASON)
    returned = points()
    decisions.undo(editor, item.id, last(item).id)

    assert at_first > 0 and returned == 0
    assert points() == at_first


def test_a_return_the_unit_has_touched_stays(make_submission, editor, writer):
    item = make_submission("received")
    services.move(editor, item.id, "return", REASON)
    event = last(item).id
    services.save(writer, item.id, item.version, Draft(item.unit_id, item.genre, "单位改过的题目", item.body))

    assert last(item) is None
    with pytest.raises(Conflict, match="又有了新的办理或改动"):
        decisions.undo(editor, item.id, event)
    assert item.state == "returned"


def test_a_file_added_by_the_unit_is_a_touch_too(make_submission, editor, writer):
    item = make_submission("received")
    services.move(editor, item.id, "return", REASON)

    attachments.attach(writer, item.id, "材料.pdf", BLANK_PDF)

    assert last(item) is None


def test_a_decision_followed_by_another_is_no_longer_the_last(make_submission, editor):
    item = make_submission("received")
    services.move(editor, item.id, "take")
    taken = last(item).id
    services.revise(editor, item.id, item.version, TITLE, from_plain("改过的正文。"))

    with pytest.raises(Conflict):
        decisions.undo(editor, item.id, taken)


def test_one_decision_after_another_is_undone_backwards(make_submission, editor):
    item = make_submission("received")
    services.move(editor, item.id, "take")
    services.move(editor, item.id, "decline", "与他处重复")

    decisions.undo(editor, item.id, last(item).id)
    decisions.undo(editor, item.id, last(item).id)

    assert item.state == "received"
    assert last(item) is None


def test_what_publishing_does_is_not_undone_here(make_submission):
    assert last(make_submission("selected")) is None
    assert last(make_submission("adopted")) is None


def test_of_two_editors_who_undo_together_one_succeeds(app, make_submission, editor, other):
    item = make_submission("received")
    services.move(editor, item.id, "decline", "重复")
    item_id, event = item.id, last(item).id
    db.session.remove()
    start, done, refused = Barrier(2), [], []

    def undo(person):
        with app.app_context():
            start.wait(10)
            try:
                decisions.undo(person, item_id, event)
                done.append(person.id)
            except Conflict:
                refused.append(person.id)

    threads = [Thread(target=undo, args=(person,)) for person in (editor, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(done), len(refused)) == (1, 1)
    undone = select(SubmissionEvent).where(SubmissionEvent.title == "撤销不采用")
    assert len(db.session.scalars(undone).all()) == 1


def test_another_office_undoes_nothing(make_submission, editor, make_office, make_unit, make_user, writer):
    stranger = actor_of(make_user("editor", unit=make_unit("远县", office=make_office("yuan"))))
    declined, returned = make_submission("received"), make_submission("received", title="另一条")
    services.move(editor, declined.id, "decline", "重复")
    services.move(editor, returned.id, "return", REASON)

    for item in (declined, returned):
        with pytest.raises(NotFound):
            decisions.undo(stranger, item.id, last(item).id)
    with pytest.raises(PermissionDenied):
        decisions.undo(writer, declined.id, last(declined).id)


def test_while_somebody_edits_nobody_else_undoes(make_submission, editor, other):
    item = make_submission("received")
    services.move(editor, item.id, "take")
    leases.hold(other, item.id)

    with pytest.raises(Conflict, match="李四正在编辑"):
        decisions.undo(editor, item.id, last(item).id)


# ---- notices --------------------------------------------------------------------------------------------------------


def test_an_item_considered_anew_is_no_longer_told_to_be_unused_until_that_is_undone(
    make_submission, editor, other, writer
):
    item = make_submission("editing")
    services.move(editor, item.id, "decline", REASON)
    (first,) = told(writer)

    services.move(other, item.id, "reconsider")
    meanwhile = told(writer)
    decisions.undo(other, item.id, last(item).id)

    assert "未被采用" in first and REASON in first
    assert meanwhile == []
    assert told(writer) == [first]


@pytest.mark.parametrize(("move", "words"), [("return", "已退回"), ("decline", "未被采用")])
def test_the_unit_hears_of_a_decision_and_no_more_of_it_once_undone(
    make_submission, editor, staff, unit, writer, move, words
):
    item = make_submission("received")
    services.move(editor, item.id, move, REASON)
    leader = staff("signing_leader", unit)
    assert [f"《{TITLE}》{words}，理由：{REASON}"] == told(writer) == told(leader)

    decisions.undo(editor, item.id, last(item).id, "点错了")

    assert told(writer) == []


def test_a_notice_that_was_read_says_that_it_no_longer_holds(make_submission, editor, writer):
    item = make_submission("received")
    services.move(editor, item.id, "return", REASON)
    notice = db.session.scalar(select(Notice.id).where(Notice.user_id == writer.id))
    notices.read(writer, notice)

    decisions.undo(editor, item.id, last(item).id, "点错了")

    assert db.session.get(Notice, notice).taken_back_why == "点错了"


def test_the_unit_hears_of_adoption_and_of_its_end(make_submission, editor, writer):
    item = make_submission("received")
    services.revise(editor, item.id, item.version, TITLE, from_plain("改过的正文。"))
    with transaction():
        services.compile_move(editor, item, "select")
    with transaction():
        services.compile_move(editor, item, "adopt")
    assert told(writer) == [f"《{TITLE}》已被采用，可在信息页查看编辑修改对照"]

    with transaction():
        services.compile_move(editor, item, "cancel_adoption", "数据有误")

    assert told(writer) == [f"《{TITLE}》的采用已撤销，理由：数据有误"]


# ---- handing over ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["received", "editing"])
def test_an_item_is_handed_to_another_editor_who_is_told(make_submission, editor, other, state):
    item = make_submission(state)
    before = item.editor_id

    decisions.transfer(editor, item.id, other.id, "农业口请您看")

    assert (item.state, item.editor_id) == ("editing", other.id)
    assert item.events[0].title == "转交李四" and item.events[0].reason == "农业口请您看"
    assert told(other) == [f"{editor.name}把《{TITLE}》转交给您，附言：农业口请您看"]

    decisions.undo(editor, item.id, last(item).id)

    assert (item.state, item.editor_id) == (state, before)
    assert told(other) == []


def test_an_item_is_not_handed_to_anybody_else(
    make_submission, editor, writer, make_office, make_unit, make_user
):
    item = make_submission("editing")
    stranger = make_user("editor", unit=make_unit("远县", office=make_office("yuan")))

    for wrong in (writer.id, stranger.id, 0, 999_999):
        with pytest.raises(InvalidInput, match="不能接手这条信息" if wrong else "请选择接手的编辑"):
            decisions.transfer(editor, item.id, wrong)
    with pytest.raises(InvalidInput, match="已由"):
        decisions.transfer(editor, item.id, item.editor_id)


def test_what_an_editor_who_left_had_in_hand_is_claimed_anew(make_submission, editor, other, client):
    item = make_submission("editing")
    login(client, db.session.get(User, other.id))
    claim = f'action="/submissions/{item.id}/move"', 'value="take"'
    assert not all(each in client.get(f"/submissions/{item.id}").text for each in claim)
    with pytest.raises(Conflict, match="不能认领编辑"):
        services.move(other, item.id, "take")

    with transaction():
        db.session.get(User, editor.id).disabled = True
    assert all(each in client.get(f"/submissions/{item.id}").text for each in claim)
    services.move(other, item.id, "take")

    assert (item.state, item.editor_id) == ("editing", other.id)
    decisions.undo(other, item.id, last(item).id)
    assert item.editor_id == editor.id


def test_what_was_withdrawn_is_written_anew_without_typing_it_again(
    make_submission, writer, staff, make_unit, client
):
    item, kept = make_submission("received"), make_submission("received", title="没有撤回的")
    services.move(writer, item.id, "withdraw", "数字写错了")
    login(client, db.session.get(User, writer.id))
    address = f"/submissions/new?from={item.id}"
    assert address in client.get(f"/submissions/{item.id}").text

    page = client.get(address).text
    assert TITLE in page and BODY[:8] in page and 'name="submission_id" value=""' in page
    assert "没有撤回的" not in client.get(f"/submissions/new?from={kept.id}").text
    given = {"unit_id": item.unit_id, "genre": "brief", "urgency": "normal", "title": "改正的", "body": BODY}
    client.submit(address, given)
    assert (item.state, item.title) == ("withdrawn", TITLE)
    assert db.session.scalars(select(Submission).where(Submission.title == "改正的")).one().state == "draft"
    stranger = staff("informant", make_unit("邻县"))
    login(client, db.session.get(User, stranger.id))
    assert client.get(address).status_code == 404


# ---- whose text -----------------------------------------------------------------------------------------------------


def test_the_unit_gets_its_own_text_back_and_the_editors_theirs_after_undoing(make_submission, editor):
    item = make_submission("received")
    services.revise(editor, item.id, item.version, "编辑改的题目", from_plain("编辑改的正文。"))

    services.move(editor, item.id, "return", REASON)
    assert (item.title, plain(item.body)) == (TITLE, BODY.replace("\n\n", "\n"))

    decisions.undo(editor, item.id, last(item).id)
    assert (item.title, plain(item.body)) == ("编辑改的题目", "编辑改的正文。")


def test_the_unit_sees_what_was_changed_only_after_publication(make_submission, editor, writer):
    item = make_submission("received")
    services.revise(editor, item.id, item.version, "编辑改的题目", from_plain("编辑改的正文。"))

    assert [r.number for r in revisions.shown_to(writer, item)] == [1]
    assert revisions.text_for(writer, item)[0] == TITLE
    assert revisions.text_for(editor, item)[0] == "编辑改的题目"

    for move in ("select", "adopt"):
        with transaction():
            services.compile_move(editor, item, move)
    assert [r.number for r in revisions.shown_to(writer, item)] == [1, 2]
    assert revisions.text_for(writer, item)[0] == "编辑改的题目"


def test_lists_and_notices_name_an_item_to_its_unit_as_it_sent_it(make_submission, editor, writer):
    item, other = make_submission("received"), make_submission("received", title="没有改过的")
    sent = item.characters
    services.revise(editor, item.id, item.version, "编辑改的题目", from_plain("编辑改的正文。"))

    def shown(actor):
        return {row.id: (row.title, row.characters) for row in queries.newest(actor, 8)}

    assert shown(writer) == {item.id: (TITLE, sent), other.id: ("没有改过的", other.characters)}
    assert shown(editor)[item.id] == ("编辑改的题目", 7)
    services.move(editor, item.id, "decline", "重复")
    assert told(writer) == [f"《{TITLE}》未被采用，理由：重复"]


def test_a_unit_sorts_by_the_length_of_its_own_text_until_publication(make_submission, editor, writer):
    long, short = (
        make_submission("received", body="单位原文较长。" * 9),
        make_submission("received", body="短文。"),
    )
    services.revise(editor, long.id, long.version, "编辑改的题目", from_plain("压。"))

    def order(actor):
        wanted = queries.Filter(sort="characters")
        return [
            [row.id for row in db.session.execute(ask(actor, wanted))]
            for ask in (queries.listed, queries.listing)
        ]

    assert order(writer) == [[long.id, short.id]] * 2
    assert order(editor) == [[short.id, long.id]] * 2
    for move in ("select", "adopt"):
        with transaction():
            services.compile_move(editor, long, move)
    assert order(writer) == [[short.id, long.id]] * 2


def test_the_unit_reads_first_why_an_item_was_returned(make_submission, editor, writer, client):
    item = make_submission("received")
    services.move(editor, item.id, "return", REASON)
    login(client, db.session.get(User, writer.id))

    for address in (f"/submissions/{item.id}", f"/submissions/{item.id}/edit"):
        page = client.get(address).text
        assert page.index("这条信息被退回") < page.index(REASON) < page.index(BODY[:8])


def test_an_editor_reaches_a_returned_item_only_to_undo(make_submission, editor, writer, make_unit):
    returned, sent_back = make_submission("received"), make_submission("returned", title="审签退回的")
    services.move(editor, returned.id, "return", REASON)

    assert decisions.returned(editor, returned.id) is returned
    with pytest.raises(NotFound):
        queries.one(editor, returned.id)
    with pytest.raises(NotFound):
        decisions.returned(editor, sent_back.id)
    with pytest.raises(NotFound):
        decisions.returned(writer, returned.id)
