"""Running a job: with whose rights, what an accident and a refusal come to, progress, schedules."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.audit import AuditRecord
from core.clock import moment
from core.db import db, transaction
from core.errors import SetupError
from core.hookspecs import JobKind, ScheduledJob
from core.jobs import due, ledger, running, schedules
from core.jobs.models import Job, JobSchedule
from core.jobs.task import Result
from core.jobs.worker import Worker
from core.notices.services import notices_of
from tests.core.jobs import kinds
from tests.core.test_plugins import plugin


def fresh(job):
    return db.session.get_one(Job, job.id, populate_existing=True)


def test_the_result_is_kept_with_its_file(who, run_jobs):
    job = jobs.start(who, "test.report", "报告")

    assert run_jobs() == 1

    job = fresh(job)
    assert (job.state, job.message, job.result_name, job.attempts) == ("done", "已生成", "报告.txt", 1)
    assert ledger.results().get(job.result_sha256).decode() == "给王编辑"


def test_a_person_disabled_meanwhile_has_nothing_done(who, editor, run_jobs):
    job = jobs.start(who, "test.report", "报告")
    editor.disabled = True
    db.session.commit()

    run_jobs()

    assert fresh(job).state == "failed" and "账号已停用" in fresh(job).error


def test_a_right_lost_meanwhile_is_lost_for_the_job_too(who, editor, run_jobs):
    job = jobs.start(who, "test.report", "报告")
    with transaction():
        for role in list(editor.roles):
            db.session.delete(role)

    run_jobs()

    assert fresh(job).state == "failed" and "没有“测试任务”的权限" in fresh(job).error


def test_a_refusal_is_told_as_it_is_and_not_tried_again(who, run_jobs):
    job = jobs.start(who, "test.refused", "汇总")

    run_jobs()

    assert (fresh(job).state, fresh(job).attempts) == ("failed", 1)
    assert fresh(job).error == "没有可以汇总的内容。请先选好月份。"


def test_an_accident_is_tried_again_after_a_pause(who, watch, run_jobs):
    job = jobs.start(who, "test.stubborn", "写盘")

    assert run_jobs() == 1
    assert fresh(job).state == "queued" and fresh(job).due_at == clock.now() + timedelta(seconds=10)
    watch.move(seconds=11)
    run_jobs()
    watch.move(seconds=61)
    run_jobs()

    assert (fresh(job).state, fresh(job).attempts) == ("done", 3)


def test_an_accident_too_many_ends_it(app, make_app, make_user, watch):
    def broken(_task):
        raise OSError("磁盘已满")

    extra = plugin("broken", job_kinds=lambda: [JobKind("broken", "坏的", broken, attempts=1)])
    other = make_app(extra=[extra])
    with other.app_context():
        job = jobs.start(None, "broken", "坏的")
        Worker(other, "本进程").round()
        assert fresh(job).state == "failed" and "系统内部出错" in fresh(job).error


def test_a_job_of_a_plugin_that_is_gone_says_so(who, app, run_jobs):
    job = jobs.start(who, "test.report", "报告")
    del app.extensions["yaoqing"].jobs["test.report"]

    run_jobs()

    assert fresh(job).state == "failed" and "已停用" in fresh(job).error


def test_a_cancelled_job_stops_at_its_next_step(who, app, monkeypatch):
    monkeypatch.setattr(running, "QUIET", 0)
    job = jobs.start(who, "test.report", "报告")

    def endless(task):
        with transaction():
            ledger.cancel(who, fresh(job))
        for n in range(1000):
            task.progress(n, 1000)
            time.sleep(0.05)
        raise AssertionError("not stopped")

    monkeypatch.setitem(
        jobs.ledger.current_app.extensions["yaoqing"].jobs,
        "test.report",
        JobKind("test.report", "", endless, "test.work"),
    )
    running.run(ledger.claim("甲"))

    assert fresh(job).state == "cancelled"


def test_a_process_that_is_asked_to_end_gives_its_job_back(who, tmp_path):
    job = jobs.start(who, "test.slow", "慢", {"file": str(tmp_path / "log"), "seconds": 60})

    running.run(ledger.claim("甲"), stopping=lambda: True)

    assert (fresh(job).state, fresh(job).attempts) == ("queued", 0)


def test_records_say_that_they_come_from_a_job(who, app, run_jobs, monkeypatch):
    def noted(task):
        with transaction():
            running.audit.note(task.actor, "编制报告", "报告")
        return Result()

    monkeypatch.setitem(
        app.extensions["yaoqing"].jobs, "test.report", JobKind("test.report", "", noted, "test.work")
    )
    jobs.start(who, "test.report", "报告")
    run_jobs()

    record = db.session.scalar(select(AuditRecord).where(AuditRecord.action == "编制报告"))
    assert record.actor.startswith("王编辑") and record.address == "后台任务"


def test_people_are_told_of_what_took_long_and_of_what_failed(who, watch, run_jobs):
    jobs.start(who, "test.report", "快的")
    run_jobs()
    jobs.start(who, "test.report", "慢的")
    jobs.start(who, "test.refused", "汇总")
    watch.move(minutes=1)
    run_jobs()

    texts = [notice.text for notice in db.session.scalars(notices_of(who))]
    assert texts == ["后台任务“汇总”没有完成：没有可以汇总的内容。请先选好月份。", "后台任务“慢的”已完成"]


# ---- schedules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        ({"daily": "02:30"}, (18, 12, 0), (18, 2, 30)),
        ({"daily": "02:30"}, (18, 2, 29), (17, 2, 30)),
        ({"daily": "02:30"}, (18, 2, 30), (18, 2, 30)),
        ({"every_minutes": 30}, (18, 12, 29), (18, 12, 0)),
        ({"every_minutes": 30}, (18, 0, 0), (18, 0, 0)),
        ({"every_minutes": 7}, (18, 23, 59), (18, 23, 55)),
    ],
)
def test_when_a_schedule_was_last_due(schedule, now, expected):
    day = clock.date(2026, 3, now[0])

    found = due.last_due(ScheduledJob("x", "x", lambda _: None, **schedule), moment(day, now[1], now[2]))

    assert found == moment(day.replace(day=expected[0]), *expected[1:])


@pytest.mark.parametrize(
    "times", [{}, {"daily": "25:00"}, {"daily": "02:00", "every_minutes": 5}, {"every_minutes": -1}]
)
def test_a_schedule_without_a_good_time_does_not_start_the_app(make_app, times):
    extra = plugin("odd", scheduled_jobs=lambda: [ScheduledJob("odd", "奇怪", lambda _: None, **times)])

    with pytest.raises(SetupError, match="时间有误"):
        make_app(extra=[extra])


def test_scheduled_jobs_run_once_for_each_due_time(app, watch, run_jobs):
    schedules.tick()
    assert run_jobs() == 0  # seen for the first time: wait for the next time
    watch.move(days=1)
    for _ in range(3):
        schedules.tick()
    assert run_jobs() == 5  # two of the tests, three of core
    schedules.tick()
    assert run_jobs() == 0

    last = db.session.scalar(select(Job).where(Job.kind == "scheduled:test.nightly"))
    assert (last.state, last.message, last.actor_name) == ("done", "已检查 3 项", "系统")


def test_what_was_missed_is_made_up_for_once(app, watch, run_jobs):
    schedules.tick()
    watch.move(days=5)
    schedules.tick()

    assert run_jobs() == 5


def test_a_schedule_whose_last_run_is_still_open_is_not_piled_up(app, watch):
    schedules.tick()
    for _ in range(4):
        watch.move(minutes=30)
        schedules.tick()

    assert len(db.session.scalars(select(Job).where(Job.kind == "scheduled:test.often")).all()) == 1
    assert db.session.get(JobSchedule, "test.often").last_due == clock.now()


def test_job_kinds_are_known_by_their_hook(make_app):
    with pytest.raises(SetupError, match="后台任务的定义有误"):
        make_app(extra=[kinds, plugin("twice", job_kinds=lambda: [JobKind("test.report", "", print)])])
    with pytest.raises(SetupError, match="没有权限“nobody.knows”"):
        make_app(extra=[plugin("odd", job_kinds=lambda: [JobKind("x", "", print, "nobody.knows")])])
