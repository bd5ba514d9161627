"""The blueprint all pages of instructions belong to, and what they share."""

from flask import Blueprint, current_app, flash
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from core.actors import Actor
from core.submissions import text as item_text
from core.submissions.models import Submission
from core.submissions.workflow import WITH_EDITORS
from plugins.instructions import reading, services
from plugins.instructions.models import Instruction

bp = Blueprint("instructions", __name__, url_prefix="/instructions", template_folder="templates")


def size() -> int:
    """Rows of a page."""
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])


def html_of(actor: Actor, submission: Submission | None) -> Markup:
    """An item's text for a reader, while it is with the editors: a returned item is its unit's draft again."""
    if submission is None or submission.state not in WITH_EDITORS:
        return Markup("")
    return Markup(item_text.to_html(reading.item_for(actor, submission)[1]))


def uploads(given: list[FileStorage]) -> list[tuple[str, bytes]]:
    """The files of a form, those the browser sent empty left out."""
    return [(upload.filename, upload.read()) for upload in given if upload and upload.filename]


def say_recorded(found: Instruction) -> None:
    """Tell that it is recorded, and when its period is closed already."""
    flash(f"已登记{found.leader_name}的{found.kind_title}", "success")
    if found.counted and services.is_closed(found.office_id, found.on):
        flash("批示日期所在周期已经结账：已公布的结果不变，得分计入以后周期的累计", "warning")


def pairs(words: list[str]) -> list[tuple[str, str]]:
    """Choices that are their own titles."""
    return [(word, word) for word in words]
