"""Permissions as data: roles, grants, how far a right reaches, and `require()`.

Nothing is allowed by default: a right that no role of the actor holds is refused.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, false, or_

from core.errors import PermissionDenied, SetupError
from core.hookspecs import Permission


@dataclass(frozen=True)
class Role:
    """A role: where it is held ("unit" or "office"), and whether it is one of the three administrators."""

    name: str
    title: str
    held_in: str
    admin: bool = False


ROLES = {
    role.name: role
    for role in (
        Role("informant", "信息员", "unit"),
        Role("signing_leader", "单位审签人", "unit"),
        Role("editor", "编辑", "office"),
        Role("issuer", "签发人", "office"),
        Role("leader", "领导", "office"),
        Role("system_admin", "系统管理员", "office", admin=True),
        Role("security_admin", "安全管理员", "office", admin=True),
        Role("audit_admin", "审计管理员", "office", admin=True),
    )
}
ADMIN_ROLES = tuple(role.name for role in ROLES.values() if role.admin)
REACHES = ("own", "unit", "office")


@dataclass(frozen=True)
class Grant:
    """A role held in an office, and for unit roles in one unit of it."""

    role: str
    office_id: int
    unit_id: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a thing belongs, for permission checks: office, units taking part, maker."""

    office_id: int
    unit_ids: frozenset[int] = frozenset()
    owner_id: int | None = None


@dataclass(frozen=True)
class Reach:
    """How far a right of an actor reaches."""

    offices: frozenset[int]
    units: frozenset[int]
    own: bool
    actor_id: int

    def __bool__(self) -> bool:
        return bool(self.offices or self.units or self.own)

    def covers(self, place: Place) -> bool:
        """Whether a thing at this place is within reach."""
        return (
            place.office_id in self.offices
            or bool(place.unit_ids & self.units)
            or (self.own and place.owner_id == self.actor_id)
        )

    def where(self, office: Any, unit: Any = None, owner: Any = None) -> ColumnElement[bool]:
        """The same as an SQL condition over the columns that hold office, unit and maker."""
        parts = []
        if self.offices:
            parts.append(among(office, self.offices))
        if self.units and unit is not None:
            parts.append(among(unit, self.units))
        if self.own and owner is not None:
            parts.append(owner == self.actor_id)
        return or_(*parts) if parts else false()


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """IN, or = for a single value: SQLAlchemy writes out an IN list anew each time the statement runs."""
    return column == next(iter(values)) if len(values) == 1 else column.in_(sorted(values))  # type: ignore[no-any-return]


class Rights:
    """All permissions of an app, by name."""

    def __init__(self, permissions: Iterable[Permission]):
        self.by_name: dict[str, Permission] = {}
        for permission in permissions:
            self._add(permission)

    def _add(self, permission: Permission) -> None:
        unknown = set(permission.grants) - set(ROLES) | set(permission.grants.values()) - set(REACHES)
        if unknown or permission.name in self.by_name:
            raise SetupError(
                "权限定义有误", where=permission.name, reason=f"{'、'.join(sorted(unknown)) or '重复定义'}"
            )
        self.by_name[permission.name] = permission

    def reach(self, actor: Any, name: str) -> Reach:
        """How far the actor's right reaches; empty when no role holds it."""
        grants = self.by_name[name].grants
        offices, units, own = set(), set(), False
        for grant in actor.grants if actor else ():
            match grants.get(grant.role):
                case "office":
                    offices.add(grant.office_id)
                case "unit" if grant.unit_id:
                    units.add(grant.unit_id)
                case "own":
                    own = True
        return Reach(frozenset(offices), frozenset(units), own, actor.id if actor else 0)


def rights() -> Rights:
    """The permissions of the running app."""
    return current_app.extensions["yaoqing"].rights


def reach(actor: Any, name: str) -> Reach:
    """How far the actor's right reaches."""
    return rights().reach(actor, name)


def allowed(actor: Any, name: str, thing: Any = None) -> bool:
    """Whether the actor holds the right: over this thing, or over anything when none is given.

    A thing tells where it belongs through its `place()` method, or is a Place itself.
    """
    found = reach(actor, name)
    if thing is None:
        return bool(found)
    return found.covers(thing if isinstance(thing, Place) else thing.place())


def require(actor: Any, name: str, thing: Any = None) -> None:
    """Raise PermissionDenied unless the actor holds the right over the thing."""
    if not allowed(actor, name, thing):
        raise PermissionDenied(
            f"您没有“{rights().by_name[name].title}”的权限",
            advice="如工作需要，请联系本机构安全管理员办理授权",
        )
