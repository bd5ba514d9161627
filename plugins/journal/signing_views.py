"""Steps of signature and publication, and what comes after it."""

from typing import Any

from flask import request

from core.web import actor, permit
from plugins.journal import publishing, queries, signing
from plugins.journal.pages import attempt, bp, issue_page, seen_version


@bp.post("/<int:issue_id>/send")
@permit("journal.compile")
def send(issue_id: int) -> Any:
    """Send a draft for signature."""
    return attempt(
        lambda: signing.send_for_signature(actor(), issue_id, seen_version()),
        "已送签发人签发",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/recall")
@permit("journal.compile")
def recall(issue_id: int) -> Any:
    """Call an issue back to go on composing."""
    return attempt(
        lambda: signing.recall(actor(), issue_id, seen_version()),
        "已撤回送签，可以继续编排",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/send-back")
@permit("journal.publish")
def send_back(issue_id: int) -> Any:
    """Return an issue to the editors."""
    reason = request.form.get("reason", "")
    return attempt(
        lambda: signing.send_back(actor(), issue_id, reason, seen_version()),
        "已退回编辑",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/publish")
@permit("journal.publish")
def publish(issue_id: int) -> Any:
    """Sign and publish."""
    return attempt(
        lambda: publishing.publish(actor(), issue_id, seen_version()), "已签发", issue_page(issue_id)
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/withdraw")
@permit("journal.publish")
def withdraw(issue_id: int, item_id: int) -> Any:
    """Take back the adoption of an item of a published issue."""
    reason = request.form.get("reason", "")
    queries.issue(actor(), issue_id)
    return attempt(
        lambda: publishing.withdraw_adoption(actor(), item_id, reason), "已撤销采用", issue_page(issue_id)
    )
