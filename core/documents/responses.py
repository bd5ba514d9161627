"""Answers that carry a document: a PDF for the browser's own viewer, a page as picture."""

import io

from flask import Response, send_file


def pdf_response(content: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF under a Chinese file name, shown or saved."""
    response = send_file(
        io.BytesIO(content), mimetype="application/pdf", download_name=name, as_attachment=download
    )
    # The browser's own viewer shows it, and some viewers refuse to work under the policy of our pages.
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


def png_response(content: bytes, *, keep_seconds: int = 0) -> Response:
    """A picture; kept by the reader's own browser only when it can no longer change."""
    response = send_file(io.BytesIO(content), mimetype="image/png")
    response.headers["Cache-Control"] = f"private, max-age={keep_seconds}" if keep_seconds else "no-store"
    return response
