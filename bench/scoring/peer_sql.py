"""SQL written by hand for the twelve rules and nothing else: how fast a database can be when it interprets no pack.

Two shapes. "totals" adds up by unit and month first and holds the caps on the sums, so no line exists; "lines" writes
every ledger line into a temporary table and adds those up. Both end with the month totals and the ranking in Python.
The statements are PostgreSQL's; SQLite calls LEAST and GREATEST otherwise.
"""

import sqlite3
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import generate
from results import Tables
from vocab import COLUMNS, GRAINS, MONTHS, SHARES

Run = Callable[[], Callable[[], Tables]]
SYMPOSIUM = 20485  # 2026-02-01, from which rule 9 counts
STEPS = "3000 + 100 * LEAST(words / 100, 12)"
BASE = f"""CASE outlet WHEN 1 THEN 50000 WHEN 2 THEN 20000 + 5000 * special WHEN 3 THEN 10000 WHEN 6 THEN {STEPS}
  WHEN 7 THEN 1800 WHEN 8 THEN 360 ELSE CASE WHEN words >= 800 THEN 5000 ELSE {STEPS} END END"""
BASE_RULE = """CASE WHEN outlet <= 3 THEN outlet WHEN outlet >= 7 THEN 6 WHEN outlet <= 5 AND words >= 800 THEN 4
  ELSE 5 END"""
INSTRUCTION = """CASE level * 2 + position WHEN 9 THEN 60000 WHEN 10 THEN 50000 WHEN 7 THEN 30000 WHEN 8 THEN 20500
  WHEN 5 THEN 8000 WHEN 6 THEN 5500 WHEN 3 THEN 1000 ELSE 500 END"""
SOLICITED = "kind = 2 AND solicited = 1 AND outlet <= 5"
SPECIAL = f"kind = 2 AND special = 1 AND day >= {SYMPOSIUM} AND (words > 1500 OR category <= 2)"
SPECIAL_POINTS = "500 * LEAST(words / 500, 6)"
PENALTY = """CASE WHEN kind = 4 THEN CASE status WHEN 3 THEN 5000 ELSE LEAST(500 * late_days, 3000) END
  ELSE CASE level WHEN 4 THEN 10000 WHEN 3 THEN 5000 WHEN 2 THEN 2000 ELSE 1000 END END"""
PENALISED = "(kind = 5 OR kind = 4 AND status >= 2)"
RATE = """CASE outlet WHEN 1 THEN 2000 WHEN 2 THEN 1500 WHEN 3 THEN 1200 WHEN 6 THEN 800 WHEN 7 THEN 500 WHEN 8 THEN 350
  ELSE 1000 END"""


def grains(points: str) -> str:
    """Thousandths of a point in grains."""
    return f"CAST({points} AS BIGINT) * {SHARES}"


def equal(points: str) -> str:
    """One unit's share of thousandths, in grains: the number of sharers divides SHARES."""
    return f"CAST({points} AS BIGINT) * ({SHARES} / share_n)"


def whole(total: str) -> str:
    """A sum as a 64-bit number again: PostgreSQL adds those up as decimals."""
    return f"CAST({total} AS BIGINT)"


def added(condition: str, points: str) -> str:
    """The sum of an amount over the rows that meet a condition."""
    return whole(f"SUM(CASE WHEN {condition} THEN {points} ELSE 0 END)")


def fee(amount: str) -> str:
    """Fen for a credited amount: half up, never below 5 yuan or above 500."""
    return f"""CASE WHEN {amount} > 0
  THEN LEAST(GREATEST(({amount} * ({RATE}) + {GRAINS // 2}) / {GRAINS}, 500), 50000) ELSE 0 END"""


def clipped(running: str, amount: str, limit: int) -> str:
    """What a cap of so many points leaves of an amount, given the sum up to and including it."""
    most = limit * GRAINS
    return whole(f"LEAST({most}, {running}) - LEAST({most}, {running} - {amount})")


NEED = "CASE ugroup WHEN 0 THEN 4 WHEN 1 THEN 2 ELSE 1 END"
EACH = f"(CASE ugroup WHEN 0 THEN -1000 WHEN 1 THEN -500 ELSE -200 END) * CAST({SHARES} AS BIGINT)"
SPINE = f"unit CROSS JOIN ({' UNION ALL '.join(f'SELECT {month} AS ym' for month in MONTHS)}) AS months"
COUNTS = """COUNT(DISTINCT CASE WHEN kind = 2 THEN item END) AS got,
  SUM(CASE WHEN kind = 2 AND outlet <= 3 THEN 1 ELSE 0 END) AS tie1, SUM(CASE WHEN kind = 3 THEN 1 ELSE 0 END) AS tie2"""


def ranked(columns: str) -> str:
    """The adoptions of each unit's item, the one that counts first."""
    return f"""
  SELECT unit, ym, outlet, {columns}, ROW_NUMBER() OVER (PARTITION BY unit, item ORDER BY shared DESC, day, id) AS nth
  FROM (SELECT unit, ym, day, id, item, outlet, {BASE_RULE} AS rule, {grains(BASE)} AS raw, {equal(BASE)} AS shared
    FROM event WHERE kind = 2) AS adopted"""


# ---- totals only ----------------------------------------------------------------------------------------------------

TOTALS = [
    f"""
CREATE TEMP TABLE sums AS SELECT unit, ym,
  LEAST({added("kind = 1 AND share_k = 0", grains("100"))}, {2 * GRAINS})
    + {added("kind = 3", equal(INSTRUCTION))} AS free,
  LEAST({added(SOLICITED, equal("2000"))}, {6 * GRAINS}) + {added(SPECIAL, equal(SPECIAL_POINTS))} AS bonus,
  {added(PENALISED, grains(PENALTY))} AS penalty, {COUNTS}
FROM event GROUP BY unit, ym""",
    "CREATE INDEX sums_key ON sums (unit, ym)",
    f"""
CREATE TEMP TABLE months AS WITH
best AS (SELECT unit, ym, {whole("SUM(shared)")} AS points, {whole(f"SUM({fee('shared')})")} AS fee
  FROM ({ranked("shared")}) AS ranked WHERE nth = 1 GROUP BY unit, ym),
cells AS (SELECT s.unit, s.office, s.ugroup, s.ym, COALESCE(free, 0) AS free, COALESCE(bonus, 0) AS bonus,
    COALESCE(penalty, 0) AS penalty, COALESCE(got, 0) AS got, COALESCE(tie1, 0) AS tie1, COALESCE(tie2, 0) AS tie2
  FROM (SELECT * FROM {SPINE}) AS s LEFT JOIN sums ON sums.unit = s.unit AND sums.ym = s.ym),
running AS (SELECT cells.*, {whole("SUM(bonus) OVER (PARTITION BY unit, ym / 3 ORDER BY ym)")} AS bonuses,
    {whole("SUM(penalty) OVER (PARTITION BY unit ORDER BY ym)")} AS penalties FROM cells)
SELECT r.unit, office, ugroup, r.ym, free + {clipped("bonuses", "bonus", 10)} - {clipped("penalties", "penalty", 20)}
    + COALESCE(points, 0) + GREATEST({NEED} - got, 0) * {EACH} AS total, COALESCE(fee, 0) AS fee, tie1, tie2
  FROM running AS r LEFT JOIN best ON best.unit = r.unit AND best.ym = r.ym""",
]

# ---- through ledger lines -------------------------------------------------------------------------------------------


def _running(amount: str, partition: str, order: str = "day, id") -> str:
    return whole(f"SUM({amount}) OVER (PARTITION BY {partition} ORDER BY {order} ROWS UNBOUNDED PRECEDING)")


LINES = [
    f"""
CREATE TEMP TABLE line AS WITH
act AS (SELECT unit, ym, id, raw, shared, {_running("shared", "unit, ym")} AS running
  FROM (SELECT unit, ym, day, id, {grains("100")} AS raw, CASE share_k WHEN 0 THEN {grains("100")} ELSE 0 END AS shared
    FROM event WHERE kind = 1) AS sent),
solicited AS (SELECT unit, ym, day, id, raw, shared, {_running("shared", "unit, ym")} AS running
  FROM (SELECT unit, ym, day, id, {grains("2000")} AS raw, {equal("2000")} AS shared
    FROM event WHERE {SOLICITED}) AS asked),
bonus AS (SELECT unit, ym, day, id, 8 AS rule, raw, shared, {clipped("running", "shared", 6)} AS held FROM solicited
  UNION ALL SELECT unit, ym, day, id, 9, {grains(SPECIAL_POINTS)}, {equal(SPECIAL_POINTS)}, {equal(SPECIAL_POINTS)}
    FROM event WHERE {SPECIAL}),
bonuses AS (SELECT unit, ym, id, rule, raw, shared, held, {_running("held", "unit, ym / 3", "day, id, rule")} AS running
  FROM bonus),
penalty AS (SELECT unit, ym, id, rule, raw, {_running("raw", "unit", "ym, day, id")} AS running
  FROM (SELECT unit, ym, day, id, CASE kind WHEN 4 THEN 11 ELSE 12 END AS rule, {grains(PENALTY)} AS raw
    FROM event WHERE {PENALISED}) AS wrong),
best AS (SELECT unit, ym, id, outlet, rule, raw, shared, CASE nth WHEN 1 THEN shared ELSE 0 END AS kept
  FROM ({ranked("id, rule, raw, shared")}) AS ranked)
SELECT unit, ym, id AS fact, rule, raw, shared, kept, kept AS credited, {fee("kept")} AS fee FROM best
UNION ALL SELECT unit, ym, id, 7, {grains(INSTRUCTION)}, {equal(INSTRUCTION)}, {equal(INSTRUCTION)},
  {equal(INSTRUCTION)}, 0 FROM event WHERE kind = 3
UNION ALL SELECT unit, ym, id, rule, raw, shared, shared, {clipped("running", "held", 10)}, 0 FROM bonuses
UNION ALL SELECT unit, ym, id, 10, raw, shared, shared, {clipped("running", "shared", 2)}, 0 FROM act
UNION ALL SELECT unit, ym, id, rule, -raw, -raw, -raw, -({clipped("running", "raw", 20)}), 0 FROM penalty""",
    f"CREATE TEMP TABLE counts AS SELECT unit, ym, {COUNTS} FROM event GROUP BY unit, ym",
    "CREATE INDEX counts_key ON counts (unit, ym)",
    f"""
CREATE TEMP TABLE months AS WITH
earned AS (SELECT unit, ym, {whole("SUM(credited)")} AS points, {whole("SUM(fee)")} AS fee FROM line GROUP BY unit, ym),
cells AS (SELECT s.unit, s.office, s.ugroup, s.ym, COALESCE(points, 0) AS points, COALESCE(fee, 0) AS fee,
    COALESCE(got, 0) AS got, COALESCE(tie1, 0) AS tie1, COALESCE(tie2, 0) AS tie2
  FROM (SELECT * FROM {SPINE}) AS s LEFT JOIN earned ON earned.unit = s.unit AND earned.ym = s.ym
    LEFT JOIN counts ON counts.unit = s.unit AND counts.ym = s.ym)
SELECT cells.*, points + GREATEST({NEED} - got, 0) * {EACH} AS total FROM cells""",
    f"""
CREATE TEMP TABLE quota AS SELECT unit, ym, {NEED} - got AS missing, ({NEED} - got) * {EACH} AS credited
FROM months WHERE got < {NEED}""",
]

MONTH = "SELECT unit, ym, total FROM months"
RANK = f"""
SELECT unit, total, RANK() OVER (PARTITION BY office, ugroup ORDER BY total DESC, tie1 DESC, tie2 DESC) AS place,
  tie1, tie2, CASE WHEN top > 0 THEN (20000 * GREATEST(total, 0) + top) / (2 * top) ELSE 0 END AS norm, fee
FROM (SELECT sums.*, MAX(total) OVER (PARTITION BY office, ugroup) AS top
  FROM (SELECT unit, office, ugroup, {whole("SUM(total)")} AS total, {whole("SUM(fee)")} AS fee,
      {whole("SUM(tie1)")} AS tie1, {whole("SUM(tie2)")} AS tie2
    FROM months GROUP BY unit, office, ugroup) AS sums) AS topped"""
LEDGER = "SELECT unit, fact, rule, raw, shared, kept, credited FROM line"
QUOTA = "SELECT unit, ym, missing, credited FROM quota"
SHAPES = {"totals": TOTALS, "lines": LINES}


# ---- stores ---------------------------------------------------------------------------------------------------------


def sqlite(path: Path, shape: str) -> Run:
    """One pass over a SQLite file, opening it included."""

    def run() -> Callable[[], Tables]:
        store = sqlite3.connect(path)
        for pragma in ("cache_size=-200000", "temp_store=MEMORY", "mmap_size=4000000000"):
            store.execute(f"PRAGMA {pragma}")
        return _score(store.execute, shape, _for_sqlite)

    return run


def postgres(url: str, scale: str, shape: str, seed: int) -> Run:
    """One pass over a schema of PostgreSQL, connecting included; temporary tables go with the connection."""
    psycopg = import_module("psycopg")

    def run() -> Callable[[], Tables]:
        store = psycopg.connect(
            url, options=f"-c search_path={schema(scale, seed)} -c work_mem=256MB -c jit=off"
        )
        return _score(store.execute, shape, str)

    return run


def _score(
    execute: Callable[[str], Iterable[Any]], shape: str, word: Callable[[str], str]
) -> Callable[[], Tables]:
    for statement in SHAPES[shape]:
        execute(word(statement))
    month = list(execute(MONTH))
    rank = list(execute(word(RANK)))

    def tables() -> Tables:
        found: Tables = {
            "month": month,
            "rank": [row[:5] for row in rank],
            "norm": [(row[0], row[5]) for row in rank],
            "fee": [(row[0], row[6]) for row in rank],
        }
        return found | ({"ledger": execute(LEDGER), "quota": execute(QUOTA)} if shape == "lines" else {})

    return tables


def _for_sqlite(statement: str) -> str:
    return statement.replace("LEAST(", "MIN(").replace("GREATEST(", "MAX(")


def schema(scale: str, seed: int) -> str:
    """The schema that holds a scale."""
    return f"yaoqing_bench_{scale}_{seed}"


def fill_postgres(url: str, scale: str, seed: int) -> None:
    """Copy a scale into its schema unless it is there."""
    psycopg = import_module("psycopg")
    name = schema(scale, seed)
    with psycopg.connect(url) as store:
        if store.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,)).fetchone():
            return
        small = {"office", "id", "unit", "item", "day", "ym", "words"}
        types = ", ".join(
            f"{column} {'INT' if column in small else 'SMALLINT'} NOT NULL" for column in COLUMNS
        )
        store.execute(f"CREATE SCHEMA {name}")
        store.execute(f"SET search_path = {name}")
        store.execute(
            "CREATE TABLE unit (unit INT PRIMARY KEY, office INT NOT NULL, ugroup SMALLINT NOT NULL)"
        )
        store.execute(f"CREATE TABLE event ({types})")
        for office in generate.offices(scale, seed):
            _copy(store, "unit", ((unit, office.number, group) for unit, group in office.units))
            columns = (office.columns[column].tolist() for column in COLUMNS)
            _copy(store, "event", zip(*columns, strict=True))
        store.execute("CREATE INDEX event_key ON event (unit, ym, day, id)")
        store.execute("CLUSTER event USING event_key")
    with psycopg.connect(url, autocommit=True) as store:
        store.execute(f"VACUUM ANALYZE {name}.event")
        store.execute(f"VACUUM ANALYZE {name}.unit")


def _copy(store: Any, table: str, rows: Iterable[tuple[int, ...]]) -> None:
    with store.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows))
