"""What can be said about facts under a pack: kinds, attributes, their values, and the outlets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.errors import InvalidInput, near
from core.packs.fields import folded
from core.packs.outlets import OutletTree
from core.scoring.fact import AttributeType, FactKind, Value
from core.scoring.points import parse_value
from core.scoring.schema import AttributeRule


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
        about = "、".join(self.kind_title(kind) for kind in wanted)
        raise InvalidInput(
            f"属性“{name}”未定义",
            reason=f"{f'“{about}”事项' if about else '事项'}没有这个属性",
            advice=near(name, known)
            or f"可用的属性：{'、'.join(known) or '无'}；新属性请先在 attributes 中声明",
        )

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
            return {key: self.outlets.title(key) for key in self.outlets.nodes}
        return self.outlets.levels if known.type == "level" else known.options

    def value(self, known: Property, written: object) -> Value:
        """A value as the engine compares it: enumerated words by id or title, numbers exact."""
        if known.type in {"outlet", "level", "choice"}:
            return self._word(known, written)
        expected = PLAIN_TYPES[known.type]
        right = isinstance(written, expected) and (known.type == "flag" or not isinstance(written, bool))
        if not right or not isinstance(written, str | int | Decimal):
            raise InvalidInput(
                f"“{known.title}”的值“{written}”不合要求",
                reason=f"应为{TYPE_TITLES[known.type]}",
                advice="请核对后改正",
            )
        if known.type == "amount" and not isinstance(written, str):
            parse_value(written)
        return written

    def _word(self, known: Property, written: object) -> str:
        words = self.words(known)
        if isinstance(written, str):
            matches = [key for key, title in words.items() if folded(written) in {folded(key), folded(title)}]
            if written in words or matches:
                return written if written in words else matches[0]
        where = {"outlet": "outlets.yaml", "level": "outlets.yaml 的 levels"}.get(known.type, "")
        listed = "、".join(list(words)[:12])
        raise InvalidInput(
            f"{TYPE_TITLES[known.type]}“{written}”未定义",
            reason=f"不在 {where} 中" if where else f"不是“{known.title}”（{known.name}）的可选值",
            advice=near(written, [*words, *words.values()])
            or (
                f"可选：{listed}"
                if words
                else f"请先在 scoring.yaml 的 attributes 中声明 {known.name} 的 options"
            ),
        )

    def shown(self, name: str, value: object) -> str:
        """A value as people read it."""
        known = self.properties.get(name)
        if isinstance(value, bool):
            return "是" if value else "否"
        return self.words(known).get(str(value), str(value)) if known else str(value)


PLAIN_TYPES: Mapping[AttributeType, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "flag": (bool,),
    "amount": (int, Decimal),
}
TYPE_TITLES: Mapping[AttributeType, str] = {
    "outlet": "渠道",
    "level": "层级",
    "choice": "选项",
    "text": "文字",
    "integer": "整数",
    "amount": "数值",
    "flag": "是或否（true、false）",
}


def vocabulary(kinds: Iterable[FactKind], rules: Iterable[AttributeRule], outlets: OutletTree) -> Vocabulary:
    """Bring together what plugins declare about facts and what the pack adds."""
    listed = {kind.name: kind for kind in kinds}
    properties = declared(listed.values())
    for rule in rules:
        known = properties.get(rule.id)
        properties[rule.id] = Property(
            rule.id,
            rule.title,
            known.type if known else rule.type,
            {option.id: option.title for option in rule.options},
            frozenset(rule.of) or (known.kinds if known else None),
        )
    return Vocabulary(listed, properties, outlets)


def declared(kinds: Iterable[FactKind]) -> dict[str, Property]:
    """The attributes that kinds of fact bring along, each with the kinds that carry it."""
    found: dict[str, Property] = {}
    carriers: dict[str, set[str]] = {}
    for kind in kinds:
        for each in kind.attributes:
            carriers.setdefault(each.name, set()).add(kind.name)
            found[each.name] = Property(each.name, each.title, each.type)
    # Where an item was adopted says on which level; the engine adds it to the fact.
    if "level" in found:
        carriers["level"] |= carriers.get("outlet", set())
    return {name: replace(each, kinds=frozenset(carriers[name])) for name, each in found.items()}
