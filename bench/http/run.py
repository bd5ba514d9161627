#!/usr/bin/env python3
"""Measure the product's pages against the smallest Flask app on the same kind of server, in the same run.

    .venv/bin/python bench/http/run.py [--items 100000] [--secs 2] [--rounds 5] [--database postgresql+psycopg://…]
        [--json FILE] [--markdown FILE]

See README.md beside this file.
"""

import argparse
import json
import os
import platform
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
sys.path.insert(0, str(PROJECT))

import load
import report
from browser import Browser
from desk import work
from pages import Page, pages
from seed import let_in, seed
from server import THREADS, WORKERS, Server
from sqlalchemy import inspect, make_url, text

from core import table_statistics
from core.app import create_app
from core.db import db

STARTS = 3
SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def main() -> int:
    """Prepare the data, start both servers, measure, report."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers started here end with it
    load.require_wrk()
    with _folder(options.data) as data:
        password = secrets.token_urlsafe(12)
        wanted, size = _prepare(data, password, options)
        run = _measure(data, password, wanted, size, options)
    return _report(run, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="测量各页面的速度，与同一服务器上最小的 Flask 应用相比。")
    parser.add_argument("--items", type=int, default=100_000, help="信息条数（默认 100000）")
    parser.add_argument("--secs", type=int, default=2, help="每次测量几秒（默认 2）")
    parser.add_argument("--rounds", type=int, default=5, help="每页测量几次，取中位数（默认 5）")
    parser.add_argument("--conns", type=int, default=8, help="并发连接数（默认 8）")
    parser.add_argument("--only", default="", help="只测这些页面，以逗号分隔（名称见 pages.py）")
    parser.add_argument(
        "--pack", type=Path, default=PROJECT / "rulepacks" / "luan-2013", help="排名页所用规则包目录"
    )
    parser.add_argument(
        "--data", type=Path, help="数据目录；已有数据则直接使用，不指定则用临时目录、用后删除"
    )
    parser.add_argument(
        "--database", default="", help="PostgreSQL 数据库的地址，空的或以前准备的；不指定则用 SQLite"
    )
    parser.add_argument("--json", type=Path, help="把全部数字写入这个文件")
    parser.add_argument(
        "--markdown", type=Path, help="把表格写入这个文件（用于 docs/reference/performance.md）"
    )
    parser.add_argument("--fonts", type=Path, default=PROJECT / "var" / "fonts", help="公文字体目录")
    parser.add_argument("--check", action="store_true", help="未达标时以 1 退出")
    return parser.parse_args()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """The data folder: the given one, which is kept, or a temporary one."""
    if given:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yaoqing-bench-") as folder:
        yield Path(folder)


def _prepare(data: Path, password: str, options: argparse.Namespace) -> tuple[list[Page], int]:
    """Seed the database unless it is filled already; returns the pages to measure and the bytes of the database."""
    app = create_app({"DATA": data, "DATABASE": options.database, "FONTS": options.fonts.resolve()})
    with app.app_context():
        if not inspect(db.engine).has_table("submission"):
            _say(f"正在准备 {options.items} 条信息……")
            seed(options.items, options.pack, _say)
            work(_say)
            # As every night.
            table_statistics.bring_up_to_date()
        let_in(password)
        size = db.session.scalar(text(SIZES[db.engine.dialect.name]))
        found = pages(app.jinja_env.globals["static_url"]("css/yaoqing.css"))
        if renderer := app.extensions["yaoqing"].renderer:
            renderer.close()
        db.session.remove()
        db.engine.dispose()
    names = [name for name in options.only.split(",") if name]
    if unknown := set(names) - {page.name for page in found}:
        raise SystemExit(
            f"没有这些页面：{'、'.join(sorted(unknown))}；可选：{'、'.join(p.name for p in found)}"
        )
    return [page for page in found if not names or page.name in names], size


def _measure(
    data: Path, password: str, wanted: list[Page], size: int, options: argparse.Namespace
) -> dict[str, Any]:
    # A long measurement must not sign anybody out.
    env = {"YAOQING_DATA": str(data), "YAOQING_DATABASE": options.database, "YAOQING_IDLE_MINUTES": "600"}
    starts = [_start_seconds("wsgi:app", PROJECT, "/healthz", env) for _ in range(STARTS)]
    hello_starts = [_start_seconds("hello:app", HERE, "/hello") for _ in range(STARTS)]
    with (
        Server("hello:app", HERE, "/hello") as hello,
        Server("wsgi:app", PROJECT, "/healthz", env) as product,
    ):
        memory_before = product.memory()
        browsers = {who: _browser(product, who, password) for who in {page.who for page in wanted}}
        _say(report.line(report.HEAD))
        rows = []
        for page in wanted:
            browser = browsers[page.who]
            first_ms = browser.check(page)
            figures = load.compare(
                page, browser.cookie if page.who else "", product, hello,
                seconds=options.secs, rounds=options.rounds, connections=options.conns, first_ms=first_ms,
            )  # fmt: skip
            rows.append(figures)
            _say(report.line(report.cells(figures)))
        memory = product.memory()
    return {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "setting": {"workers": WORKERS, "threads": THREADS, "connections": options.conns, "seconds": options.secs,
                    "rounds": options.rounds, "database": make_url(options.database or "sqlite://").get_backend_name(),
                    "data_mb": round(size / 2**20)},
        "cold_start_s": round(median(starts), 2), "hello_cold_start_s": round(median(hello_starts), 2),
        "memory_fresh": memory_before, "memory": memory, "pages": rows,
    }  # fmt: skip


def _start_seconds(target: str, folder: Path, probe: str, env: dict[str, str] | None = None) -> float:
    with Server(target, folder, probe, env) as server:
        return server.start_seconds


def _browser(product: Server, who: str, password: str) -> Browser:
    browser = Browser(product.url)
    if who:
        browser.sign_in(who, password)
    return browser


def _report(run: dict[str, Any], options: argparse.Namespace) -> int:
    for said in report.facts(run):
        _say(said)
    missed = report.missed(run["pages"])
    _say("\n".join(["未达标：", *missed]) if missed else "所测页面全部达标。")
    if options.markdown:
        options.markdown.write_text(report.markdown(map(report.cells, run["pages"])) + "\n", encoding="utf-8")
    if options.json:
        plain = {**run, "pages": [figures.as_dict() for figures in run["pages"]], "missed": missed}
        options.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if missed and options.check else 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
