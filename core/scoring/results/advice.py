"""What would move a unit forward: points missing to the next place, events that would suffice, tasks still open. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from core.scoring.engine.figures import TOTALS, Figures
from core.scoring.engine.stages import ledger_of
from core.scoring.engine.tasks import open_task, worth
from core.scoring.results.opening import TOTAL_TITLES
from core.scoring.rules.conditions import Test
from core.scoring.rules.rule_book import Award, Rules
from core.scoring.values.fact import WITHDRAWN, Entry, Fact, Grains, Row, UnitInfo, Value
from core.scoring.values.periods import Period, period_containing

# What the office decides, or what takes points: nothing a unit could set out to do.
NOT_BY_UNITS = frozenset({"manual", "checked", "penalty", "feedback", WITHDRAWN})
TRIED = 3


@dataclass(frozen=True)
class Gap:
    """The next place up: whose it is, by which number, how much is missing (grains for amounts, else a count)."""

    place: int
    name: str
    column: str
    title: str
    missing: Grains
    is_amount: bool
    # Equal numbers share a place: catching up is enough. Otherwise further keys decide, and passing is needed.
    shares: bool

    def closed_by(self, gained: Grains) -> bool:
        """Whether so much more gains the place."""
        return gained >= self.missing if self.shares else gained > self.missing


@dataclass(frozen=True)
class Event:
    """One thing that may happen, with what a rule gives for it alone."""

    award: Award
    attrs: Mapping[str, Value]
    worth: Grains

    def fact(self, number: int, unit: str, day: date) -> Fact:
        """The same as a fact of a unit."""
        kind = next(iter(sorted(self.award.condition.kinds)))
        return Fact(str(number), kind, day, (unit,), f"supposed:{number}", self.attrs, number=number)


@dataclass(frozen=True)
class OpenTask:
    """A task whose period is not over: done so far, needed, missing, and what meeting it gives."""

    title: str
    period: Period
    done: Fraction
    need: Fraction
    worth: Grains

    @property
    def missing(self) -> Fraction:
        return max(self.need - self.done, Fraction(0))


def next_place(row: Row, rows: Iterable[Row], rules: Rules, units: Iterable[UnitInfo] = ()) -> Gap | None:
    """The nearest better place in the same field; None for the first."""
    known = {unit.key: unit for unit in units}
    better = [other for other in rows if other.place < row.place and _same_field(row, other, rules, known)]
    if not better:
        return None
    keys = rules.ranking.by or ("cumulative",)
    nearest = max(better, key=lambda other: (other.place, -other.order))
    for key in keys:
        down, name = key.startswith("-"), key.removeprefix("-")
        one, other = _column(row, name), _column(nearest, name)
        missing = one - other if down else other - one
        if missing > 0:
            last = key == keys[-1] and rules.ranking.ties != "ordinal"
            return Gap(
                nearest.place, nearest.name, key, _title(name, rules), missing, _is_amount(name, rules), last
            )
    name = keys[0].removeprefix("-")
    return Gap(nearest.place, nearest.name, keys[0], _title(name, rules), 0, _is_amount(name, rules), False)


def events(rules: Rules, unit: UnitInfo, day: date) -> list[Event]:
    """What a unit could earn with one event, cheapest first; of events worth the same the one written first."""
    facts: list[Fact] = []
    awards: dict[str, tuple[Award, dict[str, Value]]] = {}
    for award in rules.awards:
        kinds = award.condition.kinds
        if not kinds or kinds & NOT_BY_UNITS or award.value_on(day) is None:
            continue
        number = len(facts) + 1
        attrs = {
            test.attribute: value
            for test in award.condition.tests
            if (value := _value(test, rules)) is not None
        }
        _place_level(attrs, award, rules)
        facts.append(Event(award, attrs, 0).fact(number, unit.key, day))
        awards[str(number)] = award, attrs
    period = period_containing(rules.calendar, day)
    entries = ledger_of(facts, rules, [unit], period).entries()
    found = [Event(*awards[entry.fact], _raw(entry)) for entry in entries if _of_award(entry, awards)]
    return sorted(found, key=lambda event: (event.worth, event.award.order))


def sufficient(gap: Gap, known: Iterable[Event], gained: Callable[[Event], Grains]) -> Event | None:
    """The smallest event that gains the place, tried on the unit's own year: caps and resolution may take of it."""
    if gap.column.startswith("-") or gap.column not in TOTALS:
        return None
    tried = 0
    for event in known:
        if gap.closed_by(event.worth):
            if gap.closed_by(gained(event)):
                return event
            tried += 1
            if tried == TRIED:
                return None
    return None


def open_tasks(unit: UnitInfo, figures: Figures, day: date) -> list[OpenTask]:
    """The tasks of a unit whose period a day lies in."""
    found = []
    for quota in figures.rules.quotas:
        if (told := open_task(quota, unit, figures, day, figures.period.end)) is not None:
            period, outcome = told
            context = period.start.toordinal(), min(period.end, figures.period.end).toordinal()
            best = max(outcome.done, outcome.need)
            met = worth(quota, figures.env(unit.key, context), best, outcome.need).points
            found.append(OpenTask(quota.title, period, outcome.done, outcome.need, met))
    return found


def _same_field(row: Row, other: Row, rules: Rules, known: Mapping[str, UnitInfo]) -> bool:
    if rules.ranking.within == "all":
        return True
    if row.group != other.group:
        return False
    if rules.ranking.within == "group":
        return True
    one, two = known.get(row.unit), known.get(other.unit)
    return bool(one and two and one.klass == two.klass)


def _column(row: Row, name: str) -> Grains:
    if name in TOTALS:
        return {"score": row.score, "before": row.before, "cumulative": row.cumulative}[name]
    if name in row.measures:
        return row.measures[name]
    return row.components.get(name) or 0


def _title(name: str, rules: Rules) -> str:
    if name in TOTAL_TITLES:
        return TOTAL_TITLES[name]
    known = rules.measures.get(name) or rules.components.get(name)
    return known.title if known else name


def _is_amount(name: str, rules: Rules) -> bool:
    return name not in rules.measures or rules.measures[name].is_amount


def _value(test: Test, rules: Rules) -> Value | None:
    """A value that satisfies a test; None where none can be named (a missing one may do)."""
    if test.operator == "in":
        return _first(test.values, test.attribute, rules)
    if test.operator in (">=", "<="):
        return test.bound
    if test.operator == ">" and isinstance(test.bound, Fraction):
        return test.bound + 1
    return None


def _first(values: Iterable[Value], attribute: str, rules: Rules) -> Value | None:
    """The first of some values in the order in which the pack lists them; of outlets the outermost."""
    wanted = set(values)
    known = rules.words.properties.get(attribute)
    listed: Sequence[Value] = list(rules.words.words(known)) if known else []
    if known and known.type == "outlet":
        nodes = rules.words.outlets.nodes
        listed = [node.id for node in sorted(nodes.values(), key=lambda node: node.depth)]
    return next((value for value in listed if value in wanted), min(wanted, key=str, default=None))


def _place_level(attrs: dict[str, Value], award: Award, rules: Rules) -> None:
    """An adoption on a level is one by an outlet of that level."""
    kinds = award.condition.kinds
    if "outlet" in attrs or not any(rules.words.properties["outlet"].fits(kind) for kind in kinds):
        return
    wanted, ladder = attrs.get("level"), attrs.get("ladder")
    for node in rules.words.outlets.nodes.values():
        if (wanted is None or node.level == wanted) and (ladder is None or node.ladder == ladder):
            attrs.pop("level", None)
            attrs.pop("ladder", None)
            attrs["outlet"] = node.id
            return


def _of_award(entry: Entry, awards: Mapping[str, tuple[Award, Any]]) -> bool:
    """Whether an entry is what its event was made for, and brings something."""
    return entry.fact in awards and entry.rule == awards[entry.fact][0].id and _raw(entry) > 0


def _raw(entry: Entry) -> Grains:
    return entry.factors.raw
