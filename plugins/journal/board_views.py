"""The composing page, and every change an editor makes on it."""

from typing import Any

from flask import redirect, render_template, request, url_for

from core import clock
from core.accounts.units import units_of_office
from core.paging import Page, page_of
from core.permissions import allowed
from core.submissions import queries as submissions
from core.web import actor, highlight, page_number, permit, whole_or_zero
from plugins.journal import contents, queries, services
from plugins.journal.forms import PlaceForm
from plugins.journal.models import JournalIssue
from plugins.journal.pages import attempt, bp, seen_version
from plugins.journal.panels import PLACEABLE

CANDIDATES = 10


@bp.get("/<int:issue_id>/compose")
@permit("journal.compile")
def compose(issue_id: int) -> Any:
    """The composing page: candidates on one side, the columns of the issue on the other."""
    highlight("journal.desk")
    who = actor()
    found = queries.issue(who, issue_id)
    if found.state != "draft" or not allowed(who, "journal.compile", found):
        return redirect(url_for("journal.issue", issue_id=issue_id))
    journal = queries.journal_of(found.office_id, found.journal, clock.today())
    units = units_of_office(found.office_id)
    kinds = {unit.id: unit.kind for unit in units}
    return render_template(
        "journal/compose.html", issue=found, journal=journal, parts=contents.filled(found, journal),
        remarks=contents.remarks(found, journal), characters=contents.characters(found), page=_candidates(found),
        args=request.args, units=units,
        columns_for=lambda row: [c.id for c in journal.columns if c.takes(row.genre, kinds[row.unit_id])],
    )  # fmt: skip


def _candidates(found: JournalIssue) -> Page:
    args = request.args
    wanted = submissions.Filter(
        text=args.get("text", "")[:60],
        states=PLACEABLE,
        genre=args.get("genre", ""),
        unit_id=args.get("unit", 0, type=int) or 0,
    )
    query = submissions.listing(actor(), wanted).where(submissions.Submission.office_id == found.office_id)
    return page_of(query, page_number(), CANDIDATES)


@bp.post("/<int:issue_id>/items")
@permit("journal.compile")
def add(issue_id: int) -> Any:
    """Place a candidate in a column."""
    submission_id = request.form.get("submission_id", 0, type=int) or 0
    column = request.form.get("column", "")
    return attempt(
        lambda: services.add_item(actor(), issue_id, submission_id, column, seen_version()),
        "已放入",
        _back(issue_id),
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/move")
@permit("journal.compile")
def move(issue_id: int, item_id: int) -> Any:
    """Move an item up, down, or to another column."""
    step = {"up": -1, "down": 1}.get(request.form.get("direction", ""), 0)
    column = request.form.get("column", "") if not step else ""
    return attempt(
        lambda: services.move_item(
            actor(), issue_id, item_id, step=step, column_id=column, version=seen_version()
        ),
        "",
        _back(issue_id, f"item-{item_id}"),
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/remove")
@permit("journal.compile")
def remove(issue_id: int, item_id: int) -> Any:
    """Take an item out of a draft."""
    return attempt(
        lambda: services.remove_item(actor(), issue_id, item_id, seen_version()), "已移出", _back(issue_id)
    )


@bp.post("/<int:issue_id>/discard")
@permit("journal.compile")
def discard(issue_id: int) -> Any:
    """Delete a draft."""
    return attempt(
        lambda: services.discard(actor(), issue_id, seen_version()),
        "这一期草稿已删除",
        url_for("journal.desk"),
    )


@bp.post("/place/<int:submission_id>")
@permit("journal.compile")
def place(submission_id: int) -> Any:
    """Place an item from its own page."""
    number, _, column = (PlaceForm().target.data or "").partition(":")
    issue_id = whole_or_zero(number)
    back = url_for("submissions.item", submission_id=submission_id)
    return attempt(lambda: services.add_item(actor(), issue_id, submission_id, column), "已放入刊物", back)


def _back(issue_id: int, anchor: str = "") -> str:
    """The composing page with the filters the person had set."""
    kept = {name: request.args[name] for name in ("text", "genre", "unit", "page") if request.args.get(name)}
    return url_for("journal.compose", issue_id=issue_id, _anchor=anchor or None, **kept)
