"""Tasks (任务数): for every unit and task period what was done, what was needed, and the line it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from core.columns import Interner
from core.scoring.book import of_ledger
from core.scoring.capping import capped_tasks
from core.scoring.facets import Column, Combinations
from core.scoring.fact import UnitInfo
from core.scoring.figures import Figures
from core.scoring.ledger import Ledger, Task, Tasks
from core.scoring.lines import CODE, Lines, exact_array, grains
from core.scoring.periods import LENGTHS, Calendar, Period, Span, period_containing, year_of_period
from core.scoring.rules import Quota, Rules, in_force
from core.scoring.typed import Formula
from core.scoring.wording import LINE_FACETS


@dataclass(frozen=True)
class Outcome:
    """What a combination of figures comes to: done, needed, points in grains."""

    done: Fraction
    need: Fraction
    points: Any


def task_lines(ledger: Ledger) -> Ledger:
    """The ledger with a line for every task of every unit it concerns; a task may count the lines of earlier ones."""
    for first, rules in _batches(ledger.rules):
        ledger = _with_tasks(ledger, first, rules)
    capped_tasks(ledger.lines, ledger.facets, ledger.rules, ledger.day)
    return ledger


def _batches(rules: Rules) -> Iterator[tuple[int, list[Quota]]]:
    """Tasks in their order, a new batch where one reads measures that may count tasks' lines."""
    batch: list[Quota] = []
    for n, quota in enumerate(rules.quotas):
        if batch and _reads_lines(quota, rules):
            yield n - len(batch), batch
            batch = []
        batch.append(quota)
    yield len(rules.quotas) - len(batch), batch


def _reads_lines(quota: Quota, rules: Rules) -> bool:
    measures = [rules.measures[name] for name in quota.done.uses if name in rules.measures]
    names = {
        name for m in measures for uses in (m.condition.uses, m.when.uses if m.when else {}) for name in uses
    }
    return bool(names & (LINE_FACETS - {"status"})) or any(
        name in rules.components for name in quota.done.uses
    )


def _with_tasks(ledger: Ledger, first: int, quotas: Sequence[Quota]) -> Ledger:
    rules, facets = ledger.rules, ledger.facets
    figures = Figures(of_ledger(ledger), rules, [unit for unit in facets.units if unit], ledger.period)
    quota, account, period, outcome, told, periods = [], [], [], [], Interner(), Interner()
    for n, rule in enumerate(quotas, start=first):
        for each in task_periods(rules.calendar, rule, ledger.period):
            who, what = _outcomes(rule, each, ledger, figures)
            quota += [n] * len(who)
            account += who
            period += [periods(each)] * len(who)
            outcome += [told(one) for one in what]
    if not quota:
        return ledger
    points = exact_array([one.points for one in told.known], len(quota))[np.array(outcome, dtype=np.int64)]
    size = len(quota)
    extra = Lines(
        np.full(size, -1, dtype=np.int64), len(rules.awards) + np.array(quota, dtype=np.int64),
        np.array(account, dtype=np.int64), points.copy(), points.copy(), points.copy(),
        np.full(size, CODE["task"], dtype=np.int64),
    )  # fmt: skip
    days = np.array([each.end.toordinal() for each in periods.known], dtype=np.int64)[
        np.array(period, dtype=np.int64)
    ]
    tasks = Tasks(len(ledger.lines), quota, account, period, outcome, periods.known, told.known)
    return _appended(ledger, extra, days, ledger.tasks.followed_by(tasks))


def _appended(ledger: Ledger, extra: Lines, days: Column, tasks: Tasks) -> Ledger:
    """The ledger with the tasks' lines after the others."""
    lines = ledger.lines
    names = ("row", "award", "account", "raw", "amount", "share", "status")
    both = {}
    for name in names:
        one, other = getattr(lines, name), getattr(extra, name)
        if object in (one.dtype, other.dtype):
            one, other = one.astype(object), other.astype(object)
        both[name] = np.concatenate([one, other])
    joined = Lines(**both, notes=lines.notes)
    return replace(ledger, lines=joined, day=np.concatenate([ledger.day, days]), tasks=tasks)


def task_periods(calendar: Calendar, quota: Quota, scored: Period) -> list[Period]:
    """The periods of a task inside the scored year that are over by the end of the scored period."""
    year = year_of_period(calendar, scored)
    found: list[Period] = []
    day = year.start
    while day <= year.end:
        period = _period_at(calendar, quota.months, day)
        if period.end > scored.end:
            break
        found.append(period)
        day = period.end + timedelta(days=1)
    return found


def _period_at(calendar: Calendar, months: int, day: date) -> Period:
    spans: dict[int, Span] = {length: span for span, length in LENGTHS.items() if length > 1}
    if months in spans:
        return period_containing(calendar, day, spans[months])
    index = day.year * 12 + day.month - 1 + months
    end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
    key = f"{day:%Y-%m}" if months == 1 else f"{day:%Y-%m}~{end:%m}"
    title = f"{day.year}年{day.month}月" if months == 1 else f"{day.year}年{day.month}—{end.month}月"
    return Period(key, "month", title, day, end, str(day.year))


def _outcomes(
    quota: Quota, period: Period, ledger: Ledger, figures: Figures
) -> tuple[list[int], list[Outcome]]:
    """The accounts a task concerns in a period, and what each came to; worked out once per different figures."""
    units = ledger.facets.units
    who = [n for n, unit in enumerate(units) if unit and _concerned(quota, unit, period, ledger.rules)]
    if not who:
        return [], []
    context = period.start.toordinal(), period.end.toordinal()
    formulas = [f for f in (quota.done, quota.where, *(need for _, need in quota.need)) if isinstance(f, Formula)]
    reads = {name for each in formulas for name in each.uses}
    reads |= set(quota.points.uses) - set(TASK_WORDS) if quota.points else set()
    names = sorted(reads)
    found = _combined(names, who, context, figures)
    outcomes = []
    for sample in found.sample:
        unit = units[who[int(sample)]]
        outcomes.append(_outcome(quota, figures, unit.key if unit else "", context, period.end))
    told = [outcomes[n] for n in found.of_row]
    pairs = [(account, one) for account, one in zip(who, told, strict=True) if one is not None]
    return [account for account, _ in pairs], [one for _, one in pairs]


def _concerned(quota: Quota, unit: UnitInfo, period: Period, rules: Rules) -> bool:
    group = rules.groups.get(unit.group)
    return (
        unit.valid_on(period.end)
        and group is not None
        and (unit.group in quota.groups if quota.groups else group.competes)
    )


def _combined(
    names: Sequence[str], who: Sequence[int], context: tuple[int, int], figures: Figures
) -> Combinations:
    """The different combinations of what the task's formulas read."""
    columns = []
    accounts = np.array(who, dtype=np.int64)
    for name in names:
        measure = figures.rules.measures.get(name)
        if measure is not None and (days := figures.spans.of_measure(measure, context)) is not None:
            values = figures.book.table(measure, [days[0]], [days[1]])[accounts, 0]
            columns.append(np.unique(values, return_inverse=True)[1].reshape(-1))
        elif name in figures.rules.words.properties:
            table = Interner()
            keys = figures.book.accounts
            columns.append(
                np.array([table(figures.ask(name, keys[n], context)) for n in who], dtype=np.int64)
            )
        elif name not in ("@day", "months"):  # totals and components: every unit for itself
            columns.append(np.arange(len(who), dtype=np.int64))
    return Combinations(columns, len(who))


TASK_WORDS = ("done", "need", "missing", "extra", "met", "rate")


def _outcome(
    quota: Quota, figures: Figures, key: str, context: tuple[int, int], last: date
) -> Outcome | None:
    env = figures.env(key, context)
    if quota.where is not None and not quota.where.run(env):
        return None
    needed = in_force(quota.need, last)
    if needed is None:
        return None
    need = needed.run(env) if isinstance(needed, Formula) else needed
    if need is None:
        return None
    return worth(quota, env, Fraction(quota.done.run(env) or 0), Fraction(need))


def worth(quota: Quota, env: Any, done: Fraction, need: Fraction) -> Outcome:
    """What so much done of what is needed comes to; `env` are the unit's names over the task period."""
    points = Fraction(0)
    if quota.points is not None:
        task = Task(0, 0, env.figures.period, done, need)
        points = Fraction(quota.points.run(_With(env, task.attrs())) or 0)
        points = points if quota.lowest is None else max(points, quota.lowest)
        points = points if quota.highest is None else min(points, quota.highest)
    return Outcome(done, need, grains(points))


def open_task(
    quota: Quota, unit: UnitInfo, figures: Figures, day: date, until: date
) -> tuple[Period, Outcome] | None:
    """How a task of a unit stands in the task period of a day, counted up to `until`; None when it has none."""
    rules = figures.rules
    year = year_of_period(rules.calendar, figures.period)
    found = [p for p in task_periods(rules.calendar, quota, year) if day in p]
    if not found or not _concerned(quota, unit, found[0], rules):
        return None
    period = found[0]
    context = period.start.toordinal(), min(period.end, until).toordinal()
    outcome = _outcome(quota, figures, unit.key, context, period.end)
    return (period, outcome) if outcome is not None else None


class _With:
    """A unit's names with those of its task in front."""

    def __init__(self, env: Any, own: dict[str, Any]):
        self.env, self.own = env, own

    def __getitem__(self, name: str) -> Any:
        return self.own[name] if name in self.own else self.env[name]

    @property
    def peers(self) -> Any:
        return self.env.peers
