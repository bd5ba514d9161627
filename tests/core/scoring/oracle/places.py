"""Places, prizes and lists: units put in order by their numbers."""

import math
from fractions import Fraction

from tests.core.scoring.oracle.reading import plain
from tests.core.scoring.oracle.steps import groups_of
from tests.core.scoring.oracle.tasks import is_task

NOTHING = Fraction(-(10**12))


def ranking(board):
    """Every ranked unit with its border and place, and whether it shares it, in the order of the table."""
    rule, found = board.case.rules.get("ranking", {}), []
    units = board.ranked_units(board.window)
    for border in dict.fromkeys(board.border(unit) for unit in units):
        inside = [unit for unit in units if board.border(unit) == border]
        found += placed(inside, rule, board)
    return found


def placed(units, rule, board):
    """The units of one border with their places."""
    by, order = rule.get("by", ["cumulative"]), rule.get("order", [])
    keys = {unit: key_of(unit, by, board) for unit in units}
    listed = sorted(units, key=lambda unit: (keys[unit], key_of(unit, order, board), *official(unit, board)))
    found = []
    for n, unit in enumerate(listed):
        better = [other for other in units if keys[other] < keys[unit]]
        place = {
            "competition": len(better) + 1,
            "dense": len({keys[other] for other in better}) + 1,
            "ordinal": n + 1,
        }[rule.get("ties", "competition")]
        tied = sum(keys[other] == keys[unit] for other in units) > 1
        found.append({"unit": unit, "border": board.border(unit), "place": place, "tied": tied})
    return found


def key_of(unit, names, board):
    """The sorting key of a unit: greatest first, or smallest first after a minus sign; missing comes last."""
    found = []
    for name in names:
        value = board.own(name.removeprefix("-"), unit)
        sign = 1 if name.startswith("-") else -1
        found.append(-NOTHING if value is None else sign * value)
    return tuple(found)


def official(unit, board):
    return board.case.register["units"][unit]["order"], unit


# ---- prizes


def prizes(board, persons=None):
    """The winners of every prize, and those who are barred with the reason."""
    found = {}
    for prize in board.case.rules.get("prizes", []):
        taken = {who for other in prize.get("after", []) for who in found[other]["winners"]}
        found[prize["id"]] = award(prize, taken, board, persons)
    return found


def award(prize, taken, board, persons):
    groups, value_of = candidates(prize, board, persons)
    winners, barred = [], {}
    for group, members in groups.items():
        eligible = []
        for who in members:
            if who in taken or not holds(prize.get("where"), who, value_of):
                continue
            reasons = [
                veto["title"] for veto in prize.get("unless", []) if holds(veto["where"], who, value_of)
            ]
            if reasons:
                barred[who] = reasons[0]
            else:
                eligible.append(who)
        winners += best(prize, group, len(members), eligible, value_of)
    return {"winners": winners, "barred": barred}


def holds(text, who, value_of):
    return text is None or value_of(text, who) is True


def candidates(prize, board, persons):
    """Those considered, by group, and how a formula is worked out for one of them."""
    what = prize.get("for", "units")
    if what == "persons":
        return {None: persons.accounts()}, persons.own
    if what == "items":
        return {None: items_of(board)}, lambda text, item: of_item(text, item, board)
    wanted = groups_of(prize, board.case) if prize.get("groups") else None
    groups = {}
    for group in (each["id"] for each in board.case.pack["units"]["groups"]):
        units = board.ranked_units(board.window)
        inside = [unit for unit in units if board.case.register["units"][unit]["group"] == group]
        if inside and (wanted is None or group in wanted):
            groups[group] = inside
    return groups, board.own


def best(prize, group, size, eligible, value_of):
    """The first so many, in order; those who share the last place all come in, or none of them."""
    take = prize.get("take", "all")
    if "share" in prize:
        take = max(1, math.floor(plain(prize["share"]) * size))
    elif isinstance(take, dict):
        take = take.get(group, 0)
    keys = {who: ordering(prize.get("by", ["cumulative"]), who, value_of) for who in eligible}
    listed = sorted(eligible, key=lambda who: keys[who])
    if take == "all" or len(listed) <= take:
        return listed
    last, next_one = keys[listed[int(take) - 1]], keys[listed[int(take)]]
    if last != next_one:
        return listed[: int(take)]
    if prize.get("ties", "include") == "include":
        return [who for who in listed if keys[who] <= last]
    return [who for who in listed if keys[who] < last]


def ordering(names, who, value_of):
    found = []
    for name in names:
        value = value_of(name.removeprefix("-"), who)
        found.append(-NOTHING if value is None else (value if name.startswith("-") else -value))
    return found


def items_of(board):
    """The items with a line in the period."""
    lines = [line for line in board.lines if in_window(line, board)]
    return list(dict.fromkeys(line["row"]["facets"]["item"] for line in lines))


def in_window(line, board):
    inside = board.window["start"] <= line["credited"] <= board.window["end"]
    return inside and line["row"]["standing"] and not is_task(line)


def of_item(text, item, board):
    """A number of an item: its points before sharing, or the highest a formula reaches on its rows."""
    lines = [line for line in board.lines if in_window(line, board) and line["row"]["facets"]["item"] == item]
    values = {(line["row"]["fact"]["id"], line["award"]): line["value"] for line in lines}
    points = sum(values.values(), Fraction(0))
    found = [board.case.formula(text, line["row"], points=points) for line in lines]
    if any(isinstance(value, bool) for value in found):
        return True in found
    return max((value for value in found if value is not None), default=None)


# ---- lists


def lists(board):
    """The units of every list."""
    found = {}
    for rule in board.case.rules.get("lists", []):
        wanted = groups_of(rule, board.case) if rule.get("groups") else None
        units = [row["unit"] for row in ranking(board)]
        units = [
            unit for unit in units if not wanted or board.case.register["units"][unit]["group"] in wanted
        ]
        units = [unit for unit in units if board.own(rule["where"], unit) is True]
        if rule.get("by"):
            units.sort(key=lambda unit: key_of(unit, rule["by"], board))
        found[rule["id"]] = units[: int(rule["take"])] if "take" in rule else units
    return found
