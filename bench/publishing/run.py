#!/usr/bin/env python3
"""Measure publishing, many publishers at once, and how soon the board shows a changed draft, on SQLite and PostgreSQL.

    .venv/bin/python bench/publishing/run.py [--issues 30] [--publishers 10] [--reps 30]
        [--databases sqlite,postgresql] [--skip-browser]

See README.md beside this file.
"""

import argparse
import contextlib
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE), str(HERE.parent / "http"), str(HERE.parent / "pdf")]

from cluster import cluster
from crowd import crowd
from drops import drops
from issues import publish
from office import SIZES, Office, found_office
from previews import previews
from server import Server

from core.app import create_app
from core.db import db


def main() -> None:
    """Measure what was asked for."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers started here end with it
    for name in options.databases.split(","):
        with tempfile.TemporaryDirectory(prefix="yaoqing-publishing-") as folder, _address(name) as address:
            print(f"\n### {name}\n", flush=True)
            _measure(Path(folder), address, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="测量签发一期刊物、多人同时签发的用时，以及编排台上改动之后见到新页的用时。"
    )
    parser.add_argument("--issues", type=int, default=30, help="签发多少期（默认 30，0 为不测）")
    parser.add_argument("--publishers", type=int, default=10, help="多少人同时签发（默认 10，0 为不测）")
    parser.add_argument("--rounds", type=int, default=3, help="同时签发几次（默认 3）")
    parser.add_argument("--reps", type=int, default=30, help="每种改动做几次（默认 30，0 为不测）")
    parser.add_argument("--databases", default="sqlite,postgresql", help="数据库（默认 sqlite,postgresql）")
    parser.add_argument("--skip-browser", action="store_true", help="不用 Chromium 测量")
    parser.add_argument("--fonts", type=Path, default=PROJECT / "var" / "fonts", help="公文字体目录")
    return parser.parse_args()


@contextlib.contextmanager
def _address(name: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
    else:
        with cluster() as address:
            yield address


def _measure(folder: Path, address: str, options: argparse.Namespace) -> None:
    fonts, password = options.fonts.resolve(), secrets.token_urlsafe(12)
    app = create_app({"DATA": folder, "DATABASE": address, "FONTS": fonts})
    with app.app_context():
        office = found_office(password)
        if options.issues:
            _table(
                "| 签发 | 中位数（毫秒） | p95（毫秒） | 与 LibreOffice 之比 |",
                publish(office, options.issues, folder),
            )
        if options.reps or options.publishers:
            env = {"YAOQING_DATA": str(folder), "YAOQING_DATABASE": address, "YAOQING_FONTS": str(fonts),
                   "YAOQING_IDLE_MINUTES": "600"}  # fmt: skip
            with Server("wsgi:app", PROJECT, "/healthz", env) as server:
                _on_site(office, server, password, options)
        if renderer := app.extensions["yaoqing"].renderer:
            renderer.close()
        db.session.remove()
        db.engine.dispose()


def _on_site(office: Office, server: Server, password: str, options: argparse.Namespace) -> None:
    """What is measured through the running site."""
    if options.publishers:
        _table(
            "| 签发 | 全部（秒） | 每人最短 | 中位数 | 最长 | 页面自动再办（次） | 网站的处理器（秒） "
            "| 开首页（次） | 中位数（毫秒） | p95 | 最长 | 未答 |",
            crowd(office, server, password, options.publishers, options.rounds),
        )
    for measure in (previews,) if options.skip_browser else (previews, drops):
        if options.reps:
            rows = (
                row
                for size in SIZES.values()
                for row in measure(office, server, password, size, options.reps)
            )
            _table("| 页数 | 改动 | 中位数（毫秒） | p95（毫秒） |", rows)


def _table(head: str, rows: Iterator[str]) -> None:
    print(f"\n{head}\n|{' --- |' * (head.count('|') - 1)}", flush=True)
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
