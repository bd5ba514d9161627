"""Notices about items: the unit's people hear what was decided, an editor what was handed over."""

from core.actors import Actor
from core.notices import services as notices
from core.submissions import revisions
from core.submissions.models import Submission, SubmissionEvent


def about(submission: Submission, event: SubmissionEvent) -> str:
    """How notices name a decision, so that undoing it finds them."""
    return f"submission:{submission.id}:event:{event.id}"


def adoption(submission: Submission) -> str:
    """The same for an adoption, which is undone by whoever published it."""
    return f"submission:{submission.id}:adopt"


def page(submission: Submission) -> str:
    """The address of an item."""
    return f"/submissions/{submission.id}"


def tell_unit(actor: Actor, submission: Submission, told: str, about: str) -> None:
    """Tell the informant who wrote an item and the signing leaders of its unit.

    Of an item that the office composed: everybody who reports or signs in the units that contributed.
    """
    office, units = submission.office_id, [each.unit_id for each in submission.contributors]
    if submission.composed:
        rights = [(right, unit) for unit in units for right in ("submission.write", "submission.sign")]
        people = {person for right, unit in rights for person in notices.holders(office, right, unit)}
    else:
        people = {submission.author_id, *notices.holders(office, "submission.sign", submission.unit_id)}
    told = f"《{revisions.units_text(submission)[0]}》{told}"
    notices.tell(sorted(people - {actor.id}), told, page(submission), about)


def tell_one(person_id: int, submission: Submission, told: str, about: str) -> None:
    """Tell one editor about an item."""
    notices.tell([person_id], told, page(submission), about)
