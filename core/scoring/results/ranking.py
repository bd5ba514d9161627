"""Rank units inside their groups: one row per competing unit, also for those that sent nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from core.scoring.engine.book import of_entries, of_ledger
from core.scoring.engine.figures import TOTALS, Figures
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import grains
from core.scoring.rules.rule_book import Ranking, Rules
from core.scoring.values.fact import Entry, Grains, Row, UnitInfo
from core.scoring.values.periods import Period


@dataclass(frozen=True)
class Standing:
    """A period ranked: the rows, and the figures behind them for lists, prizes and tables."""

    rows: list[Row]
    figures: Figures


def rank(
    entries: Iterable[Entry],
    units: Iterable[UnitInfo],
    rules: Rules,
    period: Period,
    previous: Iterable[Row] = (),
) -> list[Row]:
    """Rows from entries, group by group, each in the order of its places; `previous` rows give the movement."""
    members = list(units)
    book = of_entries(list(entries), [unit.key for unit in members])
    return ranked(Figures(book, rules, members, period), previous).rows


def rank_ledger(ledger: Ledger, units: Iterable[UnitInfo], previous: Iterable[Row] = ()) -> Standing:
    """The same from a ledger just scored."""
    return ranked(Figures(of_ledger(ledger), ledger.rules, units, ledger.period), previous)


def replaced(
    standing: Standing, ledger: Ledger, wanted: Sequence[str], units: Iterable[UnitInfo]
) -> Standing:
    """A standing in which some units were scored again; the others keep their numbers; whoever
    is ranked with one of them gets a new place."""
    figures, rules = Figures(of_ledger(ledger), ledger.rules, units, ledger.period), ledger.rules
    fresh = set(wanted)
    moves = {row.unit: row.movement for row in standing.rows}
    old = {row.unit: row for row in standing.rows}
    rows: list[Row] = []
    fields = _fields([figures.units[row.unit] for row in standing.rows], rules)
    for keys in fields.values():
        if fresh.isdisjoint(keys):
            members = set(keys)
            rows += [row for row in standing.rows if row.unit in members]
            continue
        found = [row_of(figures.units[key], figures) if key in fresh else old[key] for key in keys]
        rows += [_moved(row, old[row.unit].place, moves[row.unit]) for row in placed(found, rules.ranking)]
    return Standing(_with_further_places(rows, figures) if rules.rankings else rows, figures)


def _moved(row: Row, old_place: int, movement: int | None) -> Row:
    """A row with its movement counted from its new place."""
    return row if movement is None else replace(row, movement=movement + old_place - row.place)


def ranked(figures: Figures, previous: Iterable[Row] = ()) -> Standing:
    """Rank the units of some figures."""
    rules, period = figures.rules, figures.period
    members = [unit for unit in figures.units.values() if takes_part(unit, period) and competes(unit, rules)]
    fields = _fields(members, rules)
    figures.peers_of = {
        unit.key: keys for keys in fields.values() for unit in members if unit.key in set(keys)
    }
    if rules.ranking.among is not None:
        members = [u for u in members if rules.ranking.among.run(figures.env(u.key))]
        fields = _fields(members, rules)
        figures.peers_of = {key: keys for keys in fields.values() for key in keys}
    earlier = {(row.group, row.unit): row.place for row in previous}
    rows: list[Row] = []
    for keys in fields.values():
        found = [row_of(figures.units[key], figures) for key in keys]
        rows += [with_movement(row, earlier) for row in placed(found, rules.ranking)]
    return Standing(_with_further_places(rows, figures), figures)


def _with_further_places(rows: list[Row], figures: Figures) -> list[Row]:
    """The rows with their places in the pack's further rankings."""
    rules = figures.rules
    places: dict[str, dict[str, int]] = {}
    for name, ranking in rules.rankings.items():
        members = [figures.units[row.unit] for row in rows]
        if ranking.among is not None:
            members = [unit for unit in members if ranking.among.run(figures.env(unit.key))]
        of_unit = {row.unit: row for row in rows}
        for keys in _fields(members, rules, ranking.within).values():
            for row in placed([of_unit[key] for key in keys], ranking):
                places.setdefault(row.unit, {})[name] = row.place
    return [replace(row, places=places[row.unit]) if row.unit in places else row for row in rows]


def _fields(members: Sequence[UnitInfo], rules: Rules, within: str = "") -> dict[Any, tuple[str, ...]]:
    """Who is ranked against whom, in the order of the groups."""
    order = {group: n for n, group in enumerate(rules.groups)}
    classes = list(rules.words.properties["class"].options)
    found: dict[Any, list[str]] = {}
    for unit in sorted(members, key=lambda u: order[u.group]):
        place = classes.index(unit.klass) if unit.klass in classes else -1
        key = {"group": order[unit.group], "class": (order[unit.group], place), "all": 0}[
            within or rules.ranking.within
        ]
        found.setdefault(key, []).append(unit.key)
    return {key: tuple(found[key]) for key in sorted(found)}


def competes(unit: UnitInfo, rules: Rules) -> bool:
    """Whether a unit's group is ranked at all."""
    return unit.group in rules.groups and rules.groups[unit.group].competes


def takes_part(unit: UnitInfo, period: Period) -> bool:
    """Whether a unit belongs to the scheme on some day of the period."""
    return (unit.valid_from is None or unit.valid_from <= period.end) and (
        unit.valid_to is None or unit.valid_to >= period.start
    )


def row_of(unit: UnitInfo, figures: Figures) -> Row:
    """A unit's numbers, not yet placed."""
    rules = figures.rules
    period = figures.spans.period
    score, before, cumulative = (figures.total(unit.key, name) for name in TOTALS)
    return Row(
        unit=unit.key,
        name=unit.name,
        group=unit.group,
        place=0,
        tied=False,
        score=score,
        before=before,
        cumulative=cumulative,
        measures={name: figures.measure(each, unit.key, period) for name, each in rules.measures.items()},
        components={name: _in_grains(figures.ask(name, unit.key, period)) for name in rules.components},
        optional=unit.optional or rules.groups[unit.group].optional,
        order=unit.order,
    )


def _in_grains(value: Fraction | None) -> Grains | None:
    return None if value is None else grains(value)


def placed(rows: Sequence[Row], ranking: Ranking) -> list[Row]:
    """Rows in the order of their places; equal keys share a place in the ranking's style."""
    keys = sorted_keys(ranking.by)
    order = sorted_keys(ranking.order)
    ordered = sorted(rows, key=lambda row: (keys(row), order(row), row.order, row.name, row.unit))
    found: list[Row] = []
    for step, (_, equal) in enumerate(groupby(ordered, key=keys), start=1):
        sharing = list(equal)
        above = len(found)
        for offset, row in enumerate(sharing):
            styles = {"competition": above + 1, "dense": step, "ordinal": above + offset + 1}
            tied = len(sharing) > 1 and ranking.ties != "ordinal"
            place = styles[ranking.ties]
            found.append(
                row if (row.place, row.tied) == (place, tied) else replace(row, place=place, tied=tied)
            )
    return found


def sorted_keys(names: Sequence[str]) -> Callable[[Row], tuple[Grains, ...]]:
    """A sort key over columns: the greatest first, with a minus in front the smallest; nothing counts as nought."""
    signs = [(name.removeprefix("-"), 1 if name.startswith("-") else -1) for name in names]
    return lambda row: tuple(sign * number(row, name) for name, sign in signs)


def number(row: Row, name: str) -> Grains:
    """A column of a row by name."""
    if name in TOTALS:
        found: Grains = getattr(row, name)
        return found
    return row.measures[name] if name in row.measures else row.components[name] or 0


def with_movement(row: Row, earlier: Mapping[tuple[str, str], int]) -> Row:
    """Places gained (positive) or lost since the rows of the period before."""
    before = earlier.get((row.group, row.unit))
    return row if before is None else replace(row, movement=before - row.place)
