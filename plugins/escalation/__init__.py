"""上报采用：登记信息上报到哪一级、被上级哪个渠道采用，核对并导入上级的采用名单。"""

from flask import Blueprint, render_template
from markupsafe import Markup

from core.actors import Actor
from core.hookspecs import MenuItem, Panel, Permission, TrailWord, hookimpl
from core.permissions import reach
from core.submissions.models import Submission
from plugins.escalation import queries, rights, views

TITLE = "上报采用"


@hookimpl
def permissions() -> list[Permission]:
    """Who records and who sees what went up and what was adopted above."""
    return list(rights.PERMISSIONS)


@hookimpl
def menu_items() -> list[MenuItem]:
    """The register."""
    return [MenuItem("上报采用", "escalation.index", "刊物编发", "escalation.view", 32)]


@hookimpl
def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """Where an item was sent and adopted above, and the forms to record it."""
    if not reach(actor, "escalation.view").covers(submission.place()):
        return []
    rows, forms = queries.of_item(submission), views.forms_for(actor, submission)
    if not rows and not forms:
        return []
    html = render_template(
        "escalation/_panel.html", rows=rows, forms=forms, item=submission,
        may_record=views.may_record(actor, submission.office_id),
    )  # fmt: skip
    return [Panel(TITLE, Markup(html), 35)]


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /escalation."""
    return [views.bp]


@hookimpl
def trail_words() -> list[TrailWord]:
    """Where an item went, and what came of a list."""
    return [
        TrailWord("place", "上报或采用的渠道"),
        TrailWord("recorded", "新登记"),
        TrailWord("known", "此前已登记"),
    ]
