"""Steps of signature and publication."""

from typing import Any

from flask import request

from core.errors import InvalidInput
from core.web import actor, permit
from plugins.journal import publishing, signing
from plugins.journal.pages import attempt, bp, issue_page, seen_version
from plugins.journal.signing import Signature


@bp.post("/<int:issue_id>/send")
@permit("journal.compile")
def send(issue_id: int) -> Any:
    """Send a draft on its way."""
    skip = request.form.getlist("skip")
    return attempt(
        lambda: signing.send_for_signature(actor(), issue_id, seen_version(), skip),
        "已送签",
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


@bp.post("/<int:issue_id>/approve")
@permit("journal.check")
def approve(issue_id: int) -> Any:
    """Take a step before the signature."""
    remark = request.form.get("remark", "")
    return attempt(
        lambda: signing.approve(actor(), issue_id, seen_version(), remark), "已办结", issue_page(issue_id)
    )


@bp.post("/<int:issue_id>/retract")
@permit("journal.check")
def retract(issue_id: int) -> Any:
    """Take one's own step back before the next one is taken."""
    return attempt(
        lambda: signing.retract(actor(), issue_id, seen_version()), "已收回意见", issue_page(issue_id)
    )


@bp.post("/<int:issue_id>/send-back")
@permit("journal.check")
def send_back(issue_id: int) -> Any:
    """Return an issue to the editors or to the step before."""
    reason, previous = request.form.get("reason", ""), request.form.get("to") == "previous"
    return attempt(
        lambda: signing.send_back(actor(), issue_id, reason, seen_version(), previous=previous),
        "已退回上一步" if previous else "已退回编辑",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/publish")
@permit("journal.publish")
def publish(issue_id: int) -> Any:
    """Sign and publish."""
    signature = Signature(request.form.get("remark", ""))
    return attempt(
        lambda: publishing.publish(actor(), issue_id, seen_version(), signature),
        "已签发",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/force")
@permit("journal.force")
def force(issue_id: int) -> Any:
    """Publish at once, to be approved afterwards."""
    return attempt(
        lambda: publishing.publish(actor(), issue_id, seen_version(), Signature(forced=_why())),
        "已先行签发，请督促补审批",
        issue_page(issue_id),
    )


def _why() -> str:
    reason = signing.clean(request.form.get("reason", ""))
    if not reason:
        raise InvalidInput("先签发、后补审批须说明理由", where="理由", advice="请写明为什么不能等")
    return reason
