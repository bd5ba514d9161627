"""A printed document of more than fifty pages becomes OFD by a job: its progress, its file, and the end of its process."""

import io
import os
import signal
import time

import ofdkit
import pytest
from sqlalchemy import select

from core.db import db
from core.documents import making
from core.documents.rendering import process
from core.documents.rendering.preview import page_count
from core.documents.rendering.process import Child
from core.jobs import Task
from core.jobs.models import Job
from core.testing import login
from tests.docs import samples
from tests.plugins.ofd.standard import faults

ANNEXES = 60
WAIT = 20.0


def marker(number: int) -> str:
    """Words that stand on one page only."""
    return f"第{number:02}号附件内容"


@pytest.fixture(scope="session")
def long_pdf(make_pdf) -> bytes:
    """A circular with a short annex on every page."""
    annexes = [{"title": "分项情况", "body": [samples.paragraph(marker(n))]} for n in range(ANNEXES)]
    return make_pdf("print/circular.html", {**samples.short_circular(), "annexes": annexes})


@pytest.fixture
def document(make_document, long_pdf):
    return make_document(pdf=long_pdf, pages=page_count(long_pdf))


@pytest.fixture
def reader(client, make_user):
    """The browser of an editor."""
    login(client, make_user("editor"))
    return client


@pytest.fixture
def when_at_work(monkeypatch):
    """when_at_work(do): `do` is called once, in the midst of a job, when the first pages are done."""

    def arranged(do) -> None:
        progress, called = Task.progress, []

        def told(task, done, total, message=""):
            progress(task, done, total, message)
            if done and not called:
                called.append(done)
                do()

        monkeypatch.setattr(Task, "progress", told)

    return arranged


@pytest.fixture
def children(monkeypatch) -> list[Child]:
    """The confined processes that were started."""
    made, start = [], Child.__init__

    def started(child, *args):
        start(child, *args)
        made.append(child)

    monkeypatch.setattr(process.Child, "__init__", started)
    return made


def the_jobs() -> list[Job]:
    db.session.rollback()
    return list(db.session.scalars(select(Job).where(Job.kind == making.KIND).order_by(Job.id)))


def address(document) -> str:
    return f"/documents/{document.id}/formats/ofd"


def test_a_long_document_becomes_ofd_in_the_background(reader, document, run_jobs, when_at_work):
    url, pages, seen = address(document), document.pages, []

    def look() -> None:
        """The page of the job, as soon as it says how far it is."""
        deadline = time.monotonic() + WAIT
        while not any(f'max="{pages}"' in page for page in seen) and time.monotonic() < deadline:
            seen.append(reader.get(f"{started.location}/live").text)
            time.sleep(0.1)

    when_at_work(look)
    assert pages > making.SHORT
    assert "开始生成" in reader.get(url).text
    started = reader.submit(url)
    run_jobs()

    assert "进行中" in seen[-1] and "正在转换" in seen[-1] and f"/ {pages}" in seen[-1]
    done = reader.get(started.location).text
    assert "已完成" in done and "OFD 文件已备好" in done and f"共 {pages} 页" in done and url in done
    answer = reader.get(url)
    assert answer.mimetype == "application/ofd" and "attachment" in answer.headers["Content-Disposition"]
    assert faults(answer.data) == []
    with ofdkit.open(io.BytesIO(answer.data)) as file:
        assert len(file.pages) == pages and file.info.title == document.title
        assert [marker(n) in read for n, read in enumerate(map(words_of, file.pages[-ANNEXES:]))] == [
            True
        ] * ANNEXES


def words_of(page) -> str:
    return "".join(run.text for run in page.runs).replace(" ", "")


def test_a_converting_process_that_is_killed_is_one_failed_job_and_the_next_try_works(
    reader, document, run_jobs, when_at_work, children
):
    when_at_work(lambda: os.kill(children[-1].pid, signal.SIGKILL))
    started = reader.submit(address(document))
    run_jobs()

    (failed,) = the_jobs()
    assert (failed.state, failed.attempts) == ("failed", 1)
    page = reader.get(started.location).text
    assert "转换进程意外中止" in page and "被强行终止，可能是服务器内存不足" in page and "重新执行" in page
    # Nothing is left of it, neither a process nor half a file, and the site goes on.
    assert len(children) == 1 and not children[0].is_alive()
    assert "开始生成" in reader.get(address(document)).text
    assert reader.get(f"/documents/{document.id}.pdf").status_code == 200

    again = reader.submit(f"{started.location}/again")
    run_jobs()

    assert again.location != started.location
    assert [job.state for job in the_jobs()] == ["failed", "done"]
    assert faults(reader.get(address(document)).data) == []
