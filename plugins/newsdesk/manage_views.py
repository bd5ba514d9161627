"""Pages where editors keep their filters and phrases."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core.errors import Conflict, InvalidInput, YaoqingError
from core.permissions import allowed
from core.web import actor, highlight, permit, whole_or_zero
from plugins.newsdesk import filters, phrases
from plugins.newsdesk.views import bp


@bp.get("/filters")
@permit("newsdesk.use")
def kept_filters() -> Any:
    """My filters and those the office shares."""
    highlight("newsdesk.index")
    who = actor()
    return render_template(
        "newsdesk/filters.html", tabs=filters.tabs(who), may_share=allowed(who, "newsdesk.share")
    )


@bp.post("/filters")
@permit("newsdesk.use")
def keep_filter() -> Any:
    """Keep what the queue shows now under a name."""
    given, who = request.form, actor()
    known = {tab.name for tab in filters.tabs(who) if tab.owner_id == who.id}
    asked = {name: given.getlist(name) for name in filters.KEPT}
    try:
        found = filters.keep(
            who,
            given.get("name", ""),
            asked,
            shared=bool(given.get("shared")),
            default=bool(given.get("default")),
        )
    except InvalidInput as error:
        flash(str(error), "error")
        return redirect(url_for("newsdesk.index", **filters.cleaned(asked)))
    done = "已按现在的条件更新筛选" if found.name in known else "已保存筛选"
    flash(f"{done}“{found.name}”", "success")
    return redirect(url_for("newsdesk.index", view=found.id))


@bp.post("/filters/<int:filter_id>/share")
@permit("newsdesk.use")
def share_filter(filter_id: int) -> Any:
    """Share one of my filters with the office, or no longer."""
    shared = bool(request.form.get("shared"))
    return _step(
        lambda: filters.share(actor(), filter_id, shared),
        "已共用" if shared else "已停止共用",
        "newsdesk.kept_filters",
    )


@bp.post("/filters/<int:filter_id>/name")
@permit("newsdesk.use")
def rename_filter(filter_id: int) -> Any:
    """Give one of my filters another name."""
    name = request.form.get("name", "")
    return _step(lambda: filters.rename(actor(), filter_id, name), "筛选已改名", "newsdesk.kept_filters")


@bp.post("/filters/default")
@permit("newsdesk.use")
def default_filter() -> Any:
    """Open the desk with this filter from now on."""
    chosen = whole_or_zero(request.form.get("filter"))
    told = "打开编辑台时即用这个筛选" if chosen else "打开编辑台时显示全部待办"
    return _step(lambda: filters.prefer(actor(), chosen), told, "newsdesk.kept_filters")


@bp.post("/filters/<int:filter_id>/delete")
@permit("newsdesk.use")
def delete_filter(filter_id: int) -> Any:
    """Delete one of my filters."""
    return _step(lambda: filters.remove(actor(), filter_id), "筛选已删除", "newsdesk.kept_filters")


@bp.route("/phrases", methods=["GET", "POST"])
@permit("newsdesk.use")
def kept_phrases() -> Any:
    """My phrases and the office's; a form to add one."""
    highlight("newsdesk.index")
    who, problem, given = actor(), "", {}
    if request.method == "POST":
        given = request.form
        try:
            phrases.add(who, given.get("text", ""), given.get("use", ""), shared=bool(given.get("shared")))
        except YaoqingError as error:
            if not isinstance(error, InvalidInput):
                raise
            problem = str(error)
        else:
            flash("常用语已增加", "success")
            return redirect(url_for("newsdesk.kept_phrases"))
    page = render_template(
        "newsdesk/phrases.html", phrases=phrases.listed(who, who.office_id), uses=phrases.USES, problem=problem, given=given,
        may_share=allowed(who, "newsdesk.share"),
    )  # fmt: skip
    return page, 422 if problem else 200


@bp.post("/phrases/<int:phrase_id>")
@permit("newsdesk.use")
def change_phrase(phrase_id: int) -> Any:
    """Reword a phrase."""
    text, use = request.form.get("text", ""), request.form.get("use", "")
    return _step(
        lambda: phrases.change(actor(), phrase_id, text, use), "常用语已修改", "newsdesk.kept_phrases"
    )


@bp.post("/phrases/<int:phrase_id>/delete")
@permit("newsdesk.use")
def delete_phrase(phrase_id: int) -> Any:
    """Delete a phrase."""
    return _step(lambda: phrases.remove(actor(), phrase_id), "常用语已删除", "newsdesk.kept_phrases")


def _step(service: Callable[[], Any], done: str, page: str) -> Any:
    try:
        service()
    except (InvalidInput, Conflict) as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for(page))
