"""Finding lists of fees, and the payments a person may see."""

from collections.abc import Iterable

from sqlalchemy import func, select

from core.accounts.models import RoleAssignment, User
from core.actors import Actor
from core.db import db
from core.permissions import reach
from plugins.fees.models import FeesDraft, FeesList
from plugins.fees.statement import Payment


def draft(office_id: int, period_key: str) -> FeesDraft | None:
    """The list of a period that is being drawn up."""
    return db.session.scalar(
        select(FeesDraft).where(FeesDraft.office_id == office_id, FeesDraft.period_key == period_key)
    )


def approved(office_id: int, period_key: str) -> FeesList | None:
    """The approved list of a period."""
    return db.session.scalar(
        select(FeesList).where(FeesList.office_id == office_id, FeesList.period_key == period_key)
    )


def waiting(actor: Actor, permission: str, state: str) -> int:
    """How many lists in a state wait for somebody with this right."""
    mine = reach(actor, permission).where(FeesDraft.office_id)
    return db.session.scalar(select(func.count(FeesDraft.id)).where(mine, FeesDraft.state == state)) or 0


def visible(actor: Actor, office_id: int, payments: Iterable[Payment]) -> list[Payment]:
    """The payments a person may see: the office's, those of their units, or their own."""
    found = reach(actor, "fee.view")
    if office_id in found.offices:
        return list(payments)
    units = {str(unit) for unit in found.units}
    own = {str(unit) for unit in actor.unit_ids if _only_one(unit, actor.name)} if found.own else set()
    return [
        payment
        for payment in payments
        if payment.payee.unit in units or (payment.payee.unit in own and payment.payee.name == actor.name)
    ]


def _only_one(unit_id: int, name: str) -> bool:
    """Whether nobody else of this name works for the unit: a namesake must not read somebody else's fees."""
    query = select(func.count(func.distinct(RoleAssignment.user_id))).join(
        User, User.id == RoleAssignment.user_id
    )
    return db.session.scalar(query.where(RoleAssignment.unit_id == unit_id, User.name == name)) == 1
