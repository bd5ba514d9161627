"""Show the figures: a table for the screen, rows for docs/reference/performance.md, and whether the bars are met."""

from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

from load import Figures

# At least this share of the yardstick's speed per processor second; at most this many milliseconds.
CPU_BARS = {"password": 0.30, "list": 0.15, "list_filtered": 0.15}
P95_BARS = {"list": 200.0, "list_filtered": 200.0}
HEAD = ("页面", "请求/秒之比", "请求/秒", "CPU 毫秒/次", "CPU 之比", "p50 毫秒", "p95 毫秒", "p99 毫秒", "KB")


def cells(figures: Figures) -> tuple[str, ...]:
    """One row."""
    return (
        figures.title, f"{figures.rps_ratio:.3f}", f"{figures.rps:,.0f}", f"{figures.cpu_ms:.2f}", f"{figures.cpu_ratio:.3f}",
        f"{figures.p50_ms:.1f}", f"{figures.p95_ms:.1f}", f"{figures.p99_ms:.1f}", f"{figures.kb:.1f}",
    )  # fmt: skip


def line(row: Sequence[str]) -> str:
    """A row for the screen; a Chinese character is two columns wide."""
    first = row[0] + " " * max(36 - _width(row[0]), 0)
    return first + "".join(" " * max(13 - _width(cell), 1) + cell for cell in row[1:])


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """A table for the documentation."""
    head = [HEAD, ("---", *["---:"] * (len(HEAD) - 1))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows])


def missed(found: Iterable[Figures]) -> list[str]:
    """The bars that are not met, in words."""
    said = []
    for figures in found:
        if figures.cpu_ratio < CPU_BARS.get(figures.name, 0):
            said.append(f"{figures.title}：CPU 之比 {figures.cpu_ratio}，应不低于 {CPU_BARS[figures.name]}")
        if figures.p95_ms > P95_BARS.get(figures.name, float("inf")):
            said.append(
                f"{figures.title}：p95 为 {figures.p95_ms} 毫秒，应不超过 {P95_BARS[figures.name]:.0f}"
            )
    return said


def facts(run: dict[str, Any]) -> list[str]:
    """What is measured once per run, in words."""
    fresh, used = (max(worker["pss_mb"] for worker in run[key]) for key in ("memory_fresh", "memory"))
    most = max(worker["rss_mb"] for worker in run["memory"])
    return [
        f"冷启动（到首次健康检查成功）：{run['cold_start_s']} 秒；最小的 Flask 应用：{run['hello_cold_start_s']} 秒",
        f"每个工作进程内存：启动后 PSS {fresh} MB，测完 PSS {used} MB、RSS {most} MB",
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)
