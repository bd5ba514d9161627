"""The pack as a plain document: twelve rules of an invented city, and a hundred finer ones of the same kinds.

Points are text and exact. A rule's `points` are a number, or one of
  {"table": [attribute, …], "rows": [[word, …, points], …], "times": factor}   by attribute, 0 when nothing fits
  {"base": points, "each": points, "per": [attribute, size], "at_most": n}     base + each × min(attribute ÷ size, n)
  {"cases": [[condition, points], …]}                                         the first condition that holds
A condition maps attributes to a word, a list of words, or {">=" | ">" | "<": number or word}; "any" lists conditions of
which one must hold; "from" is the first day. `pack.py` turns the document into small plain objects.
"""

from collections.abc import Iterator
from typing import Any

LADDERS = [
    {"id": "base", "title": "采用", "hit": "first", "keep": "best", "share": "equal"},
    {"id": "instr", "title": "批示", "hit": "first", "keep": "all", "share": "equal"},
    {"id": "bonus", "title": "加分", "hit": "all", "keep": "all", "share": "equal"},
    {"id": "act", "title": "报送", "hit": "first", "keep": "all", "share": "lead"},
    {"id": "pen", "title": "扣分", "hit": "first", "keep": "all", "share": "each"},
]

INSTRUCTION = [
    ["NAT", "CHIEF", "60"], ["NAT", "DEPUTY", "50"], ["PROV", "CHIEF", "30"], ["PROV", "DEPUTY", "20.5"],
    ["CITY", "CHIEF", "8"], ["CITY", "DEPUTY", "5.5"], ["COUNTY", "CHIEF", "1"], ["COUNTY", "DEPUTY", "0.5"],
]  # fmt: skip
ERRORS = [["NAT", "-10"], ["PROV", "-5"], ["CITY", "-2"], ["COUNTY", "-1"]]
UPPER = ["GUOBAN", "PROV_SPECIAL", "PROV_BRIEF"]
OWN = ["YAOQING", "ZHUANBAO"]
LATE = {"base": "0", "each": "-0.5", "per": ["late_days", 1], "at_most": 6}

RULES: list[dict[str, Any]] = [
    {"id": "R01", "ladder": "base", "kind": "adopt", "when": {"outlet": "GUOBAN"}, "points": "50"},
    {
        "id": "R02",
        "ladder": "base",
        "kind": "adopt",
        "when": {"outlet": "PROV_SPECIAL"},
        "points": {"table": ["special"], "rows": [[True, "25"], [False, "20"]]},
    },
    {"id": "R03", "ladder": "base", "kind": "adopt", "when": {"outlet": "PROV_BRIEF"}, "points": "10"},
    {
        "id": "R04",
        "ladder": "base",
        "kind": "adopt",
        "when": {"outlet": OWN, "words": {">=": 800}},
        "points": "5",
    },
    {
        "id": "R05",
        "ladder": "base",
        "kind": "adopt",
        "when": {"outlet": [*OWN, "JIAOLIU"]},
        "points": {"base": "3", "each": "0.1", "per": ["words", 100], "at_most": 12},
    },
    {
        "id": "R06",
        "ladder": "base",
        "kind": "adopt",
        "when": {"outlet": ["DAILY", "WEB"]},
        "points": {"table": ["outlet"], "rows": [["DAILY", "1.5"], ["WEB", "0.3"]], "times": "1.2"},
    },
    {
        "id": "R07",
        "ladder": "instr",
        "kind": "instruct",
        "when": {"level": {">=": "COUNTY"}},
        "points": {"table": ["level", "position"], "rows": INSTRUCTION},
    },
    {
        "id": "R08",
        "ladder": "bonus",
        "kind": "adopt",
        "when": {"solicited": True, "outlet": [*UPPER, *OWN]},
        "points": "2",
    },
    {
        "id": "R09",
        "ladder": "bonus",
        "kind": "adopt",
        "from": "2026-02-01",
        "when": {"special": True, "any": [{"words": {">": 1500}}, {"category": ["C01", "C02"]}]},
        "points": {"base": "0", "each": "0.5", "per": ["words", 500], "at_most": 6},
    },
    {"id": "R10", "ladder": "act", "kind": "submit", "when": {}, "points": "0.1"},
    {
        "id": "R11",
        "ladder": "pen",
        "kind": "solicit",
        "when": {"status": ["LATE", "MISSED"]},
        "points": {"cases": [[{"status": "MISSED"}, "-5"], [{}, LATE]]},
    },
    {
        "id": "R12",
        "ladder": "pen",
        "kind": "error",
        "when": {},
        "points": {"table": ["level"], "rows": ERRORS},
    },
]

# In this order: a later cap sees what an earlier one left. A negative limit holds back deductions.
CAPS = [
    {"rules": ["R08"], "months": 1, "limit": "6"},
    {"ladder": "act", "months": 1, "limit": "2"},
    {"ladder": "bonus", "months": 3, "limit": "10"},
    {"ladder": "pen", "months": 12, "limit": "-20"},
]
QUOTA = {
    "kind": "adopt",
    "need": {"COUNTY": 4, "BUREAU": 2, "DIRECT": 1},
    "each_missing": {"COUNTY": "-1", "BUREAU": "-0.5", "DIRECT": "-0.2"},
}
TIEBREAKS = [{"kind": "adopt", "when": {"outlet": UPPER}}, {"kind": "instruct", "when": {}}]
# Yuan for a credited point of the ladder, by outlet; never less or more a line than the two limits.
FEES = {
    "ladder": "base",
    "per_point": {
        "GUOBAN": "20", "PROV_SPECIAL": "15", "PROV_BRIEF": "12", "YAOQING": "10", "ZHUANBAO": "10",
        "JIAOLIU": "8", "DAILY": "5", "WEB": "3.5",
    },
    "floor": "5",
    "cap": "500",
}  # fmt: skip


def document(size: int = 12) -> dict[str, Any]:
    """The pack with 12 rules, or its finer variant with 100."""
    if size == 12:
        rules, caps = RULES, CAPS
    elif size == 100:
        rules = [*_base(), *_instructions(), *_bonus(), *_submissions(), *_penalties()]
        solicited = [rule["id"] for rule in rules if rule["id"].startswith("F08")]
        caps = [{**CAPS[0], "rules": solicited}, *CAPS[1:]]
    else:
        raise SystemExit("规则条数只能是 12 或 100")
    return {
        "ladders": LADDERS,
        "rules": rules,
        "caps": caps,
        "quota": QUOTA,
        "tiebreaks": TIEBREAKS,
        "fees": FEES,
    }


# ---- a hundred rules ------------------------------------------------------------------------------------------------

BANDS = [(0, 400), (400, 800), (800, 1200), (1200, 2000), (2000, 3000), (3000, 100_000)]
WORTH = {
    "GUOBAN": 50, "PROV_SPECIAL": 20, "PROV_BRIEF": 10, "YAOQING": 5, "ZHUANBAO": 5, "JIAOLIU": 3, "DAILY": 2, "WEB": 1,
}  # fmt: skip


def _band(attribute: str, low: int, high: int) -> dict[str, Any]:
    return {attribute: {">=": low, "<": high}}


def _base() -> Iterator[dict[str, Any]]:
    """48: every outlet by length; the longest by whole thousands of words."""
    for outlet, worth in WORTH.items():
        for number, (low, high) in enumerate(BANDS):
            steps = {"base": f"{worth}.5", "each": "0.125", "per": ["words", 1000], "at_most": 6}
            yield {
                "id": f"F01-{outlet}-{low}",
                "ladder": "base",
                "kind": "adopt",
                "when": {"outlet": outlet, **_band("words", low, high)},
                "points": steps if low == 3000 else f"{worth}.{number}",
            }


def _instructions() -> Iterator[dict[str, Any]]:
    """16: every level and post, solicited or not."""
    for level, position, points in INSTRUCTION:
        for solicited in (True, False):
            yield {
                "id": f"F07-{level}-{position}-{solicited}",
                "ladder": "instr",
                "kind": "instruct",
                "when": {"level": level, "position": position, "solicited": solicited},
                "points": points
                if solicited
                else {"cases": [[{"words": {">": 2000}}, points], [{}, "0.25"]]},
            }


def _bonus() -> Iterator[dict[str, Any]]:
    """20: solicited ones by outlet and length, special ones by category."""
    for outlet in [*UPPER, *OWN]:
        for low, high, points in ((0, 1000, "2"), (1000, 100_000, "2.25")):
            yield {
                "id": f"F08-{outlet}-{low}",
                "ladder": "bonus",
                "kind": "adopt",
                "when": {"solicited": True, "outlet": outlet, **_band("words", low, high)},
                "points": points,
            }
    for number in range(1, 11):
        yield {
            "id": f"F09-{number}",
            "ladder": "bonus",
            "kind": "adopt",
            "from": f"2026-{number:02d}-01",
            "when": {
                "special": True,
                "category": f"C{number:02d}",
                "any": [{"words": {">": 1500}}, {"outlet": UPPER}],
            },
            "points": {"base": "0.1", "each": "0.5", "per": ["words", 100 * (number + 2)], "at_most": 6},
        }


def _submissions() -> Iterator[dict[str, Any]]:
    """4: by length."""
    for low, high, points in (
        (0, 400, "0.1"),
        (400, 800, "0.12"),
        (800, 1500, "0.15"),
        (1500, 100_000, "0.2"),
    ):
        yield {
            "id": f"F10-{low}",
            "ladder": "act",
            "kind": "submit",
            "when": _band("words", low, high),
            "points": points,
        }


def _penalties() -> Iterator[dict[str, Any]]:
    """12: late ones by days, missed ones, errors by level."""
    for low, high in ((1, 2), (2, 3), (3, 5), (5, 7), (7, 9), (9, 400)):
        yield {
            "id": f"F11-{low}",
            "ladder": "pen",
            "kind": "solicit",
            "when": {"status": "LATE", **_band("late_days", low, high)},
            "points": f"-{low / 2}" if low < 9 else LATE,
        }
    for special, points in ((True, "-6"), (False, "-5")):
        yield {
            "id": f"F11-missed-{special}",
            "ladder": "pen",
            "kind": "solicit",
            "when": {"status": "MISSED", "special": special},
            "points": points,
        }
    for level, points in ERRORS:
        yield {
            "id": f"F12-{level}",
            "ladder": "pen",
            "kind": "error",
            "when": {"level": level},
            "points": points,
        }
