"""重复与相关：在信息旁列出内容重复、事情相关的其他信息，逐段对照相同的文字；单位送审前提示本单位报过的相同内容。"""

from flask import Blueprint, url_for

from core.actors import Actor
from core.hookspecs import Caution, Panel, Permission, hookimpl
from core.submissions.models import Submission
from plugins.duplicates import finding, panels, rights, views


@hookimpl
def permissions() -> list[Permission]:
    """Who is shown what resembles an item."""
    return list(rights.PERMISSIONS)


@hookimpl
def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """What resembles an item: for editors all units' items, for a unit that has not sent it yet its own."""
    return panels.of(actor, submission)


@hookimpl
def beside_text(actor: Actor, submission: Submission) -> list[Panel]:
    """The same, for editors who go through the queue."""
    return panels.of(actor, submission)


@hookimpl
def sending_cautions(actor: Actor, submission: Submission) -> list[Caution]:
    """What the unit has sent before in the same words."""
    return [
        Caution(
            panels.said(row),
            url_for("duplicates.own", submission_id=submission.id, other_id=row.item_id),
            "对照",
        )
        for row in finding.own_earlier(actor, submission)[:1]
    ]


@hookimpl
def blueprints() -> list[Blueprint]:
    """The page with two items side by side."""
    return [views.bp]
