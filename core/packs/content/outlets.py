"""The tree of outlets as rules use it: what lies inside what, and on which level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.packs.content.fields import folded
from core.packs.content.sections import Outlets


@dataclass(frozen=True)
class OutletNode:
    """One outlet: level, publication, edition or column."""

    id: str
    title: str
    kind: str
    parent: str | None
    level: str
    ladder: str
    depth: int
    ladder_title: str = ""


@dataclass(frozen=True)
class OutletTree:
    """All outlets of a pack by id, and the levels from low to high."""

    nodes: Mapping[str, OutletNode]
    levels: Mapping[str, str]

    def within(self, outlet: str) -> frozenset[str]:
        """The outlet and everything below it."""
        inside, waiting = {outlet}, [outlet]
        while waiting:
            below = self._below.get(waiting.pop(), ())
            inside.update(below)
            waiting += below
        return frozenset(inside)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The titles of all outlets, see `title`."""
        return {key: self.title(key) for key in self.nodes}

    @cached_property
    def looks(self) -> Mapping[str, str]:
        """Outlets by how their ids and titles look to a hurried reader."""
        return looks_of(self.titles)

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.parent:
                found.setdefault(node.parent, []).append(node.id)
        return found

    def title(self, outlet: str) -> str:
        """The title by which people know an outlet; columns and editions carry the name of what they belong to."""
        node = self.nodes[outlet]
        if node.kind in {"edition", "column"} and node.parent:
            return f"{self.title(node.parent)}{node.title}"
        return node.title


def looks_of(words: Mapping[str, str]) -> Mapping[str, str]:
    """Words by how they and their titles look; the first one counts."""
    found: dict[str, str] = {}
    for key, title in words.items():
        found.setdefault(folded(key), key)
        found.setdefault(folded(title), key)
    return found


def tree_of(outlets: Outlets) -> OutletTree:
    """Lay out the section's nested lists as one table."""
    levels = {level.id: level.title for level in outlets.levels}
    nodes: dict[str, OutletNode] = {}

    def add(things: Sequence[Any], kind: str, parent: OutletNode, below: Sequence[str]) -> None:
        for thing in things:
            node = OutletNode(
                thing.id, thing.title, kind, parent.id, parent.level, parent.ladder, parent.depth + 1,
                parent.ladder_title,
            )  # fmt: skip
            nodes[node.id] = node
            descend(thing, node, below)

    def descend(thing: Any, node: OutletNode, below: Sequence[str]) -> None:
        for name in below:
            add(getattr(thing, name, ()), name.removesuffix("s"), node, BELOW[name])

    for ladder in outlets.ladders:
        for step in ladder.levels:
            level = step.level or step.id
            title = step.title or levels.get(level, step.id)
            node = OutletNode(step.id, title, "level", None, level, ladder.id, 0, ladder.title)
            nodes[node.id] = node
            descend(step, node, ("outlets",))
    return OutletTree(nodes, levels)


BELOW = {"outlets": ("editions", "columns"), "editions": ("columns",), "columns": ()}
