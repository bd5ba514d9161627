"""Say the values of a pack in Chinese: titles for ids, conditions and formulas in words, dates and amounts. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from core import clock
from core.packs.wording.words import FORMULA, NAMES, Lexicon

Titles = Mapping[str, Mapping[str, str]]

# In which lists of a pack a word under these keys is looked up; under any other key everywhere.
LISTS: Mapping[str, tuple[str, ...]] = {
    "fact": ("kinds",), "of": ("kinds",), "outlet": ("outlets",), "carrier": ("outlets",), "awards": ("awards",),
    "award": ("awards",), "group": ("groups",), "groups": ("groups",), "class": ("classes",), "after": ("prizes",),
    "tables": ("tables",), "level": ("levels", "outlets"), "stage": ("kinds", "awards", "quotas"),
    "stages": ("kinds", "awards", "quotas"),
}  # fmt: skip
VALUES = (
    "options", "kinds", "awards", "quotas", "groups", "classes", "outlets", "levels", "tables", "prizes", "genres",
)  # fmt: skip
MEANT = ("measures", "components", "attributes", "counters", "tables", "quotas", "awards")
FORMULAS = frozenset(
    {"where", "formula", "done", "total", "among", "need", "points", "amount", "max", "min", "items"}
)
NAMING = frozenset({"by", "order", "per", "once_per", "keys", "show", "measure", "share_of", "sum", "count"})
PROSE = frozenset({
    "title", "basis", "note", "say", "provenance", "issuer", "document", "name", "url", "to", "label",
})  # fmt: skip
NAME = re.compile(r"'[^']*'|\"[^\"]*\"|[^\W\d][\w·]*(?:-[\w·]+)*")
SIGNS = (("!=", "≠"), (">=", "≥"), ("<=", "≤"), ("*", "×"))
COMPARED = {">=": "为{}及以上", "<=": "为{}及以下", ">": "高于{}", "<": "低于{}", "not": "不是{}"}
LONGEST = 160


class Speech:
    """How one version of a pack says its values. `facts` are the titles of kinds of fact this installation knows."""

    def __init__(self, lexicon: Lexicon, sections: Mapping[str, BaseModel], facts: Titles | None = None):
        self.lexicon = lexicon
        self.titles: dict[str, dict[str, str]] = {}
        self.facts = facts or {}
        for model in sections.values():
            self._collect(model)

    def _collect(self, model: BaseModel, above: str = "") -> None:
        for name in type(model).model_fields:
            value = getattr(model, name)
            if isinstance(value, BaseModel):
                self._collect(value)
            elif isinstance(value, tuple):
                for one in value:
                    if isinstance(one, BaseModel):
                        self._one(name, one, above)

    def _one(self, name: str, one: BaseModel, above: str) -> None:
        word, title = getattr(one, "id", None), getattr(one, "title", None)
        if hasattr(one, "outlets"):  # a step of a ladder may be named as an outlet itself
            name, title = (
                "outlets",
                title or self.titles.get("levels", {}).get(getattr(one, "level", None) or word or ""),
            )
        below = name in ("editions", "columns") and above
        if isinstance(word, str) and isinstance(title, str):
            name = "outlets" if name in ("editions", "columns") else name
            # Blocks of plugins may repeat a word; what came first counts.
            self.titles.setdefault(name, {}).setdefault(word, f"{above}{title}" if below else title)
        self._collect(one, title or "" if hasattr(one, "columns") else "")

    def title(self, key: str, word: str) -> str | None:
        """The title of a word used as a value under a key."""
        return self._found(LISTS.get(key, VALUES), word)

    def anywhere(self, word: str, first: str = "") -> str | None:
        """The title of an id wherever it is given, in one list before the others."""
        own = self.titles.get(first, {}).get(word)
        return own or next((words[word] for words in self.titles.values() if word in words), None)

    def _found(self, lists: tuple[str, ...], word: str) -> str | None:
        sources = (self.titles, self.facts)
        return next((s[name][word] for s in sources for name in lists if word in s.get(name, {})), None)

    def name(self, word: str) -> str | None:
        """What a name in conditions and formulas stands for."""
        own = next((self.titles[name][word] for name in MEANT if word in self.titles.get(name, {})), None)
        return own or NAMES.get(word) or self._found(MEANT, word)

    def named(self, word: str) -> str:
        """A name as orders and scopes use it; a minus turns the order round."""
        said = self.name(word.lstrip("-")) or word.lstrip("-")
        return f"{said}（由低到高）" if word.startswith("-") else said

    def value(self, value: Any, model: str = "", key: str = "", unit: str = "") -> str:
        """Any value of a pack in words."""
        if isinstance(value, BaseModel):
            return self.block(value, unit)
        if value is None or value == () or value == "" or value == {}:
            return "无"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, int | Decimal):
            return number(value) + self.lexicon.unit(model, key, unit)
        if isinstance(value, date):
            return day_text(value, whole=True)
        if isinstance(value, str):
            return self.word(value, key)
        if isinstance(value, Mapping):
            return self.mapping(value, model, key, unit)
        if isinstance(value, Sequence):
            mark = "；" if any(isinstance(one, tuple) for one in value) else "、"
            return mark.join(self.value(one, model, key, unit) for one in value)
        return str(value)

    def word(self, text: str, key: str) -> str:
        """A text: a fixed value, an id, a formula, or prose in quotes."""
        if fixed := self.lexicon.value(key, text):
            return fixed
        if key in PROSE:
            return quoted(text)
        if key in NAMING:
            return self.named(text)
        if found := self.title(key, text):
            return found
        return f"按“{self.formula(text)}”计算" if key in FORMULAS - {"where", "among"} else (
            f"“{self.formula(text)}”" if key in FORMULAS or key == "when" else quoted(text)
        )  # fmt: skip

    def mapping(self, value: Mapping[Any, Any], model: str, key: str, unit: str) -> str:
        """Dated values, conditions, or values by name."""
        if is_dated(value):
            return "，".join(
                f"自{day_text(day)}起{self.value(one, model, key, unit)}"
                for day, one in sorted(value.items())
            )
        if key in ("when", "of", "where"):
            return self.conditions(value)
        said = [(self.lexicon.value(key, str(k)) or self.title("", str(k)) or self.named(str(k)), k, v)
                for k, v in value.items()]  # fmt: skip
        return "，".join(f"{word} {self.value(one, '', str(name), unit)}" for word, name, one in said)

    def conditions(self, value: Mapping[str, Any]) -> str:
        """{fact: adopted, outlet: x} → 事项种类为采用，采用渠道为《某刊》"""
        return "，".join(f"{self.named(key)}{self._wanted(key, one)}" for key, one in value.items()) or "不限"

    def _wanted(self, key: str, wanted: Any) -> str:
        if isinstance(wanted, Mapping):
            return "且".join(
                COMPARED.get(sign, sign + "{}").format(self._option(key, one)) for sign, one in wanted.items()
            )
        return f"为{self._option(key, wanted)}"

    def _option(self, key: str, wanted: Any) -> str:
        if isinstance(wanted, list | tuple):
            return "或".join(self._option(key, one) for one in wanted)
        return (
            (self.title(key, wanted) or wanted)
            if isinstance(wanted, str)
            else f"“{self.value(wanted)}”"
            if isinstance(wanted, bool)
            else self.value(wanted)
        )

    def formula(self, text: str) -> str:
        """A formula with titles for names and Chinese words for functions."""
        for sign, shown in SIGNS:
            text = text.replace(sign, shown)

        def said(found: re.Match[str]) -> str:
            word = found[0]
            if word[0] in "'\"":
                return f"“{self.title('', word[1:-1]) or word[1:-1]}”"
            whole = FORMULA.get(word) or self.name(word)
            return whole or "-".join(FORMULA.get(part) or self.named(part) for part in word.split("-"))

        return NAME.sub(said, text)

    def block(self, model: BaseModel, unit: str = "", *, titled: bool = True) -> str:
        """A block in words: its title and what it says besides the defaults."""
        name, said = type(model).__name__, {alias: value for alias, value in spoken(model) if alias != "id"}
        title = said.pop("title", None) if isinstance(getattr(model, "title", None), str) else None
        if said.keys() == {"from", "min", "max"}:
            low, high = (self.value(said[limit], "PointsRule", "amount", unit) for limit in ("min", "max"))
            return f"由登记的{self.named(said['from'])}确定，{low}至{high}"
        if len(said) == 1 and title is None and (only := next(iter(said))) in ("policy", "amount", "formula"):
            return self.value(said[only], name, only, unit)
        words = [
            f"{self.lexicon.key(name, alias)}：{self.value(value, name, alias, unit)}"
            for alias, value in said.items()
        ]
        text = "；".join(words)
        text = text if len(text) <= LONGEST else text[:LONGEST] + "……"
        if title and titled:
            return f"{quoted(title)}（{text}）" if text else quoted(title)
        return text


def spoken(model: BaseModel) -> Iterator[tuple[str, Any]]:
    """The keys a block says something under, as written in the file, with their values."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.get_default(call_default_factory=True):
            yield field.alias or name, value


def is_dated(value: Any) -> bool:
    """Whether a mapping says from which day what holds."""
    return isinstance(value, Mapping) and bool(value) and all(isinstance(key, date) for key in value)


def number(value: int | Decimal) -> str:
    """5.00 → 5"""
    return format(Decimal(value).normalize(), "f")


def day_text(day: date, *, whole: bool = False) -> str:
    """2026年3月; with the day where a month is not enough."""
    if day.day == 1 and not whole:
        return f"{day.year}年" if day.month == 1 else f"{day.year}年{day.month}月"
    return clock.written(day)


def quoted(text: str) -> str:
    """A title in quotes, unless it carries its own."""
    return text if text.startswith(("《", "“")) and text.endswith(("》", "”")) else f"“{text}”"
