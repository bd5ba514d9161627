"""Shares as people write them (2, 0.5, 1/3, 40%) and as facts carry them: small whole numbers in exact proportion. Pure."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from core.errors import InvalidInput

WRITTEN = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)(?:/([0-9]{1,7}))?(%?)")
LARGEST = 1_000_000
# What proportions finer than this would need does not fit the register.
FINEST = 10**9
WHERE = "份额"


def read(written: Sequence[str]) -> list[Fraction]:
    """The shares of all sources in order; all empty means equal ones.

    Raises InvalidInput for what is no number above zero, and for percentages that do not come to a hundred.
    """
    texts = [_tidy(text) for text in written]
    if not any(texts):
        return [Fraction(1)] * len(texts)
    found = [_one(text) for text in texts]
    percents = [text.endswith("%") for text in texts]
    if any(percents) and not all(percents):
        raise InvalidInput(
            "份额的写法不一致",
            where=WHERE,
            advice="请全部写成百分数，或全部写成份数（如 2、1）、分数（如 1/3）",
        )
    if all(percents) and sum(found) != 1:
        raise InvalidInput(
            "各来源的百分比合计不是 100%",
            where=WHERE,
            reason=f"现为 {percent(sum(found))}",
            advice="请调整后再保存",
        )
    return found


def _tidy(text: str) -> str:
    return (
        text.translate(str.maketrans("０１２３４５６７８９．／％", "0123456789./%"))
        .replace(" ", "")
        .replace("　", "")
    )


def _one(text: str) -> Fraction:
    match = WRITTEN.fullmatch(text)
    number = Fraction(match[1]) / int(match[2] or 1) if match and int(match[2] or 1) else None
    if number is None or not 0 < number <= LARGEST:
        raise InvalidInput(
            "份额须是大于 0、不超过 100 万的数",
            where=WHERE,
            reason=f"现为“{text[:12] or '空'}”",
            advice="请写成 2、0.5、1/3 或 40%；全部留空即平均分摊",
        )
    return number / 100 if match and match[3] else number


def whole(weights: Mapping[object, Fraction]) -> dict[object, int]:
    """The smallest whole numbers in the same proportion. Raises InvalidInput when they would be out of all size."""
    if not weights:
        return {}
    scale = lcm(*(weight.denominator for weight in weights.values()))
    numbers = {key: int(weight * scale) for key, weight in weights.items()}
    common = gcd(*numbers.values())
    found = {key: number // common for key, number in numbers.items()}
    if max(found.values()) > FINEST:
        raise InvalidInput("份额过细，无法登记", where=WHERE, advice="请写成较简单的份数或百分比")
    return found


def percent(share: Fraction) -> str:
    """A share for people: exact where it ends within two places, otherwise rounded and marked so."""
    value = share * 100
    rounded = round(value, 2)
    text = f"{float(rounded):.2f}".rstrip("0").rstrip(".")
    return f"{text}%" if rounded == value else f"约 {text}%"
