"""Who takes part in a composite: every unit and author of its sources, with shares in exact proportion.

A source's share belongs to its units (a joint one's by their own weights) and, apart from that, to its authors in
equal parts. A unit with several sources has the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.submissions.credit import part_of
from core.submissions.models import Contributor, Submission
from core.submissions.services import Credit
from plugins.composites import shares

# The more telling part first.
ROLES = ("main", "joint", "part")


@dataclass(frozen=True)
class Given:
    """A source with what its editor gave it."""

    source: Submission
    role: str
    share: Fraction


def credits_of(given: Sequence[Given]) -> list[Credit]:
    """The credits of a composite, the main source's unit first. `given` begins with the main source."""
    units, authors, roles = _gathered(given)
    weights, of_authors = shares.whole(units), shares.whole(authors)
    own: dict[int, list[tuple[str, Decimal]]] = {}
    for (unit_id, name), weight in of_authors.items():  # type: ignore[misc]
        own.setdefault(unit_id, []).append((name, Decimal(weight)))
    return [
        Credit(unit_id, roles[unit_id], Decimal(weights[unit_id]), tuple(own.get(unit_id, ())))
        for unit_id in units
    ]


def as_they_were(original: Submission) -> list[Credit]:
    """The credits of a part: those of the item it comes from."""
    own = _authors(original)
    return [
        Credit(
            each.unit_id, each.role, part_of(each).weight, tuple((name, None) for unit, name in own if unit == each.unit_id)
        )
        for each in original.contributors
    ]  # fmt: skip


def _gathered(given: Sequence[Given]):
    units: dict[int, Fraction] = {}
    authors: dict[tuple[int, str], Fraction] = {}
    roles: dict[int, str] = {}
    for each in given:
        contributors = each.source.contributors
        own = [_weight(one) for one in contributors]
        for one, weight in zip(contributors, own, strict=True):
            units[one.unit_id] = units.get(one.unit_id, Fraction(0)) + each.share * weight / sum(own)
            known = roles.get(one.unit_id, "part")
            roles[one.unit_id] = min(known, _role(each.role, one), key=ROLES.index)
        names = _authors(each.source)
        for name in names:
            authors[name] = authors.get(name, Fraction(0)) + each.share / len(names)
    return units, authors, roles


def _role(role: str, contributor: Contributor) -> str:
    """The main source's own units are main and joint; whoever helped with another source took part in that one."""
    return role if contributor.position == 0 or role == "part" else "joint"


def _weight(contributor: Contributor) -> Fraction:
    weight = part_of(contributor).weight
    return Fraction(1) if weight is None else Fraction(weight)


def _authors(source: Submission) -> list[tuple[int, str]]:
    """The authors of an item, each once, with the unit they belong to."""
    told = [(each.unit_id, one["name"]) for each in source.contributors for one in each.authors or ()]
    return list(dict.fromkeys(told or [(source.unit_id, name) for name in source.authors or ()]))
