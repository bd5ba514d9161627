"""Answers that carry a document: a PDF for the browser's own viewer, a page as picture, office files to save."""

import io
from collections.abc import Iterable

from flask import Response, send_file

from core import clock
from core.documents.workbook import MIMETYPE, of_lines, workbook


def pdf_response(content: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF under a Chinese file name, shown or saved."""
    response = send_file(
        io.BytesIO(content), mimetype="application/pdf", download_name=name, as_attachment=download
    )
    # The browser's own viewer shows it, and some viewers refuse to work under the policy of our pages.
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


def office_response(content: bytes, mimetype: str, name: str) -> Response:
    """A file for Word or a spreadsheet, to save under a Chinese name; no cache keeps it."""
    response = send_file(io.BytesIO(content), mimetype=mimetype, download_name=name, as_attachment=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def lines_response(lines: Iterable[Iterable[object]], title: str) -> Response:
    """Lines of cells, the first of them the head, as a workbook."""
    return office_response(workbook([of_lines(title, lines)], clock.today()), MIMETYPE, f"{title}.xlsx")


def png_response(content: bytes, *, keep_seconds: int = 0) -> Response:
    """A picture; kept by the reader's own browser only when it can no longer change."""
    response = send_file(io.BytesIO(content), mimetype="image/png")
    response.headers["Cache-Control"] = f"private, max-age={keep_seconds}" if keep_seconds else "no-store"
    return response
