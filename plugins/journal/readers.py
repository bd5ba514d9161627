"""Readers of a journal as the pack names them: roles of the office, kinds and groups of units. Pure."""

from collections.abc import Iterator

from core.accounts.models import UNIT_KINDS
from core.packs.content.fields import Id, Many, PackModel, Title
from core.packs.content.format import Pack
from core.packs.content.sections import Place, Units
from core.permissions import ROLES

ROLE_TITLES = {
    role.name: role.title for role in ROLES.values() if role.held_in == "office" and not role.admin
}


class Readers(PackModel):
    """Who gets an issue under a line of the imprint."""

    roles: Many[Id] = ()
    unit_kinds: Many[Id] = ()
    unit_groups: Many[Title] = ()
    every_unit: bool = False

    def takes(self, kind: str, group: str) -> bool:
        """Whether a unit of this kind and group is among them."""
        return self.every_unit or kind in self.unit_kinds or group in self.unit_groups


def references(
    pack: Pack, lines: list[tuple[Place, Readers]]
) -> Iterator[tuple[str, str, list[str], list[tuple[Place, str]]]]:
    """What the readers of all lines name, with what there is to name: (what, where it is listed, known, named)."""
    for what, file, known, field in (
        ("角色", "角色", list(ROLE_TITLES), "roles"),
        ("单位类别", "单位类别", list(UNIT_KINDS), "unit_kinds"),
        ("参评分组", "units.yaml", [group.title for group in pack.get(Units).groups], "unit_groups"),
    ):
        named = [
            ((*path, field, n), word)
            for path, readers in lines
            for n, word in enumerate(getattr(readers, field))
        ]
        yield what, file, known, named
