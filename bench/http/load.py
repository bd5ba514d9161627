"""Fire wrk at a page and at the yardstick in turn, and compare."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from pages import Page
from server import Server

SCRIPT = Path(__file__).with_name("wrk.lua")
NO_WRK = """缺少压测工具 wrk，无法测量。请先安装：apt-get install wrk
wrk, the load generator, is not installed: run `apt-get install wrk` and try again."""


@dataclass(frozen=True)
class Shot:
    """One short run of wrk."""

    rps: float
    cpu_ms: float
    p50: float
    p95: float
    p99: float
    size: float


@dataclass(frozen=True)
class Figures:
    """A page beside the yardstick: medians over the rounds. Ratios are 1 for a page as cheap as the yardstick."""

    name: str
    title: str
    rps_ratio: float
    rps: float
    cpu_ms: float
    cpu_ratio: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    kb: float
    # The very first answer of a fresh process: templates are compiled, caches are cold.
    first_ms: float
    rps_ratios: list[float]
    cpu_ratios: list[float]

    def as_dict(self) -> dict[str, Any]:
        """For the JSON report."""
        return asdict(self)


def require_wrk() -> None:
    """End with a plain sentence when wrk is missing."""
    if not shutil.which("wrk"):
        raise SystemExit(NO_WRK)


def shoot(server: Server, paths: Sequence[str], cookie: str, seconds: int, connections: int) -> Shot:
    """One run. Raises SystemExit when the server refused or broke off any request."""
    before = server.cpu()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    done = subprocess.run(
        [*command, server.url, "--", *paths],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=False,
    )
    used = server.cpu() - before
    found = re.search(r"RESULT (.*)", done.stdout)
    if not found:
        raise SystemExit(f"wrk 没有给出结果：\n{done.stdout}{done.stderr}")
    values = {name: int(value) for name, value in (pair.split("=") for pair in found[1].split())}
    if values["refused"] or values["broken"]:
        raise SystemExit(f"请求出错：{values}\n{server.said()}")
    if not (number := values["requests"]):
        # Slower than the whole run: give it the time it needs.
        return shoot(server, paths, cookie, seconds * 5, connections)
    return Shot(
        rps=number / values["micros"] * 1e6, cpu_ms=used / number * 1000, p50=values["p50"] / 1000,
        p95=values["p95"] / 1000, p99=values["p99"] / 1000, size=values["bytes"] / number / 1024,
    )  # fmt: skip


def compare(
    page: Page, cookie: str, product: Server, hello: Server,
    *, seconds: int, rounds: int, connections: int, first_ms: float,
) -> Figures:  # fmt: skip
    """hello, page, hello, page, … hello: each page is set against the mean of its two neighbours."""
    # Not counted: every worker compiles the templates and warms its caches first.
    shoot(product, page.paths, cookie, min(seconds, 1), connections)
    pages, hellos = [], [shoot(hello, ["/hello"], "", seconds, connections)]
    for _ in range(rounds):
        pages.append(shoot(product, page.paths, cookie, seconds, connections))
        hellos.append(shoot(hello, ["/hello"], "", seconds, connections))
    around = list(zip(hellos, hellos[1:], strict=False))
    rps_ratios = [p.rps / mean((a.rps, b.rps)) for p, (a, b) in zip(pages, around, strict=True)]
    cpu_ratios = [mean((a.cpu_ms, b.cpu_ms)) / p.cpu_ms for p, (a, b) in zip(pages, around, strict=True)]
    return Figures(
        page.name, page.title, rps_ratio=round(median(rps_ratios), 3), rps=round(median(p.rps for p in pages), 1),
        cpu_ms=round(median(p.cpu_ms for p in pages), 3), cpu_ratio=round(median(cpu_ratios), 3),
        p50_ms=round(median(p.p50 for p in pages), 1), p95_ms=round(median(p.p95 for p in pages), 1),
        p99_ms=round(median(p.p99 for p in pages), 1), kb=round(median(p.size for p in pages), 1), first_ms=round(first_ms),
        rps_ratios=[round(r, 3) for r in rps_ratios], cpu_ratios=[round(r, 3) for r in cpu_ratios],
    )  # fmt: skip
