"""How examples of a pack are written, and how their lines become facts, units and promises.

A file under tests/ is a list of examples, or `{units: …, examples: […]}` where the units serve all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from core.errors import InvalidInput, PackError, near
from core.packs.content.fields import Many, PackModel, Title
from core.packs.content.format import Pack
from core.packs.content.messages import validated
from core.packs.content.sections import Place
from core.scoring.rules.fact_reading import FactLine, FactReader, UnitLine, people
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Fact, UnitInfo
from core.scoring.values.periods import Period, period_by_key, year_of
from core.scoring.values.points import number
from core.strict_yaml.loader import Document

Written = int | Decimal | str


class TaskPromise(PackModel):
    """What a task must have come to in the example's last task period."""

    done: Written | None = None
    need: Written | None = None
    missing: Written | None = None
    extra: Written | None = None
    points: Written | None = None


class Example(PackModel):
    """What happened, and what must come out of it; only what is written is compared."""

    name: Title
    basis: Title | None = None
    period: Annotated[
        str | None, BeforeValidator(lambda value: str(value) if type(value) is int else value)
    ] = None
    units: dict[str, UnitLine] = {}
    items: dict[str, dict[str, Any]] = {}
    facts: Many[FactLine] = ()
    points: dict[str, Written] = {}
    cumulative: dict[str, Written] = {}
    ranks: dict[str, int] = {}
    measures: dict[str, dict[str, Written]] = {}
    components: dict[str, dict[str, Written]] = {}
    quotas: dict[str, dict[str, TaskPromise]] = {}
    reasons: dict[str, Many[str]] = {}
    persons: dict[str, Written] = {}
    paid: dict[str, Written] = {}
    places: dict[str, dict[str, int]] = {}
    prizes: dict[str, Many[Title]] = {}
    barred: dict[str, Many[Title]] = {}
    lists: dict[str, Many[Title]] = {}


class ExampleFile(PackModel):
    """One file under tests/."""

    units: dict[str, UnitLine] = {}
    examples: Many[Example]


@dataclass(frozen=True)
class Case:
    """An example ready to run."""

    example: Example
    where: str
    facts: tuple[Fact, ...]
    units: tuple[UnitInfo, ...]
    people: tuple[UnitInfo, ...]
    period: Period


def cases(pack: Pack, rules: Rules) -> tuple[list[Case], list[PackError]]:
    """All examples of a pack, and everything wrong with the way they are written."""
    found: list[Case] = []
    errors: list[PackError] = []
    for document in pack.tests:
        data = document.plain()
        whole = {"examples": data} if isinstance(data, list) else data
        parsed, slips = validated(ExampleFile, document, whole)
        errors += slips
        for n, example in enumerate(parsed.examples if isinstance(parsed, ExampleFile) else ()):
            base: Place = (n,) if isinstance(data, list) else ("examples", n)
            reader = _Reader(document, base, rules, {**parsed.units, **example.units}, example)
            found += reader.case()
            errors += reader.errors
    return found, errors


class _Reader:
    """Turns one written example into facts and units, reporting unknown words with their lines."""

    def __init__(
        self, document: Document, base: Place, rules: Rules, units: Mapping[str, UnitLine], example: Example
    ):
        self.document, self.base, self.rules = document, base, rules
        self.units, self.example = units, example
        self.errors: list[PackError] = []

    def case(self) -> list[Case]:
        reader = FactReader(self.rules, self.units, self.example.items, self.refuse)
        facts = reader.facts(self.example.facts)
        names = list(dict.fromkeys([*self.units, *(unit for fact in facts for unit in fact.units)]))
        units = tuple(reader.unit(name, n) for n, name in enumerate(names))
        authors = people(facts, {unit.key: unit for unit in units})
        self.promises(names, [person.key for person in authors])
        period = self.period(facts)
        if self.errors or period is None:
            return []
        where = self.document.where(self.base)
        return [Case(self.example, where, tuple(facts), units, tuple(authors), period)]

    def refuse(self, path: Place, error: InvalidInput) -> None:
        where = self.document.where((*self.base, *path))
        self.errors.append(PackError(error.message, where=where, reason=error.reason, advice=error.advice))

    def known(self, path: Place, what: str, name: str, names: Iterable[str]) -> None:
        listed = list(names)
        if name not in listed:
            advice = near(name, listed) or f"可选：{'、'.join(listed[:12]) or '无'}"
            self.refuse(path, InvalidInput(f"{what}“{name}”未定义", advice=advice))

    def promises(self, units: Sequence[str], persons: Sequence[str]) -> None:
        """What is expected speaks of units, persons and numbers that exist."""
        example, rules = self.example, self.rules
        for block in (
            "points",
            "cumulative",
            "ranks",
            "measures",
            "components",
            "quotas",
            "reasons",
            "places",
        ):
            for name in getattr(example, block):
                if name not in units:
                    error = InvalidInput(f"单位“{name}”不在本用例中", advice=near(name, units))
                    self.refuse((block, name), error)
        for block, known in (
            ("measures", rules.measures),
            ("components", rules.components),
            ("places", rules.rankings),
        ):
            for unit, columns in getattr(example, block).items():
                for column in columns:
                    self.known((block, unit, column), "统计项", column, known)
        for unit, tasks in example.quotas.items():
            for task in tasks:
                self.known(("quotas", unit, task), "任务", task, [quota.id for quota in rules.quotas])
        for block, names in (
            ("prizes", [p.id for p in rules.prizes]),
            ("barred", [p.id for p in rules.prizes]),
            ("lists", [p.id for p in rules.lists]),
        ):
            for name in getattr(example, block):
                self.known((block, name), "奖项" if block != "lists" else "名单", name, names)
        for name in example.persons:
            self.known(("persons", name), "作者", name, persons)
        self.amounts()

    def amounts(self) -> None:
        """Everything that should be a number reads as one."""
        example = self.example
        flat: list[tuple[Place, Written]] = [
            ((block, name), written)
            for block in ("points", "cumulative", "persons", "paid")
            for name, written in getattr(example, block).items()
        ]
        flat += [
            ((block, unit, column), written)
            for block in ("measures", "components")
            for unit, columns in getattr(example, block).items()
            for column, written in columns.items()
        ]
        for path, written in flat:
            try:
                number(written)
            except InvalidInput as error:
                self.refuse(path, error)

    def period(self, facts: Sequence[Fact]) -> Period | None:
        """The period asked for, else the scoring year of the last fact."""
        try:
            if self.example.period is not None:
                return period_by_key(self.rules.calendar, self.example.period)
        except InvalidInput as error:
            self.refuse(("period",), error)
            return None
        if not facts:
            self.refuse((), InvalidInput("用例没有事项也没有周期", advice="请写 facts，或写明 period"))
            return None
        return year_of(self.rules.calendar, max(fact.on for fact in facts))
