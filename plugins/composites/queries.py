"""Finding links: the sources of a composite, the parts of an item, where an item went; what may be chosen."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.facts import Fact, standing
from core.permissions import among, reach
from core.submissions.models import Contributor, Submission
from core.submissions.queries import visible
from core.submissions.workflow import ABSORBED, MOVES
from plugins.composites.models import ALL, Link

FREE = MOVES["merge"].sources
OFFERED = 20


def editable(actor: Actor, submission_id: int) -> Submission:
    """An item the actor may edit for the office. Raises NotFound, also for one that exists elsewhere."""
    found = db.session.scalar(
        select(Submission).where(Submission.id == submission_id, visible(actor, "submission.edit"))
    )
    if not found:
        raise NotFound("没有这条信息，或您无权编辑", advice="请返回列表重新选择")
    return found


def composite(actor: Actor, submission_id: int) -> Submission:
    """A composite the actor may edit, standing or void. Raises NotFound for every other item."""
    found = editable(actor, submission_id)
    any_source = select(Link.id).where(Link.target_id == found.id, Link.kind == "merge").limit(1)
    if not db.session.scalar(any_source):
        raise NotFound("这条信息不是综合稿", advice="请返回综合采编重新选择")
    return found


def chosen(actor: Actor, ids: Sequence[int]) -> list[Submission]:
    """The items with these ids that the actor may edit, in the order asked for; others are left out."""
    query = select(Submission).where(among(Submission.id, set(ids) or {0}), visible(actor, "submission.edit"))
    found = {each.id: each for each in db.session.scalars(query.options(*WITH_UNITS))}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


WITH_UNITS = (joinedload(Submission.unit), selectinload(Submission.contributors).joinedload(Contributor.unit))


def candidates(actor: Actor, text: str, without: Sequence[int]) -> list[Submission]:
    """Received items of the actor's office that could be merged, newest first; with `text` in title or unit."""
    composites = select(Link.target_id).where(Link.kind == "merge")
    query = select(Submission).where(
        visible(actor, "submission.edit"), Submission.office_id == actor.office_id, among(Submission.state, FREE),
        Submission.id.not_in(composites), Submission.id.not_in(list(without)),
    )  # fmt: skip
    if text:
        unit = select(Unit.id).where(
            or_(Unit.name.contains(text, autoescape=True), Unit.short_name.contains(text, autoescape=True))
        )
        query = query.where(
            or_(Submission.title.contains(text, autoescape=True), Submission.unit_id.in_(unit))
        )
    query = query.options(joinedload(Submission.unit)).order_by(
        Submission.sort_at.desc(), Submission.id.desc()
    )
    return list(db.session.scalars(query.limit(OFFERED)))


def sources(composite_id: int, *, ended: bool = False) -> list[Link]:
    """The links of a composite's sources in their order; with `ended` also those taken out again."""
    query = select(Link).where(Link.target_id == composite_id, Link.kind == "merge")
    if not ended:
        query = query.where(Link.ended_at.is_(None))
    query = query.options(joinedload(Link.source).joinedload(Submission.unit), joinedload(Link.by))
    return list(db.session.scalars(query.order_by(Link.position, Link.id)))


def last_sources(composite_id: int) -> list[Link]:
    """The sources a void composite had when it was dissolved."""
    last = select(func.max(Link.ended_at)).where(
        Link.target_id == composite_id, Link.kind == "merge", Link.ended_as == ALL
    )
    query = select(Link).where(
        Link.target_id == composite_id, Link.kind == "merge", Link.ended_as == ALL,
        Link.ended_at == last.scalar_subquery(),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Link.position, Link.id)))


def parts(original_id: int, *, ended: bool = False) -> list[Link]:
    """The links to the parts an item was split into, in their order."""
    query = select(Link).where(Link.source_id == original_id, Link.kind == "split")
    if not ended:
        query = query.where(Link.ended_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(Link.target)).order_by(Link.position, Link.id)))


def came_from(part_id: int) -> Link | None:
    """The link that made this item a part of another."""
    query = select(Link).where(Link.target_id == part_id, Link.kind == "split").limit(1)
    return db.session.scalar(query.options(joinedload(Link.source)))


def reported(submission: Submission) -> list[Submission]:
    """The reported items that a composite or a part comes from, also through one another."""
    query = select(Link).where(Link.target_id == submission.id, Link.ended_at.is_(None))
    links = db.session.scalars(query.options(joinedload(Link.source)).order_by(Link.position, Link.id)).all()
    return [
        each for link in links for each in (reported(link.source) if link.source.composed else [link.source])
    ]


def counted(submission: Submission) -> list[Submission]:
    """The items that count in place of a source or of an item that was split, also through one another."""
    query = select(Link).where(Link.source_id == submission.id, Link.ended_at.is_(None))
    links = db.session.scalars(query.options(joinedload(Link.target)).order_by(Link.position, Link.id)).all()
    found = [
        each
        for link in links
        for each in (counted(link.target) if link.target.state in ABSORBED else [link.target])
    ]
    return list(dict.fromkeys(found))


def went_into(submission_id: int) -> Link | None:
    """The link by which an item stands in a composite now."""
    query = select(Link).where(Link.source_id == submission_id, Link.kind == "merge", Link.ended_at.is_(None))
    return db.session.scalar(query.options(joinedload(Link.target)).limit(1))


def pair(actor: Actor, composite_id: int, source_id: int) -> Link:
    """A source the actor may see with its published composite; editors also before publication. Raises NotFound."""
    found = db.session.scalar(
        select(Link)
        .join(Link.source)
        .where(Link.source_id == source_id, Link.target_id == composite_id, Link.ended_at.is_(None))
        .where(visible(actor))
        .options(joinedload(Link.target), joinedload(Link.source).joinedload(Submission.unit))
    )
    if not found or not may_read(actor, found.target):
        raise NotFound(
            "没有可对照的稿件，或您无权查看", advice="综合稿刊发以后，可从本单位的信息页面打开对照"
        )
    return found


def may_read(actor: Actor, composite: Submission) -> bool:
    """Editors always; the units of the sources once the composite has been adopted."""
    return composite.office_id in reach(actor, "submission.edit").offices or composite.state == "adopted"


def standing_facts(submission: Submission, *, but: tuple[str, ...] = ()) -> list[Fact]:
    """What is counted for an item now, oldest first."""
    found = standing(submission.office_id, [submission.item_key])
    return sorted((fact for fact in found if fact.kind not in but), key=lambda fact: (fact.on, fact.id))


def listing(actor: Actor, states: tuple[str, ...] = ()) -> Select[tuple[Submission, int]]:
    """The composites of the actor's offices with the number of their sources, newest first."""
    link = aliased(Link)
    number = (
        select(func.count())
        .where(link.target_id == Submission.id, link.kind == "merge", link.ended_at.is_(None))
        .scalar_subquery()
    )
    merged = select(Link.target_id).where(Link.kind == "merge")
    query = select(Submission, number).where(
        and_(Submission.composed.is_(True), visible(actor, "submission.edit"), Submission.id.in_(merged))
    )
    if states:
        query = query.where(among(Submission.state, states))
    return query.options(joinedload(Submission.unit)).order_by(Submission.id.desc())
