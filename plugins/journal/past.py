"""What happened to items before: who took them, where they were printed, whether their unit signed them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from core.facts import standing
from core.submissions import known
from core.submissions.models import ITEM, Submission, SubmissionEvent
from core.submissions.workflow import MOVES
from plugins.journal import queries
from plugins.journal.examples import reached
from plugins.journal.models import JournalIssue, JournalItem

ADOPTED = "adopted"


def taken(office_id: int, submission_ids: Collection[int], day: date) -> dict[int, frozenset[str]]:
    """For each item the outlets that adopted it, with everything they lie in and their levels."""
    found: dict[int, frozenset[str]] = {}
    by_item = _adoptions(office_id, submission_ids)
    tree = queries.tree_of_day(office_id, day) if by_item else None
    for number, names in by_item.items():
        every = (reached(tree, name) if tree else {name} for name in names)
        found[number] = frozenset[str]().union(*every)
    return found


def outlets(office_id: int, submission_ids: Collection[int], day: date) -> dict[int, list[str]]:
    """For each item the titles of the outlets that adopted it, for people to read."""
    by_item = _adoptions(office_id, submission_ids)
    tree = queries.tree_of_day(office_id, day) if by_item else None
    return {
        number: [tree.title(name) if tree and name in tree.nodes else name for name in names]
        for number, names in by_item.items()
    }


@dataclass(frozen=True)
class Taker:
    """An outlet that adopted an item: its title, and everything it lies in with its level."""

    title: str
    reached: frozenset[str]


def takers(office_id: int, submission_ids: Collection[int], day: date) -> dict[int, list[Taker]]:
    """For each item the outlets that adopted it, as far as the pack still knows them."""
    by_item = _adoptions(office_id, submission_ids)
    tree = queries.tree_of_day(office_id, day) if by_item else None
    if not tree:
        return {}
    return {
        number: [
            Taker(tree.title(name), frozenset(reached(tree, name))) for name in names if name in tree.nodes
        ]
        for number, names in by_item.items()
    }


def _adoptions(office_id: int, submission_ids: Collection[int]) -> dict[int, list[str]]:
    """The outlets of every standing adoption, by item, each once and in the order they were recorded."""
    keys = {f"{ITEM}{number}": number for number in submission_ids}
    found: dict[int, list[str]] = {}
    for fact in standing(office_id, keys, [ADOPTED]):
        outlet = str(fact.attrs.get("outlet") or "")
        names = found.setdefault(keys[fact.item], [])
        if outlet and outlet not in names:
            names.append(outlet)
    return found


def used(submission_ids: Collection[int], except_issue: int = 0) -> dict[int, list[str]]:
    """For each item the published issues it stands in, adoptions taken back left out."""
    if not submission_ids:
        return {}
    query = (
        select(JournalItem)
        .join(JournalItem.issue)
        .where(
            JournalItem.submission_id.in_(submission_ids), JournalIssue.state == "published",
            JournalIssue.id != except_issue, JournalItem.withdrawn_at.is_(None),
        )
        .options(joinedload(JournalItem.issue))
        .order_by(JournalItem.id)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for item in db.session.scalars(query):
        found.setdefault(item.submission_id, []).append(item.issue.label)
    return found


def signed(submission_ids: Collection[int]) -> set[int]:
    """The items that a leader of their unit signed; one composed here, when all it was composed of were."""
    own = _signed(submission_ids)
    rest = [number for number in submission_ids if number not in own]
    if not rest:
        return own
    composed = db.session.scalars(
        select(Submission).where(Submission.id.in_(rest), Submission.composed.is_(True))
    )
    parts = {item.id: {each.id for each in known.reported(item)} for item in composed}
    good = signed({number for each in parts.values() for number in each} - set(parts)) if parts else set()
    return own | {number for number, sources in parts.items() if sources and sources <= good}


def _signed(submission_ids: Collection[int]) -> set[int]:
    if not submission_ids:
        return set()
    query = select(SubmissionEvent.submission_id).where(
        SubmissionEvent.submission_id.in_(submission_ids), SubmissionEvent.title == MOVES["sign"].title
    )
    return set(db.session.scalars(query))
