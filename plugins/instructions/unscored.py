"""Instructions on a printed document that count, but of which nobody has said for which of its items."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import select

from core.db import db
from core.permissions import among
from core.plugins import collect
from core.submissions.models import ITEM
from plugins.instructions.models import Instruction

# More than anybody leaves undone.
MOST = 500


def ids(offices: Collection[int]) -> list[int]:
    """Those of these offices, newest first. A document without items of units leaves nothing to choose."""
    if not offices:
        return []
    query = (
        select(Instruction.id, Instruction.document_id)
        .where(among(Instruction.office_id, frozenset(offices)), Instruction.document_id.is_not(None))
        .where(Instruction.counts.is_(True), Instruction.withdrawn_at.is_(None))
        .where(Instruction.for_whole.is_(False), ~Instruction.items.any())
        .order_by(Instruction.on.desc(), Instruction.id.desc())
        .limit(MOST)
    )

    @cache
    def has_items(document_id: int) -> bool:
        return any(key.startswith(ITEM) for key in collect("document_items", document_id=document_id))

    return [number for number, document_id in db.session.execute(query) if has_items(document_id)]
