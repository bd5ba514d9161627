"""Journals: compile items into an issue by columns, sign it, publish it as PDF, let people read it."""

from typing import Any

from flask import url_for

from core.hookspecs import Card, JobKind, MenuItem, Panel, Permission, TrailWord, hookimpl
from core.packs.content.format import Pack, Section
from core.search import Source
from plugins.journal import (
    after_views,
    board_views,
    circles,
    delivery_views,
    frame_views,
    panels,
    proof_views,
    queries,
    rights,
    section,
    services,
    sheet_views,
    signing_views,
    views,
    volume_views,
    volumes,
)
from plugins.journal.search import ISSUES

TITLE = "刊物编发"
# Every module of pages adds to one blueprint.
PAGES = (
    views,
    board_views,
    frame_views,
    sheet_views,
    signing_views,
    after_views,
    proof_views,
    delivery_views,
    volume_views,
)


@hookimpl
def blueprints():
    return [PAGES[0].bp]


@hookimpl
def permissions() -> list[Permission]:
    return list(rights.PERMISSIONS)


@hookimpl
def search_sources() -> list[Source]:
    return [ISSUES]


@hookimpl
def trail_words() -> list[TrailWord]:
    return [TrailWord("journal", "刊物")]


@hookimpl
def menu_items() -> list[MenuItem]:
    return [
        MenuItem("编发刊物", "journal.desk", TITLE, "journal.draft", 30),
        MenuItem("已发刊物", "journal.index", TITLE, "journal.read", 31),
        MenuItem("年度汇编", "journal.volume_list", TITLE, "journal.read", 32),
    ]


@hookimpl
def job_kinds() -> list[JobKind]:
    return list(volumes.JOBS)


@hookimpl
def dashboard_cards(actor) -> list[Card]:
    return panels.cards(actor)


@hookimpl
def dashboard_panels(actor) -> list[Panel]:
    return panels.dashboard_panels(actor)


@hookimpl
def submission_panels(actor, submission) -> list[Panel]:
    return panels.submission_panels(actor, submission)


@hookimpl
def pack_sections() -> list[Section]:
    return [section.SECTION]


@hookimpl
def own_outlets(pack: Pack) -> list[str]:
    return section.outlets_of(pack)


@hookimpl
def document_circles(actor) -> list[Any]:
    return [circles.documents(actor)]


@hookimpl
def submission_taken_back(submission_id: int) -> None:
    services.drop(submission_id)


@hookimpl
def document_items(document_id: int) -> list[str]:
    return queries.items_of_document(document_id)


@hookimpl
def document_secrecy(document_id: int) -> list[str]:
    return queries.secrecy_of_document(document_id)


@hookimpl
def document_outlets(document_id: int) -> list[str]:
    return queries.outlets_of_document(document_id)


@hookimpl
def document_pages(document_id: int) -> list[str]:
    found = queries.issue_of_document(document_id)
    return [url_for("journal.issue", issue_id=found)] if found else []
