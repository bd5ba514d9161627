"""What the page of an item shows to somebody: its text, what was changed, who works on it, what may be done next."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from core.actors import Actor
from core.permissions import allowed
from core.plugins import collect
from core.submissions import (
    attachments,
    checking,
    decisions,
    diff,
    leases,
    queries,
    revisions,
    text,
    workflow,
)
from core.submissions.models import Revision, Submission, SubmissionEvent
from core.submissions.steps import claimed
from core.web import whole_or_zero


def of_item(
    actor: Actor, submission_id: int, args: Mapping[str, str], *, panels: bool = True
) -> dict[str, Any]:
    """Values for `submissions/item.html`; `args` may name the two revisions to compare. Raises NotFound."""
    submission = queries.with_text(actor, submission_id)
    shown = revisions.shown_to(actor, submission)
    title, body = revisions.text_for(actor, submission)
    before, after = compared(shown, args)
    return {
        "item": submission,
        "title": title,
        "characters": text.count(body),
        "html": Markup(text.to_page(body)),
        "revisions": shown,
        "before": before,
        "after": after,
        "rows": diff.compare_titled(lines(before), lines(after)) if before and after else [],
        "events": events_for(actor, submission),
        "files": attachments.shown_to(actor, submission),
        "may_repeat": submission.state == "withdrawn"
        and allowed(actor, "submission.write", submission.main_place()),
        "may_edit": submission.state in workflow.EDITABLE_BY_UNIT
        and allowed(actor, "submission.write", submission.main_place()),
        "panels": collect("submission_panels", actor=actor, submission=submission) if panels else [],
        **to_do(actor, submission),
    }


def to_do(actor: Actor, submission: Submission) -> dict[str, Any]:
    """What somebody may do with an item now, and what helps them decide."""
    office = allowed(actor, "submission.edit", submission.main_place())
    lease = leases.standing(submission.id) if office else None
    held = lease is not None and lease.holder_id != actor.id
    moves = [
        move
        for move in workflow.moves_from(
            submission.state, composed=submission.composed, claimed=office and claimed(submission, "take")
        )
        if move.name not in workflow.BY_COMPILING
        and allowed(actor, move.permission, submission.main_place())
        and not (held and move.permission == "submission.edit")
    ]
    names = {move.name for move in moves}
    return {
        "lease": lease,
        "held": held,
        "moves": moves,
        "may_revise": submission.state in workflow.EDITABLE_BY_EDITOR
        and allowed(actor, "submission.edit", submission),
        "editors": [
            each for each in decisions.editors(submission.office_id) if each.id != submission.editor_id
        ]
        if "transfer" in names
        else [],
        "phrases": collect("reason_phrases", actor=actor, submission=submission)
        if names & {"return", "decline"}
        else [],
        "remarks": checking.remarks(actor, submission),
        "undoable": decisions.last_decision(submission) if office and not held else None,
    }


def events_for(actor: Actor, submission: Submission) -> Sequence[SubmissionEvent]:
    """The history somebody may see: how the editors work among themselves is not told to the unit before publication."""
    if allowed(actor, "submission.browse", submission) or submission.state in workflow.SHOWN_TO_UNIT:
        return submission.events
    return [event for event in submission.events if not event.detail.get("internal")]


def compared(shown: Sequence[Revision], args: Mapping[str, str]) -> tuple[Revision | None, Revision | None]:
    """The two revisions to compare: those asked for, else the original and the newest."""
    if len(shown) < 2:
        return None, None
    by_number = {each.number: each for each in shown}
    before = by_number.get(whole_or_zero(args.get("from")), shown[0])
    after = by_number.get(whole_or_zero(args.get("to")), shown[-1])
    return before, after


def lines(revision: Revision) -> list[str]:
    """A revision as lines to compare: its title, then every paragraph, list item and table row."""
    return [revision.title, *(line for block in revision.body for line in text.lines_of(block))]
