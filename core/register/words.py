"""What can be registered by hand under a pack: kinds of fact, their attributes, and how typed values are read. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from core.errors import InvalidInput, near
from core.scoring.engine.wording import number
from core.scoring.kinds import CORE_KINDS
from core.scoring.rules.rule_book import Award, Rules, Share
from core.scoring.rules.vocabulary import ROW_FACETS, Property
from core.scoring.values.fact import WITHDRAWN, AttributeType, FactKind, Value
from core.scoring.values.points import parse_value
from core.tabular import day_of

# What other pages record: sending an item in, its adoption, its way up.
ELSEWHERE = frozenset({"submitted", "adopted", "sent_up", WITHDRAWN})
REASON = "reason"
FACETS = frozenset({each.name for each in ROW_FACETS} | {"group", "class", "ladder", "fact"})
MAX_TEXT = 200
YES, NO = ("是", "true", "1", "有", "√"), ("否", "false", "0", "无", "")


@dataclass(frozen=True)
class Attribute:
    """An attribute as a form shows it: options are (value, title, group), `help` tells limits."""

    name: str
    title: str
    type: AttributeType
    required: bool = False
    options: tuple[tuple[str, str, str], ...] = ()
    help: str = ""


@dataclass(frozen=True)
class HandKind:
    """A kind of fact registered by hand; `rewarded` tells whether any award of the pack looks at it."""

    name: str
    title: str
    attributes: tuple[Attribute, ...]
    rewarded: bool

    def attribute(self, name: str) -> Attribute | None:
        """An attribute by id or title."""
        return next((each for each in self.attributes if name in (each.name, each.title)), None)


@dataclass(frozen=True)
class Parts:
    """What else the rules ask about contributors: names of roles ("*": any), weights."""

    roles: tuple[str, ...] = ()
    free_roles: bool = False
    weights: bool = False


def hand_kinds(
    rules: Rules, known: Iterable[FactKind], unit_attributes: Collection[str], day: date
) -> dict[str, HandKind]:
    """The kinds an editor may register: core's own that nothing records, and those the pack declares."""
    core, installed = {kind.name for kind in CORE_KINDS}, {kind.name for kind in known}
    found = {}
    for kind in rules.words.kinds.values():
        if kind.name not in ELSEWHERE and (kind.name in core or kind.name not in installed):
            awards = [award for award in rules.awards if kind.name in award.condition.kinds]
            found[kind.name] = HandKind(
                kind.name, kind.title, _attributes(kind, awards, rules, unit_attributes, day), bool(awards)
            )
    return dict(sorted(found.items(), key=lambda pair: not pair[1].rewarded))


def any_kind(kind: FactKind, rules: Rules) -> HandKind:
    """A kind that other pages register, with its attributes as a form would ask for them."""
    return HandKind(kind.name, kind.title, _attributes(kind, (), rules, (), date.min), False)


def parts_of(rules: Rules) -> Parts:
    """Whether the rules look at roles or weights of contributors."""
    books = [rules, rules.persons] if rules.persons else [rules]
    shares: list[Share] = [
        share for book in books for share in (book.share, *(a.share for a in book.awards)) if share
    ]
    roles = tuple(dict.fromkeys(role for share in shares for role in share.roles))
    used = {name for book in books for award in book.awards for uses in award.uses for name in uses}
    used |= {name for share in shares if share.formula for name in share.formula.uses}
    weights = "weight" in used or any(share.policy == "recorded" for share in shares)
    return Parts(roles, "role" in used and not roles, weights)


def read(
    kind: HandKind, typed: Mapping[str, str], rules: Rules
) -> tuple[dict[str, Value], list[InvalidInput]]:
    """The attributes of a fact from what was typed, by name; everything wrong with it, each error at its title."""
    values, errors = {}, []
    for attribute in kind.attributes:
        text = typed.get(attribute.name, "").strip()
        try:
            value = value_of(attribute, text, rules)
            if value is None and attribute.required:
                raise InvalidInput("请填写", advice=f"“{attribute.title}”为必填项")
        except InvalidInput as error:
            errors.append(
                InvalidInput(error.message, where=attribute.title, reason=error.reason, advice=error.advice)
            )
        else:
            if value is not None:
                values[attribute.name] = value
    return values, errors


def value_of(attribute: Attribute, text: str, rules: Rules) -> Value | None:
    """A typed value as the register keeps it; None for nothing. Raises InvalidInput."""
    if not text:
        return None
    match attribute.type:
        case "outlet" | "level" | "choice":
            return _option(attribute, text)
        case "flag":
            return _flag(text)
        case "date":
            if (day := day_of(text, 0)) is None:
                raise InvalidInput(f"“{text[:20]}”不是日期", advice="请写成 2026-03-05 的形式")
            return day
        case "amount" | "integer":
            return _number(text, whole=attribute.type == "integer")
    if len(text) > MAX_TEXT:
        raise InvalidInput("文字过长", advice=f"请控制在 {MAX_TEXT} 字以内")
    return text


def _attributes(
    kind: FactKind, awards: Sequence[Award], rules: Rules, unit_attributes: Collection[str], day: date
) -> tuple[Attribute, ...]:
    required = {each.name for each in kind.attributes if each.required}
    properties = [
        known
        for known in rules.words.properties.values()
        if known.fits(kind.name)
        and known.name not in FACETS
        and (known.kinds or known.name not in unit_attributes)
    ]
    derived = any(known.type == "outlet" and known.name == "outlet" for known in properties)
    found = [
        Attribute(
            known.name, known.title, known.type, known.name in required, _options(known, kind, rules),
            _limits(known.name, awards, day),
        )
        for known in properties
        if not (derived and known.name == "level" and "level" not in required)
        and (known.type not in ("choice", "outlet", "level") or rules.words.words(known))
    ]  # fmt: skip
    if REASON not in {each.name for each in found}:
        found.append(Attribute(REASON, "事由", "text"))
    return tuple(sorted(found, key=lambda each: each.name == REASON))


def _options(known: Property, kind: FactKind, rules: Rules) -> tuple[tuple[str, str, str], ...]:
    if known.type == "outlet":
        tree = rules.words.outlets
        return tuple(
            (
                node.id,
                tree.title(node.id),
                f"{node.ladder_title or node.ladder} {tree.levels[node.level]}".strip(),
            )
            for node in tree.nodes.values()
        )
    if known.type in ("level", "choice"):
        foreign = _foreign(known.name, kind, rules)
        return tuple(
            (value, title, "") for value, title in rules.words.words(known).items() if value not in foreign
        )
    return ()


def _foreign(name: str, kind: FactKind, rules: Rules) -> set[str]:
    """The options that only other kinds give an attribute of this name: an item asked for is not concealed."""
    own: set[str] = set()
    others: set[str] = set()
    for each in rules.words.kinds.values():
        for attribute in each.attributes:
            if attribute.name == name:
                (own if each.name == kind.name else others).update(value for value, _ in attribute.options)
    return others - own if own else set()


def _limits(name: str, awards: Iterable[Award], day: date) -> str:
    """The limits within which awards take a value as it is written with the fact."""
    told = []
    for award in awards:
        worth = award.value_on(day)
        if worth is not None and worth.attribute == name:
            low, high = (
                number(limit) if limit is not None else "不限" for limit in (worth.lowest, worth.highest)
            )
            told.append(f"{award.title}：{low} 至 {high}")
    return "；".join(told)


def _option(attribute: Attribute, text: str) -> str:
    for value, title, _ in attribute.options:
        if text in (value, title):
            return value
    titles = [title for _, title, _ in attribute.options]
    advice = near(text, titles) or f"可选：{'、'.join(titles[:12])}"
    raise InvalidInput(f"没有“{text[:40]}”这一项", advice=advice)


def _flag(text: str) -> bool | None:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return None
    raise InvalidInput(f"“{text[:20]}”看不明白", advice="请填“是”或留空")


def _number(text: str, whole: bool) -> Decimal | int:
    try:
        value = Decimal(text.replace("，", ",").replace(",", "").replace("－", "-").replace("＋", "+"))
    except InvalidOperation:
        raise InvalidInput(f"“{text[:20]}”不是数字", advice="请写成数字，如 2、0.5、-1") from None
    parse_value(value)
    if whole and value != int(value):
        raise InvalidInput(f"“{text[:20]}”不是整数", advice="请写整数")
    return int(value) if whole else value
