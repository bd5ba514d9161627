#!/usr/bin/env python3
"""How long the short steps take inside a filled store: an office's year, one further fact, a unit's month explained.

    .venv/bin/python bench/scoring/latency.py --scale province

Each step is timed on many offices in turn, next to reading the same records with sqlite3 alone: the figure to
compare with. Nothing is kept in memory between the steps but what the product keeps as well.
"""

import argparse
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import generate
import product

from core.scoring import live
from core.scoring.results.ranking import rank_ledger
from core.scoring.values.periods import period_by_key

MONTH = "2026-06"


class Steps:
    """The steps of one store, each for one office; every step returns nothing that is needed later."""

    def __init__(self, store: product.Store, file: Path):
        self.store = store
        self.year = period_by_key(store.rules.calendar, "2026")
        self.month = period_by_key(store.rules.calendar, MONTH)
        self.raw = sqlite3.connect(file)

    def read_office(self, office: int) -> None:
        """All records of an office, read and nothing else."""
        self.raw.execute("SELECT record FROM fact_record WHERE office_id = ?", (office,)).fetchall()

    def read_unit(self, office: int) -> None:
        """The records of one unit, read and nothing else."""
        query = "SELECT record FROM fact_record WHERE office_id = ? AND unit_id = ?"
        self.raw.execute(query, (office, int(self._unit(office)))).fetchall()

    def score_office(self, office: int) -> None:
        """An office's year from the store to places."""
        self.scored(office)

    def scored(self, office: int) -> live.Live:
        """An office's year as the product keeps it in memory."""
        rules, units = self.store.rules, self.store.units[office]
        ledger = live._ledger(office, self.year, rules, units, (), None)
        standing = rank_ledger(ledger, units)
        return live.Live(office, self.year, "bench@1", rules, units, (), standing, (), 0)

    def further_fact(self, known: live.Live) -> None:
        """One unit scored again and placed anew, which is what one further fact of that unit takes."""
        wanted = live.together([self._unit(known.office_id)], known.units)
        ledger = live._ledger(known.office_id, self.year, known.rules, known.units, (), wanted)
        live.replaced(known.standing, ledger, wanted, known.units)

    def explain(self, known: live.Live) -> None:
        """The entries of a unit's month with their sentences."""
        entries = known.entries_of(self._unit(known.office_id))
        assert all(entry.sentence for entry in entries if entry.day in self.month)

    def _unit(self, office: int) -> str:
        return self.store.units[office][0].key


def timed(step: Callable[..., None], each: Sequence[object]) -> list[float]:
    """Milliseconds of a step for every one of the things it is done to, after one that does not count."""
    step(each[0])
    found = []
    for thing in each:
        begun = time.perf_counter()
        step(thing)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def main() -> int:
    """Print the table."""
    options = _options()
    store = product.load(options.scale, generate.SEED, options.rules, options.data)
    file = options.data / f"product-{options.scale}-{generate.SEED}" / "yaoqing.db"
    steps = Steps(store, file)
    offices = list(store.units)[: options.offices]
    with store.app.app_context():
        known = [steps.scored(office) for office in offices]
        rows = [
            ("读出一个机构全年的记录（对照）", timed(steps.read_office, offices)),
            ("一个机构全年计分并排名", timed(steps.score_office, offices)),
            ("读出一个单位全年的记录（对照）", timed(steps.read_unit, offices)),
            ("登记一件事项之后重新计分", timed(steps.further_fact, known)),
            ("打开一个单位一个月的台账", timed(steps.explain, known)),
        ]
    print(f"{options.scale}：规则 {options.rules} 条，{len(offices)} 个机构各测一次，毫秒")
    for title, times in rows:
        middle, worst = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        base = statistics.median(rows[0 if "机构" in title else 2][1])
        print(f"{title}：中位数 {middle:.2f}，p95 {worst:.2f}，为对照的 {middle / base:.1f} 倍")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="短的各步要多少时间。")
    parser.add_argument("--scale", choices=generate.SCALES, default="province")
    parser.add_argument("--rules", type=int, choices=(12, 100), default=12)
    parser.add_argument("--offices", type=int, default=60)
    parser.add_argument("--data", type=Path, default=generate.default_folder())
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
