"""The pages of a draft beside the board, laid out anew after every change."""

from typing import Any

from flask import redirect, render_template, request

from core import clock
from core.documents.responses import png_response
from core.errors import YaoqingError
from core.web import actor, permit
from plugins.journal import contents, presence, queries, sheets
from plugins.journal.pages import bp, issue_page

# A page keeps its address as long as it looks the same.
KEEP_SECONDS = 3600


@bp.get("/<int:issue_id>/sheets")
@permit("journal.compile")
def sheet_list(issue_id: int) -> Any:
    """The pages as they are now, and what is to be said once their number is known."""
    stamp = presence.stamp(queries.issue(actor(), issue_id).id)
    try:
        found = sheets.sheets(actor(), issue_id)
    except YaoqingError as error:
        return {"html": render_template("journal/_sheets.html", refused=error, stamp=stamp)}
    issue = queries.issue(actor(), issue_id)
    journal = queries.journal_for(issue, clock.today())
    laid, pages = sheets.laid(contents.order(issue, journal), found)
    html = render_template(
        "journal/_sheets.html", issue=issue, journal=journal, sheets=found, stamp=stamp, item_pages=pages,
        remarks=contents.remarks(issue, journal, laid), refused=None,
    )  # fmt: skip
    return {"html": html}


@bp.get("/<int:issue_id>/remarks")
@permit("journal.draft")
def remark_list(issue_id: int) -> Any:
    """The remarks on an issue on its way, those about its number of pages among them: a part of the page it is signed on."""
    if queries.issue(actor(), issue_id).state == "published" or not request.args.get("fragment"):
        return redirect(issue_page(issue_id))
    try:
        found = sheets.sheets(actor(), issue_id)
    except YaoqingError:
        found = None  # why it cannot be laid out is among the remarks
    issue = queries.issue(actor(), issue_id)
    said = sheets.remarks(issue, queries.journal_for(issue, clock.today()), found)
    return render_template("journal/_remarks.html", remarks=said)


@bp.get("/<int:issue_id>/sheets/<name>/<int:page>.png")
@permit("journal.compile")
def sheet(issue_id: int, name: str, page: int) -> Any:
    """One page as a picture."""
    return png_response(sheets.picture(actor(), issue_id, name, page), keep_seconds=KEEP_SECONDS)
