"""Slips in a sample that print without a word: keys that nothing reads, values that are taken for others."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any

from core.documents.store import TEMPLATE
from core.documents.templating.reads import Reads, reads_of
from core.errors import LONGEST_WORD, PackError, near
from core.strict_yaml.loader import Document

RUN = ("text", "bold", "face")
CELL_IN_TEXT = ("runs", "header", "colspan", "rowspan")
BLOCKS = {
    "heading": ("type", "level", "runs"),
    "paragraph": ("type", "runs"),
    "list": ("type", "ordered", "items"),
    "table": ("type", "rows"),
}
TITLES = "heading（标题）、paragraph（段落）、list（列表）、table（表格）"
TABLE = ("title", "head", "rows", "columns", "notes", "wide")
COLUMN = ("width", "align")
CELL = ("text", "colspan", "rowspan", "bold")
WIDE = (True, False, None, "A3", "a3")
# How many digits the standard gives the number of a copy (7.2.1).
COPY_DIGITS = 6
ALIKE = 0.7

# Told at once, and looked for among the names that are read: a hostile sample has more.
MOST_TOLD, MOST_ASKED = 30, 300
OF_THEIR_OWN = ("body", "tables")

Path = tuple[str | int, ...]
Slip = tuple[Path, PackError]


def slips_of(sample: Document, files: Mapping[str, str]) -> list[PackError]:
    """Everything in the sample of a format that its author cannot have meant, with file and line."""
    data, reads = sample.plain(), reads_of(TEMPLATE, files)
    if not isinstance(data, dict) or reads is None:
        return []
    slips = chain(_Unread(reads).found(data, ()), _unusual(data, reads), _within(data, (), reads))
    found = []
    for path, error in islice(slips, MOST_TOLD):
        error.where = sample.where(path)
        found.append(error)
    return found


class _Unread:
    """Keys that nothing reads and that look like others that are read. Anything else may be meant for another day."""

    def __init__(self, reads: Reads) -> None:
        self._reads, self._asked = reads, 0

    def found(self, value: object, path: Path) -> Iterator[Slip]:
        """Those of a value and of all within, but for bodies and tables, whatever the author calls them."""
        if _is_table(value) or _is_body(value):
            return
        if isinstance(value, Mapping):
            for key, part in value.items():
                if close := self._alike(str(key), not path):
                    yield (
                        (*path, key),
                        PackError(
                            f"数据中的“{key}”没有用到",
                            reason="这个版式和它的底版都不取用这一项，印不出来",
                            advice=f"是否应为“{close}”？不需要的请删去",
                        ),
                    )
                elif key not in OF_THEIR_OWN:
                    yield from self.found(part, (*path, key))
        for number, part in enumerate(_list(value)):
            yield from self.found(part, (*path, number))

    def _alike(self, key: str, is_top: bool) -> str:
        reads = self._reads
        if key in reads.names or (not is_top and key in reads.members) or self._asked >= MOST_ASKED:
            return ""
        self._asked += 1
        known = reads.wanted if is_top else reads.members
        return next(iter(get_close_matches(key[:LONGEST_WORD], sorted(known), n=1, cutoff=ALIKE)), "")


def _is_table(value: object) -> bool:
    """Whether this is what `| table` prints: its keys are read by no template."""
    return isinstance(value, Mapping) and isinstance(value.get("rows"), list) and value.keys() <= {*TABLE}


def _is_body(value: object) -> bool:
    """Whether this is what `| blocks` prints."""
    parts = _list(value)
    return bool(parts) and all(
        isinstance(part, Mapping) and str(part.get("type")) in BLOCKS for part in parts
    )


def _unusual(data: Mapping, reads: Reads) -> Iterator[Slip]:
    number = str(data.get("copy_number", ""))
    if "print/circular.html" in reads.templates and number.isdecimal() and len(number) != COPY_DIGITS:
        yield (
            ("copy_number",),
            PackError(
                "份号应为六位数字",
                reason=f"现为“{number}”，会照原样印出；国家标准的份号一般用六位阿拉伯数字",
                advice=f'写成 "{number.zfill(COPY_DIGITS)[-COPY_DIGITS:]}"（加引号）',
            ),
        )


def _within(value: object, path: Path, reads: Reads) -> Iterator[Slip]:
    """Slips in bodies and tables, wherever they are, and in what says how wide a page is."""
    if isinstance(value, Mapping):
        yield from _wide(value, path) if path else ()
        for key, part in value.items():
            if key == "body" and isinstance(part, list):
                yield from _body(part, (*path, key), reads)
            elif key == "tables" and isinstance(part, list):
                yield from _tables(part, (*path, key), reads)
            else:
                yield from _within(part, (*path, key), reads)
    for number, part in enumerate(_list(value)):
        yield from _within(part, (*path, number), reads)


def _wide(value: Mapping, path: Path) -> Iterator[Slip]:
    if "wide" in value and not any(value["wide"] is one or value["wide"] == one for one in WIDE):
        yield (
            (*path, "wide"),
            PackError(f"wide 不能是“{value['wide']}”", advice="写 true（A4 横版）或 A3（A3 横幅）；竖版不写"),
        )


def _body(blocks: list, path: Path, reads: Reads) -> Iterator[Slip]:
    for number, block in _groups(blocks):
        here, kind = (*path, number), block.get("type")
        if "type" not in block or not isinstance(kind, str):
            continue  # printing tells of it
        if kind not in BLOCKS:
            advice = near(kind, BLOCKS)
            yield (*here, "type"), PackError(f"没有“{kind}”这种段落", reason=f"可写：{TITLES}", advice=advice)
            continue
        yield from _keys(block, here, BLOCKS[kind], reads, "段落")
        yield from _runs(block.get("runs"), (*here, "runs"), reads)
        for place, item in enumerate(_list(block.get("items")) if kind == "list" else ()):
            yield from _runs(item, (*here, "items", place), reads)
        for place, row in enumerate(_list(block.get("rows")) if kind == "table" else ()):
            for column, cell in _groups(row):
                spot = (*here, "rows", place, column)
                yield from _keys(cell, spot, CELL_IN_TEXT, reads, "正文表格的单元格")
                yield from _runs(cell.get("runs"), (*spot, "runs"), reads)


def _runs(runs: object, path: Path, reads: Reads) -> Iterator[Slip]:
    for number, run in _groups(runs):
        yield from _keys(run, (*path, number), RUN, reads, "段内文字")


def _tables(tables: list, path: Path, reads: Reads) -> Iterator[Slip]:
    for number, table in _groups(tables):
        here = (*path, number)
        yield from _keys(table, here, TABLE, reads, "表格")
        yield from _wide(table, here)
        for place, column in _groups(table.get("columns")):
            yield from _keys(column, (*here, "columns", place), COLUMN, reads, "columns 各列")
        for part in ("head", "rows"):
            for place, row in enumerate(_list(table.get(part))):
                for spot, cell in _groups(row):
                    yield from _keys(cell, (*here, part, place, spot), CELL, reads, "单元格")


def _keys(value: Mapping, path: Path, known: Collection[str], reads: Reads, what: str) -> Iterator[Slip]:
    """Keys that the system does not know there; what the author's own template looks up is the author's affair."""
    for key in value:
        if key not in known and key not in reads.own:
            advice = near(key, known)
            yield (
                (*path, key),
                PackError(
                    f"{what}没有“{key}”这一项",
                    reason=f"可写：{'、'.join(known)}",
                    advice=advice or "不需要的请删去",
                ),
            )


def _groups(value: object) -> Iterable[tuple[int, Mapping[Any, Any]]]:
    return [(number, part) for number, part in enumerate(_list(value)) if isinstance(part, Mapping)]


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
