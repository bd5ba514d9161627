"""Telling people: send notices inside the transaction of what they are about, take them back, mark them read."""

from collections.abc import Iterable

from sqlalchemy import Select, bindparam, delete, false, func, or_, select, update

from core import clock
from core.accounts.models import RoleAssignment, User
from core.actors import Actor
from core.db import db, transaction
from core.errors import NotFound
from core.notices.models import Notice
from core.permissions import among, rights

LONGEST = 200
# More are not counted: the mark beside the bell says 99+.
COUNTED = 100


def tell(people: Iterable[int], text: str, url: str, about: str = "") -> None:
    """Give each person (ids of users, named once or more) one notice, inside the running transaction.

    text is one Chinese sentence of at most 200 characters, longer ones are cut; url is a path of this site;
    about names the decision, for `take_back`. Raises ValueError for an address elsewhere.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"a notice leads to a page of this site, not to {url}")
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    now = clock.now()
    for person in dict.fromkeys(people):
        db.session.add(Notice(user_id=person, text=text, url=url, about=about, at=now))


def take_back(about: str, why: str = "", people: Iterable[int] | None = None) -> None:
    """The decision no longer holds: unread notices about it vanish, read ones are marked 已撤回, saying why.

    people: only for them it no longer holds; without, for everybody.
    """
    db.session.flush()
    theirs = Notice.about == about
    if people is not None:
        theirs &= Notice.user_id.in_(list(people))
    db.session.execute(delete(Notice).where(theirs, Notice.read_at.is_(None)))
    db.session.execute(
        update(Notice)
        .where(theirs, Notice.taken_back_at.is_(None))
        .values(taken_back_at=clock.now(), taken_back_why=why[:LONGEST])
    )


def holders(office_id: int, permission: str, unit_id: int | None = None) -> list[int]:
    """Who may use a right in an office: its users by office-wide roles and, given a unit, by roles in that unit.

    Closed and expired accounts are left out. Ids in ascending order.
    """
    wide, narrow = [], []
    for role, far in rights().by_name[permission].grants.items():
        if far == "office":
            wide.append(role)
        elif far == "unit":
            narrow.append(role)
    held = among(RoleAssignment.role, wide) if wide else RoleAssignment.id < 0
    if narrow and unit_id is not None:
        held = or_(held, among(RoleAssignment.role, narrow) & (RoleAssignment.unit_id == unit_id))
    query = (
        select(User.id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(RoleAssignment.office_id == office_id, held, User.disabled.is_(False))
        .where(or_(User.expires_on.is_(None), User.expires_on >= clock.today()))
    )
    return list(db.session.scalars(query.distinct().order_by(User.id)))


def notices_of(actor: Actor, *, unread: bool = False) -> Select[tuple[Notice]]:
    """The actor's notices, newest first. Without any role they may read nothing, so not what was told them before."""
    query = select(Notice).where(Notice.user_id == actor.id if actor.grants else false())
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return query.order_by(Notice.id.desc())


def unread(actor: Actor) -> int:
    """How many notices the actor has not read; at most COUNTED."""
    return (db.session.scalar(_UNREAD, {"user": actor.id}) or 0) if actor.grants else 0


def read(actor: Actor, notice_id: int) -> Notice:
    """Mark one of the actor's notices read. Raises NotFound, also for somebody else's."""
    with transaction():
        found = db.session.get(Notice, notice_id)
        if not found or found.user_id != actor.id or not actor.grants:
            raise NotFound("没有这条消息", reason="所涉事项可能已经撤销", advice="请返回消息列表查看")
        found.read_at = found.read_at or clock.now()
    return found


def seen(actor: Actor, about: str) -> None:
    """The actor has what these notices tell before them anyway: mark theirs read, inside the running transaction."""
    db.session.execute(
        update(Notice)
        .where(Notice.about == about, Notice.user_id == actor.id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def read_all(actor: Actor, newest: int) -> int:
    """Mark the actor's notices read, up to the newest one they have seen; how many there were."""
    with transaction():
        done = db.session.execute(
            update(Notice)
            .where(Notice.user_id == actor.id, Notice.read_at.is_(None), Notice.id <= newest)
            .values(read_at=clock.now())
        )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _unread_count() -> Select[tuple[int]]:
    from_one = select(Notice.id).where(Notice.user_id == bindparam("user"), Notice.read_at.is_(None))
    return select(func.count()).select_from(from_one.limit(COUNTED).subquery())


_UNREAD = _unread_count()
