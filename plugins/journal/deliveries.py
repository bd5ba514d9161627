"""Delivery of a published issue: to whom by the pack's imprint, receipts, later recipients, reminders."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from core import audit, clock
from core.accounts.models import RoleAssignment, Unit, User
from core.accounts.units import units_of_office
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.notices.services import seen, take_back, tell
from core.permissions import require, rights
from plugins.journal import queries
from plugins.journal.circles import delivered_to
from plugins.journal.delivery_models import JournalDelivery, JournalReading
from plugins.journal.models import STANDINGS, JournalIssue
from plugins.journal.readers import Readers
from plugins.journal.schema import Journal

UNIT_ROLES = ("informant", "signing_leader")
EVERYBODY = Readers(roles=("leader",), every_unit=True)
LATER = "补发"
# Opening a page again within this time is still the same reading.
SAME_READING = timedelta(minutes=10)
# Whoever joins a unit is not shown years of its issues as unread.
RECENT = timedelta(days=60)
COUNTED = 100


def deliver(actor: Actor, issue: JournalIssue, journal: Journal) -> None:
    """Put the recipients of an issue on record and tell them, inside the transaction that publishes it."""
    issue.restricted = not journal.open_to_office or bool(getattr(issue, "secrecy", ""))
    rows = [
        {"label": label, "unit_id": unit_id, "user_id": user_id}
        for label, unit_id, user_id in _recipients(issue.office_id, journal)
    ]
    _record(actor, issue, rows)


def _recipients(office_id: int, journal: Journal) -> list[tuple[str, int | None, int | None]]:
    """(label, unit, person) of every recipient, each once, under the first line of the imprint that names them."""
    lines = [(line.label, line.readers) for line in journal.distribution if line.readers]
    found: dict[tuple[int | None, int | None], str] = {}
    for label, readers in lines or [("发", EVERYBODY)]:
        for unit in units_of_office(office_id, clock.today()):
            if readers.takes(unit.kind, unit.group.name if unit.group else ""):
                found.setdefault((unit.id, None), label)
        for person in _holders(office_id, readers.roles):
            found.setdefault((None, person), label)
    return [(label, unit_id, user_id) for (unit_id, user_id), label in found.items()]


def _holders(office_id: int, roles: Collection[str]) -> Sequence[int]:
    if not roles:
        return ()
    held = (RoleAssignment.office_id == office_id) & RoleAssignment.role.in_(roles)
    query = select(User.id).where(User.roles.any(held), _open()).order_by(User.id)
    return db.session.scalars(query).all()


def _open() -> Any:
    return User.disabled.is_(False) & or_(User.expires_on.is_(None), User.expires_on >= clock.today())


def _may_read() -> Any:
    """Of the accounts in use those with a role that reads what is published; administrators read nothing."""
    readers = RoleAssignment.role.in_(rights().by_name["journal.read"].grants)
    return User.roles.any(readers) & _open()


def _record(actor: Actor, issue: JournalIssue, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    same = {"issue_id": issue.id, "delivered_at": clock.now(), "delivered_by_id": actor.id}
    db.session.execute(insert(JournalDelivery), [{**same, **row} for row in rows])
    people = _people([row["unit_id"] for row in rows], [row["user_id"] for row in rows])
    tell(people, f"{issue.label}已刊发，请阅读", f"/journals/{issue.id}", f"issue:{issue.id}:published")


def _people(unit_ids: Iterable[int | None], user_ids: Iterable[int | None]) -> list[int]:
    """The persons behind recipients: themselves, and of units those who report for them."""
    units = [unit_id for unit_id in unit_ids if unit_id]
    held = RoleAssignment.unit_id.in_(units) & RoleAssignment.role.in_(UNIT_ROLES)
    named = [user_id for user_id in user_ids if user_id]
    return [*named, *db.session.scalars(select(User.id).where(User.roles.any(held), _open()))]


def people_behind(rows: Iterable[dict[str, Any]]) -> list[int]:
    """The persons behind rows of recipients."""
    rows = list(rows)
    return _people([row["unit_id"] for row in rows], [row["user_id"] for row in rows])


def everybody_of(issue_id: int) -> list[int]:
    """Everybody an issue was delivered to, and whoever else has read it; each once."""
    readers = select(JournalReading.user_id).where(JournalReading.issue_id == issue_id)
    return sorted({*people_of(issue_id), *db.session.scalars(readers)})


def people_of(issue_id: int, *, unread: bool = False) -> list[int]:
    """Everybody an issue was delivered to, persons and people of units."""
    query = select(JournalDelivery.unit_id, JournalDelivery.user_id).where(
        JournalDelivery.issue_id == issue_id
    )
    if unread:
        query = query.where(JournalDelivery.read_at.is_(None))
    rows = db.session.execute(query).all()
    return _people([row.unit_id for row in rows], [row.user_id for row in rows])


def read(actor: Actor, issue_id: int) -> JournalReading:
    """The actor has the issue before them: note it, and the receipt of every delivery they read for."""
    with transaction():
        issue = queries.issue(actor, issue_id)
        if issue.state != "published":
            raise NotFound("这一期还没有刊发", advice="刊发后再阅读")
        now = clock.now()
        mine = (JournalReading.issue_id == issue_id) & (JournalReading.user_id == actor.id)
        found = db.session.scalar(select(JournalReading).where(mine))
        if not found:
            found = JournalReading(issue_id=issue_id, user_id=actor.id, first_at=now, last_at=now, times=1)
            try:
                with db.session.begin_nested():
                    db.session.add(found)
            except IntegrityError:  # the same person in two windows at once
                found = db.session.scalars(select(JournalReading).where(mine)).one()
        elif now - found.last_at > SAME_READING:
            found.last_at, found.times = now, found.times + 1
        db.session.execute(
            update(JournalDelivery)
            .where(
                JournalDelivery.issue_id == issue_id,
                JournalDelivery.read_at.is_(None),
                delivered_to(actor.id, actor.unit_ids),
            )
            .values(read_at=now, read_by_id=actor.id)
        )
        # The page says at its head what has become of the issue.
        for about in ("published", "chase", "withdrawn", "restored"):
            seen(actor, f"issue:{issue_id}:{about}")
    return found


def listing(issue_id: int, *, unread: bool = False) -> Select[tuple[JournalDelivery]]:
    """The recipients of an issue in the order of the imprint."""
    query = (
        select(JournalDelivery)
        .where(JournalDelivery.issue_id == issue_id)
        .options(
            joinedload(JournalDelivery.unit),
            joinedload(JournalDelivery.user),
            joinedload(JournalDelivery.read_by),
        )
        .order_by(JournalDelivery.id)
    )
    return query.where(JournalDelivery.read_at.is_(None)) if unread else query


def receipts(issue_ids: Collection[int]) -> dict[int, Row[Any]]:
    """By issue: `read` of `total` recipients have read it. Issues from before there were deliveries are missing."""
    query = (
        select(
            JournalDelivery.issue_id,
            func.count(JournalDelivery.read_at).label("read"),
            func.count().label("total"),
        )
        .where(JournalDelivery.issue_id.in_(issue_ids))
        .group_by(JournalDelivery.issue_id)
    )
    return {row.issue_id: row for row in db.session.execute(query)}


def readings(issue_id: int) -> Select[tuple[JournalReading, bool]]:
    """Who has read an issue, with whether it was delivered to them: first those to whom it was not, then by time."""
    listed = _listed(issue_id)
    return (
        select(JournalReading, listed.label("listed"))
        .where(JournalReading.issue_id == issue_id)
        .options(
            joinedload(JournalReading.user).selectinload(User.roles).joinedload(RoleAssignment.unit),
        )
        .order_by(listed, JournalReading.first_at, JournalReading.id)
    )


def other_readers(issue_id: int) -> int:
    """How many persons have read an issue that was not delivered to them."""
    query = select(func.count()).where(JournalReading.issue_id == issue_id, ~_listed(issue_id))
    return db.session.scalar(query) or 0


def _listed(issue_id: int) -> Any:
    """Whether a reading is of somebody the issue was delivered to; who gave a receipt remains so when they move on."""
    receipts_given = select(JournalDelivery.read_by_id).where(
        JournalDelivery.issue_id == issue_id, JournalDelivery.read_by_id.is_not(None)
    )
    return JournalReading.user_id.in_(people_of(issue_id)) | JournalReading.user_id.in_(receipts_given)


def reading_of(actor: Actor, issue_id: int) -> JournalReading | None:
    """When the actor has read an issue."""
    mine = (JournalReading.issue_id == issue_id) & (JournalReading.user_id == actor.id)
    return db.session.scalar(select(JournalReading).where(mine))


def unread_by(actor: Actor, issue_ids: Collection[int]) -> set[int]:
    """Which of these issues were delivered to the actor and have not been read by them."""
    query = _unread_of(actor.id, actor.unit_ids).where(JournalDelivery.issue_id.in_(issue_ids))
    return set(db.session.scalars(query))


def _unread_of(user_id: int, unit_ids: Collection[int]) -> Select[tuple[int]]:
    seen = select(JournalReading.issue_id).where(JournalReading.user_id == user_id)
    return select(JournalDelivery.issue_id).where(
        delivered_to(user_id, unit_ids),
        JournalDelivery.delivered_at > clock.now() - RECENT,
        # What was withdrawn or replaced is not to be read any more.
        exists().where(JournalIssue.id == JournalDelivery.issue_id, JournalIssue.standing == "valid"),
        JournalDelivery.issue_id.not_in(seen),
    )


def unread_issues(actor: Actor) -> Select[tuple[int]]:
    """The issues recently delivered to the actor that they have not read."""
    return _unread_of(actor.id, actor.unit_ids)


def count_unread(actor: Actor) -> int:
    """How many issues wait to be read; at most COUNTED."""
    waiting = unread_issues(actor).distinct().limit(COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def add(actor: Actor, issue_id: int, unit_ids: Collection[int], user_ids: Collection[int]) -> int:
    """Deliver a published issue to further units and persons of the office; how many were new.

    A restricted issue is opened to others only by somebody who may sign it.
    """
    with transaction():
        issue = _published(actor, issue_id)
        require(actor, right_to_add(issue), issue)
        rows = _wanted(issue, unit_ids, user_ids)
        if not rows:
            raise InvalidInput(
                "没有新增发送对象", reason="所选的都已在发送名单上，或没有选择", advice="请重新选择"
            )
        _record(actor, issue, [{"label": LATER, **row} for row in rows])
        new = {(row["unit_id"], row["user_id"]) for row in rows}
        names = [
            one.recipient
            for one in db.session.scalars(listing(issue_id))
            if (one.unit_id, one.user_id) in new
        ]
        audit.note(actor, "补发刊物", issue, office_id=issue.office_id, recipients=names)
    return len(rows)


def take_back_later(actor: Actor, issue_id: int, delivery_id: int) -> str:
    """Take back what was delivered later by mistake: the recipient leaves the list, and may not read a restricted issue.

    The trail keeps that it was sent and taken back; whoever has read it meanwhile stays among its readers.
    """
    with transaction():
        issue = _published(actor, issue_id)
        require(actor, right_to_add(issue), issue)
        found = db.session.get(JournalDelivery, delivery_id)
        if not found or found.issue_id != issue.id:
            raise NotFound("名单上没有这个发送对象", advice="请刷新页面后再看")
        if found.label != LATER:
            raise Conflict("只有补发的可以收回", reason=f"{found.recipient}是签发时按发送范围登记的")
        name, gone = found.recipient, {"unit_id": found.unit_id, "user_id": found.user_id}
        db.session.delete(found)
        db.session.flush()
        people = set(people_behind([gone])).difference(people_of(issue.id))
        for about in ("published", "chase"):
            take_back(f"issue:{issue.id}:{about}", "补发已收回", people)
        audit.note(actor, "收回补发刊物", issue, office_id=issue.office_id, recipients=[name])
    return name


def right_to_add(issue: JournalIssue) -> str:
    """The right to deliver an issue to others."""
    return "journal.publish" if issue.restricted else "journal.compile"


def _wanted(
    issue: JournalIssue, unit_ids: Collection[int], user_ids: Collection[int]
) -> list[dict[str, Any]]:
    known = db.session.execute(
        select(JournalDelivery.unit_id, JournalDelivery.user_id).where(JournalDelivery.issue_id == issue.id)
    ).all()
    units = (
        select(Unit.id).where(Unit.office_id == issue.office_id, Unit.id.in_(unit_ids)).order_by(Unit.sort_no)
    )
    people = select(User.id).where(User.office_id == issue.office_id, User.id.in_(user_ids), _may_read())
    have_units, have_people = {row.unit_id for row in known}, {row.user_id for row in known}
    return [
        *({"unit_id": one, "user_id": None} for one in db.session.scalars(units) if one not in have_units),
        *({"unit_id": None, "user_id": one} for one in db.session.scalars(people) if one not in have_people),
    ]


def chase(actor: Actor, issue_id: int) -> int:
    """Remind everybody who has not read an issue, once a day; how many recipients were reminded."""
    with transaction():
        issue = _published(actor, issue_id)
        require(actor, "journal.compile", issue)
        today = clock.today()
        waiting = [
            one
            for one in db.session.scalars(listing(issue_id, unread=True))
            if not one.chased_at or clock.local(one.chased_at).date() < today
        ]
        if not waiting:
            raise Conflict("没有需要催阅的对象", reason="都已阅读，或者今天已经催过", advice="请明天再催")
        for one in waiting:
            one.chased_at = clock.now()
        people = _people([one.unit_id for one in waiting], [one.user_id for one in waiting])
        tell(people, f"请阅读{issue.label}", f"/journals/{issue.id}", f"issue:{issue.id}:chase")
        audit.note(actor, "催阅刊物", issue, office_id=issue.office_id, recipients=len(waiting))
    return len(waiting)


def candidates(issue: JournalIssue) -> tuple[list[Unit], Sequence[User]]:
    """Units and persons of the office that an issue could still be delivered to."""
    rows = db.session.execute(
        select(JournalDelivery.unit_id, JournalDelivery.user_id).where(JournalDelivery.issue_id == issue.id)
    ).all()
    units = {row.unit_id for row in rows}
    people = {row.user_id for row in rows}
    query = (
        select(User)
        .where(User.office_id == issue.office_id, _may_read())
        .options(selectinload(User.roles).joinedload(RoleAssignment.unit))
        .order_by(User.pinyin)
    )
    return (
        [unit for unit in units_of_office(issue.office_id, clock.today()) if unit.id not in units],
        [user for user in db.session.scalars(query) if user.id not in people],
    )


def _published(actor: Actor, issue_id: int) -> JournalIssue:
    issue = queries.issue(actor, issue_id)
    if issue.state != "published":
        raise Conflict("这一期还没有刊发，没有发送名单", advice="请签发后再操作")
    if issue.standing != "valid":
        raise Conflict(
            f"{issue.label}{STANDINGS[issue.standing]}，不再发送", advice="请查看这一期页面上的说明"
        )
    return issue
