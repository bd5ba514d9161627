"""A long register as a workbook: asked for, made by a job, fetched by whoever asked and by nobody else."""

import io
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select

from core import clock
from core.db import db, transaction
from core.documents import exports
from core.jobs import Task
from core.jobs.models import Job
from core.testing import login
from plugins.instructions import register, services
from plugins.instructions.models import Instruction
from plugins.instructions.services import NewInstruction
from tests.plugins.instructions.test_services import TODAY

ADDRESS = "/instructions/register.xlsx"
LINES = 600
WAIT = 20.0


@pytest.fixture
def written(desk, make_submission, watch):
    """Lines enough to be read in parts, all but one on an item of the bureau alone, by two leaders."""
    own = make_submission("received", unit=desk.joint, title="财政收入平稳增长")
    watch.set(clock.moment(TODAY + timedelta(days=10), 9))
    mayor = {"leader_class": "市主要领导", "leader_id": desk.leader.id}
    services.record(
        desk.editor, NewInstruction(desk.item.id, kind="note", on=TODAY, text="甲县的事。", **mayor)
    )
    new = NewInstruction(
        own.id, kind="forward", on=TODAY, text="=1+1", leader_class="上级领导", leader_name="赵省长"
    )
    first = services.record(desk.editor, new)
    kept = {
        column.name: getattr(first, column.key)
        for column in Instruction.__table__.columns
        if column.key not in ("id", "number")
    }
    more = [{**kept, "number": 10 + n, "on": TODAY - timedelta(days=n % 40)} for n in range(LINES - 2)]
    with transaction():
        db.session.execute(insert(Instruction), more)


@pytest.fixture
def reader(client, desk, user_of):
    login(client, user_of(desk.editor))
    return client


@pytest.fixture
def long(monkeypatch):
    """Two lines are enough for a job."""
    monkeypatch.setattr(exports, "SHORT", 1)


def jobs() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).where(Job.kind == register.EXPORT.kind).order_by(Job.id)))


def lines_of(content: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(content))[register.TITLE].iter_rows(values_only=True))[1:]


@pytest.mark.parametrize(("asked", "count"), [("", LINES), ("?leader=赵省长&since=2026-03-10", None)])
@pytest.mark.usefixtures("written")
def test_a_long_register_comes_from_a_job_with_the_bytes_of_the_direct_file(
    reader, run_jobs, monkeypatch, asked, count
):
    direct = reader.get(ADDRESS + asked)
    assert direct.mimetype == exports.MIMETYPE and jobs() == []
    told = lines_of(direct.data)
    count = count or len(told)
    assert 1 < len(told) == count <= LINES
    monkeypatch.setattr(exports, "SHORT", count - 1)

    page = reader.get(ADDRESS + asked).text
    assert f"批示登记簿共 {count} 条" in page and "在后台生成" in page and "开始生成" in page and jobs() == []
    started = reader.submit(ADDRESS + asked)
    assert reader.submit(ADDRESS + asked).location == started.location
    assert "等待中" in reader.get(started.location).text
    run_jobs()

    page = reader.get(started.location).text
    assert "已完成" in page and f"表格已备好，共 {count} 条" in page and f"{started.location}/file" in page
    file = reader.get(f"{started.location}/file")
    assert file.data == direct.data
    for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
        assert file.headers[name] == direct.headers[name]
    assert f"批示登记簿{clock.today().isoformat()}.xlsx" in unquote(file.headers["Content-Disposition"])


@pytest.mark.usefixtures("written")
def test_a_short_register_is_given_at_once(reader, monkeypatch):
    monkeypatch.setattr(exports, "SHORT", LINES)

    assert reader.get(ADDRESS).data.startswith(b"PK")
    sent = reader.submit(f"{ADDRESS}?leader=李市长&kind=")
    assert unquote(sent.location) == f"{ADDRESS}?leader=李市长" and jobs() == []


@pytest.mark.usefixtures("written", "long")
def test_the_page_of_the_job_says_how_far_it_is(reader, run_jobs, monkeypatch):
    told, progress = [], Task.progress
    monkeypatch.setattr(register, "PART", 100)

    def heard(task, done, total, message=""):
        progress(task, done, total, message)
        told.append((done, total, message))

    monkeypatch.setattr(Task, "progress", heard)
    reader.submit(ADDRESS)
    run_jobs()

    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {LINES}
    assert list(dict.fromkeys(message for _, _, message in told)) == [
        "正在读取",
        "正在写入表格",
        "正在生成文件",
    ]
    # Several steps of either half, and the end at the whole.
    assert len({done for done, _, _ in told if done <= LINES // 2}) > 2 and told[-1][0] == LINES
    assert len({done for done, _, _ in told}) > LINES // 4


@pytest.mark.usefixtures("written", "long")
def test_a_cancelled_one_leaves_no_file(reader, run_jobs, monkeypatch):
    progress = Task.progress

    def heard(task, done, total, message=""):
        progress(task, done, total, message)
        if done == LINES * 3 // 4:  # in the midst of writing somebody presses the button
            reader.submit(f"/jobs/{task.job_id}/cancel")
            deadline = time.monotonic() + WAIT
            while not task.stop and time.monotonic() < deadline:
                time.sleep(0.05)

    monkeypatch.setattr(Task, "progress", heard)
    started = reader.submit(ADDRESS)
    run_jobs()

    assert jobs()[0].state == "cancelled"
    assert reader.get(f"{started.location}/file").status_code == 404


@pytest.mark.usefixtures("written", "long")
def test_nobody_else_sees_or_gets_the_file(reader, desk, run_jobs, make_user, make_office, user_of):
    started = reader.submit(ADDRESS)
    run_jobs()
    assert reader.get(f"{started.location}/file").status_code == 200

    others = [
        make_user("editor", unit=desk.unit), make_user("editor", office=make_office()),
        make_user("system_admin", unit=desk.unit), user_of(desk.leader), user_of(desk.informant),
    ]  # fmt: skip
    for other in others:
        login(reader, other)
        for address in (started.location, f"{started.location}/live", f"{started.location}/file"):
            assert reader.get(address).status_code == 404
    login(reader, make_user("system_admin", unit=desk.unit))
    assert reader.get(ADDRESS).status_code == 403 and reader.submit(ADDRESS).status_code == 403


@pytest.mark.usefixtures("written", "long")
def test_a_unit_gets_its_own_lines_by_a_job_too(client, desk, run_jobs, make_user, monkeypatch):
    login(client, make_user("informant", unit=desk.joint))
    started = client.submit(ADDRESS)
    run_jobs()

    file = client.get(f"{started.location}/file")
    monkeypatch.setattr(exports, "SHORT", LINES)
    assert file.status_code == 200 and file.data == client.get(ADDRESS).data
    assert {line[2] for line in lines_of(file.data)} == {"李市长", "赵省长"}
    assert len(lines_of(file.data)) < LINES


@pytest.mark.usefixtures("written", "long")
def test_with_other_roles_the_file_is_asked_for_anew(reader, desk, run_jobs, user_of):
    """A leader reads the register too, but not all of it: the editor's file is no longer theirs."""
    first = reader.submit(ADDRESS)
    run_jobs()
    second = reader.submit(f"{ADDRESS}?leader=赵省长")
    with transaction():
        for role in user_of(desk.editor).roles:
            role.role = "leader"

    refused = reader.get(f"{first.location}/file")
    assert (
        refused.status_code == 403 and "角色在提交以后有变动" in refused.text and "重新下载" in refused.text
    )
    run_jobs()
    assert [job.state for job in jobs()] == ["done", "failed"] and "有变动" in jobs()[1].error
    assert reader.submit(f"{second.location}/again").status_code == 403
    third = reader.submit(ADDRESS)
    run_jobs()
    assert third.location != first.location and reader.get(f"{third.location}/file").status_code == 200


@pytest.mark.usefixtures("written")
def test_what_does_not_fit_into_one_workbook_is_said_below_the_last_line(reader, monkeypatch):
    monkeypatch.setattr(register, "MOST", 15)

    said = lines_of(reader.get(ADDRESS).data)

    assert len(said) == 16
    assert said[-1][0] == f"符合条件的批示共 {LINES} 条，本表只列最近的 15 条。其余请按日期分次下载。"
    assert {line[1] for line in said[:-1]} == {TODAY.isoformat()}
