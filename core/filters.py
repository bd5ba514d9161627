"""What page templates may use: how values look, choices of select boxes, the reader's rights."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_login import current_user
from markupsafe import Markup
from wtforms import PasswordField, StringField, TextAreaField

from core import clock
from core.packs.services import named
from core.permissions import ROLES, allowed
from core.submissions.leases import until_text
from core.submissions.vocabulary import GENRES, URGENCIES
from core.submissions.workflow import STATES
from core.typed import typed
from core.web import page_url

# How many pieces of pages are kept in memory, of each kind.
KEPT = 512
# Fields whose tag tells nothing but their definition and what was typed.
TYPED = {StringField, PasswordField, TextAreaField}


# How a step stands out in an item's history.
TONES = {"return": "warning", "send_back": "warning", "decline": "warning", "adopt": "success"}


def day(value: date | datetime | None) -> str:
    """2026年11月23日"""
    if value is None:
        return ""
    value = clock.local(value).date() if isinstance(value, datetime) else value
    return clock.written(value)


def minute(value: datetime | None) -> str:
    """2026年11月23日 09:05"""
    return f"{day(value)} {clock.local(value):%H:%M}" if value else ""


def short(value: datetime | None) -> str:
    """11-23 09:05 this year, 2025-11-23 otherwise: for dense lists."""
    if value is None:
        return ""
    local = clock.local(value)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d}"


def size(value: int) -> str:
    """Bytes for people."""
    return f"{value / 1048576:.1f} MB" if value >= 1048576 else f"{max(value // 1024, 1)} KB"


def latin(text: str) -> Markup:
    """A word in Latin letters that is meant to be there: a login name, an identifier."""
    return Markup('<span data-latin lang="en">{}</span>').format(text)


def can(permission: str) -> bool:
    """Whether the signed-in person holds a right anywhere: for showing or hiding a button."""
    return bool(current_user.is_authenticated and allowed(current_user, permission))


def unit_choices(units: Iterable[Any]) -> list[tuple[int, str]]:
    """Units for a select box."""
    return [(unit.id, unit.short) for unit in units]


def period_choices(periods: Iterable[Any]) -> list[tuple[str, str]]:
    """Periods for a select box."""
    return [(period.key, period.title) for period in periods]


def revision_choices(revisions: Iterable[Any]) -> list[tuple[int, str]]:
    """Revisions for a select box."""
    return [(r.number, f"第 {r.number} 稿（{r.by.name}，{short(r.at)}）") for r in revisions]


def history(events: Iterable[Any]) -> list[dict[str, str]]:
    """An item's events for the timeline."""
    return [
        {
            "at": minute(e.at),
            "iso": e.at.isoformat(),
            "who": e.by.name,
            "what": e.title,
            "reason": e.reason,
            "tone": TONES.get(e.detail.get("move", ""), ""),
        }  # fmt: skip
        for e in events
    ]


def phrases_for(phrases: Iterable[Any], move: str) -> list[Any]:
    """The reasons that may be picked for a move."""
    return [phrase for phrase in phrases if move in phrase.moves]


def menu_title(endpoint: str) -> str:
    """The name of a page as the menu has it, or that of the page which took its place."""
    ours = current_app.extensions["yaoqing"]
    there = ours.replaced.get(endpoint, endpoint)
    return next((item.title for item in ours.menu if item.endpoint == there), "")


def active_filters(args: Any) -> int:
    """How many filters of a list are set."""
    return sum(bool(value) for key, value in args.items() if key not in ("page", "sort", "dir"))


def remembered(macro: Callable[..., str]) -> Callable[..., str]:
    """A macro that is drawn once for the same arguments: for small things that come back in every row of every page."""
    return lru_cache(maxsize=KEPT)(macro)


def remembered_blank(macro: Callable[..., str]) -> Callable[..., str]:
    """The macro of a form field, drawn once while a field is empty and nothing is wrong with it: most forms are opened
    far more often than they come back with an error.
    """
    kept: dict[Any, str] = {}

    def draw(field: Any, *given: Any, **options: Any) -> str:
        if type(field) not in TYPED or field.data or field.errors or field.render_kw:
            return macro(field, *given, **options)
        about = field.type, field.id, field.name, field.label.text, field.description
        key = about, tuple(vars(field.flags).items()), given, tuple(options.items())
        html = kept.get(key)
        if html is None:
            if len(kept) >= KEPT:
                kept.clear()
            html = kept[key] = macro(field, *given, **options)
        return html

    return draw


def init_app(app: Flask) -> None:
    """Make filters, functions and words known to templates."""
    app.jinja_env.filters.update(
        day=day, minute=minute, short=short, size=size, tuple=tuple, pack_named=named
    )
    app.jinja_env.globals.update(
        GENRES=GENRES, URGENCIES=URGENCIES, STATES=STATES, can=can, latin=latin, page_url=page_url, unit_choices=unit_choices,
        period_choices=period_choices, revision_choices=revision_choices, history=history, active_filters=active_filters,
        phrases_for=phrases_for, until_text=until_text, typed=typed, menu_title=menu_title,
        remembered=remembered, remembered_blank=remembered_blank, state_choices=[(s.name, s.title) for s in STATES.values()],
        role_choices=[(r.name, r.title) for r in ROLES.values()],
    )  # fmt: skip
    app.context_processor(lambda: {"today": clock.today()})
