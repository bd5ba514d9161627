"""Personal scores (个人得分): the persons of a scored period with their units, and what stands behind their numbers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.scoring.results import opening
from core.scoring.results.explain import Story
from core.scoring.results.frozen import Result
from core.scoring.rules.fact_reading import people
from core.scoring.rules.rule_book import Rules
from core.scoring.values import points
from core.scoring.values.fact import Entry, Grains, Row
from core.scoring.values.periods import Period


@dataclass(frozen=True)
class Person:
    """A person's row, and the unit it belongs to: key and name, empty when no fact says it."""

    row: Row
    unit: str
    unit_name: str


def persons_of(result: Result) -> list[Person]:
    """Everybody with a personal score, in the order of the places."""
    units = {unit.key: unit for unit in result.units}
    homes = {each.key: each.host or "" for each in people(result.facts, units)}
    found = []
    for row in result.persons:
        home = homes.get(row.unit, "")
        found.append(Person(row, home, units[home].name if home in units else ""))
    return found


@dataclass(frozen=True)
class PersonAccount:
    """What stands behind a person's numbers in a period."""

    person: Person
    entries: Sequence[Entry]
    period: Period
    rules: Rules

    @cached_property
    def inside(self) -> list[Story]:
        """The entries of the period by item."""
        return opening.by_item(entry for entry in self.entries if entry.day in self.period)

    @property
    def earlier(self) -> list[Entry]:
        """The entries of the year before the period, latest first."""
        found = (entry for entry in self.entries if entry.day < self.period.start)
        return sorted(found, key=lambda entry: entry.day, reverse=True)

    def show(self, grains: Grains) -> str:
        """Points as printed."""
        return points.show(grains, printing_of(self.rules))

    def rounding(self, entry: Entry) -> str:
        """Why printed shares do not add up."""
        return opening.rounding(entry, printing_of(self.rules), "人")


def printing_of(rules: Rules) -> points.Printing:
    """How personal scores are printed."""
    return (rules.persons or rules).printing


def sheet(persons: Sequence[Person], rules: Rules) -> list[list[str]]:
    """Personal scores as lines of a file."""
    printing = printing_of(rules)
    lines = [["名次", "姓名", "单位", "本期得分", "累计得分"]]
    for each in persons:
        told = [points.show(value, printing) for value in (each.row.score, each.row.cumulative)]
        lines.append([str(each.row.place), each.row.name, each.unit_name, *told])
    return lines
