"""Finding issues: what an actor may see, lists, and which issues an item stands in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from core.actors import Actor
from core.db import db
from core.errors import NotFound, PackError, YaoqingError
from core.packs import services as packs
from core.packs.content.outlets import OutletTree, tree_of
from core.packs.content.sections import Outlets
from core.permissions import among, reach
from core.submissions.models import Contributor, Submission
from plugins.journal.board_models import JournalCarried
from plugins.journal.circles import visible
from plugins.journal.framing import framed
from plugins.journal.models import OPEN, JournalComposer, JournalIssue, JournalItem
from plugins.journal.schema import Journal, Journals

KEPT = 64


@dataclass(frozen=True)
class Filter:
    """What a list shows; empty means no restriction."""

    journal: str = ""
    year: int = 0
    states: Sequence[str] = ()
    # Words in the titles of items.
    text: str = ""


def journals_of(office_id: int, day: date) -> Sequence[Journal]:
    """The journals of the pack an office uses on a day. Raises NotFound, PackError."""
    return packs.pack_of(office_id, day).get(Journals).journals


def journal_of(office_id: int, journal_id: str, day: date) -> Journal:
    """One journal of the pack in force, or an edition of it (`id/edition`). Raises PackError when it is gone."""
    found = packs.pack_of(office_id, day).get(Journals).journal(journal_id)
    if not found:
        raise PackError(
            f"现行规则包没有刊物“{journal_id}”", where="journals.yaml", advice="请启用含有该刊物的规则包"
        )
    return found


def journal_for(issue: JournalIssue, day: date) -> Journal:
    """The journal as an issue prints it: its edition, with what the issue changes of the frame."""
    return _as_printed(issue, journal_of(issue.office_id, issue.journal_id, day))


def journal_behind(issue: JournalIssue) -> Journal | None:
    """The journal as a published issue printed it, by the pack of then; None when that is gone."""
    try:
        found = packs.load(packs.by_ref(issue.pack_ref)).get(Journals).journal(issue.journal_id)
        return _as_printed(issue, found) if found else None
    except YaoqingError:
        return None


def _as_printed(issue: JournalIssue, found: Journal) -> Journal:
    if issue.edition:
        edition = found.in_edition(issue.edition)
        if not edition:
            raise PackError(
                f"现行规则包的{found.title}没有版别“{issue.edition}”",
                where="journals.yaml",
                advice="请启用含有该版别的规则包",
            )
        found = edition
    return _of_first_name(issue, framed(found, issue.frame))


def _of_first_name(issue: JournalIssue, journal: Journal) -> Journal:
    """A correction bears the name of what it corrects, whatever the journal is called by now."""
    first = issue
    while first.corrects:
        first = first.corrects
    named = journal_behind(first) if first is not issue else None
    same = {"title": named.title, "masthead": named.printed_name, "edition": named.edition} if named else {}
    return journal.model_copy(update=same)


def tree_of_day(office_id: int, day: date) -> OutletTree | None:
    """The outlets of the pack in force; None without one."""
    try:
        return tree_of(packs.pack_of(office_id, day).get(Outlets))
    except YaoqingError:
        return None


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


def may_see(actor: Actor, issue_id: int) -> bool:
    """Whether an issue is there for somebody."""
    asked = select(JournalIssue.id).where(JournalIssue.id == issue_id, visible(actor))
    return db.session.scalar(asked) is not None


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
    if wanted.text:
        titled = select(JournalItem.issue_id).where(JournalItem.title.contains(wanted.text, autoescape=True))
        query = query.where(JournalIssue.id.in_(titled))
    return query.order_by(JournalIssue.published_at.desc().nulls_first(), JournalIssue.id.desc())


def item_titles(issue_ids: Collection[int]) -> dict[int, list[str]]:
    """By issue: the titles of its items as printed, in order."""
    query = select(JournalItem.issue_id, JournalItem.title).where(JournalItem.issue_id.in_(issue_ids))
    found: dict[int, list[str]] = {}
    for issue_id, title in db.session.execute(query.order_by(JournalItem.position, JournalItem.id)):
        found.setdefault(issue_id, []).append(title)
    return found


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
    """The newest published issue the actor may read."""
    query = select(JournalIssue).where(visible(actor), JournalIssue.state == "published")
    return db.session.scalar(query.order_by(JournalIssue.published_at.desc()).limit(1))


def neighbours(actor: Actor, issue: JournalIssue) -> tuple[JournalIssue | None, JournalIssue | None]:
    """The issues of the same journal before and after a published one, as far as the actor may read them."""
    same = select(JournalIssue).where(
        visible(actor),
        JournalIssue.state == "published",
        JournalIssue.office_id == issue.office_id,
        JournalIssue.journal == issue.journal,
    )
    at = JournalIssue.published_at
    before = same.where(at < issue.published_at).order_by(at.desc()).limit(1)
    after = same.where(at > issue.published_at).order_by(at).limit(1)
    return db.session.scalar(before), db.session.scalar(after)


# Every home page asks these: the statements are kept for all who have the same rights.
@lru_cache(KEPT)
def _counting(offices: frozenset[int], state: str) -> Select[tuple[int]]:
    where = (among(JournalIssue.office_id, offices), JournalIssue.state == state)
    return select(func.count()).select_from(JournalIssue).where(*where)


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


def carried(office_id: int, journal_id: str) -> list[JournalCarried]:
    """The items kept for the next issue of a journal, oldest first."""
    query = select(JournalCarried).where(
        JournalCarried.office_id == office_id, JournalCarried.journal == journal_id
    )
    query = query.options(joinedload(JournalCarried.submission).joinedload(Submission.unit))
    return list(db.session.scalars(query.order_by(JournalCarried.id)))


def items_of_document(document_id: int) -> list[str]:
    """The keys of the items printed in an issue, in its order; none when the document is no issue."""
    query = (
        select(JournalItem)
        .join(JournalItem.issue)
        .where(JournalIssue.document_id == document_id)
        .order_by(JournalItem.position, JournalItem.id)
    )
    return [item.submission.item_key for item in db.session.scalars(query)]


def issue_of_document(document_id: int) -> int | None:
    """The issue printed as a document."""
    return db.session.scalar(select(JournalIssue.id).where(JournalIssue.document_id == document_id))


def secrecy_of_document(document_id: int) -> list[str]:
    """The secrecy mark of the issue printed as a document, if it bears one."""
    issue = db.session.scalar(select(JournalIssue).where(JournalIssue.document_id == document_id))
    return [issue.classification] if issue and issue.classification else []


def outlets_of_document(document_id: int) -> list[str]:
    """The outlet of the journal whose issue was printed as a document, by the pack of then."""
    issue = db.session.scalar(select(JournalIssue).where(JournalIssue.document_id == document_id))
    journal = journal_behind(issue) if issue else None
    return [journal.outlet] if journal else []
