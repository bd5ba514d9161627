"""A unit's account of a period: its row, its entries, its tasks, what changed since closing, and the next step up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from sqlalchemy import func, or_, select

from core import clock
from core.db import db
from core.errors import NotFound
from core.facts import Fact as StoredFact
from core.facts.naming import Names
from core.facts.records import WITHDRAWN
from core.scoring import runs
from core.scoring.engine import wording
from core.scoring.engine.book import of_entries, of_ledger
from core.scoring.engine.figures import Figures
from core.scoring.live import Live
from core.scoring.models import FrozenRun
from core.scoring.naming import renamed
from core.scoring.results import advice
from core.scoring.results.adjustments import Adjustment, adjustments, carried
from core.scoring.results.explain import Story
from core.scoring.results.frozen import Result, thaw
from core.scoring.results.opening import Number, Opened, by_item, numbers, opened, rounding
from core.scoring.rules.rule_book import Rules
from core.scoring.values import points
from core.scoring.values.fact import Entry, Grains, Row, UnitInfo
from core.scoring.values.periods import year_of


@dataclass(frozen=True)
class TaskRow:
    """A task as people read it; `due` is set while it can still be met, `worth` what meeting it gives."""

    title: str
    need: Fraction
    done: Fraction
    missing: Fraction
    extra: Fraction
    amount: Grains | None
    sentence: str
    due: date | None = None
    worth: Grains = 0


@dataclass(frozen=True)
class Account:
    """Everything behind a unit's row in a period. Parts are worked out when asked for."""

    office_id: int
    unit: str
    result: Result | Live
    rules: Rules
    names: Names

    @classmethod
    def of(cls, office_id: int, key: str, unit: str, names: Names | None = None) -> "Account":
        """The account of a unit in a period, closed or live; `names` say by which titles its reader knows items."""
        result = runs.scored(office_id, key)
        return cls(office_id, unit, result, runs.rules_behind(result), names or Names(office_id))

    @cached_property
    def row(self) -> Row | None:
        """The unit's row; None for a unit outside the ranking."""
        return next((row for row in self.result.rows if row.unit == self.unit), None)

    @cached_property
    def entries(self) -> list[Entry]:
        """The unit's entries of the year up to the end of the period."""
        return renamed(self.result.entries_of(self.unit), self.names)

    @property
    def inside(self) -> list[Story]:
        """The entries of the period, tasks aside, by item."""
        return by_item(e for e in self.entries if e.day in self.result.period and e.kind != "task")

    @property
    def earlier(self) -> list[Entry]:
        """The entries of the year before the period, latest first."""
        found = (entry for entry in self.entries if entry.day < self.result.period.start)
        return sorted(found, key=lambda entry: entry.day, reverse=True)

    @cached_property
    def figures(self) -> Figures:
        """The numbers of the unit; where formulas may compare it with others, those of all units."""
        result = self.result
        if not isinstance(result, Live):
            return Figures(of_entries(result.entries), self.rules, result.units, result.period)
        if self.unit in result.standing.figures.number:
            return result.standing.figures
        # Since then only other units were scored again, which tells that this one depends on itself alone.
        return Figures(of_ledger(result.ledger([self.unit])), self.rules, result.units, result.period)

    @property
    def numbers(self) -> list[Number]:
        """Every number of the row."""
        return numbers(self.row, self.rules) if self.row else []

    def opened(self, name: str) -> Opened:
        """A number of the row with everything behind it."""
        if self.row is None:
            raise NotFound("这个单位没有参加本期排名", advice="请返回得分排名")
        return opened(name, self.row, self.entries, self.rules, self.result.period, self.figures)

    def rounding(self, entry: Entry) -> str:
        """Why printed shares do not add up."""
        return rounding(entry, self.rules.printing)

    def show(self, grains: Grains) -> str:
        """Points as printed."""
        return points.show(grains, self.rules.printing)

    # ---- tasks ------------------------------------------------------------------------------------------------------

    @cached_property
    def tasks(self) -> list[TaskRow]:
        """The tasks that ended in the period, and those still running when it is live."""
        today = clock.today()
        still = {} if self.result.closed else {(t.title, t.period.end): t for t in self._open_tasks()}
        found = []
        for entry in self.entries:
            if entry.kind == "task" and entry.day in self.result.period:
                running = still.pop((entry.rule_title, entry.day), None) if entry.day >= today else None
                told = [Fraction(entry.attrs[name]) for name in ("need", "done", "missing", "extra")]  # type: ignore[arg-type]
                due, worth = (entry.day, running.worth) if running else (None, 0)
                found.append(TaskRow(entry.title, *told, entry.amount, entry.sentence, due, worth))
        for task in still.values():
            if task.period.end > self.result.period.end and task.period.end >= today:
                extra = max(task.done - task.need, Fraction(0))
                title = f"{task.period.title}{task.title}"
                numbers = (task.need, task.done, task.missing, extra)
                found.append(TaskRow(title, *numbers, None, "", task.period.end, task.worth))
        return found

    def _open_tasks(self) -> list[advice.OpenTask]:
        info = self._info
        day = min(clock.today(), self.result.period.end)
        return advice.open_tasks(info, self.figures, max(day, self.result.period.start)) if info else []

    @cached_property
    def _info(self) -> UnitInfo | None:
        return next((unit for unit in self.result.units if unit.key == self.unit), None)

    # ---- what changed since closing ---------------------------------------------------------------------------------

    @cached_property
    def closed_before(self) -> FrozenRun | None:
        """The last closed period before this one in its year."""
        start = self.result.period.start.toordinal()
        query = select(FrozenRun).where(
            FrozenRun.office_id == self.office_id, FrozenRun.reopened_at.is_(None), FrozenRun.ends < start
        )
        found = list(db.session.scalars(query.order_by(FrozenRun.ends.desc(), FrozenRun.starts.desc())))
        year = self.result.period.year_key
        calendar = self.rules.calendar
        return next((r for r in found if year_of(calendar, date.fromordinal(r.starts)).key == year), None)

    @cached_property
    def adjusted(self) -> list[Adjustment]:
        """What earlier periods come to now, other than when the last of them was closed."""
        run = self.closed_before
        if run is None or not _touched(run, self.result.pack_ref):
            return []
        until = date.fromordinal(run.ends)
        closed = renamed(thaw(run.content).entries_of(self.unit), self.names)
        return adjustments(closed, self.entries, until)

    @cached_property
    def carried(self) -> list[Adjustment]:
        """Entries of this period for what happened before it."""
        ids = {int(e.fact) for e in self.entries if e.fact.isdigit() and e.day in self.result.period}
        query = select(StoredFact.id, StoredFact.on).where(StoredFact.id.in_(ids))
        happened = {str(number): on for number, on in db.session.execute(query).tuples()}
        return carried(self.entries, self.result.period, happened)

    # ---- the next step up -------------------------------------------------------------------------------------------

    @cached_property
    def gap(self) -> advice.Gap | None:
        """The next place up."""
        return (
            advice.next_place(self.row, self.result.rows, self.rules, self.result.units) if self.row else None
        )

    @property
    def steps(self) -> list[str]:
        """What it would take to gain a place, and to meet the tasks still open."""
        found = [self._gap_in_words()] if self.gap else []
        if isinstance(self.result, Live) and clock.today() <= self.result.period.end:
            if self.gap and (event := self._event(self.result, self.gap)):
                worth = points.show(event.worth, self.rules.printing)
                found.append(f"再有一次“{event.award.title}”（{worth}分）即可。")
            found += [self._task_in_words(task) for task in self.tasks if task.due and task.missing][:1]
        return found

    def _gap_in_words(self) -> str:
        gap = self.gap
        if gap is None:
            return ""
        where = f"第 {gap.place} 名“{gap.name}”"
        if not gap.missing:
            return f"与{where}主要得分相同，按次序条件排在其后。"
        missing = f"{self.show(gap.missing)} 分" if gap.is_amount else str(gap.missing)
        if gap.column == self.rules.ranking.by[0]:
            return f"距{where}{'' if gap.column in advice.TOTALS else gap.title}还差 {missing}。"
        return f"与{where}前几项相同，“{gap.title}”还差 {missing}。"

    def _event(self, live: Live, gap: advice.Gap) -> advice.Event | None:
        if self._info is None:
            return None
        day = max(clock.today(), live.period.start)
        known = advice.events(self.rules, self._info, day)

        def gained(event: advice.Event) -> Grains:
            fact = event.fact(live.latest + 1, self.unit, day)
            return live.suppose([fact]).gained(self.unit, gap.column)

        return advice.sufficient(gap, known, gained)

    def _task_in_words(self, task: TaskRow) -> str:
        until = f"{task.due.month}月{task.due.day}日前" if task.due else ""
        gives = f"，完成计 {self.show(task.worth)} 分" if task.worth else ""
        return f"{task.title}还差 {wording.number(task.missing)}，{until}可以补齐{gives}。"


def _touched(run: FrozenRun, pack_ref: str) -> bool:
    """Whether anything came since a closing that could change what was closed."""
    late = select(func.count()).where(
        StoredFact.office_id == run.office_id, StoredFact.id > run.last_fact,
        or_(StoredFact.kind == WITHDRAWN, StoredFact.on <= date.fromordinal(run.ends)),
    )  # fmt: skip
    return run.pack_ref != pack_ref or bool(db.session.scalar(late))


def total(adjusted: Iterable[Adjustment]) -> Grains:
    """What adjustments add up to."""
    return sum((each.change for each in adjusted), start=0)
