"""Filters kept under a name: an editor's own or shared with the office, one of them the default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.permissions import Place, require
from core.submissions.text import clean_line
from plugins.newsdesk.models import DeskDefault, DeskFilter

# Arguments of the queue's address that a filter keeps.
KEPT = ("text", "state", "genre", "urgency", "unit", "editor", "mark", "since", "until", "sort", "dir")
MOST = 30
Asked = dict[str, list[str]]


@dataclass(frozen=True)
class Tab:
    """A filter as the queue shows it."""

    id: int
    name: str
    asked: Asked
    shared: bool
    owner_id: int
    default: bool


def tabs(actor: Actor) -> list[Tab]:
    """The actor's own filters, then those others share in the office; in one query."""
    columns = DeskFilter.id, DeskFilter.name, DeskFilter.asked, DeskFilter.shared, DeskFilter.owner_id
    default = (DeskDefault.filter_id == DeskFilter.id) & (DeskDefault.user_id == actor.id)
    query = (
        select(*columns, DeskDefault.user_id.is_not(None))
        .outerjoin(DeskDefault, default)
        .where(_usable(actor))
        .order_by((DeskFilter.owner_id == actor.id).desc(), DeskFilter.name, DeskFilter.id)
    )
    return [Tab(*row[:5], bool(row[5])) for row in db.session.execute(query)]


def one(actor: Actor, filter_id: int) -> DeskFilter:
    """A filter the actor may use. Raises NotFound, also for what others keep for themselves."""
    found = db.session.scalar(select(DeskFilter).where(DeskFilter.id == filter_id, _usable(actor)))
    if not found:
        raise NotFound("没有这个筛选", reason="可能已被删除，或不再共用", advice="请回到编辑台重新选择")
    return found


def keep(
    actor: Actor,
    name: str,
    asked: Mapping[str, Sequence[str]],
    *,
    shared: bool = False,
    default: bool = False,
) -> DeskFilter:
    """Keep a filter under a name; one of the same name is replaced."""
    name = _named(name)
    with transaction():
        require(actor, "newsdesk.share" if shared else "newsdesk.use", Place(actor.office_id))
        own = {each.name: each for each in _own(actor)}
        if name not in own and len(own) >= MOST:
            raise InvalidInput(f"筛选最多保存 {MOST} 个", where="名称", advice="请先删除不再使用的")
        found = own.get(name) or DeskFilter(office_id=actor.office_id, owner_id=actor.id, name=name)
        found.asked, found.shared, found.changed_at = cleaned(asked), shared, clock.now()
        db.session.add(found)
        db.session.flush()
        if default:
            _prefer(actor, found.id)
        audit.note(actor, "保存筛选", found, office_id=found.office_id, shared=shared)
    return found


def rename(actor: Actor, filter_id: int, name: str) -> DeskFilter:
    """Give one's own filter another name; another of the actor's filters is never replaced by it."""
    name = _named(name)
    with transaction():
        found = _mine(actor, filter_id)
        if any(each.name == name and each.id != filter_id for each in _own(actor)):
            raise InvalidInput(f"您已有名为“{name}”的筛选", where="名称", advice="请换一个名称")
        before, found.name, found.changed_at = found.name, name, clock.now()
        audit.note(actor, "改筛选名称", found, office_id=found.office_id, before=before, after=name)
    return found


def share(actor: Actor, filter_id: int, shared: bool) -> DeskFilter:
    """Share one's own filter with the office, or no longer."""
    with transaction():
        found = _mine(actor, filter_id)
        require(actor, "newsdesk.share", found)
        found.shared, found.changed_at = shared, clock.now()
        if not shared:
            others = DeskDefault.filter_id == filter_id, DeskDefault.user_id != actor.id
            db.session.execute(delete(DeskDefault).where(*others))
        audit.note(actor, "共用筛选" if shared else "停止共用筛选", found, office_id=found.office_id)
    return found


def prefer(actor: Actor, filter_id: int) -> None:
    """Open the desk with this filter from now on; 0: with everything."""
    with transaction():
        require(actor, "newsdesk.use", Place(actor.office_id))
        if filter_id:
            one(actor, filter_id)
        _prefer(actor, filter_id)


def remove(actor: Actor, filter_id: int) -> None:
    """Delete one's own filter; whoever opened their desk with it sees everything again."""
    with transaction():
        found = _mine(actor, filter_id)
        audit.note(actor, "删除筛选", found, office_id=found.office_id)
        db.session.execute(delete(DeskDefault).where(DeskDefault.filter_id == filter_id))
        db.session.delete(found)


def cleaned(asked: Mapping[str, Sequence[str]]) -> Asked:
    """Only what a filter may keep, without empty values."""
    found = {name: [str(value)[:60] for value in asked.get(name, ()) if value][:12] for name in KEPT}
    return {name: values for name, values in found.items() if values}


def _named(name: str) -> str:
    name = clean_line(name)
    if not name or len(name) > 30:
        raise InvalidInput("请给筛选起一个 30 字以内的名称", where="名称", advice="例如“农业口加急”")
    return name


def _usable(actor: Actor):
    return (DeskFilter.office_id == actor.office_id) & or_(
        DeskFilter.owner_id == actor.id, DeskFilter.shared.is_(True)
    )


def _own(actor: Actor) -> list[DeskFilter]:
    return list(db.session.scalars(select(DeskFilter).where(DeskFilter.owner_id == actor.id)))


def _mine(actor: Actor, filter_id: int) -> DeskFilter:
    require(actor, "newsdesk.use", Place(actor.office_id))
    found = one(actor, filter_id)
    if found.owner_id != actor.id:
        raise NotFound("这个筛选由别人保存，只有保存的人可以改动", advice="可另存为自己的筛选")
    return found


def _prefer(actor: Actor, filter_id: int) -> None:
    db.session.execute(delete(DeskDefault).where(DeskDefault.user_id == actor.id))
    if filter_id:
        db.session.add(DeskDefault(user_id=actor.id, filter_id=filter_id))
