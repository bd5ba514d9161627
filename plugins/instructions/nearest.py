"""Units to choose from: those a leader named and those behind the item come first, before the long list of the office.

On a phone the list shows six of fifty units at a time, and who is to answer is mostly who reported.
"""

from collections.abc import Collection, Iterable

from core import clock
from core.accounts.models import Unit
from core.accounts.units import units_of_office
from core.submissions.models import Submission
from plugins.instructions import queries, resolving


def units(office_id: int, items: Iterable[Submission], named: Collection[int] = ()) -> list[Unit]:
    """The office's units of today; each group of them stays in official order."""
    behind = {each.unit_id for item in items for each in item.contributors}
    listed = units_of_office(office_id, clock.today())
    return sorted(listed, key=lambda unit: 0 if unit.id in named else 1 if unit.id in behind else 2)


def items(office_id: int, submission: Submission | None, document_id: int | None) -> list[Submission]:
    """The item that is instructed on, or all that are printed in the document."""
    if submission or not document_id:
        return [submission] if submission else []
    return queries.by_id(office_id, resolving.items_of(document_id))
