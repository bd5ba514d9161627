"""What a measure hands over for comparison: whole-number tables, brought into one order and digested.

Points are grains (vocab.GRAINS a point), months are `year × 12 + month − 1`, rules are numbered from 1 in the document.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

# Table → columns. README.md says what each number means.
TABLES = {
    "ledger": ("unit", "fact", "rule", "raw", "shared", "kept", "credited"),
    "quota": ("unit", "month", "missing", "credited"),
    "month": ("unit", "month", "total"),
    "rank": ("unit", "total", "place", "tie1", "tie2"),
    "norm": ("unit", "hundredths"),
    "fee": ("unit", "fen"),
}
# Lines in which these columns are nought say nothing and are left out, whether a measure lists them or not.
SILENT = {"ledger": 4, "month": 2, "fee": 1}
STEP = 500_000

Rows = Iterable[Sequence[int]] | np.ndarray
Tables = dict[str, Rows]


def digests(tables: Tables) -> dict[str, str]:
    """A short fingerprint of each table, the same whenever the numbers are."""
    return {name: digest(name, rows) for name, rows in tables.items()}


def digest(name: str, rows: Rows) -> str:
    """The fingerprint of one table, whatever the order of its rows."""
    table = ordered(name, rows)
    return (
        f"{len(table)}:{hashlib.sha256(np.ascontiguousarray(table, dtype='<i8').tobytes()).hexdigest()[:12]}"
    )


def ordered(name: str, rows: Rows) -> np.ndarray:
    """The table sorted by its columns from the left, silent lines left out."""
    table = _array(rows, len(TABLES[name]))
    if name in SILENT:
        table = table[table[:, SILENT[name]] != 0]
    return table[np.lexsort(table.T[::-1])]


def first_difference(name: str, left: Rows, right: Rows) -> str:
    """Where two tables part, in words; empty when they do not."""
    one, other = (set(map(tuple, ordered(name, rows).tolist())) for rows in (left, right))
    if one == other:
        return ""
    return f"{name} {TABLES[name]}: {sorted(one - other)[:3]} ≠ {sorted(other - one)[:3]}"


def _array(rows: Rows, width: int) -> np.ndarray:
    if isinstance(rows, np.ndarray):
        return rows.astype(np.int64).reshape(-1, width)
    parts = [np.array(part, dtype=np.int64) for part in _parts(rows)]
    return np.concatenate(parts) if parts else np.empty((0, width), np.int64)


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    steps = iter(rows)
    while part := list(islice(steps, STEP)):
        yield part
