"""What the pages of growing tables answer: the workbook, or the page that offers to have it made in the background."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from core.documents import exports
from core.documents.exports import Asked, Export
from core.documents.responses import office_response
from core.documents.workbook import MIMETYPE
from core.web import actor


def download(export: Export, asked: Asked, back: tuple[str, str]) -> Any:
    """The file when it is quickly made, else the offer. `back` is the title and address of the list it belongs to."""
    lines = export.count(actor(), asked)
    if lines > exports.SHORT:
        days = current_app.config["YAOQING"]["JOB_RESULT_DAYS"]
        return render_template(
            "documents/export.html",
            title=export.title,
            lines=lines,
            days=days,
            back=back,
            address=_here(asked),
        )
    file = exports.made(export, actor(), asked)
    return office_response(file.content, MIMETYPE, file.name)


def begin(export: Export, asked: Asked) -> Any:
    """Begin to make a long one."""
    if export.count(actor(), asked) <= exports.SHORT:
        return redirect(_here(asked))
    return redirect(url_for("jobs.show", job_id=exports.start(actor(), export, asked).id))


def _here(asked: Asked) -> str:
    """The address of the file: asked for it is given or offered, posted to it is begun."""
    return url_for(str(request.endpoint), **asked)  # type: ignore[arg-type]
