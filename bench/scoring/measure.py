#!/usr/bin/env python3
"""One measure in a fresh process: warm up on the tiny scale, then from the store to the result once. Started by run.py.

    python bench/scoring/measure.py sqlite-lines --scale city --check

Modules are imported when their measure is wanted: each Python here has only what its measures need.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import generate
import pack
import rules
from results import Tables, digests

Run = Callable[[], Callable[[], Tables]]


class Skip(Exception):
    """Why a measure cannot be taken here."""


def prepared(name: str, scale: str, options: argparse.Namespace) -> Run:
    """A measure ready to run on a scale; its store is filled when it is not."""
    if name == "product":
        return _product(scale, options)
    path = generate.database(scale, options.data, options.seed)
    if name == "naive":
        return _naive(path, options)
    if name.startswith(("sqlite-", "postgres-")):
        return _sql(name, scale, path, options)
    peers = import_module("peers_rules")
    return peers.peer(peers.ENGINES[name], path, pack.parse(rules.document(options.rules)))


def _product(scale: str, options: argparse.Namespace) -> Run:
    product = import_module("product")
    if reason := product.missing(options.rules):
        raise Skip(reason)
    store = product.load(scale, options.seed, options.rules, options.data)

    def run() -> Callable[[], Tables]:
        result = product.score_all(store)
        return lambda: product.tables(result)

    return run


def _naive(path: Path, options: argparse.Namespace) -> Run:
    naive = import_module("naive")
    document = rules.document(options.rules)

    def run() -> Callable[[], Tables]:
        found = naive.score(path, document)
        return lambda: found

    return run


def _sql(name: str, scale: str, path: Path, options: argparse.Namespace) -> Run:
    if options.rules != 12:
        raise Skip("手写 SQL 只针对 12 条规则")
    peer_sql = import_module("peer_sql")
    database, shape = name.split("-")
    if database == "sqlite":
        return peer_sql.sqlite(path, shape)
    if not options.postgres:
        raise Skip("未用 --postgres 指定数据库")
    peer_sql.fill_postgres(options.postgres, scale, options.seed)
    return peer_sql.postgres(options.postgres, scale, shape, options.seed)


def peak_mib() -> int:
    """The most memory this process has held. Not ru_maxrss, which keeps the parent's across exec."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM"))


def main() -> int:
    """Print one JSON line."""
    options = _options()
    try:
        print(json.dumps(_measured(options), ensure_ascii=False))
    except Skip as reason:
        print(json.dumps({"skip": str(reason)}, ensure_ascii=False))
    except ModuleNotFoundError as error:
        print(json.dumps({"skip": f"没有安装 {error.name}（见 README.md）"}, ensure_ascii=False))
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    run = prepared(options.name, options.scale, options)
    if options.fill:
        return {}
    if options.scale != "tiny":
        prepared(options.name, "tiny", options)()()
    wall, cpu = time.perf_counter(), time.process_time()
    tables = run()
    figures = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rss": peak_mib()}
    return figures | ({"digests": digests(tables())} if options.check else {})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="测一项一次，输出一行 JSON。")
    parser.add_argument("name")
    parser.add_argument("--scale", choices=generate.SCALES, default="city")
    parser.add_argument("--seed", type=int, default=generate.SEED)
    parser.add_argument("--rules", type=int, default=12)
    parser.add_argument("--data", type=Path, default=generate.default_folder())
    parser.add_argument("--postgres", default="")
    parser.add_argument("--fill", action="store_true", help="只准备数据")
    parser.add_argument("--check", action="store_true", help="输出结果的摘要")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
