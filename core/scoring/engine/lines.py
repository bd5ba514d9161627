"""Lines on their way to the ledger: which award a row earned, what it was worth, what became of it.

Amounts are whole grains in 64 bits; where a pack needs finer ones, or sums could outgrow 64 bits, the same arrays hold
exact Python numbers instead (`exact_array` decides), so nothing is ever rounded. Stages record what they did as
*notes*: which lines, under which block, with which figures. Sentences are made from notes only when somebody reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.scoring.values.fact import Status
from core.scoring.values.points import GRAINS

Column = NDArray[Any]
STATUSES: tuple[Status, ...] = (
    "live", "superseded", "capped", "shared", "reversed", "moved", "uncredited", "excluded", "task", "offset",
)  # fmt: skip
CODE = {status: number for number, status in enumerate(STATUSES)}
# Half of what 64 bits hold: room for the running sums of one scope.
SAFE = 1 << 62


@dataclass(frozen=True)
class Note:
    """What a stage did to some lines: `about` is the block (or a reason in words), `figures` one value per line."""

    kind: str
    about: Any
    lines: Column
    figures: Sequence[Any] = ()


@dataclass
class Lines:
    """The working table; all columns have the same length. `award` -1: a row nothing rewards."""

    row: Column
    award: Column
    account: Column
    raw: Column
    amount: Column
    share: Column
    status: Column
    notes: list[Note] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row)

    def settle(
        self, lines: Column, status: Status, kind: str, about: Any, figures: Sequence[Any] = ()
    ) -> None:
        """Make lines worth nothing, with the reason."""
        if len(lines):
            self.amount[lines] = 0
            self.status[lines] = CODE[status]
            self.notes.append(Note(kind, about, lines, figures))

    def change(
        self, lines: Column, amounts: Column, status: Status, kind: str, about: Any, figures: Any = ()
    ) -> None:
        """Give lines other amounts, with the reason."""
        if len(lines):
            if amounts.dtype == object and self.amount.dtype != object:
                self.amount = self.amount.astype(object)
            self.amount[lines] = amounts
            self.status[lines] = CODE[status]
            self.notes.append(Note(kind, about, lines, figures))

    def worth_something(self) -> Column:
        """Which lines have points, as true and false."""
        return np.asarray(self.amount != 0, dtype=bool)


def joined(parts: Sequence[Lines]) -> Lines:
    """Several tables as one, in the order of rows and awards, notes renumbered."""
    offsets = np.cumsum([0, *(len(part) for part in parts)])
    columns = {
        name: _concatenated([getattr(part, name) for part in parts])
        for name in ("row", "award", "account", "raw", "amount", "share", "status")
    }
    order = np.lexsort((columns["award"], columns["row"]))
    moved = np.empty(len(order), dtype=np.int64)
    moved[order] = np.arange(len(order))
    notes = [
        Note(note.kind, note.about, moved[note.lines + offset], note.figures)
        for part, offset in zip(parts, offsets, strict=False)
        for note in part.notes
    ]
    return Lines(**{name: column[order] for name, column in columns.items()}, notes=notes)


def _concatenated(columns: Sequence[Column]) -> Column:
    if any(column.dtype == object for column in columns):
        columns = [column.astype(object) for column in columns]
    return np.concatenate(columns)


def grains(points: Fraction) -> int | Fraction:
    """Points in grains: whole where they fit, else an exact fraction of a grain."""
    value = points * GRAINS
    return int(value) if value.denominator == 1 else value


def exact_array(values: Iterable[int | Fraction], repeats: int = 1) -> Column:
    """Amounts as 64-bit numbers if all are whole and no sum of so many repeats can outgrow them, else as objects."""
    listed = list(values)
    whole = [value for value in listed if isinstance(value, int)]
    largest = max((abs(value) for value in whole), default=0)
    if len(whole) == len(listed) and largest * max(repeats, 1) < SAFE:
        return np.array(listed, dtype=np.int64)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def sums(places: Column, amounts: Column, size: int) -> Column:
    """Exact sums of amounts by place."""
    total = np.zeros(size, dtype=amounts.dtype)
    np.add.at(total, places, amounts)
    return total


def plain(value: Any) -> int | Fraction:
    """An amount of a column as an ordinary number."""
    return value if isinstance(value, Fraction) else int(value)
