"""What printing an item counts for: its fact, whether that is the same as before, and how it is taken back."""

from datetime import date

from sqlalchemy import func, select

from core import clock, facts
from core.actors import Actor
from core.db import db
from core.facts import Fact
from core.submissions.credit import credited
from core.submissions.services import compile_move
from plugins.journal.models import JournalIssue, JournalItem


def adoption(issue: JournalIssue, item: JournalItem, on: date | None = None) -> facts.NewFact:
    """The countable fact: the outlet of the column, credited to every unit and author of the item in order."""
    day = on or issue.dated
    assert day
    submission = item.submission
    return facts.NewFact(
        office_id=issue.office_id,
        kind="adopted",
        on=day,
        key=_key(issue, item),
        item=submission.item_key,
        title=item.title,
        attrs={"outlet": item.outlet, "genre": submission.genre},
        **credited(submission),
    )


def standing_fact(item: JournalItem) -> Fact | None:
    """The fact of an item, unless somebody has taken it back."""
    if not item.fact_id:
        return None
    gone = db.session.scalar(select(Fact.id).where(Fact.reverses_id == item.fact_id))
    return None if gone else db.session.get_one(Fact, item.fact_id)


def count_again(actor: Actor, issue: JournalIssue, item: JournalItem) -> None:
    """What was counted and taken back counts again exactly as it did, whatever has been done to the item since."""
    if item.fact_id and not standing_fact(item):
        before = db.session.get_one(Fact, item.fact_id)
        key, times = _key(issue, item), _times(issue, item)
        item.fact_id = facts.record_again(actor, before, f"{key}:{times}" if times else key).id


def _key(issue: JournalIssue, item: JournalItem) -> str:
    return f"journal:{issue.id}:{item.id}"


def _times(issue: JournalIssue, item: JournalItem) -> int:
    """How often an item has been counted in an issue so far."""
    key = _key(issue, item)
    same = (Fact.key == key) | Fact.key.startswith(f"{key}:", autoescape=True)
    return db.session.scalar(select(func.count()).where(Fact.office_id == issue.office_id, same)) or 0


def says(fact: Fact, new: facts.NewFact) -> bool:
    """Whether a fact on record says all that a new one would; the day aside."""
    units = [(unit.unit_id, unit.role, unit.weight) for unit in fact.units]
    parts = [new.parts.get(unit, facts.Part()) for unit in new.unit_ids]
    wanted = [
        (unit, part.role[:40], None if part.weight is None else format(part.weight, "f"))
        for unit, part in zip(new.unit_ids, parts, strict=True)
    ]
    people = [(person.name, person.unit_id) for person in fact.persons]
    named = [(author.name[:60], author.unit_id or new.unit_ids[0]) for author in new.authors]
    return (fact.kind, fact.item, fact.title, dict(fact.attrs)) == (
        new.kind, new.item, new.title[:200], dict(new.attrs)
    ) and (units, people) == (wanted, named)  # fmt: skip


def take_back_item(actor: Actor, item: JournalItem, reason: str) -> None:
    """The item counts no more and, printed nowhere else, is with the editors again."""
    if fact := standing_fact(item):
        facts.withdraw(actor, fact, reason)
    item.withdrawn_at, item.withdrawn_by_id, item.withdrawn_reason = clock.now(), actor.id, reason
    item.went_along = True
    db.session.flush()
    submission = item.submission
    if submission.state == "adopted" and _was_adopted_by_printing(item) and not _printed_elsewhere(item):
        compile_move(actor, submission, "cancel_adoption", reason)


def _was_adopted_by_printing(item: JournalItem) -> bool:
    """Whether it became 已采用 by being printed here or in another of our issues."""
    if not item.reprint:
        return True
    first = select(JournalItem.id).where(
        JournalItem.submission_id == item.submission_id, JournalItem.reprint.is_(False),
        JournalItem.withdrawn_at.is_not(None),
    )  # fmt: skip
    return db.session.scalar(first.limit(1)) is not None


def _printed_elsewhere(item: JournalItem) -> bool:
    other = (
        select(JournalItem.id)
        .join(JournalItem.issue)
        .where(
            JournalItem.submission_id == item.submission_id, JournalItem.id != item.id,
            JournalItem.withdrawn_at.is_(None), JournalIssue.state == "published",
        )
    )  # fmt: skip
    return db.session.scalar(other.limit(1)) is not None
