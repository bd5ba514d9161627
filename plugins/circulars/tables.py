"""The tables of a circular: one sheet for each group, for the printed page and for the screen alike. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.scoring import points
from core.scoring.fact import Entry, Row
from core.scoring.frozen import Result
from core.scoring.measures import value_of
from core.scoring.rules import Rules
from plugins.circulars.schema import CircularKind, TableColumn, TableRule
from plugins.circulars.wording import fill

POINTS = {"score": "本期得分", "before": "此前累计得分", "cumulative": "累计得分"}
TOTAL = "合计"
ZEROS = {"zero": "0", "blank": "", "dash": "—"}


@dataclass(frozen=True)
class Line:
    """A unit's line, or the total line (no unit): texts in the order of the columns."""

    unit: str | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table as it will be printed. `numeric` tells which columns open into entries."""

    table: str
    title: str
    head: tuple[tuple[dict[str, Any], ...], ...]
    columns: tuple[dict[str, Any], ...]
    names: tuple[str, ...]
    numeric: tuple[bool, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    unit_column: int = 0

    def printed(self, wide: bool) -> dict[str, Any]:
        """As the document's `table` filter wants it."""
        last = len(self.lines) - 1
        rows = [
            [{"text": cell, "bold": True} if line.unit is None and n == last else cell for cell in line.cells]
            for n, line in enumerate(self.lines)
        ]
        return {
            "title": self.title, "head": [list(row) for row in self.head], "rows": rows,
            "columns": list(self.columns), "notes": list(self.notes), "wide": wide,
        }  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """As plain values to be kept and shown as a page, with the unit behind every line."""
        return {
            "table": self.table, "title": self.title, "head": [list(row) for row in self.head],
            "names": list(self.names), "numeric": list(self.numeric), "notes": list(self.notes),
            "unit_column": self.unit_column,
            "lines": [{"unit": line.unit, "cells": list(line.cells)} for line in self.lines],
        }  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """A closed period's rows and entries with the rules they came from."""

    result: Result
    rules: Rules

    def rows(self, groups: Sequence[str] = ()) -> list[Row]:
        """Rows of some groups (none named: all), in the order of groups and places."""
        return [row for row in self.result.rows if not groups or row.group in groups]

    def entries(self, rows: Sequence[Row]) -> list[Entry]:
        """The entries behind rows."""
        units = {row.unit for row in rows}
        return [entry for entry in self.result.entries if entry.unit in units]

    def items(self, column: str, rows: Sequence[Row]) -> int:
        """A total over rows in which a joint item counts once."""
        return value_of(column, self.entries(rows), self.rules, self.result.period)

    def credits(self, column: str, rows: Sequence[Row]) -> int:
        """A total over rows as the rows show it."""
        return sum(number(row, column) for row in rows)

    def is_points(self, column: str) -> bool:
        """Whether a column holds grains."""
        return column in POINTS or self.rules.measures[column].what == "points"

    def text(self, column: str, value: int) -> str:
        """A number as it is printed: points by the pack's printing rule, counts as they are."""
        return points.show(value, self.rules.printing) if self.is_points(column) else str(value)

    def title(self, column: str) -> str:
        """What a column is called."""
        return POINTS[column] if column in POINTS else self.rules.measures[column].title

    def difference(self, column: str, rows: Sequence[Row], whose: str) -> str:
        """How the sum of the rows and the number of items differ, in words; empty when they do not."""
        if self.is_points(column):
            return ""
        summed, distinct = self.credits(column, rows), self.items(column, rows)
        if summed == distinct:
            return ""
        return f"{whose}{self.title(column)}相加为{summed}条，去除重复后为{distinct}条"


def number(row: Row, column: str) -> int:
    """A number of a row by its column."""
    return int(getattr(row, column)) if column in POINTS else int(row.measures[column])


def sheets(kind: CircularKind, ledger: Ledger, words: dict[str, str]) -> list[Sheet]:
    """All tables of a circular, group by group; groups without units are left out."""
    found = [sheet for rule in kind.tables for sheet in _of_rule(rule, kind, ledger, words)]
    noted = overall_note(kind, ledger)
    if found and noted and noted not in found[-1].notes:
        found[-1] = replace(found[-1], notes=(*found[-1].notes, noted))
    return found


def overall_note(kind: CircularKind, ledger: Ledger) -> str:
    """What to say under the last table when the totals of the text count joint items once."""
    differences = [
        ledger.difference(rule.measure, ledger.rows(), "全部参评单位")
        for rule in kind.numbers
        if rule.measure and rule.measure not in POINTS and rule.counts == "items" and not rule.groups
    ]
    return note(kind, differences)


def note(kind: CircularKind, differences: Sequence[str]) -> str:
    """The note on joint items, or nothing."""
    told = list(dict.fromkeys(each for each in differences if each))
    return fill(kind.joint_note, {"differences": "；".join(told)}) if told else ""


def _of_rule(rule: TableRule, kind: CircularKind, ledger: Ledger, words: dict[str, str]) -> list[Sheet]:
    found = []
    for group in ledger.rules.groups.values():
        rows = ledger.rows((group.id,)) if not rule.groups or group.id in rule.groups else []
        if rows:
            found.append(_sheet(rule, kind, ledger, rows, fill(rule.title, {**words, "group": group.title})))
    return found


def _sheet(rule: TableRule, kind: CircularKind, ledger: Ledger, rows: list[Row], title: str) -> Sheet:
    ordered = sorted(rows, key=lambda row: (row.order, row.name)) if rule.order == "official" else rows
    lines = [Line(row.unit, tuple(_cell(row, column, ledger) for column in rule.columns)) for row in ordered]
    notes: tuple[str, ...] = ()
    if rule.total != "none":
        lines.append(Line(None, tuple(_total(rule, n, ledger, rows) for n in range(len(rule.columns)))))
        counted = [column.show for column in rule.columns if column.show in ledger.rules.measures]
        told = note(kind, [ledger.difference(column, rows, "本组各单位") for column in counted])
        notes = (told,) if told else ()
    return Sheet(
        rule.id, title, _head(rule.columns), tuple(_column(column) for column in rule.columns),
        tuple(f"{c.under}{c.title}" if c.under else c.title for c in rule.columns),
        tuple(_is_number(column) for column in rule.columns), tuple(lines), notes, _unit_column(rule),
    )  # fmt: skip


def _unit_column(rule: TableRule) -> int:
    return next((n for n, column in enumerate(rule.columns) if column.show == "unit"), 0)


def _is_number(column: TableColumn) -> bool:
    return column.show not in {"place", "unit", "movement"}


def _column(column: TableColumn) -> dict[str, Any]:
    look: dict[str, Any] = {"align": "decimal" if _is_number(column) else "center"}
    return {**look, "width": column.width} if column.width else look


def _cell(row: Row, column: TableColumn, ledger: Ledger) -> str:
    if column.show == "place":
        return str(row.place)
    if column.show == "unit":
        return row.name
    if column.show == "movement":
        return _movement(row.movement)
    value = number(row, column.show)
    return ledger.text(column.show, value) if value else ZEROS[column.zero]


def _movement(places: int | None) -> str:
    if places is None:
        return "—"
    return f"升{places}" if places > 0 else f"降{-places}" if places < 0 else "平"


def _total(rule: TableRule, position: int, ledger: Ledger, rows: list[Row]) -> str:
    column = rule.columns[position]
    if not _is_number(column):
        return TOTAL if position == _unit_column(rule) else ""
    once = rule.total == "items" and not ledger.is_points(column.show)
    value = ledger.items(column.show, rows) if once else ledger.credits(column.show, rows)
    return ledger.text(column.show, value) if value else ZEROS[column.zero]


def _head(columns: Sequence[TableColumn]) -> tuple[tuple[dict[str, Any], ...], ...]:
    """One row of heads, or two when some columns stand under a common head."""
    if not any(column.under for column in columns):
        return (tuple({"text": column.title} for column in columns),)
    upper: list[dict[str, Any]] = []
    before: str | None = None
    for column in columns:
        if column.under and column.under == before:
            upper[-1]["colspan"] += 1
        elif column.under:
            upper.append({"text": column.under, "colspan": 1})
        else:
            upper.append({"text": column.title, "rowspan": 2})
        before = column.under
    return tuple(upper), tuple({"text": column.title} for column in columns if column.under)
