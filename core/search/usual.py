"""Clauses that many texts have, remembered for a while.

To find out that a clause is usual means to look through all who have it, and costs more than asking for all the rare
clauses of a text; stock phrases come back with every item. A usual clause stays usual, so nothing is lost by believing it.
"""

import time
from collections.abc import Iterable

from flask import current_app

# So many are remembered at most, and for so many seconds.
MOST, SECONDS = 4096, 3600


def remember(clauses: Iterable[str]) -> None:
    """Take note of clauses found to be usual."""
    known, now = _known(), time.monotonic()
    for clause in clauses:
        known.setdefault(clause, now)
    if len(known) > MOST:
        known.clear()


def remembered(clauses: Iterable[str]) -> set[str]:
    """Those of the clauses that were found to be usual not long ago."""
    known, since = _known(), time.monotonic() - SECONDS
    found = set()
    for clause in clauses:
        if (at := known.get(clause)) is None:
            continue
        if at >= since:
            found.add(clause)
        else:
            known.pop(clause, None)
    return found


def _known() -> dict[str, float]:
    known: dict[str, float] = current_app.extensions.setdefault("search_usual", {})
    return known
