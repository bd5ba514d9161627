"""Exact points: whole numbers of grains, so that three equal contributors have exactly equal points.

A point has 5,819,814,000,000 grains: six decimals stay whole, and so does a thousandth divided by any number from 1
to 22. What is finer still is kept as a fraction of a grain. Text becomes grains on the way in, grains become text on
the way out, and nothing is rounded in between.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from core.errors import InvalidInput

Grains = int | Fraction
GRAINS = 2**7 * 3**2 * 5**6 * 7 * 11 * 13 * 17 * 19

# More units than any joint item ever had; beyond it somebody mistyped.
MAX_SHARERS = 200
MAX_POINTS = 1_000_000
LONGEST = 15
WRITTEN = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15}|/[1-9][0-9]{0,8})?")

VULGAR = {
    Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔", Fraction(1, 4): "¼", Fraction(3, 4): "¾",
    Fraction(1, 5): "⅕", Fraction(2, 5): "⅖", Fraction(3, 5): "⅗", Fraction(4, 5): "⅘", Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚", Fraction(1, 8): "⅛", Fraction(3, 8): "⅜", Fraction(5, 8): "⅝", Fraction(7, 8): "⅞",
}  # fmt: skip


@dataclass(frozen=True)
class Printing:
    """How points are printed: decimal places rounded half up, or the exact fraction; what follows in a sentence."""

    style: Literal["decimal", "fraction"] = "decimal"
    places: int = 2
    zeros: Literal["drop", "keep"] = "drop"
    unit: str = "分"


def parse(value: str | int | Decimal | Fraction) -> Grains:
    """Points as written (“10”, “0.5”, “10/3”) in grains, exactly."""
    points = number(value)
    if abs(points) > MAX_POINTS:
        raise InvalidInput(
            f"分值 {value} 太大", reason=f"绝对值不能超过 {MAX_POINTS}", advice="请核对小数点和位数"
        )
    grains = points * GRAINS
    return int(grains) if grains.denominator == 1 else grains


def parse_value(value: str | int | Decimal | Fraction) -> Grains:
    """A value a rule or a person sets: at most six decimals."""
    if (number(value) * 1_000_000).denominator != 1:
        raise InvalidInput(
            f"分值 {value} 小数位太多", reason="分值最多六位小数", advice="请改用六位以内的小数"
        )
    return parse(value)


def number(value: str | int | Decimal | Fraction) -> Fraction:
    """The number somebody wrote, in points; never a giant that takes minutes to write out."""
    if isinstance(value, Decimal):
        # format() keeps plain digits; exponents beyond the limits show up as over-long text.
        value = f"{value:f}" if value.is_finite() and abs(value.adjusted()) <= LONGEST else "?"
    if isinstance(value, str) and not WRITTEN.fullmatch(value.strip()):
        raise InvalidInput(
            f"“{value[:40]}”不是分值", reason="读不成数字", advice="请写成数字，如 10、0.5 或 10/3"
        )
    return Fraction(value)


def show(grains: Grains, printing: Printing | None = None) -> str:
    """Points as a person reads them, by the pack's printing rule."""
    rule = printing or Printing()
    return mixed(grains) if rule.style == "fraction" else rounded(grains, rule)


def size(grains: Grains) -> Grains:
    """The amount without its sign."""
    return -grains if grains < 0 else grains


def rounded(grains: Grains, rule: Printing) -> str:
    """Decimal text, rounded half away from zero once, from whole numbers."""
    unit = 10**rule.places
    counted = int((2 * size(grains) * unit + GRAINS) // (2 * GRAINS))
    whole, part = divmod(counted, unit)
    digits = f"{part:0{rule.places}d}" if rule.places else ""
    if rule.zeros == "drop":
        digits = digits.rstrip("0")
    return ("-" if grains < 0 and counted else "") + f"{whole}" + (f".{digits}" if digits else "")


def mixed(grains: Grains) -> str:
    """The exact value for reading: 3⅓, 2.125, 1又3/7."""
    points = Fraction(size(grains)) / GRAINS
    whole, part = divmod(points, 1)
    sign = "-" if grains < 0 else ""
    if part in VULGAR and part.denominator not in {2, 4, 5, 8}:
        return f"{sign}{whole or ''}{VULGAR[part]}"
    if GRAINS % part.denominator == 0 and 1000 % part.denominator == 0:
        return sign + rounded(size(grains), Printing(places=3))
    text = f"{part.numerator}/{part.denominator}"
    return f"{sign}{whole}又{text}" if whole else sign + text


def exact(grains: Grains) -> str:
    """The exact value for machines: “10”, “2.5”, “10/3”."""
    points = Fraction(grains) / GRAINS
    if 1000 % points.denominator == 0:
        return rounded(grains, Printing(places=3))
    return f"{points.numerator}/{points.denominator}"
