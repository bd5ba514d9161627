"""通报：对已结账的考核周期起草、签发排名通报、表彰通报、督促函和短信提醒。"""

from typing import Any

from flask import Blueprint, url_for

from core.actors import Actor
from core.hookspecs import Card, JobKind, MenuItem, Paper, Permission, TrailWord, hookimpl
from core.packs.content.format import Section
from core.permissions import reach
from core.search import Source
from plugins.circulars import batches, letter_views, queries, rehearsed, rights, search, section, services

TITLE = "通报"


@hookimpl
def permissions() -> list[Permission]:
    """Who drafts, issues and reads circulars."""
    return list(rights.PERMISSIONS)


@hookimpl
def pack_sections() -> list[Section]:
    """circulars.yaml: kinds of circular."""
    return [section.SECTION]


@hookimpl
def search_sources() -> list[Source]:
    """Circulars, letters and messages can be found."""
    return list(search.SOURCES)


@hookimpl
def menu_items() -> list[MenuItem]:
    """The list of circulars."""
    return [MenuItem("通报和函件", "circulars.index", "考核通报", "circular.view", 42)]


@hookimpl
def dashboard_cards(actor: Actor) -> list[Card]:
    """Closed periods without an issued circular, for those whose turn it is."""
    cards = []
    if reach(actor, "circular.draft"):
        waiting = queries.count(actor, "circular.draft", "draft") + len(queries.gaps(actor))
        cards.append(Card("待印发通报", waiting, url_for("circulars.index"), "已结账，通报尚未送签", 32))
    if reach(actor, "circular.issue"):
        waiting = queries.count(actor, "circular.issue", "submitted")
        cards.append(
            Card("待签发通报", waiting, url_for("circulars.index", state="submitted"), "编辑已送签", 33)
        )
    return cards


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /circulars."""
    return [letter_views.bp]


@hookimpl
def job_kinds() -> list[JobKind]:
    """Letters to many units are printed in the background."""
    return list(batches.JOBS)


@hookimpl
def period_papers(office_id: int, result: Any, rules: Any) -> list[Paper]:
    """The circulars over a period as the version of its result would print them."""
    return rehearsed.papers(office_id, result, rules)


@hookimpl
def period_closed(office_id: int, period_key: str) -> None:
    """Prepare the drafts of a period that has just been closed."""
    services.prepare(office_id, period_key)


@hookimpl
def trail_words() -> list[TrailWord]:
    """What was written into a draft, and the numbers of letters."""
    return [
        TrailWord("opening", "开头"),
        TrailWord("requirements", "要求"),
        TrailWord("letters", "各单位文字"),
        TrailWord("struck", "划去的名单"),
        TrailWord("numbers", "文号"),
    ]
