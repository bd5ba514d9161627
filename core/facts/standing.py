"""What counts for items now: their facts, without withdrawals and what these withdraw."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from core.db import db
from core.facts.models import Fact
from core.facts.records import WITHDRAWN


def standing(office_id: int, items: Collection[str], kinds: Sequence[str] = ()) -> list[Fact]:
    """The standing facts about items of an office in the order they were recorded; of all kinds when none is named."""
    if not items:
        return []
    query = select(Fact).where(Fact.office_id == office_id, Fact.item.in_(items))
    query = query.where(Fact.kind.in_(kinds) if kinds else Fact.kind != WITHDRAWN)
    # Sorted here: asked for this order, SQLite reads every fact of the office instead of the few of the items.
    found = sorted(db.session.scalars(query), key=lambda fact: fact.id)
    ids = [fact.id for fact in found]
    gone = set(db.session.scalars(select(Fact.reverses_id).where(Fact.reverses_id.in_(ids))))
    return [fact for fact in found if fact.id not in gone]
