"""Turn text into HTML that keeps the 22-line grid, and an item's structured body into paragraphs.

A character from a second font makes its line taller. Runs that the text faces do not share are therefore put
in spans whose line height counts for nothing; the text itself never changes, so it can be searched and copied.
"""

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from markupsafe import Markup, escape

from core.documents.fonts import charset
from core.documents.fonts.font_set import FontSet
from core.documents.typesetting.in_text import table_in_text
from core.errors import RenderError, Unprintable

# Printers' sign for a character they do not have.
GETA = "〓"
_LATIN = re.compile("[!-~]+")
# A line break in the source between two Chinese characters is not a space.
_SOFT_BREAK = re.compile(r"(?<=[\u2014-\uffef])[ \t]*\n\s*(?=[\u2014-\uffef])")
_TAG = re.compile("</?([a-zA-Z!?][^\\s/>\"'<]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_RAW = ("style", "script", "title")
_SPACE = "\n\t "
# Accents that stand over, under and through the character before them; more than two is no writing.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_MARK = re.compile(_MARKS)
_CLUSTER = re.compile(f".{_MARKS}*", re.S)
_COMPOSED = re.compile(f"[A-Za-z\u00c0-\u024f]{_MARKS}+")
MOST_MARKS = 2
IN_TEXT = "正文第"
_HEAP = re.compile(f".{_MARKS}{{{MOST_MARKS + 1},}}", re.S)
_SPACES = re.compile(r"\s+")
HOW = "段落写成 {type: paragraph, runs: [{text: 文字}]}，见《文书底版说明》第六节"
# Faces other than the text's own, by the classes of the print base.
RUN_FACES = ("kai", "hei", "song", "xbs")
_NEEDED = {"heading": "runs", "paragraph": "runs", "list": "items", "table": "rows"}


def typeset(text: str, fonts: FontSet, latin: bool = False) -> Markup:
    """Escape a text; wrap runs of rare characters and, on request, Latin digits and letters."""
    text = _SOFT_BREAK.sub("", _printable(text))
    if not latin and fonts.common.issuperset(map(ord, set(text) - set(_SPACE))):
        return escape(text)
    pieces = groupby(_CLUSTER.findall(text), key=lambda cluster: _kind(cluster, fonts, latin))
    return Markup("").join(_span("".join(run), kind, fonts) for kind, run in pieces)


def typeset_html(html: str, fonts: FontSet, latin: bool = False) -> str:
    """The same for the text of a finished page, leaving tags, styles and the title alone."""
    return "".join(
        (charset.printable_xml(piece) if piece.startswith("<title") else piece)
        if is_tag
        else str(typeset(entities.unescape(piece), fonts, latin))
        for piece, is_tag in tokens(html)
    )


@dataclass(frozen=True)
class Lacking:
    """A character that no font has, and the words around it."""

    char: str
    context: str

    def is_in(self, text: str) -> bool:
        """Whether these are words of a text."""
        return self.char in text and self.context in _SPACES.sub("", _printable(text))

    def __str__(self) -> str:
        return f"“{_shown(self.char)}”（U+{ord(self.char):04X}，见“{_shown(self.context)}”）"


def lacking_in(html: str, fonts: FontSet) -> list[Lacking]:
    """The characters of a page's text that no font has, each once, with the place where it first stands.

    Raises Unprintable for accents heaped on one character: another font would not help.
    """
    found: dict[str, Lacking] = {}
    for piece, is_tag in tokens(html):
        text = "" if is_tag else entities.unescape(piece)
        known = set(text)
        if fonts.covered.issuperset(map(ord, known)) and not _MARK.search("".join(known)):
            continue
        text = _printable(text)
        _refuse_heaped(text)
        for char, place in fonts.missing(text):
            found.setdefault(char, Lacking(char, _around(text, place)))
    return list(found.values())


def is_heaped(text: str) -> bool:
    """Whether more accents stand on a character than writing knows."""
    return _HEAP.search(_printable(text)) is not None


def _refuse_heaped(text: str) -> None:
    heap = _HEAP.search(text)
    if heap:
        bare = text[: heap.start() + 1] + text[heap.end() :]
        marks = len(unicodedata.normalize("NFD", heap[0])) - 1
        raise Unprintable(
            "文书中有附加符号过多的字，不能印发",
            reason=f"“{heap[0][0]}”上叠了 {marks} 个附加符号，最多 {MOST_MARKS} 个（见“{_around(bare, heap.start())}”）",
            advice="请删去多余的符号，或重新输入这个字",
        )


def _around(text: str, place: int) -> str:
    return _SPACES.sub("", text[max(place - 8, 0) : place + 9])


def _shown(text: str) -> str:
    """A text for the screen: code points without a meaning stand as the printers' sign."""
    return "".join(GETA if unicodedata.category(char) in ("Co", "Cn") else char for char in text)


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = "".join(char for char in text if char in _SPACE or not charset.is_unprintable(char))
    # A letter and its accent are one character where there is such a one: é, ǚ.
    return _COMPOSED.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), text)


def _kind(char: str, fonts: FontSet, latin: bool) -> str:
    """The kind of a character with its accents: they stay in one span, so that one font sets both."""
    if len(char) > 1:
        return "rare"
    if latin and _LATIN.match(char):
        return "latin"
    if char.isspace() or ord(char) in fonts.common:
        return ""
    return "rare"


def _span(run: str, kind: str, fonts: FontSet) -> Markup:
    if not kind:
        return escape(run)
    clusters = (_CLUSTER.findall(run)) if kind == "rare" else run
    shown = "".join(_covered(cluster, fonts) for cluster in clusters)
    return Markup('<span class="{}">{}</span>').format(kind, shown)


def _covered(cluster: str, fonts: FontSet) -> str:
    if len(cluster) > 1 + MOST_MARKS:
        return GETA
    return "".join(char if ord(char) in fonts.covered else GETA for char in cluster)


def tokens(html: str) -> Iterator[tuple[str, bool]]:
    """Text and markup in turn. Reads every character once, whatever the input."""
    place, end = 0, len(html)
    while place < end:
        start = html.find("<", place)
        if start != place:
            yield html[place : start if start >= 0 else end], False
        if start < 0:
            return
        place = _markup_end(html, start)
        yield html[start:place], True


def _markup_end(html: str, start: int) -> int:
    if html.startswith("<!--", start):
        close = html.find("-->", start)
        return close + 3 if close >= 0 else len(html)
    tag = _TAG.match(html, start)
    if not tag:
        return start + 1
    if tag[1].lower() in _RAW:
        closing = re.compile(f"</{tag[1]}\\s*>", re.I).search(html, tag.end())
        return closing.end() if closing else len(html)
    return tag.end()


def blocks_to_html(blocks: Iterable[Mapping[str, Any]], top: int = 2, sheet: object = False) -> Markup:
    """An item's body as HTML. `top` is the HTML heading level that a level-1 heading becomes, `sheet` the `wide` of
    the page it stands on.

    Numbers (一、（一）1.) are part of the text and are never generated.
    """
    if isinstance(blocks, (str, Mapping)) or not isinstance(blocks, Iterable):
        raise RenderError("正文应为段落的列表", reason="给出的是一个值", advice=HOW)
    tables = count(1)
    return Markup("\n").join(
        _block(block, top, number, tables, sheet) for number, block in enumerate(blocks, 1)
    )


def _block(block: Mapping[str, Any], top: int, number: int, tables: Iterator[int], sheet: object) -> Markup:
    kind = block.get("type") if isinstance(block, Mapping) else None
    needed = _NEEDED.get(str(kind), "type")
    if not isinstance(block, Mapping) or not isinstance(block.get(needed), (list, tuple, str)):
        raise RenderError(f"正文第 {number} 段的写法不对", reason=f"没有“{needed}”", advice=HOW)
    match kind:
        case "heading":
            level = min(max(int(block.get("level", 1)), 1), 4)
            tag = f"h{min(top + level - 1, 6)}"
            return Markup('<{0} class="l{1}">{2}</{0}>').format(tag, level, runs_to_html(block["runs"]))
        case "paragraph":
            return Markup("<p>{}</p>").format(runs_to_html(block["runs"]))
        case "list":
            return _list(block)
        case "table":
            return _table(block["rows"], f"{IN_TEXT} {next(tables)} 个表格", sheet)
    raise RenderError(
        "正文中有无法排版的内容",
        reason=f"段落类型“{block.get('type')}”不存在",
        advice="请在编辑页面重新保存正文",
    )


def runs_to_html(runs: Iterable[Mapping[str, Any]]) -> Markup:
    """The runs of one paragraph; a line break inside a run stays one."""
    if isinstance(runs, str):
        raise RenderError("段内文字应为列表", reason=f"给出的是“{runs[:10]}”", advice=HOW)
    return Markup("").join(_run(run) for run in runs)


def _run(run: Mapping[str, Any]) -> Markup:
    if not isinstance(run, Mapping) or "text" not in run:
        raise RenderError("段内文字没有“text”", reason=f"给出的是“{str(run)[:20]}”", advice=HOW)
    lines = Markup("<br>").join(str(run.get("text", "")).split("\n"))
    if face := run.get("face"):
        if face not in RUN_FACES:
            raise RenderError(
                f"段内文字的字体不能是“{str(face)[:20]}”", advice=f"可写 {'、'.join(RUN_FACES)}"
            )
        lines = Markup('<span class="{}">{}</span>').format(face, lines)
    return Markup("<b>{}</b>").format(lines) if run.get("bold") else lines


def _table(rows: Iterable[Any], where: str, sheet: object) -> Markup:
    for number, row in enumerate(rows, 1):
        cells = row if isinstance(row, (list, tuple)) else [row]
        wrong = [cell for cell in cells if not isinstance(cell, Mapping)]
        if wrong:
            raise RenderError(
                f"{where}第 {number} 行的写法不对",
                reason=f"有一格是“{str(wrong[0])[:10]}”",
                advice="每行写成列表，每格写成 {runs: [{text: 文字}]}，表头的一格另写 header: true",
            )
    filled = [[{**cell, "html": runs_to_html(cell.get("runs", ()))} for cell in row] for row in rows]
    return table_in_text(filled, where, sheet)


def _list(block: Mapping[str, Any]) -> Markup:
    tag = "ol" if block.get("ordered") else "ul"
    marks = (f"{number}. " if tag == "ol" else "• " for number in range(1, len(block["items"]) + 1))
    items = (
        Markup("<li>{}{}</li>").format(mark, runs_to_html(runs))
        for mark, runs in zip(marks, block["items"], strict=True)
    )
    return Markup("<{0}>{1}</{0}>").format(tag, Markup("").join(items))
