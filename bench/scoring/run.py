#!/usr/bin/env python3
"""Score the same facts by the same rules in the product, in hand-written SQL and in rule engines, interleaved.

    python bench/scoring/run.py [--scale city] [--reps 5] [--only a,b] [--postgres URL] [--peers-python PYTHON]

See README.md beside this file.
"""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import generate
import naive
import report
import rules
from results import digests

HERE = Path(__file__).resolve().parent
ENGINES = ("python", "zen-engine", "cel", "cel-python", "json-logic", "business-rules")
SETS = ("product", "sqlite-totals", "sqlite-lines", "postgres-totals", "postgres-lines")
# numpy's linear algebra, which nobody here uses, would start threads that idle loudly.
QUIET = {"OPENBLAS_NUM_THREADS": "1"}


def main() -> int:
    """Check everything at the tiny scale, measure, report."""
    options = _options()
    names = _wanted(options)
    if not options.no_check:
        names = _right(names, options)
    runs, wrong = _measure(names, options)
    return _report(runs, wrong, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="同样的事项、同样的规则：本系统、手写 SQL 与通用规则引擎相比。"
    )
    parser.add_argument("--scale", choices=generate.SCALES, default="city", help="规模（默认 city）")
    parser.add_argument("--reps", type=int, default=5, help="每项测几次，取中位数（默认 5）")
    parser.add_argument("--rules", type=int, choices=(12, 100), default=12, help="规则条数（默认 12）")
    parser.add_argument("--only", default="", help=f"只测这些项，以逗号分隔：{'、'.join(report.TITLES)}")
    parser.add_argument(
        "--against",
        default="sqlite-totals",
        choices=report.TITLES,
        help="倍数以哪一项为 1（默认 sqlite-totals；未测则取第一项）",
    )
    parser.add_argument("--postgres", default="", help="PostgreSQL 地址；不给则略过该数据库")
    parser.add_argument(
        "--peers-python", default=sys.executable, help="装有规则引擎的 Python（见 README.md）"
    )
    parser.add_argument(
        "--data", type=Path, default=generate.default_folder(), help="数据目录（默认在系统临时目录下）"
    )
    parser.add_argument("--seed", type=int, default=generate.SEED, help="随机种子")
    parser.add_argument("--timeout", type=int, default=1800, help="一次测量最多几秒（默认 1800）")
    parser.add_argument("--no-check", action="store_true", help="不先用最小规模核对各项结果")
    parser.add_argument("--json", type=Path, help="把全部数字写入这个文件")
    parser.add_argument("--markdown", type=Path, help="把表格写入这个文件")
    return parser.parse_args()


def _wanted(options: argparse.Namespace) -> list[str]:
    """The measures asked for; row by row engines only up to a city unless named."""
    names = [name for name in options.only.split(",") if name]
    if unknown := set(names) - set(report.TITLES):
        raise SystemExit(f"没有这些项：{'、'.join(sorted(unknown))}；可选：{'、'.join(report.TITLES)}")
    everything = list(report.TITLES) if options.scale in ("tiny", "city") else list(SETS)
    return names or everything


def _right(names: list[str], options: argparse.Namespace) -> list[str]:
    """Those that can run here and agree with the plain loops at the tiny scale."""
    path = generate.database("tiny", options.data, options.seed)
    expected = digests(naive.score(path, rules.document(options.rules)))
    good = []
    for name in names:
        found = _one(name, "tiny", options, check=True)
        if reason := found.get("skip"):
            _say(f"略过 {report.TITLES[name]}：{reason}")
            continue
        wrong = [table for table, digest in found["digests"].items() if digest != expected[table]]
        if wrong:
            raise SystemExit(f"{report.TITLES[name]} 在最小规模上与标准答案不同：{'、'.join(wrong)}")
        good.append(name)
    _say(f"最小规模上与标准答案一致：{'、'.join(report.TITLES[name] for name in good)}")
    return good


def _measure(names: list[str], options: argparse.Namespace) -> tuple[report.Runs, dict[str, list[str]]]:
    """Round after round, every measure once a round; results are compared in the first."""
    runs: report.Runs = {name: [] for name in names}
    found = {}
    for name in names:
        # Filling in a process of its own, so that it leaves no mark on memory.
        _one(name, options.scale, options, fill=True)
    for turn in range(options.reps):
        for name in names:
            figures = _one(name, options.scale, options, check=turn == 0)
            if "skip" in figures:
                if turn == 0:
                    _say(f"略过 {report.TITLES[name]}：{figures['skip']}")
                continue
            if turn == 0:
                found[name] = figures["digests"]
            runs[name].append(figures)
            _say(f"  {turn + 1}/{options.reps} {report.TITLES[name]}：{figures['seconds']:.4f} 秒")
    return runs, report.differences(found)


def _one(
    name: str, scale: str, options: argparse.Namespace, *, check: bool = False, fill: bool = False
) -> Any:
    """What measure.py says in a fresh process."""
    python = options.peers_python if name in ENGINES else sys.executable
    command = [python, str(HERE / "measure.py"), name, "--scale", scale, "--seed", str(options.seed),
               "--rules", str(options.rules), "--data", str(options.data), "--postgres", options.postgres,
               *(["--check"] if check else []), *(["--fill"] if fill else [])]  # fmt: skip
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=options.timeout,
            check=False,
            env=os.environ | QUIET,
        )
    except subprocess.TimeoutExpired:
        return {"skip": f"超过 {options.timeout} 秒"}
    if done.returncode:
        raise SystemExit(f"{report.TITLES[name]} 出错：\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _report(runs: report.Runs, wrong: dict[str, list[str]], options: argparse.Namespace) -> int:
    taken = [name for name in runs if runs[name]]
    if not taken:
        raise SystemExit("没有可测的项。")
    against = options.against if options.against in taken else taken[0]
    rows = report.rows(runs, against, wrong)
    size = generate.SCALES[options.scale]
    _say(f"\n{options.scale}：事项 {size.facts:,} 件，机构 {size.offices} 个，单位 {size.offices * size.units:,} 个，"
         f"规则 {options.rules} 条；各测 {options.reps} 次；倍数以“{report.TITLES[against]}”为 1")  # fmt: skip
    _say(report.line(report.HEAD))
    for row in rows:
        _say(report.line(report.cells(row)))
    if options.markdown:
        options.markdown.write_text(report.markdown(map(report.cells, rows)) + "\n", encoding="utf-8")
    if options.json:
        figures = {"machine": _machine(), "scale": {"name": options.scale, **size._asdict()}, "rules": options.rules,
                   "reps": options.reps, "against": against, "rows": rows, "runs": runs}  # fmt: skip
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if wrong else 0


def _machine() -> dict[str, Any]:
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform(),
            "sqlite": sqlite3.sqlite_version}  # fmt: skip


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
