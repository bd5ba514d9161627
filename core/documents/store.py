"""Render documents and keep what was issued: number, PDF, HTML, digest and pack version together."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents.checks import Check, check_of, unissued
from core.documents.fonts.font_set import FontSet, resolve
from core.documents.models import IssuedDocument
from core.documents.printable import hindrances, refuse_empty
from core.documents.rendering.cache import Cache
from core.documents.rendering.drawing import drawn_by
from core.documents.rendering.preview import anchor_pages, page_count
from core.documents.rendering.renderer import Job, Renderer
from core.documents.templating.assets import table_data
from core.documents.templating.sandbox import render_html
from core.documents.word.file import docx
from core.errors import NotFound, RenderError, SetupError
from core.files import store
from core.permissions import allowed, reach, rights
from core.plugins import current

TEMPLATE = "template.html"
_lock = threading.Lock()


@dataclass(frozen=True)
class Rendered:
    """A finished rendering whose bytes already lie in the file store."""

    html_sha256: str
    pdf_sha256: str
    pages: int
    size: int
    docx_sha256: str = ""


@dataclass(frozen=True)
class NewDocument:
    """A document about to be issued. `source` names its cause: one document for each."""

    office_id: int
    kind: str
    kind_title: str
    source: str
    title: str
    number: str
    dated: date
    pack_ref: str
    read_permission: str = "document.view"
    check_code: str | None = None
    content_sha256: str = ""


def fonts() -> FontSet:
    """The faces of this installation, resolved once."""
    installation = current_app.extensions["yaoqing"]
    with _lock:
        if installation.fonts is None:
            settings = current_app.config["YAOQING"]
            installation.fonts = resolve(settings["FONTS"], settings["DATA"] / "cache")
        return installation.fonts


def unprintable(lines: Iterable[str], body: Iterable[Mapping[str, Any]] = ()) -> list[str]:
    """Why lines and a body could not be printed here, each reason in a few words; nothing when they can."""
    try:
        return hindrances(lines, body, fonts())
    except SetupError:  # no faces at all: printing says so
        return []


def renderer() -> Renderer:
    """The confined renderer of this process."""
    faces = fonts()
    installation = current_app.extensions["yaoqing"]
    with _lock:
        if installation.renderer is None:
            folder = current_app.config["YAOQING"]["DATA"] / "cache" / "pdf"
            installation.renderer = Renderer(faces, cache=Cache(folder))
        return installation.renderer


def check(office_id: int, kind: str, number: str, values: Mapping[str, Any]) -> Check:
    """The check code of a document about to be printed with these values; it is printed as their `check`."""
    return check_of(str(current_app.secret_key), office_id, kind, number, values)


def checked(values: Mapping[str, Any], code: Check | None) -> dict[str, Any]:
    """The values, with what is printed of the code, or on a proof in its place."""
    site = current_app.config["YAOQING"]["SITE_ADDRESS"]
    return {**values, "check": code.printed(site) if code else unissued(site)}


def render(
    files: Mapping[str, str], values: Mapping[str, Any], *, word_dated: date | None = None
) -> Rendered:
    """Turn a document format and plain values into a stored PDF, and with a day also into a stored Word file.

    Takes a while: never call it in a transaction. What is stored and then not issued lies there until swept.
    """
    refuse_empty(values)
    html = render_html(TEMPLATE, files, values, fonts(), complete=True)
    pdf = renderer().pdf(html, attached=table_data(html, values))
    word = store().put(docx(html, word_dated, anchor_pages(pdf), drawn_by(renderer()))) if word_dated else ""
    return Rendered(store().put(html.encode()), store().put(pdf), page_count(pdf), len(pdf), word)


def render_each(files: Mapping[str, str], many: Iterable[Mapping[str, Any]]) -> Iterator[Rendered]:
    """The same format with many values, in their order, each as soon as it is ready; all children work.

    Raises RenderError at the first that fails.
    """
    pages: deque[str] = deque()

    def jobs() -> Iterator[Job]:
        for values in many:
            refuse_empty(values)
            html = render_html(TEMPLATE, files, values, fonts(), complete=True)
            pages.append(html)
            yield Job(html, attached=table_data(html, values))

    for pdf in renderer().batch(jobs()):
        if isinstance(pdf, RenderError):
            raise pdf
        html = pages.popleft()
        yield Rendered(store().put(html.encode()), store().put(pdf), page_count(pdf), len(pdf))


def issue(actor: Actor, new: NewDocument, rendered: Rendered) -> IssuedDocument:
    """Put a rendered document on record, inside the caller's transaction."""
    with transaction():
        document = IssuedDocument(
            **vars(new), pdf_sha256=rendered.pdf_sha256, html_sha256=rendered.html_sha256, pages=rendered.pages,
            size=rendered.size, docx_sha256=rendered.docx_sha256, issued_at=clock.now(), issued_by=actor.name,
        )  # fmt: skip
        db.session.add(document)
        db.session.flush()
        audit.note(actor, "印发", document, office_id=new.office_id, sha256=rendered.pdf_sha256)
    return document


@dataclass(frozen=True)
class Wanted:
    """What the list of documents shows; empty means no restriction. `text` is part of a title or a number."""

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


EVERYTHING = Wanted()


def issued(actor: Actor, wanted: Wanted = EVERYTHING) -> Select[tuple[IssuedDocument]]:
    """The documents the actor may read, newest first."""
    query = select(IssuedDocument).where(*readable(actor))
    if wanted.text:
        named = IssuedDocument.title, IssuedDocument.number
        query = query.where(or_(*(each.contains(wanted.text, autoescape=True) for each in named)))
    if wanted.kind:
        query = query.where(IssuedDocument.kind == wanted.kind)
    if wanted.since:
        query = query.where(IssuedDocument.dated >= wanted.since)
    if wanted.until:
        query = query.where(IssuedDocument.dated <= wanted.until)
    return query.order_by(IssuedDocument.id.desc()).options(selectinload(IssuedDocument.standings))


def kinds(actor: Actor) -> list[tuple[str, str]]:
    """The kinds of the documents the actor may read, with what the newest of each is called."""
    newest = select(func.max(IssuedDocument.id)).where(*readable(actor)).group_by(IssuedDocument.kind)
    query = select(IssuedDocument.kind, IssuedDocument.kind_title).where(IssuedDocument.id.in_(newest))
    return [(kind, title) for kind, title in db.session.execute(query.order_by(IssuedDocument.id.desc()))]


def readable(actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions under which the actor may read a document, for queries of others over documents."""
    held = [p for p in _read_permissions() if _held(actor, p)]
    within = reach(actor, "document.view").where(IssuedDocument.office_id)
    return [within, IssuedDocument.read_permission.in_(held), *_circles(actor)]


def document(actor: Actor, document_id: int) -> IssuedDocument:
    """One document the actor may read. Raises NotFound."""
    found = db.session.scalar(
        select(IssuedDocument).where(IssuedDocument.id == document_id, *_circles(actor))
    )
    if (
        not found
        or not allowed(actor, "document.view", found)
        or not _held(actor, found.read_permission, found)
    ):
        raise NotFound("没有这份公文，或您无权查看", advice="请返回公文列表")
    return found


def _circles(actor: Actor) -> list[Any]:
    """What plugins demand of every document; unlike a panel, a failing one may not be left out."""
    return current().collect("document_circles", actor=actor)


def _held(actor: Actor, permission: str, found: IssuedDocument | None = None) -> bool:
    """Whether the actor holds a reader's right; nobody does when the plugin that declared it is gone."""
    return permission in rights().by_name and allowed(actor, permission, found)


def _read_permissions() -> list[str]:
    return list(db.session.scalars(select(IssuedDocument.read_permission).distinct()))
