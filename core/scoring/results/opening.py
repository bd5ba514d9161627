"""Open every number of a unit's row: the entries behind it by item, the formula with its values, what rounding hides.

Pure. `explain.py` finds the entries behind totals and measures; here numbers that formulas work out are opened too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from core.errors import NotFound, near
from core.scoring.engine import wording
from core.scoring.engine.figures import TOTALS, Figures
from core.scoring.results.explain import Story, told
from core.scoring.results.measures import behind
from core.scoring.rules.rule_book import Rules
from core.scoring.rules.typed import Formula
from core.scoring.values.fact import Entry, Grains, Row
from core.scoring.values.periods import Period
from core.scoring.values.points import GRAINS, Printing, mixed, show

TOTAL_TITLES = {"score": "本期得分", "before": "此前累计", "cumulative": "累计得分"}
FIGURE_TITLES = {**TOTAL_TITLES, "entries": "台账得分", "months": "月数"}


@dataclass(frozen=True)
class Number:
    """A number of a row: its name, what people call it, how it is printed; `value` None prints blank."""

    id: str
    title: str
    text: str
    value: Grains | None = None


@dataclass(frozen=True)
class Part:
    """A name of a formula with its value; `opens` tells that it is itself a number of the row."""

    id: str
    title: str
    text: str
    opens: bool = False


@dataclass(frozen=True)
class Opened:
    """A number with everything behind it."""

    number: Number
    stories: Sequence[Story]
    formula: str = ""
    basis: str = ""
    parts: Sequence[Part] = field(default_factory=tuple)
    remarks: Sequence[str] = field(default_factory=tuple)


def numbers(row: Row, rules: Rules) -> list[Number]:
    """Every number of a row: totals, components, measures."""
    totals: dict[str, Grains] = {"score": row.score, "before": row.before, "cumulative": row.cumulative}
    found = [
        Number(name, TOTAL_TITLES[name], show(totals[name], rules.printing), totals[name]) for name in TOTALS
    ]
    for component in rules.components.values():
        value = row.components.get(component.id)
        text = "" if value is None else show(value, rules.printing)
        found.append(Number(component.id, component.title, text, value))
    for measure in rules.measures.values():
        counted = row.measures.get(measure.id, 0)
        text = show(counted, rules.printing) if measure.is_amount else str(counted)
        found.append(Number(measure.id, measure.title, text, counted))
    return found


def opened(
    name: str, row: Row, entries: Iterable[Entry], rules: Rules, period: Period, figures: Figures
) -> Opened:
    """A number of a row opened. Raises NotFound naming the nearest one."""
    known = {number.id: number for number in numbers(row, rules)}
    if name not in known:
        raise NotFound(f"没有统计项“{name}”", advice=near(name, known) or "请从得分台账中选择")
    listed, formula = list(entries), _formula(name, rules)
    stories = by_item(_behind(name, listed, rules, period))
    parts = _parts(formula, row.unit, figures, known) if formula else ()
    basis = rules.components[name].basis if name in rules.components else ""
    remarks = _remarks(known[name], stories, rules.printing) if not formula and _adds_up(name, rules) else ()
    return Opened(known[name], stories, formula.text if formula else "", basis, parts, remarks)


def by_item(entries: Iterable[Entry]) -> list[Story]:
    """Entries grouped by item, facts without one by themselves, in the order in which each first happened."""
    items: dict[str, list[Entry]] = {}
    for entry in entries:
        items.setdefault(entry.item or f"fact:{entry.fact}", []).append(entry)
    return [told(found) for found in items.values()]


def rounding(entry: Entry, printing: Printing, who: str = "家") -> str:
    """Why printed shares of a joint item do not add up to its value; empty when they do."""
    share, ways = entry.factors.share, entry.factors.ways
    if ways < 2 or not share or _printed(share, printing) * GRAINS == share:
        return ""
    exact = f"累计和排名按精确分值{mixed(share)}计算"
    if share * ways != entry.factors.raw:
        return f"印出的{show(share, printing)}是四舍五入后的数，{exact}"
    printed = _printed(share, printing) * ways
    gap = abs(printed - Fraction(entry.factors.raw) / GRAINS)
    return (
        f"{ways}{who}各印{show(share, printing)}，相加为{_plain(printed)}，与{show(entry.factors.raw, printing)}差"
        f"{_plain(gap)}，是四舍五入所致；{exact}"
    )


def _behind(name: str, entries: Sequence[Entry], rules: Rules, period: Period) -> list[Entry]:
    """The entries a number counts; for one worked out by a formula those of the measures it reads, at any depth."""
    if name in TOTALS or name in rules.measures:
        return behind(name, entries, rules, period)
    chosen: set[int] = set()
    for measure in _measures(name, rules, set()):
        chosen |= {id(entry) for entry in behind(measure, entries, rules, period)}
    return [entry for entry in entries if id(entry) in chosen]


def _measures(name: str, rules: Rules, seen: set[str]) -> list[str]:
    if name in rules.measures or name in TOTALS:
        return [name]
    if name == "entries":
        return ["score"]
    if name not in rules.components or name in seen:
        return []
    seen.add(name)
    return [each for used in rules.components[name].formula.uses for each in _measures(used, rules, seen)]


def _formula(name: str, rules: Rules) -> Formula | None:
    if name in rules.components:
        return rules.components[name].formula
    return rules.total if name in TOTALS else None


def _parts(formula: Formula, unit: str, figures: Figures, known: Mapping[str, Number]) -> list[Part]:
    found = []
    for name in formula.uses:
        if name.startswith("@"):
            continue
        # What a formula reads is that of the scored period, also when the row shows another span under the name.
        text = _told(name, figures.ask(name, unit, figures.spans.period), figures.rules)
        found.append(Part(name, _title(name, figures.rules), text, name in known))
    return found


def _title(name: str, rules: Rules) -> str:
    for group in (rules.measures, rules.components, rules.words.properties):
        if name in group:
            return str(group[name].title)
    return FIGURE_TITLES.get(name, name)


def _told(name: str, value: Any, rules: Rules) -> str:
    if value is None:
        return "缺"
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return wording.number(Fraction(value))
    return rules.words.shown(name, value)


def _adds_up(name: str, rules: Rules) -> bool:
    return name in TOTALS or (name in rules.measures and rules.measures[name].what == "points")


def _remarks(number: Number, stories: Sequence[Story], printing: Printing) -> Sequence[str]:
    """A word when the printed points of the entries do not add up to the printed number."""
    printed = sum(
        (_printed(e.amount, printing) for story in stories for e in story.entries), start=Fraction(0)
    )
    gap = abs(printed - _printed(number.value or 0, printing))
    if not gap:
        return ()
    return (
        f"各条印出的分数相加为{_plain(printed)}，与{number.text}差{_plain(gap)}，是四舍五入所致；合计按精确分值相加。",
    )


def _printed(grains: Grains, printing: Printing) -> Fraction:
    """The value somebody reads."""
    if printing.style == "fraction":
        return Fraction(grains) / GRAINS
    return Fraction(show(grains, printing))


def _plain(points: Fraction) -> str:
    return wording.number(points)
