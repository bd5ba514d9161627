"""The words of the invented city and the columns of its facts; every attribute is a small whole number in the stores."""

# The position in the list is the number that is stored; "-" says that a fact has no such attribute.
WORDS = {
    "kind": ["-", "submit", "adopt", "instruct", "solicit", "error"],
    "outlet": ["-", "GUOBAN", "PROV_SPECIAL", "PROV_BRIEF", "YAOQING", "ZHUANBAO", "JIAOLIU", "DAILY", "WEB"],
    "category": ["-", *(f"C{number:02d}" for number in range(1, 13))],
    "level": ["-", "COUNTY", "CITY", "PROV", "NAT"],
    "position": ["-", "CHIEF", "DEPUTY"],
    "status": ["-", "ONTIME", "LATE", "MISSED"],
    "group": ["COUNTY", "BUREAU", "DIRECT"],
}
FLAGS = ("solicited", "special")
NUMBERS = ("words", "late_days", "day")

# One row is one fact and one credited unit: `share_n` units share the fact, this one is number `share_k` (from 0).
COLUMNS = (
    "id", "unit", "office", "ugroup", "item", "kind", "outlet", "category", "level", "position", "status", "day", "ym",
    "words", "late_days", "solicited", "special", "share_n", "share_k",
)  # fmt: skip
# What a rule may look at.
ATTRIBUTES = (
    "outlet", "category", "level", "position", "status", "words", "late_days", "solicited", "special", "day",
)  # fmt: skip

YEAR = 2026
FIRST_MONTH = YEAR * 12
MONTHS = range(FIRST_MONTH, FIRST_MONTH + 12)

# A point in grains: a thousandth of a point divided by everything from 1 to 16 stays whole, so shares are exactly equal.
SHARES = 720_720
GRAINS = 1000 * SHARES


def code(attribute: str, word: str | int | bool) -> int:
    """The number of a word; numbers and flags are their own."""
    return WORDS[attribute].index(word) if isinstance(word, str) else int(word)
