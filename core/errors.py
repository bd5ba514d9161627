"""The error family: every failure a person may see says what, where, why and what to do.

One object serves the page, the command line and the pack report. Messages are plain Chinese.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from itertools import islice

MOST_WORDS, LONGEST_WORD, MOST_COMPARED = 300, 60, 12


class YaoqingError(Exception):
    """Base of all errors shown to people.

    message  what is wrong            where   file and line, page field, record
    reason   why                      advice  what to do next
    """

    status = 400
    # Of the value at fault, in the data that a template was given; of all of it when something is lacking there.
    path: tuple[str | int, ...] | None = None

    def __init__(self, message: str, *, where: str = "", reason: str = "", advice: str = ""):
        super().__init__(message)
        self.message, self.where, self.reason, self.advice = message, where, reason, advice

    def __str__(self) -> str:
        head = f"{self.where}：{self.message}" if self.where else self.message
        return "".join(
            part if part[-1] in "。？！" else f"{part}。" for part in (head, self.reason, self.advice) if part
        )

    def as_dict(self) -> dict[str, str]:
        """The parts, for `--json` reports."""
        return {"message": self.message, "where": self.where, "reason": self.reason, "advice": self.advice}


class InvalidInput(YaoqingError):
    """What was typed cannot be accepted; nothing of it is lost."""


class PermissionDenied(YaoqingError):
    """The actor may not do this."""

    status = 403


class NotFound(YaoqingError):
    """No such thing, or not visible to the actor (never says which)."""

    status = 404


class Conflict(YaoqingError):
    """Somebody else was quicker, or the thing's state does not allow the move."""

    status = 409


class Busy(Conflict):
    """The system is busy for the moment; the same attempt may well succeed a little later."""


class Crowded(Busy):
    """Others are being served first: the page may send the same form again by itself."""


class TooMany(YaoqingError):
    """Asked too often."""

    status = 429


class PackError(YaoqingError):
    """A rule pack cannot be used as it stands."""


class RenderError(YaoqingError):
    """A document could not be produced."""

    status = 500


class Unprintable(RenderError):
    """What a document says cannot be printed as it stands: somebody has to change it."""

    status = 422


class SetupError(YaoqingError):
    """The installation lacks something."""

    status = 500


class Findings(YaoqingError):
    """Several errors found in one pass, reported together."""

    def __init__(self, message: str, errors: list[YaoqingError]):
        super().__init__(message)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.message}（共 {len(self.errors)} 处）",
                *(f"  {n}. {e}" for n, e in enumerate(self.errors, 1)),
            ]
        )


def at(file: str, line: int | None = None, key: str = "") -> str:
    """A place in a file, as people say it."""
    place = f"{file} 第 {line} 行" if line else file
    return f"{place}，{key}" if key else place


def near(word: object, known: Iterable[object]) -> str:
    """Advice naming the nearest known word, or an empty string. Looks at so many words only: a hostile file has more.

    Comparing two words letter by letter is slow, so only those that share most letters are compared.
    """
    return _nearest(str(word)[:LONGEST_WORD], tuple(str(k) for k in islice(known, MOST_WORDS)))


@lru_cache(maxsize=1024)
def _nearest(sought: str, words: tuple[str, ...]) -> str:
    letters = frozenset(sought)

    def likeness(each: str) -> float:
        others = _letters(each)
        return (2 * len(letters & others) + (each[:1] == sought[:1])) / (len(letters) + len(others) or 1)

    close = get_close_matches(sought, nlargest(MOST_COMPARED, words, key=likeness), n=1, cutoff=0.5)
    return f"是否应为“{close[0]}”？" if close else ""


@lru_cache(maxsize=4 * MOST_WORDS)
def _letters(word: str) -> frozenset[str]:
    return frozenset(word)
