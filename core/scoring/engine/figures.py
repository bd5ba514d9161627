"""The numbers of each unit over a span: measures, components, totals — and the names formulas about units may use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.errors import NotFound, near
from core.scoring.engine.book import Book
from core.scoring.engine.facets import Facets
from core.scoring.engine.lines import grains
from core.scoring.rules.rule_book import Component, Measure, Rules
from core.scoring.rules.typed import Formula, rounded
from core.scoring.values.fact import Grains, UnitInfo
from core.scoring.values.periods import Calendar, Period, plain_month, previous, year_of_period
from core.scoring.values.points import GRAINS

TOTALS = ("score", "before", "cumulative")
Days = tuple[int, int]


@dataclass(frozen=True)
class Spans:
    """The days behind `score`, `before` and `cumulative`, for a period (or any stretch inside its year)."""

    calendar: Calendar
    year: Days
    period: Days
    before_period: Days | None = None

    @classmethod
    def of(cls, calendar: Calendar, period: Period) -> "Spans":
        """The spans of a period."""
        first = min(year_of_period(calendar, period).start, period.start).toordinal()
        earlier = previous(calendar, period)
        before = (earlier.start.toordinal(), earlier.end.toordinal()) if earlier else None
        return cls(
            calendar,
            (first, period.end.toordinal()),
            (period.start.toordinal(), period.end.toordinal()),
            before,
        )

    def named(self, name: str) -> Days:
        """First and last day of what a total adds up."""
        start, end = self.period
        return {"score": (start, end), "before": (self.year[0], start - 1)}.get(name, (self.year[0], end))

    def of_measure(self, measure: Measure, context: Days) -> Days | None:
        """First and last day of what a measure counts when it is asked for a stretch of days."""
        match measure.over:
            case "period":
                return context
            case "year":
                return self.year[0], context[1]
            case "before":
                return self.year[0], context[0] - 1
            case "previous":
                return self.before_period
        if context[1] < context[0]:
            return None
        month = plain_month(self.calendar, date.fromordinal(context[1]))
        return month.start.toordinal(), month.end.toordinal()


class Figures:
    """Works numbers out when asked and remembers them. Units are those that may be ranked."""

    def __init__(self, book: Book, rules: Rules, units: Iterable[UnitInfo], period: Period):
        self.book, self.rules, self.period = book, rules, period
        self.units = {unit.key: unit for unit in units}
        self.number = {key: n for n, key in enumerate(book.accounts)}
        self.spans = Spans.of(rules.calendar, period)
        self.peers_of: Mapping[str, Sequence[str]] = {}
        self._known: dict[tuple[str, str, Days], Any] = {}
        self._columns: dict[tuple[str, Days], list[Grains]] = {}

    def measure(self, measure: Measure, key: str, context: Days) -> Grains:
        """A measure of a unit over a stretch of days: grains for amounts, a whole number for counts."""
        days = self.spans.of_measure(measure, context)
        number = self.number.get(key)
        if days is None or number is None:
            return 0
        return self._column(measure, days)[number]

    def plain_sum(self, key: str, days: Days) -> Grains:
        """The plain sum of a unit's lines, in grains."""
        number = self.number.get(key)
        return 0 if number is None else self._column(None, days)[number]

    def _column(self, measure: Measure | None, days: Days) -> list[Grains]:
        """A measure (or the plain sum) of all accounts, as ordinary numbers."""
        key = (measure.id if measure else "", days)
        if key not in self._columns:
            self._columns[key] = self.book.table(measure, [days[0]], [days[1]])[:, 0].tolist()
        return self._columns[key]

    def total(self, key: str, name: str) -> Grains:
        """`score`, `before` or `cumulative` of a unit in grains."""
        return self.total_over(key, self.spans.named(name))

    def total_over(self, key: str, days: Days) -> Grains:
        """The pack's total over a stretch of days, in grains."""
        if self.rules.total is None:
            return self.plain_sum(key, days)
        found = self.rules.total.run(self.env(key, days))
        return 0 if found is None else grains(Fraction(found))

    def component(self, component: Component, key: str, context: Days) -> Fraction | None:
        """A component of a unit over a stretch of days, rounded and within its limits."""
        env = self.env(key, context)
        value = component.formula.run(env)
        if value is None or isinstance(value, bool):
            return None if value is None else Fraction(value)
        value = Fraction(value)
        if component.places is not None:
            value = rounded(value, component.places)
        for limit, pick in ((component.lowest, max), (component.highest, min)):
            bound = limit.run(env) if isinstance(limit, Formula) else limit
            value = value if bound is None else pick(value, Fraction(bound))
        return value

    def env(self, key: str, context: Days | None = None) -> "UnitEnv":
        """What a formula about a unit may look at."""
        return UnitEnv(self, key, context or self.spans.period)

    def ask(self, name: str, key: str, context: Days) -> Any:
        """A name as formulas read it: points and plain numbers, not grains."""
        asked = (name, key, context)
        if asked not in self._known:
            self._known[asked] = self._answer(name, key, context)
        return self._known[asked]

    def _answer(self, name: str, key: str, context: Days) -> Any:
        rules = self.rules
        if name in rules.measures:
            measure = rules.measures[name]
            value = self.measure(measure, key, context)
            return Fraction(value) / GRAINS if measure.is_amount else Fraction(value)
        if name in rules.components:
            return self.component(rules.components[name], key, context)
        if name in TOTALS:
            return Fraction(self.total(key, name)) / GRAINS
        if name == "entries":
            return Fraction(self.plain_sum(key, context)) / GRAINS
        if name == "months":
            return Fraction(_months(context))
        if name == "@day":
            return date.fromordinal(context[1])
        return Facets.of_account(name, self.units.get(key))

    def column(self, key: str, name: str) -> Grains | None:
        """A column of a table or a sort key: totals and amounts in grains, counts as they are."""
        if name in TOTALS:
            return self.total(key, name)
        if name in self.rules.measures:
            return self.measure(self.rules.measures[name], key, self.spans.period)
        if name in self.rules.components:
            found = self.ask(name, key, self.spans.period)
            return None if found is None else grains(found)
        known = [*TOTALS, *self.rules.measures, *self.rules.components]
        raise NotFound(f"没有统计项“{name}”", advice=near(name, known))


class UnitEnv:
    """Names of one unit over one stretch of days, looked up when a formula asks."""

    def __init__(self, figures: Figures, key: str, context: Days):
        self.figures, self.key, self.context = figures, key, context

    def __getitem__(self, name: str) -> Any:
        return self.figures.ask(name, self.key, self.context)

    @property
    def peers(self) -> list["UnitEnv"]:
        """The same stretch of days for every unit ranked together with this one."""
        keys = self.figures.peers_of.get(self.key, (self.key,))
        return [UnitEnv(self.figures, key, self.context) for key in keys]


def _months(days: Days) -> int:
    first, last = (date.fromordinal(day) for day in days)
    after = last + timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month
