"""The register's records as the engine's rows: an office's year, or some units of it, read as one block."""

from collections.abc import Iterable, Sequence

import numpy as np
from flask import current_app
from sqlalchemy import func, select

from core.columns import shape_of
from core.db import db
from core.facts import Fact, records
from core.facts.models import FactRole, FactShape
from core.scoring.rows import FactName, Rows, Shape, Shapes


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
    return Rows(data, *_words(), known)


def _words() -> tuple[Shapes, list[str]]:
    """Shapes and roles in the order of their numbers; kept until there are more of them."""
    kept = current_app.extensions["yaoqing"].words
    latest = db.session.execute(
        select(
            select(func.max(FactShape.id)).scalar_subquery(), select(func.max(FactRole.id)).scalar_subquery()
        )
    ).one()
    if kept.get("latest") != tuple(latest):
        shapes, roles = records.shapes(), records.roles()
        made = Shapes([Shape("", {})] * (max(shapes, default=0) + 1))
        for number, text in shapes.items():
            kind, words, numbers = shape_of(text)
            made[number] = Shape(kind, dict(words), numbers)
        kept.update(
            latest=tuple(latest),
            shapes=made,
            roles=[roles.get(n, "") for n in range(max(roles, default=0) + 1)],
        )
    return kept["shapes"], kept["roles"]


def names_of(facts: Iterable[int]) -> dict[int, FactName]:
    """How people know some facts."""
    query = select(Fact.id, Fact.title, Fact.item).where(Fact.id.in_(list(facts)))
    return {
        number: FactName(str(number), title, item)
        for number, title, item in db.session.execute(query).tuples()
    }
