"""A process killed while it binds a volume: nothing half-made stays, the job is done again once or fails in words."""

import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import db
from core.jobs import ledger
from core.jobs.models import Job
from core.jobs.worker import run_due
from core.notices.models import Notice
from core.orphans import orphans
from core.testing import BLANK_PDF
from plugins.journal import publishing, volumes
from plugins.journal.volume_models import JournalVolume
from tests.faults import COMMITTED, killed, stored

YEAR = 2026


@pytest.fixture
def published_year(watch, issuer, awaiting, quick_pages):
    return [publishing.publish(issuer, awaiting(title).id) for title in ("示例县启动春耕", "示例县修复水渠")]


@pytest.fixture
def blank(monkeypatch):
    """Binding without the layout engine."""
    monkeypatch.setattr(volumes, "bind", lambda *_: BLANK_PDF + b"\n%volume\n")
    monkeypatch.setattr(volumes, "volume_docx", lambda *_: b"PK volume")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
@pytest.mark.parametrize(
    "step", [COMMITTED, "file", "INSERT INTO journal_volume", "INSERT INTO audit_record"]
)
def test_a_killed_binding_leaves_nothing_and_is_done_again(
    app, published_year, editor, blank, watch, run_jobs, step
):
    job_id, kept = volumes.start(editor, "zwyq", YEAR).id, stored()

    assert killed(app, lambda: run_due(app), step)

    assert db.session.query(JournalVolume).count() == 0
    assert stored() - kept <= {one.path for one in orphans(timedelta())}
    assert db.session.get_one(Job, job_id).state == "running" and run_jobs() == 0  # until its lease runs out
    watch.move(minutes=10)
    assert run_jobs() >= 1
    assert db.session.get_one(Job, job_id).state == "done"
    assert [one.made_by_id for one in db.session.scalars(volumes.listing(editor))] == [editor.id]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_binding_killed_after_its_volume_is_kept_does_not_bind_it_twice(
    app, published_year, editor, blank, watch, run_jobs, monkeypatch
):
    job_id = volumes.start(editor, "zwyq", YEAR).id
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "finish", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        assert killed(app, lambda: run_due(app), "never")
    made = db.session.scalars(volumes.listing(editor)).one()

    watch.move(minutes=10)
    run_jobs()

    job = db.session.get_one(Job, job_id)
    assert (job.state, job.attempts) == ("done", 2) and made.label in job.message
    assert db.session.scalars(volumes.listing(editor)).one().id == made.id
    volumes.start(editor, "zwyq", YEAR)  # asked for once more it is bound once more
    run_jobs()
    assert db.session.query(JournalVolume).count() == 2


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_binding_killed_each_time_fails_in_words_and_its_maker_is_told(
    app, published_year, editor, blank, watch, run_jobs
):
    job_id = volumes.start(editor, "zwyq", YEAR).id
    for _ in range(3):
        assert killed(app, lambda: run_due(app), "INSERT INTO journal_volume")
        watch.move(minutes=10)
    run_jobs()

    job = db.session.get_one(Job, job_id)
    assert job.state == "failed" and "3 次中断" in job.error
    assert db.session.query(JournalVolume).count() == 0
    assert db.session.scalar(
        select(Notice.text).where(Notice.user_id == editor.id, Notice.text.contains("汇编"))
    )


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_two_workers_at_one_binding_keep_one_volume(
    app, published_year, editor, blank, watch, run_jobs, monkeypatch
):
    """The first is thought dead while it still lays out pages: its lease has run out, another has taken the job."""
    job_id = volumes.start(editor, "zwyq", YEAR).id
    overtaken = []

    def slowly(*_):
        if not overtaken:
            overtaken.append(True)
            watch.move(minutes=10)
            run_due(app)
        return BLANK_PDF + b"\n%volume\n", b"PK volume"

    monkeypatch.setattr(volumes, "_bound", slowly)

    run_jobs()

    assert overtaken and db.session.query(JournalVolume).count() == 1
    job = db.session.get_one(Job, job_id)
    assert (job.state, job.attempts) == ("done", 2)
    made = db.session.scalars(volumes.listing(editor)).one()
    assert made.job_id == job_id
    assert len(list(db.session.scalars(select(Notice).where(Notice.text.contains(made.label))))) == 1
