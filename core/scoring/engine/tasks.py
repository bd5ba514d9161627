"""Tasks (任务数): for every unit and task period what was done, what was needed, and the line it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from core.columns import Interner
from core.scoring.engine.book import of_ledger
from core.scoring.engine.capping import capped_tasks
from core.scoring.engine.facets import Column, Combinations
from core.scoring.engine.figures import Figures
from core.scoring.engine.ledger import Ledger, Task, Tasks
from core.scoring.engine.lines import CODE, Lines, exact_array, grains
from core.scoring.engine.wording import LINE_FACETS
from core.scoring.rules.rule_book import Measure, Quota, Rules, in_force
from core.scoring.rules.typed import Formula
from core.scoring.values.fact import UnitInfo
from core.scoring.values.periods import LENGTHS, Calendar, Period, Span, period_containing, year_of_period

# What formulas about a unit may ask that has nothing to do with lines.
PLAIN = ("@day", "months")


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
    """Whether a task's formulas may see lines of tasks: totals and components do, measures of certain facts do not."""
    for name in _reads(quota):
        measure = rules.measures.get(name)
        if measure is None:
            if name not in rules.words.properties and name not in PLAIN:
                return True
        elif not measure.condition.kinds or _looks_at_lines(measure):
            return True
    return False


def _looks_at_lines(measure: Measure) -> bool:
    uses = {**measure.condition.uses, **(measure.when.uses if measure.when else {})}
    return bool(set(uses) & (LINE_FACETS - {"status"}))


def _with_tasks(ledger: Ledger, first: int, quotas: Sequence[Quota]) -> Ledger:
    rules, facets = ledger.rules, ledger.facets
    figures = Figures(of_ledger(ledger), rules, [unit for unit in facets.units if unit], ledger.period)
    tasks = Tasks(len(ledger.lines))
    for n, rule in enumerate(quotas, start=first):
        tasks = tasks.followed_by(_tasks(n, rule, ledger, figures))
    size = len(tasks.quota)
    if not size:
        return ledger
    points = exact_array([one.points for one in tasks.outcomes], size)[tasks.outcome]
    extra = Lines(
        np.full(size, -1, dtype=np.int64), len(rules.awards) + tasks.quota, tasks.account,
        points.copy(), points.copy(), points.copy(), np.full(size, CODE["task"], dtype=np.int64),
    )  # fmt: skip
    days = np.array([each.end.toordinal() for each in tasks.periods], dtype=np.int64)[tasks.period]
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
    return list(_over(calendar, quota.months, scored))


@lru_cache(maxsize=512)
def _over(calendar: Calendar, months: int, scored: Period) -> tuple[Period, ...]:
    year = year_of_period(calendar, scored)
    found: list[Period] = []
    day = year.start
    while day <= year.end:
        period = _period_at(calendar, months, day)
        if period.end > scored.end:
            break
        found.append(period)
        day = period.end + timedelta(days=1)
    return tuple(found)


def _period_at(calendar: Calendar, months: int, day: date) -> Period:
    spans: dict[int, Span] = {length: span for span, length in LENGTHS.items() if length > 1}
    if months in spans:
        return period_containing(calendar, day, spans[months])
    index = day.year * 12 + day.month - 1 + months
    end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
    key = f"{day:%Y-%m}" if months == 1 else f"{day:%Y-%m}~{end:%m}"
    title = f"{day.year}年{day.month}月" if months == 1 else f"{day.year}年{day.month}—{end.month}月"
    return Period(key, "month", title, day, end, str(day.year))


def _tasks(n: int, quota: Quota, ledger: Ledger, figures: Figures) -> Tasks:
    """A task in all its periods, for every unit it concerns; worked out once per different figures."""
    periods = task_periods(ledger.rules.calendar, quota, ledger.period)
    units = ledger.facets.units
    account, period = np.nonzero(_concerned(quota, units, periods, ledger.rules))
    if not len(account):
        return Tasks()
    found = _combined(_reads(quota), quota, account, period, periods, figures)
    outcomes: list[Outcome | None] = []
    for sample in found.sample:
        unit, each = units[account[sample]], periods[period[sample]]
        context = each.start.toordinal(), each.end.toordinal()
        outcomes.append(_outcome(quota, figures, unit.key if unit else "", context, each.end))
    kept = np.array([one is not None for one in outcomes])[found.of_row]
    place = np.cumsum([one is not None for one in outcomes]) - 1
    size = int(kept.sum())
    return Tasks(
        0, np.full(size, n, dtype=np.int64), account[kept], period[kept], place[found.of_row][kept], periods,
        [one for one in outcomes if one is not None],
    )  # fmt: skip


def _reads(quota: Quota) -> list[str]:
    """The names a task's formulas look at."""
    formulas = [
        f for f in (quota.done, quota.where, *(need for _, need in quota.need)) if isinstance(f, Formula)
    ]
    reads = {name for each in formulas for name in each.uses}
    reads |= set(quota.points.uses) - set(TASK_WORDS) if quota.points else set()
    return sorted(reads)


def _concerned(
    quota: Quota, units: Sequence[UnitInfo | None], periods: Sequence[Period], rules: Rules
) -> Column:
    """Which units (lines) a task concerns in which of its periods (columns)."""
    ends = np.array([period.end.toordinal() for period in periods], dtype=np.int64)
    member = [unit is not None and _is_member(quota, unit, rules) for unit in units]
    low = [unit.valid_from.toordinal() if unit and unit.valid_from else 0 for unit in units]
    high = [unit.valid_to.toordinal() if unit and unit.valid_to else 1 << 30 for unit in units]
    columns = [np.array(each).reshape(-1, 1) for each in (member, low, high)]
    found: Column = columns[0] & (columns[1] <= ends) & (ends <= columns[2])
    return found


def _is_member(quota: Quota, unit: UnitInfo, rules: Rules) -> bool:
    group = rules.groups.get(unit.group)
    return group is not None and (unit.group in quota.groups if quota.groups else group.competes)


def _combined(
    names: Sequence[str], quota: Quota, account: Column, period: Column, periods: Sequence[Period], figures: Figures
) -> Combinations:  # fmt: skip
    """The different combinations of what the task's formulas read, and of what is needed when."""
    days = np.array([each.end.toordinal() for each in periods], dtype=np.int64)
    edges = np.array([day.toordinal() for day in sorted({*figures.rules.edges, *(d for d, _ in quota.need)})])
    columns = [np.searchsorted(edges, days, "right")[period]]
    for name in names:
        measure = figures.rules.measures.get(name)
        if measure is not None:
            values = _by_period(measure, periods, figures)[account, period]
            columns.append(np.unique(values, return_inverse=True)[1].reshape(-1))
        elif name in figures.rules.words.properties:
            table = Interner()
            keys = figures.book.accounts
            codes = np.array([table(figures.ask(name, key, (0, 1))) for key in keys], dtype=np.int64)
            columns.append(codes[account])
        elif name not in PLAIN:  # totals and components: every unit for itself
            columns.append(np.arange(len(account), dtype=np.int64))
    return Combinations(columns, len(account))


def _by_period(measure: Measure, periods: Sequence[Period], figures: Figures) -> Column:
    """A measure of all accounts (lines) in all task periods (columns)."""
    contexts = [(each.start.toordinal(), each.end.toordinal()) for each in periods]
    spans = [figures.spans.of_measure(measure, context) or (1, 0) for context in contexts]
    if spans == contexts:
        return figures.book.table(measure, [start for start, _ in spans], [end for _, end in spans])
    return np.concatenate([figures.book.table(measure, [start], [end]) for start, end in spans], axis=1)


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
    if not found or not (_is_member(quota, unit, rules) and unit.valid_on(found[0].end)):
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
