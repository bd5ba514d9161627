"""What the desk shows on other pages: a tile on the home page, the unit's record on the page of a submission."""

from flask import render_template, url_for
from markupsafe import Markup

from core.actors import Actor
from core.hookspecs import Card, Panel
from core.permissions import reach
from core.submissions.models import Submission
from plugins.newsdesk import marks


def cards(actor: Actor) -> list[Card]:
    """How much is new to the editor."""
    if not reach(actor, "newsdesk.use"):
        return []
    hint = "没有打开过的信息" if (number := marks.unread(actor)) < marks.COUNTED else "100 条以上没有打开过"
    return [Card("未读信息", number, url_for("newsdesk.index", mark="new"), hint, 6)]


def record_panel(actor: Actor, submission: Submission) -> list[Panel]:
    """Where the unit's record is, filled in by script; and the mark that the item has been looked at."""
    if not reach(actor, "newsdesk.use").covers(submission.main_place()):
        return []
    html = render_template("newsdesk/_record_place.html", item=submission)
    return [Panel("单位本年情况", Markup(html), 20)]
