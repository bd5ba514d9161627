"""The ledger of a scored year: lines as columns, and entries with their sentences for whoever reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from core.scoring.engine import wording
from core.scoring.engine.booking import Booked
from core.scoring.engine.facets import Column, Facets
from core.scoring.engine.lines import STATUSES, Lines, Note, plain
from core.scoring.engine.rows import FactName
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Entry, Factors, UnitInfo
from core.scoring.values.periods import Period, period_containing, year_of, year_of_period


@dataclass(frozen=True)
class Task:
    """What became of one task of one unit in one task period."""

    quota: int
    account: int
    period: Period
    done: Fraction
    need: Fraction

    @property
    def missing(self) -> Fraction:
        return max(self.need - self.done, Fraction(0))

    @property
    def extra(self) -> Fraction:
        return max(self.done - self.need, Fraction(0))

    @property
    def met(self) -> bool:
        return self.done >= self.need

    @property
    def rate(self) -> Fraction | None:
        """The part done of what is needed; none when nothing is."""
        return self.done / self.need if self.need else None

    def attrs(self) -> dict[str, Any]:
        """What formulas and measures may ask about it."""
        return {
            "done": self.done, "need": self.need, "missing": self.missing, "extra": self.extra, "met": self.met,
            "rate": self.rate,
        }  # fmt: skip


def _none() -> Column:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Tasks:
    """The tasks behind the last lines of a ledger, as columns: made into `Task` when somebody asks."""

    first: int = 0
    quota: Column = field(default_factory=_none)
    account: Column = field(default_factory=_none)
    period: Column = field(default_factory=_none)
    outcome: Column = field(default_factory=_none)
    periods: Sequence[Period] = ()
    outcomes: Sequence[Any] = ()

    def get(self, line: int) -> Task | None:
        """The task a line is about, or None for a line of a fact."""
        n = line - self.first
        if n < 0 or n >= len(self.quota):
            return None
        told = self.outcomes[self.outcome[n]]
        return Task(
            int(self.quota[n]), int(self.account[n]), self.periods[self.period[n]], told.done, told.need
        )

    def followed_by(self, more: "Tasks") -> "Tasks":
        """These tasks and more whose lines come right after."""
        if not len(self.quota):
            return replace(more, first=self.first or more.first)
        return Tasks(
            self.first, np.concatenate([self.quota, more.quota]), np.concatenate([self.account, more.account]),
            np.concatenate([self.period, more.period + len(self.periods)]),
            np.concatenate([self.outcome, more.outcome + len(self.outcomes)]),
            [*self.periods, *more.periods], [*self.outcomes, *more.outcomes],
        )  # fmt: skip

    def codes(self, lines: Column) -> Column:
        """A number that tells apart what tasks came to, -1 for lines of facts."""
        n = lines - self.first
        known = np.concatenate([self.outcome, [-1]])
        return np.where(n >= 0, known[np.where(n >= 0, n, len(self.outcome))], -1)


@dataclass(frozen=True)
class Ledger:
    """Lines with their days of credit. A task's line has row -1; `tasks` tells about it by its line number."""

    rules: Rules
    facets: Facets
    lines: Lines
    day: Column
    when: Booked
    period: Period
    tasks: Tasks = field(default_factory=Tasks)

    @cached_property
    def first_day(self) -> int:
        """The first day whose lines belong to this scoring year."""
        year = year_of_period(self.rules.calendar, self.period)
        return min(year.start, self.period.start).toordinal()

    @cached_property
    def inside(self) -> Column:
        """Which lines are credited in this scoring year, up to the end of the period."""
        found: Column = (self.day >= self.first_day) & (self.day <= self.period.end.toordinal())
        return found

    def unit(self, account: int) -> UnitInfo | None:
        """The unit (or person) behind an account number."""
        return self.facets.units[account]

    @cached_property
    def account_of(self) -> dict[str, int]:
        """Account numbers by key."""
        return {key: number for number, key in enumerate(self.facets.rows.accounts)}

    def amount_of(self, line: int) -> int | Fraction:
        """What a line is worth, in grains."""
        return plain(self.lines.amount[line])

    def of(self, key: str) -> Column:
        """The lines of one account inside the year."""
        number = self.account_of.get(key, -1)
        return np.flatnonzero(self.inside & (self.lines.account == number))

    def fact_name(self, row: int, names: Mapping[int, FactName]) -> FactName:
        """How people know the fact of a row."""
        number = int(self.facets.rows.data["fact"][row])
        return names.get(number) or FactName(str(number))

    def entries(
        self, chosen: Column | None = None, names: Mapping[int, FactName] | None = None
    ) -> list[Entry]:
        """Entries of the chosen lines (all inside the year), in the order of the register.

        `names` tell ids, titles and items of facts when the rows do not carry them.
        """
        at = np.flatnonzero(self.inside) if chosen is None else chosen
        known = self.facets.rows.names if names is None else names
        whys = self._whys(at, known)
        made = [self._entry(int(line), whys.get(int(line), []), known) for line in self._sorted(at)]
        return made

    def facts_of(self, chosen: Iterable[int]) -> list[int]:
        """The register numbers of the facts (and withdrawals) some lines speak of."""
        rows = [int(row) for row in self.lines.row[np.fromiter(chosen, dtype=np.int64)] if row >= 0]
        data = self.facets.rows.data
        found = {int(data["fact"][row]) for row in rows} | {int(data["withdrawn"][row]) for row in rows}
        for note in self.lines.notes:
            if note.kind == "once":
                found |= {int(data["fact"][row]) for row in note.figures}
        return sorted(found - {0})

    def _sorted(self, at: Column) -> Column:
        units = self.facets.units
        places = {
            n: place
            for place, n in enumerate(sorted(range(len(units)), key=lambda n: _official(units[n], n)))
        }
        order = np.array([places[n] for n in range(len(units))] or [0])[self.lines.account[at]]
        row, award = self.lines.row[at], self.lines.award[at]
        data = self.facets.rows.data
        real = row >= 0
        days = np.where(real, data["day"][row], self.day[at]) if len(data) else self.day[at]
        facts = np.where(real, data["fact"][row], np.iinfo(np.int64).max) if len(data) else row
        position = np.where(real, data["position"][row], 0) if len(data) else row
        return at[np.lexsort((self.lines.status[at], position, order, award, facts, days))]

    def _entry(self, line: int, whys: list[str], names: Mapping[int, FactName]) -> Entry:
        lines, rules = self.lines, self.rules
        task = self.tasks.get(line)
        account = self.facets.rows.accounts[int(lines.account[line])]
        credit = date.fromordinal(int(self.day[line]))
        common: dict[str, Any] = {
            "unit": account, "amount": plain(lines.amount[line]), "day": credit,
            "period": period_containing(rules.calendar, credit).key, "year": year_of(rules.calendar, credit).key,
            "status": STATUSES[int(lines.status[line])],
        }  # fmt: skip
        if task is not None:
            quota = rules.quotas[task.quota]
            return Entry(
                **common, item=None, fact=f"{quota.id}:{task.period.key}", kind="task",
                title=f"{task.period.title}{quota.title}", rule=quota.id, rule_title=quota.title, basis=quota.basis,
                stage=quota.id, factors=Factors(plain(lines.raw[line])),
                attrs=self.task_facets(task, self._asked) | task.attrs(),
                sentence=wording.task(quota, task, lines.amount[line], rules.printing),
            )  # fmt: skip
        row = int(lines.row[line])
        name, award = self.fact_name(row, names), self._award(line)
        data = self.facets.rows.data
        made = Entry(
            **common, item=name.item, fact=name.id, kind=self.facets.value("fact", row), title=name.title,
            rule=award.id if award else "", rule_title=award.title if award else "",
            basis=award.basis if award else "", stage=award.stage if award else "",
            factors=Factors(plain(lines.raw[line]), int(data["ways"][row]), plain(lines.share[line])),
            attrs=self.facets.attributes(row) | self._remembered(row), position=int(data["position"][row]), sentence="",
        )  # fmt: skip
        return replace(made, sentence=wording.sentence(made, award, whys, rules))

    def task_facets(self, task: Task, asked: Iterable[str]) -> dict[str, Any]:
        """What a task's line says about its unit and its day, the last of the task period."""
        unit, last = self.unit(task.account), task.period.end
        calendar = {
            "on": last, "recorded": last, "year": Fraction(last.year), "month": Fraction(last.month),
            "day": Fraction(last.day), "weekday": Fraction(last.isoweekday()),
        }  # fmt: skip
        found = {
            name: calendar.get(name, self.facets.of_account(name, unit)) for name in asked if name != "fact"
        }
        return {name: value for name, value in found.items() if value is not None}

    def _award(self, line: int) -> Any:
        number = int(self.lines.award[line])
        return self.rules.awards[number] if number >= 0 else None

    @cached_property
    def _asked(self) -> list[str]:
        """Facets the measures read: kept with each entry, so that frozen entries can be counted again."""
        names = {name for m in self.rules.measures.values() for name in m.condition.uses}
        names |= {name for m in self.rules.measures.values() if m.when for name in m.when.uses}
        names |= {m.attribute for m in self.rules.measures.values() if m.attribute}
        return sorted(names - wording.LINE_FACETS - {"fact", "item", "@day"})

    def _remembered(self, row: int) -> dict[str, Any]:
        found = {name: self.facets.value(name, row) for name in self._asked}
        return {name: value for name, value in found.items() if value is not None}

    def _whys(self, at: Column, names: Mapping[int, FactName]) -> dict[int, list[str]]:
        """What happened to each chosen line, in words, in the order in which it happened."""
        wanted = np.zeros(len(self.lines), dtype=bool)
        wanted[at] = True
        told: dict[int, list[str]] = {}
        for note in self.lines.notes:
            for n in np.flatnonzero(wanted[note.lines]):
                line = int(note.lines[n])
                told.setdefault(line, []).extend(self._why(note, int(n), line, names))
        return told

    def _why(self, note: Note, n: int, line: int, names: Mapping[int, FactName]) -> list[str]:
        figure = note.figures[n] if len(note.figures) else None
        row, data, printing = int(self.lines.row[line]), self.facets.rows.data, self.rules.printing
        match note.kind:
            case "said":
                return [figure] if figure else []
            case "withdrawn":
                return [wording.withdrawn(date.fromordinal(int(data["withdrawn_day"][row])))]
            case "unrewarded":
                return [wording.no_award(self.facets.value("fact", row), self._everything(row), self.rules)]
            case "once":
                return [
                    wording.once(note.about, date.fromordinal(int(data["day"][int(figure or 0)])), self.rules)
                ]
            case "beaten":
                return [wording.beaten(note.about, self.rules.awards[int(figure or 0)])]
            case "shared":
                ways, whole = figure or (1, 0)
                share = plain(self.lines.share[line])
                return wording.shared(note.about, ways, whole, share, row, self.facets, printing)
            case "nobody":
                return [wording.nobody(note.about)]
            case "moved to":
                return [wording.moved_to(self.unit(int(figure or 0)))]
            case "moved from":
                return [wording.moved_from(self.unit(int(figure or 0)))]
            case "capped":
                limit, lost = figure or (0, 0)
                return [wording.capped(note.about, limit, lost, printing)]
            case "late":
                return [wording.too_late(self.rules.bookings[int(self.when.block[row])])]
            case "offset":
                return [wording.offset(date.fromordinal(int(data["withdrawn_day"][row])))]
        return []

    def _everything(self, row: int) -> Any:
        """The facets of a row by name, worked out when asked."""
        return _Asked(self.facets, row)


class _Asked(dict[str, Any]):
    """A mapping that looks facets up when they are asked for."""

    def __init__(self, facets: Facets, row: int):
        super().__init__()
        self.facets, self.row = facets, row

    def get(self, key: str, default: Any = None) -> Any:
        found = self.facets.value(key, self.row)
        return default if found is None else found

    def __missing__(self, key: str) -> Any:
        return self.facets.value(key, self.row)

    def __contains__(self, key: object) -> bool:
        return self.facets.value(str(key), self.row) is not None


def _official(unit: UnitInfo | None, number: int) -> tuple[int, str, int]:
    return (unit.order, unit.key, number) if unit else (0, "", number)
