"""Pictures of pages for the screen, the number of pages of a PDF, and the pages its anchors and headlines stand on."""

import ctypes
import hashlib
import io
import threading

import pikepdf
import pypdfium2
from pypdfium2 import raw

from core.errors import NotFound, RenderError

WIDEST = 4000
# Of pictures of text harder packing makes larger ones, in twice the time.
PACKING = 1
# The library behind it may not be entered by two threads at once.
_lock = threading.Lock()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with _lock:
        document = _open(pdf)
        try:
            return len(document)
        finally:
            document.close()


def anchor_pages(pdf: bytes) -> dict[str, int]:
    """The anchors of a PDF that links lead to, and their pages, counted from 1."""
    with _lock:
        document = _open(pdf)
        try:
            named = (_anchor(document, n) for n in range(raw.FPDF_CountNamedDests(document.raw)))
            return {name: page for name, page in named if page > 0}
        finally:
            document.close()


def _anchor(document: pypdfium2.PdfDocument, number: int) -> tuple[str, int]:
    size = ctypes.c_long()
    raw.FPDF_GetNamedDest(document.raw, number, None, size)
    name = ctypes.create_string_buffer(max(size.value, 2))
    place = raw.FPDF_GetNamedDest(document.raw, number, name, size)
    page = raw.FPDFDest_GetDestPageIndex(document.raw, place) if place else -1
    return name.raw.decode("utf-16-le", "replace").rstrip("\0"), page + 1


def page_png(pdf: bytes, page: int, width_px: int) -> bytes:
    """A picture of one page (counted from 1), that many pixels wide."""
    width = min(max(int(width_px), 16), WIDEST)
    with _lock:
        document = _open(pdf)
        try:
            if not 1 <= page <= len(document):
                raise NotFound(f"这份文件没有第 {page} 页", reason=f"共 {len(document)} 页")
            sheet = document[page - 1]
            picture = sheet.render(scale=width / sheet.get_width()).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=PACKING)
    return out.getvalue()


def page_looks(pdf: bytes) -> list[str]:
    """For each page of a document of ours a digest of what is on it: equal for pages that look the same."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return [_look(page) for page in document.pages]
    except pikepdf.PdfError as error:
        raise _damaged() from error


def _look(page: pikepdf.Page) -> str:
    """What is drawn, and the pictures among it. Faces and their glyphs have the same names in all our documents."""
    page.contents_coalesce()
    drawn = page.Contents.read_bytes() if "/Contents" in page else b""  # an empty page
    whole = hashlib.sha256(str(page.mediabox).encode() + drawn)
    for name, picture in sorted(page.obj.get("/Resources", {}).get("/XObject", {}).items()):
        if name.encode() in drawn:
            whole.update(picture.read_raw_bytes())
    return whole.hexdigest()[:16]


def headlines(pdf: bytes) -> list[tuple[str, int]]:
    """The entries of a PDF's outline in order, each with its page, counted from 1."""
    with _lock:
        document = _open(pdf)
        try:
            marks = [(mark.get_title(), mark.get_dest()) for mark in document.get_toc()]
            return [(title, (place.get_index() or 0) + 1) for title, place in marks if place]
        finally:
            document.close()


def _open(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error


def _damaged() -> RenderError:
    return RenderError("这不是完好的 PDF 文件，无法显示")
