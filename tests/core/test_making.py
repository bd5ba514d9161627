"""Long documents are made into further formats in the background, kept, and given at once to whoever asks next."""

import os
import signal
import time
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.documents import derived, making, store
from core.errors import NotFound
from core.jobs.models import Job
from core.jobs.task import Cancelled
from core.jobs.worker import run_due
from core.testing import actor_of, login
from tests.core import converters
from tests.core.test_document_formats import a_format


@pytest.fixture
def editor(make_user):
    return make_user("editor")


@pytest.fixture
def offer(app, monkeypatch):
    """offer(function): a format that takes a job for any document."""
    monkeypatch.setattr(making, "SHORT", 0)

    def offered(function=converters.works):
        form = a_format(function)
        app.extensions["yaoqing"].plugins.contribute("document_formats", lambda: [form])
        return form

    return offered


def kept_files():
    folder = current_app.config["YAOQING"]["DATA"] / "cache" / "formats"
    return sorted(folder.iterdir()) if folder.exists() else []


def the_job():
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.kind == making.KIND).order_by(Job.id.desc())).first()


def test_a_long_document_is_made_by_a_job_and_then_given_at_once(
    client, editor, make_document, offer, run_jobs, monkeypatch
):
    offer()
    document = make_document()
    address = f"/documents/{document.id}/formats/plain"
    login(client, editor)

    assert "生成 纯文本" in client.get(f"/documents/{document.id}").text
    asked = client.get(address)
    assert "共 1 页" in asked.text and "开始生成" in asked.text and the_job() is None
    started = client.submit(address)
    job = the_job()
    assert started.location == f"/jobs/{job.id}"
    assert client.submit(address).location == started.location
    run_jobs()
    job = the_job()
    assert (job.state, job.result_url, job.done, job.total) == ("done", address, 1, 1)
    assert "纯文本 文件已备好" in job.message
    monkeypatch.setattr(derived, "converted", None)

    assert client.get(address).data.startswith(b"%PDF-1.4")
    assert "下载 纯文本" in client.get(f"/documents/{document.id}").text
    assert client.submit(address).location == address


def test_a_failure_is_told_in_chinese_on_the_page_of_the_job(client, editor, make_document, offer, run_jobs):
    offer(converters.stumbles)
    document = make_document()
    login(client, editor)
    client.submit(f"/documents/{document.id}/formats/plain")

    run_jobs()

    page = client.get(f"/jobs/{the_job().id}").text
    assert "文书无法转换为 纯文本" in page and "第 3 页缺少字体" in page and "重新执行" in page
    assert kept_files() == []


def test_whoever_may_no_longer_read_the_document_gets_nothing(
    editor, make_document, offer, run_jobs, monkeypatch
):
    form, document = offer(), make_document()
    making.ISSUED.start(actor_of(editor), document, form)

    def gone(actor, document_id):
        raise NotFound("没有这份公文，或您无权查看")

    monkeypatch.setattr(store, "document", gone)
    run_jobs()

    assert the_job().state == "failed" and "无权查看" in the_job().error
    assert kept_files() == []


def test_a_cancelled_job_stops_at_the_next_page_and_leaves_nothing(app, make_document, offer):
    form, document, heard = offer(converters.tells), make_document(), []

    def told(page):
        heard.append(page)
        if page > 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        derived.in_format(document, form, told=told)

    assert heard and max(heard) < 10
    assert kept_files() == []


def test_a_file_that_cannot_be_kept_fails_the_job(editor, make_document, offer, run_jobs, monkeypatch):
    form, document = offer(), make_document()
    making.ISSUED.start(actor_of(editor), document, form)
    monkeypatch.setattr("core.documents.rendering.cache.Cache.put", lambda *_: None)

    run_jobs()

    assert the_job().state == "failed" and "磁盘已满" in the_job().error


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_worker_killed_half_way_leaves_no_file_and_the_job_is_done_again(
    app, editor, make_document, offer, run_jobs
):
    form, document = offer(converters.tells), make_document()
    job_id = making.ISSUED.start(actor_of(editor), document, form).id
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if not pid:
        try:
            run_due(app)
        finally:
            os._exit(0)
    deadline = time.monotonic() + 20
    while not db.session.scalar(select(Job.done).where(Job.id == job_id)) and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.1)

    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    assert the_job().state == "running" and kept_files() == []
    with transaction():
        the_job().lease_until = clock.now() - timedelta(seconds=1)
    document = db.session.merge(document)
    run_jobs()
    assert (the_job().state, the_job().attempts) == ("done", 2)
    assert len(kept_files()) == 1 and derived.in_format(document, form) == b"made"


def test_drafts_of_killed_writers_are_cleared_away(app, make_document, offer):
    form, document = offer(), make_document()
    folder = current_app.config["YAOQING"]["DATA"] / "cache" / "formats"
    folder.mkdir(parents=True)
    (folder / ".draft").write_bytes(b"half")
    os.utime(folder / ".draft", (0, 0))

    derived.in_format(document, form)

    assert [path.name.startswith(".") for path in kept_files()] == [False]
