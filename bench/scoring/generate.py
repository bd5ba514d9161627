#!/usr/bin/env python3
"""Invented facts, always the same for the same seed: office by office, so that even the nation needs little memory.

    python bench/scoring/generate.py --scale city [--data FOLDER]

writes the SQLite file that the peers read. The product's own store is filled from `offices()` (numpy columns, one row a
fact and credited unit) or `facts()` (plain values, one a fact).
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from vocab import COLUMNS, FIRST_MONTH, WORDS, YEAR

SEED = 20260101
EPOCH = date(1970, 1, 1)
FIRST_DAY = (date(YEAR, 1, 1) - EPOCH).days
DAYS = 365
MAX_SHARERS = 4
Columns = dict[str, np.ndarray]


class Scale(NamedTuple):
    """How much there is."""

    facts: int
    offices: int
    units: int  # of each office


SCALES = {
    "tiny": Scale(2_000, 2, 5),
    "city": Scale(6_000, 1, 120),
    "province": Scale(1_000_000, 115, 100),
    "nation": Scale(10_000_000, 1150, 100),
}


@dataclass(frozen=True)
class Office:
    """One office: its units with their group's number, and its rows in the order of (day, id)."""

    number: int
    units: list[tuple[int, int]]
    columns: Columns


class Fact(NamedTuple):
    """One fact in plain values; `units` in the order in which they share it, the lead first."""

    id: int
    kind: str
    on: date
    office: int
    units: tuple[int, ...]
    item: int
    attrs: dict[str, str | int | bool]


def offices(scale: str, seed: int = SEED) -> Iterator[Office]:
    """The offices of a scale, one after the other; numbers of units, items and facts run through all of them."""
    size = SCALES[scale]
    done = 0
    for number in range(size.offices):
        count = size.facts // size.offices + (number < size.facts % size.offices)
        yield _office(np.random.default_rng([seed, number]), number, count, done, size.units)
        done += count


def facts(office: Office) -> Iterator[Fact]:
    """The same facts as plain values; an attribute that a fact does not have is left out."""
    # Rows of one fact are neighbours: they were made by repeating it.
    rows = zip(*(office.columns[name].tolist() for name in COLUMNS), strict=True)
    for values in rows:
        row = dict(zip(COLUMNS, values, strict=True))
        units = [row["unit"]]
        for _ in range(row["share_n"] - 1):
            units.append(next(rows)[COLUMNS.index("unit")])
        yield Fact(row["id"], WORDS["kind"][row["kind"]], EPOCH + timedelta(row["day"]), row["office"], tuple(units),
                   row["item"], _attributes(row))  # fmt: skip


def database(scale: str, folder: Path, seed: int = SEED) -> Path:
    """The SQLite file of a scale, written unless it is there."""
    path = folder / f"{scale}-{seed}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _write(unfinished, scale, seed)
        unfinished.rename(path)
    return path


def default_folder() -> Path:
    """Where the files lie unless --data says otherwise."""
    return Path(tempfile.gettempdir()) / "yaoqing-bench-scoring"


def _attributes(row: dict[str, int]) -> dict[str, str | int | bool]:
    named = ("outlet", "category", "level", "position", "status")
    found: dict[str, str | int | bool] = {name: WORDS[name][row[name]] for name in named if row[name]}
    found |= {"words": row["words"], "solicited": bool(row["solicited"]), "special": bool(row["special"])}
    return found | ({"late_days": row["late_days"]} if row["late_days"] else {})


# ---- one office -----------------------------------------------------------------------------------------------------


def _office(random: np.random.Generator, number: int, count: int, done: int, units: int) -> Office:
    items = _items(random, int(count * 0.66), units)
    found = _happen(random, items)
    if len(found["kind"]) < count:
        raise ValueError("too few items for so many facts")
    keep = np.sort(random.permutation(len(found["kind"]))[:count])
    found = {name: column[keep] for name, column in found.items()}
    order = np.lexsort((random.random(count), found["day"]))
    found = {name: column[order] for name, column in found.items()}
    found["id"] = np.arange(done + 1, done + count + 1)
    rows = _credited(found, items, number, units)
    # Twice the facts is more than the items of all earlier offices.
    rows["item"] = rows["item"] + 2 * done + 1
    groups = _groups(units)
    listed = [(number * units + unit + 1, int(groups[unit])) for unit in range(units)]
    return Office(number + 1, listed, {name: rows[name].astype(np.int64) for name in COLUMNS})


def _groups(units: int) -> np.ndarray:
    """A few counties, many bureaus, some units under the office itself."""
    place = np.arange(units)
    return np.where(place < units * 0.12, 0, np.where(place < units * 0.75, 1, 2))


def _items(random: np.random.Generator, count: int, units: int) -> Columns:
    """What was submitted; units differ widely in how much they send."""
    activity = random.gamma(1.2, 1.0, units)
    return {
        "lead": random.choice(units, count, p=activity / activity.sum()),
        "day": random.integers(0, DAYS, count),
        "words": np.minimum(random.gamma(2.0, 500, count).astype(np.int64) + 100, 9000),
        "category": random.integers(1, 13, count),
        "solicited": random.random(count) < 0.15,
        "special": random.random(count) < 0.06,
        "share_n": np.where(random.random(count) < 0.06, random.integers(2, MAX_SHARERS + 1, count), 1),
    }


def _happen(random: np.random.Generator, items: Columns) -> Columns:
    """What happened to the items: submitted, adopted by one to three outlets, instructed, solicited, found wrong."""
    parts: list[Columns] = []
    everything = np.arange(len(items["day"]))

    def some(of: np.ndarray, share: float) -> np.ndarray:
        return of[random.random(len(of)) < share]

    def put(chosen: np.ndarray, kind: str, lag: np.ndarray | int = 0, **given: np.ndarray) -> None:
        part = {
            name: np.zeros(len(chosen), np.int64)
            for name in ("outlet", "level", "position", "status", "late_days")
        }
        part |= given
        part["item"] = chosen
        part["kind"] = np.full(len(chosen), WORDS["kind"].index(kind))
        part["day"] = np.minimum(items["day"][chosen] + lag, DAYS - 1)
        parts.append(part)

    put(everything, "submit")
    adopted = some(everything, 0.33)
    for chosen in (adopted, some(adopted, 0.35), some(adopted, 0.05)):
        outlet = random.choice(8, len(chosen), p=[0.01, 0.05, 0.08, 0.22, 0.12, 0.10, 0.30, 0.12]) + 1
        put(chosen, "adopt", random.integers(1, 45, len(chosen)), outlet=outlet)
    chosen = some(adopted, 0.12)
    put(
        chosen, "instruct", random.integers(5, 60, len(chosen)),
        level=random.choice(4, len(chosen), p=[0.3, 0.5, 0.17, 0.03]) + 1,
        position=random.choice(2, len(chosen), p=[0.4, 0.6]) + 1,
    )  # fmt: skip
    chosen = some(everything, 0.12)
    status = random.choice(3, len(chosen), p=[0.8, 0.15, 0.05]) + 1
    late = np.where(status == WORDS["status"].index("LATE"), random.integers(1, 12, len(chosen)), 0)
    put(chosen, "solicit", status=status, late_days=late)
    chosen = some(everything, 0.02)
    put(chosen, "error", level=random.choice(4, len(chosen), p=[0.6, 0.25, 0.12, 0.03]) + 1)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _credited(found: Columns, items: Columns, office: int, units: int) -> Columns:
    """One row for every unit that shares a fact."""
    sharers = items["share_n"][found["item"]]
    repeated = np.repeat(np.arange(len(sharers)), sharers)
    rows = {name: column[repeated] for name, column in found.items()}
    item = rows["item"]
    rows |= {name: items[name][item] for name in ("words", "category", "solicited", "special", "share_n")}
    rows["share_k"] = np.arange(len(repeated)) - np.repeat(np.cumsum(sharers) - sharers, sharers)
    unit = (items["lead"][item] + rows["share_k"] * max(1, units // 5)) % units
    rows["unit"] = office * units + unit + 1
    rows["office"] = np.full(len(repeated), office + 1)
    rows["ugroup"] = _groups(units)[unit]
    day = rows["day"].astype("timedelta64[D]") + np.datetime64(f"{YEAR}-01-01")
    rows["ym"] = day.astype("datetime64[M]").astype(np.int64) - (YEAR - 1970) * 12 + FIRST_MONTH
    rows["day"] = rows["day"] + FIRST_DAY
    return rows


# ---- the peers' file ------------------------------------------------------------------------------------------------

# Clustered on (unit, month, day, id): with an ordinary table SQLite looks every row up at random and takes three times as
# long.
SCHEMA = f"""
PRAGMA page_size=8192;
CREATE TABLE unit (unit INTEGER PRIMARY KEY, office INTEGER NOT NULL, ugroup INTEGER NOT NULL);
CREATE TABLE event ({", ".join(f"{name} INTEGER NOT NULL" for name in COLUMNS)},
  PRIMARY KEY (unit, ym, day, id)) WITHOUT ROWID;
"""


def _write(path: Path, scale: str, seed: int) -> None:
    store = sqlite3.connect(path)
    store.executescript(SCHEMA)
    marks = ",".join("?" * len(COLUMNS))
    for office in offices(scale, seed):
        rows = office.columns
        order = np.lexsort((rows["id"], rows["day"], rows["ym"], rows["unit"]))
        store.executemany("INSERT INTO unit VALUES (?,?,?)", ((u, office.number, g) for u, g in office.units))
        store.executemany(
            f"INSERT INTO event VALUES ({marks})",
            zip(*(rows[name][order].tolist() for name in COLUMNS), strict=True),
        )
    store.execute("ANALYZE")
    store.commit()
    store.close()


def main() -> None:
    """Write the file of one scale."""
    parser = argparse.ArgumentParser(description="生成测量用的计分事项（虚构，同一种子结果相同）。")
    parser.add_argument("--scale", choices=SCALES, default="city", help="规模（默认 city）")
    parser.add_argument(
        "--data", type=Path, default=default_folder(), help="数据目录（默认在系统临时目录下）"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="随机种子")
    options = parser.parse_args()
    started = time.perf_counter()
    path = database(options.scale, options.data, options.seed)
    with sqlite3.connect(path) as store:
        rows, of_facts = store.execute("SELECT COUNT(*), COUNT(DISTINCT id) FROM event").fetchone()
        units = store.execute("SELECT COUNT(*) FROM unit").fetchone()[0]
    seconds = time.perf_counter() - started
    print(
        f"{path}：事项 {of_facts} 件，{rows} 行，{units} 个单位，{path.stat().st_size >> 20} MiB，{seconds:.1f} 秒"
    )


if __name__ == "__main__":
    main()
