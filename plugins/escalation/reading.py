"""Read an adoption list as people paste or upload it: a table with or without a head, or titles only. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import InvalidInput
from core.tabular import day_of, rows_of

MOST = 150
MAX_TEXT = 60_000
# What the heads of columns contain; the first that fits wins, so the narrower words come first.
HEADS = {
    "day": ("日期", "时间"),
    "form": ("形式",),
    "outlet": ("渠道", "刊物", "载体", "刊登"),
    "unit": ("单位", "来稿", "供稿"),
    "title": ("标题", "题目", "篇目", "信息名称"),
}
HEAD_WITHIN = 5
_ORDINAL = re.compile(r"^[（(]?\d{1,3}\s*(?:[）)]\s*|[．.、]\s*(?=\D)|\s+(?=\D))")


@dataclass(frozen=True)
class Line:
    """One line of a list: the title, and what else it says; `day` None when it names none that can be read."""

    title: str
    unit: str = ""
    outlet: str = ""
    form: str = ""
    day: date | None = None
    written_day: str = ""


def read(text: str, year: int) -> list[Line]:
    """The lines of a list; days without a year belong to `year`. Raises InvalidInput when there are none or too many."""
    if len(text) > MAX_TEXT:
        raise InvalidInput("名单过长", where="名单", advice=f"每次不超过 {MOST} 条，请分几次办理")
    rows = [row for row in rows_of(text) if any(row)]
    head, columns = _head(rows)
    body = rows[head + 1 :] if columns else rows
    if not columns:
        columns = {"title": _longest_column(body)}
    lines = [line for line in (_line(row, columns, year) for row in body) if line.title]
    if not lines:
        raise InvalidInput("名单中没有条目", where="名单", advice="请粘贴带标题的表格，或每行一个标题")
    if len(lines) > MOST:
        raise InvalidInput(
            f"名单有 {len(lines)} 条，超过 {MOST} 条",
            where="名单",
            advice="请分几次粘贴，已登记的不会重复计入",
        )
    return lines


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Which of the first rows names the columns, and what stands where; no columns when none does."""
    for number, row in enumerate(rows[:HEAD_WITHIN]):
        columns: dict[str, int] = {}
        for position, cell in enumerate(row):
            meaning = _meaning(cell)
            if meaning:
                columns.setdefault(meaning, position)
        if "title" in columns and (len(row) > 1 or len(row[0]) <= 4):
            return number, columns
    return 0, {}


def _meaning(cell: str) -> str:
    bare = cell.replace(" ", "")
    if len(bare) > 8:
        return ""
    return next((name for name, words in HEADS.items() if any(word in bare for word in words)), "")


def _longest_column(rows: Iterable[Sequence[str]]) -> int:
    """Where the titles stand in a table without a head: where most of the text is."""
    sizes: dict[int, int] = {}
    for row in rows:
        for position, cell in enumerate(row):
            sizes[position] = sizes.get(position, 0) + len(cell)
    return max(sizes, key=lambda position: sizes[position], default=0)


def _line(row: Sequence[str], columns: dict[str, int], year: int) -> Line:
    def cell(name: str) -> str:
        position = columns.get(name, -1)
        return row[position] if 0 <= position < len(row) else ""

    written = cell("day")
    if "day" not in columns:
        written = next((each for each in row if day_of(each, year)), "")
    title = _ORDINAL.sub("", cell("title"))[:200]
    return Line(
        title,
        cell("unit")[:200],
        cell("outlet")[:100],
        cell("form")[:100],
        day_of(written, year),
        written[:30],
    )
