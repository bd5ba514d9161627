"""Sentence templates of circulars: words in braces, clauses that vanish at zero. Pure."""

import re
from collections.abc import Mapping, Sequence

from core.scoring.values.periods import Period

WORD = re.compile(r"\{([^{}\s]{1,60})\}")


def words_in(template: str) -> list[str]:
    """The words a template asks for, in order."""
    return WORD.findall(template)


def fill(template: str, words: Mapping[str, str]) -> str:
    """The template with its words filled in; what is unknown stays visible."""
    return WORD.sub(lambda found: words.get(found[1], found[0]), template)


def sentence(
    clauses: Sequence[str], otherwise: str, words: Mapping[str, str], numbers: Mapping[str, str]
) -> str:
    """Clauses joined to a sentence, those with a vanished number left out; `otherwise` when none is left.

    `numbers` holds every declared number, empty where it is zero. A clause without numbers, such as the time
    a sentence begins with, never makes a sentence by itself.
    """
    kept = [clause for clause in clauses if all(numbers.get(word, "-") for word in words_in(clause))]
    counted = [clause for clause in kept if any(word in numbers for word in words_in(clause))]
    if not counted and any(word in numbers for clause in clauses for word in words_in(clause)):
        kept = [otherwise] if otherwise else []
    text = "，".join(fill(clause, {**words, **numbers}).rstrip("，。") for clause in kept)
    return text if not text or text.endswith("：") else f"{text}。"


def period_words(period: Period) -> str:
    """A period as titles of circulars name it: 2013年5月份, 2018年1—2月份, 2023年第三季度, 2010年度."""
    if period.kind in {"month", "joined"}:
        return f"{period.title}份"
    if period.kind == "year" and not period.title.endswith("度"):
        return f"{period.title}度"
    return period.title


def percent(part: int, whole: int, places: int) -> str:
    """A share in percent, rounded half up from whole numbers; empty when there is nothing to share."""
    if part <= 0 or whole <= 0:
        return ""
    unit = 10**places
    number = (2 * part * 100 * unit + whole) // (2 * whole)
    head, tail = divmod(number, unit)
    digits = f"{tail:0{places}d}".rstrip("0") if places else ""
    return f"{head}.{digits}" if digits else str(head)
