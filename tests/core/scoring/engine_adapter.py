"""The one place where the comparison with the oracle touches the engine."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.packs.content.format import load_files
from core.scoring.engine.booking import Closing
from core.scoring.engine.stages import score
from core.scoring.results.outcome import outcome_of
from core.scoring.results.ranking import rank
from core.scoring.rules.compile import compile_pack
from core.scoring.rules.fact_reading import people
from core.scoring.section import all_kinds, pack_sections
from core.scoring.values.fact import Attribute, Contributor, Fact, FactKind, UnitInfo
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import GRAINS

INSTRUCTED = FactKind(
    "instructed",
    "领导批示",
    (
        Attribute("leader", "领导类别", "choice", required=True),
        Attribute("level", "批示层级", "level"),
        Attribute("carrier", "批示载体", "outlet"),
    ),
)


def rules_of(texts):
    """The compiled rules of a pack."""
    files = {name: text.encode() for name, text in texts.items()}
    return compile_pack(load_files(files, pack_sections([INSTRUCTED])), all_kinds([INSTRUCTED]))


def by_engine(case, facts=None):
    """Everything the engine makes of a case, in points; `facts` instead of those of its register."""
    rules = rules_of(case.texts)
    register = case.register if facts is None else {**case.register, "facts": facts}
    units, period = units_of(register, rules), period_by_key(rules.calendar, case.period)
    listed = facts_of(register, rules)
    authors = people(listed, {unit.key: unit for unit in units})
    outcome = outcome_of(listed, rules, units, period, authors, closings_of(register))
    entries = outcome.ledger.entries()
    if not register["closings"]:
        assert entries == score(listed, rules, units, rules.calendar, period)
    return {
        "entries": [entry_of(entry) for entry in entries],
        "rows": {row.unit: row_of(row, rules) for row in rank(entries, units, rules, period)},
        "persons": persons_of(outcome),
        "prizes": {
            prize.id: {"winners": list(prize.winners), "barred": set(prize.barred)}
            for prize in outcome.prizes
        },
        "lists": outcome.lists,
        "groups": {unit.key: unit.group for unit in units},
    }


def closings_of(register):
    return [
        Closing(each["start"].toordinal(), each["end"].toordinal(), each["after"])
        for each in register["closings"]
    ]


def persons_of(outcome):
    """Score, before and cumulative of every author."""
    if outcome.persons is None:
        return {}
    figures = outcome.persons[1].figures
    return {
        person.key: {
            what: points_of(figures.total(person.key, what)) for what in ("score", "before", "cumulative")
        }
        for person in outcome.people
    }


def points_of(grains):
    return Fraction(grains, GRAINS)


def entry_of(entry):
    """An entry under the names the oracle uses."""
    return {
        "account": entry.unit,
        "fact": "" if entry.kind == "task" else entry.fact,
        "award": entry.rule,
        "value": points_of(entry.factors.raw),
        "amount": points_of(entry.amount),
        "status": entry.status,
        "credited": entry.day,
    }


def row_of(row, rules):
    return {
        "place": row.place,
        "tied": row.tied,
        "further": dict(row.places),
        "score": points_of(row.score),
        "before": points_of(row.before),
        "cumulative": points_of(row.cumulative),
        "measures": {
            name: points_of(each) if in_grains(name, rules) else Fraction(each)
            for name, each in row.measures.items()
        },
        "components": {
            name: None if each is None else points_of(each) for name, each in row.components.items()
        },
    }


def in_grains(name, rules):
    """Whether a measure is of points, or of another number with decimals."""
    return rules.measures[name].is_amount


def units_of(register, rules):
    return [
        unit_of(name, line or {}, order, rules)
        for order, (name, line) in enumerate(register["units"].items())
    ]


def unit_of(name, line, order, rules):
    groups = {key: key for key in rules.groups} | {each.title: key for key, each in rules.groups.items()}
    return UnitInfo(
        key=name,
        name=name,
        group=groups[line["group"]],
        klass=line.get("class"),
        host=line.get("host"),
        parent=line.get("parent"),
        optional=line.get("optional", False),
        valid_from=day_of(line.get("from")),
        valid_to=day_of(line.get("to")),
        order=order,
        attributes=line.get("attributes", {}),
    )


def day_of(written):
    return date.fromisoformat(written) if isinstance(written, str) else written


OWN = {"fact", "on", "id", "item", "units", "persons", "recorded", "reverses"}


def facts_of(register, rules):
    return [fact_of(line, rules) for line in register["facts"]]


def fact_of(line, rules):
    sharers = [contributor(each, "unit") for each in line.get("units", [])]
    return Fact(
        line["id"],
        line["fact"],
        day_of(line["on"]),
        tuple(each.key for each in sharers),
        line.get("item"),
        {name: value_of(name, value, rules) for name, value in line.items() if name not in OWN},
        reverses=line.get("reverses"),
        persons=tuple(contributor(each, "person") for each in line.get("persons", [])),
        parts=tuple({each.key: each for each in reversed(sharers)}.values()),
        recorded=day_of(line.get("recorded")),
    )


def contributor(written, key):
    line = {key: written} if isinstance(written, str) else written
    weight = line.get("weight")
    return Contributor(
        line[key],
        line.get("role", ""),
        Decimal(weight) if weight is not None else None,
        line.get("unit") if key == "person" else None,
    )


def value_of(name, written, rules):
    """A value as the register holds it: words by id; a word that only old rules know stays as it is."""
    known = rules.words.properties[name]
    words = (
        {title: key for key, title in rules.words.words(known).items()} if isinstance(written, str) else {}
    )
    return words.get(written, written)
