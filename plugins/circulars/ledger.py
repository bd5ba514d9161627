"""A closed period's numbers as circulars name them: totals, measures, components, places, the chosen. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.scoring.results.choices import Choice, lists_of, prizes_of
from core.scoring.results.frozen import Result
from core.scoring.results.measures import value_of
from core.scoring.results.persons import persons_of
from core.scoring.rules.rule_book import Rules
from core.scoring.values import points
from core.scoring.values.fact import Entry, Grains, Row

POINTS = {"score": "本期得分", "before": "此前累计得分", "cumulative": "累计得分"}


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

    @cached_property
    def people(self) -> "Ledger":
        """The same for personal scores; empty where the pack has no rules for them."""
        result = replace(
            self.result, rows=self.result.persons, entries=self.result.person_entries, persons=(), prizes=()
        )
        return Ledger(result, self.rules.persons or self.rules)

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """Person → the name of its unit."""
        return {each.row.unit: each.unit_name for each in persons_of(self.result)}

    @cached_property
    def prizes(self) -> Mapping[str, Choice]:
        """The prizes given for periods like this one."""
        return {choice.id: choice for choice in prizes_of(self.result, self.rules)}

    @cached_property
    def lists(self) -> Mapping[str, Choice]:
        """The lists of the pack."""
        return {choice.id: choice for choice in lists_of(self.result, self.rules)}

    def items(self, column: str, rows: Sequence[Row]) -> Grains:
        """A total over rows in which a joint item counts once."""
        return value_of(column, self.entries(rows), self.rules, self.result.period)

    def credits(self, column: str, rows: Sequence[Row]) -> Grains:
        """A total over rows as the rows show it."""
        return sum((number(row, column) or 0 for row in rows), start=0)

    def adds_up(self, column: str) -> bool:
        """Whether a total of the column means something: places and formulas have none."""
        return column in POINTS or column in self.rules.measures

    def is_points(self, column: str) -> bool:
        """Whether a column holds grains."""
        if column in self.rules.measures:
            return self.rules.measures[column].is_amount
        return column in POINTS or column in self.rules.components

    def is_place(self, column: str) -> bool:
        """Whether a column holds places."""
        return column == "place" or column in self.rules.rankings

    def text(self, column: str, value: Grains) -> str:
        """A number as it is printed: points by the pack's printing rule, counts as they are."""
        return points.show(value, self.rules.printing) if self.is_points(column) else str(value)

    def title(self, column: str) -> str:
        """What a column is called."""
        for named in (self.rules.measures, self.rules.components, self.rules.rankings):
            if column in named:
                return str(named[column].title)
        return {**POINTS, "place": "名次"}[column]

    def difference(self, column: str, rows: Sequence[Row], whose: str) -> str:
        """How the sum of the rows and the number of items differ, in words; empty when they do not."""
        if self.is_points(column):
            return ""
        summed, distinct = self.credits(column, rows), self.items(column, rows)
        if summed == distinct:
            return ""
        return f"{whose}{self.title(column)}相加为{summed}条，去除重复后为{distinct}条"


def number(row: Row, column: str) -> Grains | None:
    """A number of a row by its column; None where the unit has none: a missing component, no place."""
    if column in POINTS or column == "place":
        value: Grains = getattr(row, column)
        return value
    for kept in (row.measures, row.components, row.places):
        if column in kept:
            return kept[column]
    return None
