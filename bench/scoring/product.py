"""The product's side of the comparison: fill its own store with the same facts, score every office, hand over the results.

Each step in a fresh process after the stores are filled:

    load(scale, …)      fills the store when it is not there, else opens it; outside the clock
    score_all(store)    from the store to month totals and ranking in memory, offices one after the other; inside the clock
    tables(result)      the result as `results.TABLES`; outside the clock

What must come out bit by bit, and every order, is written in README.md under "结果的定义".
"""

import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import product_pack
from flask import Flask
from generate import Office, offices
from results import Tables
from vocab import FIRST_MONTH, GRAINS, WORDS

from core import migrate
from core.app import create_app
from core.columns import MILLION, MISSING, ROW, shape_text
from core.db import db
from core.packs.content.format import load_files
from core.scoring import live
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import CODE
from core.scoring.kinds import CORE_KINDS
from core.scoring.results.ranking import Standing, rank_ledger
from core.scoring.rules.compile import compile_pack
from core.scoring.rules.rule_book import Rules
from core.scoring.section import pack_sections
from core.scoring.values.fact import UnitInfo
from core.scoring.values.periods import period_by_key, periods_of
from core.scoring.values.points import GRAINS as OWN_GRAINS

NATION = "nation"
NUMBERED = ("words", "late_days")
WORDED = ("outlet", "category", "level", "position", "status")
STEP = 200_000


@dataclass
class Store:
    """The opened store: the app's context, the compiled rules, the units of every office."""

    app: Flask
    scale: str
    rules: Rules
    units: dict[int, list[UnitInfo]]


@dataclass
class Result:
    """Per office the standing, the sums by unit and month, and (but for the nation) the ledger."""

    store: Store
    standings: list[tuple[Standing, np.ndarray, Ledger | None]]


def missing(rules: int) -> str:
    """Why the product cannot be measured with so many rules; it can."""
    return ""


def load(scale: str, seed: int, rules: int, folder: Path) -> Store:
    """The product's store with the facts of a scale and the pack, opened; kept in `folder` and filled only once."""
    data = folder / f"product-{scale}-{seed}"
    app = create_app({"DATA": data, "DATABASE": ""})
    with app.app_context():
        if not (data / "filled").exists():
            _fill(scale, seed, data / "yaoqing.db")
            (data / "filled").touch()
        units: dict[int, list[UnitInfo]] = {}
        query = "SELECT unit.office_id, unit.id, unit.unit_class FROM unit ORDER BY unit.id"
        for office, unit, group in db.session.execute(db.text(query)):
            units.setdefault(office, []).append(UnitInfo(str(unit), f"单位{unit}", group, order=unit))
    book = compile_pack(load_files(product_pack.files(rules), pack_sections()), CORE_KINDS)
    return Store(app, scale, book, units)


def score_all(store: Store) -> Result:
    """Score and rank all offices, exactly what a run in the product does but without writing the run."""
    year = period_by_key(store.rules.calendar, "2026")
    months = periods_of(store.rules.calendar, 2026, "month")
    starts, ends = [p.start.toordinal() for p in months], [p.end.toordinal() for p in months]
    found = []
    with store.app.app_context():
        for office, units in store.units.items():
            ledger = live._ledger(office, year, store.rules, units, (), None)
            standing = rank_ledger(ledger, units)
            sums = standing.figures.book.table(None, starts, ends)
            if store.scale == NATION:
                found.append((Standing(standing.rows, None), sums, None))  # type: ignore[arg-type]
            else:
                found.append((standing, sums, ledger))
    return Result(store, found)


def tables(result: Result) -> Tables:
    """The result as tables of whole numbers; those left out are not compared."""
    found: dict[str, list[Any]] = {"month": [], "rank": [], "ledger": [], "quota": []}
    for standing, sums, ledger in result.standings:
        for row in standing.rows:
            found["rank"].append(
                (
                    int(row.unit),
                    _theirs(row.cumulative),
                    row.place,
                    row.measures["tie1"],
                    row.measures["tie2"],
                )
            )
        if ledger is None:
            continue
        accounts = [int(key) for key in ledger.facets.rows.accounts]
        found["month"] += [
            (accounts[n], FIRST_MONTH + m, _theirs(value))
            for n, line in enumerate(sums)
            for m, value in enumerate(line)
        ]
        _lines(ledger, accounts, found)
    if result.store.scale == NATION:
        return {"rank": found["rank"]}
    return found


def _lines(ledger: Ledger, accounts: list[int], found: dict[str, list[Any]]) -> None:
    lines, data = ledger.lines, ledger.facets.rows.data
    superseded = lines.status == CODE["superseded"]
    for n in np.flatnonzero((lines.row >= 0) & (lines.award >= 0)):
        share = int(lines.share[n])
        found["ledger"].append(
            (accounts[lines.account[n]], int(data["fact"][lines.row[n]]), int(lines.award[n]) + 1, _theirs(int(lines.raw[n])),
             _theirs(share), 0 if superseded[n] else _theirs(share), _theirs(int(lines.amount[n])))
        )  # fmt: skip
    for n in range(ledger.tasks.first, len(lines)):
        task = ledger.tasks.get(n)
        if task is not None and task.missing:
            month = FIRST_MONTH + task.period.start.month - 1
            found["quota"].append(
                (accounts[task.account], month, int(task.missing), _theirs(int(lines.amount[n])))
            )


def _theirs(grains: Any) -> int:
    """Grains of the product in grains of the comparison."""
    whole, rest = divmod(int(grains) * GRAINS, OWN_GRAINS)
    assert not rest
    return whole


def _fill(scale: str, seed: int, file: Path) -> None:
    """Offices, units, shapes and records: what the register would hold had every fact been recorded one by one."""
    list(migrate.upgrade())
    shapes: dict[tuple[int, ...], int] = {}
    epoch = date(1970, 1, 1).toordinal()
    # The facts themselves are left out: nothing here reads them, and foreign keys are not looked at.
    with sqlite3.connect(file) as raw:
        for office in offices(scale, seed):
            _office(raw, office)
            rows = _records(office, shapes, epoch)
            raw.executemany(
                "INSERT INTO fact_record (office_id, unit_id, day, fact_id, record) VALUES (?,?,?,?,?)",
                (
                    (office.number, int(r["account"]), int(r["day"]), int(r["fact"]), r.tobytes())
                    for r in rows
                ),
            )
        raw.executemany(
            "INSERT INTO fact_shape (id, digest, content) VALUES (?,?,?)",
            [(number, f"{number:064d}", _shape(key)) for key, number in shapes.items()],
        )


def _office(raw: Any, office: Office) -> None:
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    columns = {row[1]: row for row in raw.execute("PRAGMA table_info(office)")}
    values = {"id": office.number, "name": f"机构{office.number}"}
    _insert(raw, "office", columns, values, now)
    columns = {row[1]: row for row in raw.execute("PRAGMA table_info(unit)")}
    for unit, group in office.units:
        values = {"id": unit, "office_id": office.number, "name": f"单位{unit}", "unit_class": WORDS["group"][group],
                  "sort_no": unit, "kind": "bureau"}  # fmt: skip
        _insert(raw, "unit", columns, values, now)


def _insert(raw: Any, table: str, columns: dict[str, Any], values: dict[str, Any], now: str) -> None:
    """Insert a row, columns that must be filled and are of no interest here with something of their type."""
    filler = {"INTEGER": 0, "BOOLEAN": 0, "DATETIME": now, "JSON": "{}", "DATE": "2020-01-01"}
    for name, column in columns.items():
        if name not in values and column[3] and column[4] is None:
            values[name] = filler.get(column[2].split("(")[0], f"{name}-{values['id']}")
    names = ", ".join(values)
    raw.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
    )


def _records(office: Office, shapes: dict[tuple[int, ...], int], epoch: int) -> np.ndarray:
    rows = office.columns
    data = np.zeros(len(rows["id"]), dtype=ROW)
    data["fact"], data["account"], data["item"] = rows["id"], rows["unit"], rows["item"]
    data["day"] = data["recorded"] = rows["day"] + epoch
    data["ways"], data["position"] = rows["share_n"], rows["share_k"] + 1
    data["weight"], data["weights"] = MILLION, MILLION * rows["share_n"]
    data["numbers"] = MISSING
    for slot, name in enumerate(sorted(NUMBERED)):
        data["numbers"][:, slot] = rows[name] * MILLION
    keys = np.stack([rows[name] for name in ("kind", *WORDED, "solicited", "special")], axis=1)
    unique, place = np.unique(keys, axis=0, return_inverse=True)
    numbers = [shapes.setdefault(tuple(key), len(shapes) + 1) for key in unique.tolist()]
    data["shape"] = np.array(numbers)[place.reshape(-1)]
    return data


def _shape(key: tuple[int, ...]) -> str:
    kind, *words = key
    told = [
        (product_pack.RENAMED.get(name, name), WORDS[name][number])
        for name, number in zip(WORDED, words, strict=False)
        if number
    ]
    told += [("solicited", bool(key[-2])), ("special", bool(key[-1]))]
    return shape_text(WORDS["kind"][kind], sorted(told), sorted(NUMBERED))
