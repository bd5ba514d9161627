"""Dates: days that do not exist, weekdays that do not fit, ways of writing. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from plugins.proofreading.findings import Finding, Line, Manuscript, found
from plugins.proofreading.schema import DateStyle

DIGITS = "〇一二三四五六七八九"
WEEKDAYS = "一二三四五六日"
LEAP = 2000

_day = re.compile(r"(?:(?<!\d)(\d{4})年)?(?<!\d)(\d{1,2})月(\d{1,2})(日|号)")
_month = re.compile(r"(?<!\d)\d{4}年(1[3-9]|[2-9]\d|0{1,2})月")
_written = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_weekday = re.compile(
    r"(?:(?<!\d)(\d{4})年)?(?<!\d)(\d{1,2})月(\d{1,2})日[，、]?[（(]?(?:星期([一二三四五六日天])|周([一二三四五六日])"
    r"(?=[）)，。；\s上下早晚中凌夜]|$))(?![至到、—-])"
)
_numeric = re.compile(r"(?<![\d./-])((?:19|20)\d\d)([./-])(\d{1,2})\2(\d{1,2})(?![\d./-])")
_short_year = re.compile(r"(?<![\d.])(\d\d)年\d{1,2}月\d{1,2}日")
_padded = re.compile(r"(?<!\d)(?:0\d月\d{1,2}日|\d{1,2}月0\d日)")
_clock = re.compile(r"(?:日|上午|下午|晚上?|凌晨)(\d{1,2})[时点:：](\d{1,2})分?(?!\d)")


def check(manuscript: Manuscript, style: DateStyle) -> Iterator[Finding]:
    """Every finding on dates."""
    for line in manuscript.lines:
        if not any(mark in line.text for mark in "月日-./"):
            continue
        yield from _impossible(line)
        yield from _weekdays(line, manuscript.day)
        if line.kind != "cell":
            yield from _styled(line, style)


def _impossible(line: Line) -> Iterator[Finding]:
    for each in _day.finditer(line.text):
        year = int(each[1]) if each[1] else LEAP
        if not exists(year, int(each[2]), int(each[3])):
            yield _no_such_day(line, each)
    for each in _month.finditer(line.text):
        yield _no_such_day(line, each)
    for each in _written.finditer(line.text):
        year = int("".join(str(DIGITS.index({"○": "〇", "零": "〇"}.get(one, one))) for one in each[1]))
        if not exists(year, number(each[2]), number(each[3])):
            yield _no_such_day(line, each)
    for each in _clock.finditer(line.text):
        if int(each[1]) > 24 or int(each[2]) > 59:
            yield found("dates", "error", "没有这个时刻，请核对", line, *each.span())


def _no_such_day(line: Line, each: re.Match[str]) -> Finding:
    return found("dates", "error", f"没有“{each[0]}”，请核对", line, *each.span())


def _weekdays(line: Line, today: date) -> Iterator[Finding]:
    for each in _weekday.finditer(line.text):
        said = WEEKDAYS.index((each[4] or each[5]).replace("天", "日"))
        month, day = int(each[2]), int(each[3])
        years = [int(each[1])] if each[1] else [today.year, today.year - 1, today.year + 1]
        real = [date(year, month, day) for year in years if exists(year, month, day)]
        if real and all(one.weekday() != said for one in real):
            first = real[0]
            right = WEEKDAYS[first.weekday()]
            text = f"{first.year}年{month}月{day}日是星期{right}，文中为星期{WEEKDAYS[said]}，请核对"
            yield found("weekdays", "error", text, line, *each.span())


def _styled(line: Line, style: DateStyle) -> Iterator[Finding]:
    if style.written_out:
        for each in _numeric.finditer(line.text):
            if exists(int(each[1]), int(each[3]), int(each[4])):
                text = f"日期应写作“{each[1]}年{int(each[3])}月{int(each[4])}日”"
                yield found("date-style", "info", text, line, *each.span())
        for each in _day.finditer(line.text):
            if each[4] == "号":
                yield found(
                    "date-style", "info", f"日期应写“日”，不写“号”：{each[0][:-1]}日", line, *each.span()
                )
    if style.full_year:
        for each in _short_year.finditer(line.text):
            yield found("date-style", "warning", "年份应写四位数字", line, *each.span())
    if not style.padded:
        for each in _padded.finditer(line.text):
            text = f"日期前的“0”应删去：{each[0].replace('0', '', 1) if each[0][0] == '0' else each[0].replace('月0', '月')}"
            yield found("date-style", "info", text, line, *each.span())


def exists(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    return 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def number(text: str) -> int:
    """A number below a hundred in Chinese, such as 三十一; 0 when it is none."""
    if "十" not in text:
        return DIGITS.index(text) if len(text) == 1 and text in DIGITS else 0
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return (DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0)
