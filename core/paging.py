"""Pages of a list: exact totals while they are cheap, an honest "more than" beyond that."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Select, bindparam, func, literal, select

from core.db import db

# Counting stops here: a list of a hundred thousand should not be counted again for every page view.
COUNT_UP_TO = 1000
LAST_PAGE = 5000
# Rows before a page from which on it is found by its keys first.
FAR = 2000
# Seconds; no list of a thousand shrinks by much in that time.
COUNT_AGAIN = 60
# How many lists are remembered.
KEPT = 256


@dataclass(frozen=True)
class Page:
    """One page of rows. `total` is exact up to COUNT_UP_TO, else a lower bound."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int
    total_is_exact: bool
    has_next: bool

    @property
    def has_prev(self) -> bool:
        return self.number > 1


def page_of(
    query: Select[Any], number: int, size: int, *, scalars: bool = False, keyed: bool = False
) -> Page:
    """The numbered page (from 1) of an ordered query. Numbers out of range are brought into it.

    `keyed`: the first column is the key of the rows, so that far down only keys are read of what comes before.
    """
    number = min(max(number, 1), LAST_PAGE)
    window, counting = _statements(query)
    place = {"page_rows": size + 1, "page_start": (number - 1) * size}
    if keyed and place["page_start"] > FAR:
        window = _far(query)
    found = (db.session.scalars if scalars else db.session.execute)(window, place).all()
    if not found and number > 1:
        return page_of(query, 1, size, scalars=scalars, keyed=keyed)
    total = (number - 1) * size + len(found)
    exact = len(found) <= size
    if not exact:
        counted = _counted(query, counting)
        total, exact = max(min(counted, COUNT_UP_TO), total), counted <= COUNT_UP_TO
    return Page(found[:size], number, size, total, exact, len(found) > size)


def paged(rows: Sequence[Any], number: int, size: int) -> Page:
    """A page of rows that are in memory already. Numbers out of range are brought into it."""
    last = max(1, -(-len(rows) // size))
    number = min(max(number, 1), last)
    shown = rows[(number - 1) * size : number * size]
    return Page(shown, number, size, len(rows), True, number < last)


def _counted(query: Select[Any], counting: Select[Any]) -> int:
    """The number of rows, if not more than COUNT_UP_TO; a list once found longer is not counted again for a while."""
    known, now = current_app.extensions["yaoqing"].long_lists, time.monotonic()
    if known.get(query, 0) > now:
        return COUNT_UP_TO + 1
    counted = db.session.scalar(counting) or 0
    if counted > COUNT_UP_TO:
        if len(known) >= KEPT:
            known.clear()
        known[query] = now + COUNT_AGAIN
    return counted


@lru_cache(KEPT)
def _statements(query: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """A page of the query and its bounded count. A query that is kept from request to request finds them here."""
    bounded = (
        query.order_by(None)
        .options()
        .with_only_columns(literal(1), maintain_column_froms=True)
        .limit(COUNT_UP_TO + 1)
    )
    return _window(query), select(func.count()).select_from(bounded.subquery())


@lru_cache(KEPT)
def _far(query: Select[Any]) -> Select[Any]:
    """A page of the query found by its keys: PostgreSQL works out every column of the rows that it skips."""
    key = query.selected_columns[0]
    return query.where(key.in_(_window(query.with_only_columns(key)).correlate(None)))


def _window(query: Select[Any]) -> Select[Any]:
    return query.limit(bindparam("page_rows", type_=Integer)).offset(bindparam("page_start", type_=Integer))
