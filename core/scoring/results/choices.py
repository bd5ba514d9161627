"""Prizes proposed (奖项建议名单) and lists (名单) of a scored period, as pages and files show them. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from core.scoring.engine import wording
from core.scoring.results.frozen import Result
from core.scoring.results.opening import TOTAL_TITLES
from core.scoring.results.persons import persons_of, printing_of
from core.scoring.results.selections import Chosen
from core.scoring.rules.rule_book import Listing, Prize, Rules
from core.scoring.values import points
from core.scoring.values.fact import Fact, Row
from core.scoring.values.periods import LENGTHS, Period, Span, period_containing

WHATS = {"units": "单位", "items": "信息", "persons": "姓名"}
SPANS = {"month": "月度", "quarter": "季度", "half": "半年", "year": "年度"}


@dataclass(frozen=True)
class Line:
    """Somebody or something chosen or barred: its group, the units it belongs to, its figures, the reasons against it."""

    number: int
    key: str
    name: str
    group: str
    units: tuple[str, ...]
    unit_names: tuple[str, ...]
    figures: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A prize or a list: titles of the figures, who is chosen in order, who is barred, how many a reader may not see."""

    id: str
    title: str
    basis: str
    what: str
    heads: tuple[str, ...]
    chosen: tuple[Line, ...]
    barred: tuple[Line, ...] = ()
    hidden: int = 0

    @property
    def what_title(self) -> str:
        """What a line is: a unit, an item, a person."""
        return WHATS[self.what]

    @property
    def in_groups(self) -> bool:
        """Whether the group is worth a column."""
        return len({line.group for line in (*self.chosen, *self.barred)}) > 1


def prizes_of(result: Result, rules: Rules) -> list[Choice]:
    """The prizes given for periods like this one."""
    told = {prize.id: prize for prize in result.prizes}
    wanted = [prize for prize in rules.prizes if prize.period == span_of(result.period) and prize.id in told]
    return [_Prize(prize, told[prize.id], result, rules).choice for prize in wanted]


def elsewhere(result: Result, rules: Rules) -> list[tuple[Prize, Period]]:
    """The prizes given for longer or shorter periods, each with the one to look at."""
    span = span_of(result.period)
    return [
        (prize, period_containing(rules.calendar, result.period.end, prize.period))
        for prize in rules.prizes
        if prize.period != span
    ]


def span_of(period: Period) -> Span:
    """The kind of period it is or, having bounds of its own, the one it is as long as."""
    days = (period.end - period.start).days + 1
    for span in LENGTHS:
        if period.kind == span:
            return span
    return "month" if period.kind == "joined" else min(LENGTHS, key=lambda s: abs(LENGTHS[s] * 30.4 - days))


def lists_of(result: Result, rules: Rules) -> list[Choice]:
    """Every list of the pack."""
    return [_list(listing, result, rules) for listing in rules.lists if listing.id in result.lists]


def _list(listing: Listing, result: Result, rules: Rules) -> Choice:
    rows = {row.unit: row for row in result.rows}
    names = tuple(dict.fromkeys(name.removeprefix("-") for name in listing.by)) or ("score", "cumulative")
    lines = []
    for number, key in enumerate(result.lists[listing.id], start=1):
        row = rows[key]
        group = rules.groups[row.group].title
        figures = tuple(_of_row(name, row, rules) for name in names)
        lines.append(Line(number, key, row.name, group, (key,), (), figures))
    heads = tuple(_title(name, rules) for name in names)
    return Choice(listing.id, listing.title, listing.basis, "units", heads, tuple(lines))


class _Prize:
    """A prize on its way to a table."""

    def __init__(self, prize: Prize, told: Chosen, result: Result, rules: Rules):
        self.prize, self.told, self.result, self.rules = prize, told, result, rules
        self.book = rules.persons if prize.what == "persons" and rules.persons else rules
        self.units = {unit.key: unit.name for unit in result.units}
        # Prizes of units and of persons go group by group; items compete with all others.
        ranked = {"units": result.rows, "persons": result.persons, "items": ()}[prize.what]
        self.rows = {row.unit: row for row in ranked}
        self.homes = self._homes()

    @property
    def choice(self) -> Choice:
        prize = self.prize
        heads = tuple(self._head(name.removeprefix("-")) for name in prize.by)
        return Choice(
            prize.id,
            prize.title,
            prize.basis,
            prize.what,
            heads,
            tuple(self._chosen()),
            tuple(self._barred()),
        )

    def _chosen(self) -> Iterable[Line]:
        """The winners; every group that has seats of its own is counted from one."""
        by_group: dict[str, int] = {}
        for key in self.told.winners:
            group = self._group(key) if self.prize.each == "group" else ""
            by_group[group] = by_group.get(group, 0) + 1
            yield self._line(by_group[group], key)

    def _barred(self) -> Iterable[Line]:
        """Those barred in the order of the ranking, which a frozen result does not keep with them."""
        order = {key: n for n, key in enumerate(self.rows)}
        bases = {
            bar.title: f"{bar.title}（{bar.basis}）" if bar.basis else bar.title for bar in self.prize.bars
        }
        for n, key in enumerate(sorted(self.told.barred, key=lambda k: (order.get(k, 0), k)), start=1):
            yield self._line(n, key, [bases.get(why, why) for why in self.told.barred[key]])

    def _head(self, name: str) -> str:
        worth = self.prize.what == "items" and name in ("points", *TOTAL_TITLES)
        return "得分" if worth else _title(name, self.book)

    def _line(self, number: int, key: str, reasons: Iterable[str] = ()) -> Line:
        homes = (key,) if self.prize.what == "units" else tuple(self.homes.get(key, ()))
        named = () if self.prize.what == "units" else tuple(self.units.get(home, "") for home in homes)
        names = [name.removeprefix("-") for name in self.prize.by]
        figures = tuple(self._told(n, v) for n, v in zip(names, self.told.figures.get(key, ()), strict=False))
        name = self.told.names.get(key) or self._older_name(key)
        return Line(number, key, name, self._group(key), homes, named, figures, tuple(reasons))

    def _group(self, key: str) -> str:
        row = self.rows.get(key)
        return self.rules.groups[row.group].title if row else ""

    def _homes(self) -> Mapping[str, Sequence[str]]:
        if self.prize.what == "persons":
            return {each.row.unit: [each.unit] if each.unit else [] for each in persons_of(self.result)}
        return units_of_items(self.result.facts) if self.prize.what == "items" else {}

    def _told(self, name: str, value: Any) -> str:
        if self.prize.what == "items":
            is_points = name in ("points", *TOTAL_TITLES)
            return points.show(value, self.rules.printing) if is_points else wording.number(Fraction(value))
        return _told(
            name, value, self.book, printing_of(self.rules) if self.prize.what == "persons" else None
        )

    def _older_name(self, key: str) -> str:
        """What somebody or something is called where a result was frozen without names."""
        if key in self.rows:
            return self.rows[key].name
        return next((fact.title for fact in self.result.facts if fact.item == key and fact.title), key)


def units_of_items(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """The units each item belongs to, by the facts that were not withdrawn."""
    listed = sorted(facts, key=lambda fact: fact.number, reverse=True)
    gone: set[str] = set()
    for fact in listed:  # latest first: a withdrawal that was itself withdrawn takes nothing back
        if fact.reverses and fact.id not in gone:
            gone.add(fact.reverses)
    found: dict[str, dict[str, None]] = {}
    for fact in reversed(listed):
        if fact.item and not fact.reverses and fact.id not in gone:
            found.setdefault(fact.item, {}).update(dict.fromkeys(fact.units))
    return {item: list(units) for item, units in found.items()}


def _of_row(name: str, row: Row, rules: Rules) -> str:
    if name in TOTAL_TITLES:
        return points.show(getattr(row, name), rules.printing)
    return _told(name, row.measures[name] if name in row.measures else row.components.get(name), rules)


def _told(name: str, value: Any, rules: Rules, printing: points.Printing | None = None) -> str:
    if value is None:
        return ""
    if name in rules.measures and not rules.measures[name].is_amount:
        return str(value)
    return points.show(value, printing or rules.printing)


def _title(name: str, rules: Rules) -> str:
    for known in (rules.measures, rules.components, rules.words.properties):
        if name in known:
            return str(known[name].title)
    return {**TOTAL_TITLES, "points": "得分"}.get(name, name)


def seen(choice: Choice, sees: Callable[[Sequence[str]], bool]) -> Choice:
    """What a reader may see: units stand in the ranking anyway, items and persons are for those who see their units."""
    if choice.what == "units":
        return choice
    chosen, barred = (
        tuple(line for line in lines if sees(line.units)) for lines in (choice.chosen, choice.barred)
    )
    hidden = len(choice.chosen) + len(choice.barred) - len(chosen) - len(barred)
    return replace(choice, chosen=chosen, barred=barred, hidden=hidden)


def sheet(choices: Iterable[Choice]) -> list[list[str]]:
    """Prizes or lists as lines of a file."""
    lines = [["名称", "序号", "对象", "参评分组", "单位", "依据数值", "不予建议的原因"]]
    for choice in choices:
        for line in (*choice.chosen, *choice.barred):
            figures = "；".join(
                f"{head} {text}" for head, text in zip(choice.heads, line.figures, strict=False)
            )
            number = "" if line.reasons else str(line.number)
            reasons = "；".join(line.reasons)
            lines.append(
                [choice.title, number, line.name, line.group, "、".join(line.unit_names), figures, reasons]
            )
    return lines
