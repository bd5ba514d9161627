"""The small formula language of rule packs: text to a tree. No side effects, no loops, no attribute access.

    字数 >= 800 且 刊物 属于 ['要情', '专报']          if(met, 10, -1 * missing)

English and Chinese words mean the same; names may be ids or Chinese titles. What a name means, and whether the
pieces fit together, is decided in `typed.py`; here only the shape counts. Every node knows where it stands.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from core.errors import InvalidInput

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_NODES = 400

WORDS = {
    "或": "or", "且": "and", "并且": "and", "或者": "or", "非": "not", "属于": "in", "不属于": "not in",
    "是": "true", "否": "false", "≥": ">=", "≤": "<=", "≠": "!=", "==": "=", "<>": "!=", "＝": "=", "＞": ">",
    "＜": "<", "×": "*", "÷": "/", "＋": "+", "－": "-", "，": ",", "（": "(", "）": ")", "、": ",",
    "如果": "if", "若": "if", "最小": "min", "最大": "max", "绝对值": "abs", "取整": "floor", "进整": "ceil",
    "四舍五入": "round", "缺省": "default", "有值": "has", "查表": "table", "组内最高": "best", "组内最低": "worst",
    "组内平均": "average", "组内合计": "sum_of", "组内个数": "count_of",
}  # fmt: skip
NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?")
NAME = re.compile(r"[^\W\d][\w·]*|[㐀-鿿][\w·]*")
SIGNS = re.compile(r">=|<=|!=|==|<>|[-+*/(),=<>\[\]≥≤≠＝＞＜×÷＋－，（）、]")
QUOTES = {"'": "'", '"': '"', "“": "”", "‘": "’", "《": "》"}
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
FUNCTIONS = {
    "if": (3, 3), "min": (2, 8), "max": (2, 8), "abs": (1, 1), "floor": (1, 1), "ceil": (1, 1), "round": (1, 2),
    "default": (2, 2), "has": (1, 1), "table": (1, 4), "best": (1, 1), "worst": (1, 1), "average": (1, 1),
    "sum_of": (1, 1), "count_of": (1, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Literal:
    """A number, a text, or true and false."""

    value: Fraction | str | bool
    at: int


@dataclass(frozen=True)
class Name:
    """A word that stands for something declared."""

    text: str
    at: int


@dataclass(frozen=True)
class Call:
    """An operator or function with what it is applied to; `in` has the listed values after the first part."""

    name: str
    parts: tuple["Node", ...]
    at: int


Node = Literal | Name | Call


class FormulaError(InvalidInput):
    """A formula that cannot be read; `at` is the number of the character, from 1."""

    def __init__(self, message: str, at: int, reason: str = "", advice: str = ""):
        super().__init__(message, reason=reason, advice=advice)
        self.at = at


@dataclass(frozen=True)
class Token:
    """A piece of text with its kind: number, text, name, sign or end."""

    kind: str
    text: str
    at: int


def parse(text: str, known: Collection[str] = ()) -> Node:
    """The tree of a formula. `known` names may contain hyphens and signs; the longest one wins."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            "公式太长", 1, f"现为 {len(text)} 个字符", f"请控制在 {MAX_LENGTH} 个字符以内，或分成几项"
        )
    hard = sorted((name for name in known if not NAME.fullmatch(name)), key=len, reverse=True)
    return _Parser(_tokens(text, hard)).whole()


def _tokens(text: str, hard: list[str]) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _token(text, place, hard)
        found.append(token)
        place = token.at - 1 + len(token.text) + (2 if token.kind == "text" else 0)
    return [*found, Token("end", "", len(text) + 1)]


def _token(text: str, place: int, hard: list[str]) -> Token:
    at = place + 1
    if text[place] == "《" or text[place] not in QUOTES:
        for name in hard:
            after = text[place + len(name) : place + len(name) + 1]
            if text.startswith(name, place) and not (after.isalnum() or after in ("_", "-")):
                return Token("name", name, at)
    if match := NUMBER.match(text, place):
        return Token("number", match.group(), at)
    if text[place] in QUOTES and text[place] != "《":
        end = text.find(QUOTES[text[place]], place + 1)
        if end < 0:
            raise FormulaError("引号没有收尾", at, "", "请补上后引号")
        return Token("text", text[place + 1 : end], at)
    if match := NAME.match(text, place):
        return Token("name", match.group(), at)
    if match := SIGNS.match(text, place):
        return Token("sign", match.group(), at)
    raise FormulaError(f"看不懂“{text[place]}”", at, "公式中没有这个符号", "文字请加引号")


class _Parser:
    """Recursive descent; the weakest operator first."""

    def __init__(self, tokens: list[Token]):
        self.tokens, self.place, self.depth, self.nodes = tokens, 0, 0, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def word(self) -> str:
        """The current piece as an English operator word or sign; quoted text and numbers are none."""
        token = self.now
        return "" if token.kind in ("text", "number") else WORDS.get(token.text, token.text)

    def take(self) -> Token:
        token = self.now
        self.place += token.kind != "end"
        return token

    def stop(self, message: str, reason: str = "", advice: str = "") -> NoReturn:
        raise FormulaError(message, self.now.at, reason, advice)

    def expect(self, sign: str, why: str) -> None:
        if self.word() != sign:
            shown = f"“{self.now.text}”" if self.now.text else "公式末尾"
            self.stop(f"此处应为“{sign}”", f"现为{shown}", why)
        self.take()

    def node(self, name: str, parts: list[Node], at: int) -> Call:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop("公式太复杂", advice="请分成几项")
        return Call(name, tuple(parts), at)

    def whole(self) -> Node:
        if self.now.kind == "end":
            self.stop("公式是空的", advice="请写出公式")
        found = self.either()
        if self.now.kind != "end":
            self.stop(f"“{self.now.text}”前缺少运算符", "", "请核对公式，文字请加引号")
        return found

    def either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.stop("括号套得太深", advice="请分成几项")
        left = self.both()
        while self.word() == "or":
            at = self.take().at
            left = self.node("or", [left, self.both()], at)
        self.depth -= 1
        return left

    def both(self) -> Node:
        left = self.negated()
        while self.word() == "and":
            at = self.take().at
            left = self.node("and", [left, self.negated()], at)
        return left

    def negated(self) -> Node:
        if self.word() == "not":
            at = self.take().at
            self.depth += 1
            if self.depth > MAX_DEPTH:
                self.stop("“非”用得太多", advice="请分成几项")
            found = self.node("not", [self.negated()], at)
            self.depth -= 1
            return found
        return self.compared()

    def compared(self) -> Node:
        left = self.summed()
        sign, at = self.word(), self.now.at
        if sign in COMPARISONS:
            self.take()
            return self.node(sign, [left, self.summed()], at)
        if sign == "not" and self.place + 1 < len(self.tokens):
            following = self.tokens[self.place + 1]
            if following.kind == "name" and WORDS.get(following.text, following.text) == "in":
                self.take()
                sign = "not in"
        if sign in ("in", "not in"):
            self.take()
            return self.node(sign, [left, *self.listed()], at)
        return left

    def listed(self) -> list[Node]:
        self.expect("[", "请把可选的值写在方括号里，如 ['要情', '专报']")
        found = [self.summed()]
        while self.word() == ",":
            self.take()
            found.append(self.summed())
        self.expect("]", "请补上“]”")
        return found

    def summed(self) -> Node:
        left = self.multiplied()
        while self.word() in ("+", "-"):
            sign, at = self.word(), self.take().at
            left = self.node(sign, [left, self.multiplied()], at)
        return left

    def multiplied(self) -> Node:
        left = self.signed()
        while self.word() in ("*", "/"):
            sign, at = self.word(), self.take().at
            left = self.node(sign, [left, self.signed()], at)
        return left

    def signed(self) -> Node:
        if self.word() == "-":
            at = self.take().at
            self.depth += 1
            if self.depth > MAX_DEPTH:
                self.stop("负号用得太多", advice="请核对公式")
            found = self.node("neg", [self.signed()], at)
            self.depth -= 1
            return found
        return self.single()

    def single(self) -> Node:
        token, word = self.now, self.word()
        if token.kind == "number":
            return Literal(Fraction(self.take().text), token.at)
        if token.kind == "text":
            return Literal(self.take().text, token.at)
        if word == "(":
            self.take()
            found = self.either()
            self.expect(")", "请补上右括号")
            return found
        if token.kind == "name":
            return self.named(token, word)
        self.stop(
            "此处缺少数值或名称" if token.kind == "end" else f"“{token.text}”用得不对", "", "请核对公式"
        )

    def named(self, token: Token, word: str) -> Node:
        after = self.tokens[self.place + 1]
        if word in FUNCTIONS and WORDS.get(after.text, after.text) == "(":
            return self.called(word)
        if word in ("true", "false"):
            self.take()
            return Literal(word == "true", token.at)
        if WORDS.get(after.text, after.text) == "(" and after.kind == "sign":
            self.stop(f"没有函数“{token.text}”", "", f"可用：{'、'.join(FUNCTIONS)}")
        return Name(self.take().text, token.at)

    def called(self, name: str) -> Node:
        at = self.take().at
        self.take()
        parts: list[Node] = []
        if self.word() != ")":
            parts.append(self.either())
            while self.word() == ",":
                self.take()
                parts.append(self.either())
        self.expect(")", "请补上右括号")
        least, most = FUNCTIONS[name]
        if not least <= len(parts) <= most:
            wanted = str(least) if least == most else f"{least} 至 {most}"
            raise FormulaError(
                f"“{name}”应有 {wanted} 个参数", at, f"现有 {len(parts)} 个", "请核对逗号和括号"
            )
        return self.node(name, parts, at)
