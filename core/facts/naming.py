"""What somebody reads facts by. A fact keeps the title an item had in the editors' hands when it was recorded; readers
of units know the item by their own words until it is published. The register itself never changes.

`core.submissions.known.withheld` says which items those are; the application puts it in (`Installation.item_titles`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from core.actors import Actor
from core.db import db
from core.facts.models import Fact
from core.permissions import reach

STEP = 500


@dataclass(frozen=True)
class Names:
    """The titles of items for one reader. For the office they are as recorded."""

    office_id: int
    units: frozenset[int] | None = None

    def of_items(self, items: Iterable[str | None]) -> Mapping[str, str]:
        """By item: the title to show in place of the recorded one; items that keep theirs are missing."""
        wanted = {item for item in items if item}
        if self.units is None or not wanted:
            return {}
        found: Mapping[str, str] = current_app.extensions["yaoqing"].item_titles(
            self.office_id, self.units, wanted
        )
        return found

    def of_facts(self, numbers: Collection[int]) -> dict[str, str]:
        """The same by the number of a fact, as text."""
        if self.units is None:
            return {}
        items: dict[str, str] = {}
        wanted = sorted(numbers)
        for start in range(0, len(wanted), STEP):
            query = select(Fact.id, Fact.item).where(
                Fact.office_id == self.office_id,
                Fact.id.in_(wanted[start : start + STEP]),
                Fact.item.is_not(None),
            )
            items.update({str(number): item for number, item in db.session.execute(query)})
        told = self.of_items(items.values())
        return {number: told[item] for number, item in items.items() if item in told}


def names_for(actor: Actor, permission: str, office_id: int) -> Names:
    """How somebody reads titles who sees facts of an office by a right: as recorded when it reaches the whole office."""
    wide = office_id in reach(actor, permission).offices
    return Names(office_id, None if wide else frozenset(actor.unit_ids))
