"""Pages of volumes: what was bound, a form to bind another year, the files."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from core.documents import derived, making
from core.documents.responses import office_response, pdf_response
from core.documents.word.file import MIMETYPE
from core.errors import Conflict, InvalidInput, NotFound
from core.files import store
from core.paging import page_of
from core.permissions import allowed
from core.web import actor, highlight, page_number, permit, whole_or_zero
from plugins.journal import outdating, queries, volumes
from plugins.journal.pages import attempt, bp
from plugins.journal.spans import FIRST, LAST


@bp.get("/volumes")
@permit("journal.read")
def volume_list() -> Any:
    """The volumes somebody may read; for editors the form."""
    highlight("journal.volume_list")
    who = actor()
    page = page_of(
        volumes.listing(who), page_number(), int(current_app.config["YAOQING"]["PAGE_SIZE"]), scalars=True
    )
    return render_template(
        "journal/volumes.html", page=page, journals=queries.journal_titles(who), years=queries.years(who),
        may_bind=allowed(who, "journal.compile"), outdated=outdating.outdated(page.rows),
    )  # fmt: skip


@bp.post("/volumes")
@permit("journal.compile")
def bind() -> Any:
    """Begin to bind a year of a journal, or some months of it."""
    journal, year = request.form.get("journal", ""), whole_or_zero(request.form.get("year"))
    since, until = (
        whole_or_zero(request.form.get(name, str(usual)))
        for name, usual in (("since", FIRST), ("until", LAST))
    )
    try:
        job = volumes.start(actor(), journal, year, since, until)
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
        return redirect(url_for("journal.volume_list"))
    return redirect(url_for("jobs.show", job_id=job.id))


@bp.get("/volumes/<int:volume_id>.pdf")
@permit("journal.read")
def volume_file(volume_id: int) -> Any:
    """The file of a volume."""
    found = volumes.one(actor(), volume_id)
    return pdf_response(
        store().get(found.pdf_sha256), f"{found.label}.pdf", download=bool(request.args.get("save"))
    )


@bp.get("/volumes/<int:volume_id>.docx")
@permit("journal.read")
def volume_word(volume_id: int) -> Any:
    """The Word file of a volume."""
    found = volumes.one(actor(), volume_id)
    if not found.docx_sha256:
        raise NotFound(
            f"{found.label}没有 Word 文件",
            reason="它在系统提供汇编的 Word 文件以前编印",
            advice="请由编辑重新编印，或下载 PDF 文件",
        )
    return office_response(store().get(found.docx_sha256), MIMETYPE, f"{found.label}.docx")


@bp.get("/volumes/<int:volume_id>/formats/<name>")
@permit("journal.read")
def volume_format(volume_id: int, name: str) -> Any:
    """A volume in a format that a plugin offers; a long one is to be made first."""
    found, form = volumes.one(actor(), volume_id), derived.format_named(name)
    if not making.is_ready(found, form):
        highlight("journal.volume_list")
        shelf = url_for("journal.volume_list")
        return render_template(
            "documents/making.html", document=found, form=form, crumb=("年度汇编", shelf), back=shelf,
            begin=url_for("journal.make_volume_format", volume_id=volume_id, name=name),
            whole=url_for("journal.volume_file", volume_id=volume_id, save=1),
        )  # fmt: skip
    return office_response(derived.in_format(found, form), form.mimetype, f"{found.label}.{form.suffix}")


@bp.post("/volumes/<int:volume_id>/formats/<name>")
@permit("journal.read")
def make_volume_format(volume_id: int, name: str) -> Any:
    """Begin to make the file of a long volume."""
    found, form = volumes.one(actor(), volume_id), derived.format_named(name)
    if making.is_ready(found, form):
        return redirect(url_for("journal.volume_format", volume_id=volume_id, name=name))
    return redirect(url_for("jobs.show", job_id=volumes.FORMATS.start(actor(), found, form).id))


@bp.post("/volumes/<int:volume_id>/discard")
@permit("journal.compile")
def discard_volume(volume_id: int) -> Any:
    """Take a volume away."""
    return attempt(lambda: volumes.discard(actor(), volume_id), "已删除汇编", url_for("journal.volume_list"))
