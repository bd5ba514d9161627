"""What the composing board shows, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from core.accounts.units import units_of_office
from core.actors import Actor
from core.paging import Page, page_of
from core.submissions.queries import units_taking_part
from core.submissions.text import count
from core.web import page_number, whole_or_zero
from plugins.journal import candidates, checks, contents, differences, past, presence, queries, steps
from plugins.journal.checks import Remark, unfit
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Journal
from plugins.journal.values import numbers_of

CANDIDATES = 12


@dataclass(frozen=True)
class Card:
    """An item in a column: how it is printed, and what deserves a second look."""

    item: JournalItem
    title: str
    source: str
    words: int
    fitting: Sequence[str]
    remarks: Sequence[Remark]
    tags: Sequence[str]


@dataclass(frozen=True)
class Candidate:
    """An item that may be placed, with the columns that take it."""

    row: Any
    fitting: Sequence[str]
    used: Sequence[str]
    taken: Sequence[str]
    signed: bool
    kept: str = ""
    units: int = 1
    # Kept out of this very issue, for the next one.
    later: bool = False


def whole(actor: Actor, issue: JournalIssue, args: Mapping[str, Any]) -> dict[str, Any]:
    """Everything on the page."""
    journal = queries.journal_for(issue, clock.today())
    parallel = [other for other in queries.open_issues(actor) if other.id != issue.id]
    return {
        **columns_part(actor, issue, args),
        "units": units_of_office(issue.office_id),
        "levels": candidates.levels(issue.office_id),
        "ages": candidates.AGES.items(),
        "numbers": numbers_of(issue, journal, issue.planned_on or clock.today()),
        "parallel": parallel,
        "sheet_name": "",
        "people": presence.others(actor, issue.id),
    }


def columns_part(actor: Actor, issue: JournalIssue, args: Mapping[str, Any]) -> dict[str, Any]:
    """The candidates and the columns: what changes with every step."""
    journal = queries.journal_for(issue, clock.today())
    placed = contents.placed(issue)
    remarks = checks.remarks(journal, placed, note=contents.note_unprintable(issue))
    parts = [(part, _cards(part.items, journal, remarks, placed)) for part in contents.filled(issue, journal)]
    return {
        "issue": issue,
        "journal": journal,
        "parts": parts,
        "remarks": remarks,
        "words": sum(one.words for one in placed),
        "stamp": presence.stamp(issue.id),
        "recent": steps.recent(issue.id),
        "own_last": steps.last_of(actor, issue.id),
        "args": args,
        **_candidates(actor, issue, journal, args),
    }


def _cards(
    items: Sequence[JournalItem], journal: Journal, remarks: Sequence[Remark], placed: Sequence[checks.Placed]
) -> list[Card]:
    taken = {one.id: one.taken for one in placed}
    return [
        Card(
            item, one.title, one.source, count(one.body),
            _fitting(journal, item.submission.genre, item.submission.unit.kind, taken[item.id], item.reprint),
            [remark for remark in remarks if remark.item == item.id],
            differences.tags(item, journal.editor_note.label),
        )
        for item in items
        for one in [contents.printed(item)]
    ]  # fmt: skip


def _fitting(journal: Journal, genre: str, kind: str, taken: Any, again: bool) -> list[str]:
    """The columns that take an item; one adopted before only those that print again."""
    return [
        column.id
        for column in journal.columns
        if not unfit(column, genre, kind, taken) and (column.reprint or not again)
    ]


def _candidates(
    actor: Actor, issue: JournalIssue, journal: Journal, args: Mapping[str, Any]
) -> dict[str, Any]:
    wanted = candidates.Wanted(
        text=str(args.get("text", ""))[:60], genre=args.get("genre", ""), unit_id=whole_or_zero(args.get("unit")),
        taken=args.get("taken", ""), age=args.get("age", ""),
    )  # fmt: skip
    waiting = {kept.submission_id: kept for kept in queries.carried(issue.office_id, issue.journal_id)}
    left = [number for number, kept in waiting.items() if kept.at < issue.created_at]
    page = page_of(candidates.listing(actor, issue, journal, wanted, left), page_number(), CANDIDATES)
    return {"page": page, "candidates": _marked(issue, journal, page, waiting), "waiting": len(left)}


def _marked(issue: JournalIssue, journal: Journal, page: Page, waiting: Mapping[int, Any]) -> list[Candidate]:
    ids = [row.id for row in page.rows]
    day = clock.today()
    used, signed, many = past.used(ids), past.signed(ids), units_taking_part(ids)
    taken, titles = past.taken(issue.office_id, ids, day), past.outlets(issue.office_id, ids, day)
    kinds = {unit.id: unit.kind for unit in units_of_office(issue.office_id)}
    return [
        Candidate(
            row,
            _fitting(
                journal, row.genre, kinds[row.unit_id], taken.get(row.id, frozenset()), row.state == "adopted"
            ),
            used.get(row.id, ()), titles.get(row.id, ()), row.id in signed,
            waiting[row.id].column if row.id in waiting else "", many.get(row.id, 1),
            row.id in waiting and waiting[row.id].at >= issue.created_at,
        )
        for row in page.rows
    ]  # fmt: skip
