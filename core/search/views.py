"""The search page."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request, url_for

from core import clock
from core.accounts.units import units_of_office
from core.actors import Actor
from core.errors import InvalidInput
from core.permissions import reach
from core.search import finding, rebuilding
from core.search.finding import SORTS, Wanted
from core.search.query import MAX_LENGTH
from core.search.sources import Source, sources
from core.web import actor, page_number, parse_day, permit, whole

bp = Blueprint("search", __name__, url_prefix="/search")
# What stays when another tab is chosen.
KEPT = ("q", "unit", "since", "until", "sort")
FILTERS = ("kind", "unit", "genre", "state", "since", "until", "sort")


@bp.app_context_processor
def box() -> dict[str, str]:
    """Whether pages have a search box: for whoever has anything to look for."""
    who = actor()
    may = who.is_authenticated and not who.must_change and reach(who, "search.use")
    return {"search_url": "/search" if may else ""}


@bp.get("")
@permit("search.use")
def index() -> Any:
    """Everything the signed-in person may read that holds the words."""
    who = actor()
    offered = sources().offered(who)
    wanted = _wanted(offered)
    found, problem = None, ""
    try:
        found = finding.search(who, wanted)
    except InvalidInput as error:
        problem = str(error)
    source = next((s for s in offered if s.kind == wanted.kind), None)
    page = render_template(
        "search/index.html", wanted=wanted, found=found, problem=problem, tabs=_tabs(found, wanted.kind), sorts=SORTS.items(),
        units=_units(who, offered, source), genres=source.genres.items() if source else (),
        states=source.states.items() if source else (), offered=offered, active=_active(wanted),
        keep={"q": wanted.text, "kind": wanted.kind}, clear=url_for("search.index", q=wanted.text, kind=wanted.kind or None),
        kept=[(name, request.args[name]) for name in FILTERS if request.args.get(name)],
        unfinished=[s.title for s in rebuilding.outdated()], longest=MAX_LENGTH,
    )  # fmt: skip
    return page, 422 if problem else 200


def _wanted(offered: Iterable[Source]) -> Wanted:
    args = request.args
    kinds = {source.kind: source for source in offered}
    kind = args.get("kind", "") if args.get("kind") in kinds else ""
    source = kinds.get(kind)
    genre, state = args.get("genre", ""), args.get("state", "")
    return Wanted(
        text=args.get("q", ""), kind=kind, unit_id=max(args.get("unit", 0, type=whole) or 0, 0),
        genre=genre if source and genre in source.genres else "",
        state=state if source and state in source.states else "",
        since=parse_day(args.get("since")), until=parse_day(args.get("until")),
        sort=args["sort"] if args.get("sort") in SORTS else "relevance", page=page_number(),
    )  # fmt: skip


def _tabs(found: finding.Found | None, kind: str) -> list[dict[str, Any]]:
    """The kinds with their counts, each a link that keeps the words and the filters all kinds share."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return [
        {"title": tab.title, "active": tab.kind == kind, "count": f"{tab.count}+" if tab.more else str(tab.count),
         "url": url_for("search.index", **kept, kind=tab.kind or None)}
        for tab in (found.tabs if found else ())
    ]  # fmt: skip


def _units(who: Actor, offered: Iterable[Source], source: Source | None) -> list[tuple[int, str]]:
    if not (source.by_unit if source else any(each.by_unit for each in offered)):
        return []
    return [(unit.id, unit.short) for unit in units_of_office(who.office_id, clock.today())]


def _active(wanted: Wanted) -> int:
    chosen = (
        wanted.unit_id,
        wanted.genre,
        wanted.state,
        wanted.since,
        wanted.until,
        wanted.sort != "relevance",
    )
    return sum(map(bool, chosen))
