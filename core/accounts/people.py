"""Services on people: accounts, their roles, passwords and locks.

The system administrator keeps accounts, the security administrator gives roles: nobody does both.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.accounts import passwords, sessions
from core.accounts.models import RoleAssignment, Unit, User
from core.accounts.names import checked_name
from core.accounts.pinyin import sort_key
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.permissions import ADMIN_ROLES, ROLES, Grant, Place, reach, require

# Accounts nobody has used for so long are listed, so that surplus ones can be closed.
IDLE_DAYS = 90
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,38}[a-z0-9]")


def users(actor: Actor, *, text: str = "", role: str = "", state: str = "") -> Select[tuple[User]]:
    """The users the actor may see, in pinyin order.

    state: "", "open", "disabled", "idle" (IDLE_DAYS unused) or "ended" (with roles in a unit that has ended).
    """
    query = select(User).where(reach(actor, "user.view").where(User.office_id)).order_by(User.pinyin, User.id)
    if text:
        query = query.where(
            or_(User.name.contains(text, autoescape=True), User.login.contains(text, autoescape=True))
        )
    if role:
        query = query.where(User.roles.any(RoleAssignment.role == role))
    if state in ("open", "disabled"):
        query = query.where(User.disabled.is_(state == "disabled"))
    if state == "idle":
        since = clock.now() - timedelta(days=IDLE_DAYS)
        query = query.where(
            User.disabled.is_(False), func.coalesce(User.last_login_at, User.password_at) < since
        )
    if state == "ended":
        gone = select(Unit.id).where(Unit.valid_to < clock.today())
        query = query.where(User.disabled.is_(False), User.roles.any(RoleAssignment.unit_id.in_(gone)))
    return query


def user(actor: Actor, user_id: int) -> User:
    """One user within the actor's reach. Raises NotFound."""
    found = db.session.scalar(
        select(User).where(User.id == user_id, reach(actor, "user.view").where(User.office_id))
    )
    if not found:
        raise NotFound("没有这个用户", advice="请返回用户列表重新选择")
    return found


def left_behind(actor: Actor, unit: Unit) -> list[User]:
    """Who still holds a role in a unit that has ended, as far as the actor sees users: they may still read for it."""
    if not unit.valid_to or unit.valid_to >= clock.today():
        return []
    held = User.roles.any(RoleAssignment.unit_id == unit.id)
    return list(db.session.scalars(users(actor, state="open").where(held)))


def create_user(
    actor: Actor, *, login: str, name: str, post: str = "", expires_on: date | None = None
) -> tuple[User, str]:
    """A new account without any role; returns it with its one-time password."""
    require(actor, "user.edit", Place(actor.office_id))
    password = passwords.one_time()
    fresh = new_user(actor.office_id, login, name, post, passwords.hashed(password), expires_on)
    with transaction():
        save_new(fresh)
        audit.note(actor, "新建用户", fresh)
    return fresh, password


def new_user(
    office_id: int, login: str, name: str, post: str, password_hash: str, expires_on: date | None = None
) -> User:
    """A checked but unsaved account. Raises InvalidInput."""
    login, name = login.strip().lower(), checked_name(name, "姓名", 40)
    if not LOGIN.fullmatch(login):
        raise InvalidInput(
            "登录名不符合要求", where="登录名", advice="请用 3 至 40 位小写字母、数字、点或短横线，以字母开头"
        )
    return User(
        office_id=office_id, login=login, name=name, pinyin=sort_key(name), post=post.strip()[:60],
        password_hash=password_hash, must_change=True, password_at=clock.now(), expires_on=expires_on,
    )  # fmt: skip


def save_new(fresh: User) -> None:
    """Add an account inside the running transaction. Raises Conflict when the name is taken."""
    taken = Conflict(f"登录名“{fresh.login}”已有人使用", where="登录名", advice="请换一个登录名")
    if db.session.scalar(select(User.id).where(User.login == fresh.login)):
        raise taken
    db.session.add(fresh)
    try:
        db.session.flush()
    except IntegrityError:  # somebody else was quicker between our look and our write
        raise taken from None


def change_user(
    actor: Actor, user_id: int, version: int, *, name: str, post: str, disabled: bool, expires_on: date | None
) -> User:
    """Change an account's particulars; disabling it ends its sessions."""
    require(actor, "user.edit")
    name = checked_name(name, "姓名", 40)
    with transaction():
        found = user(actor, user_id)
        require(actor, "user.edit", found)
        _same_version(found, version)
        if found.id == actor.id and disabled:
            raise InvalidInput("不能停用自己的账号", advice="请由另一位系统管理员办理")
        before = {"姓名": found.name, "职务": found.post, "停用": found.disabled, "有效期": found.expires_on}
        found.name, found.pinyin, found.post = name, sort_key(name), post.strip()[:60]
        found.disabled, found.expires_on = disabled, expires_on
        if disabled:
            sessions.end_all(found.id)
        after = {"姓名": found.name, "职务": found.post, "停用": found.disabled, "有效期": found.expires_on}
        audit.note(actor, "修改用户", found, before=before, after=after)
    return found


def reset_password(actor: Actor, user_id: int) -> str:
    """Give a new one-time password; every session of the user ends."""
    require(actor, "user.edit")
    password = passwords.one_time()
    fresh = passwords.hashed(password)
    with transaction():
        found = user(actor, user_id)
        require(actor, "user.edit", found)
        if found.id == actor.id:
            raise InvalidInput("不能重置自己的密码", advice="请在“我的账号”中修改密码")
        if any(held.role in ADMIN_ROLES for held in found.roles):
            # Whoever could do this could become the administrator who is to check them.
            raise PermissionDenied(
                "管理员的密码不能在网页上重置", advice="请在服务器上运行 ./yaoqing user reset-password"
            )
        found.password_hash, found.must_change, found.password_at = fresh, True, clock.now()
        sessions.end_all(found.id)
        sessions.unlock(found.login)
        audit.note(actor, "重置密码", found)
    return password


def unlock_user(actor: Actor, user_id: int) -> User:
    """Lift a lock-out."""
    require(actor, "user.secure")
    with transaction():
        found = user(actor, user_id)
        require(actor, "user.secure", found)
        sessions.unlock(found.login)
        audit.note(actor, "解锁账号", found)
    return found


def end_sessions(actor: Actor, user_id: int) -> User:
    """End every session of a user."""
    require(actor, "user.secure")
    with transaction():
        found = user(actor, user_id)
        require(actor, "user.secure", found)
        sessions.end_all(found.id)
        audit.note(actor, "终止登录会话", found)
    return found


def set_roles(actor: Actor, user_id: int, grants: Iterable[Grant]) -> User:
    """Replace a user's roles in the actor's offices; the change counts from the next click.

    Raises InvalidInput for two administrator roles, a unit of another office, or one's own roles.
    """
    require(actor, "user.roles")
    wanted = set(grants)
    with transaction():
        found = user(actor, user_id)
        require(actor, "user.roles", found)
        if found.id == actor.id:
            raise PermissionDenied("不能给自己授权", advice="请由另一位安全管理员办理")
        offices = reach(actor, "user.roles").offices
        for grant in wanted - {held.grant() for held in found.roles}:
            _check_grant(grant, offices)
        before = _roles_text(found)
        _replace_roles(found, wanted, offices)
        db.session.flush()
        audit.note(actor, "用户授权", found, before=before, after=_roles_text(found))
    return found


def assign(found: User, grants: Iterable[Grant]) -> None:
    """Add roles inside the running transaction (command line and demo)."""
    for grant in grants:
        found.roles.append(RoleAssignment(role=grant.role, office_id=grant.office_id, unit_id=grant.unit_id))
    _flush_roles()


def _check_grant(grant: Grant, offices: frozenset[int]) -> None:
    role = ROLES.get(grant.role)
    if not role or grant.office_id not in offices:
        raise InvalidInput("角色或机构不在您的授权范围内")
    unit = db.session.get(Unit, grant.unit_id) if grant.unit_id else None
    if role.held_in == "unit" and (not unit or unit.office_id != grant.office_id):
        raise InvalidInput(f"“{role.title}”须指定本机构的一个单位", advice="请选择单位后再保存")
    if role.held_in == "office" and grant.unit_id:
        raise InvalidInput(f"“{role.title}”属于机构角色，不能限定单位")


def _replace_roles(found: User, wanted: set[Grant], offices: frozenset[int]) -> None:
    for held in list(found.roles):
        if held.office_id in offices and held.grant() not in wanted:
            found.roles.remove(held)
    # Removed first: otherwise changing from one administrator role to another would collide.
    db.session.flush()
    present = {held.grant() for held in found.roles}
    assign(found, sorted(wanted - present, key=str))


def _flush_roles() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        titles = "、".join(ROLES[name].title for name in ADMIN_ROLES)
        raise InvalidInput(
            "授权未保存",
            reason=f"{titles}必须由不同的人担任，同一角色也不能重复授予",
            advice="请只保留其中一项",
        ) from error


def roles_held(grants: Iterable[Grant]) -> str:
    """Roles in words, those of units with the units they are held for."""
    held: dict[str, list[int]] = {}
    for grant in grants:
        held.setdefault(grant.role, []).extend([grant.unit_id] if grant.unit_id else [])
    ids = {number for numbers in held.values() for number in numbers}
    query = select(Unit).where(Unit.id.in_(ids)).order_by(Unit.sort_no, Unit.id)
    units = list(db.session.scalars(query)) if ids else []
    told = [
        role.title
        + (f"（{'、'.join(u.short for u in units if u.id in held[role.name])}）" if held[role.name] else "")
        for role in ROLES.values()
        if role.name in held
    ]
    return "、".join(told) or "未授权"


def _roles_text(found: User) -> str:
    return "、".join(sorted(f"{ROLES[r.role].title}{f'@{r.unit}' if r.unit else ''}" for r in found.roles))


def _same_version(found: Any, version: int) -> None:
    if found.version != version:
        raise Conflict("保存失败：这条记录刚刚被别人改过", advice="请刷新页面，核对后再保存")
