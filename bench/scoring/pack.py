"""The rule document as small plain objects in whole numbers, which the rule engines are given in their own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vocab import code


@dataclass(frozen=True)
class Test:
    """An attribute compared with a number; `in` has several."""

    attribute: str
    op: str
    value: Any


@dataclass(frozen=True)
class AnyOf:
    """One of these conditions must hold."""

    conditions: tuple["Condition", ...]


Condition = tuple["Test | AnyOf", ...]


@dataclass(frozen=True)
class Table:
    """Thousandths of a point by the values of attributes."""

    attributes: tuple[str, ...]
    rows: tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True)
class Steps:
    """base + each × min(attribute ÷ size, most), in thousandths."""

    base: int
    each: int
    attribute: str
    size: int
    most: int


@dataclass(frozen=True)
class Cases:
    """The first condition that holds decides."""

    cases: tuple[tuple[Condition, "Value"], ...]


Value = int | Table | Steps | Cases


@dataclass(frozen=True)
class Rule:
    """One rule; `number` counts from 1 in the document's order."""

    number: int
    id: str
    ladder: str
    kind: int
    when: Condition
    points: Value


@dataclass(frozen=True)
class Cap:
    """What these rules give a unit in so many months is held within a limit (thousandths, negative for deductions)."""

    rules: frozenset[int]
    months: int
    limit: int


@dataclass(frozen=True)
class Pack:
    """The document as the peers need it."""

    ladders: list[dict[str, str]]
    rules: list[Rule]
    caps: list[Cap]
    need: list[int]
    missing: list[int]
    tiebreaks: list[tuple[int, Condition]]
    fee_rules: frozenset[int]
    fee_rates: list[int]
    fee_floor: int
    fee_cap: int


def thousandths(points: str) -> int:
    """A number of at most three decimals as a whole number."""
    return _whole(Fraction(points) * 1000)


def parse(source: dict[str, Any]) -> Pack:
    """Read a document."""
    rules = [_rule(number, rule) for number, rule in enumerate(source["rules"], 1)]
    named = {rule.id: rule.number for rule in rules}
    of = {
        ladder["id"]: frozenset(r.number for r in rules if r.ladder == ladder["id"])
        for ladder in source["ladders"]
    }
    caps = [
        Cap(
            of[cap["ladder"]] if "ladder" in cap else frozenset(named[name] for name in cap["rules"]),
            cap["months"],
            thousandths(cap["limit"]),
        )
        for cap in source["caps"]
    ]
    quota, fees = source["quota"], source["fees"]
    rates = [0] * 9
    for outlet, yuan in fees["per_point"].items():
        rates[code("outlet", outlet)] = fen(yuan)
    return Pack(
        ladders=source["ladders"],
        rules=rules,
        caps=caps,
        need=list(quota["need"].values()),
        missing=[thousandths(points) for points in quota["each_missing"].values()],
        tiebreaks=[(code("kind", one["kind"]), condition(one["when"])) for one in source["tiebreaks"]],
        fee_rules=of[fees["ladder"]],
        fee_rates=rates,
        fee_floor=fen(fees["floor"]),
        fee_cap=fen(fees["cap"]),
    )


def fen(yuan: str) -> int:
    """Yuan in hundredths."""
    return _whole(Fraction(yuan) * 100)


def _rule(number: int, rule: dict[str, Any]) -> Rule:
    tests = condition(rule["when"])
    if "from" in rule:
        first = (date.fromisoformat(rule["from"]) - date(1970, 1, 1)).days
        tests = (*tests, Test("day", ">=", first))
    return Rule(number, rule["id"], rule["ladder"], code("kind", rule["kind"]), tests, _value(rule["points"]))


def condition(when: dict[str, Any]) -> Condition:
    """A condition of the document as tests that must all hold."""
    return tuple(_tests(when))


def _tests(when: dict[str, Any]) -> Iterator[Test | AnyOf]:
    for name, wanted in when.items():
        if name == "any":
            yield AnyOf(tuple(condition(one) for one in wanted))
        elif isinstance(wanted, dict):
            for op, word in wanted.items():
                yield Test(name, op, code(name, word))
        elif isinstance(wanted, list):
            yield Test(name, "in", tuple(code(name, word) for word in wanted))
        else:
            yield Test(name, "==", code(name, wanted))


def _value(points: Any) -> Value:
    if isinstance(points, str):
        return thousandths(points)
    if "cases" in points:
        return Cases(tuple((condition(when), _value(then)) for when, then in points["cases"]))
    if "table" in points:
        names, times = tuple(points["table"]), Fraction(points.get("times", "1"))
        return Table(
            names,
            tuple(
                (
                    tuple(code(name, word) for name, word in zip(names, keys, strict=True)),
                    _whole(Fraction(worth) * times * 1000),
                )
                for *keys, worth in points["rows"]
            ),
        )
    attribute, size = points["per"]
    return Steps(thousandths(points["base"]), thousandths(points["each"]), attribute, size, points["at_most"])


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise ValueError(f"{number} 不是整数")
    return number.numerator
