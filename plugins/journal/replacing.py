"""A correction takes the place of the issue it corrects: facts, states, document and readers go over to it."""

from sqlalchemy import insert, select

from core import audit, clock, facts
from core.actors import Actor
from core.db import db
from core.documents import standing
from core.notices.services import take_back, tell
from core.submissions import known
from core.submissions.steps import remember
from plugins.journal import counting, deliveries, differences, outdating, signing
from plugins.journal.delivery_models import JournalDelivery
from plugins.journal.models import JournalIssue, JournalItem


def replace(actor: Actor, issue: JournalIssue, old: JournalIssue) -> None:
    """Put a correction, just published, in the place of an issue, inside the transaction that publishes it."""
    reason = issue.correction_reason
    why = f"更正：{reason}"
    followers = {item.replaces_id: item for item in issue.items if item.replaces_id}
    for item in old.items:
        if item.withdrawn_at:
            continue
        if follower := followers.get(item.id):
            _hand_over(actor, issue, item, follower, why)
        else:
            counting.take_back_item(actor, item, why)
    old.standing, old.standing_reason = "corrected", reason
    old.standing_at, old.standing_by_id = clock.now(), actor.id
    assert old.document
    standing.mark(actor, old.document, "corrected", reason, by=issue.document)
    signing.note(actor, old, "corrected", reason)
    _tell(actor, issue, old)
    outdating.tell_binders(actor, old)
    audit.note(actor, "更正刊物", old, office_id=old.office_id, by=issue.label, reason=reason)


def _hand_over(actor: Actor, issue: JournalIssue, item: JournalItem, follower: JournalItem, why: str) -> None:
    """The fact of an item stays with what follows it when it says the same; else it is counted anew, of the same day."""
    fact, submission = counting.standing_fact(item), item.submission
    if fact and submission.state == "adopted":
        new = counting.adoption(issue, follower, on=fact.on)
        if counting.says(fact, new):
            follower.fact_id = fact.id
        else:
            facts.withdraw(actor, fact, why)
            follower.fact_id = facts.record(actor, new).id
    if differences.changed(follower):
        # Whom an issue was not meant for learns that there is another text, and not which.
        told = "刊发的文字有更正" if issue.restricted else f"{issue.label}：{issue.correction_reason}"
        # Also with what it was composed of: there the units look what became of their items.
        for each in dict.fromkeys([submission, *known.reported(submission)]):
            remember(each, actor, "更正", told)
    follower.reprint = item.reprint
    item.withdrawn_at, item.withdrawn_by_id, item.withdrawn_reason = clock.now(), actor.id, why
    item.went_along = True


def _tell(actor: Actor, issue: JournalIssue, old: JournalIssue) -> None:
    """Everybody who had the old issue gets the new one, also those it was sent to later or who read it unasked."""
    why = f"已更正为{issue.label}"
    for what in ("published", "chase", "after", "restored"):
        take_back(signing.about(old, what), why)
    _deliver_on(actor, issue, old)
    told = {*deliveries.people_of(issue.id), actor.id}
    others = [person for person in deliveries.everybody_of(old.id) if person not in told]
    tell(
        others,
        f"{old.label}{why}：{issue.correction_reason}",
        f"/journals/{issue.id}",
        signing.about(issue, "published"),
    )


def _deliver_on(actor: Actor, issue: JournalIssue, old: JournalIssue) -> None:
    def of(number: int) -> dict[tuple[int | None, int | None], str]:
        query = select(JournalDelivery.unit_id, JournalDelivery.user_id, JournalDelivery.label)
        rows = db.session.execute(query.where(JournalDelivery.issue_id == number)).all()
        return {(row.unit_id, row.user_id): row.label for row in rows}

    have, had = of(issue.id), of(old.id)
    rows = [
        {
            "issue_id": issue.id, "unit_id": unit, "user_id": user, "label": label, "delivered_at": clock.now(),
            "delivered_by_id": actor.id,
        }
        for (unit, user), label in had.items()
        if (unit, user) not in have
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(JournalDelivery), rows)
        people = deliveries.people_behind(rows)
        tell(
            people, f"{issue.label}已刊发，请阅读", f"/journals/{issue.id}", signing.about(issue, "published")
        )
