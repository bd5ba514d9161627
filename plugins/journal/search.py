"""Published issues as the search finds them: by their label and by what was printed in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core import clock
from core.actors import Actor
from core.db import db
from core.search import GENRE, Entry, Shown, Source
from core.submissions.text import plain
from plugins.journal.models import STANDINGS, JournalIssue, JournalItem
from plugins.journal.queries import visible

KIND = "issue"


def entry(issue: JournalIssue) -> Entry | None:
    """An issue is found once it is published; before that its items are found as submissions."""
    if issue.state != "published":
        return None
    return Entry(KIND, issue.id, issue.office_id, issue.label, _text(issue), _day(issue), genre=issue.journal)


def show(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    """Label, printed text, running number."""
    query = select(JournalIssue).where(JournalIssue.id.in_(ids), visible(actor)).options(*_options())
    return {
        issue.id: Shown(
            issue.label, _text(issue), ("journal.issue", {"issue_id": issue.id}), _day(issue),
            tuple(filter(None, (issue.total_text, issue.classification, _standing(issue)))),
        )
        for issue in db.session.scalars(query)
    }  # fmt: skip


def _standing(issue: JournalIssue) -> str:
    return STANDINGS[issue.standing] if issue.standing != "valid" else ""


def _text(issue: JournalIssue) -> str:
    return "\n".join(line for item in issue.items for line in (item.title, item.source, plain(item.body)))


def _day(issue: JournalIssue) -> Any:
    return issue.dated or clock.local(issue.created_at).date()


def _journals(actor: Actor) -> Mapping[str, str]:
    """The journals of which the actor may read an issue, an edition that counts its own numbers for itself."""
    columns = JournalIssue.journal, func.max(JournalIssue.title)
    query = select(*columns).where(visible(actor), JournalIssue.state == "published")
    rows = db.session.execute(query.group_by(JournalIssue.journal).order_by(JournalIssue.journal))
    return {journal[:GENRE]: title for journal, title in rows}


def _options() -> Sequence[Any]:
    return (selectinload(JournalIssue.items),)


ISSUES = Source(
    kind=KIND,
    title="刊物",
    model=JournalIssue,
    permission=("journal.read", "journal.draft"),
    visible=visible,
    entry=entry,
    show=show,
    watched={JournalItem: lambda item: [item.issue_id] if item.issue_id else []},
    options=_options,
    genres=_journals,
    genre_title="刊物",
    weight=20,
)
