"""Find things: what of them the actor may see, in order, counted as far as it is cheap, with snippets.

Every kind is asked of its own table for what the actor may see, so that neither a count nor a page ever
includes, or tells of, anything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, or_, select

from core.actors import Actor
from core.db import db
from core.paging import Page
from core.search import snippets
from core.search.engines import Tokens, engine
from core.search.folding import is_exact, mark, token, tokens_needed
from core.search.models import SearchEntry, SearchText
from core.search.query import Query, parse
from core.search.sources import Source, sources

PAGE_SIZE = 20
# Nobody reads further than this; counting and turning pages end here.
MOST = 1000
# Of so many matching entries the newest are looked at first; of all only when too few of them may be seen.
PROBE = 3 * MOST
# What more entries than this have is looked for among the newest first: to sort them all takes longest.
COMMON, RECENT = 10_000, 20_000
SORTS = {"relevance": "相关程度", "newest": "日期从新到旧"}
_ALL = 1 << 30


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Empty means no restriction; `kind` empty means all kinds together.

    Genre and state belong to the kind: other kinds are counted without them.
    """

    text: str = ""
    kind: str = ""
    unit_id: int = 0
    genre: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "relevance"
    page: int = 1


@dataclass(frozen=True)
class Tab:
    """A kind of things with how many were found; `more`: at least so many."""

    kind: str
    title: str
    count: int
    more: bool


@dataclass(frozen=True)
class Hit:
    """A thing found: title and snippet in pieces, marked where the words are."""

    kind: str
    kind_title: str
    title: Sequence[snippets.Piece]
    snippet: Sequence[snippets.Piece]
    page: tuple[str, Mapping[str, int]]
    day: date
    about: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A page of results."""

    tabs: Sequence[Tab]
    page: Page


@dataclass(frozen=True)
class _Question:
    """What is asked of one kind of things: in titles, or anywhere."""

    source: Source
    nth_kind: int
    wanted: Wanted
    in_title: bool
    tokens: Tokens


@dataclass(frozen=True, order=True)
class _Place:
    """Where a thing stands among the results: sorts the best first."""

    tier: int
    days_ago: int
    nth_kind: int
    nth: int
    kind: str
    thing_id: int


def search(actor: Actor, wanted: Wanted) -> Found | None:
    """The results; None when nothing was typed. Raises InvalidInput for what cannot be looked for."""
    query = parse(wanted.text)
    if query is None:
        return None
    offered = sources().offered(actor)
    others = replace(wanted, genre="", state="")
    with engine().steered():
        asked = [
            question
            for n, source in enumerate(offered)
            for question in _questions(
                actor, source, n, query, wanted if wanted.kind in ("", source.kind) else others
            )
        ]
        often = engine().counts([each.tokens for each in asked], COMMON + 1)
        places = {
            source.kind: _places(
                actor, query, [(each, often[n]) for n, each in enumerate(asked) if each.source is source]
            )
            for source in offered
        }
    tabs = [_tab(source.kind, source.title, len(places[source.kind])) for source in offered]
    if len(offered) != 1:
        tabs.insert(0, _tab("", "全部", sum(map(len, places.values())), any(tab.more for tab in tabs)))
    chosen = places.get(wanted.kind) if wanted.kind else None
    if chosen is None:
        chosen = sorted(place for each in places.values() for place in each)
    return Found(tabs, _page(actor, chosen, query, wanted.page))


def _tab(kind: str, title: str, count: int, more: bool = False) -> Tab:
    more = more or count > MOST
    return Tab(kind, title, min(count, MOST), more)


def _page(actor: Actor, places: Sequence[_Place], query: Query, number: int) -> Page:
    total, exact = min(len(places), MOST), len(places) <= MOST
    number = min(max(number, 1), max(-(-total // PAGE_SIZE), 1))
    shown = places[(number - 1) * PAGE_SIZE : min(number * PAGE_SIZE, MOST)]
    more = number * PAGE_SIZE < total
    return Page(_hits(actor, shown, query), number, PAGE_SIZE, total, exact, more)


def _hits(actor: Actor, places: Sequence[_Place], query: Query) -> list[Hit]:
    """The things as they are now; each kind is read once."""
    ids: dict[str, list[int]] = {}
    for place in places:
        ids.setdefault(place.kind, []).append(place.thing_id)
    known = sources().by_kind
    shown = {kind: known[kind].show(actor, wanted) for kind, wanted in ids.items()}
    found = []
    for place in places:
        if (thing := shown[place.kind].get(place.thing_id)) is not None:
            found.append(
                Hit(
                    place.kind, known[place.kind].title, snippets.marked(thing.title, query.words),
                    snippets.snippet(thing.text, query.words), thing.page, thing.day, thing.about,
                )
            )  # fmt: skip
    return found


def _questions(actor: Actor, source: Source, nth: int, query: Query, wanted: Wanted) -> Iterator[_Question]:
    """What to ask of a kind, titles first; nothing where none of it can be found."""
    if (wanted.genre and not source.genres) or (wanted.unit_id and not source.by_unit):
        return
    if wanted.state and wanted.state not in source.states:
        return
    for in_title in [True, False] if wanted.sort != "newest" else [False]:
        if (tokens := _tokens(actor, source, query, wanted, in_title)) is not None:
            yield _Question(source, nth, wanted, in_title, tokens)


def _places(actor: Actor, query: Query, asked: Sequence[tuple[_Question, int]]) -> list[_Place]:
    """What was found of a kind, best first: titles with all the words, then the rest; each newest first.

    With every question, how many entries answer it.
    """
    found: dict[int, _Place] = {}
    for tier, (question, often) in enumerate(asked):
        source = question.source
        rows = _matching(actor, query, question, often) if often else []
        for order, (thing_id, day) in enumerate(rows):
            place = _Place(tier, -day.toordinal(), question.nth_kind, order, source.kind, thing_id)
            found.setdefault(thing_id, place)
        if len(found) > MOST:
            break
    return sorted(found.values())[: MOST + 1]


def _matching(actor: Actor, query: Query, question: _Question, often: int) -> Sequence[tuple[int, date]]:
    """Ids and days of at most MOST + 1 things, newest first."""
    if often > COMMON and not question.wanted.until and (since := _recent()):
        rows = db.session.execute(_statement(actor, query, question, PROBE, since)).all()
        if len(rows) > MOST:
            return [(row.thing_id, row.day) for row in rows]
    rows = db.session.execute(_statement(actor, query, question, PROBE)).all()
    if len(rows) <= MOST and engine().name == "postgresql" and _cut_short(question):
        rows = db.session.execute(_statement(actor, query, question, _ALL)).all()
    return [(row.thing_id, row.day) for row in rows]


def _recent() -> date | None:
    """The day since which there are RECENT entries; None when there are not so many."""
    day = select(SearchEntry.day).order_by(SearchEntry.day.desc()).offset(RECENT).limit(1)
    return db.session.scalar(day)


def _cut_short(question: _Question) -> bool:
    """Whether there are more matching entries than were looked at."""
    found, _, _ = engine().candidates(question.tokens, PROBE + 1, list(_filters(question.wanted)))
    counted = select(found.c.id).offset(PROBE).limit(1)
    return db.session.execute(counted).first() is not None


def _tokens(actor: Actor, source: Source, query: Query, wanted: Wanted, in_title: bool) -> Tokens | None:
    """What to ask of the index; None when the actor can see nothing of the kind."""
    every = [*tokens_needed(query.words, title=in_title), mark("kind", source.kind)]
    if wanted.unit_id:
        every.append(mark("unit", wanted.unit_id))
    some = []
    if source.scope:
        scope = source.scope(actor)
        if not scope:
            return None
        if not scope.own:
            marks = [("office", i) for i in sorted(scope.offices)] + [
                ("unit", i) for i in sorted(scope.units)
            ]
            some.append([mark(name, number) for name, number in marks])
    return Tokens(every, some, [token(word) for word in query.excluded if is_exact(word)])


def _statement(
    actor: Actor, query: Query, question: _Question, probe: int, since: date | None = None
) -> Select[Any]:
    filters = list(_filters(question.wanted))
    found, entry_id, order = engine().candidates(question.tokens, probe, filters, since)
    thing, joined = question.source.model.__table__, found
    exactly = list(_exactly(query, question.in_title))
    if exactly:
        # Before anything else, because the other tables have nothing to say about what does not match.
        joined = joined.join(SearchText.__table__, SearchText.entry_id == entry_id)
    joined = joined.join(SearchEntry.__table__, SearchEntry.id == entry_id)
    joined = joined.join(thing, thing.c.id == SearchEntry.thing_id)
    return (
        select(SearchEntry.thing_id, SearchEntry.day)
        .select_from(joined)
        .where(*exactly, *filters, question.source.visible(actor))
        .order_by(*order)
        .limit(MOST + 1)
    )


def _exactly(query: Query, in_title: bool) -> Iterator[ColumnElement[bool]]:
    """What the tokens alone cannot tell: whether a longer word stands there as one."""
    holds = engine().holds
    for word in query.words:
        if not is_exact(word):
            title = holds(SearchText.title, word)
            yield title if in_title else or_(title, holds(SearchText.body, word))
    for word in query.excluded:
        if not is_exact(word):
            yield not_(or_(holds(SearchText.title, word), holds(SearchText.body, word)))


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.genre:
        yield SearchEntry.genre == wanted.genre
    if wanted.state:
        yield SearchEntry.state == wanted.state
    if wanted.since:
        yield SearchEntry.day >= wanted.since
    if wanted.until:
        yield SearchEntry.day <= wanted.until
