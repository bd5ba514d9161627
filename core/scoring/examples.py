"""The named examples of a pack: facts in, points, places and counts out, run by the real engine.

- name: 两家单位联合报送，各得一半
  facts:
    - {fact: adopted, outlet: bulletin, item: A1, units: [甲县, 乙局], on: 2024-05-06}
  points: {甲县: 5, 乙局: 5}
"""

from collections.abc import Iterator

from core.packs.format import ExampleResult
from core.scoring.engine import score
from core.scoring.example_reading import Case
from core.scoring.fact import Entry
from core.scoring.measures import value_of
from core.scoring.points import exact, parse
from core.scoring.ranking import rank
from core.scoring.rules import Rules

Compared = Iterator[tuple[str, str, str]]


def run(case: Case, rules: Rules) -> ExampleResult:
    """Score one example and compare everything it promises."""
    entries = score(case.facts, rules, case.units, rules.calendar, case.period)
    lines = [*points(case, entries, rules), *places(case, entries, rules), *reasons(case, entries)]
    return ExampleResult(
        name=case.example.name,
        where=case.where,
        passed=all(expected == got for _, expected, got in lines),
        expected={label: expected for label, expected, _ in lines},
        got={label: got for label, _, got in lines},
        details=tuple(f"{entry.unit}：{entry.sentence}" for entry in entries),
    )


def points(case: Case, entries: list[Entry], rules: Rules) -> Compared:
    """Points of the period, points of the year so far, and the pack's own measures."""
    example = case.example
    wanted = [(unit, "得分", "score", value) for unit, value in example.points.items()]
    wanted += [(unit, "累计得分", "cumulative", value) for unit, value in example.cumulative.items()]
    for unit, columns in example.measures.items():
        wanted += [(unit, rules.measures[name].title, name, value) for name, value in columns.items()]
    for unit, title, column, value in wanted:
        got = value_of(column, [entry for entry in entries if entry.unit == unit], rules, case.period)
        counted = column in rules.measures and rules.measures[column].what != "points"
        yield f"{unit} {title}", exact(parse(value)), str(got) if counted else exact(got)


def places(case: Case, entries: list[Entry], rules: Rules) -> Compared:
    """Places inside the groups."""
    rows = {row.unit: row.place for row in rank(entries, case.units, rules, case.period)}
    for unit, place in case.example.ranks.items():
        yield f"{unit} 名次", str(place), str(rows.get(unit, "不参加排名"))


def reasons(case: Case, entries: list[Entry]) -> Compared:
    """Words that must appear in the sentences of a unit's entries."""
    for unit, parts in case.example.reasons.items():
        sentences = [entry.sentence for entry in entries if entry.unit == unit]
        for part in parts:
            yield f"{unit} 理由“{part}”", "有", "有" if any(part in each for each in sentences) else "无"
