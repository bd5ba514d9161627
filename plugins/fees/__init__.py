"""稿酬：按规则包的付酬标准算出每个付酬周期的稿酬，编制、核准付酬清单。"""

from flask import Blueprint, url_for

from core.actors import Actor
from core.hookspecs import Card, MenuItem, Permission, TrailWord, hookimpl
from core.packs.content.format import Section
from core.permissions import reach
from core.scoring.values.fact import FactKind
from plugins.fees import queries, rights, section, sources, views

TITLE = "稿酬"


@hookimpl
def permissions() -> list[Permission]:
    """Who draws lists up, who approves them, who reads what."""
    return list(rights.PERMISSIONS)


@hookimpl
def pack_sections(kinds: tuple[FactKind, ...]) -> list[Section]:
    """fees.yaml: what is paid, to whom, how often."""
    return [section.fees_section(kinds)]


@hookimpl
def menu_items() -> list[MenuItem]:
    """The payment periods."""
    return [MenuItem(TITLE, "fees.index", "考核通报", "fee.view", 46, shown=_concerns)]


def _concerns(actor: Actor) -> bool:
    """Where the rules speak of no fees only the office is told so."""
    return bool(reach(actor, "fee.view").offices) or sources.pays(actor.office_id)


@hookimpl
def dashboard_cards(actor: Actor) -> list[Card]:
    """Lists that wait for approval, or were sent back."""
    cards = []
    if reach(actor, "fee.approve") and (waiting := queries.waiting(actor, "fee.approve", "prepared")):
        cards.append(Card("待核准稿酬", waiting, url_for("fees.index"), "编辑已编制清单", 34))
    if reach(actor, "fee.prepare") and (waiting := queries.waiting(actor, "fee.prepare", "returned")):
        cards.append(Card("退回的稿酬", waiting, url_for("fees.index"), "签发人已退回，须重新编制", 34))
    return cards


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /fees."""
    return [views.bp]


@hookimpl
def trail_words() -> list[TrailWord]:
    """What a list comes to."""
    return [TrailWord("total", "合计")]
