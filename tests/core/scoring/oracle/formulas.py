"""Formulas of a pack: cut into words, read by recursive descent, worked out over fractions.

Written from docs/reference/scoring-semantics.md alone; shares nothing with the engine's formulas.
"""

import math
import re
from datetime import date
from fractions import Fraction
from functools import lru_cache

NUMBER = re.compile(r"\d+(\.\d+)?")
TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"")
SIGN = re.compile(r"!=|<=|>=|[=<>+*/()\[\],-]")
WORD = re.compile(r"[^\s'\"=!<>+*/()\[\],-]+(-[^\s'\"=!<>+*/()\[\],-]+)*")
OPERATORS = {
    "or": "or", "或": "or", "and": "and", "且": "and", "not": "not", "非": "not",
    "in": "in", "属于": "in", "不属于": "not in",
}  # fmt: skip
TRUTHS = {"true": True, "是": True, "false": False, "否": False}
FUNCTIONS = {
    "如果": "if", "最小": "min", "最大": "max", "绝对值": "abs", "取整": "floor", "进整": "ceil",
    "四舍五入": "round", "缺省": "default", "有值": "has", "查表": "table",
    "组内最高": "best", "组内最低": "worst", "组内平均": "average", "组内合计": "sum_of", "组内个数": "count_of",
}  # fmt: skip
COMPARISONS = {"=", "!=", "<", "<=", ">", ">=", "in", "not in"}


class Scope:
    """What the names of a formula stand for; every place where formulas are used has its own."""

    def value(self, name):
        raise NotImplementedError

    def words(self, name):
        """The words a name can be, from low to high, as {written: (id, rank)}; empty for numbers and text."""
        return {}

    def around(self, name):
        """Everything the outlet a name stands for lies in, itself included; None for other names."""
        return None

    def table(self, name, keys):
        raise NotImplementedError

    def across(self):
        """The scopes of the units taking part in the same ranking group."""
        raise NotImplementedError


def cut(text, names):
    """The words of a formula as (kind, value); a word with hyphens is a name only when it is declared."""
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word = WORD.match(text, at)
        number = NUMBER.match(text, at)
        quoted = TEXT.match(text, at)
        if quoted:
            found.append(("text", quoted[1] if quoted[1] is not None else quoted[2]))
            at = quoted.end()
        elif number and not (word and word[0] in names):
            found.append(("number", Fraction(number[0])))
            at = number.end()
        elif word:
            written = longest_name(word[0], names)
            found.append(("word", written))
            at += len(written)
        else:
            sign = SIGN.match(text, at)
            if sign is None:
                raise ValueError(f"cannot read {text!r} at {at}")
            found.append(("sign", sign[0]))
            at = sign.end()
    return found


def longest_name(word, names):
    """The longest declared name in front of a hyphenated word, else what stands before the first hyphen."""
    parts = word.split("-")
    for n in range(len(parts), 0, -1):
        if "-".join(parts[:n]) in names:
            return "-".join(parts[:n])
    return parts[0]


@lru_cache(maxsize=20_000)
def read(text, names=frozenset()):
    """The tree of a formula: tuples whose first part says what they are."""
    reader = Reader(cut(text, names))
    tree = reader.either()
    if reader.rest:
        raise ValueError(f"{text!r}: unread {reader.rest}")
    return tree


class Reader:
    """One method per strength, from weak to strong."""

    def __init__(self, words):
        self.rest = list(words)

    def peek(self, *wanted):
        """The next word in its English spelling, if it is one of these."""
        if not self.rest:
            return None
        kind, written = self.rest[0]
        meant = OPERATORS.get(written, written) if kind in {"word", "sign"} else None
        return meant if meant in wanted else None

    def take(self, *wanted):
        meant = self.peek(*wanted)
        if meant is not None:
            self.rest.pop(0)
        return meant

    def expect(self, sign):
        if self.take(sign) is None:
            raise ValueError(f"{sign} expected before {self.rest}")

    def either(self):
        tree = self.both()
        while self.take("or"):
            tree = ("or", tree, self.both())
        return tree

    def both(self):
        tree = self.negated()
        while self.take("and"):
            tree = ("and", tree, self.negated())
        return tree

    def negated(self):
        return ("not", self.negated()) if self.take("not") else self.comparison()

    def comparison(self):
        left = self.sum()
        operator = self.take(*COMPARISONS)
        if operator is None and self.peek("not"):
            self.take("not")
            self.expect("in")
            operator = "not in"
        return ("compare", operator, left, self.sum()) if operator else left

    def sum(self):
        tree = self.product()
        while sign := self.take("+", "-"):
            tree = ("calculate", sign, tree, self.product())
        return tree

    def product(self):
        tree = self.signed()
        while sign := self.take("*", "/"):
            tree = ("calculate", sign, tree, self.signed())
        return tree

    def signed(self):
        return ("minus", self.signed()) if self.take("-") else self.atom()

    def atom(self):
        if self.take("("):
            tree = self.either()
            self.expect(")")
            return tree
        if self.take("["):
            return ("list", self.several("]"))
        kind, written = self.rest.pop(0)
        if kind in {"number", "text"}:
            return (kind, written)
        if kind == "sign":
            raise ValueError(f"unexpected {written}")
        if self.take("("):
            return ("call", FUNCTIONS.get(written, written), self.several(")"))
        return ("number", TRUTHS[written]) if written in TRUTHS else ("name", written)

    def several(self, end):
        found = []
        while not self.take(end):
            found.append(self.either())
            if not self.peek(end):
                self.expect(",")
        return found


def work_out(tree, scope):
    """The value of a tree: a fraction, text, truth, date, list, or None for missing."""
    what = tree[0]
    if what in {"number", "text"}:
        return tree[1]
    if what == "name":
        return scope.value(tree[1])
    if what == "list":
        return [work_out(each, scope) for each in tree[1]]
    if what == "minus":
        value = number(work_out(tree[1], scope))
        return None if value is None else -value
    if what == "not":
        return not truth(tree[1], scope)
    if what == "and":
        return truth(tree[1], scope) and truth(tree[2], scope)
    if what == "or":
        return truth(tree[1], scope) or truth(tree[2], scope)
    if what == "compare":
        return compare(*tree[1:], scope)
    if what == "calculate":
        return calculate(tree[1], work_out(tree[2], scope), work_out(tree[3], scope))
    return call(tree[1], tree[2], scope)


def truth(tree, scope):
    """A condition; one whose value is missing does not hold."""
    return work_out(tree, scope) is True


def number(value):
    """A number, or None when it is missing."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Fraction):
        raise TypeError(f"{value!r} is not a number")
    return value


def calculate(sign, left, right):
    """Plain arithmetic; a missing part makes the result missing, and so does division by zero."""
    if left is None or right is None:
        return None
    if isinstance(left, date) and isinstance(right, date) and sign == "-":
        return Fraction((left - right).days)
    left, right = number(left), number(right)
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    return left / right if right != 0 else None


def compare(operator, left, right, scope):
    """A comparison; words by id, or by rank where one is to be above another; an outlet is also what it lies in."""
    words, around = {}, None
    for tree in (left, right):
        if tree[0] == "name" and not words:
            words, around = scope.words(tree[1]), scope.around(tree[1])
    left, right = known(work_out(left, scope), words), known(work_out(right, scope), words)
    if around and operator in {"=", "!=", "in", "not in"}:
        wanted = right if isinstance(right, list) else [right]
        return any(each in wanted for each in around) == (operator in {"=", "in"})
    return compared(operator, left, right, dict(words.values()))


def known(value, words):
    """A word as its id, whether it was written by id or by title."""
    if isinstance(value, list):
        return [known(each, words) for each in value]
    return words[value][0] if isinstance(value, str) and value in words else value


def compared(operator, left, right, ranks):
    """Whether two values stand in a relation; with a missing one only “differs” and “not among” hold."""
    if left is None or right is None:
        return operator in {"!=", "not in"}
    if operator in {"in", "not in"}:
        return any(same(left, each) for each in right) == (operator == "in")
    if operator in {"=", "!="}:
        return same(left, right) == (operator == "=")
    if isinstance(left, str):
        if left not in ranks or right not in ranks:
            return False
        left, right = ranks[left], ranks[right]
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    if operator == ">":
        return left > right
    return left >= right


def same(left, right):
    """Equal, and of one kind: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def call(name, trees, scope):
    """A function; `if`, `default`, `has`, `table` and those over a group do not want plain values."""
    if name == "if":
        return work_out(trees[1] if truth(trees[0], scope) else trees[2], scope)
    if name == "default":
        value = work_out(trees[0], scope)
        return work_out(trees[1], scope) if value is None else value
    if name == "has":
        return work_out(trees[0], scope) is not None
    if name == "table":
        keys = [work_out(tree, scope) for tree in trees[1:]] if trees[1:] else None
        return scope.table(trees[0][1], keys)
    if name == "count_of":
        return Fraction(sum(truth(trees[0], each) for each in scope.across()))
    if name in {"best", "worst", "average", "sum_of"}:
        return over_group(name, [number(work_out(trees[0], each)) for each in scope.across()])
    values = [number(work_out(tree, scope)) for tree in trees]
    return None if None in values else simple(name, values)


def over_group(name, values):
    """A number over the units of a group; a unit for which it is missing is left out."""
    values = [value for value in values if value is not None]
    if name == "sum_of":
        return sum(values, Fraction(0))
    if not values:
        return None
    if name == "average":
        return sum(values) / len(values)
    return max(values) if name == "best" else min(values)


def simple(name, values):
    """Functions of plain numbers."""
    if name == "min":
        return min(values)
    if name == "max":
        return max(values)
    if name == "abs":
        return abs(values[0])
    if name == "floor":
        return Fraction(math.floor(values[0]))
    if name == "ceil":
        return Fraction(math.ceil(values[0]))
    if name == "round":
        return rounded(values[0], int(values[1]) if values[1:] else 0)
    raise ValueError(f"no function {name}")


def rounded(value, places):
    """Rounded half away from zero."""
    scaled = abs(value) * 10**places
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)
