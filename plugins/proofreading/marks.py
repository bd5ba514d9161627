"""Punctuation: pairs, repeated and misplaced marks, half-width marks, quotes, full-width digits, spaces. Pure.

After GB/T 15834 (punctuation) and GB/T 15835 (digits).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.proofreading.findings import Finding, Line, Manuscript, found

HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
CHINESE = rf"[{HAN}，。、；：！？“”‘’（）《》〈〉【】…—]"
CLOSED_BY = {
    "“": "”", "‘": "’", "（": "）", "《": "》", "〈": "〉", "【": "】", "〔": "〕", "「": "」", "『": "』",
}  # fmt: skip
OPENED_BY = {close: opening for opening, close in CLOSED_BY.items()}
NAMES = {
    "“": "双引号", "‘": "单引号", "（": "括号", "《": "书名号", "〈": "单书名号", "【": "方头括号", "〔": "六角括号",
    "「": "直角引号", "『": "双直角引号",
}  # fmt: skip
INSIDE = {"“": "‘’", "《": "〈〉"}
FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。", "(": "（", ")": "）"}
# How many paragraphs a quotation may run through.
FAR = 3

_mark = re.compile(r"[“”‘’（）()《》〈〉【】〔〕「」『』]")
_numbering = re.compile(r"(?:^|[\s。；，、：:;,])[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])$")
_again = re.compile(r"([，。、；：])[，。、；：]+|！{4,}|？{4,}|—{3,}|(?<!…)…{3,}(?!…)")
_lone_dots = re.compile(r"(?<!…)…(?!…)|(?<![.\d])\.{3,}(?!\.)")
_after_opening = re.compile(r"[（《〈【〔][，。、；：！？]")
_before_closing = re.compile(r"[、，][）》〉】〕]")
_at_start = re.compile(r"^[，。、；：！？）》〉】”’]")
_half = re.compile(
    rf"(?<=[{HAN}”）》])[,;:!?]|[,;!?](?=[{HAN}“（《])|(?<=[{HAN}”）》])\.(?=\s*$|[“（])|(?<=[{HAN}])\((?!\))|\((?=[{HAN}])"
)
_half_close = re.compile(rf"(?<=[{HAN}])\)|\)(?=[{HAN}])")
_straight = re.compile(rf"(?<=[{HAN}，。、；：！？）》])[\"＂]|(?<!\d)[\"＂](?=[{HAN}《（])")
_wide = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+")
# Not the space within a name of two characters, as lists of names have it.
_gap = re.compile(rf"(?<=[{HAN}])(?<![、，：；。（][{HAN}]) +(?=[{HAN}])")
_gap_at_mark = re.compile(r"[ \u3000]+(?=[，。、；：！？）》”])|(?<=[，。、；：！？（《“])[ \u3000]+(?=\S)")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Every finding on punctuation."""
    yield from _pairs(manuscript.running)
    for line in manuscript.running:
        yield from _repeated(line)
        yield from _misplaced(line)
        yield from _half_width(line)
        yield from _spaces(line)


@dataclass(frozen=True)
class _Open:
    line: int
    position: int
    mark: str


def _pairs(lines: Sequence[Line]) -> Iterator[Finding]:
    left: list[_Open] = []
    for number, line in enumerate(lines):
        if not _mark.search(line.text):
            continue
        opened, closed, nested = _scanned(number, line.text)
        for close in closed:
            # The end of a quotation that began in an earlier paragraph.
            start = next((o for o in reversed(left) if _fits(o, close, number)), None)
            if start:
                left.remove(start)
            else:
                yield _unpaired(line, close.position, close.mark)
        left += opened
        broken = {each.mark for each in opened}
        yield from (_nest(line, each) for each in nested if each.mark not in broken)
    for each in left:
        following = lines[each.line + 1].text if each.line + 1 < len(lines) else ""
        # Every paragraph of a long quotation begins with the opening mark, only the last one is closed.
        if not (each.mark in "“‘" and following.startswith(each.mark)):
            yield _unpaired(lines[each.line], each.position, each.mark)


def _fits(start: _Open, close: _Open, number: int) -> bool:
    return start.mark == OPENED_BY[close.mark] and start.line < number <= start.line + FAR


def _scanned(number: int, text: str) -> tuple[list[_Open], list[_Open], list[_Open]]:
    """What a line leaves open, what it closes without having opened it, and marks within the same marks."""
    stack: list[_Open] = []
    lost: list[_Open] = []
    closed: list[_Open] = []
    nested: list[_Open] = []
    for each in _mark.finditer(text):
        mark, position = {"(": "（", ")": "）"}.get(each[0], each[0]), each.start()
        if mark in CLOSED_BY:
            if mark in INSIDE and any(one.mark == mark for one in stack):
                nested.append(_Open(number, position, mark))
            stack.append(_Open(number, position, mark))
        elif any(one.mark == OPENED_BY[mark] for one in stack):
            while stack[-1].mark != OPENED_BY[mark]:
                lost.append(stack.pop())
            stack.pop()
        elif not _needs_none(text, position, mark):
            closed.append(_Open(number, position, mark))
    return lost + stack, closed, nested


def _needs_none(text: str, position: int, mark: str) -> bool:
    """1） and a) at the head of a part; the apostrophe of foreign words."""
    if mark == "）":
        return bool(_numbering.search(text[:position]))
    return mark == "’" and text[max(position - 1, 0) : position].isascii()


def _unpaired(line: Line, position: int, mark: str) -> Finding:
    half = "前" if mark in CLOSED_BY else "后"
    text = f"{NAMES[OPENED_BY.get(mark, mark)]}不成对：只有{half}一半，请补全或删去"
    return found("pairs", "error", text, line, position, position + 1, wide=True)


def _nest(line: Line, each: _Open) -> Finding:
    inner = INSIDE[each.mark]
    return found(
        "nested", "info", f"{each.mark}{CLOSED_BY[each.mark]}里面再用时应为{inner}", line, each.position,
        each.position + 1, same=each.mark, wide=True,
    )  # fmt: skip


def _repeated(line: Line) -> Iterator[Finding]:
    for each in _again.finditer(line.text):
        dots = each[0].startswith("。。。")
        text = "省略号应为“……”" if dots else f"标点“{each[0]}”连用，请保留一个"
        yield found("doubled-marks", "error", text, line, each.start(), each.end(), wide=True)
    for each in _lone_dots.finditer(line.text):
        if re.search(rf"[{HAN}]", line.text[max(each.start() - 2, 0) : each.end() + 1]):
            yield found(
                "doubled-marks", "info", "省略号应为六个点“……”", line, *each.span(), same="…", wide=True
            )


def _misplaced(line: Line) -> Iterator[Finding]:
    if each := _at_start.search(line.text):
        text = f"段首不应是“{each[0]}”"
        # The end of a quotation that has a paragraph of its own.
        if not (each[0] in "”’）》〉】" and len(line.text) > 1):
            yield found("misplaced-marks", "error", text, line, 0, 1, wide=True)
    for pattern in (_after_opening, _before_closing):
        for each in pattern.finditer(line.text):
            yield found(
                "misplaced-marks", "warning", f"“{each[0]}”中的标点位置不当", line, *each.span(), wide=True
            )


def _half_width(line: Line) -> Iterator[Finding]:
    for each in [*_half.finditer(line.text), *_half_close.finditer(line.text)]:
        mark = each[0]
        bracket = "括号" if mark in "()" else f"标点“{mark}”"
        text = f"半角{bracket}，应为全角“{'（）' if mark in '()' else FULL[mark]}”"
        yield found(
            "half-width", "warning", text, line, *each.span(), same="()" if mark in "()" else mark, wide=True
        )
    for each in _straight.finditer(line.text):
        yield found(
            "straight-quotes", "warning", "英文引号，应为中文引号“”", line, *each.span(), same='"', wide=True
        )
    for each in _wide.finditer(line.text):
        yield found(
            "full-width", "warning", f"全角数字或字母“{each[0]}”，应为半角", line, *each.span(), same="full"
        )


def _spaces(line: Line) -> Iterator[Finding]:
    text = line.text
    if text != text.strip() and text.strip():
        side = "开头" if text[0].isspace() else "末尾"
        yield found("spaces", "info", f"段落{side}有空格，请删去（缩进由排版完成）", line, 0, 4, same=side)
    if line.kind != "paragraph" or "。" not in text:
        return
    gaps = [*_gap.finditer(text), *_gap_at_mark.finditer(text.strip())]
    gaps = [each for each in gaps if text.rfind("（", 0, each.start()) <= text.rfind("）", 0, each.start())]
    # Names in a row are set apart by spaces on purpose.
    for each in gaps if len(gaps) <= 5 else ():
        yield found("spaces", "info", "汉字、标点之间有空格", line, *each.span(), same="gap", wide=True)
