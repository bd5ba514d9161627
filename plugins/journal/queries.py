"""Finding issues: what an actor may see, lists, and which issues an item stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.actors import Actor
from core.db import db
from core.errors import NotFound, PackError
from core.packs import services as packs
from core.permissions import among, reach
from core.submissions.models import Contributor, Submission
from plugins.journal.models import OPEN, JournalComposer, JournalIssue, JournalItem
from plugins.journal.schema import Journal, Journals

KEPT = 64


@dataclass(frozen=True)
class Filter:
    """What a list shows; empty means no restriction."""

    journal: str = ""
    year: int = 0
    states: Sequence[str] = ()


def journals_of(office_id: int, day: date) -> Sequence[Journal]:
    """The journals of the pack an office uses on a day. Raises NotFound, PackError."""
    return packs.pack_of(office_id, day).get(Journals).journals


def journal_of(office_id: int, journal_id: str, day: date) -> Journal:
    """One journal of the pack in force. Raises PackError when the pack no longer has it."""
    found = next((j for j in journals_of(office_id, day) if j.id == journal_id), None)
    if not found:
        raise PackError(
            f"现行规则包没有刊物“{journal_id}”", where="journals.yaml", advice="请启用含有该刊物的规则包"
        )
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """The issues an actor may see: published ones as a reader, all of them at the editing desk."""
    readers, desk = reach(actor, "journal.read"), reach(actor, "journal.draft")
    published = and_(JournalIssue.state == "published", readers.where(JournalIssue.office_id))
    return or_(published, desk.where(JournalIssue.office_id)) if desk else published if readers else false()


def issue(actor: Actor, issue_id: int) -> JournalIssue:
    """One issue with its items. Raises NotFound, also for one that exists but is not theirs to see."""
    items = selectinload(JournalIssue.items).joinedload(JournalItem.submission)
    found = db.session.scalar(
        select(JournalIssue)
        .where(JournalIssue.id == issue_id, visible(actor))
        .options(
            items.joinedload(Submission.unit),
            items.selectinload(Submission.contributors).joinedload(Contributor.unit),
            joinedload(JournalIssue.document),
            selectinload(JournalIssue.hands).joinedload(JournalComposer.user),
        )
    )
    if not found:
        raise NotFound("没有这一期刊物，或您无权查看", advice="请返回列表重新选择")
    return found


def listing(actor: Actor, wanted: Filter) -> Select[Any]:
    """Rows (JournalIssue, number of items) the actor may see, newest first."""
    count = select(func.count()).where(JournalItem.issue_id == JournalIssue.id).scalar_subquery()
    query = (
        select(JournalIssue, count.label("count"))
        .where(visible(actor))
        .options(joinedload(JournalIssue.changed_by), joinedload(JournalIssue.document))
    )
    if wanted.journal:
        query = query.where(JournalIssue.journal == wanted.journal)
    if wanted.year:
        query = query.where(JournalIssue.year == wanted.year)
    if wanted.states:
        query = query.where(JournalIssue.state.in_(wanted.states))
    return query.order_by(JournalIssue.published_at.desc().nulls_first(), JournalIssue.id.desc())


def journal_titles(actor: Actor) -> list[tuple[str, str]]:
    """Id and title of every journal with an issue the actor may see."""
    query = (
        select(JournalIssue.journal, func.max(JournalIssue.title))
        .where(visible(actor))
        .group_by(JournalIssue.journal)
    )
    return [(journal, title) for journal, title in db.session.execute(query.order_by(JournalIssue.journal))]


def years(actor: Actor) -> list[int]:
    """The years with published issues, latest first."""
    query = select(JournalIssue.year).where(visible(actor), JournalIssue.year.is_not(None)).distinct()
    return list(db.session.scalars(query.order_by(JournalIssue.year.desc())))


def open_issues(actor: Actor) -> list[JournalIssue]:
    """The drafts an editor may place items in, newest first."""
    query = select(JournalIssue).where(
        JournalIssue.state == "draft", reach(actor, "journal.compile").where(JournalIssue.office_id)
    )
    return list(db.session.scalars(query.order_by(JournalIssue.id.desc()).limit(30)))


def count(actor: Actor, permission: str, state: str) -> int:
    """How many issues in a state are within reach of a right."""
    return db.session.scalar(_counting(reach(actor, permission).offices, state)) or 0


def latest(actor: Actor) -> JournalIssue | None:
    """The newest published issue a reader may open."""
    return db.session.scalar(_latest(reach(actor, "journal.read").offices))


# Every home page asks these: the statements are kept for all who have the same rights.
@lru_cache(KEPT)
def _counting(offices: frozenset[int], state: str) -> Select[tuple[int]]:
    where = (among(JournalIssue.office_id, offices), JournalIssue.state == state)
    return select(func.count()).select_from(JournalIssue).where(*where)


@lru_cache(KEPT)
def _latest(offices: frozenset[int]) -> Select[tuple[JournalIssue]]:
    where = (among(JournalIssue.office_id, offices), JournalIssue.state == "published")
    return select(JournalIssue).where(*where).order_by(JournalIssue.published_at.desc()).limit(1)


def standing(actor: Actor, submission_id: int) -> list[JournalItem]:
    """Where a submission stands or stood, as far as the actor may see it."""
    query = (
        select(JournalItem)
        .join(JournalItem.issue)
        .where(JournalItem.submission_id == submission_id, visible(actor))
        .options(joinedload(JournalItem.issue))
    )
    return list(db.session.scalars(query.order_by(JournalItem.id.desc())))


def in_open_issues(submission_id: int) -> list[JournalItem]:
    """The places of a submission in issues that are not published."""
    query = select(JournalItem).join(JournalItem.issue)
    return list(
        db.session.scalars(
            query.where(JournalItem.submission_id == submission_id, JournalIssue.state.in_(OPEN))
        )
    )
