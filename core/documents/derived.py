"""Word, spreadsheet and other files of an issued document, made from what was frozen with it and from nothing else.

They are made when asked for: the page that was printed lies in the store and never changes, so neither do they.
"""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from flask import current_app

from core.documents.models import IssuedDocument
from core.documents.rendering.cache import MB, Cache
from core.documents.rendering.converter import LIMITS, converted, key_of
from core.documents.rendering.drawing import drawn_by
from core.documents.rendering.preview import anchor_pages
from core.documents.rendering.process import Limits, Told
from core.documents.sheet_plan import Slot
from core.documents.store import renderer
from core.documents.word.file import docx
from core.documents.word.pieces import Paragraph, Table, every
from core.documents.word.reading import pages_of
from core.documents.workbook import Sheet, workbook
from core.errors import NotFound
from core.files import store
from core.hookspecs import DocumentFormat
from core.plugins import collect

# What is kept of further formats: a few hundred volumes.
MOST = 1024 * MB


class Printed(Protocol):
    """A document whose PDF lies in the store, with what a further format says of it."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def kind_title(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def dated(self) -> date: ...
    @property
    def pages(self) -> int: ...
    @property
    def pdf_sha256(self) -> str: ...


def word_of(document: IssuedDocument) -> bytes:
    """The document as a Word file: the one kept when it was issued, else made now."""
    if document.docx_sha256:
        return store().get(document.docx_sha256)
    pages = anchor_pages(store().get(document.pdf_sha256))
    return docx(_html(document), document.dated, pages, drawn_by(renderer()))


def workbook_of(document: IssuedDocument) -> bytes:
    """Its tables as a workbook. Raises NotFound when it has none."""
    sheets = list(sheets_of(_html(document)))
    if not sheets:
        raise NotFound("这份文件没有表格", advice="请下载 Word 或 PDF 文件")
    return workbook(sheets, document.dated)


def formats() -> list[DocumentFormat]:
    """The further formats that plugins offer."""
    return collect("document_formats")


def format_named(name: str) -> DocumentFormat:
    """One of them. Raises NotFound."""
    found = next((form for form in formats() if form.name == name), None)
    if not found:
        known = "、".join(form.name for form in formats())
        reason = f"可用的有 {known}" if known else "没有启用提供其他格式的插件"
        raise NotFound(f"没有“{name[:20]}”这种文件格式", reason=reason, advice="请选择列出的格式")
    return found


def in_format(
    document: Printed, form: DocumentFormat, limits: Limits = LIMITS, told: Told | None = None
) -> bytes:
    """The document in a plugin's format; once made, it is kept for the next reader. Raises RenderError."""
    about, kept = _about(document), _kept()
    key = key_of(form, document.pdf_sha256, about)
    made = kept.get(key)
    if made is None:
        made = converted(form, store().get(document.pdf_sha256), about, limits, told)
        kept.put(key, made)
    return made


def is_kept(document: Printed, form: DocumentFormat) -> bool:
    """Whether somebody has had it made before."""
    return _kept().holds(key_of(form, document.pdf_sha256, _about(document)))


def _about(document: Printed) -> dict[str, str]:
    return {
        "title": document.title, "kind": document.kind_title, "number": document.number,
        "dated": document.dated.isoformat(),
    }  # fmt: skip


def _kept() -> Cache:
    return Cache(current_app.config["YAOQING"]["DATA"] / "cache" / "formats", MOST)


def has_tables(document: IssuedDocument) -> bool:
    """Whether there is anything for a workbook."""
    try:
        return b"<table" in store().get(document.html_sha256)
    except NotFound:  # the page says so where it is asked for
        return False


def sheets_of(html: str) -> Iterator[Sheet]:
    """The tables of a finished page, each with the title above it and the notes below it."""
    pieces = [piece.what for piece in every(pages_of(html).pieces)]
    heading = title = ""
    for n, what in enumerate(pieces):
        if isinstance(what, Paragraph) and what.style in ("Title", "AnnexTitle", "ItemTitle"):
            heading, title = _said(what), ""
        elif isinstance(what, Paragraph) and what.style == "TableTitle":
            title = _said(what)
        elif (
            isinstance(what, Table) and what.rows and not what.plain
        ):  # which holds the names of offices in place
            rows = [
                [Slot(cell.text, cell.across, cell.down, _bold(cell)) for cell in row] for row in what.rows
            ]
            full = f"{heading}　{title}" if heading and title else heading or title
            yield Sheet(
                title or heading or "表",
                rows,
                what.head or int(_names_columns(what)),
                full,
                list(_notes(pieces[n + 1 :])),
            )
            title = ""


def _html(document: IssuedDocument) -> str:
    return store().get(document.html_sha256).decode()


def _said(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph.runs).replace("\n", "")


def _bold(cell: object) -> bool:
    return any(run.bold for run in getattr(cell, "runs", ()))


def _names_columns(table: Table) -> bool:
    """Whether the first row of a table in the text is its head."""
    return all(cell.header for cell in table.rows[0])


def _notes(following: list) -> Iterator[str]:
    for what in following:
        if not isinstance(what, Paragraph) or what.style not in ("TableNote", "Joint"):
            return
        if what.style == "TableNote":
            yield _said(what)
