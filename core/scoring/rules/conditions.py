"""Conditions of rules over the declared words: read once, checked before anything runs, then plain tests.

In a pack a condition is a few lines, all of which must hold:

    when: {fact: adopted, outlet: bulletin}             # this outlet or anything inside it
    when: {fact: [adopted, sent_up], level: {">=": province}}
    when: {fact: adopted, form: {not: 简讯}, words: {">=": 800}}
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from core.errors import InvalidInput, near
from core.scoring.rules.vocabulary import Property, Vocabulary
from core.scoring.values.fact import Value

# How a rule looks at a name: at its value (None), or only at the side of a bound, the step, the set it lies in.
Probe = tuple[Literal["bound", "step", "set"], Any]
Probes = frozenset[Probe] | None
Uses = dict[str, Probes]
Operator = Literal["in", "not in", "<", "<=", ">", ">="]
Place = tuple[str | int, ...]
Report = Callable[[Place, InvalidInput], None]

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
KINDS_OF: Mapping[type, tuple[type, ...]] = {Fraction: (int, Fraction), date: (date,)}
OPERATORS = ("=", "in", "not", *COMPARE)
ALIKE = {"=>": ">=", "=<": "<=", "==": "=", "!=": "not", "<>": "not", "≥": ">=", "≤": "<="}


@dataclass(frozen=True)
class Test:
    """One thing a fact must satisfy; `words` say it to people."""

    attribute: str
    operator: Operator
    values: frozenset[Value] = frozenset()
    bound: Fraction | date = Fraction(0)
    words: str = ""

    def holds(self, attrs: Mapping[str, Value]) -> bool:
        """Whether a fact's attributes satisfy it; a missing attribute satisfies only “not in”."""
        value = attrs.get(self.attribute)
        if self.operator == "in":
            return value in self.values
        if self.operator == "not in":
            return value not in self.values
        return isinstance(value, KINDS_OF[type(self.bound)]) and COMPARE[self.operator](value, self.bound)

    @property
    def probes(self) -> Probes:
        """How it looks at the attribute; None when the value itself matters."""
        if self.operator in COMPARE:
            return frozenset([("bound", self.bound)]) if isinstance(self.bound, Fraction) else None
        if any(isinstance(value, Fraction) for value in self.values):
            return frozenset(("bound", value) for value in self.values)
        return frozenset([("set", self.values)])


@dataclass(frozen=True)
class Condition:
    """Kinds of fact and tests that must all hold; no kinds means any kind."""

    kinds: frozenset[str] = frozenset()
    tests: tuple[Test, ...] = ()

    def holds(self, kind: str, attrs: Mapping[str, Value]) -> bool:
        """Whether a fact of this kind with these attributes satisfies the condition."""
        return (not self.kinds or kind in self.kinds) and all(test.holds(attrs) for test in self.tests)

    @property
    def uses(self) -> Uses:
        """The attributes it reads, each with how it looks at them."""
        found: Uses = {}
        for test in self.tests:
            found[test.attribute] = merged(found.get(test.attribute, frozenset()), test.probes)
        return found

    def unmet(self, attrs: Mapping[str, Value]) -> list[Test]:
        """The tests that fail."""
        return [test for test in self.tests if not test.holds(attrs)]


def merged(one: Probes, other: Probes) -> Probes:
    """Both ways of looking; the value itself once one of them needs it."""
    return None if one is None or other is None else one | other


def read_condition(
    written: Mapping[str, Any],
    words: Vocabulary,
    report: Report,
    base: Place,
    extra: Mapping[str, Property] | None = None,
) -> Condition:
    """Compile what a pack wrote; everything wrong with it is reported and left out.

    `extra` are attributes that exist only here, such as a measure's `award`.
    """
    kinds = [
        kind for kind in listed(written.get("fact", [])) if _kind_known(kind, words, report, (*base, "fact"))
    ]
    tests: list[Test] = []
    for name, value in written.items():
        if name != "fact":
            with_place = (*base, name)
            try:
                known = (extra or {}).get(str(name)) or words.attribute(str(name), kinds)
                tests += read_tests(known, value, words)
            except InvalidInput as error:
                report(with_place, error)
    return Condition(frozenset(kinds), tuple(tests))


def _kind_known(kind: object, words: Vocabulary, report: Report, place: Place) -> bool:
    try:
        words.kind(kind)
    except InvalidInput as error:
        report(place, error)
        return False
    return True


def read_tests(known: Property, written: Any, words: Vocabulary) -> list[Test]:
    """The tests one line of a condition stands for: equal, one of, or compared."""
    if not isinstance(written, Mapping):
        return [_member(known, "in", listed(written), words)]
    if not written:
        raise InvalidInput("条件是空的", advice="请写出要求的值")
    return [_operated(known, str(sign), value, words) for sign, value in written.items()]


def _operated(known: Property, sign: str, value: Any, words: Vocabulary) -> Test:
    if sign not in OPERATORS:
        raise InvalidInput(
            f"比较符“{sign}”不认识",
            reason=f"可用：{'、'.join(OPERATORS)}",
            advice=near(ALIKE.get(sign, sign), OPERATORS) or "请改用其中之一，并加引号",
        )
    if sign not in COMPARE:
        return _member(known, "not in" if sign == "not" else "in", listed(value), words)
    if known.type == "level" or (known.type == "choice" and known.options):
        return _ranked(known, sign, value, words)
    bound = words.value(known, value)
    if known.type not in {"integer", "amount", "date"} or isinstance(bound, str | bool):
        raise InvalidInput(
            f"“{known.title}”不能比较大小",
            advice="只有数值、日期、层级和排了次序的选项能用大小比较，请改用等于或列表",
        )
    operator: Operator = sign  # type: ignore[assignment]
    said = f"{known.title}{SAID[sign]}{bound}"
    return Test(known.name, operator, bound=bound if isinstance(bound, date) else Fraction(bound), words=said)


def _ranked(known: Property, sign: str, value: Any, words: Vocabulary) -> Test:
    """Levels and options are declared from low to high, so a comparison is a list of them."""
    order = list(words.outlets.levels if known.type == "level" else known.options)
    bound = order.index(str(words.value(known, value)))
    chosen = [level for place, level in enumerate(order) if COMPARE[sign](place, bound)]
    return _member(known, "in", chosen, words)


def _member(known: Property, operator: Operator, written: Iterable[Any], words: Vocabulary) -> Test:
    named = [exact(words.value(known, each)) for each in written]
    if not named:
        raise InvalidInput("条件是空的", advice="请写出要求的值")
    said = "或".join(words.shown(known.name, each) for each in named)
    values = frozenset(named)
    if known.type == "outlet":
        values = frozenset[Value]().union(*(words.outlets.within(str(each)) for each in named))
    return Test(
        known.name, operator, values, words=f"{known.title}{'为' if operator == 'in' else '不是'}{said}"
    )


def exact(value: Value) -> Value:
    """Numbers as fractions, as the engine has them."""
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def listed(value: Any) -> list[Any]:
    """A value or a list of values, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


SAID = {"<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于"}
