"""Rows: one for every fact and sharer, with the facets that conditions, scopes and formulas may use."""

from fractions import Fraction

from core.scoring.values.periods import period_containing, plain_month
from tests.core.scoring.oracle import formulas
from tests.core.scoring.oracle.reading import CARRIED, in_force, named, path, plain

FACETS = {
    "fact": "事项种类", "outlet": "采用渠道", "level": "层级", "ladder": "体系", "item": "信息", "unit": "单位",
    "group": "参评分组", "class": "分类", "optional": "自愿参加", "ways": "家数", "position": "顺位", "role": "角色",
    "weight": "权重", "authors": "作者数", "on": "发生日期", "recorded": "登记日期", "year": "年", "month": "月",
    "day": "日", "weekday": "星期",
}  # fmt: skip


NOWHERE = {
    "name": None,
    "group": None,
    "class": None,
    "optional": False,
    "host": None,
    "parent": None,
    "attributes": {},
}
OTHERS = ("其他", "其余")


def standing(fact, facts):
    """Whether a fact counts: nothing that itself counts takes it back."""
    return not any(other["reverses"] == fact["id"] and standing(other, facts) for other in facts)


def taken_back_by(fact, facts):
    """The first withdrawal that counts against a fact, or None."""
    against = [other for other in facts if other["reverses"] == fact["id"] and standing(other, facts)]
    return min(against, key=lambda other: other["number"], default=None)


def rows_of(register, pack, accounts="units"):
    """Every row of the register, in the order of day and number; withdrawals have none."""
    found = []
    for fact in in_order(register["facts"]):
        if fact["kind"] == "withdrawn":
            continue
        sharers = fact["units"] if accounts == "units" else fact["persons"]
        for position, sharer in enumerate(sharers, 1):
            row = row_of(fact, sharer, position, len(sharers), register, pack)
            if row is not None:
                found.append(row)
    return found


def in_order(facts):
    return sorted(facts, key=lambda fact: (fact["on"], fact["number"]))


def row_of(fact, sharer, position, ways, register, pack):
    """One row, or None when its unit is not registered or takes no part on that day."""
    unit = register["units"].get(unit_name(fact, sharer))
    if "person" in sharer:  # whether the author's unit takes part is not asked
        unit = unit or NOWHERE
    elif unit is None or not unit["from"] <= fact["on"] <= unit["to"]:
        return None
    account = sharer.get("person") or sharer["unit"]
    facets = facets_of(fact, pack) | unit_facets(unit)
    facets |= {"ways": Fraction(ways), "position": Fraction(position)}
    facets |= {"role": sharer.get("role"), "weight": sharer["weight"]}
    return {
        "fact": fact,
        "account": account,
        "unit": unit,
        "facets": facets,
        "standing": standing(fact, register["facts"]),
        "offset": None,
    }


def unit_name(fact, sharer):
    """The unit of a sharer; an author without one belongs to the first unit of the fact."""
    return sharer.get("unit") or (fact["units"][0]["unit"] if fact["units"] else None)


def facets_of(fact, pack):
    """What a fact says about itself, after the renames of the pack."""
    facets = dict(fact["attributes"])
    for rename in pack["scoring"].get("renames", []):
        name = rename["attribute"]
        words = pack["words"].get(name, {})
        new = {known(old, words): known(value, words) for old, value in rename["values"].items()}
        if facets.get(name) in new:
            facets[name] = new[facets[name]]
    node = pack["tree"].get(facets.get("outlet"), {})
    on = fact["on"]
    return {
        "level": node.get("level"),
        **facets,
        "fact": fact["kind"],
        "ladder": node.get("ladder"),
        "item": fact["item"] or ("own item of", fact["id"]),
        "authors": Fraction(len(fact["persons"])),
        "on": on,
        "recorded": fact["recorded"],
        "year": Fraction(on.year),
        "month": Fraction(on.month),
        "day": Fraction(on.day),
        "weekday": Fraction(on.isoweekday()),
    }


def known(value, words):
    return words[value][0] if value in words else plain(value)


def unit_facets(unit):
    """What rules may know about a unit."""
    own = {"unit": unit["name"], "group": unit["group"], "class": unit["class"], "optional": unit["optional"]}
    return own | unit["attributes"]


def spelling(pack, rules, *more):
    """From every way a name may be written to its id; also names declared in these blocks of the rules."""
    found = {title: name for name, title in FACETS.items()}
    found |= {title: name for name, (title, _) in CARRIED.items()}
    found |= {"分值": "points", "得分": "fact_points"}
    declared = [*pack["scoring"]["attributes"], *pack["units"]["attributes"]]
    for block in ("tables", "counters", *more):
        declared += named(rules.get(block, []))
    found |= {each["title"]: each["id"] for each in declared}
    return found | {name: name for name in found.values()}


def same_period(calendar, kind, day):
    """A key that days of one period of a kind share; a month is the calendar month."""
    if kind is None:
        return None
    return (plain_month(calendar, day) if kind == "month" else period_containing(calendar, day, kind)).key


def scope_of(row, names, case, kind=None):
    """The values that bound a scope: those of the names, and the period of the row's day."""
    values = tuple(case.facet(row, name) for name in names)
    return values, same_period(case.calendar, kind, row["fact"]["on"])


def satisfies(condition, value_of, pack, spelled):
    """Whether every line of a `when` holds; `value_of` gives the value of a facet."""
    return all(
        holds(spelled[name], written, value_of(spelled[name]), pack) for name, written in condition.items()
    )


def holds(name, written, value, pack):
    """Whether one line of a condition holds: a word, one of several, or comparisons."""
    if isinstance(written, dict):
        return all(compared(name, sign, bound, value, pack) for sign, bound in written.items())
    return compared(name, "in", written, value, pack)


def compared(name, sign, bound, value, pack):
    """A value against what a pack wrote; an outlet is also everything it lies in."""
    words = pack["words"].get(name, {})
    wanted = [known(each, words) for each in (bound if isinstance(bound, list) else [bound])]
    if sign in {"in", "=", "not", "!="}:
        values = path(pack["tree"], value) if is_outlet(name, pack) else [value]
        among = any(formulas.same(one, each) for one in values for each in wanted if one is not None)
        return among == (sign in {"in", "="})
    return formulas.compared(sign, value, wanted[0], dict(words.values()))


def is_outlet(name, pack):
    return pack["types"].get(name) == "outlet"


def look_up(table, keys, day, pack, names):
    """The amount of a table for these keys; a key `*` stands for what no row names, also for a missing one."""
    rows = table.get("rows", []) if "from" not in table else in_force(table["from"], day) or []
    default = plain(table["default"]) if "default" in table else None
    for n, (key, name) in enumerate(zip(keys, names, strict=True)):
        words = pack["words"].get(name, {})
        if table.get("steps") and n == len(names) - 1:
            rows = reached(rows, n, key)
        else:
            rows = named_or_other(rows, n, known(key, words), words)
    return plain(rows[0][-1]) if rows else default


def reached(rows, n, number):
    """The row with the greatest bound not above a number."""
    below = [row for row in rows if number is not None and plain(row[n]) <= number]
    return [max(below, key=lambda row: plain(row[n]))] if below else []


def named_or_other(rows, n, value, words):
    """The rows that name a value; where none does, those for any other."""
    exact = [row for row in rows if value is not None and formulas.same(known(row[n], words), value)]
    return exact or [row for row in rows if row[n] == "*" or (row[n] in OTHERS and row[n] not in words)]


class RowScope(formulas.Scope):
    """The names of a formula about a row: its facets, its counters, and whatever the place adds."""

    def __init__(self, row, case, **more):
        self.row, self.case, self.more = row, case, more

    def value(self, name):
        name = self.case.spelled[name]
        return self.more[name] if name in self.more else self.case.facet(self.row, name)

    def words(self, name):
        return self.case.pack["words"].get(self.case.spelled[name], {})

    def around(self, name):
        found = self.value(name) if is_outlet(self.case.spelled[name], self.case.pack) else None
        return path(self.case.pack["tree"], found) if found else None

    def table(self, name, keys):
        table = self.case.table(name)
        names = [self.case.spelled[key] for key in table["keys"]]
        if keys is None:
            keys = [self.value(key) for key in names]
        return look_up(table, keys, self.row["fact"]["on"], self.case.pack, names)
