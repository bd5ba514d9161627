"""The ledger: a job belongs to its business transaction, is open once under a key, and is claimed once."""

import pytest
from sqlalchemy import func, select

from core import clock, jobs
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied, SetupError
from core.jobs import ledger, queries
from core.jobs.models import Job
from core.jobs.task import Result, Task
from core.jobs.tidy import tidy
from core.testing import actor_of

pytestmark = pytest.mark.postgres


def count():
    return db.session.scalar(select(func.count()).select_from(Job))


def test_a_job_exists_only_if_its_business_is_committed(who, run_jobs):
    with pytest.raises(RuntimeError), transaction():
        jobs.start(who, "test.report", "报告")
        raise RuntimeError

    assert count() == 0 and run_jobs() == 0


def test_under_one_key_there_is_one_open_job(who, run_jobs):
    first = jobs.start(who, "test.report", "报告", key="2026")
    again = jobs.start(who, "test.report", "报告", key="2026")
    other = jobs.start(who, "test.report", "报告", key="2025")

    assert first.id == again.id != other.id
    assert run_jobs() == 2
    assert jobs.start(who, "test.report", "报告", key="2026").id not in (first.id, other.id)


def test_whoever_may_not_do_it_does_not_start_it(make_user):
    reader = actor_of(make_user("leader"))

    with pytest.raises(PermissionDenied):
        jobs.start(reader, "test.report", "报告")
    with pytest.raises(SetupError):
        jobs.start(reader, "test.unknown", "报告")


def test_a_claimed_job_is_not_claimed_again_until_its_lease_runs_out(who, watch):
    job_id = jobs.start(who, "test.report", "报告").id

    assert ledger.claim("甲").id == job_id
    assert ledger.claim("乙") is None
    watch.move(seconds=4)
    assert ledger.claim("乙") is None
    watch.move(seconds=2)
    taken = ledger.claim("乙")
    assert (taken.id, taken.worker, taken.attempts) == (job_id, "乙", 2)


def test_who_lost_the_lease_neither_renews_nor_finishes(who, watch):
    jobs.start(who, "test.report", "报告")
    old = ledger.claim("甲")
    task, token = Task(old.id, who, who.office_id, {}, 1), old.token
    watch.move(seconds=6)
    assert ledger.claim("乙").id == task.job_id

    assert ledger.renew(task, token) is None
    assert ledger.finish(task, token, Result(message="甲的结果")) is False
    assert db.session.get_one(Job, task.job_id, populate_existing=True).state == "running"


def test_a_renewed_lease_lasts_on(who, watch):
    jobs.start(who, "test.report", "报告")
    job = ledger.claim("甲")
    task = Task(job.id, who, who.office_id, {}, 1)
    for _ in range(5):
        watch.move(seconds=4)
        assert ledger.renew(task, job.token) is True

    assert ledger.claim("乙") is None


def test_a_job_whose_workers_die_each_time_is_stopped(who, watch, run_jobs):
    job_id = jobs.start(who, "test.report", "报告", key="一").id
    for _ in range(3):
        ledger.claim("甲")
        watch.move(seconds=6)

    assert ledger.claim("甲") is None
    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert job.state == "failed" and "3 次中断" in job.error and job.open_key is None


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_when_it_hears(who):
    waiting = jobs.start(who, "test.report", "报告")
    ledger.cancel(who, waiting)
    assert db.session.get_one(Job, waiting.id, populate_existing=True).state == "cancelled"

    jobs.start(who, "test.report", "报告")
    running = ledger.claim("甲")
    ledger.cancel(who, running)
    assert ledger.renew(Task(running.id, who, who.office_id, {}, 1), running.token) is False
    with pytest.raises(Conflict):
        ledger.cancel(who, waiting)
    assert db.session.scalar(select(func.count()).where(AuditRecord.action == "取消后台任务")) == 2


def test_a_cancelled_job_left_behind_is_not_run_again(who, watch):
    jobs.start(who, "test.report", "报告")
    running = ledger.claim("甲")
    ledger.cancel(who, running)
    watch.move(seconds=6)

    assert ledger.claim("乙") is None
    assert db.session.get_one(Job, running.id, populate_existing=True).state == "cancelled"


def test_only_what_did_not_end_well_is_started_anew_and_only_by_its_owner(who, make_user, run_jobs):
    job = jobs.start(who, "test.refused", "汇总")
    with pytest.raises(Conflict):
        ledger.again(who, job)
    run_jobs()
    job = db.session.get_one(Job, job.id, populate_existing=True)

    with pytest.raises(InvalidInput):
        ledger.again(actor_of(make_user("editor")), job)
    assert ledger.again(who, job).id != job.id


def test_results_are_kept_for_so_many_days(who, watch, run_jobs):
    first, second = jobs.start(who, "test.report", "报告"), jobs.start(who, "test.report", "报告")
    run_jobs()
    digest = db.session.get_one(Job, first.id, populate_existing=True).result_sha256
    db.session.get_one(Job, second.id).keep_until = clock.today().replace(year=2030)
    db.session.commit()
    watch.move(days=31)

    tidy(Task(0, None, None, {}, 1))
    job = db.session.get_one(Job, first.id, populate_existing=True)
    assert job.result_name and not job.has_file
    with pytest.raises(NotFound, match="保留一段时间"):
        queries.file_of(who, job)
    assert ledger.results().get(digest)  # the other job's result has the same bytes

    db.session.get_one(Job, second.id).keep_until = clock.today().replace(year=2025)
    db.session.commit()
    tidy(Task(0, None, None, {}, 1))
    with pytest.raises(NotFound):
        ledger.results().get(digest)


def test_old_jobs_are_forgotten_but_not_the_last_of_a_kind(who, watch, run_jobs):
    jobs.start(who, "test.report", "报告")
    jobs.start(who, "test.report", "报告")
    run_jobs()
    watch.move(days=366)

    tidy(Task(0, None, None, {}, 1))

    assert count() == 1
