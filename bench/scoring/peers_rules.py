"""Rule engines one would take instead: each is asked per row and rule, everything after that is `finish.py` for all.

An engine says only whether a rule applies and how many thousandths of a point it gives; none of them shares points, keeps
the best, holds caps or ranks. They get whole numbers for words, which spares them comparing texts, and only rules of the
row's kind. Each comes as a function from the pack to two makers: of a condition's and of a value's evaluator.
"""

import sqlite3
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from finish import KIND, Hit, Row, finish
from pack import AnyOf, Cases, Condition, Pack, Steps, Table, Test, Value
from results import Tables
from vocab import ATTRIBUTES, COLUMNS

Run = Callable[[], Callable[[], Tables]]
Facts = dict[str, int]
Evaluator = Callable[[Facts], Any]
Makers = tuple[Callable[[Condition], Evaluator], Callable[[Value], Evaluator]]
PLACES = [(name, COLUMNS.index(name)) for name in ATTRIBUTES]


def peer(engine: Callable[[], Makers], path: Path, pack: Pack) -> Run:
    """One pass: read the rows, ask the engine, finish. Compiling the rules happens before."""
    condition, value = engine()
    plan = [_plan(pack, kind, condition, value) for kind in range(6)]
    counters = [_of_row(condition(test)) for _, test in pack.tiebreaks]

    def run() -> Callable[[], Tables]:
        with sqlite3.connect(path) as store:
            rows = store.execute(f"SELECT {', '.join(COLUMNS)} FROM event").fetchall()
            units = store.execute("SELECT unit, office, ugroup FROM unit").fetchall()
        found = finish(pack, _match(plan, rows), rows, units, counters)
        return lambda: found

    return run


def _plan(pack: Pack, kind: int, condition: Any, value: Any) -> list[tuple[bool, list[Any]]]:
    """The ladders that look at a kind: whether the first hit ends them, and their rules."""
    found = []
    for ladder in pack.ladders:
        rules = [rule for rule in pack.rules if rule.ladder == ladder["id"] and rule.kind == kind]
        made = [(rule.number, condition(rule.when), value(rule.points)) for rule in rules]
        if made:
            found.append((ladder["hit"] == "first", made))
    return found


def _match(plan: list[list[tuple[bool, list[Any]]]], rows: list[Row]) -> list[Hit]:
    hits = []
    for row in rows:
        facts = {name: row[place] for name, place in PLACES}
        for first, rules in plan[row[KIND]]:
            for number, applies, points in rules:
                if applies(facts):
                    hits.append((row, number, int(points(facts))))
                    if first:
                        break
    return hits


def _of_row(evaluator: Evaluator) -> Callable[[Row], Any]:
    return lambda row: evaluator({name: row[place] for name, place in PLACES})


# ---- texts ----------------------------------------------------------------------------------------------------------


class Wording:
    """How an expression language writes the pack's conditions and values."""

    both, either, yes = " and ", " or ", "true"

    def condition(self, tests: Condition) -> str:
        """All tests, or the word for "always"."""
        return self.both.join(self.test(test) for test in tests) or self.yes

    def test(self, test: Test | AnyOf) -> str:
        """One test in brackets."""
        if isinstance(test, AnyOf):
            return f"({self.either.join(f'({self.condition(one)})' for one in test.conditions)})"
        value = list(test.value) if test.op == "in" else test.value
        return f"({test.attribute} {test.op} {value})"

    def value(self, value: Value) -> str:
        """Thousandths of a point."""
        if isinstance(value, Steps):
            steps = self.smaller(self.divided(value.attribute, value.size), value.most)
            return f"({value.base} + {value.each} * {steps})"
        if isinstance(value, int):
            return f"({value})"
        if isinstance(value, Table):
            cases = [
                (tuple(Test(a, "==", k) for a, k in zip(value.attributes, keys, strict=True)), worth)
                for keys, worth in value.rows
            ]
        else:
            cases = value.cases
        text = "0"
        for when, then in reversed(cases):
            text = self.chosen(self.condition(when), self.value(then), text)
        return text

    def chosen(self, when: str, then: str, otherwise: str) -> str:
        """One of two values."""
        return f"({when} ? {then} : {otherwise})"

    def smaller(self, one: str, limit: int) -> str:
        """The smaller of a value and a limit."""
        return f"({one} < {limit} ? {one} : {limit})"

    def divided(self, attribute: str, size: int) -> str:
        """Whole-number division."""
        return f"({attribute} / {size})"


class Cel(Wording):
    """Google's Common Expression Language."""

    both, either = " && ", " || "


class Zen(Wording):
    """GoRules ZEN: numbers are decimals."""

    def smaller(self, one: str, limit: int) -> str:
        return f"min([{one}, {limit}])"

    def divided(self, attribute: str, size: int) -> str:
        return f"floor({attribute} / {size})"


class Python(Wording):
    """Python's own expressions."""

    yes = "True"

    def chosen(self, when: str, then: str, otherwise: str) -> str:
        return f"({then} if {when} else {otherwise})"

    def smaller(self, one: str, limit: int) -> str:
        return f"min({one}, {limit})"

    def divided(self, attribute: str, size: int) -> str:
        return f"({attribute} // {size})"


# ---- engines --------------------------------------------------------------------------------------------------------


def python() -> Makers:
    """No engine: the rules as compiled Python, to see what an engine adds."""
    words = Python()

    def made(text: str) -> Evaluator:
        for name in ATTRIBUTES:
            text = text.replace(f"({name} ", f"(facts['{name}'] ")
        return eval(f"lambda facts: {text}")

    return (lambda tests: made(words.condition(tests))), (lambda value: made(words.value(value)))


def zen() -> Makers:
    """zen-engine: expressions compiled once."""
    library = import_module("zen")
    words = Zen()

    def made(text: str) -> Evaluator:
        return library.compile_expression(text).evaluate

    return (lambda tests: made(words.condition(tests))), (lambda value: made(words.value(value)))


def cel() -> Makers:
    """common-expression-language: CEL in Rust, programs compiled once."""
    library = import_module("cel")
    words = Cel()

    def made(text: str) -> Evaluator:
        return library.compile(text).execute

    return (lambda tests: made(words.condition(tests))), (lambda value: made(words.value(value)))


def cel_python() -> Makers:
    """cel-python: CEL in Python, programs compiled once; given only the attributes an expression names."""
    celpy = import_module("celpy")
    integer = celpy.celtypes.IntType
    words = Cel()
    environment = celpy.Environment(annotations=dict.fromkeys(ATTRIBUTES, integer))

    def made(text: str) -> Evaluator:
        program = environment.program(environment.compile(text))
        names = [name for name in ATTRIBUTES if f"({name} " in text]
        return lambda facts: program.evaluate({name: integer(facts[name]) for name in names})

    return (lambda tests: made(words.condition(tests))), (lambda value: made(words.value(value)))


def json_logic() -> Makers:
    """json-logic-qubit: JsonLogic documents, interpreted."""
    evaluate = import_module("json_logic").jsonLogic

    def made(logic: Any) -> Evaluator:
        return lambda facts: evaluate(logic, facts)

    return (lambda tests: made(_logic_of(tests))), (lambda value: made(_logic_value(value)))


def business_rules() -> Makers:
    """business-rules: conditions in its JSON. It has no expressions for values, so those are compiled Python."""
    run_all = import_module("business_rules").run_all
    library = import_module("business_rules.actions")
    kinds = import_module("business_rules.variables")

    def getter(name: str) -> Any:
        def read(self: Any) -> int:
            return self.facts[name]

        read.__name__ = name
        return kinds.numeric_rule_variable(read)

    def begin(self: Any, facts: Facts) -> None:
        self.facts = facts

    members = {name: getter(name) for name in ATTRIBUTES} | {"__init__": begin}
    variables = type("Variables", (kinds.BaseVariables,), members)

    class Actions(library.BaseActions):
        @library.rule_action()
        def hit(self) -> None:
            """Nothing to do: `run_all` says whether a rule applied."""

    actions = Actions()

    def condition(tests: Condition) -> Evaluator:
        if not tests:
            return lambda facts: True
        rule = {"conditions": _business_of(tests), "actions": [{"name": "hit", "params": {}}]}
        return lambda facts: run_all([rule], variables(facts), actions)

    return condition, python()[1]


def _logic_of(tests: Condition) -> Any:
    parts = [_logic_test(test) for test in tests]
    return True if not parts else parts[0] if len(parts) == 1 else {"and": parts}


def _logic_test(test: Test | AnyOf) -> Any:
    if isinstance(test, AnyOf):
        return {"or": [_logic_of(one) for one in test.conditions]}
    value = list(test.value) if test.op == "in" else test.value
    return {test.op: [{"var": test.attribute}, value]}


def _logic_value(value: Value) -> Any:
    if isinstance(value, int):
        return value
    if isinstance(value, Steps):
        read = {"var": value.attribute}
        count = {"/": [{"-": [read, {"%": [read, value.size]}]}, value.size]}
        return {"+": [value.base, {"*": [value.each, {"min": [count, value.most]}]}]}
    branches: list[Any] = []
    if isinstance(value, Cases):
        for when, then in value.cases:
            branches += [_logic_of(when), _logic_value(then)]
    else:
        for keys, worth in value.rows:
            tests = (Test(name, "==", key) for name, key in zip(value.attributes, keys, strict=True))
            branches += [_logic_of(tuple(tests)), worth]
    return {"if": [*branches, 0]}


OPERATORS = {
    "==": "equal_to", "<": "less_than", "<=": "less_than_or_equal_to", ">": "greater_than",
    ">=": "greater_than_or_equal_to",
}  # fmt: skip


def _business_of(tests: Condition) -> dict[str, Any]:
    return {"all": [_business_test(test) for test in tests]}


def _business_test(test: Test | AnyOf) -> dict[str, Any]:
    if isinstance(test, AnyOf):
        return {"any": [_business_of(one) for one in test.conditions]}
    if test.op == "in":
        return {"any": [_business_test(Test(test.attribute, "==", value)) for value in test.value]}
    return {"name": test.attribute, "operator": OPERATORS[test.op], "value": test.value}


ENGINES: dict[str, Callable[[], Makers]] = {
    "python": python,
    "zen-engine": zen,
    "cel": cel,
    "cel-python": cel_python,
    "json-logic": json_logic,
    "business-rules": business_rules,
}
