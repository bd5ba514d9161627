"""Pages of a list: exact totals while they are cheap, an honest "more than" beyond that."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, literal, select

from core.db import db

# Counting stops here: a list of a hundred thousand should not be counted again for every page view.
COUNT_UP_TO = 1000
LAST_PAGE = 5000


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


def page_of(query: Select[Any], number: int, size: int, *, scalars: bool = False) -> Page:
    """The numbered page (from 1) of an ordered query. Numbers out of range are brought into it."""
    number = min(max(number, 1), LAST_PAGE)
    window, counting = _statements(query)
    place = {"page_rows": size + 1, "page_start": (number - 1) * size}
    found = (db.session.scalars if scalars else db.session.execute)(window, place).all()
    if not found and number > 1:
        return page_of(query, 1, size, scalars=scalars)
    total = (number - 1) * size + len(found)
    exact = len(found) <= size
    if not exact:
        counted = db.session.scalar(counting) or 0
        total, exact = max(min(counted, COUNT_UP_TO), total), counted <= COUNT_UP_TO
    return Page(found[:size], number, size, total, exact, len(found) > size)


@lru_cache(256)
def _statements(query: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """A page of the query and its bounded count. A query that is kept from request to request finds them here."""
    window = query.limit(bindparam("page_rows", type_=Integer)).offset(bindparam("page_start", type_=Integer))
    bounded = query.order_by(None).options().with_only_columns(literal(1), maintain_column_froms=True).limit(COUNT_UP_TO + 1)
    return window, select(func.count()).select_from(bounded.subquery())
