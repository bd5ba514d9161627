"""The contents of an issue as it stands: columns with items, what is printed of each, and remarks on them."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.submissions.models import Submission
from core.submissions.text import Block, count
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Journal, JournalColumn

# A column the pack no longer has keeps its items visible, so that an editor can move them.
GONE = "（现行规则包已无此栏目）"


@dataclass(frozen=True)
class Printed:
    """An item as printed: title, source line and text."""

    title: str
    source: str
    body: list[Block]

    @property
    def digest(self) -> str:
        """What the issuer's signature is bound to."""
        text = json.dumps([self.title, self.source, self.body], ensure_ascii=False, sort_keys=True)
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


@dataclass(frozen=True)
class Remark:
    """Something an editor should see; a blocking one keeps the issue from being sent and published."""

    text: str
    blocking: bool = False


def printed(item: JournalItem) -> Printed:
    """What is printed of an item: the frozen text once published, else the newest text."""
    if item.issue.state == "published":
        return Printed(item.title, item.source, item.body)
    return Printed(item.submission.title, source_of(item.submission), item.submission.body)


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
        Filled(JournalColumn.model_construct(id=key, title=key + GONE), False, items)
        for key, items in by_column.items()
    ]
    return columns + gone


def characters(issue: JournalIssue) -> int:
    """字数 of the whole issue."""
    return sum(count(printed(item).body) for item in issue.items)


def remarks(issue: JournalIssue, journal: Journal) -> list[Remark]:
    """What stands in the way of the issue, and what deserves a second look."""
    if not issue.items:
        return [Remark("还没有放入信息", blocking=True)]
    found = []
    for part in filled(issue, journal):
        name = part.column.title
        if not part.known:
            found.append(Remark(f"“{name}”中有 {len(part.items)} 条，请移到其他栏目", blocking=True))
        if part.over:
            limit = part.column.limit
            found.append(Remark(f"“{name}”最多 {limit} 条，现有 {len(part.items)} 条", blocking=True))
    return found + _unfinished(issue) + _repeated_units(issue, journal.same_unit_warning)


def _unfinished(issue: JournalIssue) -> list[Remark]:
    return [
        Remark(f"《{item.submission.title or '无标题'}》现为非入选状态，请移出后重新放入", blocking=True)
        for item in issue.items
        if item.submission.state != "selected"
    ]


def _repeated_units(issue: JournalIssue, most: int) -> list[Remark]:
    units = Counter(c.unit.short for item in issue.items for c in item.submission.contributors)
    return [Remark(f"{unit}在本期有 {times} 条") for unit, times in units.items() if times >= most]


def plain_columns(issue: JournalIssue, journal: Journal) -> list[dict[str, Any]]:
    """The columns that have items, as plain data for the print template."""
    return [
        {
            "title": part.column.title,
            "items": [
                {"title": p.title, "source": p.source, "body": p.body} for p in map(printed, part.items)
            ],
        }
        for part in filled(issue, journal)
        if part.items
    ]
