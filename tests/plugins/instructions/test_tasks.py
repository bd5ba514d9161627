"""Routing, feedback, chasing: who may do what, which facts stand, who is told, and that nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core import clock, facts
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied, YaoqingError
from core.jobs import schedules
from core.notices.models import Notice
from core.testing import BLANK_PDF, actor_of, login
from plugins.instructions import answering, chasing, queries, services, task_queries, tasks
from plugins.instructions.answering import Draft
from plugins.instructions.task_models import Chase, Feedback, Task
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_services import TODAY

DUE = date(2026, 4, 1)  # ten working days after the day of the fixture
BAD = ("木马.exe", b"MZ\x90\x00" * 20)


def seen(task_id: int) -> int:
    """The version of a task as it stands."""
    db.session.rollback()
    return db.session.get_one(Task, task_id).version


def answered(desk, traffic, task, *, final=True) -> Feedback:
    """The clerk writes, the head signs."""
    made = answering.write(traffic.clerk, task.id, seen(task.id), Draft("已组织排查，隐患已整改。", final))
    return answering.sign(traffic.head, task.id, made.id, made.version)


def standing() -> list[tuple[str, str, date]]:
    """State, unit and day of the feedback facts that stand."""
    gone = select(facts.Fact.reverses_id).where(facts.Fact.reverses_id.is_not(None))
    query = select(facts.Fact).where(facts.Fact.kind == "feedback", facts.Fact.id.not_in(gone))
    return [
        (f.attrs["state"], f.units[0].unit_id, f.on)
        for f in db.session.scalars(query.order_by(facts.Fact.id))
    ]


def told(actor) -> list[str]:
    query = select(Notice.text).where(Notice.user_id == actor.id, Notice.taken_back_at.is_(None))
    return list(db.session.scalars(query.order_by(Notice.id)))


@pytest.mark.postgres
def test_an_answer_in_time_is_a_fact_and_everybody_learns_of_it(desk, traffic, task, watch):
    assert (task.state, task.due_on) == ("sent", DUE)
    assert "请于2026年4月1日前反馈" in told(traffic.clerk)[0] and "请转办" in told(desk.editor)[0]
    watch.move(days=2)
    made = answered(desk, traffic, task)
    assert (task.state, task.reported_on) == ("reported", date(2026, 3, 20)) and not standing()

    answering.accept(desk.editor, task.id, made.id, seen(task.id))
    assert standing() == [("on_time", traffic.unit.id, date(2026, 3, 20))]
    assert any("反馈了您对《" in text for text in told(desk.leader))
    assert any("已采纳" in text for text in told(traffic.clerk))


def test_every_message_names_what_the_instruction_is_on(desk, traffic, task, watch):
    named = task.instruction.named_for_all
    watch.move(days=15)
    chasing.chase(desk.editor, task.id)
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    tasks.excuse(desk.editor, task.id, seen(task.id), "确有原因")
    tasks.count_again(desk.editor, task.id, seen(task.id), "复核后计入")
    answering.accept(desk.editor, task.id, answered(desk, traffic, task).id, seen(task.id))

    texts = [*told(traffic.clerk), *told(desk.editor), *told(desk.leader)]

    assert len(texts) > 8 and [text for text in texts if named not in text] == []


def test_units_are_not_given_it_twice_nor_both_parts(desk, found, traffic, task):
    with pytest.raises(Conflict, match="已经转过：市交通局"):
        tasks.route(desk.editor, found.id, Routing([traffic.unit.id]))
    with pytest.raises(InvalidInput, match="既主办又协办"):
        tasks.route(desk.editor, found.id, Routing([desk.unit.id], [desk.unit.id]))
    with pytest.raises(InvalidInput, match="请选择主办单位"):
        tasks.route(desk.editor, found.id, Routing([]))
    with pytest.raises(InvalidInput, match="不是工作日"):
        tasks.route(desk.editor, found.id, Routing([desk.unit.id], due_on=date(2026, 3, 21)))


def test_only_the_desk_routes_and_only_the_unit_answers(desk, found, traffic, task, make_office, make_user):
    for other in (desk.leader, desk.issuer, traffic.clerk):
        with pytest.raises(PermissionDenied):
            tasks.route(other, found.id, Routing([desk.unit.id]))
    with pytest.raises(PermissionDenied):
        answering.write(desk.editor, task.id, seen(task.id), Draft("代答"))
    stranger = actor_of(make_user("editor", office=make_office("qita")))
    with pytest.raises(NotFound):
        tasks.cancel(stranger, task.id, 1, "无")
    with pytest.raises(PermissionDenied):
        made = answering.write(traffic.clerk, task.id, seen(task.id), Draft("已办"))
        answering.sign(traffic.clerk, task.id, made.id, made.version)


def test_a_unit_sees_only_what_was_routed_to_it(desk, found, traffic, task, make_unit, make_user):
    other = make_unit("市教育局", kind="bureau", group="市直部门和直属机构")
    clerk = actor_of(make_user("informant", unit=other))
    assert queries.one(traffic.clerk, found.id) == found and task_queries.one(traffic.clerk, task.id) == task
    for ask in (lambda: queries.one(clerk, found.id), lambda: task_queries.one(clerk, task.id)):
        with pytest.raises(NotFound):
            ask()

    # As an assisting unit it gets its own part; the main unit sees both.
    mine = tasks.route(desk.editor, found.id, Routing([desk.joint.id], [other.id]))[1]
    assert [each.id for each in task_queries.of_instruction(clerk, found.id)] == [mine.id]
    main = actor_of(make_user("informant", unit=desk.joint))
    assert mine.id in [each.id for each in task_queries.of_instruction(main, found.id)]
    assert task.id not in [each.id for each in task_queries.of_instruction(main, found.id)]
    with pytest.raises(PermissionDenied):
        answering.write(main, mine.id, seen(mine.id), Draft("代协办单位答"))

    tasks.cancel(desk.editor, task.id, seen(task.id), "转错")
    with pytest.raises(NotFound):
        queries.one(traffic.clerk, found.id)
    assert told(traffic.clerk) == []


def test_what_has_not_left_the_unit_is_its_own_affair(desk, traffic, task):
    made = answering.write(traffic.clerk, task.id, seen(task.id), Draft("初稿"), [("附件.pdf", BLANK_PDF)])
    assert task_queries.shown_feedback(desk.editor, task) == []
    assert task_queries.shown_feedback(traffic.head, task) == [made]

    answering.send_back(traffic.head, task.id, made.id, made.version, "写明数据")
    again = answering.write(traffic.clerk, task.id, seen(task.id), Draft("已整改 12 处"))
    assert again.id == made.id and [f.name for f in again.files] == ["附件.pdf"]
    answering.sign(traffic.head, task.id, made.id, again.version)
    assert task_queries.shown_feedback(desk.editor, task) == [made]


def test_nobody_signs_a_text_they_have_not_seen(desk, traffic, task):
    made = answering.write(traffic.clerk, task.id, seen(task.id), Draft("初稿"))
    version = made.version
    answering.write(traffic.clerk, task.id, seen(task.id), Draft("换了的稿"))

    with pytest.raises(Conflict, match="刚刚有变化"):
        answering.sign(traffic.head, task.id, made.id, version)
    assert task.state == "signed"


def test_the_head_needs_no_second_signature(desk, traffic, task):
    made = answering.write(traffic.head, task.id, seen(task.id), Draft("我局已办结"))

    assert (made.state, task.state) == ("sent", "reported")


def test_files_are_judged_by_content(desk, traffic, task):
    with pytest.raises(InvalidInput):
        answering.write(traffic.clerk, task.id, seen(task.id), Draft("已办"), [BAD])
    with pytest.raises(InvalidInput):
        answering.write(traffic.clerk, task.id, seen(task.id), Draft("已办"), [("假.pdf", BAD[1])])
    assert db.session.scalar(select(func.count(Feedback.id))) == 0


@pytest.mark.postgres
def test_a_miss_is_a_fact_of_the_next_day_and_a_late_answer_takes_its_place(desk, traffic, task, watch):
    with pytest.raises(Conflict, match="没有逾期"):
        tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    watch.move(days=15)  # 2 April
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    assert standing() == [("missed", traffic.unit.id, date(2026, 4, 2))]

    watch.move(days=1)
    made = answered(desk, traffic, task)
    assert [state for state, _, _ in standing()] == ["missed"]
    answering.accept(desk.editor, task.id, made.id, seen(task.id))
    assert standing() == [("late", traffic.unit.id, date(2026, 4, 3))]


def test_more_asked_for_does_not_make_an_answer_in_time_late(desk, traffic, task, watch):
    watch.move(days=13)  # 31 March
    made = answered(desk, traffic, task)
    answering.ask_more(desk.editor, task.id, made.id, seen(task.id), "请补充整改清单")
    assert (task.state, task.more_on) == ("more", date(2026, 4, 3))
    watch.move(days=7)
    assert [each.id for each in db.session.scalars(task_queries.listing(desk.editor, "overdue"))] == [task.id]
    again = answered(desk, traffic, task)
    answering.accept(desk.editor, task.id, again.id, seen(task.id))

    assert standing() == [("on_time", traffic.unit.id, date(2026, 3, 31))]


def test_more_time_takes_a_miss_back(desk, traffic, task, watch):
    watch.move(days=15)
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    with pytest.raises(InvalidInput, match="须说明理由"):
        tasks.extend(desk.editor, task.id, seen(task.id), date(2026, 4, 10), " ")
    tasks.extend(desk.editor, task.id, seen(task.id), date(2026, 4, 10), "汛期抢险")

    assert standing() == [] and task.due_on == date(2026, 4, 10)
    with pytest.raises(InvalidInput, match="晚于原期限"):
        tasks.extend(desk.editor, task.id, seen(task.id), date(2026, 4, 9), "再延")


def test_excused_is_not_counted_until_counted_again(desk, traffic, task, watch):
    watch.move(days=15)
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    tasks.excuse(desk.editor, task.id, seen(task.id), "抢险期间")
    assert standing() == []

    tasks.count_again(desk.editor, task.id, seen(task.id), "误免")
    assert [state for state, _, _ in standing()] == ["missed"]


@pytest.mark.postgres
def test_withdrawing_the_instruction_reverses_all_and_takes_notices_back(desk, found, traffic, task, watch):
    watch.move(days=15)
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))
    assert told(traffic.clerk) and told(desk.informant)
    services.withdraw(desk.editor, found.id, "登记有误")

    assert standing() == [] and told(traffic.clerk) == [] and told(desk.informant) == []
    with pytest.raises(Conflict, match="已经撤销"):
        answering.write(traffic.clerk, task.id, seen(task.id), Draft("已办"))
    services.restore(desk.editor, found.id, "误撤")
    assert [state for state, _, _ in standing()] == ["missed"]
    assert any("恢复" in text for text in told(traffic.clerk))


def test_a_cancelled_task_comes_back_where_it_stood(desk, traffic, task):
    made = answered(desk, traffic, task)
    tasks.cancel(desk.editor, task.id, seen(task.id), "转错")
    tasks.revive(desk.editor, task.id, seen(task.id), "没有转错")

    assert task.state == "reported"
    answering.retract(traffic.head, task.id, made.id, seen(task.id))
    assert (task.state, task.reported_on) == ("signed", None)


def test_a_task_closed_by_mistake_comes_back_where_it_stood(desk, traffic, task):
    answering.sign_for(traffic.clerk, task.id, task.version)
    due = tasks.standing(task).waits_until
    tasks.close(desk.editor, task.id, task.version, "电话答复")

    tasks.reopen(desk.editor, task.id, task.version, "答复的不是这一件")

    # Nothing was ever answered, so nothing is to be added to it, and no more days are given.
    assert (task.state, tasks.standing(task).waits_until) == ("signed", due)


def test_what_is_opened_again_is_no_longer_told_as_done(desk, traffic, task):
    made = answered(desk, traffic, task)
    answering.accept(desk.editor, task.id, made.id, seen(task.id))
    assert any("已采纳" in text for text in told(traffic.clerk))
    assert any("了您对" in text for text in told(desk.leader))

    tasks.reopen(desk.editor, task.id, seen(task.id), "还需跟踪")

    assert not any("已采纳" in text for text in told(traffic.clerk))
    assert not any("了您对" in text for text in told(desk.leader))
    assert any("重新办理：还需跟踪" in text for text in told(traffic.clerk))
    assert any("请于2026年4月1日前反馈" in text for text in told(traffic.clerk)), (
        "what came before still holds"
    )


def test_a_term_into_a_year_without_holidays_is_pointed_out(client, desk, found, user_of, watch):
    told = "2027年的放假安排尚未登记"
    login(client, user_of(desk.editor))
    assert told not in client.get(f"/instructions/{found.id}/route").text

    watch.set(clock.moment(date(2026, 12, 28), 9))
    with transaction():
        user_of(desk.editor).password_at = clock.now()
    login(client, user_of(desk.editor))
    assert told in client.get(f"/instructions/{found.id}/route").text
    with pytest.raises(InvalidInput, match="不是工作日"):
        tasks.route(desk.editor, found.id, Routing([desk.unit.id], due_on=date(2027, 1, 1)))


@pytest.mark.postgres
def test_two_editors_accept_and_one_is_told(app, desk, traffic, task, make_user):
    made = answered(desk, traffic, task)
    editors = [desk.editor, actor_of(make_user("editor", unit=desk.unit))]
    task_id, feedback_id, version = task.id, made.id, seen(task.id)
    db.session.rollback()

    def accept(editor):
        with app.app_context():
            try:
                answering.accept(editor, task_id, feedback_id, version)
            except YaoqingError as error:
                return type(error).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, editors)) == ["Conflict", "done"]
    db.session.rollback()
    assert len(standing()) == 1


@pytest.mark.postgres
def test_two_editors_route_to_one_unit_and_it_gets_one_task(app, desk, found, traffic, make_user):
    editors = [desk.editor, actor_of(make_user("editor", unit=desk.unit))]
    found_id, unit_id = found.id, traffic.unit.id
    db.session.rollback()

    def route(editor):
        with app.app_context():
            try:
                tasks.route(editor, found_id, Routing([unit_id]))
            except YaoqingError as error:
                return type(error).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(route, editors)) == ["Conflict", "done"]
    assert db.session.scalar(select(func.count(Task.id))) == 1


def days_told(task_id: int) -> list[tuple[date, bool]]:
    query = select(Chase).where(Chase.task_id == task_id).order_by(Chase.id)
    return [(each.on, each.late) for each in db.session.scalars(query)]


@pytest.mark.postgres
def test_the_program_reminds_and_chases_on_working_days_only(desk, traffic, task, watch):
    for _ in range(30):  # 18 March to 16 April; Qingming is 4 to 6 April
        chasing.sweep(desk.office_id)
        chasing.sweep(desk.office_id)
        watch.move(days=1)

    assert days_told(task.id) == [
        (date(2026, 3, 30), False), (date(2026, 4, 2), True), (date(2026, 4, 8), True), (date(2026, 4, 13), True),
        (date(2026, 4, 16), True),
    ]  # fmt: skip
    assert sum("请决定是否认定" in text for text in told(desk.editor)) == 1
    assert standing() == []


def test_the_program_establishes_misses_where_the_pack_says_so(desk, traffic, task, watch, monkeypatch):
    rules = replace_rules(tasks.rules(desk.office_id, TODAY), missed="automatic", grace=1)
    monkeypatch.setattr(tasks, "rules", lambda *_: rules)
    watch.move(days=15)  # 2 April, the day of grace
    assert chasing.sweep(desk.office_id).missed == 0
    watch.move(days=1)

    assert chasing.sweep(desk.office_id).missed == 1
    assert standing() == [("missed", traffic.unit.id, date(2026, 4, 2))]
    assert chasing.sweep(desk.office_id).missed == 0


def test_rules_may_count_a_kind_of_their_own(desk, traffic, task, watch, monkeypatch):
    rules = tasks.rules(desk.office_id, TODAY)
    own = rules.facts.model_copy(update={"missed": "反馈未按时报"})
    monkeypatch.setattr(tasks, "rules", lambda *_: replace_rules(rules, facts=own))
    watch.move(days=15)
    tasks.confirm_missed(desk.editor, task.id, seen(task.id))

    fact = db.session.get_one(facts.Fact, task.fact_id)
    assert (fact.kind, fact.attrs, fact.on) == ("反馈未按时报", {}, DUE + timedelta(days=1))


def replace_rules(rules, **values):
    return rules.model_copy(update=values)


def test_somebody_is_chased_once_a_day(desk, task):
    chasing.chase(desk.editor, task.id)

    with pytest.raises(Conflict, match="今天已经催办过"):
        chasing.chase(desk.editor, task.id)


def test_the_daily_job_runs(app, desk, traffic, task, watch, run_jobs):
    schedules.tick()
    watch.move(days=15)
    schedules.tick()
    run_jobs()

    assert days_told(task.id) == [(date(2026, 4, 2), True)]
