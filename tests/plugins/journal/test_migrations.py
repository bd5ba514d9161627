"""What older databases hold comes along: who composed an issue, as far as it is known."""

import runpy

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from core.config import PROJECT
from core.db import db
from core.testing import actor_of
from plugins.journal import services, signing
from plugins.journal.models import JournalComposer

pytestmark = pytest.mark.postgres
MIGRATION = PROJECT / "plugins" / "journal" / "migrations" / "versions" / "journal_0002.py"


def test_the_composers_of_older_issues_are_found(watch, editor, other_editor, make_user, make_submission):
    third, issue = actor_of(make_user("editor")), services.create_issue(editor, "zwyq")
    services.add_item(other_editor, issue.id, make_submission("editing").id, "news")
    services.add_item(third, issue.id, make_submission("editing", title="另一条").id, "news")
    signing.send_for_signature(editor, issue.id)
    before = known(issue.id)
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE journal_composer"))
        with Operations.context(MigrationContext.configure(connection)):
            runpy.run_path(str(MIGRATION))["upgrade"]()

    assert known(issue.id) == before
    assert {user for user, _ in before} == {editor.id, other_editor.id, third.id}


def known(issue_id):
    query = select(JournalComposer.user_id, JournalComposer.since)
    return set(db.session.execute(query.where(JournalComposer.issue_id == issue_id)).tuples())
