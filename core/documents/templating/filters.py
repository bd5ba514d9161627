"""Everything a document template may call: the whole list, and nothing a template could misuse."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import ceil

from jinja2 import Undefined
from markupsafe import Markup, escape

from core import clock
from core.documents import checks
from core.documents.fonts import charset
from core.documents.typesetting import grid, rolls, text, titles
from core.documents.typesetting.tables import table_to_html
from core.errors import InvalidInput, RenderError, Unprintable

MOST_TEXT = 2_000_000
NARROW, FLATTEST, SMALLEST_MARK = 0.6, 0.5, 26.0  # how far a long mark may be squeezed; points
MOST_SIGNER_ROWS = 6  # the first page has to show text below them
WIDEST_OF_TWO = 5  # beside the document number there is room for two names of so many characters
_DIGITS = "〇一二三四五六七八九"
Name = str | Sequence[str | int]


class Empty(InvalidInput):
    """Nothing stands where something is to be printed; says where that is in the data, if a template told."""

    def __init__(self, what: str, advice: str, name: Name = "") -> None:
        super().__init__(f"{what}空着", advice=advice)
        self.way = (name,) if name and isinstance(name, str) else tuple(name)


def date_cn(day: date, name: Name = "") -> str:
    """2024年5月6日: full year, no leading zeros (GB/T 9704 7.3.5.4). `name`: of the day in the data, or the way to it."""
    return clock.written(_day(day, name))


def date_hanzi(day: date, name: Name = "") -> str:
    """二〇二四年五月六日, as older documents write it."""
    day = _day(day, name)
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


def _day(value: object, name: Name) -> date:
    if isinstance(value, date):
        return value
    if value or value == 0:
        raise InvalidInput(f"“{value}”不是日期", advice="日期写成 2024-05-06")
    raise Empty("日期", "日期写成 2024-05-06", name)


def given(value: object, name: str, what: str) -> object:
    """The name of an office, or the names of several; refused where nothing stands. `name`: of the value in the data."""
    if isinstance(value, (list, tuple)) and value:
        for n, each in enumerate(value):
            _refuse_blank(each, (name, n), what)
    elif not isinstance(value, Undefined):
        _refuse_blank(value, name, what)
    return value


def _refuse_blank(value: object, name: Name, what: str) -> None:
    if value is None or (isinstance(value, (str, list, tuple)) and not str(value or "").strip()):
        raise Empty(what, "请写上机关名称", name)


def chinese_number(number: int) -> str:
    """一 … 九十九, for 一、（一） numbering of sections that may be skipped."""
    tens, ones = divmod(int(number), 10)
    if not 0 < number < 100:
        raise InvalidInput(f"{number} 不能写成汉字序号（1 至 99）")
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def fixed(value: object, places: int = 1) -> str:
    """A number with that many decimals, halves rounded up."""
    try:
        return format(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP), "f")
    except InvalidOperation as error:
        raise InvalidInput(f"“{value}”不是数字") from error


def words(value: object) -> str:
    """A single value as text. Lists and other structures have none; what is not given says so, or its name."""
    if value is None:
        return ""
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, bool):  # else a program's word for it is printed
        raise InvalidInput(
            "是（true）、否（false）不能直接输出",
            advice="应为一段文字的，请改数据；要按是否印不同文字的，请在模板中用 if",
        )
    if isinstance(value, (str, int, float, date)):
        return value if isinstance(value, str) else str(value)
    raise InvalidInput(
        "列表和字典不能直接输出", advice="应为一段文字的，请改数据；要逐项输出的，请在模板中用循环"
    )


def _seen(text: str) -> str:
    """Without the tags of a name that stands in red because the data does not give it."""
    return text.striptags() if isinstance(text, Markup) else text


def limited(size: int) -> None:
    """Refuse a text before it is made, not after."""
    if size > MOST_TEXT:
        raise RenderError("版式模板产生的文字过长，已停止", advice="请检查模板中的循环和宏")


def default(value: object, other: object = "", also_empty: bool = False) -> object:
    """`other` when the value was not given (or, on request, is empty)."""
    return other if isinstance(value, Undefined) or (also_empty and not value) else value


def join(values: Iterable, between: str = "") -> str | Markup:
    """Texts joined; whatever is not already HTML is escaped when one part is."""
    return concat([part for n, value in enumerate(values) for part in ((between, value) if n else (value,))])


def concat(parts: list) -> str | Markup:
    """What `~` does."""
    texts = [words(part) for part in parts]
    limited(sum(map(len, texts)))
    return Markup("").join(texts) if any(isinstance(text, Markup) for text in texts) else "".join(texts)


def replace(value: object, old: object, new: object) -> str:
    """Every occurrence of `old` replaced. The result is plain text and will be escaped."""
    text, before, after = str(words(value)), str(words(old)), str(words(new))
    limited(len(text) + text.count(before) * len(after))
    return text.replace(before, after)


def title_html(value: str, width: int = titles.WIDTH) -> Markup:
    """A title as balanced lines."""
    lines = (
        Markup('<span class="line">{}</span>').format(line)
        for line in titles.title_lines(words(value), width)
    )
    return Markup("").join(lines)


def mark_style(name: str, size: float = grid.MARK_SIZE, room: float = 148) -> dict[str, str]:
    """How to set a 发文机关标志 or masthead of any length within `room` mm: size, spacing and narrowing."""
    count = max(charset.cells(words(name)), 1)
    most = room * grid.MM
    if count * min(size, SMALLEST_MARK) * FLATTEST > most:
        raise RenderError(
            "发文机关标志（刊名）过长，一行排不下",
            reason=f"共 {count:g} 个字宽，最多 {most // (min(size, SMALLEST_MARK) * FLATTEST):g} 个：“{words(name)[:20]}……”",
            advice="请改用规范化简称",
        )
    # First narrower, then smaller, then narrower still.
    size = max(min(size, most / count / NARROW), min(size, SMALLEST_MARK))
    natural = count * size
    if natural > most:
        return {"size": f"{size:.4g}pt", "spacing": "0", "scale": f"{most / natural:.4f}"}
    # Short names are spread out, at most by half a character, so that they carry the page.
    spacing = min(size / 2, max(0.0, (0.72 * most - natural) / max(count - 1, 1)))
    return {"size": f"{size:g}pt", "spacing": f"{spacing:.2f}pt", "scale": "1"}


def one_line(value: object, most: float, what: str) -> str:
    """A text that must stand on one line; refused when it is longer than so many characters."""
    text = str(words(value))
    if charset.cells(text) > most:
        raise RenderError(
            f"{what}过长，一行排不下",
            reason=f"共 {charset.cells(text):g} 个字宽，最多 {most:g} 个：“{text[:20]}……”",
            advice="请精简文字",
        )
    return text


def no_longer(value: object, most: int, what: str) -> str:
    """A text that may go on to a few lines; refused when it is longer than so many characters."""
    text = str(words(value))
    if charset.cells(text) > most:
        raise Unprintable(
            f"{what}过长",
            reason=f"共 {charset.cells(text):g} 个字宽，最多 {most} 个：“{text[:20]}……”",
            advice="请精简文字",
        )
    return text


def no_more(values: object, most: int, what: str) -> object:
    """A list of at most so many; refused when they would not stand on one page."""
    if isinstance(values, (list, tuple)) and len(values) > most:
        raise Unprintable(
            f"{what}过多，一页排不下",
            reason=f"给出了 {len(values)} 个，最多 {most} 个",
            advice="请减少，或分成几份文书",
        )
    return values


def signer_places(names: object) -> dict[str, object]:
    """Where the names after 签发人： stand (7.2.6): two a row, under each other; a name of two characters is
    spread to three among others. `rows` is at least 1, `size` the width of a name's place in characters."""
    given = (
        [words(name) for name in (names if isinstance(names, (list, tuple)) else [names])] if names else []
    )
    if len(given) > 1:
        given = ["　".join(name) if len(name) == 2 else name for name in given]
    size = max([3.0, *(charset.cells(name) for name in given)])
    across = 1 if len(given) < 2 or size > WIDEST_OF_TWO else 2
    no_more(given, MOST_SIGNER_ROWS * across, "签发人")
    if len(given) == 1:
        size = charset.cells(given[0])
    return {"names": given, "rows": max(ceil(len(given) / across), 1), "across": across, "size": size}


FILTERS: dict[str, Callable] = {
    "abs": abs,
    "blocks": text.blocks_to_html,
    "chinese_number": chinese_number,
    "count": len,
    "d": default,
    "date_cn": date_cn,
    "date_hanzi": date_hanzi,
    "default": default,
    "e": escape,
    "escape": escape,
    "first": lambda values: next(iter(values), ""),
    "fixed": fixed,
    "given": given,
    "int": int,
    "items": lambda mapping: list(mapping.items()) if isinstance(mapping, Mapping) else [],
    "join": join,
    "last": lambda values: list(values)[-1] if values else "",
    "length": len,
    "lines": lambda value: [line.strip() for line in str(words(value)).splitlines() if line.strip()],
    "list": list,
    "lower": lambda value: str(words(value)).lower(),
    "names": lambda value: rolls.names_to_html(words(value)),
    "no_longer": no_longer,
    "no_more": no_more,
    "one_line": one_line,
    "qr": lambda value, size=16: checks.qr(str(words(value))[:300], min(max(float(size), 8), 40)),
    "replace": replace,
    "reverse": lambda values: list(values)[::-1],
    "runs": text.runs_to_html,
    "table": table_to_html,
    "title": title_html,
    "title_lines": titles.title_lines,
    "trim": lambda value: str(words(value)).strip(),
    "upper": lambda value: str(words(value)).upper(),
    "width": lambda value: charset.cells(_seen(words(value))),
}

TESTS: dict[str, Callable] = {
    "defined": lambda value: not isinstance(value, Undefined),
    "undefined": lambda value: isinstance(value, Undefined),
    "none": lambda value: value is None,
    "odd": lambda value: value % 2 == 1,
    "even": lambda value: value % 2 == 0,
    "divisibleby": lambda value, number: value % number == 0,
    "in": lambda value, values: value in values,
    "eq": lambda value, other: value == other,
    "ne": lambda value, other: value != other,
    "lt": lambda value, other: value < other,
    "le": lambda value, other: value <= other,
    "gt": lambda value, other: value > other,
    "ge": lambda value, other: value >= other,
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "mapping": lambda value: isinstance(value, Mapping),
}
