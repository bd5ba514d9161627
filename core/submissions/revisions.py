"""The texts of an item: whose they are, who may see them, and which one the unit goes on with."""

from collections.abc import Sequence
from typing import Any

from core.actors import Actor
from core.permissions import allowed
from core.submissions import text, workflow
from core.submissions.models import Revision, Submission


def shown_to(actor: Actor, submission: Submission) -> Sequence[Revision]:
    """The texts somebody may compare: all for the office; for the unit its own ones until the item is published."""
    if allowed(actor, "submission.browse", submission) or submission.state in workflow.SHOWN_TO_UNIT:
        return submission.revisions
    return [each for each in submission.revisions if not each.by_office]


def text_for(actor: Actor, submission: Submission) -> tuple[str, list[text.Block]]:
    """Title and body as somebody may read them: while the editors work on an item its unit sees what it sent."""
    if submission.state not in workflow.WITHHELD or allowed(actor, "submission.browse", submission):
        return submission.title, submission.body
    return units_text(submission)


def units_text(submission: Submission) -> tuple[str, list[text.Block]]:
    """Title and body as the item's unit may read them."""
    kept = own(submission) if submission.state in workflow.WITHHELD else None
    return kept or (submission.title, submission.body)


def own(submission: Submission) -> tuple[str, list[text.Block]] | None:
    """The unit's last text when the editors have changed it since."""
    kept = [each for each in submission.revisions if not each.by_office]
    return (kept[-1].title, kept[-1].body) if kept and edited(submission) else None


def edited(submission: Submission) -> bool:
    """Whether the editors have changed the text."""
    return any(each.by_office for each in submission.revisions)


def give_back(submission: Submission) -> None:
    """The unit's own last text becomes the item's text again."""
    own = [each for each in submission.revisions if not each.by_office]
    if own:
        put(submission, own[-1])


def take_up(submission: Submission) -> None:
    """The newest text becomes the item's text: the editors go on where they were."""
    if submission.revisions:
        put(submission, submission.revisions[-1])


def put(submission: Submission, revision: Revision) -> None:
    """A revision becomes the item's text."""
    submission.title, submission.body = revision.title, revision.body
    submission.characters = text.count(revision.body)


def untouched(submission: Submission) -> dict[str, Any]:
    """What shows later whether anybody has changed the item since."""
    return {"version": submission.version, "files": [each.id for each in submission.attachments]}
