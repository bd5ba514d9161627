"""Pages of what goes to single units: a letter or message as its unit reads it, messages as a file."""

from typing import Any

from flask import abort, render_template, request

from core.documents.rendering.preview import page_png
from core.documents.responses import pdf_response, png_response
from core.errors import NotFound
from core.files import store
from core.tabular import csv_of
from core.web import actor, attached, highlight, permit
from plugins.circulars import messages, queries
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.views import WIDTH, bp


@bp.get("/letters/<int:letter_id>")
@permit("circular.letter")
def letter(letter_id: int) -> str:
    """A letter with its pages, or a message with its text."""
    highlight("circulars.index")
    found = queries.letter(actor(), letter_id)
    text = messages.text_of(found.paragraphs)
    return render_template(
        "circulars/letter.html", letter=found, text=text, length=messages.length(text) if text else ""
    )


@bp.get("/letters/<int:letter_id>.pdf")
@permit("circular.letter")
def letter_pdf(letter_id: int) -> Any:
    """The letter exactly as it was issued."""
    found = _printed(letter_id)
    name = f"{found.document.title}{found.document.number}（{found.unit_name}）.pdf"
    return pdf_response(store().get(found.document.pdf_sha256), name, download="download" in request.args)


@bp.get("/letters/<int:letter_id>/<int:page>.png")
@permit("circular.letter")
def letter_picture(letter_id: int, page: int) -> Any:
    """One page (from 1) of a letter as a picture."""
    found = _printed(letter_id)
    if not 1 <= page <= found.document.pages:
        abort(404)
    return png_response(page_png(store().get(found.document.pdf_sha256), page, WIDTH), keep_seconds=3600)


@bp.get("/<int:circular_id>/messages.csv")
@permit("circular.file")
def messages_csv(circular_id: int) -> Any:
    """The messages of a list as a file, for whoever sends them."""
    found = queries.one(actor(), circular_id)
    if found.form != "messages":
        raise NotFound("这份文件不是短信", advice="请返回列表重新选择")
    return attached(csv_of(messages.lines(told(found))), f"{found.title}.csv", "text/csv")


def told(found: CircularDraft) -> list[messages.Message]:
    """Unit and text of every issued message."""
    return [(letter.unit_name, messages.text_of(letter.paragraphs)) for letter in found.letters]


def _printed(letter_id: int) -> CircularLetter:
    found = queries.letter(actor(), letter_id)
    if not found.document:
        raise NotFound("这是短信，没有版面", advice="请直接查看文字")
    return found
