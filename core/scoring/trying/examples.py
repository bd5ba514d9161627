"""The named examples of a pack: facts in, points, places and counts out, run by the real engine.

- name: 两家单位联合报送，各得一半
  facts:
    - {fact: adopted, outlet: bulletin, item: A1, units: [甲县, 乙局], on: 2024-05-06}
  points: {甲县: 5, 乙局: 5}
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from core.packs.content.format import ExampleResult
from core.scoring.engine.lines import plain
from core.scoring.results.outcome import Outcome, outcome_of
from core.scoring.rules.rule_book import Rules
from core.scoring.trying.example_reading import Case, Written
from core.scoring.values.fact import Entry, Row
from core.scoring.values.points import GRAINS, exact, number

Compared = Iterator[tuple[str, str, str]]


def run(case: Case, rules: Rules) -> ExampleResult:
    """Score one example and compare everything it promises."""
    outcome = outcome_of(case.facts, rules, case.units, case.period, case.people)
    entries = outcome.ledger.entries()
    lines = [
        *points(case, outcome), *numbers(case, outcome), *tasks(case, outcome), *places(case, outcome),
        *reasons(case, entries), *selections(case, outcome),
    ]  # fmt: skip
    return ExampleResult(
        name=case.example.name,
        where=case.where,
        passed=all(expected == got for _, expected, got in lines),
        expected={label: expected for label, expected, _ in lines},
        got={label: got for label, _, got in lines},
        details=tuple(f"{entry.unit}：{entry.sentence}" for entry in entries),
    )


def said(value: Any) -> str:
    """A plain number as text."""
    return "无" if value is None else exact(Fraction(value) * GRAINS)


def wanted(written: Written) -> str:
    """What an example promises, as text."""
    return said(number(written))


def points(case: Case, outcome: Outcome) -> Compared:
    """Points of the period, points of the year so far, personal points."""
    figures = outcome.standing.figures
    for block, title, column in (("points", "得分", "score"), ("cumulative", "累计得分", "cumulative")):
        for unit, value in getattr(case.example, block).items():
            yield f"{unit} {title}", wanted(value), exact(figures.total(unit, column))
    persons = outcome.persons
    for person, value in case.example.persons.items():
        got = exact(persons[1].figures.total(person, "score")) if persons else "规则没有个人得分"
        yield f"{person} 个人得分", wanted(value), got


def numbers(case: Case, outcome: Outcome) -> Compared:
    """Measures and components."""
    figures, rules = outcome.standing.figures, outcome.rules
    for block, known in (("measures", rules.measures), ("components", rules.components)):
        for unit, columns in getattr(case.example, block).items():
            for name, value in columns.items():
                got = figures.ask(name, unit, figures.spans.period)
                yield f"{unit} {known[name].title}", wanted(value), said(got)


def tasks(case: Case, outcome: Outcome) -> Compared:
    """What tasks came to in their last period."""
    ledger = outcome.ledger
    last = {}
    for line in range(ledger.tasks.first, len(ledger.lines)):
        task = ledger.tasks.get(line)
        if task is not None:
            last[ledger.facets.rows.accounts[task.account], ledger.rules.quotas[task.quota].id] = task, line
    for unit, promised in case.example.quotas.items():
        for name, promise in promised.items():
            found = last.get((unit, name))
            for key in ("done", "need", "missing", "extra", "points"):
                value = getattr(promise, key)
                if value is not None:
                    yield f"{unit} {name} {key}", wanted(value), _task(found, key, outcome)


def _task(found: Any, key: str, outcome: Outcome) -> str:
    if found is None:
        return "没有这项任务"
    task, line = found
    if key == "points":
        return exact(plain(outcome.ledger.lines.raw[line]))
    return said(getattr(task, key))


def places(case: Case, outcome: Outcome) -> Compared:
    """Places inside the groups, and in further rankings."""
    rows = {row.unit: row for row in outcome.standing.rows}

    def place(row: Row | None, ranking: str = "") -> str:
        if row is None:
            return "不参加排名"
        return str(row.places.get(ranking, "不参加排名") if ranking else row.place)

    for unit, wanted_place in case.example.ranks.items():
        yield f"{unit} 名次", str(wanted_place), place(rows.get(unit))
    for unit, columns in case.example.places.items():
        for ranking, wanted_place in columns.items():
            title = outcome.rules.rankings[ranking].title
            yield f"{unit} {title}", str(wanted_place), place(rows.get(unit), ranking)


def reasons(case: Case, entries: list[Entry]) -> Compared:
    """Words that must appear in the sentences of a unit's entries."""
    for unit, parts in case.example.reasons.items():
        sentences = [entry.sentence for entry in entries if entry.unit == unit]
        for part in parts:
            yield f"{unit} 理由“{part}”", "有", "有" if any(part in each for each in sentences) else "无"


def selections(case: Case, outcome: Outcome) -> Compared:
    """Who gets a prize, who is barred, who stands on a list."""
    example = case.example
    chosen = {prize.id: prize for prize in outcome.prizes} if example.prizes or example.barred else {}
    for name, keys in example.prizes.items():
        yield f"奖项“{chosen[name].title}”", "、".join(keys), "、".join(chosen[name].winners)
    for name, keys in example.barred.items():
        yield f"奖项“{chosen[name].title}”否决", "、".join(keys), "、".join(chosen[name].barred)
    for name, keys in example.lists.items():
        yield f"名单“{name}”", "、".join(keys), "、".join(outcome.lists[name])
