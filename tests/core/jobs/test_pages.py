"""The pages: one's own jobs, progress, downloading, the administrator's overview, the command line."""

from datetime import timedelta

import pytest

from core import backup, clock, jobs
from core.accounts.models import LoginSession, User
from core.cli import jobs as commands
from core.db import db, transaction
from core.errors import Conflict, PermissionDenied
from core.jobs import ledger, schedules
from core.jobs.models import Job, JobWorker
from core.testing import actor_of, login


def test_a_job_is_seen_from_waiting_to_its_file(client, editor, who, run_jobs):
    login(client, editor)
    assert "没有任务" in client.get("/jobs/").text
    job_id = jobs.start(who, "test.report", "三月报告").id

    waiting = client.get(f"/jobs/{job_id}").text
    assert "等待中" in waiting and "data-live=" in waiting and "取消任务" in waiting
    assert "data-live=" in client.get("/jobs/").text
    run_jobs()

    done = client.get(f"/jobs/{job_id}").text
    assert "已完成" in done and "data-live=" not in done and "已生成" in done
    assert "data-live-over" in client.get(f"/jobs/{job_id}/live").text
    answer = client.get(f"/jobs/{job_id}/file")
    assert answer.data.decode() == "给王编辑" and answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "三月报告" in client.get("/jobs/?state=done").text
    assert "三月报告" not in client.get("/jobs/?state=failed").text


def test_nobody_else_sees_or_gets_it(client, who, make_user, run_jobs):
    job_id = jobs.start(who, "test.report", "三月报告").id
    run_jobs()
    for role in ("editor", "system_admin", "leader"):
        login(client, make_user(role))
        for address in (f"/jobs/{job_id}", f"/jobs/{job_id}/live", f"/jobs/{job_id}/file"):
            assert client.get(address).status_code == 404
        assert client.submit(f"/jobs/{job_id}/cancel").status_code == 404
        assert client.submit(f"/jobs/{job_id}/again").status_code == 404


def test_the_file_is_refused_once_the_right_is_gone(client, editor, who, run_jobs):
    login(client, editor)
    job_id = jobs.start(who, "test.report", "三月报告").id
    run_jobs()
    with transaction():
        for role in list(editor.roles):
            role.role = "leader"

    page, file = client.get(f"/jobs/{job_id}"), client.get(f"/jobs/{job_id}/file")
    assert page.status_code == 200 and file.status_code == 403
    assert f"/jobs/{job_id}/file" not in page.text, "no button that leads to a refusal"
    for said in (page.text, file.text):
        assert (
            "这项任务的结果文件不能下载" in said
            and "角色变动后不再提供" in said
            and "联系本机构安全管理员" in said
        )


def test_what_a_kind_checks_is_asked_at_start_run_and_download(client, who, watch, run_jobs):
    until = {"until": clock.today().isoformat()}
    done = jobs.start(who, "test.checked", "三月报告", until).id
    run_jobs()
    late = jobs.start(who, "test.checked", "四月报告", until).id
    watch.move(days=1)
    run_jobs()
    login(client, db.session.get_one(User, who.id))

    answer = client.get(f"/jobs/{done}/file")
    assert answer.status_code == 409 and "已经过期" in answer.text and "现在不能办理" in answer.text
    assert "已经过期" in client.get(f"/jobs/{late}").text
    with pytest.raises(Conflict, match="已经过期"):
        jobs.start(who, "test.checked", "五月报告", until)


def test_a_right_held_for_a_unit_of_the_office_is_enough(client, make_user, make_unit, make_office, run_jobs):
    clerk = make_user("informant", unit=make_unit("市统计局"))
    login(client, clerk)

    job_id = jobs.start(actor_of(clerk), "test.of_unit", "本单位报告").id
    run_jobs()

    assert client.get(f"/jobs/{job_id}/file").data.decode() == f"给{clerk.name}"
    with pytest.raises(PermissionDenied):
        jobs.start(actor_of(clerk), "test.of_unit", "别处的报告", office_id=make_office().id)


def test_cancel_and_start_anew(client, editor, who):
    login(client, editor)
    job_id = jobs.start(who, "test.report", "三月报告").id

    page = client.submit(f"/jobs/{job_id}/cancel", follow_redirects=True).text
    assert "已取消" in page and "重新执行" in page
    assert client.submit(f"/jobs/{job_id}/cancel").status_code == 409
    page = client.submit(f"/jobs/{job_id}/again", follow_redirects=True).text
    assert "等待中" in page


def test_looking_for_news_keeps_no_session_alive(client, editor, who, watch):
    login(client, editor)
    job_id = jobs.start(who, "test.report", "三月报告").id
    seen = db.session.query(LoginSession).one().seen_at
    watch.move(minutes=5)

    client.get(f"/jobs/{job_id}/live", headers={"X-Requested-With": "poll"})
    assert db.session.query(LoginSession).populate_existing().one().seen_at == seen
    client.get(f"/jobs/{job_id}")
    assert db.session.query(LoginSession).populate_existing().one().seen_at > seen
    watch.move(minutes=40)
    assert client.get(f"/jobs/{job_id}/live", headers={"X-Requested-With": "poll"}).status_code == 401


def test_a_waiting_job_nobody_works_on_says_so(client, editor, who, watch):
    login(client, editor)
    job_id = jobs.start(who, "test.report", "三月报告").id
    watch.move(minutes=3)

    assert "没有处理任务的进程" in client.get(f"/jobs/{job_id}").text
    with transaction():
        db.session.add(JobWorker(name="主机:1", started_at=clock.now(), seen_at=clock.now()))
    assert "没有处理任务的进程" not in client.get(f"/jobs/{job_id}").text


def test_the_administrator_sees_how_it_goes(client, make_user, who, watch, run_jobs):
    login(client, make_user("system_admin"))
    assert "没有正在运行的处理进程" in client.get("/jobs/health").text
    schedules.tick()
    watch.move(days=1)
    login(client, make_user("system_admin"))
    schedules.tick()
    jobs.start(who, "test.refused", "汇总三月")
    run_jobs()
    with transaction():
        db.session.add(JobWorker(name="主机:1", started_at=clock.now(), seen_at=clock.now()))

    page = client.get("/jobs/health").text

    assert "没有正在运行的处理进程" not in page and "主机:1" in page
    assert "夜间检查" in page and "每天 02:30" in page and "已检查 3 项" in page
    assert "汇总三月" in page and "没有可以汇总的内容" in page
    assert "汇总三月" not in client.get("/jobs/health?state=done").text


def test_the_administrator_sees_when_the_last_backup_was_made(app, client, make_user, watch, tmp_path):
    login(client, make_user("system_admin"))
    never = client.get("/jobs/health").text
    archive = tmp_path / "yaoqing-20260101.tar.gz"

    backup.create(app.config["YAOQING"]["DATA"], archive, "0.1.0")
    made = client.get("/jobs/health").text
    watch.move(days=3)
    login(client, make_user("system_admin"))
    old = client.get("/jobs/health").text

    assert "还没有备份过" in never
    assert archive.name in made and str(tmp_path) not in made and "没有备份" not in made
    assert archive.name in old and "超过两天没有备份" in old


def test_an_administrator_of_another_office_does_not_see_it(client, make_office, make_user, who):
    jobs.start(who, "test.refused", "汇总三月")
    login(client, make_user("system_admin", office=make_office()))

    assert "汇总三月" not in client.get("/jobs/health").text


@pytest.mark.parametrize("role", ["editor", "security_admin"])
def test_others_do_not_open_the_overview(client, make_user, role):
    login(client, make_user(role))

    assert client.get("/jobs/health").status_code == 403


def test_the_command_line_lists_jobs(app, who):
    job = jobs.start(who, "test.report", "三月报告")
    ledger.cancel(who, job)
    jobs.start(who, "test.report", "四月报告")
    runner = app.test_cli_runner()

    open_ones = runner.invoke(commands.listing, []).output
    assert "四月报告" in open_ones and "三月报告" not in open_ones
    assert "已取消" in runner.invoke(commands.listing, ["--all"]).output


def test_progress_is_shown_while_it_runs(client, editor, who):
    login(client, editor)
    job_id = jobs.start(who, "test.report", "三月报告").id
    with transaction():
        job = db.session.get_one(Job, job_id)
        job.state, job.done, job.total, job.message = "running", 3, 8, "正在排第三章"
        job.lease_until = clock.now() + timedelta(minutes=1)

    page = client.get(f"/jobs/{job_id}/live").text

    assert 'value="3" max="8"' in page and "3 / 8" in page and "正在排第三章" in page
    assert "<html" not in page
