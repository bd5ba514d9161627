"""Numbers: shares beyond the whole, parts beyond the sum, ways of writing, words said twice over. Pure.

Only what cannot be right, or can hardly be, is told; whether sums of overlapping parts fit is left to the reader.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from plugins.proofreading.findings import Finding, Line, Manuscript, found
from plugins.proofreading.marks import HAN

NUMBER = r"\d+(?:\.\d+)?"
_sentence = re.compile(r"[^。！？；]+")
_shares = re.compile(
    rf"(?:分别|各)占(?!全[省国州球])[^，。；、\d%％]{{0,10}}({NUMBER}[%％](?:[、，和及与]{NUMBER}[%％])+)"
)
# Shares of different wholes may add up to anything.
_other_wholes = re.compile(
    r"全省|全国|全球|同类|各自|世界|本[县区乡镇]|总产|同期|上年|去年|多选|希望|认为|反映|选择|意愿|受访|问卷"
)
_share = re.compile(rf"占(?:比|全[{HAN}]|总[{HAN}]{{1,2}})?[{HAN}]{{0,6}}?[的为达到约]?({NUMBER})[%％]")
_whole = re.compile(
    rf"(?:共|累计|总计|合计|全[市县区])[{HAN}“”]{{0,12}}?({NUMBER})(万|亿)?([{HAN}])(?=[{HAN}（）]{{0,12}}[，,]其中)"
)
_part = re.compile(rf"({NUMBER})(万|亿)?([{HAN}])")
_halves = re.compile(rf"([{HAN}]{{2,4}})({NUMBER})([{HAN}])[、，](?:不|未)\1({NUMBER})\3")
_growth = re.compile(rf"(增长|上升|提高|下降|减少|降低)了?[-－—](?={NUMBER}[%％])")
_fewer = re.compile(rf"(?:减少|下降|降低|缩短|缩小|压缩)[^，。；、：提增高快升翻扩\d]{{0,4}}?{NUMBER}倍")
_mixed = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?(?:[百千](?=(?:元|人|多|余|名|户|亩|公里|吨|万元))|万[一二三四五六七八九]千)|(?<![\d.])\d{1,4}亿\d{1,4}[千百]万"
)
_about = re.compile(
    rf"(?:大约|约|近)(?:{NUMBER})[万亿%％]?[{HAN}]{{0,3}}?(?:左右|上下|多[万亿元人名户亩个家]|余[万亿元人名户亩个家])"
)
_beyond = re.compile(rf"(?:超过|超|突破|逾)了?{NUMBER}[万亿%％]?[{HAN}]{{0,3}}?以上")
_big = re.compile(r"(?<![\d.])([1-9]\d{4,})(?:\.\d+)?万元")
_billions = re.compile(rf"{NUMBER}亿元")
SCALE = {"": 1, "万": 10_000, "亿": 100_000_000}


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Every finding on numbers."""
    for line in manuscript.running:
        if not re.search(r"\d", line.text):
            continue
        yield from _of_shares(line)
        yield from _of_parts(line)
        yield from _of_changes(line)
        yield from _of_style(line)
    yield from _of_amounts(manuscript)


def _of_shares(line: Line) -> Iterator[Finding]:
    for each in _shares.finditer(line.text):
        parts = [Decimal(one) for one in re.findall(NUMBER, each[1])]
        around = line.text[max(each.start() - 40, 0) : each.end() + 8]
        # 0.1 for each share that was rounded.
        if sum(parts) > 100 + Decimal("0.1") * len(parts) and not _other_wholes.search(around):
            text = f"各部分占比合计为 {sum(parts).normalize():f}%，超过 100%，请核对"
            yield found("percentages", "warning", text, line, *each.span())
    for each in _share.finditer(line.text):
        if Decimal(each[1]) > 100:
            yield found("percentages", "warning", f"占比 {each[1]}% 超过 100%，请核对", line, *each.span())


def _of_parts(line: Line) -> Iterator[Finding]:
    for sentence in _sentence.finditer(line.text):
        if not (whole := _whole.search(sentence[0])):
            continue
        total, unit = _amount(whole[1], whole[2]), whole[3]
        tail = sentence[0].index("其中", whole.end())
        for part in _part.finditer(sentence[0], tail):
            if (
                part[3] == unit
                and _amount(part[1], part[2]) > total
                and not _counted_otherwise(sentence[0], part)
            ):
                text = f"其中的 {part[0]}大于总数 {whole[1]}{whole[2] or ''}{unit}，请核对"
                start = sentence.start()
                yield found(
                    "parts", "warning", text, line, start + part.start(), start + part.end(), wide=True
                )
        for each in _halves.finditer(sentence[0], tail):
            one, other = Decimal(each[2]), Decimal(each[4])
            if each[3] == unit and not whole[2] and one + other != total:
                text = f"两项合计 {one + other}{unit}，与总数 {whole[1]}{unit} 不符，请核对"
                start = sentence.start()
                yield found("parts", "warning", text, line, start + each.start(), start + each.end())


def _counted_otherwise(sentence: str, part: re.Match[str]) -> bool:
    """Growth, averages and other times are no parts of the sum, nor is anything once another whole has been named."""
    between = sentence[sentence.index("其中") : part.start()]
    return bool(re.search(r"比|增|减|平均|每|累计|共|去年|上年|带动|惠及|服务|覆盖|涉及", between))


def _amount(number: str, scale: str | None) -> Decimal:
    return Decimal(number) * SCALE[scale or ""]


def _of_changes(line: Line) -> Iterator[Finding]:
    for each in _growth.finditer(line.text):
        text = f"“{each[1]}”后面不用负号，请改用相反的词"
        yield found("number-style", "warning", text, line, *each.span(), wide=True)
    for each in _fewer.finditer(line.text):
        yield found("number-style", "error", "减少、下降不能用“倍”，请改用百分数或分数", line, *each.span())
    for pattern, words in ((_about, "“约、近”与“左右、多、余”"), (_beyond, "“超过”与“以上”")):
        for each in pattern.finditer(line.text):
            yield found("doubling", "warning", f"{words}意思重复，请删去一个", line, *each.span())


def _of_style(line: Line) -> Iterator[Finding]:
    for each in _mixed.finditer(line.text):
        text = "阿拉伯数字只与“万”“亿”连用，一个数里不夹用“千”“百”"
        yield found("number-style", "warning", text, line, *each.span(), wide=True)


def _of_amounts(manuscript: Manuscript) -> Iterator[Finding]:
    lines = [line for line in manuscript.running if "元" in line.text]
    if any(_billions.search(line.text) for line in lines):
        for line in lines:
            for each in _big.finditer(line.text):
                text = "全文既有“亿元”又有上亿的“万元”，写法宜统一"
                yield found("amounts", "info", text, line, *each.span(), same="万元")
