"""Turn the office's units and registered facts into the plain values the engine reads."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core.accounts.models import Unit
from core.facts import Fact as StoredFact
from core.facts.register import WITHDRAWN
from core.scoring.fact import Fact, FactKind, UnitInfo, Value
from core.scoring.rules import Rules


def unit_infos(units: Iterable[Unit], rules: Rules) -> list[UnitInfo]:
    """Units as the rules see them; a group is matched by the pack's id or by its title."""
    by_title = {group.title: group.id for group in rules.groups.values()}
    return [
        UnitInfo(
            key=str(unit.id),
            name=unit.short,
            group=by_title.get(unit.group.name, unit.group.name) if unit.group else "",
            klass=unit.unit_class or None,
            host=str(unit.host_id) if unit.host_id else None,
            optional=unit.optional,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            order=unit.sort_no,
            attributes=dict(unit.attributes),
        )
        for unit in units
    ]


def facts_of(stored: Iterable[StoredFact], kinds: Iterable[FactKind]) -> list[Fact]:
    """Registered facts as the engine wants them; amounts become exact decimals."""
    amounts = {kind.name: {a.name for a in kind.attributes if a.type == "amount"} for kind in kinds}
    return [
        Fact(
            id=str(fact.id),
            kind=fact.kind,
            on=fact.on,
            units=tuple(str(u.unit_id) for u in fact.units),
            item=fact.item,
            attrs=_attrs(fact.attrs, amounts.get(fact.kind, set())),
            title=fact.title,
            reverses=str(fact.reverses_id) if fact.kind == WITHDRAWN else None,
        )
        for fact in stored
    ]


def _attrs(attrs: Mapping[str, Any], amounts: set[str]) -> dict[str, Value]:
    return {name: _decimal(value) if name in amounts else value for name, value in attrs.items()}


def _decimal(value: Any) -> Value:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)
