"""Pages of one item: reading it with its differences and history, editing, deciding, handing over, undoing."""

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup

from core import clock
from core.errors import Conflict, InvalidInput, NotFound, YaoqingError
from core.submissions import checking, decisions, leases, page, queries, services, text, workflow
from core.submissions.forms import ReasonForm, RevisionForm, TransferForm
from core.submissions.models import Submission, SubmissionLease
from core.submissions.views import bp, draft_data, shown_html
from core.web import actor, highlight, permit, whole_or_zero


@bp.get("/<int:submission_id>")
@permit("submission.view")
def item(submission_id: int) -> Any:
    """An item with its text, revisions, differences, history and what may be done next."""
    who = actor()
    try:
        values = page.of_item(who, submission_id, request.args)
    except NotFound:
        return _returned_page(decisions.returned(who, submission_id))
    return render_template("submissions/item.html", **values, form=ReasonForm())


def _returned_page(submission: Submission) -> Any:
    """For the editors: what was returned and why, as long as it lies with the unit, and the way to undo it."""
    highlight("submissions.queue")
    return render_template(
        "submissions/returned.html", item=submission, undoable=decisions.last_decision(submission),
        title=submission.revisions[-1].title if submission.revisions else "",
    )  # fmt: skip


@bp.post("/<int:submission_id>/move")
@permit("submission.view")
def move(submission_id: int) -> Any:
    """Take, return, decline, withdraw …: any step that needs at most a reason."""
    form = ReasonForm()
    name = str(form.name.data or "")
    return _step(
        lambda: services.move(actor(), submission_id, name, form.told()),
        lambda: workflow.MOVES[name].done,
        submission_id,
    )


@bp.post("/<int:submission_id>/transfer")
@permit("submission.edit")
def transfer(submission_id: int) -> Any:
    """Hand an item to another editor."""
    form = TransferForm()
    to, note = whole_or_zero(form.to.data), form.reason.data or ""
    return _step(
        lambda: decisions.transfer(actor(), submission_id, to, note), lambda: "已转交，对方会收到消息", submission_id
    )  # fmt: skip


@bp.post("/<int:submission_id>/undo")
@permit("submission.edit")
def undo(submission_id: int) -> Any:
    """Take back the last decision on an item."""
    event, reason = whole_or_zero(request.form.get("event")), request.form.get("reason", "")
    return _step(
        lambda: decisions.undo(actor(), submission_id, event, reason), lambda: "已撤销上一步办理", submission_id
    )  # fmt: skip


def _step(service: Callable[[], Any], done: Callable[[], str], submission_id: int) -> Any:
    """Do one step and go back to the item; what a person can mend is said there instead of on an error page."""
    try:
        service()
    except (InvalidInput, Conflict) as error:
        flash(str(error), "error")
    else:
        flash(done(), "success")
    return redirect(url_for("submissions.item", submission_id=submission_id))


@bp.post("/<int:submission_id>/lease")
@permit("submission.edit")
def lease(submission_id: int) -> Any:
    """Take an item to edit it, then open it for editing."""
    try:
        leases.hold(actor(), submission_id)
    except Conflict as error:
        flash(str(error), "error")
        return redirect(url_for("submissions.item", submission_id=submission_id))
    return redirect(url_for("submissions.revise", submission_id=submission_id))


@bp.post("/<int:submission_id>/lease/beat")
@permit("submission.edit")
def beat(submission_id: int) -> Any:
    """The editing page is still open. While somebody works there the lease is renewed. Answers JSON."""
    if request.form.get("used"):
        return jsonify(_told(leases.hold(actor(), submission_id)))
    queries.one(actor(), submission_id)
    return jsonify(_told(leases.standing(submission_id)))


def _told(found: SubmissionLease | None) -> dict[str, Any]:
    if not found:
        return {"mine": False, "holder": "", "until": "", "seconds": 0, "asked": ""}
    return {
        "mine": found.holder_id == actor().id,
        "holder": found.holder.name,
        "until": leases.until_text(found.until),
        "seconds": int((found.until - clock.now()).total_seconds()),
        "asked": found.asked_by.name if found.asked_by else "",
    }


@bp.post("/<int:submission_id>/lease/release")
@permit("submission.edit")
def release(submission_id: int) -> Any:
    """Let go of an item before the time is up."""
    leases.release(actor(), submission_id)
    return redirect(url_for("submissions.item", submission_id=submission_id))


@bp.post("/<int:submission_id>/lease/ask")
@permit("submission.edit")
def ask(submission_id: int) -> Any:
    """Ask whoever is editing an item to let go of it."""
    return _step(lambda: leases.ask(actor(), submission_id), lambda: "已提醒对方让出", submission_id)


@bp.route("/<int:submission_id>/revise", methods=["GET", "POST"])
@permit("submission.edit")
def revise(submission_id: int) -> Any:
    """An editor's revision, with the original beside it."""
    submission = queries.with_text(actor(), submission_id)
    form = RevisionForm(data=draft_data(submission))
    if form.validate_on_submit():
        try:
            version, title, note = (
                whole_or_zero(form.version.data),
                form.title.data or "",
                form.note.data or "",
            )
            services.revise(actor(), submission_id, version, title, form.blocks(), note)
        except YaoqingError as error:
            form.explain(error)
        else:
            flash("修改稿已保存", "success")
            return redirect(url_for("submissions.item", submission_id=submission_id))
    found = leases.standing(submission_id)
    if request.method == "GET" and found and found.holder_id != actor().id:
        flash(f"{found.holder.name}正在编辑这条信息，至 {leases.until_text(found.until)}", "warning")
        return redirect(url_for("submissions.item", submission_id=submission_id))
    highlight("submissions.queue")
    first = submission.revisions[0] if submission.revisions else None
    shown = render_template(
        "submissions/revise.html", form=form, item=submission, body_html=shown_html(form), lease=found,
        original=Markup(text.to_page(first.body)) if first else "", original_title=first.title if first else "",
        remarks=checking.remarks(actor(), submission),
    )  # fmt: skip
    return shown, 422 if request.method == "POST" else 200
