"""Documents of two versions side by side: which paragraphs and which lines of tables differ. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.hookspecs import Paper, PaperTable


@dataclass(frozen=True)
class Pair:
    """A paragraph or a line as each version has it; None: it has no such thing. `kind`: same, changed, removed, added."""

    old: tuple[str, ...] | None
    new: tuple[str, ...] | None

    @property
    def kind(self) -> str:
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "same" if self.old == self.new else "changed"


@dataclass(frozen=True)
class TablePair:
    """A table in both versions: the heads, and lines put beside each other by their unit."""

    title: str
    old_head: tuple[str, ...]
    new_head: tuple[str, ...]
    lines: tuple[Pair, ...]

    @property
    def same_head(self) -> bool:
        return self.old_head == self.new_head

    @property
    def differing(self) -> list[Pair]:
        """Lines that are not the same."""
        return [pair for pair in self.lines if pair.kind != "same"]


@dataclass(frozen=True)
class PaperPair:
    """A document in both versions."""

    key: str
    title: str
    old: Paper | None
    new: Paper | None
    paragraphs: tuple[Pair, ...]
    tables: tuple[TablePair, ...]

    @property
    def same(self) -> bool:
        """Whether both versions print the same words and numbers."""
        both = self.old is not None and self.new is not None
        return both and not self.differing and all(t.same_head and not t.differing for t in self.tables)

    @property
    def differing(self) -> list[Pair]:
        """Paragraphs that are not the same."""
        return [pair for pair in self.paragraphs if pair.kind != "same"]


def paired(old: Iterable[Paper], new: Iterable[Paper]) -> list[PaperPair]:
    """Documents of the same key put side by side."""
    before, after = {p.key: p for p in old}, {p.key: p for p in new}
    return [_pair(key, before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after])]


def _pair(key: str, old: Paper | None, new: Paper | None) -> PaperPair:
    named = new or old
    return PaperPair(
        key, named.title if named else key, old, new,
        tuple(aligned(_lines(old), _lines(new))), tuple(_tables(old, new)),
    )  # fmt: skip


def _lines(paper: Paper | None) -> list[str]:
    return [paper.title, *paper.paragraphs] if paper else []


def aligned(old: Sequence[str], new: Sequence[str]) -> Iterable[Pair]:
    """Paragraphs in the order of reading; changed ones stand beside each other."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Pair((text,), (text,)) for text in old[a:b])
            continue
        for n in range(max(b - a, d - c)):
            yield Pair((old[a + n],) if a + n < b else None, (new[c + n],) if c + n < d else None)


def _tables(old: Paper | None, new: Paper | None) -> Iterable[TablePair]:
    before = {table.title: table for table in old.tables} if old else {}
    after = {table.title: table for table in new.tables} if new else {}
    for title in dict.fromkeys([*after, *before]):
        a, b = before.get(title), after.get(title)
        yield TablePair(title, a.head if a else (), b.head if b else (), tuple(_table_lines(a, b)))


def _table_lines(old: PaperTable | None, new: PaperTable | None) -> Iterable[Pair]:
    before = dict(old.lines) if old else {}
    after = dict(new.lines) if new else {}
    return [Pair(before.get(key), after.get(key)) for key in dict.fromkeys([*after, *before])]
