"""Turn the office's units and registered facts into the plain values the engine reads."""

from collections.abc import Iterable
from decimal import Decimal

from core import clock
from core.accounts.models import Unit
from core.facts import Fact as StoredFact
from core.facts.models import FactPerson, FactUnit
from core.facts.records import WITHDRAWN, plain_attrs
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Contributor, Fact, UnitInfo, author_key


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
            parent=str(unit.parent_id) if unit.parent_id else None,
            optional=unit.optional,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            order=unit.sort_no,
            attributes=dict(unit.attributes),
        )
        for unit in units
    ]


def facts_of(stored: Iterable[StoredFact]) -> list[Fact]:
    """Registered facts as the engine wants them; amounts become exact decimals."""
    return [
        Fact(
            id=str(fact.id),
            kind=fact.kind,
            on=fact.on,
            units=tuple(str(u.unit_id) for u in fact.units),
            item=fact.item,
            attrs=plain_attrs(fact.attrs),
            title=fact.title,
            reverses=str(fact.reverses_id) if fact.kind == WITHDRAWN else None,
            persons=tuple(_author(person) for person in fact.persons),
            parts=tuple(_part(unit) for unit in fact.units if unit.role or unit.weight),
            recorded=clock.local(fact.recorded_at).date(),
            number=fact.id,
        )
        for fact in stored
    ]


def _author(stored: FactPerson) -> Contributor:
    unit = str(stored.unit_id) if stored.unit_id else None
    key = author_key(unit, stored.name) if unit else stored.name
    return Contributor(key, stored.role, _weight(stored.weight), unit)


def _part(stored: FactUnit) -> Contributor:
    return Contributor(str(stored.unit_id), stored.role, _weight(stored.weight))


def _weight(stored: str | None) -> Decimal | None:
    return Decimal(stored) if stored else None
