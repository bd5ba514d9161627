"""What a correction says otherwise than the issue it corrects, item by item: for signers, readers and the board."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.submissions import diff
from core.submissions.diff import DiffLine
from core.submissions.text import lines_of
from plugins.journal import contents
from plugins.journal.contents import Printed
from plugins.journal.models import JournalIssue, JournalItem


@dataclass(frozen=True)
class Difference:
    """An item of a correction against what was printed before: the rows that differ, and the column it stood in.

    Without either and yet changed: its words are the same, their form is not.
    """

    changed: bool
    rows: Sequence[DiffLine]
    moved_from: str = ""

    def __bool__(self) -> bool:
        return self.changed


def by_item(issue: JournalIssue, label: str) -> dict[int, Difference]:
    """Every item that takes another's place, by its id, changed or not; `label` is what the editor's note is called."""
    before = {item.id: item for item in issue.corrects.items} if issue.corrects else {}
    return {
        item.id: of(item, before[item.replaces_id], label)
        for item in issue.items
        if item.replaces_id in before
    }


def of(item: JournalItem, before: JournalItem, label: str) -> Difference:
    """What an item says otherwise than one before it."""
    old, new = contents.printed(before), contents.printed(item)
    rows = [
        *diff.compare(_note(old, label), _note(new, label)),
        *diff.compare_titled(_lines(old), _lines(new)),
    ]
    moved_from = before.column_title if before.column != item.column else ""
    return Difference(_differs(item, before), [row for row in rows if row.kind != "same"], moved_from)


def changed(item: JournalItem) -> bool:
    """Whether an item is not printed as the one it takes the place of."""
    return item.replaces is not None and _differs(item, item.replaces)


def left_out(issue: JournalIssue) -> list[JournalItem]:
    """The items of the corrected issue that the correction does not print."""
    if not issue.corrects:
        return []
    followed = {item.replaces_id for item in issue.items}
    return [
        item
        for item in issue.corrects.items
        if item.id not in followed and (item.went_along or not item.withdrawn_at)
    ]


def first_printed(item: JournalItem) -> JournalItem:
    """The item as it was printed before any correction."""
    while item.replaces:
        item = item.replaces
    return item


def tags(item: JournalItem, label: str) -> list[str]:
    """What an editor has made of an item, as tags on the board; in a correction what the printed item did not have."""
    before = item.replaces
    own = (
        ("改题", item.print_title, before.title if before else ""),
        ("改来源", item.print_source, before.source if before else ""),
        ("改正文", item.body, before.body if before else item.body),
        (f"改{label}" if before else label, item.note, before.note if before else ""),
    )
    return [tag for tag, now, then in own if now != then]


def _differs(item: JournalItem, before: JournalItem) -> bool:
    return contents.printed(item) != contents.printed(before) or item.column != before.column


def _note(text: Printed, label: str) -> list[str]:
    return [f"{label}：{line}" for line in text.note.splitlines()]


def _lines(text: Printed) -> list[str]:
    body = [line for block in text.body for line in lines_of(block)]
    return [text.title, *body, f"（{text.source}）"]
