"""Show the figures: one row a measure, its ratio to the yardstick, and whether its results are the others'."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any
from unicodedata import east_asian_width

HEAD = ("测量项", "秒（中位数）", "最快", "最慢", "倍数", "CPU 秒", "内存 MiB", "结果")
TITLES = {
    "product": "本系统",
    "sqlite-totals": "手写 SQL，SQLite，只求合计",
    "sqlite-lines": "手写 SQL，SQLite，逐条记账",
    "postgres-totals": "手写 SQL，PostgreSQL，只求合计",
    "postgres-lines": "手写 SQL，PostgreSQL，逐条记账",
    "python": "编译成 Python 的规则",
    "zen-engine": "zen-engine",
    "cel": "common-expression-language",
    "cel-python": "cel-python",
    "json-logic": "json-logic-qubit",
    "business-rules": "business-rules",
    "naive": "分数循环（标准答案）",
}

Runs = dict[str, list[dict[str, Any]]]


def rows(runs: Runs, yardstick: str, wrong: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The figures of every measure taken, fastest first."""
    base = median(run["seconds"] for run in runs[yardstick])
    found = []
    for name, taken in runs.items():
        if not taken:
            continue
        seconds = [run["seconds"] for run in taken]
        found.append({
            "name": name, "seconds": median(seconds), "least": min(seconds), "most": max(seconds),
            "ratio": median(seconds) / base, "cpu": median(run["cpu"] for run in taken),
            "rss": max(run["rss"] for run in taken), "differs": wrong.get(name, []),
            "tables": sorted(taken[0].get("digests", {})),
        })  # fmt: skip
    return sorted(found, key=lambda row: row["seconds"])


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """One row in words."""
    result = f"不同：{'、'.join(row['differs'])}" if row["differs"] else f"一致（{len(row['tables'])} 表）"
    return (
        TITLES[row["name"]], f"{row['seconds']:.4f}", f"{row['least']:.4f}", f"{row['most']:.4f}",
        f"{row['ratio']:.2f}", f"{row['cpu']:.4f}", f"{row['rss']}", result,
    )  # fmt: skip


def line(row: Sequence[str]) -> str:
    """A row for the screen; a Chinese character is two columns wide."""
    first = row[0] + " " * max(34 - _width(row[0]), 0)
    return first + "".join(" " * max(13 - _width(cell), 1) + cell for cell in row[1:])


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """A table for the documentation."""
    head = [HEAD, ("---", *["---:"] * (len(HEAD) - 2), "---")]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows])


def differences(found: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Measure → tables that differ from those of the first measure that has them; only measures that differ."""
    reference: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for name, digests in found.items():
        for table, digest in digests.items():
            if reference.setdefault(table, digest) != digest:
                wrong.setdefault(name, []).append(table)
    return wrong


def _width(text: str) -> int:
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)
