"""When a title changes, rules and examples that name the thing by its old title go on naming it. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.packs.editing.round_trip import opened, written

# Under which keys a thing of this list may be named by its title.
NAMED_UNDER: Mapping[str, frozenset[str]] = {
    "groups": frozenset({"group", "groups"}),
    "classes": frozenset({"class"}),
    "levels": frozenset({"level", "outlet"}),
    "outlets": frozenset({"outlet"}),
    "editions": frozenset({"outlet"}),
    "columns": frozenset({"outlet"}),
}


def followed(files: Mapping[str, bytes], listed: str, old: str, new: str) -> dict[str, bytes]:
    """The files with the new title wherever a thing of this list was named by its old one."""
    keys = NAMED_UNDER.get(listed, frozenset())
    made = dict(files)
    for name, raw in files.items():
        if keys and name.endswith(".yaml") and not name.startswith("documents/") and old.encode() in raw:
            tree = opened(raw)
            spots = list(_spots(tree, keys, old))
            for parent, key in spots:
                parent[key] = type(parent[key])(new)
            made[name] = written(tree, raw) if spots else raw
    return made


def _spots(node: Any, keys: Collection[str], old: str, under: str = "") -> Iterator[tuple[Any, Any]]:
    """Where a word stands under one of the keys: alone, in a list, or behind `not`."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        here = under if isinstance(node, list) or (key == "not" and under) else str(key)
        if isinstance(value, str):
            if value == old and here in keys:
                yield node, key
        else:
            yield from _spots(value, keys, old, here)
