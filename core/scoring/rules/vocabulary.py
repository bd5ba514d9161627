"""What can be said about facts under a pack: kinds, attributes, their values, and the outlets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from core.errors import InvalidInput, near
from core.packs.content.fields import DAY, as_day, folded
from core.packs.content.outlets import OutletTree, looks_of
from core.packs.content.sections import Units
from core.scoring.rules.schema import AttributeRule
from core.scoring.values.fact import AttributeType, FactKind, Value
from core.scoring.values.points import parse_value


@dataclass(frozen=True)
class Property:
    """An attribute of facts: its values, and the kinds of fact that may carry it (None: all)."""

    name: str
    title: str
    type: AttributeType
    options: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] | None = None

    def fits(self, kind: str) -> bool:
        """Whether facts of a kind may carry it."""
        return self.kinds is None or kind in self.kinds


@dataclass(frozen=True)
class Vocabulary:
    """The words of one pack: kinds of fact, attributes by name, the tree of outlets."""

    kinds: Mapping[str, FactKind]
    properties: Mapping[str, Property]
    outlets: OutletTree

    def attribute(self, name: str, kinds: Iterable[str] = ()) -> Property:
        """The attribute of a name, or an error naming the nearest one these kinds may carry."""
        wanted = tuple(kinds)
        known = [each.name for each in self.properties.values() if self._fits(each, wanted)]
        if name in known:
            return self.properties[name]
        titled = next(
            (each for each in self.properties.values() if each.title == name and each.name in known), None
        )
        if titled:
            return titled
        about = "、".join(self.kind_title(kind) for kind in wanted)
        raise InvalidInput(
            f"属性“{name}”未定义",
            reason=f"{f'“{about}”事项' if about else '事项'}没有这个属性",
            advice=near(name, [each for each in known if each not in OF_ROWS])
            or f"可用的属性：{'、'.join(known) or '无'}；新属性请先在 attributes 中声明",
        )

    def titled(self, name: str) -> Property | None:
        """An attribute by id or title, or None."""
        if name in self.properties:
            return self.properties[name]
        return next((each for each in self.properties.values() if each.title == name), None)

    @staticmethod
    def _fits(known: Property, kinds: Sequence[str]) -> bool:
        return not kinds or any(known.fits(kind) for kind in kinds)

    def kind(self, name: object) -> FactKind:
        """The kind of fact of a name, or an error naming the nearest one."""
        if isinstance(name, str) and name in self.kinds:
            return self.kinds[name]
        raise InvalidInput(
            f"事项种类“{name}”未定义",
            reason="本系统启用的功能不会产生这种事项",
            advice=near(name, self.kinds) or f"可用的种类：{'、'.join(self.kinds)}",
        )

    def kind_title(self, name: str) -> str:
        """The Chinese title of a kind of fact."""
        return self.kinds[name].title if name in self.kinds else name

    def words(self, known: Property) -> Mapping[str, str]:
        """The values an enumerated attribute can have, with their titles."""
        if known.type == "outlet":
            return self.outlets.titles
        return self.outlets.levels if known.type == "level" else known.options

    def value(self, known: Property, written: object) -> Value:
        """A value as the engine compares it: enumerated words by id or title, numbers exact."""
        if known.type in {"outlet", "level", "choice"}:
            return self._word(known, written)
        if known.type == "date" and isinstance(written, str) and DAY.fullmatch(written):
            return as_day(written)
        expected = PLAIN_TYPES[known.type]
        right = isinstance(written, expected) and (known.type == "flag" or not isinstance(written, bool))
        if not right or not isinstance(written, str | int | Decimal | Fraction | date):
            raise InvalidInput(
                f"“{known.title}”的值“{written}”不合要求",
                reason=f"应为{TYPE_TITLES[known.type]}",
                advice="请核对后改正",
            )
        if known.type == "amount" and not isinstance(written, str | date):
            parse_value(written)
        return written

    def _word(self, known: Property, written: object) -> str:
        words = self.words(known)
        if isinstance(written, str):
            found = written if written in words else self._looks(known).get(folded(written))
            if found is not None:
                return found
        where = {"outlet": "outlets.yaml", "level": "outlets.yaml 的 levels"}.get(known.type, "")
        listed = "、".join(list(words)[:12])
        raise InvalidInput(
            f"{TYPE_TITLES[known.type]}“{written}”未定义",
            reason=f"不在 {where} 中" if where else f"不是“{known.title}”（{known.name}）的可选值",
            advice=near(written, chain(words, words.values()))
            or (
                f"可选：{listed}"
                if words
                else f"请先在 scoring.yaml 的 attributes 中声明 {known.name} 的 options"
            ),
        )

    def _looks(self, known: Property) -> Mapping[str, str]:
        """The words by how they look to a hurried reader."""
        return self.outlets.looks if known.type == "outlet" else looks_of(self.words(known))

    def shown(self, name: str, value: object) -> str:
        """A value as people read it."""
        known = self.properties.get(name)
        if isinstance(value, bool):
            return "是" if value else "否"
        return self.words(known).get(str(value), str(value)) if known else str(value)


PLAIN_TYPES: Mapping[AttributeType, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int, Fraction),
    "flag": (bool,),
    "amount": (int, Decimal, Fraction),
    "date": (date,),
}
TYPE_TITLES: Mapping[AttributeType, str] = {
    "outlet": "渠道",
    "level": "层级",
    "choice": "选项",
    "text": "文字",
    "integer": "整数",
    "amount": "数值",
    "flag": "是或否（true、false）",
    "date": "日期（如 2024-05-06）",
}

# What every row has, whatever the fact: who contributed, when, and the number it has in the register's calendar.
ROW_FACETS = (
    Property("item", "信息", "text"),
    Property("unit", "单位", "text"),
    Property("optional", "自愿参加", "flag"),
    Property("ways", "家数", "integer"),
    Property("position", "顺位", "integer"),
    Property("role", "角色", "text"),
    Property("weight", "权重", "amount"),
    Property("authors", "作者数", "integer"),
    Property("on", "发生日期", "date"),
    Property("recorded", "登记日期", "date"),
    Property("year", "年", "integer"),
    Property("month", "月", "integer"),
    Property("day", "日", "integer"),
    Property("weekday", "星期", "integer"),
)


OF_ROWS = frozenset(facet.name for facet in ROW_FACETS)


def vocabulary(
    kinds: Iterable[FactKind], rules: Iterable[AttributeRule], outlets: OutletTree, units: Units
) -> Vocabulary:
    """Bring together what plugins declare about facts, what the pack adds, and what every row has."""
    listed = {kind.name: kind for kind in kinds}
    properties = declared(listed.values())
    for rule in rules:
        known = properties.get(rule.id)
        properties[rule.id] = Property(
            rule.id,
            rule.title,
            known.type if known and known.type != "text" else rule.type,
            {option.id: option.title for option in rule.options} or (dict(known.options) if known else {}),
            frozenset(rule.of) or None,
        )
    for each in (*unit_facets(units), *ROW_FACETS, *outlet_facets(outlets, listed)):
        properties.setdefault(each.name, each)
    return Vocabulary(listed, properties, outlets)


def unit_facets(units: Units) -> Iterable[Property]:
    """What rules may ask about a unit: its group, its class, and the attributes units.yaml declares."""
    yield Property("group", "参评分组", "choice", {group.id: group.title for group in units.groups})
    yield Property("class", "分类", "choice", {klass.id: klass.title for klass in units.classes})
    for each in units.attributes:
        yield Property(each.id, each.title, each.type)


def outlet_facets(outlets: OutletTree, kinds: Mapping[str, FactKind]) -> Iterable[Property]:
    """The ladder an outlet stands in, and the kind of the fact."""
    ladders = {node.ladder: node.ladder_title or node.ladder for node in outlets.nodes.values()}
    yield Property("ladder", "体系", "choice", ladders)
    yield Property("fact", "事项种类", "choice", {kind.name: kind.title for kind in kinds.values()})


def declared(kinds: Iterable[FactKind]) -> dict[str, Property]:
    """The attributes that kinds of fact bring along, each with the kinds that carry it."""
    found: dict[str, Property] = {}
    carriers: dict[str, set[str]] = {}
    for kind in kinds:
        for each in kind.attributes:
            carriers.setdefault(each.name, set()).add(kind.name)
            known = found[each.name].options if each.name in found else {}
            found[each.name] = Property(each.name, each.title, each.type, {**known, **dict(each.options)})
    # Where an item was adopted says on which level; the engine adds it to the fact.
    if "level" in found:
        carriers["level"] |= carriers.get("outlet", set())
        found["level"] = replace(found["level"], title="层级")
    return {name: replace(each, kinds=frozenset(carriers[name])) for name, each in found.items()}
