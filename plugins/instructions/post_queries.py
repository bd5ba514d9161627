"""Who held which post on which day."""

from datetime import date

from sqlalchemy import or_, select

from core import clock
from core.db import db
from core.errors import InvalidInput
from plugins.instructions.holding import who_is
from plugins.instructions.models import LeaderPost


def listing(office_id: int, on: date | None = None) -> list[LeaderPost]:
    """The posts of an office in their order, those of one person together; of a day, those held on it."""
    query = select(LeaderPost).where(LeaderPost.office_id == office_id)
    if on:
        query = query.where(LeaderPost.since <= on, or_(LeaderPost.until.is_(None), LeaderPost.until >= on))
    rows = db.session.scalars(query.order_by(LeaderPost.sort_no, LeaderPost.since.desc(), LeaderPost.id))
    by_person: dict[str, list[LeaderPost]] = {}
    for post in rows:
        by_person.setdefault(who_is(post.user_id, post.name), []).append(post)
    return [post for own in by_person.values() for post in own]


def held(office_id: int, user_id: int | None, name: str, on: date) -> list[LeaderPost]:
    """The posts a person held on a day."""
    who = who_is(user_id, name)
    return [post for post in listing(office_id, on) if who_is(post.user_id, post.name) == who]


def for_day(office_id: int, post_id: int, on: date) -> LeaderPost:
    """The post chosen, or the one the same person held on the day. Raises InvalidInput when there was none."""
    chosen = db.session.scalar(
        select(LeaderPost).where(LeaderPost.id == post_id, LeaderPost.office_id == office_id)
    )
    if not chosen:
        raise InvalidInput("没有这条任职登记", where="批示领导", advice="请重新选择")
    found = held(office_id, chosen.user_id, chosen.name, on)
    if chosen in found:
        return chosen
    if len(found) == 1:
        return found[0]
    when = clock.written(on)
    raise InvalidInput(
        f"{chosen.name}在{when}的任职没有登记" if not found else f"{chosen.name}在{when}有几个职务",
        where="批示领导", reason=f"所选职务{said(chosen)}",
        advice="请核对批示日期，或先登记当时的任职" if not found else "请选择其中一个",
    )  # fmt: skip


def said(post: LeaderPost) -> str:
    """A post with its time, as people say it."""
    until = f"至{clock.written(post.until)}" if post.until else "起"
    return f"{post}，{clock.written(post.since)}{until}"
