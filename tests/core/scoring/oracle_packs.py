"""Random packs and registers for the comparison of engine and oracle: every block, on few units and few items.

What a pack says stays exact in grains: values of few decimals, weights that add up to twelve at most.
"""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

OUTLETS = (
    "daily",
    "daily-lead",
    "special",
    "special-red",
    "red-lead",
    "city",
    "zonghe",
    "province",
    "gongyun",
    "state",
)
LEVELS = ("city", "province", "state")
FORMS = ("short", "full", "long")
ITEMS = ("A1", "A2", "A3")
DAY_ONE = date(2024, 1, 1)

OUTLETS_YAML = """\
levels: [{id: city, title: 市级}, {id: province, title: 省级}, {id: state, title: 国家级}]
ladders:
  - id: government
    title: 政府系统
    levels:
      - id: city
        outlets:
          - {id: daily, title: 《每日要情》, columns: [{id: daily-lead, title: 要闻}]}
          - id: special
            title: 《专报》
            editions: [{id: special-red, title: （特刊）, columns: [{id: red-lead, title: 头条}]}]
      - {id: province, title: 省政府办公厅, outlets: [{id: zonghe, title: 《综刊》}]}
      - {id: state, title: 国务院办公厅}
  - id: union
    title: 工会系统
    levels:
      - {id: union-province, level: province, title: 省总工会, outlets: [{id: gongyun, title: 《工运》}]}
"""
UNITS_YAML = """\
groups:
  - {id: counties, title: 县区}
  - {id: bureaus, title: 市直部门}
  - {id: direct, title: 直报点, optional: true}
  - {id: own, title: 信息科, competes: false}
classes: [{id: large, title: 大县, group: counties}, {id: small, title: 小县, group: counties}]
attributes:
  - {id: staff, title: 人数, type: integer}
  - {id: key-unit, title: 重点单位, type: flag}
"""
ID_OF = {
    "市级": "city", "省级": "province", "国家级": "state", "政府系统": "government", "工会系统": "union",
    "《每日要情》": "daily", "《专报》": "special", "《综刊》": "zonghe", "《工运》": "gongyun",
    "县区": "counties", "市直部门": "bureaus", "直报点": "direct", "信息科": "own", "大县": "large", "小县": "small",
    "简讯": "short", "全文": "full",
}  # fmt: skip
PACK_YAML = "id: random\nversion: 1.0.0\ntitle: 随机规则\nissuer: 某市人民政府办公室\n"
UNITS = {
    "甲县": {"group": "counties", "class": "large", "attributes": {"staff": 30, "key-unit": True}},
    "乙县": {"group": "counties", "class": "large", "attributes": {"staff": 20}},
    "丙县": {"group": "县区", "class": "small"},
    "丁局": {"group": "bureaus", "attributes": {"staff": 20, "key-unit": False}},
    "戊局": {"group": "bureaus", "optional": True},
    "某企业": {"group": "direct", "host": "甲县", "parent": "丁局"},
    "孤企业": {"group": "直报点"},
    "信息科": {"group": "own"},
}
LIKELY = (
    "甲县",
    "甲县",
    "甲县",
    "乙县",
    "乙县",
    "丙县",
    "丁局",
    "某企业",
    "孤企业",
    "信息科",
    "戊局",
    "外地县",
)
AUTHORS = (
    {"person": "张三", "unit": "甲县"},
    {"person": "张三", "unit": "甲县", "role": "主报", "weight": 2},
    {"person": "李四", "unit": "丙县"},
    {"person": "王五", "unit": "丁局", "weight": 3},
)
ATTRIBUTES = [
    {
        "id": "form", "title": "采用形式", "of": ["adopted", "sent_up"],
        "options": [{"id": "short", "title": "简讯"}, {"id": "full", "title": "全文"}, "long"],
    },
    {"id": "leader", "title": "领导类别", "of": ["instructed"], "options": ["主要", "其他"]},
    {"id": "words", "title": "字数", "type": "integer"},
    {"id": "front-page", "title": "头版", "type": "flag"},
    {"id": "printed", "title": "印发日期", "type": "date"},
    {"id": "outside", "title": "外部分值", "type": "amount"},
]  # fmt: skip


class Case:
    """A pack as blocks, a register, and the period to score; `seed` makes it again."""

    def __init__(self, calendar, scoring, register, period, seed=None):
        self.calendar, self.scoring, self.register, self.period = calendar, scoring, register, period
        self.seed = seed

    @property
    def texts(self):
        """The files of the pack, as somebody would have written them."""
        return {
            "pack.yaml": PACK_YAML,
            "units.yaml": UNITS_YAML,
            "outlets.yaml": OUTLETS_YAML,
            "calendar.yaml": blocks(self.calendar),
            "scoring.yaml": blocks(self.scoring),
        }

    def __repr__(self):
        """Everything that is not the same in every case, short enough to read."""
        facts = "".join(f"  - {flow(fact)}\n" for fact in self.register["facts"])
        units = "".join(f"  {name}: {flow(line)}\n" for name, line in self.register["units"].items())
        files = f"# calendar.yaml\n{blocks(self.calendar)}# scoring.yaml\n{blocks(self.scoring)}"
        closings = "".join(f"  - {flow(each)}\n" for each in self.register["closings"])
        register = f"# register\nunits:\n{units}facts:\n{facts}closings:\n{closings}"
        return f"\n# case_of({self.seed}), period {self.period}\n{files}{register}"


def cases():
    """The strategy: a pack, a register and a period to score."""
    return st.integers(0, 2**62).map(case_of)


def case_of(seed):
    """The case of a number. Plain random choices keep every block as frequent as it is meant to be."""
    dice = Dice(Random(seed))
    calendar = {"year_starts": dice.pick(1, 1, 1, 1, 7, 12)}
    if calendar["year_starts"] == 1 and dice.chance(15):
        calendar["joined"] = [{"months": [1, 2]}]
    return Case(calendar, scoring_of(dice), register_of(dice), period_of(dice, calendar), seed)


class Dice:
    """Random choices, in the words of somebody inventing a pack."""

    def __init__(self, random):
        self.random = random

    def number(self, low, high):
        return self.random.randint(low, high)

    def chance(self, percent):
        return self.number(1, 100) <= percent

    def pick(self, *options):
        return self.random.choice(options)

    def some(self, options, low, high):
        """So many different ones of these, in any order."""
        return self.random.sample(list(options), self.number(low, min(high, len(options))))

    def maybe(self, percent, key, value):
        """A key of a block that is not always written; `value` is asked only when it is."""
        return {key: value()} if self.chance(percent) else {}


def period_of(dice, calendar):
    months = [f"2024-{month:02d}" for month in range(8, 13)]
    if "joined" in calendar:
        months.append("2024-01~02")
    return dice.pick("2024", "2024", "2024", "2024-Q2", "2024-H1", *months)


# ---- formulas about rows


def amount(dice):
    """A number of points as rules print them."""
    written = dice.pick(1, 2, 3, 5, 10, 10, 20, "0.5", "2.5", "7.5", "0.2", "1.25", 0, -1, -3, -10)
    return Decimal(written)


def worth(dice, depth=1, counters=()):
    """A formula for a value, of at most three decimals."""
    if depth == 0:
        return dice.pick(
            str(amount(dice)), "default(words, 50) / 20", "字数 / 8", "ways", "顺位", "month - 1", "staff / 10",
            "weight * 2", "authors", "缺省(outside, 1)", "outside", "(recorded - on)", "default(printed - on, 2)",
            "table(grid)", "查表(bands)", f"table(grid, '{dice.pick(*FORMS)}', 'daily')", *counters,
        )  # fmt: skip
    left, right = worth(dice, depth - 1, counters), worth(dice, depth - 1, counters)
    return dice.pick(
        left, left, f"{left} + {right}", f"{left} - {right}", f"min({left}, {right})", f"最大({left}, 1, {right})",
        f"if({test(dice, counters=counters)}, {left}, {right})", f"如果({test(dice)}, {left}, 3)",
        f"round({left} / 3, {dice.number(0, 3)})", f"floor({left})", f"进整({left} / 2)", f"abs({left})",
        f"-({left}) + 5", f"({left}) * {dice.pick('2', '0.5', '1.2')}", f"({left}) / {dice.pick('2', '4', '0')}",
    )  # fmt: skip


def test(dice, depth=1, counters=()):
    """A condition in a formula."""
    if depth == 0:
        return dice.pick(
            "words >= 80", "字数 < 60", "form = 'short'", "form != '全文'", "form > 'short'", "level >= 'province'",
            "采用形式 属于 ['简讯', 'long']", "outlet in ['daily', 'zonghe']", "leader not in ['主要']", "front-page = 是",
            "has(words)", "not has(outside)", "ways > 1", "position = 1", "role = '主报'", "group = '县区'",
            "class = 'large'", "key-unit = true", "optional = 否", "staff >= 20", "month <= 6", "星期 属于 [1, 3, 5]",
            "recorded > on", "ladder = 'government'", "unit != '乙县'", *(f"{each} <= 2" for each in counters),
            *(f"{each} > 1" for each in counters),
        )  # fmt: skip
    left, right = test(dice, depth - 1, counters), test(dice, depth - 1, counters)
    return dice.pick(
        left,
        left,
        f"{left} and {right}",
        f"{left} 或 {right}",
        f"not {left}",
        f"({left} or {right}) 且 非 {left}",
    )


def tables(dice):
    grid = [
        [form, outlet, amount(dice)] for form in dice.some(FORMS, 1, 3) for outlet in dice.some(OUTLETS, 1, 5)
    ]
    late = [[form, outlet, amount(dice)] for form in FORMS for outlet in dice.some(OUTLETS, 1, 3)]
    bounds = sorted(dice.some((0, 20, 40, 80, 120), 1, 4), reverse=dice.chance(30))
    dated = {"rows": grid} if dice.chance(70) else {"from": {"2023-01-01": grid, "2024-06-01": late}}
    return [
        {"id": "grid", "title": "分值表", "keys": ["form", "outlet"], **dated, **dice.maybe(60, "default", lambda: amount(dice))},
        {
            "id": "bands", "title": "分段表", "keys": ["words"], "rows": [[bound, amount(dice)] for bound in bounds],
            "steps": True, **dice.maybe(60, "default", lambda: 1),
        },
        {
            "id": "needs", "title": "任务数", "keys": ["class"], "rows": [["large", 3], ["小县", 2]],
            **dice.maybe(70, "default", lambda: 1),
        },
    ]  # fmt: skip


# ---- what is counted and what earns


def counters(dice):
    """Counters over facts, and one over the lines of a stage."""
    plain = [
        {"id": "nth", "title": "第几次", "count": dice.pick("facts", "items"), "of": {"fact": dice.pick("instructed", "adopted", ["adopted", "instructed"])}},
        {
            "id": "in-scope", "title": "范围内", "of": condition(dice, dice.pick("adopted", "submitted")),
            "per": dice.some(("unit", "item", "outlet", "level", "form", "group"), 1, 2),
            "count": dice.pick("facts", "items"),
            **dice.maybe(50, "period", lambda: dice.pick("month", "quarter", "half", "year")),
            **dice.maybe(40, "running", lambda: dice.chance(50)),
            **dice.maybe(30, "where", lambda: test(dice)),
        },
        {
            "id": "so-far", "title": "字数合计", "sum": "words", "per": dice.pick(["unit"], ["item"], ["unit", "level"]),
            "of": {"fact": "adopted"}, **dice.maybe(30, "period", lambda: "quarter"),
            **dice.maybe(30, "running", lambda: False),
        },
    ]  # fmt: skip
    lines = {
        "id": "earned", "title": "已得", "stages": ["adopted"], "per": dice.pick(["unit", "item"], ["unit"], ["item"]),
        **dice.pick({"count": "facts"}, {"count": "items"}, {"count": "points"}),
        **dice.maybe(40, "running", lambda: False),
        **dice.maybe(30, "period", lambda: dice.pick("month", "year")),
    }  # fmt: skip
    return plain, lines


def condition(dice, kind):
    """A `when`, mostly of one kind."""
    found = {"fact": kind}
    if kind == "adopted":
        found |= dice.maybe(75, "outlet", lambda: outlet_test(dice))
        found |= dice.maybe(
            15, "level", lambda: dice.pick("province", "市级", {">=": "province"}, {"<": "state"})
        )
        found |= dice.maybe(
            20, "form", lambda: dice.pick("short", "全文", ["long", "short"], {"not": "简讯"}, {">": "short"})
        )
        found |= dice.maybe(8, "ladder", lambda: dice.pick("政府系统", {"not": "government"}))
    if kind == "instructed":
        found |= dice.maybe(60, "leader", lambda: dice.pick("主要", "其他", {"not": "其他"}))
        found |= dice.maybe(30, "level", lambda: dice.pick("city", {">=": "province"}))
    if kind == "sent_up":
        found |= dice.maybe(60, "level", lambda: dice.pick("省级", ["state", "province"]))
    found |= dice.maybe(8, "words", lambda: dice.pick({">=": 80}, {">": 20, "<=": 100}))
    found |= dice.maybe(6, "front-page", lambda: dice.pick(True, {"not": True}))
    found |= dice.maybe(8, "group", lambda: dice.pick("counties", ["县区", "bureaus"], {"not": "direct"}))
    return found


def outlet_test(dice):
    return dice.pick(
        *OUTLETS, "《每日要情》", ["daily", "special"], ["state", "red-lead", "province"], {"not": "special"}
    )


def dated(dice, value):
    """A `{date: value}`: mostly in force all year, sometimes changing within it or beginning later."""
    days = dice.pick(
        ["2023-01-01"], ["2023-01-01"], ["2024-01-01"], ["2023-01-01", "2024-06-01"], ["2024-03-01"],
        ["2023-05-01", "2024-05-15", "2025-01-01"], ["2025-02-01"],
    )  # fmt: skip
    return {day: value() for day in days}


def points(dice, counters):
    roll = dice.number(1, 100)
    if roll <= 50:
        return amount(dice)
    if roll <= 85:
        text = worth(dice, dice.number(0, 2), counters)
        # A bare number is written as one; in quotes it would be a slip.
        return Decimal(text) if re.fullmatch(r"-?[0-9.]+", text) else text
    if roll <= 92:
        return {
            "formula": worth(dice, 1, counters),
            "min": dice.pick(-2, 0),
            "max": dice.pick(5, Decimal("7.5")),
        }
    return {"from": dice.pick("outside", "words"), "min": dice.pick(-5, 0, 20), "max": dice.pick(60, 100)}


def awards(dice, counters):
    """Several awards, so that a fact often satisfies more than one."""
    kinds = [
        "adopted",
        "adopted",
        "instructed",
        *dice.some(("adopted", "adopted", "sent_up", "submitted", "instructed"), 0, 5),
    ]
    found = [award(dice, n, kind, counters) for n, kind in enumerate(kinds)]
    # One award for every adoption and one for every instruction, so that there is something to keep, share and cap.
    for name, kind, value in (("any", "adopted", 5), ("note", "instructed", 8)):
        found.append(
            {
                "id": name,
                "title": f"一律{name}",
                "when": {"fact": kind},
                "points": {"2023-01-01": value},
                "basis": "八",
                **dice.maybe(20, "once_per", lambda: ["item"]),
                **dice.maybe(15, "stage", lambda: "extra"),
            }
        )
    if dice.chance(60):
        value = {"from": "points", "min": -9, "max": 9}
        found.append(
            {
                "id": "manual",
                "title": "手工加减",
                "when": {"fact": "manual"},
                "points": {"2023-01-01": value},
                "basis": "九",
            }
        )
    if dice.chance(50):
        bonus = {
            "id": "bonus",
            "title": "奖励",
            "when": condition(dice, dice.pick("adopted", "instructed", "submitted")),
        }
        value = dice.pick("earned", "earned * 2", "if(已得 > 2, 5, 0)", "min(earned, 3) + nth")
        found.append({**bonus, "stage": "bonus", "points": dated(dice, lambda: value), "basis": "十"})
    return useful(found)


def award(dice, n, kind, counters):
    when = condition(dice, kind)
    if dice.chance(6) and kind != "submitted":
        when["fact"] = [kind, "submitted"]
    values = dated(dice, lambda: points(dice, counters))
    ends = [day for day in ("2023-12-31", "2024-05-31", "2024-09-30") if day > min(values)]
    return {
        "id": f"a{n}", "title": f"计分项{n}", "when": when,
        **dice.maybe(25, "where", lambda: test(dice, 1, counters)),
        "points": values,
        **(dice.maybe(10, "until", lambda: dice.pick(*ends)) if ends else {}),
        **dice.maybe(20, "stage", lambda: dice.pick("extra", "upper", "adopted")),
        **dice.maybe(30, "share", lambda: share(dice)),
        **dice.maybe(30, "once_per", lambda: dice.pick(["item"], ["item", "level"], ["item", "leader"], ["outlet"], ["form", "month"])),
        "basis": f"第{n}条",
    }  # fmt: skip


def share(dice):
    return dice.pick(
        "equal", "each", "first", "recorded", {"weights": [3, 2, 1]}, {"weights": [1, 1]},
        {"weights": {"2": [Decimal("0.6"), Decimal("0.4")], "3": [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")]}},
        {"roles": {"主报": 2, "协报": 1}}, {"roles": {"主报": 3}}, {"main": Decimal("0.4")},
        {"main": Decimal("0.5"), "places": 1}, {"policy": "equal", "places": dice.number(0, 2)},
        {"formula": "if(position = 1, points, 分值 / 2)"}, {"formula": "points / (ways + 1) * 2"},
    )  # fmt: skip


# ---- what becomes of lines


def chosen(dice):
    """Which lines a block speaks of: all, a stage, some awards."""
    roll = dice.number(1, 100)
    if roll <= 40:
        return {"basis": "五"}
    if roll <= 80:
        return {"stages": dice.some(("adopted", "instructed", "extra", "sent_up"), 1, 2), "basis": "五"}
    return {"awards": dice.some(("a0", "a1", "a2", "any", "note"), 2, 4), "basis": "五"}


def known(block, awards):
    """A block that speaks only of awards and stages there are."""
    stages = {stage_of(each) for each in awards}
    ids = {each["id"] for each in awards}
    for key, there in (("stages", stages), ("awards", ids)):
        if key in block:
            block[key] = [each for each in block[key] if each in there] or sorted(there)[:1]
    return block


def stage_of(award):
    return award.get("stage") or listed(award["when"]["fact"])[0]


def useful(awards):
    """The awards without those an earlier one of the same stage and condition always takes before them."""
    found, seen = [], []
    for award in awards:
        asked = stage_of(award), by_id(award["when"])
        if not any(each in seen for each in ((*asked, None), (*asked, award.get("where")))):
            found.append(award)
        seen.append((*asked, award.get("where")))
    return found


def by_id(value):
    """A condition with ids for titles: both name the same."""
    if isinstance(value, dict):
        return {name: by_id(each) for name, each in value.items()}
    if isinstance(value, list):
        return [by_id(each) for each in value]
    return ID_OF.get(value, value)


def listed(value):
    return value if isinstance(value, list) else [value]


def resolution(dice, n):
    keep = dice.pick(
        "max", "max", "max", "sum", "min", "first", "last", {"best": 2}, {"first": 2}, {"last": 2}
    )
    return {
        "id": f"r{n}", "title": f"取分{n}", "keep": keep, **chosen(dice),
        **dice.maybe(25, "per", lambda: dice.pick(["item"], ["outlet"], ["item", "level"], ["form"], ["group"])),
        **dice.maybe(25, "period", lambda: dice.pick("month", "quarter", "half")),
        **dice.maybe(15, "where", lambda: test(dice)),
    }  # fmt: skip


def credit(dice):
    who = dice.pick(
        {"groups": ["direct"]}, {"groups": ["direct"]}, {"groups": ["own", "direct"]}, {"where": test(dice)}
    )
    to = dice.pick(
        "host", "host", "host", "parent", "nobody", "unit", {"unit": Decimal("0.5"), "host": Decimal("0.5")},
        {"host": 1}, {"unit": 1, "host": Decimal("0.3"), "parent": Decimal("0.2")},
    )  # fmt: skip
    return {**who, "to": to, **chosen(dice)}


def cap(dice, n):
    what = dice.pick("max", "max", "max", "min", "items")
    small = {"max": (3, 8, 20, Decimal("12.5"), 0), "min": (-1, -4, Decimal("-2.5")), "items": (1, 2, 3)}[
        what
    ]
    formula = {
        "max": "default(staff, 10) / 2",
        "min": "if(group = 'counties', -2, -1)",
        "items": "if(key-unit = true, 3, 1)",
    }
    limit = dated(dice, lambda: dice.pick(*small)) if dice.chance(80) else {"2023-01-01": formula[what]}
    return {
        "id": f"c{n}", "title": f"封顶{n}", "period": dice.pick("month", "month", "quarter", "year", "half"), what: limit,
        **chosen(dice),
        **dice.maybe(50, "overflow", lambda: dice.pick("clip", "overshoot", "drop")),
        **dice.maybe(20, "best", lambda: True),
        **dice.maybe(20, "per", lambda: dice.pick(["outlet"], ["level"], ["item"], ["form", "level"])),
        **dice.maybe(12, "where", lambda: test(dice)),
    }  # fmt: skip


def booking(dice):
    block = {"title": "记分日", "basis": "六", **dice.maybe(40, "when", lambda: condition(dice, "adopted"))}
    block |= dice.maybe(30, "where", lambda: test(dice))
    block |= dice.maybe(50, "day", lambda: dice.pick("recorded", "printed", "on"))
    if dice.chance(50):
        block |= {"days": dice.pick(0, 5, 15), "late": dice.pick("next", "never")}
        block |= dice.maybe(30, "period", lambda: dice.pick("quarter", "month"))
    return block


# ---- numbers of units


def quota(dice, n):
    roll = dice.pick(
        "if(met, 10, 0)", "-missing", "如果(met, 5, -missing * 2)", "extra / 2", "round(default(rate, 0) * 10, 1)",
        "if(done > 0, table(needs), -1)",
    )  # fmt: skip
    need = dice.pick(1, 2, 3, Decimal("2.5"), "table(needs)", "default(staff, 10) / 10", 0)
    return {
        "id": f"q{n}", "title": f"任务{n}", "basis": "七",
        "done": dice.pick("sent", "used", "sent + used * 2", "gained", "报送条数", "entries"),
        "need": {dice.pick("2023-01-01", "2023-01-01", "2024-05-01"): need},
        "period": dice.pick("month", "quarter", "half", "year", 2, 4),
        **dice.maybe(40, "groups", lambda: dice.some(("counties", "bureaus", "direct", "own"), 1, 3)),
        **dice.maybe(25, "where", lambda: dice.pick("not optional", "class = 'large' or staff > 10", "has(staff)")),
        **dice.maybe(75, "points", lambda: roll),
        **dice.maybe(20, "min", lambda: -3),
        **dice.maybe(20, "max", lambda: dice.pick(4, Decimal("1.5"))),
    }  # fmt: skip


def measures(dice, quotas, award):
    over = ("period", "period", "year", "before", "month", "previous")
    found = [
        {"id": "sent", "title": "报送条数", "count": "items", "where": {"fact": "submitted"}},
        {"id": "used", "title": "采用次数", "count": "facts", "where": condition(dice, "adopted")},
        {"id": "gained", "title": "采用得分", "sum": "points", "where": {"fact": ["adopted", "instructed"]}},
        {
            "id": "span", "title": "跨期", "over": dice.pick(*over), "where": condition(dice, dice.pick("adopted", "instructed")),
            **dice.pick({"count": "facts"}, {"count": "items"}, {"sum": "points"}, {"max": "points"}, {"sum": "words"}),
        },
        {
            "id": "kinds", "title": "渠道数", "count": dice.pick("outlet", "form", "level", "facts", "items"),
            "over": dice.pick(*over), **dice.maybe(50, "when", lambda: test(dice)),
        },
        {"id": "lost", "title": "不重复计", "count": "facts", "where": {"status": "superseded"}, "over": dice.pick(*over)},
        {"id": "line", "title": "某项", "sum": "points", "where": {"award": award}, "over": "year"},
    ]  # fmt: skip
    if quotas:
        task = {"award": "q0"}
        found.append(
            {
                "id": "short",
                "title": "欠数",
                "sum": "missing",
                "where": task,
                "over": dice.pick("period", "year"),
            }
        )
        found.append(
            {
                "id": "unmet",
                "title": "欠次",
                "count": "facts",
                "where": {**task, "met": False},
                "over": dice.pick("period", "year"),
            }
        )
        found.append(
            {
                "id": "done-often",
                "title": "完成",
                "count": "facts",
                "when": "met and done > 1",
                "where": {"stage": ["q0"]},
            }
        )
    return found


def components(dice):
    found = [
        {"id": "part", "title": "部分", "formula": unit_worth(dice), "places": dice.number(0, 2)},
        {
            "id": "held",
            "title": "限定",
            "formula": dice.pick("part * 2", "部分 - 1", unit_worth(dice)),
            "places": 2,
        },
        {"id": "compared", "title": "折算", "formula": group_worth(dice), "places": 1},
    ]
    for each in found:
        each |= dice.maybe(25, "max", lambda: dice.pick(5, 20, "default(staff, 8)"))
        each |= dice.maybe(25, "min", lambda: dice.pick(0, 1, "used / 2"))
    return found


def unit_worth(dice):
    return dice.pick(
        "entries", "entries / 3", "gained + used * 2", "max(entries, 0)", "if(sent > 1, entries, 0)", "台账得分 * 0.6",
        "entries / months", "used / sent", "default(used / sent, 0) * 100", "default(staff, 3) - used", "line + lost",
        "table(needs) * used", "if(group = '县区' and not optional, 10, 5) + entries", "round(entries, 0) + kinds",
    )  # fmt: skip


def group_worth(dice):
    return dice.pick(
        "entries / best(entries) * 100", "组内平均(entries)", "gained - worst(gained)", "count_of(used > 1)",
        "sum_of(used) + 组内个数(sent = 0)", "used / best(used)", "if(entries = best(entries), 10, 0)",
    )  # fmt: skip


def ranking(dice):
    keys = ("cumulative", "score", "used", "-lost", "part", "compared", "before", "span", "sent")
    known = keys if dice.chance(50) else keys[:4]
    return {
        **dice.maybe(
            70, "by", lambda: dice.some([key for key in known if key not in {"part", "compared"}], 1, 2)
        ),
        **dice.maybe(40, "order", lambda: dice.some(("used", "-sent", "gained"), 1, 2)),
        **dice.maybe(60, "ties", lambda: dice.pick("competition", "dense", "ordinal")),
        **dice.maybe(30, "within", lambda: dice.pick("class", "all", "group")),
        **dice.maybe(15, "among", lambda: dice.pick("not optional", "used > 0", "entries >= 0")),
    }


def prizes(dice):
    """Prizes of units, one after another, and one of items or persons."""
    first = {
        "id": "first", "title": "一等奖", "basis": "八", "by": dice.some(("cumulative", "used", "-lost"), 1, 2),
        **dice.pick({"take": 1}, {"take": 2}, {"take": {"counties": 2, "bureaus": 1}}, {"share": Decimal("0.3")}, {}),
        **dice.maybe(40, "groups", lambda: dice.some(("counties", "bureaus", "direct"), 1, 2)),
        **dice.maybe(30, "where", lambda: dice.pick("used > 0", "cumulative > 3", "not optional")),
        **dice.maybe(40, "unless", lambda: [{"title": "否决", "where": dice.pick("lost > 0", "class = 'small'")}]),
        **dice.maybe(40, "ties", lambda: dice.pick("include", "exclude")),
    }  # fmt: skip
    second = {
        "id": "second", "title": "二等奖", "basis": "八", "take": dice.pick(1, 2), "after": ["first"],
        **dice.maybe(30, "each", lambda: "all"),
        **dice.maybe(30, "ties", lambda: "exclude"),
    }  # fmt: skip
    items = {
        "id": "good", "title": "好信息", "basis": "八", "for": "items", "by": ["points"], "take": dice.pick(1, 2, "all"),
        **dice.maybe(60, "where", lambda: "points > 0"),
    }  # fmt: skip
    persons = {
        "id": "best", "title": "先进个人", "basis": "八", "for": "persons", "take": dice.pick(1, 2),
        **dice.maybe(50, "each", lambda: "all"),
    }  # fmt: skip
    return [first, second, items], persons


def lists(dice):
    return [
        {"id": "silent", "title": "零报送", "where": dice.pick("sent = 0", "sent = 0 and not optional", "used < 1")},
        {
            "id": "praised", "title": "表扬", "where": "cumulative > 0", "take": dice.number(1, 3),
            "by": dice.some(("score", "-sent", "used"), 1, 2), **dice.maybe(50, "each", lambda: "group"),
            **dice.maybe(60, "ties", lambda: dice.pick("include", "exclude", "cut")),
            **dice.maybe(30, "groups", lambda: ["counties", "direct"]),
        },
    ]  # fmt: skip


def persons(dice, awards):
    """Personal scores: by the awards of the pack, or by one of their own."""
    own = {
        "id": "signed", "title": "署名", "when": {"fact": dice.pick("adopted", "instructed")},
        "points": {"2023-01-01": dice.pick(2, 6, "ways", "if(position = 1, 3, 1)")}, "basis": "十",
    }  # fmt: skip
    borrowed = known({"stages": ["adopted", "instructed"]}, awards) if dice.chance(40) else {}
    return {
        **(borrowed if dice.chance(70) else {"awards": [own]}), "basis": "十",
        **dice.maybe(60, "sharing", lambda: {"policy": dice.pick("first", "each", {"weights": [3, 2]}, "recorded")}),
        **dice.maybe(30, "resolution", lambda: [{"id": "r9", "title": "取分9", "keep": "max", "basis": "五"}]),
    }  # fmt: skip


def scoring_of(dice):
    """A whole scoring.yaml."""
    plain, by_lines = counters(dice)
    earning = awards(dice, [each["id"] for each in plain])
    quotas = [quota(dice, n) for n in range(dice.pick(0, 0, 0, 1, 1, 2))]
    caps = [known(cap(dice, n), earning) for n in range(dice.pick(0, 0, 1, 1, 2, 3))]
    if quotas and dice.chance(40):
        caps.append(
            {
                "id": "task-cap",
                "title": "任务封顶",
                "period": "year",
                dice.pick("max", "min"): {"2023-01-01": 0},
                "awards": ["q0"],
                "basis": "五",
            }
        )
        caps[-1].update(
            {key: {"2023-01-01": 4 if key == "max" else -2} for key in ("max", "min") if key in caps[-1]}
        )
    winners, best_person = prizes(dice)
    scored = persons(dice, earning) if dice.chance(50) else {}
    whole = {
        "attributes": ATTRIBUTES,
        "tables": tables(dice),
        "counters": [*plain, known(by_lines, [each for each in earning if each["id"] != "bonus"])],
        **dice.maybe(15, "after_close", lambda: "forward"),
        "renames": [{"attribute": "form", "values": {"旧简讯": dice.pick("short", "全文")}, "basis": "三"}],
        "booking": [booking(dice) for _ in range(dice.pick(0, 0, 1, 2))],
        "awards": earning,
        **dice.maybe(50, "sharing", lambda: {"policy": share(dice), "basis": "四"}),
        "resolution": [known(resolution(dice, n), earning) for n in range(dice.pick(0, 1, 1, 2))],
        "credit": [known(credit(dice), earning) for _ in range(dice.pick(0, 0, 1, 2))],
        "caps": caps,
        "quotas": quotas,
        "measures": measures(dice, quotas, dice.pick(*(each["id"] for each in earning))),
        "components": components(dice),
        **dice.maybe(35, "total", lambda: dice.pick("part + held", "max(entries, 0)", "entries + used", "compared", "part * 0.5 + 10")),
        "ranking": ranking(dice),
        "rankings": [{"id": "other", "title": "另一排名", **ranking(dice)}] if dice.chance(30) else [],
        "prizes": [*winners, *([best_person] if scored else [])],
        "lists": lists(dice),
        "persons": scored,
        **dice.maybe(20, "order", lambda: dice.some(["resolution", "sharing", "credit", "caps"], 4, 4)),
    }  # fmt: skip
    return {name: block for name, block in whole.items() if block not in ([], {})}


# ---- registers


def register_of(dice):
    """Up to 45 facts, some withdrawn, some withdrawals withdrawn again, some entered late."""
    facts = []
    for n in range(dice.number(0, 45) if dice.chance(40) else dice.number(15, 40)):
        earlier = [each["id"] for each in facts]
        withdraws = earlier and dice.chance(10)
        facts.append(withdrawal(dice, n, earlier) if withdraws else fact(dice, n))
    return {"units": registered(dice), "items": {}, "facts": facts, "closings": closings(dice, len(facts))}


def closings(dice, many):
    """The first months closed one after another while facts came in."""
    counts = sorted(dice.number(0, many) for _ in range(dice.pick(0, 1, 3, 6)))
    return [
        {"start": date(2024, month, 1), "end": date(2024, month + 1, 1) - timedelta(days=1), "after": count}
        for month, count in enumerate(counts, 1)
    ]


def registered(dice):
    """The units; a few take part only for a part of the year."""
    found = {}
    for name, line in UNITS.items():
        bounds = (
            {}
            if dice.chance(75)
            else dice.pick(
                {"from": "2024-04-10"}, {"to": "2024-08-20"}, {"from": "2024-02-01", "to": "2024-10-31"}
            )
        )
        found[name] = {**line, **bounds}
    return found


def fact(dice, n):
    kind = dice.pick("adopted", "adopted", "adopted", "instructed", "sent_up", "submitted", "manual")
    on = day(dice)
    return {
        "fact": kind, "id": f"f{n:02d}", "on": on, "units": sharers(dice),
        **dice.maybe(75, "item", lambda: dice.pick(*ITEMS)),
        **dice.maybe(20, "recorded", lambda: on + timedelta(days=dice.number(0, 60))),
        **dice.maybe(20, "persons", lambda: dice.some(AUTHORS, 1, 3)),
        **OWN[kind](dice),
        **dice.maybe(60, "words", lambda: dice.pick(8, 16, 40, 80, 96, 120)),
        **dice.maybe(20, "front-page", lambda: dice.chance(60)),
        **dice.maybe(15, "printed", lambda: on + timedelta(days=dice.number(-5, 40))),
        **dice.maybe(25, "outside", lambda: dice.pick(2, 5, Decimal("1.5"), 40)),
    }  # fmt: skip


OWN = {
    "adopted": lambda dice: {
        "outlet": dice.pick("daily", "daily", *OUTLETS),
        **dice.maybe(60, "form", lambda: dice.pick(*FORMS, "简讯", "旧简讯")),
    },
    "instructed": lambda dice: {"leader": dice.pick("主要", "主要", "其他"), "level": dice.pick(*LEVELS)},
    "sent_up": lambda dice: {
        "level": dice.pick("province", "国家级"),
        **dice.maybe(50, "form", lambda: dice.pick(*FORMS)),
    },
    "submitted": lambda dice: {},
    "manual": lambda dice: {"points": dice.number(-11, 11), "reason": "加减分"},
}


def day(dice):
    """Mostly within 2024 and often on the same days, sometimes just outside."""
    if dice.chance(8):
        return dice.pick(date(2023, 12, 31), date(2025, 1, 2), date(2023, 6, 30))
    return DAY_ONE + timedelta(days=31 * dice.number(0, 11) + dice.pick(0, 0, 1, 4, 8, 15, 20))


def sharers(dice):
    many = dice.pick(1, 1, 1, 1, 2, 2, 3, 4)
    return [sharer(dice, dice.pick(*LIKELY)) for _ in range(many)]


def sharer(dice, name):
    more = {
        **dice.maybe(40, "role", lambda: dice.pick("主报", "协报", "供稿")),
        **dice.maybe(30, "weight", lambda: dice.number(1, 3)),
    }
    return {"unit": name, **more} if more else name


def withdrawal(dice, n, earlier):
    return {"fact": "withdrawn", "id": f"f{n:02d}", "on": day(dice), "reverses": dice.pick(*earlier[-6:])}


# ---- writing YAML


def blocks(written):
    """A file: every list with a line for each of its blocks."""
    lines = []
    for name, block in written.items():
        if isinstance(block, list) and block and isinstance(block[0], dict):
            lines += [f"{name}:", *(f"  - {flow(each)}" for each in block)]
        else:
            lines.append(f"{name}: {flow(block)}")
    return "\n".join(lines) + "\n"


def flow(value):
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z_][\w-]*|\d{4}-\d\d-\d\d", value):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
