"""Version numbers and ranges: which core a pack was written for."""

import re

CORE_VERSION = "0.1.0"
VERSION = re.compile(r"\d{1,5}\.\d{1,5}(\.\d{1,5})?")
BOUND = re.compile(r"(>=|<=|==|>|<)\s*(\d{1,5}(?:\.\d{1,5}){0,2})")

TESTS = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


def numbers(version: str) -> tuple[int, ...]:
    """A version as comparable numbers; missing places count as zero."""
    parts = [int(part) for part in version.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def bounds(text: str) -> list[tuple[str, str]] | None:
    """The bounds of a range such as “>=0.1,<1”, or None when it cannot be read."""
    found = [BOUND.fullmatch(part.strip()) for part in text.split(",")]
    return None if None in found else [(match[1], match[2]) for match in found if match]


def fits(version: str, text: str) -> bool:
    """Whether a version lies inside a range."""
    return all(TESTS[sign](numbers(version), numbers(bound)) for sign, bound in bounds(text) or [])
