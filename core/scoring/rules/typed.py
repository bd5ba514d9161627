"""Formulas checked against the declared words and turned into plain functions: nothing undefined ever runs.

compiled = check(parse("字数 >= 800 且 刊物 属于 ['要情']", scope.names), scope)
compiled.run({"words": 900, "outlet": "zwyq"})            # True
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from core.errors import InvalidInput, near
from core.scoring.rules import formula
from core.scoring.rules.conditions import Probe, Uses
from core.scoring.rules.formula import Call, FormulaError, Name, Node
from core.scoring.rules.vocabulary import Property, Vocabulary

Type = Literal["number", "flag", "text", "date", "word"]
Env = Mapping[str, Any]
Run = Callable[[Any], Any]

TYPE_OF: Mapping[str, Type] = {
    "outlet": "word", "level": "word", "choice": "word", "text": "text", "integer": "number", "amount": "number",
    "flag": "flag", "date": "date",
}  # fmt: skip
SAID: Mapping[Type, str] = {
    "number": "数值", "flag": "是或否", "text": "文字", "date": "日期", "word": "选项",
}  # fmt: skip
SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}  # fmt: skip
# In a table: whatever value no other row names, also a missing one.
OTHERS = "*"
GROUP_WIDE = ("best", "worst", "average", "sum_of", "count_of")


@dataclass(frozen=True)
class TableValues:
    """A lookup table: rows by date of force; with `steps` the last key is a lower bound."""

    id: str
    title: str
    keys: tuple[str, ...]
    versions: tuple[tuple[date, Mapping[tuple[Any, ...], Any]], ...]
    steps: bool = False
    default: Fraction | None = None

    def look_up(self, keys: Sequence[Any], day: date) -> Fraction | None:
        """The amount for key values on a day."""
        started = [rows for start, rows in self.versions if start <= day]
        if not started:
            return self.default
        if not self.steps:
            found: Fraction | None = self._row(started[-1], keys, self.default)
            return found
        if keys[-1] is None:
            return self.default
        bands = self._row(started[-1], keys[:-1], ())
        reached = [amount for bound, amount in bands if bound <= keys[-1]]
        return reached[-1] if reached else self.default

    @staticmethod
    def _row(rows: Mapping[tuple[Any, ...], Any], keys: Sequence[Any], otherwise: Any) -> Any:
        """The row of these keys, else the one with the fewest “any other” in place of them."""
        if tuple(keys) in rows:
            return rows[tuple(keys)]
        for mask in sorted(range(1, 1 << len(keys)), key=lambda mask: (mask.bit_count(), mask)):
            wanted = tuple(OTHERS if mask >> n & 1 else key for n, key in enumerate(keys))
            if wanted in rows:
                return rows[wanted]
        return otherwise

    @cached_property
    def bounds(self) -> frozenset[Fraction]:
        """The bounds of all bands."""
        return frozenset(bound for _, rows in self.versions for bands in rows.values() for bound, _ in bands)


@dataclass(frozen=True)
class Scope:
    """What formulas in some place may speak of: words by id, tables, and whether a group can be looked at."""

    words: Vocabulary
    terms: Mapping[str, Property]
    tables: Mapping[str, TableValues] = field(default_factory=dict)
    group_wide: bool = False

    @cached_property
    def by_name(self) -> dict[str, Property]:
        """Terms by id and, where no id says otherwise, by title."""
        titles = {term.title: term for term in reversed(list(self.terms.values()))}
        return {**titles, **self.terms}

    def read(self, text: str) -> "Formula":
        """A formula from its text. Raises FormulaError with the place of the character."""
        run = _Checker(self)
        tables = {name for table in self.tables.values() for name in (table.id, table.title)}
        found = run.node(formula.parse(text, {*self.by_name, *tables}))
        return Formula(text, found.type, found.run, run.uses)


@dataclass(frozen=True)
class Formula:
    """A checked formula. `uses`: names it reads, each with how it is looked at (None: its value)."""

    text: str
    type: Type
    run: Run = field(compare=False, repr=False)
    uses: Uses = field(compare=False, repr=False)


@dataclass(frozen=True)
class _Typed:
    type: Type
    run: Run
    term: Property | None = None
    literal: Any = None


class _Checker:
    """Walks the tree once, finds out types, and builds the function from the inside out."""

    def __init__(self, scope: Scope):
        self.scope, self.uses = scope, Uses()

    def node(self, node: Node) -> _Typed:
        if isinstance(node, formula.Literal):
            value = node.value
            kind: Type = "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
            return _Typed(kind, lambda env: value, literal=value)
        if isinstance(node, Name):
            return self.name(node, None)
        if node.name in formula.COMPARISONS:
            return self.comparison(node)
        if node.name in ("in", "not in"):
            return self.membership(node)
        found: _Typed = getattr(self, "do_" + WAYS.get(node.name, node.name))(node)
        return found

    def term(self, node: Name) -> Property:
        term = self.scope.by_name.get(node.text)
        if term is None:
            names = list(self.scope.by_name)
            advice = (
                near(node.text, names)
                or f"可用：{'、'.join(t.title for t in self.scope.terms.values())[:120]}"
            )
            raise FormulaError(
                f"“{node.text}”未定义", node.at, "公式只能使用已声明的名称；文字请加引号", advice
            )
        return term

    def name(self, node: Name, probes: Iterable[Probe] | None) -> _Typed:
        """A name; one that is only compared with constants needs no more than the side it lies on."""
        term = self.term(node)
        key = term.name
        if probes is None or (key in self.uses and self.uses[key] is None):
            self.uses[key] = None
        else:
            self.uses[key] = (self.uses.get(key) or frozenset()) | frozenset(probes)
        return _Typed(TYPE_OF[term.type], lambda env: env[key], term)

    def wanted(self, node: Node, *types: Type) -> _Typed:
        found = self.node(node)
        if found.type not in types:
            wanted = "或".join(SAID[each] for each in types)
            raise FormulaError(f"此处应为{wanted}", node.at, f"现为{SAID[found.type]}", "请核对公式")
        return found

    # ---- comparisons ----

    def comparison(self, node: Call) -> _Typed:
        left, right = node.parts
        if isinstance(left, formula.Literal) and not isinstance(right, formula.Literal):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self.comparison(Call(mirrored.get(node.name, node.name), (right, left), node.at))
        if isinstance(left, Name) and isinstance(right, formula.Literal):
            return self.against(node, left, right)
        one, other = self.node(left), self.node(right)
        if one.type != other.type:
            raise FormulaError(
                "两边不是同一种值", node.at, f"{SAID[one.type]}与{SAID[other.type]}不能比较", "请核对公式"
            )
        return self.compared(node, one, other)

    def compared(self, node: Call, one: _Typed, other: _Typed) -> _Typed:
        if node.name not in ("=", "!=") and one.type not in ("number", "date"):
            raise FormulaError(f"{SAID[one.type]}不能比较大小", node.at, "", "请改用 = 或 in")
        if node.name == "!=":
            return _Typed("flag", lambda env: one.run(env) != other.run(env) or one.run(env) is None)
        test, first, second = SIGNS[node.name], one.run, other.run

        def run(env: Any) -> bool:
            a, b = first(env), second(env)
            return a is not None and b is not None and test(a, b)

        return _Typed("flag", run)

    def against(self, node: Call, left: Name, right: formula.Literal) -> _Typed:
        """A name against a constant: words by their id, outlets with all inside, ranks by their order."""
        term = self.term(left)
        kind = TYPE_OF[term.type]
        if kind == "number" and isinstance(right.value, Fraction):
            one = self.name(left, [("bound", right.value)])
            return self.compared(node, one, self.node(right))
        if kind != "word":
            return self.compared(
                node, self.name(left, None), self.day(right) if kind == "date" else self.wanted(right, kind)
            )
        if node.name in ("=", "!="):
            chosen = self.values(term, right)
            return self.member(self.name(left, [("set", chosen)]), chosen, node.name == "!=")
        order = self.ranks(term, node)
        bound = order.index(str(self.value(term, right)))
        chosen = frozenset(word for place, word in enumerate(order) if SIGNS[node.name](place, bound))
        return self.member(self.name(left, [("set", chosen)]), chosen, False)

    def ranks(self, term: Property, node: Call) -> list[str]:
        order = list(self.scope.words.outlets.levels if term.type == "level" else term.options)
        if term.type == "outlet" or not order:
            raise FormulaError(f"“{term.title}”不能比较大小", node.at, "", "请改用 = 或 in")
        return order

    def day(self, node: formula.Literal) -> _Typed:
        try:
            value = date.fromisoformat(str(node.value))
        except ValueError:
            raise FormulaError(
                "此处应为日期", node.at, f"现为“{node.value}”", "请写成 '2024-05-06'"
            ) from None
        return _Typed("date", lambda env: value)

    def value(self, term: Property, node: formula.Literal) -> Any:
        try:
            return self.scope.words.value(term, node.value)
        except InvalidInput as error:
            raise FormulaError(error.message, node.at, error.reason, error.advice) from None

    def values(self, term: Property, node: formula.Literal) -> frozenset[Any]:
        found = self.value(term, node)
        return self.scope.words.outlets.within(str(found)) if term.type == "outlet" else frozenset([found])

    @staticmethod
    def member(one: _Typed, chosen: frozenset[Any], negated: bool) -> _Typed:
        run = one.run
        return _Typed("flag", lambda env: (run(env) in chosen) != negated)

    def membership(self, node: Call) -> _Typed:
        left, *listed = node.parts
        negated = node.name == "not in"
        if not all(isinstance(each, formula.Literal) for each in listed):
            raise FormulaError("方括号里只能写固定的值", node.at, "", "文字请加引号")
        literals = [each for each in listed if isinstance(each, formula.Literal)]
        if isinstance(left, Name) and TYPE_OF[self.term(left).type] == "word":
            term = self.term(left)
            chosen = frozenset[Any]().union(*(self.values(term, each) for each in literals))
            return self.member(self.name(left, [("set", chosen)]), chosen, negated)
        numbers: list[Probe] = [
            ("bound", each.value) for each in literals if isinstance(each.value, Fraction)
        ]
        one = self.name(left, numbers) if isinstance(left, Name) and numbers else self.node(left)
        for each in literals:
            self.wanted(each, one.type)
        return self.member(one, frozenset(each.value for each in literals), negated)

    # ---- operators ----

    def do_or(self, node: Call) -> _Typed:
        a, b = (self.wanted(part, "flag").run for part in node.parts)
        return _Typed("flag", lambda env: bool(a(env)) or bool(b(env)))

    def do_and(self, node: Call) -> _Typed:
        a, b = (self.wanted(part, "flag").run for part in node.parts)
        return _Typed("flag", lambda env: bool(a(env)) and bool(b(env)))

    def do_not(self, node: Call) -> _Typed:
        a = self.wanted(node.parts[0], "flag").run
        return _Typed("flag", lambda env: not a(env))

    def do_calculated(self, node: Call) -> _Typed:
        if node.name == "-":
            one, other = self.node(node.parts[0]), self.node(node.parts[1])
            if one.type == other.type == "date":
                return _Typed("number", _known(lambda a, b: (a - b).days, [one.run, other.run]))
        if node.name == "floor" and (stepped := self.stepped(node.parts[0])) is not None:
            return stepped
        runs = [self.wanted(part, "number").run for part in node.parts]
        return _Typed("number", _known(CALCULATIONS[node.name], runs))

    def stepped(self, part: Node) -> _Typed | None:
        """`floor(name / 100)`: only the step matters in which the number lies."""
        if not (isinstance(part, Call) and part.name == "/" and isinstance(part.parts[0], Name)):
            return None
        size = part.parts[1]
        if not (isinstance(size, formula.Literal) and isinstance(size.value, Fraction) and size.value > 0):
            return None
        if TYPE_OF[self.term(part.parts[0]).type] != "number":
            return None
        step, run = size.value, self.name(part.parts[0], [("step", size.value)]).run
        return _Typed("number", lambda env: None if (value := run(env)) is None else Fraction(value // step))

    def do_if(self, node: Call) -> _Typed:
        condition = self.wanted(node.parts[0], "flag").run
        one, other = self.node(node.parts[1]), self.node(node.parts[2])
        if one.type != other.type:
            raise FormulaError("两种结果不是同一种值", node.at, "", "请让 if 的两个结果都为数值")
        a, b = one.run, other.run
        return _Typed(one.type, lambda env: a(env) if condition(env) else b(env))

    def do_default(self, node: Call) -> _Typed:
        one = self.node(node.parts[0])
        b = self.wanted(node.parts[1], one.type).run
        a = one.run
        return _Typed(one.type, lambda env: b(env) if a(env) is None else a(env))

    def do_has(self, node: Call) -> _Typed:
        a = self.node(node.parts[0]).run
        return _Typed("flag", lambda env: a(env) is not None)

    def do_round(self, node: Call) -> _Typed:
        a = self.wanted(node.parts[0], "number").run
        places = self.node(node.parts[1]).literal if len(node.parts) > 1 else Fraction(0)
        if not isinstance(places, Fraction) or places.denominator != 1 or not 0 <= places <= 6:
            raise FormulaError("小数位数应为 0 至 6 的整数", node.at, "", "请写成如 round(x, 1)")
        digits = int(places)
        return _Typed(
            "number", lambda env: None if (value := a(env)) is None else rounded(Fraction(value), digits)
        )

    def do_table(self, node: Call) -> _Typed:
        first = node.parts[0]
        wanted = first.text if isinstance(first, Name) else getattr(first, "value", "")
        named = {table.title: table for table in self.scope.tables.values()} | dict(self.scope.tables)
        if wanted not in named:
            raise FormulaError(
                f"表格“{wanted}”未定义", node.at, "", near(wanted, named) or "请先在 tables 中声明"
            )
        table = named[str(wanted)]
        given = list(node.parts[1:]) or [Name(key, node.at) for key in table.keys]
        if len(given) != len(table.keys):
            raise FormulaError(
                f"表格“{table.title}”有 {len(table.keys)} 个键", node.at, f"现写了 {len(given)} 个", "请核对"
            )
        runs = [self.key(part, table, n).run for n, part in enumerate(given)]
        self.uses.setdefault("@day", None)
        return _Typed("number", lambda env: table.look_up([run(env) for run in runs], env["@day"]))

    def key(self, part: Node, table: TableValues, n: int) -> _Typed:
        if table.steps and n == len(table.keys) - 1:
            if isinstance(part, Name):
                found = self.name(part, [("bound", bound) for bound in table.bounds])
                if found.type == "number":
                    return found
            return self.wanted(part, "number")
        term = self.scope.terms.get(table.keys[n])
        if isinstance(part, formula.Literal) and term is not None and TYPE_OF[term.type] == "word":
            value = self.value(term, part)
            return _Typed("word", lambda env: value)
        return self.node(part)

    def do_group_wide(self, node: Call) -> _Typed:
        if not self.scope.group_wide:
            raise FormulaError(
                f"此处不能用“{node.name}”",
                node.at,
                "这里只看一件事项，看不到全组",
                "请改在 components 中使用",
            )
        self.uses["@peers"] = None
        kind: Type = "flag" if node.name == "count_of" else "number"
        a, gather = self.wanted(node.parts[0], kind).run, GATHERED[node.name]

        def run(env: Any) -> Any:
            found = [value for peer in env.peers if (value := a(peer)) is not None]
            return gather(found) if found else None

        return _Typed("number", run)


def rounded(value: Fraction, places: int) -> Fraction:
    """Rounded half away from zero."""
    scaled = abs(value) * 10**places
    whole = Fraction(math.floor(scaled + Fraction(1, 2)), 10**places)
    return whole if value >= 0 else -whole


def _known(work: Callable[..., Any], runs: Sequence[Run]) -> Run:
    """A calculation that is missing when one of its parts is."""

    def run(env: Any) -> Any:
        values = [each(env) for each in runs]
        return None if any(value is None for value in values) else work(*values)

    return run


WAYS = {
    **dict.fromkeys(("+", "-", "*", "/", "neg", "min", "max", "abs", "floor", "ceil"), "calculated"),
    **dict.fromkeys(GROUP_WIDE, "group_wide"),
}
CALCULATIONS: Mapping[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: Fraction(a) / b if b else None, "neg": lambda a: -a, "min": min, "max": max, "abs": abs,
    "floor": lambda a: Fraction(math.floor(a)), "ceil": lambda a: Fraction(math.ceil(a)),
}  # fmt: skip
GATHERED: Mapping[str, Callable[[list[Any]], Any]] = {
    "best": max, "worst": min, "average": lambda found: Fraction(sum(found), len(found)), "sum_of": sum,
    "count_of": sum,
}  # fmt: skip
