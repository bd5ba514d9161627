"""Lists as they are read from HTML. They are kept flat, and where that would lose or change a number it becomes text. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Runs = list[dict[str, Any]]


@dataclass(eq=False)
class _List:
    """A list being read, and in how many numbered ones it stands."""

    ordered: bool
    level: int = 0
    count: int = 0

    def mark(self) -> str:
        """What would stand before the item just counted."""
        if not self.ordered:
            return "• "
        return (f"{self.count}. ", f"（{self.count}）", f"{self.count}）")[min(self.level, 2)]


@dataclass(frozen=True)
class _Item:
    """An item of a list, with its mark."""

    runs: Runs
    within: _List
    mark: str


@dataclass
class OpenLists:
    """The lists that are open just now, one in the other, and the items read so far."""

    open: list[_List] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)

    def begin(self, ordered: bool) -> None:
        """A list begins, perhaps inside another."""
        last = self.open[-1] if self.open else _List(False)
        self.open.append(_List(ordered, last.level + last.ordered))

    def add(self, runs: Runs) -> None:
        """An item of the innermost list."""
        own = self.open[-1]
        own.count += 1
        self.items.append(_Item(runs, own, own.mark()))

    def end(self) -> Iterator[dict[str, Any]]:
        """The innermost list ends; with the outermost, what all of them come to: one flat list, or paragraphs."""
        self.open.pop()
        if self.open or not self.items:
            return
        items, self.items = self.items, []
        lists = {item.within for item in items}
        ordered = any(each.ordered for each in lists)
        if len(lists) > 1 and ordered:
            yield from ({"type": "paragraph", "runs": _marked(item)} for item in items)
        else:
            yield {"type": "list", "ordered": ordered, "items": [item.runs for item in items]}


def _marked(item: _Item) -> Runs:
    first, *others = item.runs
    if first.get("bold"):
        return [{"text": item.mark, "bold": False}, *item.runs]
    return [{**first, "text": item.mark + first["text"]}, *others]
