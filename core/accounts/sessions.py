"""Signing in and out: the actor, server-side sessions with idle and absolute limits, lock-out."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.exc import OperationalError

from core import audit, clock
from core.accounts import passwords
from core.accounts.models import LoginFailure, LoginSession, Office, RoleAssignment, User
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import Grant

log = logging.getLogger(__name__)
# The time of last use is written at most this often: a page view should not cost a write.
SEEN_EVERY = timedelta(minutes=1)
# One row per role of whoever holds the session. Every page asks for it: put together once, over the bare tables,
# it costs a fifth of what a statement over the mapped classes costs when it is written out in the function.
_session, _user, _office, _role = (m.__table__.c for m in (LoginSession, User, Office, RoleAssignment))
SESSION_ROWS = (
    select(
        _session.id, _session.created_at, _session.seen_at, _user.id, _user.login, _user.name, _user.must_change,
        _user.disabled, _user.expires_on, _user.post, _office.id, _office.name, _role.role, _role.office_id, _role.unit_id,
    )
    .join_from(LoginSession.__table__, User.__table__, _user.id == _session.user_id)
    .join(Office.__table__, _office.id == _user.office_id)
    .outerjoin(RoleAssignment.__table__, _role.user_id == _user.id)
    .where(_session.token_hash == bindparam("token_hash"), _session.ended_at.is_(None))
)  # fmt: skip
OPEN_SESSIONS = (
    select(_session.id, _session.created_at, _session.seen_at, _session.address, _session.browser)
    .where(_session.user_id == bindparam("user_id"), _session.ended_at.is_(None))
    .order_by(_session.seen_at.desc())
    .limit(50)
)


def actor_of(user: User, session_id: int | None = None) -> Actor:
    """The actor of a user, for the command line, jobs and the demo."""
    grants = tuple(sorted((r.grant() for r in user.roles), key=str))
    return Actor(
        user.id,
        user.login,
        user.name,
        user.office_id,
        user.office.name,
        grants,
        user.must_change,
        session_id,
        user.post,
    )


def sign_in(login: str, password: str, address: str, browser: str) -> Actor:
    """Check name and password and open a session; returns the actor with its token.

    Raises InvalidInput with one and the same message for a wrong name and a wrong password.
    """
    login = login.strip().lower()
    _refuse_when_locked(login, address)
    user = db.session.scalar(select(User).where(User.login == login))
    # Hashing is slow on purpose and happens outside any transaction.
    good = passwords.matches(user.password_hash if user else None, password)
    if not user or not good or _closed(user):
        _failed(login, address, user)
        raise InvalidInput("登录名或密码不正确", advice="请核对后重试；连续输错将被暂时锁定")
    token = secrets.token_urlsafe(32)
    with transaction():
        now = clock.now()
        db.session.execute(delete(LoginFailure).where(LoginFailure.login == login))
        session = LoginSession(
            token_hash=_hash(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            address=address,
            browser=browser[:120],
        )
        db.session.add(session)
        user.last_login_at = now
        days = current_app.config["YAOQING"]["PASSWORD_DAYS"]
        if days and now - user.password_at > timedelta(days=days):
            user.must_change = True
        db.session.flush()
        actor = actor_of(user, session.id)
        audit.note(actor, "登录")
    return replace(actor, token=token)


def actor_for(token: str, *, used: bool = True) -> Actor | None:
    """The actor of a session token, or None when the session has ended, idled out or grown too old.

    used: false for what a page asks by itself, which must not keep the session of somebody gone for lunch alive.
    """
    rows = db.session.execute(SESSION_ROWS, {"token_hash": _hash(token)}).all()
    if not rows:
        return None
    (
        session_id,
        created_at,
        seen_at,
        user_id,
        login,
        name,
        must_change,
        disabled,
        expires,
        post,
        office_id,
        office,
    ) = rows[0][:12]
    now, settings = clock.now(), current_app.config["YAOQING"]
    too_old = now - created_at > timedelta(hours=settings["SESSION_HOURS"])
    idle = now - seen_at > timedelta(minutes=settings["IDLE_MINUTES"])
    if disabled or too_old or idle or (expires and expires < clock.today()):
        return None
    if used and now - seen_at > SEEN_EVERY:
        _touch(session_id, now)
    grants = tuple(Grant(*row[12:]) for row in rows if row[12])
    return Actor(user_id, login, name, office_id, office, grants, must_change, session_id, post, token)


def sign_out(actor: Actor) -> None:
    """End the actor's own session."""
    with transaction():
        _end(LoginSession.id == actor.session_id)
        audit.note(actor, "退出登录")


def sessions_of(actor: Actor) -> Sequence[Row[Any]]:
    """The actor's open sessions, newest first: rows (id, created_at, seen_at, address, browser)."""
    return db.session.execute(OPEN_SESSIONS, {"user_id": actor.id}).all()


def end_own_session(actor: Actor, session_id: int) -> None:
    """End another session of the actor. Raises NotFound for anybody else's."""
    with transaction():
        if not _end((LoginSession.id == session_id) & (LoginSession.user_id == actor.id)):
            raise NotFound("没有这个登录会话", advice="它可能已经退出")
        audit.note(actor, "终止登录会话", f"会话 {session_id}")


def end_all(user_id: int, keep: int | None = None) -> None:
    """End every session of a user inside the running transaction (password or roles changed)."""
    _end((LoginSession.user_id == user_id) & (LoginSession.id != (keep or 0)))


def change_password(actor: Actor, old: str, new: str) -> None:
    """Change the actor's own password; every other session of theirs ends."""
    user = db.session.get_one(User, actor.id)
    if is_locked(user.login):
        raise _locked()
    if not passwords.matches(user.password_hash, old):
        _failed(user.login, "", user, "修改密码")
        raise InvalidInput("原密码不正确", where="原密码", advice="请重新输入")
    passwords.check(new, login=user.login, previous_hash=user.password_hash)
    fresh = passwords.hashed(new)
    with transaction():
        user.password_hash, user.must_change, user.password_at = fresh, False, clock.now()
        end_all(user.id, keep=actor.session_id)
        audit.note(actor, "修改密码", user)


def unlock(login: str) -> None:
    """Forget the failed attempts of a login name, inside the running transaction."""
    db.session.execute(delete(LoginFailure).where(LoginFailure.login == login))


def is_locked(login: str) -> bool:
    """Whether the login name is locked at present."""
    return _failures(LoginFailure.login == login) >= current_app.config["YAOQING"]["LOGIN_FAILURES"]


def _refuse_when_locked(login: str, address: str) -> None:
    most = current_app.config["YAOQING"]["ADDRESS_FAILURES"]
    if is_locked(login) or _failures(LoginFailure.address == address) >= most:
        raise _locked()


def _locked() -> InvalidInput:
    minutes = current_app.config["YAOQING"]["LOCK_MINUTES"]
    return InvalidInput(
        "登录已被暂时锁定",
        reason="短时间内多次输错密码",
        advice=f"请 {minutes} 分钟后再试，或联系安全管理员解锁",
    )


def _failures(condition: Any) -> int:
    since = clock.now() - timedelta(minutes=current_app.config["YAOQING"]["LOCK_MINUTES"])
    query = select(func.count()).select_from(LoginFailure).where(condition, LoginFailure.at > since)
    return db.session.scalar(query) or 0


def _failed(login: str, address: str, user: User | None, action: str = "登录") -> None:
    with transaction():
        now = clock.now()
        db.session.execute(delete(LoginFailure).where(LoginFailure.at < now - timedelta(days=1)))
        db.session.add(LoginFailure(login=login[:40], address=address, at=now))
        db.session.flush()
        office_id = user.office_id if user else None
        audit.note(None, action, login[:40], office_id=office_id, outcome="失败：登录名或密码不正确")
        if is_locked(login):
            audit.note(None, "锁定账号", login[:40], office_id=office_id, outcome="连续输错密码")


def _closed(user: User) -> bool:
    return user.disabled or bool(user.expires_on and user.expires_on < clock.today())


def _touch(session_id: int, now: datetime) -> None:
    """Note the time of use in a transaction of its own; a busy database is no reason to refuse the page."""
    try:
        with transaction():
            db.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))
    except (Conflict, OperationalError):
        log.warning("登录会话 %s 的最近使用时间未能记下", session_id)


def _end(condition: Any) -> int:
    return db.session.execute(
        update(LoginSession).where(condition, LoginSession.ended_at.is_(None)).values(ended_at=clock.now())
    ).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
