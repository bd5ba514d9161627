"""A process killed while it publishes: after a restart the issue is wholly before or wholly after."""

import pytest
from sqlalchemy import func, select

from core import audit
from core.db import db
from core.documents.models import IssuedDocument
from core.facts import Fact
from plugins.journal.delivery_models import JournalDelivery
from plugins.journal.models import JournalIssue
from plugins.journal.publishing import publish
from tests.faults import COMMIT, COMMITTED, killed, tables

BEFORE = (
    "file", "INSERT INTO number_series", "INSERT INTO issued_document", "INSERT INTO fact",
    "INSERT INTO journal_delivery", "INSERT INTO notice", COMMIT,
)  # fmt: skip


@pytest.mark.postgres
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_killed_publication_is_whole_or_not_at_all(app, issuer, awaiting, quick_pages):
    issue_id, next_id = awaiting("第一条", "第二条").id, awaiting("第三条").id
    before = tables()

    for step in BEFORE:
        assert killed(app, lambda: publish(issuer, issue_id), step), step
        assert tables() == before, step
    assert killed(app, lambda: publish(issuer, issue_id), COMMITTED)

    issue = db.session.get(JournalIssue, issue_id)
    adopted = db.session.scalar(select(func.count()).select_from(Fact).where(Fact.kind == "adopted"))
    documents, deliveries = (
        db.session.scalar(select(func.count()).select_from(table))
        for table in (IssuedDocument, JournalDelivery)
    )
    assert (issue.state, issue.number, issue.total, adopted, documents) == ("published", 1, 36, 2, 1)
    assert {item.submission.state for item in issue.items} == {"adopted"} and deliveries
    assert list(audit.verify()) == []
    assert publish(issuer, next_id).number == 2
