"""The register's records as the engine's rows: an office's year, or some units of it, read as one block."""

from collections.abc import Iterable, Sequence

import numpy as np
from flask import current_app
from sqlalchemy import select

from core.columns import shape_of
from core.db import db
from core.facts import Fact, records
from core.scoring.engine.rows import FactName, Rows, Shape, Shapes


def rows_of_office(
    office_id: int, first: int, last: int, accounts: Sequence[str], units: Iterable[str] | None = None
) -> Rows:
    """Rows of facts between two days (as numbers); `accounts` are the office's unit keys.

    With `units` only theirs, for looking at a few units of a large office.
    """
    wanted = None if units is None else [int(key) for key in units]
    data = records.block(office_id, first, last, wanted).copy()
    data = data[np.lexsort((data["position"], data["fact"], data["day"]))]
    number = {int(key): n for n, key in enumerate(accounts)}
    known = list(accounts)
    for unit in np.unique(data["account"]).tolist():
        if unit not in number:
            number[unit] = len(known)
            known.append(str(unit))
    if len(data):
        ids = np.array(sorted(number), dtype=np.int64)
        places = np.array([number[unit] for unit in ids.tolist()], dtype=np.int64)
        data["account"] = places[np.searchsorted(ids, data["account"])]
    shape, role = int(data["shape"].max(initial=0)), int(data["role"].max(initial=0))
    return Rows(data, *_words(shape, role), known)


def _words(shape: int, role: int) -> tuple[Shapes, list[str]]:
    """Shapes and roles by number, at least up to these. They never change, so those once read stay good."""
    kept = current_app.extensions["yaoqing"].words
    if shape >= len(kept.get("shapes", ())) or role >= len(kept.get("roles", ())):
        shapes, roles = records.shapes(), records.roles()
        made = Shapes([Shape("", {})] * (max(shapes, default=0) + 1))
        for number, text in shapes.items():
            kind, words, numbers = shape_of(text)
            made[number] = Shape(kind, dict(words), numbers)
        kept.update(shapes=made, roles=[roles.get(n, "") for n in range(max(roles, default=0) + 1)])
    return kept["shapes"], kept["roles"]


def names_of(facts: Iterable[int]) -> dict[int, FactName]:
    """How people know some facts."""
    query = select(Fact.id, Fact.title, Fact.item).where(Fact.id.in_(list(facts)))
    return {
        number: FactName(str(number), title, item)
        for number, title, item in db.session.execute(query).tuples()
    }
