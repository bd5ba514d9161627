"""What measures count: ledger lines as columns, whether just scored or read back from frozen entries.

`table` answers for all accounts and several spans of days at once. Amounts are grains, counts whole numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.columns import Interner
from core.scoring.engine.facets import CALENDAR, Column, Combinations, together
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import STATUSES, exact_array, grains, sums
from core.scoring.engine.wording import LINE_FACETS, TASK_FACETS
from core.scoring.rules.conditions import Uses
from core.scoring.rules.rule_book import Measure
from core.scoring.values.fact import Entry

NOT_COUNTED = ("reversed", "moved", "offset", "excluded")


@dataclass
class Book:
    """Lines as measures see them; `holds` tells which lines a measure's conditions take, `value` reads a facet."""

    accounts: Sequence[str]
    account: Column
    item: Column
    fact: Column
    day: Column
    amount: Column
    counted: Column
    envs: Callable[[Uses], tuple[Column, Callable[[int], Mapping[str, Any]]]]
    _masks: dict[str, Column] = field(default_factory=dict)
    _tables: dict[Any, Column] = field(default_factory=dict)

    def mask(self, measure: Measure) -> Column:
        """Which lines satisfy a measure's conditions."""
        if measure.id not in self._masks:
            reads: list[Uses] = [
                measure.condition.uses,
                measure.when.uses if measure.when else {},
                {"fact": None},
            ]
            of_line, env_of = self.envs(together(reads))
            answers = []
            for n in range(int(of_line.max(initial=-1)) + 1):
                env = env_of(n)
                answers.append(
                    measure.condition.holds(str(env.get("fact")), env)
                    and (measure.when is None or bool(measure.when.run(_Missing(env))))
                )
            found = np.array(answers or [False])[of_line] if len(of_line) else np.zeros(0, dtype=bool)
            self._masks[measure.id] = found if measure.what == "points" else found & self.counted
        return self._masks[measure.id]

    def table(self, measure: Measure | None, starts: Sequence[int], ends: Sequence[int]) -> Column:
        """Values by account and span (no measure: plain sums of points). Spans may not overlap."""
        key = (measure.id if measure else None, tuple(starts), tuple(ends))
        if key not in self._tables:
            self._tables[key] = self._table(measure, np.array(starts), np.array(ends))
        return self._tables[key]

    def total(self, measure: Measure, start: int, end: int) -> Any:
        """The value over all accounts together: a joint item is one item."""
        at = np.flatnonzero(self.mask(measure) & (self.day >= start) & (self.day <= end))
        place = np.zeros(len(at), dtype=np.int64)
        return self._gathered(measure, at, place, 1)[0]

    def _table(self, measure: Measure | None, starts: Column, ends: Column) -> Column:
        chosen = self.mask(measure) if measure else np.ones(len(self.day), dtype=bool)
        span = np.searchsorted(starts, self.day, "right") - 1
        at = np.flatnonzero(chosen & (span >= 0) & (self.day <= ends[np.maximum(span, 0)]))
        size = len(self.accounts) * len(starts)
        place = self.account[at] * len(starts) + span[at]
        found = (
            sums(place, self.amount[at], size)
            if measure is None
            else self._gathered(measure, at, place, size)
        )
        return found.reshape(len(self.accounts), len(starts))

    def _gathered(self, measure: Measure, at: Column, place: Column, size: int) -> Column:
        match measure.what:
            case "points":
                return sums(place, self.amount[at], size)
            case "max":
                return _highest(place, self.amount[at], size)
            case "facts":
                return _different(place, self.fact[at], size)
            case "items":
                return _different(place, self.item[at], size)
            case "different":
                values, _ = self._values(measure.attribute or "")
                known = values[at] >= 0
                return _different(place[known], values[at][known], size)
        return self._added(measure, at, place, size)

    def _added(self, measure: Measure, at: Column, place: Column, size: int) -> Column:
        """A numeric attribute added up over different facts, in grains."""
        values, told = self._values(measure.attribute or "")
        amounts = exact_array(
            [grains(each) if each is not None and not isinstance(each, str) else 0 for each in told] or [0],
            len(at) + 1,
        )
        pair = Combinations([place, np.unique(self.fact[at], return_inverse=True)[1].reshape(-1)], len(at))
        first = pair.sample
        known = first[values[at[first]] >= 0]
        return sums(place[known], amounts[values[at[known]]], size)

    def _values(self, name: str) -> tuple[Column, list[Any]]:
        """A facet of every line as a number (-1: missing), and what the numbers stand for."""
        of_line, env_of = self.envs({name: None})
        table = Interner()
        codes = [
            -1 if (value := env_of(n).get(name)) is None else table(value)
            for n in range(int(of_line.max(initial=-1)) + 1)
        ]
        return np.array(codes or [-1], dtype=np.int64)[of_line], table.known


class _Missing(dict[str, Any]):
    """A mapping whose absent names are missing values."""

    def __missing__(self, key: str) -> None:
        return None


def _different(place: Column, things: Column, size: int) -> Column:
    pair = Combinations([place, np.unique(things, return_inverse=True)[1].reshape(-1)], len(place))
    return sums(place[pair.sample], np.ones(len(pair), dtype=np.int64), size)


def _highest(place: Column, amounts: Column, size: int) -> Column:
    found = np.zeros(size, dtype=amounts.dtype)
    order = np.lexsort((np.unique(amounts, return_inverse=True)[1].reshape(-1), place))
    found[place[order]] = amounts[order]
    return found


def of_ledger(ledger: Ledger) -> Book:
    """A ledger just scored; lines outside the scoring year take no part."""
    lines, data = ledger.lines, ledger.facets.rows.data
    at = np.flatnonzero(ledger.inside)
    row, status = lines.row[at], lines.status[at]
    real = row >= 0
    item = np.where(real, data["item"][row], -(at + 1) - (1 << 62)) if len(data) else -(at + 1)
    fact = np.where(real, data["fact"][row], -(at + 1)) if len(data) else -(at + 1)
    hidden = np.array([status in NOT_COUNTED for status in STATUSES])

    def envs(uses: Uses) -> tuple[Column, Callable[[int], Mapping[str, Any]]]:
        return _ledger_envs(ledger, at, uses)

    return Book(
        ledger.facets.rows.accounts, lines.account[at], item, fact, ledger.day[at], lines.amount[at],
        ~hidden[status], envs,
    )  # fmt: skip


def _ledger_envs(ledger: Ledger, at: Column, uses: Uses) -> tuple[Column, Callable[[int], Mapping[str, Any]]]:
    lines, facets = ledger.lines, ledger.facets
    row = lines.row[at]
    real = row >= 0
    asked = [name for name in uses if name not in LINE_FACETS and name != "@day"]
    columns = [lines.award[at]]
    if "status" in uses:
        columns.append(lines.status[at])
    if len(ledger.tasks.quota):
        if set(uses) & TASK_FACETS:
            columns.append(ledger.tasks.codes(at))
        if any(facets.is_of_unit(name) for name in asked):
            columns.append(np.where(real, -1, lines.account[at]))
        if set(asked) & {*CALENDAR, "on", "recorded"}:
            columns.append(np.where(real, 0, ledger.day[at]))
    if len(facets.rows):
        columns += [np.where(real, facets.codes(name, uses[name])[row], -2) for name in asked]
    found = Combinations(columns, len(at))

    def env_of(n: int) -> Mapping[str, Any]:
        line = int(at[found.sample[n]])
        return _env_of_line(ledger, line, asked)

    return found.of_row, env_of


def _env_of_line(ledger: Ledger, line: int, asked: Sequence[str]) -> dict[str, Any]:
    lines, rules = ledger.lines, ledger.rules
    status = STATUSES[int(lines.status[line])]
    task = ledger.tasks.get(line)
    if task is not None:
        quota = rules.quotas[task.quota].id
        own = {"fact": "task", "award": quota, "stage": quota, "status": status, **task.attrs()}
        return {**ledger.task_facets(task, asked), **own}
    number = int(lines.award[line])
    award = rules.awards[number] if number >= 0 else None
    found = ledger.facets.env(asked, int(lines.row[line]))
    return {
        **found,
        "award": award.id if award else "",
        "stage": award.stage if award else "",
        "status": status,
    }


def of_entries(entries: Sequence[Entry], accounts: Sequence[str] = ()) -> Book:
    """Entries read back: the same counting over what each of them remembers."""
    account, item, fact = Interner(accounts), Interner(), Interner()
    columns = [
        (account(e.unit), item(e.item or f"fact:{e.fact}"), fact(e.fact), e.day.toordinal()) for e in entries
    ]
    numbers = np.array(columns, dtype=np.int64).reshape(-1, 4)

    def envs(uses: Uses) -> tuple[Column, Callable[[int], Mapping[str, Any]]]:
        table, kept = Interner(), list[Mapping[str, Any]]()
        codes = []
        for entry in entries:
            env = _env_of_entry(entry, list(uses))
            code = table(tuple(env.items()))
            codes.append(code)
            if code == len(kept):
                kept.append(env)
        return np.array(codes, dtype=np.int64), lambda n: kept[n]

    return Book(
        account.known, numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 3],
        exact_array([entry.amount for entry in entries], len(entries) + 1),
        np.array([entry.status not in NOT_COUNTED for entry in entries], dtype=bool), envs,
    )  # fmt: skip


def _env_of_entry(entry: Entry, names: Sequence[str]) -> dict[str, Any]:
    own = {"fact": entry.kind, "award": entry.rule, "stage": entry.stage, "status": entry.status}
    return {name: own.get(name, entry.attrs.get(name)) for name in names}
