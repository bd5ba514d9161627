"""编辑台：编辑整天用的待办队列，读稿、认领、转交、退回、批量办理、常用筛选和常用语。"""

from flask import Blueprint

from core.actors import Actor
from core.hookspecs import Card, MenuItem, Panel, Permission, Phrase, TrailWord, hookimpl
from core.submissions.models import Submission
from plugins.newsdesk import (
    manage_views,  # noqa: F401 - adds its pages to the blueprint
    panels,
    phrases,
    rights,
    views,
)

TITLE = "编辑台"


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /desk."""
    return [views.bp]


@hookimpl
def permissions() -> list[Permission]:
    """Who works at the desk."""
    return list(rights.PERMISSIONS)


@hookimpl
def menu_items() -> list[MenuItem]:
    """The queue, in place of core's plain list."""
    return [MenuItem(TITLE, "newsdesk.index", "信息编辑", "newsdesk.use", 20, replaces="submissions.queue")]


@hookimpl
def dashboard_cards(actor: Actor) -> list[Card]:
    """What the editor has not read yet."""
    return panels.cards(actor)


@hookimpl
def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """The record of the unit, for editors."""
    return panels.record_panel(actor, submission)


@hookimpl
def reason_phrases(actor: Actor, submission: Submission) -> list[Phrase]:
    """The office's phrases and the editor's own."""
    return phrases.offered(actor, submission.office_id)


@hookimpl
def trail_words() -> list[TrailWord]:
    """Whether colleagues use it too."""
    return [TrailWord("shared", "本机构共用")]
