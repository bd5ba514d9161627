"""The search page."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from core import clock
from core.accounts.units import units_of_office
from core.actors import Actor
from core.db import db
from core.errors import InvalidInput
from core.permissions import reach
from core.search import finding, rebuilding
from core.search.finding import SORTS, Wanted
from core.search.models import SearchEntry
from core.search.query import MAX_LENGTH, parse
from core.search.sources import Source, sources
from core.web import actor, page_number, parse_day, permit, whole

bp = Blueprint("search", __name__, url_prefix="/search")
# What stays when another tab is chosen.
KEPT = ("q", "unit", "year", "since", "until", "sort")
FILTERS = ("kind", "unit", "genre", "state", "year", "since", "until", "sort")
# Of so many words the page offers to look for each by itself when nothing has them all.
APART = 6


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
    source = next((s for s in offered if s.kind == request.args.get("kind")), None)
    genres = source.genres_for(who) if source else {}
    wanted = _wanted(source, genres)
    found, problem = None, ""
    try:
        found = finding.search(who, wanted)
    except InvalidInput as error:
        problem = str(error)
    page = render_template(
        "search/index.html", wanted=wanted, found=found, problem=problem, tabs=_tabs(found, wanted.kind), sorts=SORTS.items(),
        units=_units(who, offered, source), genres=genres.items(), genre_title=source.genre_title if source else "",
        states=source.states.items() if source else (), years=_years(who), year=_year(),
        since=parse_day(request.args.get("since")), until=parse_day(request.args.get("until")),
        offered=offered, active=_active(wanted),
        keep={"q": wanted.text, "kind": wanted.kind}, clear=url_for("search.index", q=wanted.text, kind=wanted.kind or None),
        kept=[(name, request.args[name]) for name in FILTERS if request.args.get(name)],
        ways=_ways(found, wanted), unfinished=[s.title for s in rebuilding.outdated()], longest=MAX_LENGTH,
    )  # fmt: skip
    return page, 422 if problem else 200


def _wanted(source: Source | None, genres: Mapping[str, str]) -> Wanted:
    args = request.args
    genre, state = args.get("genre", ""), args.get("state", "")
    since, until, year = parse_day(args.get("since")), parse_day(args.get("until")), _year()
    if year:
        # A year and days together mean the days of that year.
        since = max(since or date.min, date(year, 1, 1))
        until = min(until or date.max, date(year, 12, 31))
    return Wanted(
        text=args.get("q", ""), kind=source.kind if source else "", unit_id=max(args.get("unit", 0, type=whole) or 0, 0),
        genre=genre if genre in genres else "",
        state=state if source and state in source.states else "",
        since=since, until=until,
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


def _year() -> int:
    """The year asked for; nonsense counts as not given."""
    year = request.args.get("year", 0, type=whole) or 0
    return year if year in range(1900, 2200) else 0


def _years(who: Actor) -> list[tuple[int, str]]:
    """The years to choose from, the newest first: back to the office's oldest text, so that its archive is within reach."""
    newest = clock.today().year
    oldest = db.session.scalar(
        select(SearchEntry.day)
        .where(SearchEntry.office_id == who.office_id)
        .order_by(SearchEntry.day)
        .limit(1)
    )
    years = {*range(min(oldest.year if oldest else newest, newest), newest + 1), _year() or newest}
    return [(year, f"{year}年") for year in sorted(years, reverse=True)]


def _ways(found: finding.Found | None, wanted: Wanted) -> list[tuple[str, str]]:
    """What may help when nothing was found: words for a link, and its address."""
    query = parse(wanted.text) if found and not found.page.total else None
    if not query or not found:
        return []
    ways = []
    if _active(wanted):
        ways.append(("去掉全部筛选条件", url_for("search.index", q=wanted.text, kind=wanted.kind or None)))
    elsewhere = max((tab.count for tab in found.tabs), default=0)
    if wanted.kind and elsewhere:
        kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
        ways.append((f"在全部种类中查（{elsewhere} 条）", url_for("search.index", **kept)))
    parts = [part for word in query.words for part in _halves(word)]
    if len(query.words) > 1:
        ways += [(f"只查“{word}”", url_for("search.index", q=word)) for word in query.words[:APART]]
    elif len(parts) > 1:
        ways.append((f"拆开查“{' '.join(parts)}”", url_for("search.index", q=" ".join(parts))))
    return ways


def _halves(word: str) -> list[str]:
    """A long word of Chinese characters in twos, the way most words are made; others as they are."""
    if len(word) < 4 or " " in word or word.isascii():
        return word.split(" ")
    return [word[at : at + 2] for at in range(0, min(len(word), 2 * APART), 2)]


def _units(who: Actor, offered: Iterable[Source], source: Source | None) -> list[tuple[int, str]]:
    if not (source.by_unit if source else any(each.by_unit for each in offered)):
        return []
    # Those that have ended as well: what they reported is still found.
    return [(unit.id, unit.short) for unit in units_of_office(who.office_id)]


def _active(wanted: Wanted) -> int:
    chosen = (
        wanted.unit_id,
        wanted.genre,
        wanted.state,
        _year(),
        parse_day(request.args.get("since")),
        parse_day(request.args.get("until")),
        wanted.sort != "relevance",
    )
    return sum(map(bool, chosen))
