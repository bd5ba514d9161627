"""How examples of a pack are written, and how their lines become facts and units.

A file under tests/ is a list of examples, or `{units: …, examples: […]}` where the units serve all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from core.errors import InvalidInput, PackError, near
from core.packs.fields import Day, Id, Many, PackModel, Title
from core.packs.format import Pack
from core.packs.messages import validated
from core.packs.sections import Place
from core.packs.yaml_loader import Document
from core.scoring.fact import WITHDRAWN, Fact, UnitInfo, Value
from core.scoring.periods import Period, period_by_key, year_of
from core.scoring.points import MAX_SHARERS, parse
from core.scoring.rules import Rules

Times = Annotated[int, Field(ge=1, le=500)]
Written = int | Decimal | str


class FactLine(PackModel):
    """A fact as examples write it; every further key is an attribute. `times` repeats it as so many items."""

    model_config = ConfigDict(extra="allow")

    fact: Id
    on: Day
    units: Many[Title] = ()
    id: Id | None = None
    item: Id | None = None
    title: Title | None = None
    reverses: Id | None = None
    persons: Many[Title] = ()
    times: Times = 1


class UnitLine(PackModel):
    """A unit of an example; without a group it belongs to the first one."""

    group: Id | None = None
    klass: Annotated[Id | None, Field(alias="class")] = None
    host: Title | None = None
    optional: bool = False
    valid_from: Annotated[Day | None, Field(alias="from")] = None
    valid_to: Annotated[Day | None, Field(alias="to")] = None
    attributes: dict[str, Any] = {}


class Example(PackModel):
    """What happened, and what must come out of it; only what is written is compared."""

    name: Title
    basis: Title | None = None
    period: str | None = None
    units: dict[str, UnitLine] = {}
    items: dict[str, dict[str, Any]] = {}
    facts: Many[FactLine] = ()
    points: dict[str, Written] = {}
    cumulative: dict[str, Written] = {}
    ranks: dict[str, int] = {}
    measures: dict[str, dict[str, Written]] = {}
    reasons: dict[str, Many[str]] = {}


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
        facts = [fact for n, line in enumerate(self.example.facts) for fact in self.fact(line, n)]
        self.references(facts)
        names = list(dict.fromkeys([*self.units, *(unit for fact in facts for unit in fact.units)]))
        units = tuple(self.unit(name, n) for n, name in enumerate(names))
        self.promises(names)
        period = self.period(facts)
        if self.errors or period is None:
            return []
        return [Case(self.example, self.document.where(self.base), tuple(facts), units, period)]

    def refuse(self, path: Place, error: InvalidInput) -> None:
        where = self.document.where((*self.base, *path))
        self.errors.append(PackError(error.message, where=where, reason=error.reason, advice=error.advice))

    def fact(self, line: FactLine, n: int) -> list[Fact]:
        path: Place = ("facts", n)
        try:
            self.rules.words.kind(line.fact)
        except InvalidInput as error:
            self.refuse((*path, "fact"), error)
            return []
        if line.fact != WITHDRAWN and not 1 <= len(line.units) <= MAX_SHARERS:
            advice = f"请写 1 至 {MAX_SHARERS} 家"
            self.refuse((*path, "units"), InvalidInput("事项的单位数不对", advice=advice))
        attrs = self.attributes(line, path)
        name = line.id or f"{line.fact}-{n + 1}"
        copies = [name] if line.times == 1 else [f"{name}.{copy + 1}" for copy in range(line.times)]
        return [
            Fact(
                id=copy,
                kind=line.fact,
                on=line.on,
                units=line.units,
                item=line.item if line.times == 1 else f"{line.item or name}.{copy}",
                attrs=attrs,
                title=line.title or "",
                reverses=line.reverses,
                persons=line.persons,
            )
            for copy in copies
        ]

    def attributes(self, line: FactLine, path: Place) -> dict[str, Value]:
        """The fact's own attributes, and those of its item that its kind can carry."""
        words = self.rules.words
        kind = words.kind(line.fact)
        inherited = {
            name: value
            for name, value in self.example.items.get(line.item or "", {}).items()
            if name in words.properties and words.properties[name].fits(line.fact)
        }
        found: dict[str, Value] = {}
        for name, written in {**inherited, **(line.model_extra or {})}.items():
            try:
                found[name] = words.value(words.attribute(name, [line.fact]), written)
            except InvalidInput as error:
                self.refuse((*path, name), error)
        for each in kind.attributes:
            if each.required and each.name not in (line.model_extra or {}) and each.name not in inherited:
                advice = f"请补上“{each.name}: …”"
                self.refuse(path, InvalidInput(f"{kind.title}事项缺少“{each.title}”", advice=advice))
        return found

    def references(self, facts: Sequence[Fact]) -> None:
        """A withdrawal names a fact of the same example."""
        ids = [fact.id for fact in facts]
        for n, line in enumerate(self.example.facts):
            if line.fact == WITHDRAWN and line.reverses not in ids:
                advice = near(line.reverses, ids) or "请给被撤销的事项写上 id，再在 reverses 中引用"
                error = InvalidInput(f"被撤销的事项“{line.reverses or ''}”不在本用例中", advice=advice)
                self.refuse(("facts", n, "reverses"), error)

    def unit(self, name: str, n: int) -> UnitInfo:
        line = self.units.get(name, UnitLine())
        groups = list(self.rules.groups)
        group = line.group or groups[0]
        matches = [each.id for each in self.rules.groups.values() if group in {each.id, each.title}]
        if not matches:
            error = InvalidInput(
                f"参评分组“{group}”未定义", advice=near(group, groups) or f"可选：{'、'.join(groups)}"
            )
            self.refuse(("units", name, "group"), error)
        return UnitInfo(
            key=name,
            name=name,
            group=matches[0] if matches else groups[0],
            klass=line.klass,
            host=line.host,
            optional=line.optional,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            order=n,
            attributes=line.attributes,
        )

    def promises(self, names: Sequence[str]) -> None:
        """What is expected speaks of units and measures that exist."""
        example = self.example
        for block in ("points", "cumulative", "ranks", "measures", "reasons"):
            for name in getattr(example, block):
                if name not in names:
                    self.refuse(
                        (block, name), InvalidInput(f"单位“{name}”不在本用例中", advice=near(name, names))
                    )
        for block in ("points", "cumulative"):
            for name, written in getattr(example, block).items():
                self.amount((block, name), written)
        for unit, columns in example.measures.items():
            for column, written in columns.items():
                self.amount(("measures", unit, column), written)
                if column not in self.rules.measures:
                    error = InvalidInput(f"统计项“{column}”未定义", advice=near(column, self.rules.measures))
                    self.refuse(("measures", unit, column), error)

    def amount(self, path: Place, written: Written) -> None:
        try:
            parse(written)
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
