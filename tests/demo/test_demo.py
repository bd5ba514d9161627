"""`yaoqing demo`: builds a whole city, tells what it made, can be run again, leaves nothing half-made."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from core import clock
from core.accounts.models import Unit
from core.config import PROJECT
from core.db import db
from core.documents.models import IssuedDocument
from core.files import store
from core.notices.models import Notice
from core.scoring import runs
from core.submissions.models import Submission
from plugins.composites.models import Link
from plugins.instructions.task_models import Task
from plugins.journal import past
from plugins.newsdesk.models import DeskPhrase


@pytest.fixture(scope="session")
def told(built_city):
    """summary.json of the finished run."""
    return json.loads((built_city / "out" / "summary.json").read_text(encoding="utf-8"))


def test_the_city_is_as_large_as_promised(told):
    assert told["units"] >= 40
    assert told["submissions"] >= 120
    assert told["adopted"] >= 100
    assert len(told["states"]) >= 7
    assert len(told["closed"]) >= 11


def test_every_file_is_there_with_its_digest(told, built_city):
    for file in told["files"]:
        content = (built_city / "out" / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_points_of_the_summary_are_the_points_of_the_ranking(told, city):
    with city.app_context():
        office = db.session.scalars(select(Unit)).first().office_id
        result = runs.scored(office, told["period"])

        assert len(told["points"]) == len(result.rows)
        assert sum(row.cumulative > 0 for row in result.rows) > 30


def test_every_closed_month_is_proven_again(city):
    with city.app_context():
        office = db.session.scalars(select(Unit)).first().office_id

        assert all(runs.recompute(run) for run in runs.frozen_runs(office))


def test_instructions_are_answered_in_time_overdue_after_reminders_and_missed(city):
    with city.app_context():
        found = db.session.scalars(select(Task)).all()

        assert "on_time" in {task.outcome for task in found}
        unanswered = [task for task in found if task.state == "sent" and task.due_on < clock.today()]
        (late,) = (task for task in unanswered if not task.missed_on)
        (missed,) = (task for task in found if task.outcome == "missed")
        assert [[chase.late for chase in task.chases] for task in (late, missed)] == [[False, True]] * 2
        assert missed in unanswered and missed.due_on < missed.missed_on


def test_two_items_are_put_together_and_one_is_split(city):
    with city.app_context():
        links = db.session.scalars(select(Link)).all()
        sources, parts = ([link for link in links if link.kind == kind] for kind in ("merge", "split"))

        assert (
            len({link.source.unit_id for link in sources}) == 2
            and len({link.target_id for link in sources}) == 1
        )
        assert len({link.source_id for link in parts}) == 1 and len({link.target_id for link in parts}) == 2
        assert {link.target.state for link in links} == {"editing"} and all(
            link.target.characters > 50 for link in links
        )


def test_a_run_that_serves_nothing_prints_no_password(built_city):
    """A run without --serve gives no account a password at all."""
    from_file = (built_city / "log").read_text(encoding="utf-8")

    assert "密码" not in from_file


def test_no_account_of_the_demo_has_a_password_before_it_is_shown(built_city):
    """Asked of the city as it was built: in copies of it, tests give passwords."""
    with closing(sqlite3.connect(f"file:{built_city}/demo/yaoqing.db?mode=ro", uri=True)) as database:
        accounts, with_password = database.execute(
            "SELECT count(*), count(*) FILTER (WHERE password_hash <> '!') FROM user_account"
        ).fetchone()

    assert accounts > 40
    assert with_password == 0


@pytest.mark.parametrize("kind", ["journal_issue", "ranking"])
def test_the_papers_keep_to_the_standard(city, kind, tmp_path):
    with city.app_context():
        last = (
            select(IssuedDocument)
            .where(IssuedDocument.kind == kind)
            .order_by(IssuedDocument.id.desc())
            .limit(1)
        )
        document = db.session.scalars(last).one()
        path = tmp_path / "paper.pdf"
        path.write_bytes(store().get(document.pdf_sha256))

    command = [sys.executable, "-m", "tests.tools.measure_gb9704", str(path), "--brief"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_a_second_run_keeps_everything_and_says_so(built_city, told, tmp_path):
    command = [sys.executable, str(PROJECT / "manage.py"), "demo", "--no-serve", "--out", str(tmp_path)]
    environment = {**os.environ, "YAOQING_DATA": str(built_city)}

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)

    assert "全部保留" in done.stdout
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == told


def test_a_killed_run_leaves_nothing_that_looks_finished(tmp_path):
    command = [
        sys.executable,
        str(PROJECT / "manage.py"),
        "demo",
        "--no-serve",
        "--out",
        str(tmp_path / "out"),
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, "YAOQING_DATA": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    _wait_for(tmp_path / "demo.building" / "yaoqing.db")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    assert not (tmp_path / "demo").exists()
    assert not (tmp_path / "out" / "summary.json").exists()


def test_submissions_of_every_kind_of_unit_are_there(city):
    with city.app_context():
        kinds = select(Unit.kind).join(Submission, Submission.unit_id == Unit.id).distinct()

        assert {"county", "bureau", "section", "direct_report_point"} <= set(db.session.scalars(kinds))


def _wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never appeared")


def test_a_composite_of_signed_items_counts_as_signed(city):
    with city.app_context():
        links = db.session.scalars(select(Link).where(Link.ended_at.is_(None))).all()
        made = {link.target_id for link in links}

        assert made and past.signed(made) == made
        assert past.signed(made | {0}) == made


def test_messages_stand_in_the_order_of_time(city):
    with city.app_context():
        times = db.session.scalars(select(Notice.at).order_by(Notice.id)).all()

    assert len(times) > 1000 and times == sorted(times)


def test_the_editors_find_phrases_for_their_reasons(city):
    with city.app_context():
        kept = db.session.scalars(select(DeskPhrase)).all()

        assert {each.use for each in kept} == {"return", "decline"}
        assert all(each.owner_id is None for each in kept), "for every editor of the office"
