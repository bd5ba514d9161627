"""Pages of notices: the list, opening one, how many are unread."""

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for

from core.notices import services
from core.paging import page_of
from core.web import SIGNED_IN, actor, page_number, permit, whole_or_zero

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("/")
@permit(SIGNED_IN)
def index() -> Any:
    """My notices, newest first."""
    only_unread = request.args.get("show") == "unread"
    query = services.notices_of(actor(), unread=only_unread)
    page = page_of(query, page_number(), current_app.config["YAOQING"]["PAGE_SIZE"], scalars=True)
    return render_template(
        "notices/index.html", page=page, only_unread=only_unread, unread=services.unread(actor())
    )


@bp.post("/<int:notice_id>/open")
@permit(SIGNED_IN)
def open_one(notice_id: int) -> Any:
    """Mark a notice read and go where it leads."""
    return redirect(services.read(actor(), notice_id).url)


@bp.post("/read")
@permit(SIGNED_IN)
def read_all() -> Any:
    """Mark everything read that stood on the page."""
    services.read_all(actor(), whole_or_zero(request.form.get("newest")))
    flash("已全部标为已读", "success")
    return redirect(url_for("notices.index"))


@bp.get("/unread")
@permit(SIGNED_IN)
def unread() -> Any:
    """How many notices wait, for the mark beside the bell; answers JSON."""
    return jsonify(unread=services.unread(actor()), most=services.COUNTED)
