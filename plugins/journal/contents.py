"""The contents of an issue as it stands: columns with items, what is printed of each, and remarks on them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from core.documents import store
from core.submissions.models import Submission
from core.submissions.text import Block, count
from plugins.journal import checks, past
from plugins.journal.checks import FORMER, GONE, Laid, Placed, Remark
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Journal, JournalColumn


@dataclass(frozen=True)
class Printed:
    """An item as printed: title, source line, text, and the editor's own words before it."""

    title: str
    source: str
    body: list[Block]
    note: str = ""

    @property
    def words(self) -> int:
        """字数 of the text."""
        return count(self.body)

    @property
    def digest(self) -> str:
        """What the issuer's signature is bound to."""
        parts = [self.title, self.source, self.body, *([self.note] if self.note else [])]
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Filled:
    """A column with its items in order."""

    column: JournalColumn
    known: bool
    items: Sequence[JournalItem]

    @property
    def over(self) -> int:
        """By how many items the column's limit is passed."""
        return max(len(self.items) - self.column.limit, 0) if self.column.limit else 0


def printed(item: JournalItem) -> Printed:
    """What is printed of an item: the frozen text once published, else the newest text."""
    if item.issue.state == "published":
        return Printed(item.title, item.source, item.body, item.note)
    if item.replaces:
        title, source = item.print_title or item.replaces.title, item.print_source or item.replaces.source
        return Printed(title, source, item.body, item.note)
    title = item.print_title or item.submission.title
    source = item.print_source or source_of(item.submission)
    return Printed(title, source, item.submission.body, item.note)


def source_of(submission: Submission) -> str:
    """The line that says where an item comes from: all its units in order."""
    return "、".join(contributor.unit.short for contributor in submission.contributors)


def filled(issue: JournalIssue, journal: Journal) -> list[Filled]:
    """Every column of the journal in order, empty ones too; then columns the pack no longer has."""
    by_column: dict[str, list[JournalItem]] = {}
    for item in issue.items:
        by_column.setdefault(item.column, []).append(item)
    columns = [Filled(column, True, by_column.pop(column.id, [])) for column in journal.columns]
    gone = [
        Filled(
            JournalColumn.model_construct(id=key, title=(items[0].column_title or FORMER) + GONE),
            False,
            items,
        )
        for key, items in by_column.items()
    ]
    return columns + gone


def order(issue: JournalIssue, journal: Journal) -> list[tuple[str, str, int]]:
    """Column, printed title and id of every item, in the order of the pages."""
    return [
        (part.column.id, printed(item).title, item.id)
        for part in filled(issue, journal)
        for item in part.items
    ]


def characters(issue: JournalIssue) -> int:
    """字数 of the whole issue."""
    return sum(count(printed(item).body) for item in issue.items)


def placed(issue: JournalIssue) -> list[Placed]:
    """The items as the checks look at them, in the order of the issue."""
    numbers = [item.submission_id for item in issue.items]
    taken = past.taken(issue.office_id, numbers, clock.today())
    used, signed = past.used(numbers, issue.id), past.signed(numbers)
    return [
        Placed(
            item.column, printed(item).title, item.submission.genre,
            [contributor.unit.short for contributor in item.submission.contributors], item.submission.unit.kind,
            count(printed(item).body), taken.get(item.submission_id, frozenset()), ready(item),
            item.submission_id in signed, () if item.reprint else used.get(item.submission_id, ()), item.id,
            unprintable(item), item.column_title,
        )
        for item in issue.items
    ]  # fmt: skip


def unprintable(item: JournalItem) -> list[str]:
    """Why an item cannot be printed as it stands."""
    one = printed(item)
    return store.unprintable([one.title, one.source, one.note], one.body)


def note_unprintable(issue: JournalIssue) -> list[str]:
    """Why the note of the issue itself cannot be printed."""
    return store.unprintable([issue.note]) if issue.note else []


def ready(item: JournalItem) -> bool:
    """Whether the submission is in the state a place in a draft needs."""
    return item.submission.state == ("adopted" if item.reprint else "selected")


def remarks(issue: JournalIssue, journal: Journal, laid: Laid | None = None) -> list[Remark]:
    """What stands in the way of the issue, and what deserves a second look."""
    return checks.remarks(journal, placed(issue), laid, note_unprintable(issue))


def plain_columns(issue: JournalIssue, journal: Journal) -> list[dict[str, Any]]:
    """The columns that are printed, as plain data for the print template: those with items or with a line instead."""
    parts = [part for part in filled(issue, journal) if part.items or part.column.when_empty == "line"]
    asked = [item.submission_id for part in parts if part.column.taken_by for item in part.items]
    takers = past.takers(issue.office_id, asked, clock.today())
    wanted = {name for column in journal.columns for name in column.taken_by}
    return [
        {
            "title": part.column.title,
            "caption": part.column.caption,
            "line": "" if part.items else part.column.empty_line,
            "items": [
                {
                    "title": p.title,
                    "source": p.source,
                    "body": p.body,
                    "editor_note": p.note,
                    "taken": [one.title for one in takers.get(item.submission_id, ()) if one.reached & wanted]
                    if part.column.taken_by
                    else [],
                }
                for item, p in zip(part.items, map(printed, part.items), strict=True)
            ],
        }
        for part in parts
    ]
