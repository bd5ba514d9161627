"""Not to be told again: the forms beside a text, and the list of the office's phrases."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select

from core.errors import Conflict, InvalidInput
from core.paging import page_of
from core.permissions import reach
from core.submissions import checking, queries
from core.web import actor, page_number, permit
from plugins.proofreading import services
from plugins.proofreading.models import QuietPhrase
from plugins.proofreading.rules import RULES

bp = Blueprint("proofreading", __name__, url_prefix="/proofreading", template_folder="templates")


@bp.post("/items/<int:submission_id>/dismiss")
@permit("proofreading.dismiss")
def dismiss(submission_id: int) -> Any:
    """Do not tell the editors of a remark on this item again."""
    return _dismiss(submission_id)


@bp.post("/own/<int:submission_id>/dismiss")
@permit("proofreading.own")
def own_dismiss(submission_id: int) -> Any:
    """Do not tell the unit of a remark on its item again."""
    return _dismiss(submission_id)


def _dismiss(submission_id: int) -> Any:
    key = request.form.get("key", "")
    return _step(
        lambda: services.dismiss(actor(), submission_id, key),
        "已设为不再提示，可在提示下方恢复",
        submission_id,
    )


@bp.post("/items/<int:submission_id>/restore")
@permit("proofreading.dismiss")
def restore(submission_id: int) -> Any:
    """Tell the editors of it again."""
    return _restore(submission_id)


@bp.post("/own/<int:submission_id>/restore")
@permit("proofreading.own")
def own_restore(submission_id: int) -> Any:
    """Tell the unit of it again."""
    return _restore(submission_id)


def _restore(submission_id: int) -> Any:
    key = request.form.get("key", "")
    return _step(lambda: services.restore(actor(), submission_id, key), "已恢复提示", submission_id)


@bp.post("/items/<int:submission_id>/phrase")
@permit("proofreading.phrases")
def dismiss_phrase(submission_id: int) -> Any:
    """Do not tell of this phrase again, in any text of the office."""
    key = request.form.get("key", "")
    return _step(
        lambda: services.dismiss_phrase(actor(), submission_id, key),
        "本机构不再提示这个用语，可在“不再提示的用语”中恢复",
        submission_id,
    )


def _step(service: Callable[[], Any], done: str, submission_id: int) -> Any:
    """Do it and go back to where the form was; a script that asked is told what is left to say of the saved text."""
    by_script = request.headers.get("X-Requested-With") == "autosave"
    try:
        service()
    except (InvalidInput, Conflict) as error:
        if by_script:
            raise
        flash(str(error), "error")
    else:
        if by_script:
            left = checking.remarks(actor(), queries.one(actor(), submission_id))
            return jsonify(html=render_template("submissions/_checked.html", remarks=left, acting=True))
        flash(done, "success")
    return redirect(_back() or url_for("submissions.item", submission_id=submission_id))


def _back() -> str:
    """The page of this site the form was on."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or not came.path.startswith("/") or came.path.startswith("//"):
        return ""
    return came.path + (f"?{came.query}" if came.query else "")


@bp.get("/phrases")
@permit("proofreading.phrases")
def phrases() -> Any:
    """The phrases of which the office wants to hear no more."""
    query = select(QuietPhrase).where(reach(actor(), "proofreading.phrases").where(QuietPhrase.office_id))
    page = page_of(
        query.order_by(QuietPhrase.at.desc(), QuietPhrase.id.desc()), page_number(),
        int(current_app.config["YAOQING"]["PAGE_SIZE"]), scalars=True,
    )  # fmt: skip
    return render_template("proofreading/phrases.html", page=page, rules=RULES)


@bp.post("/phrases/<int:phrase_id>/restore")
@permit("proofreading.phrases")
def restore_phrase(phrase_id: int) -> Any:
    """Tell of a phrase again."""
    phrase = services.restore_phrase(actor(), phrase_id)
    flash(f"已恢复提示“{phrase}”", "success")
    return redirect(url_for("proofreading.phrases"))
