"""A process killed while it publishes: after a restart the issue is wholly before or wholly after."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from core.config import PROJECT
from core.db import db
from core.documents.models import IssuedDocument
from core.facts import Fact
from plugins.journal.models import JournalIssue

# Publishes an issue in a process of its own, and dies at once when the named step is reached for the n-th time.
CHILD = """
import os, signal, sys
sys.path.insert(0, {project!r})
from pathlib import Path
from core import facts
from core.accounts.models import User
from core.accounts.sessions import actor_of
from core.app import create_app
from core.db import db
from core.documents.store import Rendered
from plugins.journal import publishing
app = create_app({{"DATA": Path({data!r}), "DATABASE": {database!r}}})
calls = []
def dying(function):
    def call(*args, **kwargs):
        result = function(*args, **kwargs)
        calls.append(1)
        if len(calls) == {call}:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call
with app.app_context():
    publishing.store.render = lambda files, values, **how: Rendered("0" * 64, "0" * 64, 1, 1)
    step = {step!r}
    if step == "commit":
        db.session.commit = dying(db.session.commit)
    else:
        module, name = {{"record": (facts, "record"), "move": (publishing, "compile_move")}}[step]
        setattr(module, name, dying(getattr(module, name)))
    issuer = actor_of(db.session.get(User, {issuer}))
    publishing.publish(issuer, {issue})
"""


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("step", "call", "done"), [("record", 1, False), ("move", 2, False), ("commit", 1, True)]
)
def test_a_killed_publication_is_whole_or_not_at_all(app, issuer, awaiting, step, call, done):
    issue_id = awaiting("第一条", "第二条").id
    data, database = str(app.config["YAOQING"]["DATA"]), app.config["YAOQING"]["DATABASE"]
    db.session.rollback()
    code = CHILD.format(
        project=str(PROJECT), data=data, database=database, step=step, call=call, issuer=issuer.id, issue=issue_id,
    )  # fmt: skip

    killed = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert killed.returncode == -9, killed.stderr
    issue = db.session.get(JournalIssue, issue_id)
    adopted = db.session.scalar(select(func.count()).select_from(Fact).where(Fact.kind == "adopted"))
    documents = db.session.scalar(select(func.count()).select_from(IssuedDocument))
    states = {item.submission.state for item in issue.items}
    found = (issue.state, issue.number, adopted, documents, states)
    assert found == (("published", 1, 2, 1, {"adopted"}) if done else ("awaiting", None, 0, 0, {"selected"}))
