"""What an office may record under its pack: levels above its own, outlets that are not its own, forms of adoption."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from core.packs import services as packs
from core.packs.content.outlets import OutletTree, tree_of
from core.packs.content.sections import Outlets
from core.plugins import collect
from core.scoring import runs

SENT_UP, ADOPTED = "sent_up", "adopted"
# The attribute of each kind of fact that says where.
WHERE = {SENT_UP: "level", ADOPTED: "outlet"}
FORM = "form"


@dataclass(frozen=True)
class Words:
    """Id → title of everything that can be chosen: places and forms, for each kind of fact."""

    places: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, Mapping[str, str]]


def words_of(office_id: int, day: date) -> Words:
    """What can be chosen under the pack of a day. Raises NotFound when the office has none."""
    pack = packs.pack_of(office_id, day)
    tree = tree_of(pack.get(Outlets))
    own = [outlet for outlet in collect("own_outlets", pack=pack) if outlet in tree.nodes]
    form = runs.rules_in_force(office_id, day)[1].words.properties.get(FORM)
    forms = {kind: dict(form.options) if form and form.fits(kind) else {} for kind in WHERE}
    return Words({SENT_UP: levels_above(tree, own), ADOPTED: foreign_outlets(tree, own)}, forms)


def levels_above(tree: OutletTree, own: Collection[str]) -> dict[str, str]:
    """The levels higher than the office's own: that of its own outlets, or the lowest when it has none."""
    first = _own_level(tree, own) + 1
    return dict(list(tree.levels.items())[first:])


def foreign_outlets(tree: OutletTree, own: Collection[str]) -> dict[str, str]:
    """Every outlet that neither is the office's own, nor lies in one, nor stands for the office as a whole."""
    left_out = {inside for outlet in own for inside in tree.within(outlet)}
    for outlet in own:
        parent = tree.nodes[outlet].parent
        while parent:
            left_out.add(parent)
            parent = tree.nodes[parent].parent
    levels, lowest = list(tree.levels), _own_level(tree, own)
    return {
        node.id: _named(tree, node.id)
        for node in tree.nodes.values()
        if node.id not in left_out and levels.index(node.level) >= lowest
    }


def _own_level(tree: OutletTree, own: Collection[str]) -> int:
    levels = list(tree.levels)
    return max((levels.index(tree.nodes[outlet].level) for outlet in own), default=0)


def _named(tree: OutletTree, outlet: str) -> str:
    """The outlet's title, with its level where the title does not say it."""
    title, level = tree.title(outlet), tree.levels[tree.nodes[outlet].level]
    return title if level in title else f"{title}（{level}）"
