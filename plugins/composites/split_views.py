"""Pages of splitting an item into several."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied, YaoqingError
from core.submissions import text
from core.submissions.models import Submission
from core.web import actor, highlight, permit, whole_or_zero
from plugins.composites import guards, queries, splitting
from plugins.composites.forms import pieces_in, typed_pieces
from plugins.composites.pages import bp
from plugins.composites.splitting import LEAST, MOST


@bp.route("/split/<int:submission_id>", methods=["GET", "POST"])
@permit("submission.edit")
def split(submission_id: int) -> Any:
    """Write the parts beside the item. The button “再加一条” only adds fields."""
    who = actor()
    item = queries.editable(who, submission_id)
    if request.method == "GET":
        try:
            guards.free(item, "拆分")
        except Conflict as error:
            flash(str(error), "error")
            return redirect(url_for("submissions.item", submission_id=item.id))
        return _page(item, _proposed(item), "")
    count = min(max(whole_or_zero(request.form.get("count")), LEAST), MOST)
    if request.form.get("step") == "more":
        return _page(item, typed_pieces(request.form, min(count + 1, MOST)), "")
    try:
        version = whole_or_zero(request.form.get("version"))
        found = splitting.split(who, submission_id, version, pieces_in(request.form))
    except (NotFound, PermissionDenied):
        raise
    except YaoqingError as error:
        return _page(queries.editable(who, submission_id), typed_pieces(request.form, count), str(error)), 422
    flash(f"已拆分为 {len(found)} 条，可分别编辑、选用", "success")
    return redirect(url_for("submissions.item", submission_id=submission_id))


@bp.post("/unsplit/<int:submission_id>")
@permit("submission.edit")
def unsplit(submission_id: int) -> Any:
    """Undo a split."""
    try:
        version = whole_or_zero(request.form.get("version"))
        splitting.unsplit(actor(), submission_id, version, request.form.get("reason", ""))
    except (InvalidInput, Conflict) as error:
        flash(str(error), "error")
    else:
        flash("拆分已撤销，原稿恢复为拆分前的状态", "success")
    return redirect(url_for("submissions.item", submission_id=submission_id))


def _proposed(item: Submission) -> list[dict[str, Any]]:
    """Fields to start from: the text parted at its headings of the first level, if it has several."""
    parts: list[list[Any]] = []
    for block in item.body:
        if block["type"] == "heading" and block["level"] == 1 or not parts:
            parts.append([])
        parts[-1].append(block)
    headed = [part for part in parts if part[0]["type"] == "heading"]
    if not LEAST <= len(headed) <= MOST:
        whole = {"title": item.title, "body": text.to_plain(item.body), "genre": item.genre}
        return [whole, {"title": "", "body": "", "genre": item.genre}]
    return [
        {"title": _bare(text.lines_of(part[0])[0]), "body": text.to_plain(part[1:]), "genre": item.genre}
        for part in headed
    ]


def _bare(heading: str) -> str:
    """A heading without its number: it becomes a title."""
    return text.LEVELS[0].sub("", heading).strip()


def _page(item: Submission, pieces: list[dict[str, Any]], problem: str) -> Any:
    highlight("composites.index")
    return render_template(
        "composites/split.html", item=item, pieces=pieces, problem=problem, most=MOST,
        html=Markup(text.to_page(item.body)), held=guards.held(actor(), [item]),
    )  # fmt: skip
