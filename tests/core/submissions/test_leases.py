"""Who is editing an item: one at a time, for a while, visibly."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.notices.models import Notice
from core.submissions import attachments, decisions, leases, queries, services
from core.submissions.models import SubmissionEvent, SubmissionLease
from core.submissions.text import from_plain
from core.testing import BLANK_PDF, actor_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings():
    return {"LEASE_MINUTES": 20}


@pytest.fixture
def zhang(make_user, unit):
    return actor_of(make_user("editor", unit=unit, name="张三"))


@pytest.fixture
def li(make_user, unit):
    return actor_of(make_user("editor", unit=unit, name="李四"))


def told(person):
    db.session.rollback()
    return list(db.session.scalars(select(Notice.text).where(Notice.user_id == person.id)))


def test_whoever_opens_an_item_keeps_it_for_twenty_minutes(make_submission, zhang, watch):
    item = make_submission("received")

    lease = leases.hold(zhang, item.id)

    assert lease.holder_id == zhang.id
    assert leases.until_text(lease.until) == "12:20"


def test_while_it_is_held_nobody_else_saves_or_decides(make_submission, zhang, li, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)
    steps = [
        lambda: services.revise(li, item.id, item.version, "改过的题目", from_plain("改过的正文。")),
        lambda: services.move(li, item.id, "take"),
        lambda: services.move(li, item.id, "return", "请补充数据"),
        lambda: services.move(li, item.id, "decline", "重复"),
        lambda: decisions.transfer(li, item.id, li.id),
        lambda: attachments.attach(li, item.id, "材料.pdf", BLANK_PDF),
        lambda: leases.hold(li, item.id),
    ]

    for step in steps:
        with pytest.raises(Conflict, match="张三正在编辑这条信息，至 12:20"):
            step()
    assert queries.one(li, item.id).state == "received"


def test_its_holder_saves_and_lets_go_by_saving(make_submission, zhang, li, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)

    services.revise(zhang, item.id, item.version, "改过的题目", from_plain("改过的正文。"))

    assert leases.standing(item.id) is None
    assert leases.hold(li, item.id).holder_id == li.id


def test_renewing_keeps_it_longer(make_submission, zhang, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)
    watch.move(minutes=15)

    lease = leases.hold(zhang, item.id)

    assert leases.until_text(lease.until) == "12:35"
    assert leases.until_text(lease.since) == "12:00"


def test_it_ends_by_itself_and_whoever_takes_over_is_on_record(make_submission, zhang, li, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)
    watch.move(minutes=20)

    assert leases.standing(item.id) is None
    leases.hold(li, item.id)

    event = db.session.scalar(select(SubmissionEvent).where(SubmissionEvent.title == "接替编辑"))
    assert event.by_id == li.id and event.reason == "张三的编辑已于 12:20 到时"
    assert any("李四已接替您编辑" in text for text in told(zhang))


def test_saving_after_the_end_is_possible_while_nobody_took_over(make_submission, zhang, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)
    watch.move(minutes=45)

    services.revise(zhang, item.id, item.version, "改过的题目", from_plain("改过的正文。"))

    assert item.state == "editing"


def test_letting_go_frees_it_at_once_and_only_the_holder_can(make_submission, zhang, li, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)

    leases.release(li, item.id)
    assert leases.standing(item.id).holder_id == zhang.id

    leases.release(zhang, item.id)
    assert leases.standing(item.id) is None


def test_asking_sends_one_notice(make_submission, zhang, li, watch):
    item = make_submission("received")
    leases.hold(zhang, item.id)

    leases.ask(li, item.id)

    assert [text for text in told(zhang) if "李四请您让出" in text]
    with pytest.raises(InvalidInput, match="刚才已经提醒过"):
        leases.ask(li, item.id)
    assert len(told(zhang)) == 1


def test_nobody_asks_for_what_is_free(make_submission, li):
    item = make_submission("received")

    with pytest.raises(Conflict, match="没有别人在编辑"):
        leases.ask(li, item.id)


@pytest.mark.parametrize("state", ["adopted", "unused"])
def test_what_is_finished_is_not_held(make_submission, zhang, state):
    item = make_submission(state)

    with pytest.raises(Conflict, match="不能编辑"):
        leases.hold(zhang, item.id)


def test_other_offices_and_informants_hold_nothing(
    make_submission, make_office, make_unit, make_user, staff, unit
):
    item = make_submission("received")
    elsewhere = make_unit("远县", office=make_office("yuan"))
    stranger = actor_of(make_user("editor", unit=elsewhere))

    with pytest.raises(NotFound):
        leases.hold(stranger, item.id)
    with pytest.raises(PermissionDenied):
        leases.hold(staff("informant", unit), item.id)


def test_a_unit_may_withdraw_what_an_editor_only_looks_at_and_the_editor_is_told(
    make_submission, zhang, staff, unit
):
    item = make_submission("received")
    leases.hold(zhang, item.id)

    services.move(staff("informant", unit), item.id, "withdraw", "重复报送")

    assert leases.standing(item.id) is None
    assert any("已由报送单位撤回" in text for text in told(zhang))


def test_of_many_editors_who_reach_for_an_item_together_one_gets_it(app, make_submission, make_user, unit):
    item_id = make_submission("received").id
    people = [actor_of(make_user("editor", unit=unit)) for _ in range(8)]
    db.session.remove()
    start, held, refused, broken = Barrier(len(people)), [], [], []

    def reach(person):
        try:
            with app.app_context():
                start.wait(10)
                held.append(leases.hold(person, item_id).holder_id)
        except Conflict:
            refused.append(person.id)
        except BaseException as error:
            broken.append(error)

    threads = [Thread(target=reach, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not broken
    assert len(held) == 1 and len(refused) == len(people) - 1
    assert db.session.scalars(select(SubmissionLease.holder_id)).all() == held
