"""How facts and units are written in examples and in files to try a pack on, and how lines become plain values.

units: {甲县: {group: 县区, class: 一类, host: …, attributes: {目标分: 150}}}
items: {A1: {title: …, genre: …}}
facts:
  - {fact: adopted, outlet: zwyq, item: A1, units: [甲县, {unit: 乙局, role: 协报, weight: 2}], on: 2024-05-06}
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from core.errors import InvalidInput, near
from core.packs.content.fields import Amount, Day, Id, Many, PackModel, Title
from core.packs.content.sections import Place
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import WITHDRAWN, Contributor, Fact, UnitInfo, Value
from core.scoring.values.points import MAX_SHARERS

Times = Annotated[int, Field(ge=1, le=500)]
Refuse = Callable[[Place, InvalidInput], None]
NAMES = {"outlet", "level", "ladder"}


class UnitPart(PackModel):
    """A contributing unit: its name, and maybe its part and weight."""

    unit: Title
    role: Title | None = None
    weight: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def name(cls, data: Any) -> Any:
        """Allow a bare name."""
        return {"unit": data} if isinstance(data, str) else data


class PersonPart(PackModel):
    """An author: the name, and maybe the unit, the part and the weight."""

    person: Title
    unit: Title | None = None
    role: Title | None = None
    weight: Amount | None = None

    @model_validator(mode="before")
    @classmethod
    def name(cls, data: Any) -> Any:
        """Allow a bare name."""
        return {"person": data} if isinstance(data, str) else data


class FactLine(PackModel):
    """A fact as files write it; every further key is an attribute. `times` repeats it as so many items."""

    model_config = ConfigDict(extra="allow")

    fact: Id
    on: Day
    units: Many[UnitPart] = ()
    id: Id | None = None
    item: Id | None = None
    title: Title | None = None
    reverses: Id | None = None
    persons: Many[PersonPart] = ()
    recorded: Day | None = None
    times: Times = 1

    @model_validator(mode="before")
    @classmethod
    def one(cls, data: Any) -> Any:
        """Allow `unit: 甲县` and a bare name for lists of one."""
        if not isinstance(data, dict):
            return data
        single = {"unit": "units", "person": "persons"}
        found = {single.get(key, key): value for key, value in data.items()}
        return {
            key: [value] if key in single.values() and isinstance(value, str) else value
            for key, value in found.items()
        }


class UnitLine(PackModel):
    """A unit; without a group it belongs to the first one. Every further key is an attribute too."""

    model_config = ConfigDict(extra="allow")

    group: Title | None = None
    klass: Annotated[Title | None, Field(alias="class")] = None
    host: Title | None = None
    parent: Title | None = None
    optional: bool = False
    valid_from: Annotated[Day | None, Field(alias="from")] = None
    valid_to: Annotated[Day | None, Field(alias="to")] = None
    attributes: dict[str, Any] = {}


class FactReader:
    """Turns written facts and units into plain values, reporting unknown words with their places."""

    def __init__(
        self,
        rules: Rules,
        units: Mapping[str, UnitLine],
        items: Mapping[str, Mapping[str, Any]],
        refuse: Refuse,
    ):
        self.rules, self.units, self.items, self.refuse = rules, units, items, refuse

    def facts(self, lines: Sequence[FactLine]) -> list[Fact]:
        """All facts, numbered in the order they are written."""
        found = [fact for n, line in enumerate(lines) for fact in self.fact(line, n)]
        self._references(lines, found)
        return [Fact(**{**fact.__dict__, "number": n}) for n, fact in enumerate(found, start=1)]

    def fact(self, line: FactLine, n: int) -> list[Fact]:
        """A fact, or as many as `times` says."""
        path: Place = ("facts", n)
        try:
            self.rules.words.kind(line.fact)
        except InvalidInput as error:
            self.refuse((*path, "fact"), error)
            return []
        if line.fact != WITHDRAWN and not 1 <= len(line.units) <= MAX_SHARERS:
            self.refuse(
                (*path, "units"), InvalidInput("事项的单位数不对", advice=f"请写 1 至 {MAX_SHARERS} 家")
            )
        attrs = self.attributes(line, path)
        name = line.id or f"{line.fact}-{n + 1}"
        copies = [name] if line.times == 1 else [f"{name}.{copy + 1}" for copy in range(line.times)]
        return [
            Fact(
                id=copy,
                kind=line.fact,
                on=line.on,
                units=tuple(part.unit for part in line.units),
                item=line.item if line.times == 1 else f"{line.item or name}.{copy}",
                attrs=attrs,
                title=line.title or str(self.items.get(line.item or "", {}).get("title", "")),
                reverses=line.reverses,
                persons=tuple(Contributor(p.person, p.role or "", p.weight, p.unit) for p in line.persons),
                parts=tuple(
                    Contributor(p.unit, p.role or "", p.weight)
                    for p in line.units
                    if p.role or p.weight is not None
                ),
                recorded=line.recorded,
            )
            for copy in copies
        ]

    def attributes(self, line: FactLine, path: Place) -> dict[str, Value]:
        """The fact's own attributes, and those of its item that its kind can carry."""
        words = self.rules.words
        kind = words.kind(line.fact)
        inherited = {
            name: value
            for name, value in self.items.get(line.item or "", {}).items()
            if (known := words.titled(name)) is not None and known.fits(line.fact)
        }
        found: dict[str, Value] = {}
        for name, written in {**inherited, **(line.model_extra or {})}.items():
            try:
                known = words.attribute(name, [line.fact])
                old = self.rules.renames.get(known.name, {})
                found[known.name] = str(written) if str(written) in old else words.value(known, written)
            except InvalidInput as error:
                self.refuse((*path, name), error)
        for each in kind.attributes:
            if (
                each.required
                and each.name not in found
                and not {each.name, each.title} & set(line.model_extra or {})
            ):
                advice = f"请补上“{each.name}: …”"
                self.refuse(path, InvalidInput(f"{kind.title}事项缺少“{each.title}”", advice=advice))
        return found

    def _references(self, lines: Sequence[FactLine], facts: Sequence[Fact]) -> None:
        """A withdrawal names a fact of the same file."""
        ids = [fact.id for fact in facts]
        for n, line in enumerate(lines):
            if line.fact == WITHDRAWN and line.reverses not in ids:
                advice = near(line.reverses, ids) or "请给被撤销的事项写上 id，再在 reverses 中引用"
                error = InvalidInput(f"被撤销的事项“{line.reverses or ''}”不在本用例中", advice=advice)
                self.refuse(("facts", n, "reverses"), error)

    def unit(self, name: str, n: int) -> UnitInfo:
        """A unit by its name; n is its official order."""
        line = self.units.get(name, UnitLine())
        groups = list(self.rules.groups)
        group = line.group or groups[0]
        matches = [each.id for each in self.rules.groups.values() if group in {each.id, each.title}]
        if not matches:
            advice = near(group, groups) or f"可选：{'、'.join(groups)}"
            self.refuse(("units", name, "group"), InvalidInput(f"参评分组“{group}”未定义", advice=advice))
        return UnitInfo(
            key=name,
            name=name,
            group=matches[0] if matches else groups[0],
            klass=self._class(line.klass, name),
            host=line.host,
            parent=line.parent,
            optional=line.optional,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            order=n,
            attributes=self._attributes(line, name),
        )

    def _class(self, written: str | None, name: str) -> str | None:
        known = self.rules.words.properties["class"]
        if written is None or not known.options:
            return written
        try:
            return str(self.rules.words.value(known, written))
        except InvalidInput as error:
            self.refuse(("units", name, "class"), error)
            return None

    def _attributes(self, line: UnitLine, name: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, written in {**line.attributes, **(line.model_extra or {})}.items():
            known = self.rules.words.titled(key)
            try:
                found[known.name if known else key] = (
                    self.rules.words.value(known, written) if known else written
                )
            except InvalidInput as error:
                self.refuse(("units", name, "attributes", key), error)
        return found


def people(facts: Sequence[Fact], units: Mapping[str, UnitInfo]) -> list[UnitInfo]:
    """The authors of some facts as accounts: each with group and class of the unit written with it (or of the fact's first)."""
    found: dict[str, UnitInfo] = {}
    for fact in facts:
        for person in fact.persons:
            home = units.get(person.unit or (fact.units[0] if fact.units else ""))
            if person.key not in found:
                found[person.key] = UnitInfo(
                    person.key, person.name, home.group if home else "", home.klass if home else None,
                    host=home.key if home else None, order=len(found), attributes=home.attributes if home else {},
                )  # fmt: skip
    return list(found.values())
