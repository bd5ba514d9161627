"""What rules may look at, column by column: every facet of every row as small numbers, and back as plain values.

Rules are evaluated once for every different combination of what they look at, never once per row: `Facets.kinds_of`
finds those combinations. A number that is only compared with constants counts by the side it lies on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.columns import MILLION, MISSING, Interner
from core.scoring.engine.rows import Rows
from core.scoring.rules.conditions import Probes, Uses, merged
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import UnitInfo
from core.scoring.values.points import WRITTEN

Column = NDArray[Any]
EPOCH = date(1970, 1, 1).toordinal()
# Up to this many possible combinations for each row a table of places is quicker than sorting.
DENSE = 8


class Combinations:
    """Different combinations among rows: which one each row has, and one row that stands for each."""

    def __init__(self, columns: Iterable[Column], length: int):
        code = np.zeros(length, dtype=np.int64)
        span = 1
        for column in columns:
            low, high = (int(column.min()), int(column.max())) if length else (0, 0)
            width = high - low + 1
            if span > 1 and span * width >= 1 << 62:
                code, span = _places(code, span)[0], length + 1
            if span * width >= 1 << 62:
                column, low, width = np.unique(column, return_inverse=True)[1], 0, length + 1
            code = code * width + (column - low)
            span *= width
        self.of_row, self.sample = _places(code, span)

    def __len__(self) -> int:
        return len(self.sample)


def _places(code: Column, span: int) -> tuple[Column, Column]:
    """Codes renumbered from 0 without gaps, and the first row with each."""
    if span <= DENSE * len(code) + 1024:
        first = np.full(span, -1, dtype=np.int64)
        first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
        present = np.flatnonzero(first >= 0)
        renumber = np.empty(span, dtype=np.int64)
        renumber[present] = np.arange(len(present))
        return renumber[code], first[present]
    _, sample, of_row = np.unique(code, return_index=True, return_inverse=True)
    return of_row.reshape(-1), sample


class Facets:
    """The facets of rows under a rule set. `extra` columns (counters) join as they are worked out."""

    def __init__(self, rows: Rows, rules: Rules, units: Mapping[str, UnitInfo]):
        self.rows, self.rules = rows, rules
        self.units: list[UnitInfo | None] = [units.get(key) for key in rows.accounts]
        self.extra: dict[str, tuple[Column, int]] = {}
        self._columns: dict[str, tuple[Column, Callable[[int], Any]]] = {}
        self._coded: dict[tuple[str, Probes], Column] = {}
        self._words: dict[str, list[Any]] = {}

    def combinations(self, uses: Iterable[Uses], *columns: Column) -> Combinations:
        """The different combinations of everything some rules read (and of further columns)."""
        return Combinations([*self.columns_of(uses), *columns], len(self.rows))

    def columns_of(self, uses: Iterable[Uses]) -> list[Column]:
        """The columns that together tell apart everything some rules read."""
        return [self.codes(name, probes) for name, probes in together(uses).items() if name != "@day"]

    def codes(self, name: str, probes: Probes = None) -> Column:
        """A column of numbers that differ where the facet (or all that is looked at in it) differs."""
        if (name, probes) not in self._coded:
            self._coded[name, probes] = self._coded_column(name, probes)
        return self._coded[name, probes]

    def _coded_column(self, name: str, probes: Probes) -> Column:
        column, _ = self.facet(name)
        if column.dtype == object:
            return _interned(column)
        if not probes:
            return column if probes is None else np.zeros(len(column), dtype=np.int64)
        if any(kind == "set" for kind, _ in probes):
            return self._in_sets(name, column, [values for _, values in probes])
        if not self.is_number(name):
            return column
        parts = []
        scale = self.scale(name)
        bounds = sorted({int(bound * scale // 1) for kind, bound in probes if kind == "bound"})
        if bounds:
            parts.append(_sides(column, np.array(bounds, dtype=np.int64)))
        for step in (step * scale for kind, step in probes if kind == "step"):
            if step.denominator != 1:
                return column
            parts.append(np.where(column == MISSING, np.iinfo(np.int32).min, column // int(step)))
        return parts[0] if len(parts) == 1 else Combinations(parts, len(column)).of_row

    def _in_sets(self, name: str, column: Column, sets: Sequence[Any]) -> Column:
        """Which of some sets of words each row's word belongs to."""
        words = self._words.get(name)
        if words is None:
            return column
        table = Interner()
        bits = np.array(
            [table(tuple(word in values for values in sets)) for word in words] or [0], dtype=np.int64
        )
        return bits[column]

    def is_number(self, name: str) -> bool:
        """Whether a facet is a number that can be compared with constants."""
        return (
            name in self.extra or name in self._numeric or name in ("ways", "position", "authors", "weight")
        )

    def is_of_unit(self, name: str) -> bool:
        """Whether a facet belongs to the account instead of the fact."""
        return name in UNIT or name in self._unit_attributes

    def scale(self, name: str) -> int:
        """How many of its units make one."""
        if name in self.extra:
            return self.extra[name][1]
        return MILLION if name in self._numeric or name == "weight" else 1

    def value(self, name: str, row: int) -> Any:
        """A facet of a row as a plain value; None when it is missing."""
        return self.facet(name)[1](row)

    def env(self, names: Iterable[str], row: int) -> dict[str, Any]:
        """The facets some rules read, for the row that stands for a combination."""
        return {name: self.value(name, row) for name in names}

    def attributes(self, row: int) -> dict[str, Any]:
        """Everything the fact of a row says, with what its outlet adds and the row's own place."""
        shape = self.rows.shapes[self.rows.data["shape"][row]]
        names = [*shape.attrs, *shape.numbers, *(("level", "ladder") if "outlet" in shape.attrs else ())]
        found = {name: self.value(name, row) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def facet(self, name: str) -> tuple[Column, Callable[[int], Any]]:
        """The column of a facet, and how one of its rows reads."""
        if name in self.extra:
            column, scale = self.extra[name]
            return column, lambda row: _number(column[row], scale)
        if name not in self._columns:
            self._columns[name] = self._made(name)
        return self._columns[name]

    def _made(self, name: str) -> tuple[Column, Callable[[int], Any]]:
        data = self.rows.data
        if name in ("ways", "position", "authors"):
            column = data[name].astype(np.int64)
            return column, lambda row: Fraction(int(column[row]))
        if name == "weight":
            return self.rows.column("weight"), lambda row: Fraction(int(data["weight"][row]), MILLION)
        if name in ("on", "recorded"):
            days = self.rows.column("day" if name == "on" else "recorded").astype(np.int64)
            return days, lambda row: date.fromordinal(int(days[row]))
        if name in CALENDAR:
            numbers = CALENDAR[name](self.rows.column("day").astype(np.int64))
            return numbers, lambda row: Fraction(int(numbers[row]))
        if name == "role":
            return self.rows.column("role"), lambda row: self.rows.roles[data["role"][row]] or None
        if name == "item":
            return self.rows.column("item"), lambda row: f"item:{data['item'][row]}"
        if self.is_of_unit(name):
            return self._of_unit(name)
        return self._of_fact(name)

    @staticmethod
    def of_account(name: str, unit: UnitInfo | None) -> Any:
        """A facet of a unit as a plain value."""
        if unit is None:
            return None
        return UNIT[name](unit) if name in UNIT else _exact(unit.attributes.get(name))

    def _of_unit(self, name: str) -> tuple[Column, Callable[[int], Any]]:
        values = [self.of_account(name, unit) for unit in self.units]
        table = Interner()
        codes = np.array([table(value) for value in values] or [0], dtype=np.int64)
        column = codes[self.account]
        self._words[name] = table.known
        return column, lambda row: values[self.account[row]]

    def _of_fact(self, name: str) -> tuple[Column, Callable[[int], Any]]:
        slot = self._numeric.get(name)
        if slot is not None:
            numbers = self.rows.data["numbers"]
            chosen = slot[self.shape]
            column = np.where(chosen >= 0, numbers[np.arange(len(numbers)), chosen], MISSING)
            worded = self._worded(name)
            if len(worded) and worded[self.shape].any():
                words = {int(n): _exact(self.rows.shapes[n].attrs.get(name)) for n in self._present}
                column = np.array(
                    [_in_words(words[int(s)], v) for s, v in zip(self.shape, column, strict=True)],
                    dtype=object,
                )
            return column, lambda row: _number(column[row], MILLION)
        values, codes, self._words[name] = self._of_shapes(name)
        return codes[self.shape], lambda row: values[self.shape[row]]

    def _worded(self, name: str) -> Column:
        """Which shapes say a number in words because no column could hold it; remembered with the shapes."""
        shapes = self.rows.shapes
        key = ("worded", name, len(shapes))
        if key not in shapes.kept:
            said = [isinstance(_exact(shape.attrs.get(name)), Fraction | str) for shape in shapes]
            shapes.kept[key] = np.array(said, dtype=bool)
        return shapes.kept[key]  # type: ignore[no-any-return]

    def _of_shapes(self, name: str) -> tuple[list[Any], Column, list[Any]]:
        """What every shape says about a facet, as values and as numbers; remembered with the shapes."""
        kept = self.rows.shapes.kept
        key = (name, id(self.rules), len(self.rows.shapes))
        if key not in kept:
            values = [self._word(name, number) for number in range(len(self.rows.shapes))]
            table = Interner()
            codes = np.array([table(value) for value in values] or [0], dtype=np.int64)
            # The rules are kept too, so that their identity stays theirs.
            kept[key] = values, codes, table.known, self.rules
        values, codes, known, _ = kept[key]
        return values, codes, known

    def _word(self, name: str, number: int) -> Any:
        """What facts of a shape say about a facet, old names replaced by today's."""
        shape = self.rows.shapes[number]
        if name == "fact":
            return shape.kind
        value = shape.attrs.get(name)
        if value is None and name in ("level", "ladder"):
            node = self.rules.words.outlets.nodes.get(str(self._word("outlet", number)))
            return getattr(node, name) if node else None
        return self.rules.renames.get(name, {}).get(str(value), _exact(value))

    @cached_property
    def account(self) -> Column:
        """The account of each row, as an index."""
        return self.rows.column("account")

    @cached_property
    def shape(self) -> Column:
        """The shape of each row, as an index."""
        return self.rows.column("shape")

    @cached_property
    def _present(self) -> Column:
        """The numbers of the shapes these rows have."""
        return np.unique(self.shape)

    @cached_property
    def _numeric(self) -> dict[str, Column]:
        """For every numeric attribute: the slot it has in each shape, or -1; remembered with the shapes."""
        shapes = self.rows.shapes
        key = ("numbers", len(shapes))
        if key not in shapes.kept:
            found: dict[str, Column] = {}
            for number, shape in enumerate(shapes):
                for slot, name in enumerate(shape.numbers):
                    found.setdefault(name, np.full(len(shapes), -1, dtype=np.int64))[number] = slot
            shapes.kept[key] = found
        numeric: dict[str, Column] = shapes.kept[key]
        return numeric

    @cached_property
    def _unit_attributes(self) -> frozenset[str]:
        return frozenset(name for unit in self.units if unit for name in unit.attributes) - set(
            self._fact_attributes
        )

    @cached_property
    def _fact_attributes(self) -> frozenset[str]:
        shapes = self.rows.shapes
        key = ("names", len(shapes))
        if key not in shapes.kept:
            shapes.kept[key] = frozenset(name for shape in shapes for name in (*shape.attrs, *shape.numbers))
        names: frozenset[str] = shapes.kept[key]
        return names


def together(uses: Iterable[Uses]) -> Uses:
    """Everything several rules read, each name with all the ways in which it is looked at."""
    wanted: Uses = {}
    for each in uses:
        for name, probes in each.items():
            wanted[name] = merged(wanted.get(name, frozenset()), probes)
    return wanted


def _sides(column: Column, bounds: Column) -> Column:
    """On which side of the bounds each number lies, or on which of them."""
    place = np.searchsorted(bounds, column, "left")
    hit = bounds[np.minimum(place, len(bounds) - 1)] == column
    return np.where(column == MISSING, -1, 2 * place + hit)


def _interned(column: Column) -> Column:
    table = Interner()
    return np.array([table(value) for value in column], dtype=np.int64)


def _number(value: Any, scale: int) -> Fraction | str | None:
    if isinstance(value, str):
        return value
    return (
        None if value == MISSING else Fraction(value if isinstance(value, Fraction) else int(value)) / scale
    )


def _in_words(word: Any, column: Any) -> Any:
    """A number in millionths from what a fact says in words; what is no number stays as written."""
    if isinstance(word, str) and WRITTEN.fullmatch(word.strip()):
        return Fraction(word) * MILLION
    return word * MILLION if isinstance(word, Fraction) else word if isinstance(word, str) else int(column)


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str | date | Fraction):
        return value
    return Fraction(value)


def _months(days: Column) -> Column:
    return (days - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


CALENDAR: Mapping[str, Callable[[Column], Column]] = {
    "year": lambda days: _months(days) // 12 + 1970,
    "month": lambda days: _months(days) % 12 + 1,
    "day": lambda days: (
        days - EPOCH - _months(days).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + 1
    ),
    "weekday": lambda days: (days - 1) % 7 + 1,
}
UNIT: Mapping[str, Callable[[UnitInfo], Any]] = {
    "unit": lambda unit: unit.name, "group": lambda unit: unit.group, "class": lambda unit: unit.klass,
    "optional": lambda unit: unit.optional,
}  # fmt: skip
