"""People who still hold roles in units that have ended: who they are, and giving those roles up or on in one step."""

from sqlalchemy import func, select

from core import clock
from core.accounts import people, units
from core.accounts.models import Unit, User
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput
from core.permissions import Grant, require


def waiting(actor: Actor) -> int:
    """How many open accounts still hold a role in a unit that has ended."""
    left = people.users(actor, state="ended").order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(left)) or 0


def hand_over(actor: Actor, unit_id: int, to_unit_id: int | None = None) -> list[User]:
    """Take every role away that is held in a unit that has ended; the unit that goes on may be given the same ones.

    All or none, each person with a line of their own in the audit trail. Raises InvalidInput when the unit has not
    ended, when nobody is left there, or when the other unit does not exist today.
    """
    require(actor, "user.roles")
    with transaction():
        unit = units.unit(actor, unit_id)
        require(actor, "user.roles", unit)
        left = people.left_behind(actor, unit)
        if not left:
            raise InvalidInput(
                "这个单位没有需要清理的授权", advice="单位撤销以后，仍在这里担任角色的用户才需要清理"
            )
        to = _going_on(actor, unit, to_unit_id)
        for user in left:
            people.set_roles(actor, user.id, _grants(user, unit, to))
    return left


def _going_on(actor: Actor, unit: Unit, to_unit_id: int | None) -> Unit | None:
    if not to_unit_id:
        return None
    to = units.unit(actor, to_unit_id)
    if to.office_id != unit.office_id or to.id == unit.id or not to.valid_on(clock.today()):
        raise InvalidInput("改授的单位须是本机构现有的另一个单位", where="改授到", advice="请重新选择")
    return to


def _grants(user: User, unit: Unit, to: Unit | None) -> set[Grant]:
    held = {each.grant() for each in user.roles}
    here = {grant for grant in held if grant.unit_id == unit.id}
    return (held - here) | ({Grant(g.role, g.office_id, to.id) for g in here} if to else set())
