"""Which of many conditions each of many rows satisfies: every different value is held against its tests only once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from core.scoring.engine.facets import Column
from core.scoring.rules.conditions import Condition, Test


class Sieve:
    """Conditions side by side, numbered as given; those that hold are one whole number with a bit for each.

    Kinds of fact are left to the caller.
    """

    def __init__(self, conditions: Sequence[Condition]):
        self._all = (1 << len(conditions)) - 1
        self._tests: dict[str, list[tuple[int, Test]]] = {}
        for number, condition in enumerate(conditions):
            for test in condition.tests:
                self._tests.setdefault(test.attribute, []).append((1 << number, test))

    def kept(self, codes: Mapping[str, Column], size: int, value: Callable[[str, int], Any]) -> list[int]:
        """What holds in each row. `codes` tell a facet's values apart, `value` reads the facet of a row."""
        found = np.full(size, self._all, dtype=object)
        for name, tests in self._tests.items():
            _, first, of_row = np.unique(codes[name], return_index=True, return_inverse=True)
            answers = [self._asked(tests, {name: value(name, row)}) for row in first.tolist()]
            found &= np.array(answers, dtype=object)[of_row.reshape(-1)]
        kept: list[int] = found.tolist()
        return kept

    def _asked(self, tests: Sequence[tuple[int, Test]], attrs: Mapping[str, Any]) -> int:
        kept = self._all
        for bit, test in tests:
            if kept & bit and not test.holds(attrs):
                kept ^= bit
        return kept


def numbers(kept: int) -> Iterator[int]:
    """The numbers of the conditions that hold, in their order."""
    while kept:
        lowest = kept & -kept
        yield lowest.bit_length() - 1
        kept ^= lowest
