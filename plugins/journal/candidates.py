"""Items that may be placed: what waits with the editors, and adopted ones where a column prints them again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, false, func, or_, select

from core import clock
from core.actors import Actor
from core.facts import Fact
from core.packs.content.outlets import OutletTree
from core.submissions import queries as submissions
from core.submissions.models import ITEM, Submission
from core.submissions.workflow import MOVES
from plugins.journal import past, queries
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Journal

PLACEABLE = MOVES["select"].sources
AGES = {"3": "三天内", "7": "一周内", "30": "一个月内", "90": "三个月内"}
# How far back adoptions by others are looked for.
REACH = timedelta(days=400)
FREE, TAKEN = "none", "any"


@dataclass(frozen=True)
class Wanted:
    """What the list of candidates shows; empty means no restriction."""

    text: str = ""
    genre: str = ""
    unit_id: int = 0
    taken: str = ""
    age: str = ""


def listing(
    actor: Actor, issue: JournalIssue, journal: Journal, wanted: Wanted, first: Collection[int] = ()
) -> Select[Any]:
    """Rows as the lists of submissions have them, newest first, without those that stand in this issue.

    `first`: items that come before all others, like those the last issue left; being older they would else stand pages
    further back.

    A journal all of whose columns ask who took an item is offered what one of those has taken, and nothing else.
    """
    day = clock.today()
    tree = queries.tree_of_day(issue.office_id, day)
    states = [*PLACEABLE]
    again = _reprinted(issue, journal, tree, day)
    if again is not None:
        states.append("adopted")
    since = day - timedelta(days=int(wanted.age)) if wanted.age in AGES else None
    query = submissions.listing(
        actor,
        submissions.Filter(
            text=wanted.text, states=tuple(states), genre=wanted.genre, unit_id=wanted.unit_id, since=since
        ),
    )
    here = select(JournalItem.submission_id).where(JournalItem.issue_id == issue.id)
    query = query.where(Submission.office_id == issue.office_id, Submission.id.not_in(here))
    if again is not None:
        query = query.where(or_(Submission.state != "adopted", again))
    names = {name for column in journal.columns for name in column.taken_by}
    if journal.columns and all(column.taken_by for column in journal.columns):
        query = query.where(_adopted_by(issue.office_id, _outlets(tree, names), day))
    if wanted.taken:
        query = query.where(_taken(issue.office_id, tree, wanted.taken, day))
    if first:
        newest = Submission.sort_at.desc(), Submission.id.desc()
        query = query.order_by(None).order_by(Submission.id.in_(sorted(first)).desc(), *newest)
    return query


def levels(office_id: int) -> list[tuple[str, str]]:
    """The choices of the filter by who took an item."""
    tree = queries.tree_of_day(office_id, clock.today())
    named = list(tree.levels.items()) if tree else []
    return [(FREE, "没有采用过"), (TAKEN, "采用过"), *((key, f"{title}采用") for key, title in named)]


def _reprinted(
    issue: JournalIssue, journal: Journal, tree: OutletTree | None, day: date
) -> ColumnElement[bool] | None:
    """The adopted items a column of the journal prints again; None when no column does."""
    columns = [column for column in journal.columns if column.reprint]
    if not columns:
        return None
    if any(not column.taken_by for column in columns):
        return Submission.state == "adopted"
    names = {name for column in columns for name in column.taken_by}
    return _adopted_by(issue.office_id, _outlets(tree, names), day)


def _taken(office_id: int, tree: OutletTree | None, which: str, day: date) -> ColumnElement[bool]:
    every = _adopted_by(office_id, None, day)
    if which == FREE:
        return ~every
    return every if which == TAKEN else _adopted_by(office_id, _outlets(tree, {which}), day)


def _outlets(tree: OutletTree | None, names: set[str]) -> Sequence[str]:
    """Every outlet that lies in one of these, or on a level named so."""
    if not tree:
        return ()
    inside = {outlet for name in names if name in tree.nodes for outlet in tree.within(name)}
    return sorted(inside | {node.id for node in tree.nodes.values() if node.level in names})


def _adopted_by(office_id: int, outlets: Sequence[str] | None, day: date) -> ColumnElement[bool]:
    """Items with a standing adoption, by any of these outlets or (None) by whomever."""
    if outlets is not None and not outlets:
        return false()
    gone = select(Fact.reverses_id).where(Fact.reverses_id.is_not(None))
    number = cast(func.substr(Fact.item, len(ITEM) + 1), Integer)
    query = select(number).where(
        Fact.office_id == office_id, Fact.on >= day - REACH, Fact.kind == past.ADOPTED,
        Fact.item.like("submission:%"), Fact.id.not_in(gone),
    )  # fmt: skip
    if outlets is not None:
        query = query.where(Fact.attrs["outlet"].as_string().in_(outlets))
    return Submission.id.in_(query)
