"""Notices about items: the unit's people hear what was decided, an editor what was handed over."""

from collections.abc import Collection

from core.actors import Actor
from core.notices import services as notices
from core.submissions import known
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
    """Tell the informant who wrote an item and the signing leaders of its unit, by the title they know.

    Of an item that the office composed: the people of every reported one in it, each about their own.
    """
    found = known.reported(submission)
    for source in found:
        people = people_of(source) if submission.composed else people_of(source, [source.unit_id])
        notices.tell(
            sorted(people - {actor.id}), f"{known.named(submission, source)}{told}", page(source), about
        )
    if not found:
        people = set()
        for unit in (each.unit_id for each in submission.contributors):
            for right in ("submission.write", "submission.sign"):
                people.update(notices.holders(submission.office_id, right, unit))
        notices.tell(
            sorted(people - {actor.id}), f"《{known.title(submission)}》{told}", page(submission), about
        )


def tell_refused(actor: Actor, submission: Submission, event: SubmissionEvent) -> None:
    """Tell the unit that its item was returned or will not be used, with the reason."""
    what = "已退回" if event.detail["move"] == "return" else "未被采用"
    why = f"，理由：{event.reason}" if event.reason else ""
    tell_unit(actor, submission, f"{what}{why}", about(submission, event))


def refusal(submission: Submission) -> SubmissionEvent | None:
    """The last decision not to use an item, which somebody considers anew."""
    return next((event for event in submission.events if event.detail.get("move") == "decline"), None)


def people_of(submission: Submission, units: Collection[int] = ()) -> set[int]:
    """Who wrote a reported item, and the signing leaders of these units, else of all that take part."""
    units = units or submission.place().unit_ids
    leaders = {
        one for unit in units for one in notices.holders(submission.office_id, "submission.sign", unit)
    }
    return leaders | {submission.author_id}


def tell_one(person_id: int, submission: Submission, told: str, about: str) -> None:
    """Tell one editor about an item."""
    notices.tell([person_id], told, page(submission), about)
