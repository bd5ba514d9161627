"""What rule engines leave to the caller: sharing, best-of, caps, quotas, fees and ranking in plain Python whole numbers."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from pack import Pack
from results import Tables
from vocab import COLUMNS, GRAINS, MONTHS, SHARES, WORDS

ID, UNIT, ITEM, KIND, OUTLET, DAY, YM, SHARE_N, SHARE_K = (
    COLUMNS.index(name)
    for name in ("id", "unit", "item", "kind", "outlet", "day", "ym", "share_n", "share_k")
)
ADOPT = WORDS["kind"].index("adopt")
Row = tuple[int, ...]
# row, rule's number, raw, shared, kept, credited
Line = list[Any]
ROW, RULE, RAW, SHARED, KEPT, CREDITED = range(6)
Hit = tuple[Row, int, int]
Counter = Callable[[Row], Any]


def finish(
    pack: Pack, hits: list[Hit], rows: list[Row], units: list[tuple[int, int, int]], counters: list[Counter]
) -> Tables:
    """Hits are (row, rule's number, thousandths of a point); `counters` are the tie-breaks' conditions."""
    lines = _lines(pack, hits)
    # Every later step goes by (day, fact, rule).
    lines.sort(key=lambda line: (line[ROW][DAY], line[ROW][ID], line[RULE]))
    _keep_best(lines, {rule.number for rule in pack.rules if _ladder(pack, rule.ladder)["keep"] == "best"})
    for cap in pack.caps:
        _hold(lines, cap.rules, cap.months, cap.limit * SHARES)
    months: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        months[line[ROW][UNIT], line[ROW][YM]] += line[CREDITED]
    quota = _quota(pack, rows, units)
    for unit, month, _, points in quota:
        months[unit, month] += points
    rank = _rank(
        rows, units, months, [(kind, test) for (kind, _), test in zip(pack.tiebreaks, counters, strict=True)]
    )
    return {
        "ledger": ((line[ROW][UNIT], line[ROW][ID], *line[RULE:]) for line in lines),
        "quota": quota,
        "month": [(*key, total) for key, total in months.items()],
        "rank": [row[:-1] for row in rank],
        "norm": [(row[0], row[-1]) for row in rank],
        "fee": list(_fees(pack, lines).items()),
    }  # fmt: skip


def _ladder(pack: Pack, wanted: str) -> dict[str, str]:
    return next(ladder for ladder in pack.ladders if ladder["id"] == wanted)


def _lines(pack: Pack, hits: list[Hit]) -> list[Line]:
    how = [""] + [_ladder(pack, rule.ladder)["share"] for rule in pack.rules]
    lines = []
    for row, rule, points in hits:
        raw = shared = points * SHARES
        if how[rule] == "equal":
            shared = raw // row[SHARE_N]
        elif how[rule] == "lead" and row[SHARE_K]:
            shared = 0
        lines.append([row, rule, raw, shared, shared, shared])
    return lines


def _keep_best(lines: list[Line], rules: set[int]) -> None:
    best: dict[tuple[int, int], Line] = {}
    for line in lines:
        if line[RULE] not in rules:
            continue
        key = line[ROW][UNIT], line[ROW][ITEM]
        loser = best.setdefault(key, line)
        if loser is line:
            continue
        if line[SHARED] > loser[SHARED]:
            best[key] = line
        else:
            loser = line
        loser[KEPT] = loser[CREDITED] = 0


def _hold(lines: list[Line], rules: frozenset[int], months: int, limit: int) -> None:
    used: dict[tuple[int, int], int] = defaultdict(int)
    sign = 1 if limit > 0 else -1
    for line in lines:
        if line[RULE] in rules and line[CREDITED]:
            key = line[ROW][UNIT], line[ROW][YM] // months
            take = min(line[CREDITED] * sign, limit * sign - used[key])
            used[key] += take
            line[CREDITED] = take * sign


def _quota(pack: Pack, rows: list[Row], units: list[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
    got: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in rows:
        if row[KIND] == ADOPT:
            got[row[UNIT], row[YM]].add(row[ITEM])
    found = []
    for unit, _, group in units:
        need, each = pack.need[group], pack.missing[group] * SHARES
        for month in MONTHS:
            missing = need - len(got.get((unit, month), ()))
            if missing > 0:
                found.append((unit, month, missing, missing * each))
    return found


def _rank(
    rows: list[Row],
    units: list[tuple[int, int, int]],
    months: dict[tuple[int, int], int],
    ties: list[tuple[int, Counter]],
) -> list[tuple[int, ...]]:
    """(unit, total, place, tie-breaks …, hundredths)"""
    totals: dict[int, int] = defaultdict(int)
    for (unit, _), points in months.items():
        totals[unit] += points
    counts: list[dict[int, int]] = []
    for kind, test in ties:
        count: dict[int, int] = defaultdict(int)
        for row in rows:
            if row[KIND] == kind and test(row):
                count[row[UNIT]] += 1
        counts.append(count)
    groups: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for unit, office, group in units:
        groups[office, group].append((totals[unit], *(count[unit] for count in counts), unit))
    found: list[tuple[int, ...]] = []
    for members in groups.values():
        members.sort(reverse=True)
        top, place, last = members[0][0], 0, None
        for number, (*merit, unit) in enumerate(members, 1):
            if merit != last:
                place, last = number, merit
            norm = (20_000 * max(merit[0], 0) + top) // (2 * top) if top > 0 else 0
            found.append((unit, merit[0], place, *merit[1:], norm))
    return found


def _fees(pack: Pack, lines: list[Line]) -> dict[int, int]:
    paid: dict[int, int] = defaultdict(int)
    for line in lines:
        if line[RULE] in pack.fee_rules and line[CREDITED] > 0:
            fen = (line[CREDITED] * pack.fee_rates[line[ROW][OUTLET]] + GRAINS // 2) // GRAINS
            paid[line[ROW][UNIT]] += min(max(fen, pack.fee_floor), pack.fee_cap)
    return paid
