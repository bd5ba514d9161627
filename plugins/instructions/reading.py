"""In which words somebody reads an item that an instruction is about."""

from core.actors import Actor
from core.permissions import Place, reach
from core.submissions import known
from core.submissions.models import Submission
from core.submissions.text import Block


def item_for(actor: Actor, item: Submission) -> tuple[str, list[Block]]:
    """Title and text: the office reads what it works on; units read what was reported until it is published.

    A unit that has to answer an instruction on another unit's item reads that item's own words as well.
    """
    of_office = reach(actor, "instruction.view").covers(Place(item.office_id))
    takes_part = reach(actor, "submission.view").units & item.place().unit_ids
    return known.read_by(actor, item) if of_office or takes_part else known.handed_over(item)
