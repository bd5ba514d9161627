"""The frame of an issue: what it prints otherwise than the pack says; frames saved by name."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core import clock
from core.errors import Conflict, InvalidInput
from core.permissions import allowed
from core.web import actor, highlight, permit, whole_or_zero
from plugins.journal import frames, queries
from plugins.journal.board_forms import frame_fields
from plugins.journal.models import JournalIssue
from plugins.journal.pages import attempt, bp, issue_page
from plugins.journal.schema import SecrecyMark, UrgencyMark


@bp.get("/<int:issue_id>/frame")
@permit("journal.compile")
def frame(issue_id: int) -> Any:
    """The frame as it is, to be changed."""
    found = queries.issue(actor(), issue_id)
    if found.state != "draft" or not allowed(actor(), "journal.compile", found):
        return redirect(issue_page(issue_id))
    return _page(found)


@bp.post("/<int:issue_id>/frame")
@permit("journal.compile")
def reframe(issue_id: int) -> Any:
    """Change the frame; what others have changed meanwhile stays."""
    found = queries.issue(actor(), issue_id)
    journal = queries.journal_for(found, clock.today())
    try:
        given = frame_fields(request.form, journal)
        was, name = frame_fields(request.form, journal, "was_"), request.form.get("template", "")
        kept = frames.edit_and_save(actor(), issue_id, given, was, name)
    except (Conflict, InvalidInput) as error:
        return _page(queries.issue(actor(), issue_id), error), 422
    told = f"，并存为模板“{kept.name}”，新建一期时可以选用" if kept else ""
    flash(f"版面设置已保存{told}", "success")
    return redirect(url_for("journal.compose", issue_id=issue_id))


@bp.post("/frames/<int:frame_id>/rename")
@permit("journal.compile")
def rename_frame(frame_id: int) -> Any:
    """Give a saved frame another name."""
    name = request.form.get("name", "")
    return attempt(lambda: frames.rename_frame(actor(), frame_id, name), "版面模板已改名", _came_from())


@bp.post("/frames/<int:frame_id>/delete")
@permit("journal.compile")
def drop_frame(frame_id: int) -> Any:
    """Delete a saved frame."""
    return attempt(lambda: frames.drop_frame(actor(), frame_id), "版面模板已删除", _came_from())


def _came_from() -> str:
    """The frame of the issue whose page shows the saved ones."""
    issue_id = whole_or_zero(request.form.get("issue"))
    return url_for("journal.frame", issue_id=issue_id) if issue_id else url_for("journal.new")


def _page(found: JournalIssue, error: Conflict | InvalidInput | None = None) -> str:
    highlight("journal.desk")
    journal = queries.journal_for(found, clock.today())
    now = frames.current(found, journal)
    lines = "\n".join(f"{line['label']}：{line['to']}" for line in now["distribution"])
    shown = {**now, "distribution": lines}
    own = [one for one in frames.saved(found.office_id) if one.journal == found.journal_id]
    return render_template(
        "journal/frame.html", issue=found, journal=journal, now=shown, typed=request.form if error else {},
        error=error, frames=own, may=journal.may_change, secrecy=_choices(journal.marks.secrecy),
        urgency=_choices(journal.marks.urgency), longest_note=frames.longest_note(found),
    )  # fmt: skip


def _choices(mark: SecrecyMark | UrgencyMark | None) -> list[tuple[str, str]]:
    return [(word, word) for word in mark.choices] if mark else []
