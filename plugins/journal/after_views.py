"""What comes after publication: later approval, withdrawal and its reversal, correction, single adoptions."""

from typing import Any

from flask import flash, redirect, render_template, request
from markupsafe import Markup

from core.errors import Conflict, InvalidInput, YaoqingError
from core.submissions.text import to_html, to_page, to_plain
from core.web import actor, highlight, permit, whole_or_zero
from plugins.journal import after, correcting, guards, publishing, queries, withdrawing
from plugins.journal.forms import TextForm
from plugins.journal.models import JournalItem
from plugins.journal.pages import attempt, bp, issue_page, seen_version


@bp.post("/<int:issue_id>/approve-later")
@permit("journal.publish")
def approve_later(issue_id: int) -> Any:
    """Approve or refuse what was published in a hurry."""
    agree, remark = request.form.get("decision") == "agree", request.form.get("remark", "")
    return attempt(
        lambda: after.decide(actor(), issue_id, agree, remark, seen_version()),
        "已补审批" if agree else "已登记不同意，请撤回或更正这一期",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/withdraw")
@permit("journal.withdraw")
def withdraw_issue(issue_id: int) -> Any:
    """Withdraw a whole issue."""
    reason = request.form.get("reason", "")
    return attempt(
        lambda: withdrawing.withdraw(actor(), issue_id, reason, seen_version()),
        "已撤回这一期，并告知读者",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/restore")
@permit("journal.withdraw")
def restore(issue_id: int) -> Any:
    """Let a withdrawn issue stand again."""
    reason = request.form.get("reason", "")
    return attempt(
        lambda: withdrawing.restore(actor(), issue_id, reason, seen_version()),
        "已恢复这一期，并告知读者",
        issue_page(issue_id),
    )


@bp.post("/<int:issue_id>/correct")
@permit("journal.compile")
def correct(issue_id: int) -> Any:
    """Begin a correction, or go on with the one begun."""
    try:
        begun = correcting.start(actor(), issue_id, request.form.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
        return redirect(issue_page(issue_id))
    flash("已起草更正稿，请改正后送签", "success")
    return redirect(issue_page(begun.id))


@bp.route("/<int:issue_id>/items/<int:item_id>/text", methods=["GET", "POST"])
@permit("journal.compile")
def put_right(issue_id: int, item_id: int) -> Any:
    """The text of an item of a correction, with what was printed beside it."""
    highlight("journal.desk")
    issue = queries.issue(actor(), issue_id)
    item = guards.item_of(issue, item_id)
    if not item.replaces or issue.state != "draft":
        return redirect(issue_page(issue_id))
    form = TextForm(data={"title": item.print_title, "body": to_plain(item.body), "seen": issue.edits})
    if form.validate_on_submit():
        try:
            correcting.put_right(
                actor(),
                issue_id,
                item_id,
                form.title.data or "",
                form.blocks(),
                whole_or_zero(form.seen.data),
            )
        except YaoqingError as error:
            form.explain(error)
        else:
            flash("更正文字已保存", "success")
            return redirect(issue_page(issue_id))
    page = render_template(
        "journal/put_right.html", form=form, issue=issue, item=item, body_html=_shown(form, item),
        original=Markup(to_page(item.replaces.body)),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _shown(form: TextForm, item: JournalItem) -> str:
    """What the rich editor starts from: the text as it is, or what was typed when the form comes back."""
    if request.method != "POST":
        return to_html(item.body)
    try:
        return to_html(form.blocks())
    except YaoqingError:
        return ""


@bp.post("/<int:issue_id>/items/<int:item_id>/withdraw")
@permit("journal.publish")
def withdraw(issue_id: int, item_id: int) -> Any:
    """Take back the adoption of an item of a published issue."""
    reason = request.form.get("reason", "")
    queries.issue(actor(), issue_id)
    return attempt(
        lambda: publishing.withdraw_adoption(actor(), item_id, reason), "已撤销采用", issue_page(issue_id)
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/restore")
@permit("journal.publish")
def restore_item(issue_id: int, item_id: int) -> Any:
    """Let an item whose adoption was taken back count again."""
    reason = request.form.get("reason", "")
    queries.issue(actor(), issue_id)
    return attempt(
        lambda: withdrawing.restore_adoption(actor(), item_id, reason), "已恢复采用", issue_page(issue_id)
    )
