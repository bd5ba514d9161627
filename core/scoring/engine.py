"""Turn countable facts into ledger entries. No database, no web: facts and rules in, entries out.

The work is a line of stages, one function each; every stage takes lines and gives lines:

    matched → first_in_scope → resolved → shared → capped → credited

Nothing depends on the order facts come in: whatever needs an order uses day, then id, then rule.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from core.errors import InvalidInput
from core.scoring import wording
from core.scoring.fact import WITHDRAWN, Entry, Fact, Factors, Status, UnitInfo, Value
from core.scoring.periods import Calendar, Period, period_containing, plain_month, year_of, year_of_period
from core.scoring.points import parse_value, split
from core.scoring.rules import Award, Cap, Resolution, Rules, Worth

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """A fact on its way to becoming an entry for one unit. `why` collects what happened to it."""

    fact: Fact
    attrs: Mapping[str, Value]
    unit: str
    award: Award | None = None
    raw: int = 0
    amount: int = 0
    ways: int = 1
    position: int = 0
    share: int = 0
    status: Status = "live"
    why: tuple[str, ...] = ()

    @property
    def item(self) -> str:
        """The item; a fact without one stands for itself."""
        return self.fact.item or f"fact:{self.fact.id}"

    @property
    def rank(self) -> tuple[date, int, str, int]:
        """The order that decides who is first: day, then fact, then rule."""
        return *order_of(self.fact), self.award.order if self.award else -1

    def zeroed(self, status: Status, why: str) -> "Line":
        """The same line, worth nothing for a reason."""
        return replace(self, amount=0, status=status, why=(*self.why, why))


@dataclass(frozen=True)
class Scope:
    """What every stage may look at."""

    rules: Rules
    units: Mapping[str, UnitInfo]
    calendar: Calendar
    period: Period


def score(
    facts: Iterable[Fact], rules: Rules, units: Iterable[UnitInfo], calendar: Calendar, period: Period
) -> list[Entry]:
    """The ledger of the scoring year up to the end of a period, zero lines with their reasons included.

    Give it every fact of the year; a withdrawal counts whatever its date. Facts of an earlier year may
    come along: they take part in “once per item” and leave no entries.
    """
    scope = Scope(rules, {unit.key: unit for unit in units}, calendar, period)
    lines: Iterable[Line] = matched(facts, scope)
    for stage in STAGES:
        lines = stage(list(lines), scope)
    return credited(lines, scope)


def matched(facts: Iterable[Fact], scope: Scope) -> Iterator[Line]:
    """Stage 1: which awards each fact earns for each of its units, and what they are worth that day."""
    known = sorted(facts, key=order_of)
    undone = withdrawals(known)
    for fact in known:
        if fact.kind == WITHDRAWN or fact.on > scope.period.end:
            continue
        attrs = scope.rules.facets(fact)
        awards = scope.rules.matching(fact.kind, attrs, fact.on)
        for position, unit in enumerate(dict.fromkeys(fact.units)):
            line = Line(fact, attrs, unit, ways=len(set(fact.units)), position=position)
            for valued in valued_lines(line, awards, scope):
                by = undone.get(fact.id)
                yield valued.zeroed("reversed", wording.withdrawn(by)) if by else valued


def order_of(fact: Fact) -> tuple[date, int, str]:
    """Day, then id; shorter ids first, so that number 9 comes before number 10."""
    return fact.on, len(fact.id), fact.id


def withdrawals(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Facts that were withdrawn, with the withdrawal that did it; a withdrawal can itself be withdrawn."""
    against: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind == WITHDRAWN and fact.reverses:
            against.setdefault(fact.reverses, []).append(fact)
    standing: dict[str, bool] = {}

    def stands(fact: Fact) -> bool:
        # Assumed standing while being judged, so that a circle of withdrawals cannot loop.
        if fact.id not in standing:
            standing[fact.id] = True
            standing[fact.id] = not any(stands(each) for each in against.get(fact.id, ()))
        return standing[fact.id]

    effective = {key: [each for each in found if stands(each)] for key, found in against.items()}
    return {key: found[0] for key, found in effective.items() if found}


def valued_lines(line: Line, awards: Sequence[Award], scope: Scope) -> Iterator[Line]:
    """A line per award, or one line saying why there is none."""
    unit = scope.units.get(line.unit)
    if unit is None:
        yield line.zeroed("uncredited", "单位未登记")
    elif not unit.valid_on(line.fact.on):
        yield line.zeroed("uncredited", "当日不在该单位参评期内")
    elif not awards:
        yield line.zeroed("uncredited", wording.no_award(line.fact, line.attrs, scope.rules))
    else:
        for award in awards:
            worth = award.value_on(line.fact.on)
            held = replace(line, award=award)
            if worth is None:
                yield held.zeroed("uncredited", wording.not_in_force(award))
            else:
                yield valued(held, worth, scope)


def valued(line: Line, worth: Worth, scope: Scope) -> Line:
    """The line with its value; one set case by case must lie within the rule's limits."""
    if worth.attribute is None:
        return replace(line, raw=worth.amount, amount=worth.amount)
    given = line.attrs.get(worth.attribute)
    if isinstance(given, bool) or not isinstance(given, int | Decimal | str):
        return line.zeroed("uncredited", "没有填写分值")
    try:
        amount = parse_value(given)
    except InvalidInput as error:
        return line.zeroed("uncredited", error.message)
    if (worth.lowest is not None and amount < worth.lowest) or (
        worth.highest is not None and amount > worth.highest
    ):
        return line.zeroed("uncredited", wording.out_of_range(amount, worth, scope.rules.printing))
    return replace(line, raw=amount, amount=amount)


def first_in_scope(lines: Sequence[Line], scope: Scope) -> Iterator[Line]:
    """Stage 2: awards given once per scope (such as item and level) count the first time only."""
    first: dict[Hashable, Line] = {}
    for line in sorted(lines, key=lambda line: line.rank):
        award = line.award
        if award is None or not award.once_per or not line.amount:
            yield line
            continue
        values = [line.item if name == "item" else line.attrs.get(name) for name in award.once_per]
        key = (line.unit, award.stage, award.once_per, *values)
        earlier = first.setdefault(key, line)
        yield (
            line
            if earlier is line
            else line.zeroed("superseded", wording.once(award, earlier.fact, scope.rules))
        )


def resolved(lines: Sequence[Line], scope: Scope) -> Iterable[Line]:
    """Stage 3: what an item keeps of several awards; the others stay visible with zero effect."""
    for resolution in scope.rules.resolutions:
        if resolution.keep == "max":
            lines = highest_only(lines, resolution, scope)
    return lines


def highest_only(lines: Sequence[Line], resolution: Resolution, scope: Scope) -> list[Line]:
    """Per unit, item and scoring year only the highest of these awards counts, the earliest among equals."""

    def key(line: Line) -> tuple[str, str, str]:
        return line.unit, line.item, year_of(scope.calendar, line.fact.on).key

    best: dict[Hashable, Line] = {}
    for line in competing(lines, resolution.awards):
        held = best.setdefault(key(line), line)
        if line.amount > held.amount:
            best[key(line)] = line
    return [
        line
        if line.award is None
        or not line.amount
        or line.award.id not in resolution.awards
        or best[key(line)] is line
        else line.zeroed("superseded", wording.beaten(resolution, best[key(line)].award, scope.rules))
        for line in lines
    ]


def competing(lines: Sequence[Line], awards: frozenset[str]) -> list[Line]:
    """Lines of these awards that are worth something, in deciding order."""
    chosen = [line for line in lines if line.award and line.amount and line.award.id in awards]
    return sorted(chosen, key=lambda line: line.rank)


def shared(lines: Sequence[Line], scope: Scope) -> Iterator[Line]:
    """Stage 4: joint facts are divided by the sharing policy, and credit moves where the rules say."""
    for line in lines:
        yield from moved(divided(line, scope), scope)


def divided(line: Line, scope: Scope) -> Line:
    """The unit's share of a joint fact."""
    if line.award is None or not line.amount:
        return line
    policy = line.award.share or scope.rules.share
    if line.ways == 1 or policy == "each":
        return replace(line, share=line.amount, why=(*line.why, *wording.each(line.ways)))
    if policy == "equal":
        part = split(line.amount, line.ways)
        why = wording.equal(line.amount, line.ways, scope.rules.printing)
        return replace(line, amount=part, share=part, status="shared", why=(*line.why, why))
    if line.position == 0:
        return replace(line, share=line.amount, why=(*line.why, wording.FIRST_ONLY))
    return line.zeroed("shared", wording.FIRST_ONLY)


def moved(line: Line, scope: Scope) -> Iterator[Line]:
    """The line itself, or a zero line here and a credited one at the host."""
    unit = scope.units.get(line.unit)
    rule = scope.rules.credit_for(line.award.id, unit.group) if unit and line.award and line.amount else None
    if unit is None or rule is None or rule.to == "unit":
        yield line
    elif rule.to == "nobody":
        yield line.zeroed("uncredited", wording.nobody(rule))
    elif (host := scope.units.get(unit.host or "")) is None:
        yield line.zeroed("uncredited", "按规定应计入所属单位，但未登记所属单位")
    else:
        yield line.zeroed("moved", wording.moved_to(host))
        yield replace(line, unit=host.key, why=(*line.why, wording.moved_from(unit)))


def capped(lines: Sequence[Line], scope: Scope) -> Iterable[Line]:
    """Stage 5: caps, in the order of the pack; each sees what the one before left."""
    for cap in scope.rules.caps:
        lines = under_cap(lines, cap, scope)
    return lines


def under_cap(lines: Sequence[Line], cap: Cap, scope: Scope) -> list[Line]:
    """Cut what goes beyond the cap in the running sum of a unit's period."""
    running: dict[Hashable, int] = {}
    cut: dict[int, Line] = {}
    for line in competing(lines, cap.awards):
        limit = cap.limit_on(line.fact.on)
        if limit is None or line.amount < 0:
            continue
        key = (line.unit, cap_period(scope.calendar, cap, line.fact.on).key)
        before = running.get(key, 0)
        running[key] = after = before + line.amount
        if after > limit:
            within = min(limit, after) - min(limit, before)
            kept = within if cap.overflow == "clip" else line.amount if before < limit else 0
            if kept != line.amount:
                why = wording.capped(cap, limit, line.amount - kept, scope.rules.printing)
                cut[id(line)] = replace(line, amount=kept, status="capped", why=(*line.why, why))
    return [cut.get(id(line), line) for line in lines]


def cap_period(calendar: Calendar, cap: Cap, day: date) -> Period:
    """A monthly cap means the calendar month, even where two are published together."""
    return (
        plain_month(calendar, day) if cap.period == "month" else period_containing(calendar, day, cap.period)
    )


def credited(lines: Iterable[Line], scope: Scope) -> list[Entry]:
    """Stage 6: book each line on its day of credit and leave out what lies before the scoring year."""
    start = min(year_of_period(scope.calendar, scope.period).start, scope.period.start)
    kept = [line for line in lines if line.fact.on >= start]
    places = {key: (unit.order, unit.key) for key, unit in scope.units.items()}
    kept.sort(
        key=lambda line: (*line.rank, places.get(line.unit, (0, line.unit)), line.position, line.status)
    )
    return [entry(line, scope) for line in kept]


def entry(line: Line, scope: Scope) -> Entry:
    """The finished ledger line with its sentence."""
    award, fact = line.award, line.fact
    return Entry(
        unit=line.unit,
        item=fact.item,
        fact=fact.id,
        kind=fact.kind,
        title=fact.title,
        rule=award.id if award else "",
        rule_title=award.title if award else "",
        basis=award.basis if award else "",
        stage=award.stage if award else "",
        amount=line.amount,
        factors=Factors(line.raw, line.ways, line.share),
        day=fact.on,
        period=period_containing(scope.calendar, fact.on).key,
        year=year_of(scope.calendar, fact.on).key,
        status=line.status,
        sentence=wording.sentence(line, scope.rules),
        attrs=line.attrs,
    )


Stage = Callable[[Sequence[Line], Scope], Iterable[Line]]
STAGES: tuple[Stage, ...] = (first_in_scope, resolved, shared, capped)
