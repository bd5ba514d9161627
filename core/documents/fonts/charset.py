"""Small facts about characters: what takes a full cell, what can never be printed."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

# Marks that are a whole cell in Chinese type although Unicode calls their width ambiguous.
_FULL = frozenset("“”‘’—…·〔〕①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ★☆●○◆◇□■△▲▽▼◣℃‰×÷")
# Cc controls, Cf invisible format marks (zero width, directions), Cs half surrogates. Private and unknown code
# points stay: old systems keep rare names there, and a name must not lose a character without a word.
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs"))


# What XML cannot carry: it stands in no PDF's properties and in no Word file.
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable_xml(text: str) -> str:
    """Without the characters that XML cannot carry."""
    return _UNFIT.sub("", text)


def is_unprintable(char: str) -> bool:
    """Whether a character has no picture of its own: controls, invisible marks, variation selectors."""
    return unicodedata.category(char) in _UNPRINTABLE or _is_selector(ord(char))


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def cells(text: str) -> float:
    """How many character cells a text takes: one for a Chinese character, half for a Latin one."""
    return len(text) / 2 if text.isascii() else sum(1.0 if is_full(char) else 0.5 for char in text)


def is_full(char: str) -> bool:
    """Whether a character takes a whole cell."""
    return char in _FULL or unicodedata.east_asian_width(char) in "WF"


def from_ranges(ranges: str) -> frozenset[int]:
    """A set of code points from fontconfig's notation: `20-7e a5 4e00-9fa5`."""
    return frozenset(_points(ranges))


def _points(ranges: str) -> Iterator[int]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


# The characters of the 通用规范汉字表 (2013) that lie outside the two blocks of level 1: rare, but in people's names.
_STANDARD_TABLE = (
    "鿍鿎鿏𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀"
    "𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪"
    "𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁"
    "𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


@cache
def levels() -> dict[str, frozenset[int]]:
    """The Chinese characters that official writing may need, from the common to the rare (GB 18030-2022)."""
    common = frozenset(ord(char) for char in _double_byte("gb2312", 0xB0, 0xF7, 0xA1))
    return {
        "GB 2312 常用汉字": common,
        "GB 18030 一级汉字": frozenset((*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6))),
        "GB 18030 二级汉字（通用规范汉字表所增）": frozenset(map(ord, _STANDARD_TABLE)),
    }


def _double_byte(codec: str, first: int, last: int, low: int) -> Iterator[str]:
    for lead in range(first, last + 1):
        for trail in range(low, 0xFF):
            yield from bytes((lead, trail)).decode(codec, "ignore")
