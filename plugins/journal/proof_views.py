"""Proofs of an issue that is not published: pictures of its pages, and the PDF."""

from typing import Any

from flask import flash, redirect, render_template

from core import clock
from core.documents.rendering.preview import page_png
from core.documents.responses import pdf_response, png_response
from core.errors import RenderError
from core.web import actor, highlight, permit
from plugins.journal import publishing, queries, sheets
from plugins.journal.pages import bp, issue_page

PICTURE_WIDTH = 900


@bp.get("/<int:issue_id>/proof")
@permit("journal.draft")
def proof(issue_id: int) -> Any:
    """The proof as pictures of its pages; without one the issue, whose remarks name what cannot be laid out."""
    highlight("journal.desk")
    found = queries.issue(actor(), issue_id)
    if found.state == "published":
        return redirect(issue_page(issue_id))
    try:
        made = sheets.sheets(actor(), issue_id)
    except RenderError as error:
        flash(str(error), "error")
        return redirect(issue_page(issue_id))
    found = queries.issue(actor(), issue_id)
    said = sheets.remarks(found, queries.journal_for(found, clock.today()), made)
    return render_template("journal/proof.html", issue=found, pages=len(made.pages), remarks=said)


@bp.get("/<int:issue_id>/proof.pdf")
@permit("journal.draft")
def proof_pdf(issue_id: int) -> Any:
    """The proof as PDF."""
    return pdf_response(_proof(issue_id), "校样.pdf")


@bp.get("/<int:issue_id>/proof/<int:page>.png")
@permit("journal.draft")
def proof_picture(issue_id: int, page: int) -> Any:
    """One page of the proof as a picture."""
    return png_response(page_png(_proof(issue_id), page, PICTURE_WIDTH))


def _proof(issue_id: int) -> bytes:
    return publishing.proof_pdf(publishing.proof_html(actor(), issue_id))
