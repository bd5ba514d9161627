"""In which words somebody reads an item that an instruction is about, and the mark its document bears."""

from collections.abc import Iterable

from core.actors import Actor
from core.permissions import Place, reach
from core.plugins import collect
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


def secrecies(
    document_ids: Iterable[int | None], known: dict[int | None, str] | None = None
) -> dict[int | None, str]:
    """The marks of several documents, each asked for once; `known` ones are not asked for again."""
    found = {} if known is None else known
    for number in document_ids:
        if number not in found:
            found[number] = secrecy(number)
    return found


def secrecy(document_id: int | None) -> str:
    """The secrecy mark of the document an instruction was written on; items bear none."""
    marks = collect("document_secrecy", document_id=document_id) if document_id else []
    return str(marks[0]) if marks else ""
