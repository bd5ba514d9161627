"""What checks say about a text, for whoever can still mend it or is about to sign it."""

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import InvalidInput
from core.hookspecs import CheckedText, Remark
from core.permissions import allowed, require
from core.plugins import collect
from core.submissions import workflow
from core.submissions.models import Submission
from core.submissions.services import Draft


def remarks(actor: Actor, submission: Submission) -> list[Remark]:
    """On an item as it was saved."""
    if not (mends(actor, submission) or _signs(actor, submission)):
        return []
    return collect("content_checks", actor=actor, text=text_of(actor, submission))


def remarks_on_draft(actor: Actor, draft: Draft, submission: Submission | None) -> list[Remark]:
    """On what somebody has typed, of an item of theirs or of none yet."""
    unit = db.session.get(Unit, draft.unit_id) if draft.unit_id else None
    if not unit:
        raise InvalidInput("请选择报送单位", where="报送单位")
    require(actor, "submission.write", submission.main_place() if submission else unit)
    names = [db.session.get(Unit, number) for number in draft.joint_unit_ids]
    units = dict.fromkeys(
        [unit.name, *(each.name for each in names if each and each.office_id == unit.office_id)]
    )
    text = CheckedText(
        unit.office_id,
        draft.title,
        draft.body,
        draft.genre,
        tuple(units),
        clock.today(),
        submission=submission,
    )
    return collect("content_checks", actor=actor, text=text)


def text_of(actor: Actor, submission: Submission) -> CheckedText:
    """An item as it was saved. Its day is that of the lists: received or, before that, last changed."""
    units = dict.fromkeys([submission.unit, *(each.unit for each in submission.contributors)])
    return CheckedText(
        submission.office_id, submission.title, submission.body, submission.genre, tuple(unit.name for unit in units),
        clock.local(submission.sort_at).date(), edits(actor, submission), submission,
    )  # fmt: skip


def mends(actor: Actor, submission: Submission) -> bool:
    """Whether the text can be changed now, and by this person: an editor, or somebody of the unit."""
    writing = submission.state in workflow.EDITABLE_BY_UNIT
    return edits(actor, submission) or (
        writing and allowed(actor, "submission.write", submission.main_place())
    )


def edits(actor: Actor, submission: Submission) -> bool:
    """Whether the text lies with the office, and this person edits it."""
    return submission.state in workflow.EDITABLE_BY_EDITOR and allowed(actor, "submission.edit", submission)


def _signs(actor: Actor, submission: Submission) -> bool:
    return submission.state == "awaiting" and allowed(actor, "submission.sign", submission.main_place())
