"""The law: the pack worked out with plain loops and fractions, straight from the document, for small scales.

It shares nothing with the peers but the document and the words, so that a fault of `pack.parse` shows as well.
"""

import sqlite3
from collections import defaultdict
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

from results import Tables
from vocab import COLUMNS, GRAINS, MONTHS, WORDS

Row = dict[str, Any]
Line = dict[str, Any]
EPOCH_OF_2026 = 20454


def score(path: Path, pack: dict[str, Any]) -> Tables:
    """Every table of `results.TABLES` from a SQLite file."""
    rows, units = _read(path)
    lines = [line for row in rows for line in _hits(pack, row)]
    for ladder in pack["ladders"]:
        if ladder["keep"] == "best":
            _keep_best([line for line in lines if line["ladder"] == ladder["id"]])
    for line in lines:
        line["credited"] = line["kept"]
    for cap in pack["caps"]:
        _hold([line for line in lines if _capped(cap, line)], cap["months"], Fraction(cap["limit"]))
    quota = _quota(pack["quota"], rows, units)
    months: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for line in lines:
        months[line["row"]["unit"], line["row"]["ym"]] += line["credited"]
    for unit, month, _, points in quota:
        months[unit, month] += points
    rank = _rank(pack, rows, units, months)
    return {
        "ledger": [(line["row"]["unit"], line["row"]["id"], line["rule"],
                    *(grains(line[name]) for name in ("raw", "shared", "kept", "credited"))) for line in lines],
        "quota": [(unit, month, missing, grains(points)) for unit, month, missing, points in quota],
        "month": [(*key, grains(total)) for key, total in months.items()],
        "rank": [(unit, grains(total), place, *ties) for unit, total, place, ties, _ in rank],
        "norm": [(unit, norm) for unit, *_, norm in rank],
        "fee": list(_fees(pack["fees"], lines).items()),
    }  # fmt: skip


def grains(points: Fraction) -> int:
    """Points in grains; a point that is not whole grains would be a fault."""
    found = points * GRAINS
    assert found.denominator == 1, f"{points} 不是整数个最小单位"
    return found.numerator


def _read(path: Path) -> tuple[list[Row], list[tuple[int, int, str]]]:
    """Rows with their words back in place, in the order of (day, id)."""
    with sqlite3.connect(path) as store:
        found = store.execute(f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY day, id, share_k").fetchall()
        listed = store.execute("SELECT unit, office, ugroup FROM unit").fetchall()
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    for row in rows:
        for name in ("kind", "outlet", "category", "level", "position", "status"):
            row[name] = WORDS[name][row[name]]
    return rows, [(unit, office, WORDS["group"][group]) for unit, office, group in listed]


# ---- lines ----------------------------------------------------------------------------------------------------------


def _hits(pack: dict[str, Any], row: Row) -> list[Line]:
    found = []
    for ladder in pack["ladders"]:
        for number, rule in enumerate(pack["rules"], 1):
            if rule["ladder"] != ladder["id"] or not _applies(rule, row):
                continue
            raw = _points(rule["points"], row)
            shared = _share(ladder["share"], raw, row)
            found.append({"row": row, "rule": number, "id": rule["id"], "ladder": ladder["id"],
                          "raw": raw, "shared": shared, "kept": shared})  # fmt: skip
            if ladder["hit"] == "first":
                break
    return found


def _applies(rule: dict[str, Any], row: Row) -> bool:
    if rule["kind"] != row["kind"]:
        return False
    if "from" in rule:
        month, day = map(int, rule["from"].split("-")[1:])
        before = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][: month - 1]
        if row["day"] < EPOCH_OF_2026 + sum(before) + day - 1:
            return False
    return _holds(rule["when"], row)


def _holds(when: dict[str, Any], row: Row) -> bool:
    for name, wanted in when.items():
        if name == "any":
            good = any(_holds(one, row) for one in wanted)
        elif isinstance(wanted, dict):
            good = all(_compare(name, row[name], op, limit) for op, limit in wanted.items())
        elif isinstance(wanted, list):
            good = row[name] in wanted
        else:
            good = row[name] == wanted
        if not good:
            return False
    return True


def _compare(name: str, value: Any, op: str, limit: Any) -> bool:
    if name in WORDS:
        value, limit = WORDS[name].index(value), WORDS[name].index(limit)
    return {">=": value >= limit, ">": value > limit, "<": value < limit}[op]


def _points(points: Any, row: Row) -> Fraction:
    if isinstance(points, str):
        return Fraction(points)
    if "cases" in points:
        return next((_points(then, row) for when, then in points["cases"] if _holds(when, row)), Fraction(0))
    if "table" in points:
        for *keys, worth in points["rows"]:
            if all(row[name] == key for name, key in zip(points["table"], keys, strict=True)):
                return Fraction(worth) * Fraction(points.get("times", "1"))
        return Fraction(0)
    attribute, size = points["per"]
    steps = min(row[attribute] // size, points["at_most"])
    return Fraction(points["base"]) + Fraction(points["each"]) * steps


def _share(how: str, raw: Fraction, row: Row) -> Fraction:
    if how == "equal":
        return raw / row["share_n"]
    return raw if how == "each" or row["share_k"] == 0 else Fraction(0)


def _keep_best(lines: list[Line]) -> None:
    """An item's best line of a unit's year; of equals the first."""
    best: dict[tuple[int, int], Line] = {}
    for line in lines:
        key = line["row"]["unit"], line["row"]["item"]
        if key not in best:
            best[key] = line
        elif line["shared"] > best[key]["shared"]:
            best[key]["kept"] = Fraction(0)
            best[key] = line
        else:
            line["kept"] = Fraction(0)


def _capped(cap: dict[str, Any], line: Line) -> bool:
    return line["id"] in cap["rules"] if "rules" in cap else line["ladder"] == cap["ladder"]


def _hold(lines: list[Line], months: int, limit: Fraction) -> None:
    """Clip what comes after the limit is reached, in the order of (day, fact, rule)."""
    used: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    sign = 1 if limit > 0 else -1
    lines.sort(key=lambda line: (line["row"]["day"], line["row"]["id"], line["rule"]))
    for line in lines:
        key = line["row"]["unit"], line["row"]["ym"] // months
        take = min(line["credited"] * sign, limit * sign - used[key])
        used[key] += take
        line["credited"] = take * sign


# ---- units ----------------------------------------------------------------------------------------------------------


def _quota(
    quota: dict[str, Any], rows: list[Row], units: list[tuple[int, int, str]]
) -> list[tuple[Any, ...]]:
    """What each unit's month lacks of different items."""
    got: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in rows:
        if row["kind"] == quota["kind"]:
            got[row["unit"], row["ym"]].add(row["item"])
    found = []
    for unit, _, group in units:
        for month in MONTHS:
            missing = quota["need"][group] - len(got[unit, month])
            if missing > 0:
                found.append((unit, month, missing, missing * Fraction(quota["each_missing"][group])))
    return found


def _rank(
    pack: dict[str, Any], rows: list[Row], units: list[tuple[int, int, str]], months: dict[Any, Fraction]
) -> list[tuple[Any, ...]]:
    """(unit, total, place, tie-breaks, hundredths of the group's best) inside each office's groups."""
    total = {unit: sum((months[unit, month] for month in MONTHS), Fraction(0)) for unit, *_ in units}
    ties: dict[int, list[int]] = {unit: [0] * len(pack["tiebreaks"]) for unit, *_ in units}
    for row in rows:
        for number, tie in enumerate(pack["tiebreaks"]):
            ties[row["unit"]][number] += tie["kind"] == row["kind"] and _holds(tie["when"], row)
    found = []
    for _, members in groupby(sorted(units, key=lambda unit: unit[1:]), key=lambda unit: unit[1:]):
        merits = {unit: (total[unit], *ties[unit]) for unit, *_ in members}
        top = max(merit[0] for merit in merits.values())
        for unit, merit in merits.items():
            place = 1 + sum(other > merit for other in merits.values())
            norm = _half_up(max(merit[0], Fraction(0)) / top * 10_000) if top > 0 else 0
            found.append((unit, merit[0], place, merit[1:], norm))
    return found


def _fees(fees: dict[str, Any], lines: list[Line]) -> dict[int, int]:
    paid: dict[int, int] = defaultdict(int)
    for line in lines:
        if line["ladder"] == fees["ladder"] and line["credited"] > 0:
            fen = _half_up(line["credited"] * Fraction(fees["per_point"][line["row"]["outlet"]]) * 100)
            paid[line["row"]["unit"]] += min(max(fen, int(fees["floor"]) * 100), int(fees["cap"]) * 100)
    return paid


def _half_up(number: Fraction) -> int:
    return (number + Fraction(1, 2)).__floor__()
