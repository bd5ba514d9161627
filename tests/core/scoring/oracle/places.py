"""Places, prizes and lists: units put in order by their numbers."""

import math
from fractions import Fraction

from tests.core.scoring.oracle.reading import plain
from tests.core.scoring.oracle.steps import groups_of
from tests.core.scoring.oracle.tasks import is_task


def ranking(board):
    """Every ranked unit with its border and place, and whether it shares it, in the order of the table."""
    return placed(board.ranked_units(board.window), board.case.rules.get("ranking", {}), board)


def further(board):
    """The places of every further ranking, by its id, of the units that are ranked at all."""
    found = {}
    for rule in board.case.rules.get("rankings", []):
        units = [
            unit
            for unit in board.ranked_units(board.window)
            if "among" not in rule or board.own(rule["among"], unit) is True
        ]
        found[rule["id"]] = {row["unit"]: row["place"] for row in placed(units, rule, board)}
    return found


def placed(units, rule, board):
    """Units with their places, border by border in the order of groups and classes."""
    within, found = rule.get("within", "group"), []
    groups = [group["id"] for group in board.case.pack["units"]["groups"]]
    units = sorted(units, key=lambda unit: groups.index(board.case.register["units"][unit]["group"]))
    for border in dict.fromkeys(board.border(unit, within) for unit in units):
        inside = [unit for unit in units if board.border(unit, within) == border]
        found += placed_inside(inside, rule, board)
    return found


def placed_inside(units, rule, board):
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
        tied = rule.get("ties") != "ordinal" and sum(keys[other] == keys[unit] for other in units) > 1
        found.append({"unit": unit, "place": place, "tied": tied})
    return found


def key_of(unit, names, board):
    return ordering(names, unit, board.own)


def ordering(names, who, value_of):
    """A sorting key: greatest first, or smallest first after a minus sign; what is missing counts as nought."""
    values = [(name, value_of(name.removeprefix("-"), who) or Fraction(0)) for name in names]
    return tuple(value if name.startswith("-") else -value for name, value in values)


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
    if prize.get("each") == "all":
        groups = {"": [who for members in groups.values() for who in members]}
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
    """Those considered, by group in the order of the table, and how a formula is worked out for one of them."""
    what = prize.get("for", "units")
    if what == "items":
        return {None: items_of(board)}, lambda text, item: of_item(text, item, board)
    wanted = groups_of(prize, board.case) if prize.get("groups") else None
    whole = persons if what == "persons" else board
    groups = {whole.facets(row["unit"])["group"]: [] for row in ranking(board)} if what == "units" else {}
    for who in whole.accounts() if what == "persons" else board.ranked_units(board.window):
        group = whole.facets(who)["group"]
        if wanted is None or group in wanted:
            groups.setdefault(group, []).append(who)
    return groups, whole.own


def best(prize, group, size, eligible, value_of):
    """The first so many of a group, in the order of the prize."""
    take = prize.get("take", "all")
    if "share" in prize:
        take = max(1, math.floor(plain(prize["share"]) * size))
    elif isinstance(take, dict):
        take = take.get(group, 0)
    keys = {who: ordering(prize.get("by", ["cumulative"]), who, value_of) for who in eligible}
    listed = sorted(eligible, key=lambda who: keys[who])
    return first_of(listed, keys, None if take == "all" else int(take), prize.get("ties", "include"))


def first_of(listed, keys, take, ties):
    """The first so many of an ordered list; those tied at the end all come in, none of them does, or they are cut."""
    if take is None or len(listed) <= take:
        return listed
    if ties == "cut" or not take or keys[listed[take - 1]] != keys[listed[take]]:
        return listed[:take]
    last = keys[listed[take - 1]]
    return [who for who in listed if keys[who] < last or (ties == "include" and keys[who] == last)]


def items_of(board):
    """The items with a line in the period; a fact without one has no name to be proposed by."""
    lines = [line for line in board.lines if in_window(line, board) and line["row"]["fact"]["item"]]
    return list(dict.fromkeys(line["row"]["facets"]["item"] for line in lines))


def in_window(line, board):
    inside = board.window["start"] <= line["credited"] <= board.window["end"]
    return inside and line["row"]["standing"] and not is_task(line)


def of_item(text, item, board):
    """A number of an item: its points before sharing of the lines that still count, or the highest a formula reaches."""
    lines = [line for line in board.lines if in_window(line, board) and line["row"]["facets"]["item"] == item]
    kept = [line for line in lines if line["amount"] != 0]
    values = {}
    for line in kept:
        key = line["row"]["fact"]["id"], line["award"]
        values[key] = max(values.get(key, line["value"]), line["value"])
    points = sum(values.values(), Fraction(0))
    found = [board.case.formula(text, line["row"], points=points) for line in lines]
    if any(isinstance(value, bool) for value in found):
        return True in found
    return max((value for value in found if value is not None), default=None)


# ---- lists


def lists(board):
    """The units of every list."""
    return {rule["id"]: listed(rule, board) for rule in board.case.rules.get("lists", [])}


def listed(rule, board):
    """The units that satisfy a list, in ranking order or by its own keys; so many of all or of every group."""
    wanted = groups_of(rule, board.case) if rule.get("groups") else None
    rows = {row["unit"]: row for row in ranking(board) if board.own(rule["where"], row["unit"]) is True}
    group_of = {unit: board.case.register["units"][unit]["group"] for unit in rows}
    units = [unit for unit in rows if not wanted or group_of[unit] in wanted]
    every = rule.get("each", "all") == "all"
    found = []
    for group in [None] if every else dict.fromkeys(group_of[unit] for unit in units):
        inside = [unit for unit in units if every or group_of[unit] == group]
        # Without keys of its own a list of all has the order of the table, where nobody is tied with another group.
        keys = {unit: units.index(unit) if every else rows[unit]["place"] for unit in inside}
        if rule.get("by"):
            keys = {unit: key_of(unit, rule["by"], board) for unit in inside}
            inside.sort(key=lambda unit: keys[unit])
        take = int(rule["take"]) if "take" in rule else None
        found += first_of(inside, keys, take, rule.get("ties", "cut"))
    return found
