"""The plain values a journal's print template receives; README.md lists them for those who write templates."""

from datetime import date
from typing import Any

from core.accounts.models import Office, User
from core.db import db
from core.documents import numbering
from plugins.journal import contents
from plugins.journal.models import JournalIssue
from plugins.journal.schema import Journal, fill


class Numbers:
    """The numbers an issue would get if it were published on a day."""

    def __init__(self, office_id: int, journal: Journal, day: date, series: str = ""):
        self.year = day.year
        name = series or journal.id
        self.yearly, self.running = f"journal:{name}:{day.year}", f"journal:{name}:total"
        self.start = journal.total.start if journal.total else 0
        self.number = numbering.upcoming(office_id, self.yearly)
        self.total = numbering.upcoming(office_id, self.running, self.start) if journal.total else None
        self.number_text = journal.number_text(self.number, self.year)
        self.total_text = journal.total_text(self.total, self.year) if self.total else ""

    @property
    def line(self) -> str:
        """第12期（总第36期）"""
        return f"{self.number_text}（{self.total_text}）" if self.total_text else self.number_text

    @property
    def used(self) -> tuple[int | None, int | None]:
        """The number and the running total the issue itself keeps."""
        return self.number, self.total

    def take(self, office_id: int) -> None:
        """Use these very numbers inside the running transaction. Raises Conflict when one is gone."""
        numbering.take(office_id, self.yearly, self.number)
        if self.total:
            numbering.take(office_id, self.running, self.total, self.start)


class SameNumbers(Numbers):
    """The numbers of a correction: those of the issue it replaces, with a mark. None is taken; the first keeps them."""

    def __init__(self, issue: JournalIssue):
        first = first_of(issue)
        assert first.year and first.number
        self.year, self.number, self.total = first.year, first.number, first.total
        self.number_text, self.total_text = issue.number_text, issue.total_text

    @property
    def used(self) -> tuple[int | None, int | None]:
        return None, None

    def take(self, office_id: int) -> None:
        """Nothing to take."""


def first_of(issue: JournalIssue) -> JournalIssue:
    """The issue that took the number: of a correction the one that was corrected first."""
    while issue.corrects:
        issue = issue.corrects
    return issue


def numbers_of(issue: JournalIssue, journal: Journal, day: date) -> Numbers:
    """The numbers this issue would get on a day, in the series of its edition."""
    if issue.corrects_id:
        return SameNumbers(issue)
    return Numbers(issue.office_id, journal, day, issue.journal)


def day_of(issue: JournalIssue, today: date) -> date:
    """The day an issue bears: the one the editors set, else the day of signature."""
    return issue.planned_on or today


def print_values(
    issue: JournalIssue, journal: Journal, numbers: Numbers, day: date, *, proof: bool
) -> dict[str, Any]:
    """Everything on the pages of an issue."""
    office = db.session.get_one(Office, issue.office_id)
    editor = db.session.get_one(User, issue.sent_by_id or issue.changed_by_id)
    known = {"office": office.name, "place": office.place_name, "editor": editor.name}
    return {
        "title": f"{journal.title}{numbers.line}",
        "masthead": journal.printed_name,
        "edition": journal.edition or "",
        "issue_line": numbers.line,
        "issue_number": numbers.number,
        "serial_number": numbers.total,
        "year": numbers.year,
        "office": fill(journal.office_line, known),
        "date": day,
        "classification": issue.classification,
        "urgency": issue.urgency,
        "editor_note": issue.note,
        "note_label": journal.editor_note.label,
        "contents": journal.contents,
        "contents_title": journal.contents_title,
        "columns": contents.plain_columns(issue, journal),
        "distribution": [{"label": line.label, "to": fill(line.to, known)} for line in journal.distribution],
        "editor": fill(journal.editor_line, known),
        "copies": journal.copies,
        "proof": proof,
    }
