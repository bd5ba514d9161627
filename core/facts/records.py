"""The register as records: written with every fact, read as one block by scoring, rebuilt from the facts at any time."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import selectinload

from core import clock
from core.columns import ROW, item_number, millionths, shape_text, slots, split
from core.db import db
from core.facts.models import Fact, FactRecord, FactRole, FactShape, FactUnit

WITHDRAWN = "withdrawn"
STEP = 2000


def keep(fact: Fact) -> None:
    """Write the records of a new fact, inside the running transaction."""
    db.session.execute(insert(FactRecord), made(fact))


def made(fact: Fact) -> list[dict[str, Any]]:
    """The records of a fact, one per unit."""
    words, numbers = split(plain_attrs(fact.attrs))
    shape = _shape(shape_text(fact.kind, words, numbers))
    weights = [millionths(Decimal(unit.weight) if unit.weight else 1) or 0 for unit in fact.units]
    found = []
    for position, unit in enumerate(fact.units, start=1):
        row = np.zeros(1, dtype=ROW)
        row[0] = (
            fact.id, unit.unit_id, item_number(fact.item, fact.id), 0, weights[position - 1], sum(weights),
            fact.on.toordinal(), clock.local(fact.recorded_at).toordinal(), 0, shape, _role(unit.role), len(fact.units),
            position, len({(person.name, person.unit_id) for person in fact.persons}), slots(numbers),
        )  # fmt: skip
        found.append(_record(fact, unit, row))
    return found


def _record(fact: Fact, unit: FactUnit, row: NDArray[Any]) -> dict[str, Any]:
    return {
        "office_id": fact.office_id, "unit_id": unit.unit_id, "day": fact.on.toordinal(), "fact_id": fact.id,
        "record": row.tobytes(),
    }  # fmt: skip


def plain_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as they were meant: text that reads as a number is a number, null is left out."""
    return {name: _number(value) for name, value in attrs.items() if value is not None}


def _number(value: Any) -> Any:
    if not isinstance(value, str) or not value or not (value[-1].isascii() and value[-1].isdigit()):
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    # Codes such as 007 or 1e5 stay text.
    return number if format(number, "f") == value else value


def _shape(content: str) -> int:
    digest = hashlib.sha256(content.encode()).hexdigest()
    found = db.session.scalar(select(FactShape.id).where(FactShape.digest == digest))
    return found if found is not None else _added(FactShape(digest=digest, content=content))


def _role(name: str) -> int:
    if not name:
        return 0
    found = db.session.scalar(select(FactRole.id).where(FactRole.name == name))
    return found if found is not None else _added(FactRole(name=name))


def _added(thing: Any) -> int:
    db.session.add(thing)
    db.session.flush()
    number: int = thing.id
    return number


def mark_withdrawn(fact: Fact) -> None:
    """Bring the records of a fact up to date after it, or a withdrawal of it, was withdrawn."""
    root = fact
    while root.reverses_id:
        root = db.session.get_one(Fact, root.reverses_id)
    _mark(root, _standing_withdrawal(root.id))


def _standing_withdrawal(fact_id: int) -> Fact | None:
    """The withdrawal of a fact that stands: a chain of withdrawals undoes itself two by two."""
    chain: list[Fact] = []
    while found := db.session.scalar(
        select(Fact).where(Fact.reverses_id == (chain[-1].id if chain else fact_id))
    ):
        chain.append(found)
    return chain[0] if len(chain) % 2 else None


def _mark(root: Fact, by: Fact | None) -> None:
    for unit in root.units:
        key = (
            (FactRecord.office_id == root.office_id) & (FactRecord.unit_id == unit.unit_id)
            & (FactRecord.day == root.on.toordinal()) & (FactRecord.fact_id == root.id)
        )  # fmt: skip
        stored = db.session.scalar(select(FactRecord.record).where(key))
        if stored is None:
            continue
        row = np.frombuffer(stored, dtype=ROW).copy()
        row["withdrawn"], row["withdrawn_day"] = (by.id, by.on.toordinal()) if by else (0, 0)
        db.session.execute(update(FactRecord).where(key).values(record=row.tobytes()))


def rebuild(office_id: int) -> int:
    """Make all records of an office anew from its facts, inside the running transaction; how many there are."""
    db.session.execute(delete(FactRecord).where(FactRecord.office_id == office_id))
    query = select(Fact).where(Fact.office_id == office_id, Fact.kind != WITHDRAWN).order_by(Fact.id)
    query = query.options(selectinload(Fact.units), selectinload(Fact.persons))
    count = 0
    for facts in db.session.scalars(query).partitions(STEP):
        batch = [record for fact in facts for record in made(fact)]
        count += len(batch)
        if batch:
            db.session.execute(insert(FactRecord), batch)
    for withdrawal in db.session.scalars(
        select(Fact).where(Fact.office_id == office_id, Fact.kind == WITHDRAWN)
    ):
        mark_withdrawn(db.session.get_one(Fact, withdrawal.reverses_id))
    return count


# Made once: putting a statement together takes longer than the database needs for a unit's year.
_BLOCK = select(FactRecord.record).where(
    FactRecord.office_id == bindparam("office"),
    FactRecord.day >= bindparam("first"),
    FactRecord.day <= bindparam("last"),
)
_BLOCK_OF_UNITS = _BLOCK.where(FactRecord.unit_id.in_(bindparam("units", expanding=True)))


def block(office_id: int, first: int, last: int, units: Iterable[int] | None = None) -> NDArray[Any]:
    """The records of an office between two days (as numbers), of all units or of some, as one array."""
    told: dict[str, Any] = {"office": office_id, "first": first, "last": last}
    query = _BLOCK
    if units is not None:
        query, told["units"] = _BLOCK_OF_UNITS, list(units)
    # Plain tuples from the driver: rows of results would cost ten times what reading them does.
    found = db.session.connection().execute(query, told).cursor.fetchall()  # type: ignore[union-attr]
    return np.frombuffer(b"".join([record for (record,) in found]), dtype=ROW)


def shapes() -> dict[int, str]:
    """All shapes by number."""
    return {shape.id: shape.content for shape in db.session.execute(select(FactShape.id, FactShape.content))}


def roles() -> dict[int, str]:
    """All roles by number."""
    return {role.id: role.name for role in db.session.execute(select(FactRole.id, FactRole.name))}
