"""The tables of a circular: one sheet for each group, for the printed page and for the screen alike. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.scoring.values.fact import Row
from plugins.circulars.ledger import Ledger, number
from plugins.circulars.pieces import TableColumn, TableRule
from plugins.circulars.schema import CircularKind
from plugins.circulars.wording import fill, words_in

TOTAL = "合计"
WORDS = ("unit", "name", "movement")
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
    of: str = "units"

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
            "unit_column": self.unit_column, **({"of": self.of} if self.of != "units" else {}),
            "lines": [{"unit": line.unit, "cells": list(line.cells)} for line in self.lines],
        }  # fmt: skip


def sheets(kind: CircularKind, ledger: Ledger, words: dict[str, str]) -> list[Sheet]:
    """All tables of a circular, group by group; groups without units are left out."""
    found = [sheet for rule in kind.tables for sheet in _of_rule(rule, kind, ledger, words)]
    noted = overall_note(kind, ledger)
    if found and noted and noted not in found[-1].notes:
        found[-1] = replace(found[-1], notes=(*found[-1].notes, noted))
    return found


def overall_note(kind: CircularKind, ledger: Ledger) -> str:
    """What to say under the last table when the totals of the text count joint items once and tables print sums."""
    if not any(rule.total != "none" for rule in kind.tables):
        return ""
    differences = [
        ledger.difference(str(rule.measure), ledger.rows(), "全部参评单位")
        for rule in kind.numbers
        if rule.measure in ledger.rules.measures
        and rule.counts == "items"
        and rule.whose == "all"
        and not rule.groups
    ]
    return note(kind, differences)


def note(kind: CircularKind, differences: Sequence[str]) -> str:
    """The note on joint items, or nothing."""
    told = list(dict.fromkeys(each for each in differences if each))
    return fill(kind.joint_note, {"differences": "；".join(told)}) if told else ""


def _of_rule(rule: TableRule, kind: CircularKind, ledger: Ledger, words: dict[str, str]) -> list[Sheet]:
    if rule.of == "persons":
        rows = _kept(rule, ledger, ledger.people.rows(rule.groups))
        title = "" if "group" in words_in(rule.title) else fill(rule.title, words)
        return [_sheet(rule, kind, ledger.people, rows, title, ledger.homes)] if rows else []
    found = []
    for group in ledger.rules.groups.values():
        rows = ledger.rows((group.id,)) if not rule.groups or group.id in rule.groups else []
        if rows := _kept(rule, ledger, rows):
            found.append(_sheet(rule, kind, ledger, rows, fill(rule.title, {**words, "group": group.title})))
    return found


def _kept(rule: TableRule, ledger: Ledger, rows: list[Row]) -> list[Row]:
    """The rows of a table: those on its prize or list, down to its last place."""
    if rule.top:
        rows = [row for row in rows if row.place <= rule.top]
    if not rule.prize and not rule.list:
        return rows
    choice = ledger.prizes.get(rule.prize) if rule.prize else ledger.lists.get(str(rule.list))
    chosen = {line.key: n for n, line in enumerate(choice.chosen)} if choice else {}
    return sorted((row for row in rows if row.unit in chosen), key=lambda row: chosen[row.unit])


def _sheet(
    rule: TableRule, kind: CircularKind, ledger: Ledger, rows: list[Row], title: str,
    homes: Mapping[str, str] | None = None,
) -> Sheet:  # fmt: skip
    ordered = sorted(rows, key=lambda row: (row.order, row.name)) if rule.order == "official" else rows
    lines = [
        Line(row.unit, tuple(_cell(row, column, ledger, homes) for column in rule.columns)) for row in ordered
    ]
    notes: tuple[str, ...] = ()
    if rule.total != "none":
        lines.append(Line(None, tuple(_total(rule, n, ledger, rows) for n in range(len(rule.columns)))))
        counted = [column.show for column in rule.columns if column.show in ledger.rules.measures]
        told = note(kind, [ledger.difference(column, rows, "本组各单位") for column in counted])
        notes = (told,) if told else ()
    numeric = tuple(_is_number(column, ledger) for column in rule.columns)
    return Sheet(
        rule.id, title, _head(rule.columns), tuple(map(_column, rule.columns, numeric)),
        tuple(f"{c.under}{c.title}" if c.under else c.title for c in rule.columns),
        numeric, tuple(lines), notes, _name_column(rule), rule.of,
    )  # fmt: skip


def _name_column(rule: TableRule) -> int:
    wanted = "name" if rule.of == "persons" else "unit"
    return next((n for n, column in enumerate(rule.columns) if column.show == wanted), 0)


def _is_number(column: TableColumn, ledger: Ledger) -> bool:
    return column.show not in WORDS and not ledger.is_place(column.show)


def _column(column: TableColumn, numeric: bool) -> dict[str, Any]:
    look: dict[str, Any] = {"align": "decimal" if numeric else "center"}
    return {**look, "width": column.width} if column.width else look


def _cell(row: Row, column: TableColumn, ledger: Ledger, homes: Mapping[str, str] | None = None) -> str:
    if column.show in ("unit", "name"):
        return homes.get(row.unit, "") if homes is not None and column.show == "unit" else row.name
    if column.show == "movement":
        return _movement(row.movement)
    value = number(row, column.show)
    if value is None:  # a component nobody worked out, a ranking the unit is not in
        return ""
    return ledger.text(column.show, value) if value else ZEROS[column.zero]


def _movement(places: int | None) -> str:
    if places is None:
        return "—"
    return f"升{places}" if places > 0 else f"降{-places}" if places < 0 else "平"


def _total(rule: TableRule, position: int, ledger: Ledger, rows: list[Row]) -> str:
    column = rule.columns[position]
    if not ledger.adds_up(column.show):
        return TOTAL if position == _name_column(rule) else ""
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
