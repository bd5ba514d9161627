"""Pages of issued documents: the list, one document with pictures of its pages, the PDF."""

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request

from core.documents import store
from core.documents.preview import page_png
from core.documents.responses import pdf_response, png_response
from core.files import store as files
from core.paging import page_of
from core.web import actor, highlight, page_number, permit

bp = Blueprint("documents", __name__, url_prefix="/documents")
WIDTH = 900


@bp.get("/")
@permit("document.view")
def index() -> Any:
    """Everything issued that the person may read."""
    size = current_app.config["YAOQING"]["PAGE_SIZE"]
    page = page_of(store.issued(actor(), request.args.get("kind", "")), page_number(), size, scalars=True)
    return render_template("documents/index.html", page=page)


@bp.get("/<int:document_id>")
@permit("document.view")
def document(document_id: int) -> Any:
    """A document: its particulars and its pages as pictures."""
    highlight("documents.index")
    return render_template("documents/document.html", document=store.document(actor(), document_id))


@bp.get("/<int:document_id>.pdf")
@permit("document.view")
def pdf(document_id: int) -> Any:
    """The PDF exactly as it was issued."""
    found = store.document(actor(), document_id)
    content = files().get(found.pdf_sha256)
    return pdf_response(content, f"{found.title}{found.number}.pdf", download="download" in request.args)


@bp.get("/<int:document_id>/<int:page>.png")
@permit("document.view")
def picture(document_id: int, page: int) -> Any:
    """One page (from 1) as a picture."""
    found = store.document(actor(), document_id)
    if not 1 <= page <= found.pages:
        abort(404)
    return png_response(page_png(files().get(found.pdf_sha256), page, WIDTH), keep_seconds=3600)
