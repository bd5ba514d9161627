"""Rank units inside their groups: one row per competing unit, also for those that sent nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from core.scoring.fact import Entry, Row, UnitInfo
from core.scoring.measures import value_of
from core.scoring.periods import Period
from core.scoring.rules import Group, Rules

COLUMNS = ("score", "before", "cumulative")


def rank(
    entries: Iterable[Entry],
    units: Iterable[UnitInfo],
    rules: Rules,
    period: Period,
    previous: Iterable[Row] = (),
) -> list[Row]:
    """Rows group by group, each in the order of its places; `previous` rows give the movement."""
    of_unit: dict[str, list[Entry]] = {}
    for entry in entries:
        of_unit.setdefault(entry.unit, []).append(entry)
    earlier = {(row.group, row.unit): row.place for row in previous}
    members = [unit for unit in units if takes_part(unit, period)]
    rows: list[Row] = []
    for group in rules.groups.values():
        if group.competes:
            found = [
                row_of(unit, of_unit.get(unit.key, ()), rules, group, period)
                for unit in members
                if unit.group == group.id
            ]
            rows += [with_movement(row, earlier) for row in placed(found, rules)]
    return rows


def takes_part(unit: UnitInfo, period: Period) -> bool:
    """Whether a unit belongs to the scheme on some day of the period."""
    return (unit.valid_from is None or unit.valid_from <= period.end) and (
        unit.valid_to is None or unit.valid_to >= period.start
    )


def row_of(unit: UnitInfo, entries: Sequence[Entry], rules: Rules, group: Group, period: Period) -> Row:
    """A unit's numbers, not yet placed."""
    score, before, cumulative = (value_of(column, entries, rules, period) for column in COLUMNS)
    return Row(
        unit=unit.key,
        name=unit.name,
        group=group.id,
        place=0,
        tied=False,
        score=score,
        before=before,
        cumulative=cumulative,
        measures={name: value_of(name, entries, rules, period) for name in rules.measures},
        optional=unit.optional or group.optional,
        order=unit.order,
    )


def placed(rows: Sequence[Row], rules: Rules) -> list[Row]:
    """Rows in the order of their places; equal keys share a place in the pack's style."""
    keys = sorted_keys(rules.ranking.by)
    order = sorted_keys(rules.ranking.order)
    ordered = sorted(rows, key=lambda row: (keys(row), order(row), row.order, row.name, row.unit))
    found: list[Row] = []
    for step, (_, equal) in enumerate(groupby(ordered, key=keys), start=1):
        shared = list(equal)
        above = len(found)
        for offset, row in enumerate(shared):
            styles = {"competition": above + 1, "dense": step, "ordinal": above + offset + 1}
            tied = len(shared) > 1 and rules.ranking.ties != "ordinal"
            found.append(replace(row, place=styles[rules.ranking.ties], tied=tied))
    return found


def sorted_keys(names: Sequence[str]) -> Callable[[Row], tuple[int, ...]]:
    """A sort key over columns, the greatest first."""
    return lambda row: tuple(-number(row, name) for name in names)


def number(row: Row, name: str) -> int:
    """A column of a row by name."""
    return int(getattr(row, name)) if name in COLUMNS else row.measures[name]


def with_movement(row: Row, earlier: Mapping[tuple[str, str], int]) -> Row:
    """Places gained (positive) or lost since the rows of the period before."""
    before = earlier.get((row.group, row.unit))
    return row if before is None else replace(row, movement=before - row.place)
