"""Numbers of levels (一、（一）1.（1）), series of 一是、二是, ends of paragraphs and of the title. Pure.

After GB/T 9704-2012, 7.3.3.
"""

import re
from collections.abc import Iterator, Sequence

from plugins.proofreading.days import DIGITS, number
from plugins.proofreading.findings import Finding, Line, Manuscript, found
from plugins.proofreading.marks import HAN

NUMERAL = r"[一二三四五六七八九十]{1,3}"
STARTS = (
    re.compile(rf"^({NUMERAL})([、．.，,])(?!\d)"),
    re.compile(rf"^[（(]({NUMERAL})[）)]([、，．.]?)"),
    re.compile(r"^(\d{1,2})([.．、，,])(?![\d ]*\d)"),
    re.compile(r"^[（(](\d{1,2})[）)]([、，．.]?)"),
)
SHOWN = ("{}、", "（{}）", "{}.", "（{}）")
# An item of a series stands at the head of a sentence or after one of these.
_series = re.compile(rf"(?:^|[。；;：:，,！）”、\s])({NUMERAL})是(?=[{HAN}“《\d])")
_closing = re.compile(r"[。！？…；：]$|[。！？…][”’）》】]+$|[”’][。！？；：]$")
_tail = re.compile(r"[（(][^（）()]{1,40}[）)]$")
_inner = re.compile(r"[，。；]")
TITLE_ENDS = "。，、；：,;."


def check(manuscript: Manuscript, strict: bool = False) -> Iterator[Finding]:
    """Every finding on numbering and on the ends of paragraphs."""
    yield from _levels(manuscript.body, strict)
    yield from _counted(manuscript.body)
    yield from _ends(manuscript.lines)


def _levels(lines: Sequence[Line], strict: bool) -> Iterator[Finding]:
    last: list[int] = [0, 0, 0, 0]
    deepest = 0
    for line in lines:
        if line.kind not in ("heading", "paragraph"):
            continue
        level, start = _start(line.text)
        if not start:
            continue
        value = number(start[1]) if level in (1, 2) else int(start[1])
        yield from _marked(line, level, start)
        if value != 1 and value != last[level - 1] + 1:
            yield _out_of_order(line, level, start, value, last[level - 1])
        elif value == 1 and deepest and level > deepest + (1 if strict else 2 - (deepest != 1)):
            text = f"“{_shown(deepest)}”之下用了“{_shown(level)}”，中间缺“{_shown(deepest + 1)}”一级"
            yield found("levels", "info", text, line, *start.span())
        last[level - 1], deepest = value, level
        last[level:] = [0] * (4 - level)


def _start(text: str) -> tuple[int, re.Match[str] | None]:
    for level, pattern in enumerate(STARTS, 1):
        if each := pattern.match(text):
            return level, each
    return 0, None


def _out_of_order(line: Line, level: int, start: re.Match[str], value: int, before: int) -> Finding:
    right = _written(level, before + 1)
    wrong = "重复" if value == before else "不连续"
    return found("levels", "warning", f"层次序号{wrong}：此处应为“{right}”", line, *start.span())


def _marked(line: Line, level: int, start: re.Match[str]) -> Iterator[Finding]:
    """The mark after the number."""
    if level in (2, 4) and start[2]:
        text = f"序号“{start[0][:-1]}”后面不加标点"
        yield found("levels", "info", text, line, *start.span(), same=f"mark-{level}")
    elif level == 1 and start[2] != "、":
        yield found("levels", "warning", f"序号应写作“{start[1]}、”", line, *start.span(), same="mark-1")
    elif level == 3 and start[2] not in ".．":
        yield found("levels", "info", f"序号应写作“{start[1]}.”", line, *start.span(), same="mark-3")


def _written(level: int, value: int) -> str:
    return SHOWN[level - 1].format(_numeral(value) if level in (1, 2) else value)


def _shown(level: int) -> str:
    return _written(level, 1)


def _numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _counted(lines: Sequence[Line]) -> Iterator[Finding]:
    """一是 … 二是 … 四是: a number left out; or an 一是 that nothing follows."""
    last, first = 0, None
    for line in lines:
        if line.kind == "cell":
            continue
        for each in _series.finditer(line.text):
            value = number(each[1])
            if value == 1:
                if last == 1 and first:
                    yield _alone(*first)
                first = line, each.span(1)
            elif value != last + 1 and last:
                text = f"“{_numeral(last)}是”之后应为“{_numeral(last + 1)}是”"
                yield found("series", "warning", text, line, each.start(1), each.end(), wide=True)
            last = value if value == 1 or last else 0
    if last == 1 and first:
        yield _alone(*first)


def _alone(line: Line, span: tuple[int, int]) -> Finding:
    return found("series", "info", "有“一是”，没有“二是”", line, span[0], span[1] + 1, wide=True)


def _ends(lines: Sequence[Line]) -> Iterator[Finding]:
    if lines and lines[0].kind == "title" and lines[0].text[-1] in TITLE_ENDS:
        end = len(lines[0].text)
        yield found(
            "title-end", "warning", f"标题末尾不用“{lines[0].text[-1]}”", lines[0], end - 1, end, wide=True
        )
    paragraphs = [line for line in lines if line.kind == "paragraph"]
    for position, line in enumerate(paragraphs):
        text = line.text.rstrip()
        # A line without any mark of a sentence is a caption, a signature or a heading of its own kind.
        if len(text) < 10 or not _inner.search(text[:-1]):
            continue
        end = len(text)
        if text[-1] in "，、,":
            yield found("endings", "error", f"段末是“{text[-1]}”，应为句号", line, end - 1, end, wide=True)
        elif text[-1] in "；：" and position == len(paragraphs) - 1 and line is lines[-1]:
            yield found(
                "endings", "warning", f"全文末尾是“{text[-1]}”，应为句号", line, end - 1, end, wide=True
            )
        elif not _closing.search(_without_tail(text)) and not _heading(text):
            yield found("endings", "warning", "段末缺少句号", line, end - 1, end, wide=True)


def _without_tail(text: str) -> str:
    """The text without a remark in brackets after its last sentence, such as the name of who wrote it."""
    return _tail.sub("", text) if _closing.search(_tail.sub("", text)) else text


def _heading(text: str) -> bool:
    """A numbered heading that has a comma in it."""
    return bool(_start(text)[1]) and len(text) <= 40 and "。" not in text
