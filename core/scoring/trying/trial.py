"""Try a pack on a file of facts: what everybody would get and why, as plain values. No database, no web.

The file (YAML or JSON) holds `units`, maybe `items`, `facts`, and maybe `period`; all numbers in the answer are exact text.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from core.errors import Findings, InvalidInput, PackError, YaoqingError
from core.packs.content.fields import Many, PackModel
from core.packs.content.format import Pack, Section
from core.packs.content.messages import validated
from core.packs.content.sections import Place
from core.scoring.results.outcome import Outcome, outcome_of
from core.scoring.rules.compile import compile_pack
from core.scoring.rules.fact_reading import FactLine, FactReader, UnitLine, people
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Entry, Fact, FactKind, Grains, Row, UnitInfo
from core.scoring.values.periods import Period, period_by_key, periods_of, year_of
from core.scoring.values.points import exact
from core.strict_yaml.loader import Document, Node, decode, load


def as_key(value: Any) -> Any:
    """A period may be written as a number: 2024."""
    return str(value) if type(value) is int else value


class FactsFile(PackModel):
    """A file of facts. Units and items may be a mapping by name, or a list with `name` (items: `id`)."""

    units: dict[str, UnitLine] = {}
    items: dict[str, dict[str, Any]] = {}
    facts: Many[FactLine] = ()
    period: Annotated[str | None, BeforeValidator(as_key)] = None

    @model_validator(mode="before")
    @classmethod
    def lists(cls, data: Any) -> Any:
        """Turn lists into mappings."""
        if not isinstance(data, dict):
            return data
        return {
            **data,
            **{
                key: by_name(data[key], name)
                for key, name in (("units", "name"), ("items", "id"))
                if key in data
            },
        }


def by_name(value: Any, name: str) -> Any:
    """A list of things with a name as a mapping; anything else as it is."""
    if not isinstance(value, list) or not all(isinstance(each, dict) and name in each for each in value):
        return value
    return {str(each[name]): {key: part for key, part in each.items() if key != name} for each in value}


def placed(document: Document, path: Place) -> Place:
    """A path by name, where units stand in a list, as a path by number."""
    listed = document.root.child(path[0]) if len(path) > 1 and path[0] == "units" else None
    if listed is None or not isinstance(listed.value, list):
        return path
    names = [str(each.get("name")) for each in listed.plain() if isinstance(each, dict)]
    return (path[0], names.index(str(path[1])), *path[2:]) if str(path[1]) in names else path


@dataclass(frozen=True)
class Trial:
    """What was tried: plain facts, accounts and the rule book; `outcome` is worked out of them."""

    pack: Pack
    rules: Rules
    facts: Sequence[Fact]
    units: Sequence[UnitInfo]
    people: Sequence[UnitInfo]
    period: Period
    outcome: Outcome = field(repr=False)


def tried(pack: Pack, kinds: Iterable[FactKind], raw: bytes, name: str, period: str | None = None) -> Trial:
    """Score a file of facts by a pack. Raises Findings or PackError with the places of what is wrong."""
    rules = compile_pack(pack, kinds)
    document = read(raw, name)
    parsed, errors = validated(FactsFile, document)
    if not isinstance(parsed, FactsFile):
        raise Findings(f"事项文件“{name}”有误", [*errors])
    found: list[YaoqingError] = [*errors]

    def refuse(path: Place, error: InvalidInput) -> None:
        where = document.where(placed(document, path))
        found.append(PackError(error.message, where=where, reason=error.reason, advice=error.advice))

    reader = FactReader(rules, parsed.units, parsed.items, refuse)
    facts = reader.facts(parsed.facts)
    names = list(dict.fromkeys([*parsed.units, *(unit for fact in facts for unit in fact.units)]))
    units = [reader.unit(key, n) for n, key in enumerate(names)]
    if found:
        raise Findings(f"事项文件“{name}”有误", found)
    authors = people(facts, {unit.key: unit for unit in units})
    wanted = period_of(rules, facts, period or parsed.period)
    outcome = outcome_of(facts, rules, units, wanted, authors)
    return Trial(pack, rules, facts, units, authors, wanted, outcome)


def read(raw: bytes, name: str) -> Document:
    """A file of facts; JSON may be as large as memory, YAML as large as a pack's files."""
    if not name.endswith(".json"):
        return load(raw, name)
    try:
        data = json.loads(decode(raw, name), parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        where = f"{name} 第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else name
        raise PackError("文件不合 JSON 写法", where=where, advice="请核对引号、逗号和括号") from error
    return Document(name, _node(data))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(each) for key, each in value.items()}, 0)
    return Node([_node(each) for each in value], 0) if isinstance(value, list) else Node(value, 0)


def period_of(rules: Rules, facts: Sequence[Fact], key: str | None) -> Period:
    """The period asked for, else the scoring year of the last fact."""
    if key is not None:
        return period_by_key(rules.calendar, key)
    if not facts:
        raise InvalidInput("文件中没有事项，也没有写明周期", advice="请写 facts，或用 --period 指定周期")
    return year_of(rules.calendar, max(fact.on for fact in facts))


def report(trial: Trial, sections: Iterable[Section] = ()) -> dict[str, Any]:
    """Everything a trial came to, with exact numbers as text ("5", "2.5", "10/3"); sections add what is theirs."""
    told = {
        section.name: section.tried(trial)
        for section in sections
        if section.tried and section.name in trial.pack.sections
    }
    return _scored(trial) | told


def _scored(trial: Trial) -> dict[str, Any]:
    outcome, rules = trial.outcome, trial.rules
    persons = outcome.persons
    return {
        "pack": rules.pack,
        "period": {"key": trial.period.key, "title": trial.period.title, "start": trial.period.start.isoformat(),
                   "end": trial.period.end.isoformat()},
        "units": [told_row(row, rules) for row in outcome.standing.rows],
        "totals": {unit.key: totals(outcome, unit.key) for unit in trial.units},
        "persons": [told_row(row, persons[0].rules) for row in persons[1].rows] if persons else [],
        "entries": [told_entry(entry) for entry in outcome.ledger.entries()],
        "person_entries": [told_entry(entry) for entry in persons[0].entries()] if persons else [],
        "quotas": quotas(outcome),
        "prizes": [
            {"id": p.id, "title": p.title, "winners": list(p.winners), "barred": {k: list(v) for k, v in p.barred.items()}}
            for p in outcome.prizes
        ],
        "lists": {name: list(keys) for name, keys in outcome.lists.items()},
    }  # fmt: skip


def told_row(row: Row, rules: Rules) -> dict[str, Any]:
    """A row of the ranking; measures are counts, or points where they add up points."""
    return {
        "name": row.name, "group": row.group, "place": row.place, "tied": row.tied, "score": exact(row.score),
        "before": exact(row.before), "cumulative": exact(row.cumulative),
        "measures": {n: exact(v) if rules.measures[n].is_amount else str(v) for n, v in row.measures.items()},
        "components": {n: amount(v) for n, v in row.components.items()},
        "places": dict(row.places),
    }  # fmt: skip


def amount(value: Grains | None) -> str | None:
    """Grains as exact text."""
    return None if value is None else exact(value)


def told_entry(entry: Entry) -> dict[str, Any]:
    """A line of the ledger."""
    return {
        "account": entry.unit, "item": entry.item, "fact": entry.fact, "kind": entry.kind, "award": entry.rule,
        "award_title": entry.rule_title, "basis": entry.basis, "stage": entry.stage, "raw": exact(entry.factors.raw),
        "ways": entry.factors.ways, "share": exact(entry.factors.share), "amount": exact(entry.amount),
        "day": entry.day.isoformat(), "period": entry.period, "year": entry.year, "status": entry.status,
        "sentence": entry.sentence,
    }  # fmt: skip


def totals(outcome: Outcome, key: str) -> dict[str, str]:
    """A unit's total in every period of the year that ends within the scored one."""
    figures, calendar = outcome.standing.figures, outcome.rules.calendar
    found = {}
    for period in periods_of(calendar, outcome.period.year_key):
        if period.end <= outcome.period.end:
            days = period.start.toordinal(), period.end.toordinal()
            found[period.key] = exact(figures.total_over(key, days))
    return found | {outcome.period.key: exact(figures.total(key, "score"))}


def quotas(outcome: Outcome) -> list[dict[str, Any]]:
    """What every task came to."""
    ledger = outcome.ledger
    found = []
    for line in range(ledger.tasks.first, len(ledger.lines)):
        task = ledger.tasks.get(line)
        if task is not None:
            quota = outcome.rules.quotas[task.quota]
            found.append(
                {"id": quota.id, "title": quota.title, "unit": ledger.facets.rows.accounts[task.account],
                 "period": task.period.key, "done": plain(task.done), "need": plain(task.need),
                 "missing": plain(task.missing), "extra": plain(task.extra), "met": task.met,
                 "amount": amount(ledger.amount_of(line))}
            )  # fmt: skip
    return found


def plain(value: Fraction) -> str:
    """A plain number as exact text."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
