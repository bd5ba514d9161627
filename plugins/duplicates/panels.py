"""The block on an item's page, and the sentence a unit reads before it sends."""

from flask import render_template
from markupsafe import Markup

from core import filters
from core.actors import Actor
from core.hookspecs import Panel
from core.permissions import reach
from core.submissions.models import Submission
from core.submissions.workflow import WITH_UNIT
from plugins.duplicates import finding
from plugins.duplicates.finding import Found, Row

TITLE = "重复与相关"


def of(actor: Actor, item: Submission) -> list[Panel]:
    """The block, when there is anything to show to this person."""
    if reach(actor, "duplicates.view").covers(item.place()):
        found, page = finding.of_item(actor, item), "duplicates.compare"
    elif item.state in WITH_UNIT:
        found, page = Found(finding.own_earlier(actor, item)), "duplicates.own"
    else:
        return []
    if not found.same and not found.related:
        return []
    html = render_template("duplicates/_panel.html", found=found, item=item, page=page)
    return [Panel(TITLE, Markup(html), 20)]


def said(row: Row) -> str:
    """A near duplicate in a sentence."""
    alike = "内容完全相同" if row.percent == 100 and not row.numbers_differ else f"文字有 {row.percent}% 相同"
    numbers = "，数字有改动" if row.numbers_differ else ""
    return f"与本单位 {filters.day(row.day)} 报送的《{row.title}》（{row.state_title}）{alike}{numbers}。"
