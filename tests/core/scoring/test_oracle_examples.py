"""The oracle against the examples of every bundled pack: what their authors worked out from the paper rules."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.scoring.values.periods import year_of
from tests.core.scoring.oracle import score
from tests.core.scoring.oracle.reading import as_day, calendar_of, yaml_of

PACKS = Path(__file__).parents[3] / "rulepacks"


def texts_of(folder):
    return {file.name: file.read_text("utf-8") for file in folder.glob("*.yaml")}


def examples():
    """Every example of every pack, with its units."""
    for file in sorted(PACKS.glob("*/tests/*.yaml")):
        data = yaml_of(file.read_text("utf-8"))
        whole = {"examples": data} if isinstance(data, list) else data
        for example in whole["examples"]:
            units = {**whole.get("units", {}), **example.get("units", {})}
            yield pytest.param(
                file.parents[1], units, example, id=f"{file.parents[1].name}: {example['name']}"
            )


def everybody(units, facts):
    """The units of an example; those only named by a fact belong to the first group."""
    named = [
        each if isinstance(each, str) else each["unit"] for fact in facts for each in fact.get("units", [])
    ]
    return (
        {**dict.fromkeys(named, {}), **units}
        if not units
        else {**units, **{n: units.get(n, {}) for n in named}}
    )


def exact(numbers):
    return {name: Fraction(value) for name, value in numbers.items()}


def period_of(example, texts):
    """The period asked for, else the scoring year of the last fact."""
    if "period" in example:
        return str(example["period"])
    last = max((as_day(fact["on"]) for fact in example["facts"]), default=date(2024, 1, 1))
    return year_of(calendar_of(yaml_of(texts["calendar.yaml"])), last).key


@pytest.mark.parametrize(("folder", "units", "example"), list(examples()))
def test_the_oracle_agrees_with_the_examples_of_bundled_packs(folder, units, example):
    texts, facts = texts_of(folder), example.get("facts", [])
    register = {"units": everybody(units, facts), "items": example.get("items", {}), "facts": facts}

    result = score(texts, register, period_of(example, texts))

    for account, value in example.get("points", {}).items():
        assert result["totals"][account]["score"] == Fraction(value), account
    for account, value in example.get("cumulative", {}).items():
        assert result["totals"][account]["cumulative"] == Fraction(value), account
    for unit, place in example.get("ranks", {}).items():
        assert result["places"][unit]["place"] == place, unit
    for unit, columns in example.get("measures", {}).items():
        numbers = result["measures"][unit] | result["components"][unit]
        assert {name: numbers[name] for name in columns} == exact(columns), unit
    for unit, columns in example.get("components", {}).items():
        assert {name: result["components"][unit][name] for name in columns} == exact(columns), unit
    for name, listed in example.get("lists", {}).items():
        assert result["lists"][name] == listed, name
    for name, winners in example.get("prizes", {}).items():
        assert result["prizes"][name]["winners"] == winners, name
    for block, key in (("fees", "paid"), ("persons", "persons")):
        for person, value in example.get(key, {}).items():
            assert result[block][person]["score"] == Fraction(value), person
    for unit, tasks in example.get("quotas", {}).items():
        for name, numbers in tasks.items():
            *_, task = [each for each in result["quotas"] if (each["unit"], each["task"]) == (unit, name)]
            assert {key: task[key] for key in numbers} == exact(numbers), unit
