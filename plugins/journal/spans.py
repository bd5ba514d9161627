"""The months of a year that a volume holds: the whole year, a half, a quarter, or from one month to another."""

from dataclasses import dataclass
from datetime import date

from core.errors import InvalidInput

FIRST, LAST = 1, 12
# What these months are called in official papers; others are named by their numbers.
NAMED = {
    (1, 12): "", (1, 6): "上半年", (7, 12): "下半年",
    (1, 3): "第一季度", (4, 6): "第二季度", (7, 9): "第三季度", (10, 12): "第四季度",
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """From the first day of a month to the last of another, both within the year."""

    year: int
    since: int = FIRST
    until: int = LAST

    @property
    def text(self) -> str:
        """2026年上半年."""
        months = f"{self.since}月" if self.since == self.until else f"{self.since}—{self.until}月"
        return f"{self.year}年{NAMED.get((self.since, self.until), months)}"

    def holds(self, day: date | None) -> bool:
        """Whether a day of the year lies in it; the whole year holds whatever the year does."""
        return self.is_whole or (day is not None and self.since <= day.month <= self.until)

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole year."""
        return (self.since, self.until) == (FIRST, LAST)


def checked(span: Span) -> Span:
    """The same. Raises InvalidInput for what is no run of months of a year."""
    if not (FIRST <= span.since <= LAST and FIRST <= span.until <= LAST):
        raise InvalidInput("没有这个月份", where="编印汇编", advice="起止月份请在 1 月至 12 月中选择")
    if span.since > span.until:
        raise InvalidInput(
            "起始月份晚于截止月份", where="编印汇编", reason=f"{span.since}月至{span.until}月",
            advice="请改正起止月份；跨年度的请分年编印",
        )  # fmt: skip
    return span
