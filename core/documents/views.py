"""Pages of issued documents: the list, one document with pictures of its pages, the PDF and other files."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for

from core.documents import checks, derived, making, standing, store
from core.documents.models import STANDINGS
from core.documents.rendering.preview import page_png
from core.documents.responses import office_response, pdf_response, png_response
from core.documents.word.file import MIMETYPE as DOCX
from core.documents.workbook import MIMETYPE as XLSX
from core.errors import Conflict, InvalidInput
from core.files import store as files
from core.paging import page_of
from core.permissions import allowed
from core.plugins import collect
from core.web import actor, highlight, page_number, parse_day, permit, whole_or_zero

bp = Blueprint("documents", __name__, url_prefix="/documents")
bp.add_app_template_global(derived.has_tables, "has_tables")
bp.add_app_template_global(derived.formats, "document_formats")
bp.add_app_template_global(making.is_ready, "format_is_ready")
WIDTH = 900


@bp.get("/")
@permit("document.view")
def index() -> Any:
    """Everything issued that the person may read."""
    size, args = current_app.config["YAOQING"]["PAGE_SIZE"], request.args
    wanted = store.Wanted(
        args.get("text", "").strip()[:60], args.get("kind", ""), parse_day(args.get("since")),
        parse_day(args.get("until")),
    )  # fmt: skip
    page = page_of(store.issued(actor(), wanted), page_number(), size, scalars=True)
    return render_template(
        "documents/index.html", page=page, STANDINGS=STANDINGS, kinds=store.kinds(actor()), asked=wanted
    )


@bp.get("/<int:document_id>")
@permit("document.view")
def document(document_id: int) -> Any:
    """A document: its particulars and its pages as pictures."""
    highlight("documents.index")
    found = store.document(actor(), document_id)
    return render_template(
        "documents/document.html", document=found, standing=STANDINGS[found.standing], reprints=standing.reprints(found),
        code=checks.shown(found.check_code or ""), may_reprint=allowed(actor(), "document.reprint", found),
        panels=collect("document_panels", actor=actor(), document=found),
    )  # fmt: skip


@bp.get("/<int:document_id>.pdf")
@permit("document.view")
def pdf(document_id: int) -> Any:
    """The PDF exactly as it was issued; before one that no longer stands a page says so."""
    found = store.document(actor(), document_id)
    if found.standing != "valid" and "anyway" not in request.args:
        highlight("documents.index")
        return render_template(
            "documents/superseded.html", document=found, standing=STANDINGS[found.standing]
        )
    content = files().get(found.pdf_sha256)
    return pdf_response(content, f"{found.title}{found.number}.pdf", download="download" in request.args)


@bp.post("/<int:document_id>/reprint")
@permit("document.reprint")
def reprint(document_id: int) -> Any:
    """Note with number and purpose that more copies are printed. A page answers, not the file: it shows the note."""
    copies, reason = whole_or_zero(request.form.get("copies")), request.form.get("reason", "")
    try:
        note = standing.reprint(actor(), document_id, copies, reason)
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash(f"已登记加印 {note.copies} 份，请点“下载 PDF”，用印发时的文件付印", "success")
    return redirect(url_for("documents.document", document_id=document_id))


@bp.get("/<int:document_id>.docx")
@permit("document.view")
def word(document_id: int) -> Any:
    """The document for Word: what was issued, to go on with."""
    found = store.document(actor(), document_id)
    return office_response(derived.word_of(found), DOCX, f"{found.title}{found.number}.docx")


@bp.get("/<int:document_id>.xlsx")
@permit("document.view")
def tables(document_id: int) -> Any:
    """Its tables for a spreadsheet."""
    found = store.document(actor(), document_id)
    return office_response(derived.workbook_of(found), XLSX, f"{found.title}{found.number}.xlsx")


@bp.get("/<int:document_id>/formats/<name>")
@permit("document.view")
def other_format(document_id: int, name: str) -> Any:
    """The document in a format that a plugin offers; a long one is to be made first."""
    found, form = store.document(actor(), document_id), derived.format_named(name)
    if not making.is_ready(found, form):
        highlight("documents.index")
        return render_template(
            "documents/making.html", document=found, form=form, crumb=("公文", url_for("documents.index")),
            back=url_for("documents.document", document_id=document_id),
            begin=url_for("documents.make_format", document_id=document_id, name=name),
            whole=url_for("documents.pdf", document_id=document_id, download=1),
        )  # fmt: skip
    content = derived.in_format(found, form)
    return office_response(content, form.mimetype, f"{found.title}{found.number}.{form.suffix}")


@bp.post("/<int:document_id>/formats/<name>")
@permit("document.view")
def make_format(document_id: int, name: str) -> Any:
    """Begin to make the file of a long document."""
    found, form = store.document(actor(), document_id), derived.format_named(name)
    if making.is_ready(found, form):
        return redirect(url_for("documents.other_format", document_id=document_id, name=name))
    return redirect(url_for("jobs.show", job_id=making.ISSUED.start(actor(), found, form).id))


@bp.get("/<int:document_id>/<int:page>.png")
@permit("document.view")
def picture(document_id: int, page: int) -> Any:
    """One page (from 1) as a picture."""
    found = store.document(actor(), document_id)
    if not 1 <= page <= found.pages:
        abort(404)
    return png_response(page_png(files().get(found.pdf_sha256), page, WIDTH), keep_seconds=3600)
