"""Item text as structured paragraphs: HTML or plain text in, blocks out, and back. Pure.

A block is a plain dict:
  {"type": "heading", "level": 1…4, "runs": [run, …]}         run = {"text": str, "bold": bool}
  {"type": "paragraph", "runs": [run, …]}
  {"type": "list", "ordered": bool, "items": [[run, …], …]}
  {"type": "table", "rows": [[{"runs": […], "header": bool, "colspan": int, "rowspan": int}, …], …]}
"""

import re
import unicodedata
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3

from core.documents.typesetting.placing import even
from core.errors import InvalidInput
from core.submissions.lists import OpenLists

Block = dict[str, Any]
Run = dict[str, Any]
MAX_CHARACTERS = 50_000
MAX_BLOCKS = 2_000
# The time a parser needs grows with the square of the nesting: more tags than this are not read at all.
MAX_TAGS = 20_000
MAX_SPAN = 50
MAX_PLACES = 20_000
TAGS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "ol",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "b",
    "br",
}
# Levels of official documents (GB/T 9704-2012, 7.3.3): 一、 （一） 1. （1）
LEVELS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]"),
)
_COUNTED = re.compile(r"[A-Za-z0-9]+(?:[.,:%‰'’-][A-Za-z0-9]+)*|[^\sA-Za-z0-9]")


def clean_line(text: str) -> str:
    """One line of typed text: NFC, no control or direction characters, single spaces, trimmed."""
    text = unicodedata.normalize("NFC", text)
    kept = (ch if ch not in "\t\r\n\u2028\u2029" else " " for ch in text if ch in "\t\r\n" or _fit(ch))
    return re.sub(r" {2,}", " ", "".join(kept)).strip()


def from_html(html: str) -> list[Block]:
    """Blocks of an HTML text: sanitised first, then only structure is kept. Raises InvalidInput when too long."""
    if len(html) > MAX_CHARACTERS * 12:
        raise InvalidInput("正文过长", where="正文", advice=f"请控制在 {MAX_CHARACTERS} 字以内")
    if html.count("<") > MAX_TAGS:
        raise InvalidInput(
            "正文的格式过于复杂", where="正文", advice="请先粘贴为纯文本，再设置标题、列表和表格"
        )
    safe = nh3.clean(
        html,
        tags=TAGS,
        attributes={"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        strip_comments=True,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return checked([_levelled(block) for block in reader.finish()])


def from_plain(text: str) -> list[Block]:
    """Blocks of typed text: blank lines part paragraphs, `- ` makes list items, `| a | b |` table rows;
    a short line that begins with 一、 or （一） and has no full stop is a heading."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        for line in (clean_line(part) for part in paragraph.split("\n")):
            if line:
                _add_line(blocks, line)
    return checked(blocks)


def _add_line(blocks: list[Block], line: str) -> None:
    last = blocks[-1] if blocks else None
    if line.startswith(("- ", "• ", "· ")):
        if not last or last["type"] != "list":
            blocks.append(last := {"type": "list", "ordered": False, "items": []})
        last["items"].append(_runs(line[2:].strip()))
    elif line.startswith("|") and line.endswith("|") and len(line) > 2:
        cells = [part.strip() for part in line[1:-1].split("|")]
        if not last or last["type"] != "table":
            if not any(cells):
                return
            blocks.append(last := {"type": "table", "rows": []})
        header = not last["rows"]
        last["rows"].append([_cell(_runs(cell), header=header) for cell in cells])
    else:
        level = heading_level(line)
        blocks.append(
            {"type": "heading", "level": level, "runs": _runs(line)} if level else _paragraph(_runs(line))
        )


def _levelled(block: Block) -> Block:
    """A paragraph typed as “一、…” is the heading it looks like; the editor's buttons need not be known for that."""
    line = plain([block]) if block["type"] == "paragraph" else ""
    level = heading_level(line) if line and "\n" not in line else 0
    return {"type": "heading", "level": level, "runs": block["runs"]} if level else block


def heading_level(line: str) -> int:
    """1 or 2 when a line looks like a heading of that level, else 0."""
    if len(line) > 40 or line[-1] in "。；，：":
        return 0
    return next((n for n, pattern in enumerate(LEVELS, 1) if pattern.match(line)), 0)


def checked(blocks: list[Block]) -> list[Block]:
    """The same blocks without empty ones, the rows of a table of one length. Raises InvalidInput when there are too
    many characters or blocks."""
    kept = [_evened(block) for block in blocks if plain([block]).strip()]
    if len(kept) > MAX_BLOCKS or sum(len(plain([block])) for block in kept) > MAX_CHARACTERS:
        raise InvalidInput("正文过长", where="正文", advice=f"请控制在 {MAX_CHARACTERS} 字以内")
    return kept


def _evened(block: Block) -> Block:
    if block["type"] != "table":
        return block
    try:
        rows = even(block["rows"], MAX_PLACES, _cell([]))
    except OverflowError as error:
        raise InvalidInput(
            "表格过大", where="正文", advice=f"请控制在 {MAX_PLACES} 格以内，或作为附件另附"
        ) from error
    return {"type": "table", "rows": [[cell for cell, starts in row if starts] for row in rows]}


def to_html(blocks: list[Block]) -> str:
    """HTML of the same closed set of tags, for the editor."""
    return "".join(_block_html(block) for block in blocks)


def to_page(blocks: list[Block]) -> str:
    """HTML for reading below a page's own headings: every level is an h3 with its class."""
    return "".join(
        f'<h3 class="level-{block["level"]}">{_run_html(block["runs"])}</h3>'
        if block["type"] == "heading"
        else _block_html(block)
        for block in blocks
    )


def to_plain(blocks: list[Block]) -> str:
    """The text as somebody without the rich editor would type it; `from_plain` reads it back."""
    return "\n\n".join(_block_plain(block) for block in blocks)


def plain(blocks: list[Block]) -> str:
    """The bare characters, one line a paragraph, item or table row."""
    return "\n".join(line for block in blocks for line in lines_of(block))


def lines_of(block: Block) -> list[str]:
    """The lines of one block: a paragraph is one, a list or table several."""
    match block["type"]:
        case "list":
            return [_text(item) for item in block["items"]]
        case "table":
            return ["\t".join(_text(cell["runs"]) for cell in row) for row in block["rows"]]
        case _:
            return [_text(block["runs"])]


def count(blocks: list[Block]) -> int:
    """字数 as word processors count it: each Chinese character and mark one, a Latin word or number one."""
    return len(_COUNTED.findall(plain(blocks)))


def _block_html(block: Block) -> str:
    match block["type"]:
        case "heading":
            return f"<h{block['level']}>{_run_html(block['runs'])}</h{block['level']}>"
        case "list":
            tag = "ol" if block["ordered"] else "ul"
            return f"<{tag}>{''.join(f'<li>{_run_html(item)}</li>' for item in block['items'])}</{tag}>"
        case "table":
            rows = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in block["rows"])
            return f"<table><tbody>{rows}</tbody></table>"
        case _:
            return f"<p>{_run_html(block['runs'])}</p>"


def _cell_html(cell: Block) -> str:
    tag = "th" if cell["header"] else "td"
    spans = "".join(f' {name}="{cell[name]}"' for name in ("colspan", "rowspan") if cell[name] > 1)
    return f"<{tag}{spans}>{_run_html(cell['runs'])}</{tag}>"


def _block_plain(block: Block) -> str:
    match block["type"]:
        case "list":
            return "\n".join(f"- {_text(item)}" for item in block["items"])
        case "table":
            return "\n".join(
                f"| {' | '.join(_text(cell['runs']) for cell in row)} |" for row in block["rows"]
            )
        case _:
            return _text(block["runs"])


def _run_html(runs: list[Run]) -> str:
    return "".join(
        f"<strong>{escape(r['text'])}</strong>" if r.get("bold") else escape(r["text"]) for r in runs
    )


def _text(runs: list[Run]) -> str:
    return "".join(run["text"] for run in runs)


def _runs(text: str) -> list[Run]:
    return [{"text": text, "bold": False}]


def _paragraph(runs: list[Run]) -> Block:
    return {"type": "paragraph", "runs": runs}


def _cell(runs: list[Run], *, header: bool = False, colspan: int = 1, rowspan: int = 1) -> Block:
    return {"runs": runs, "header": header, "colspan": colspan, "rowspan": rowspan}


def _fit(ch: str) -> bool:
    # Keeps letters of every plane; drops controls, surrogates, direction overrides and other invisible marks.
    return unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


class _Reader(HTMLParser):
    """Reads sanitised HTML into blocks. Text outside any paragraph becomes one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.bold = 0
        self.lists = OpenLists()
        self.table: Block | None = None
        self.depth = 0  # of nested tables: only the outermost is kept as a table

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("strong", "b"):
            self.bold += 1
        elif tag == "br":
            self._flush_line()
        elif tag in ("ol", "ul"):
            self._flush()
            self.lists.begin(tag == "ol")
        elif tag == "table":
            self._flush()
            self.depth += 1
            self.table = self.table or {"type": "table", "rows": []}
        elif tag == "tr" and self.table is not None and self.depth == 1:
            self.table["rows"].append([])
        elif tag in ("td", "th") and self.table is not None and self.depth == 1:
            self.runs = []
            spans = {name: _span(value) for name, value in attrs if name in ("colspan", "rowspan")}
            if not self.table["rows"]:
                self.table["rows"].append([])
            self.table["rows"][-1].append(_cell([], header=tag == "th", **spans))
        elif tag in ("p", "li") or re.fullmatch(r"h[1-4]", tag):
            self._flush_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("strong", "b"):
            self.bold = max(self.bold - 1, 0)
        elif re.fullmatch(r"h[1-4]", tag):
            self._flush(level=int(tag[1]))
        elif tag in ("ol", "ul") and self.lists.open:
            self._flush()
            self.blocks += self.lists.end()
        elif tag in ("td", "th") and self.table is not None and self.depth == 1:
            if self.table["rows"] and self.table["rows"][-1]:
                self.table["rows"][-1][-1]["runs"] = self._take()
        elif tag == "table" and self.table is not None:
            self.depth -= 1
            if not self.depth:
                done, self.table = self.table, None
                if any(done["rows"]):
                    self.blocks.append(done)
        elif tag in ("p", "li"):
            self._flush_line()

    def handle_data(self, data: str) -> None:
        text = "".join(" " if ch in "\t\r\n\u00a0" else ch for ch in data if ch in "\t\r\n" or _fit(ch))
        if text:
            self.runs.append({"text": text, "bold": bool(self.bold)})

    def finish(self) -> list[Block]:
        """All blocks, whatever was still open closed."""
        if self.table is not None:
            self.depth = 1
            self.handle_endtag("table")
        while self.lists.open:
            self.handle_endtag("ul")
        self._flush()
        return self.blocks

    def _flush_line(self) -> None:
        """Ends a paragraph or list item; inside a table cell lines run together."""
        if self.table is None:
            self._flush()

    def _flush(self, level: int = 0) -> None:
        if self.table is not None:
            return
        runs = self._take()
        if not runs:
            return
        if self.lists.open and not level:
            self.lists.add(runs)
        elif level:
            self.blocks.append({"type": "heading", "level": level, "runs": runs})
        else:
            self.blocks.append(_paragraph(runs))

    def _take(self) -> list[Run]:
        """The collected runs, neighbours of one weight joined, spaces folded and trimmed."""
        joined: list[Run] = []
        for run in self.runs:
            if joined and joined[-1]["bold"] == run["bold"]:
                joined[-1]["text"] += run["text"]
            else:
                joined.append(dict(run))
        self.runs = []
        for run in joined:
            run["text"] = re.sub(r" {2,}", " ", unicodedata.normalize("NFC", run["text"]))
        while joined and not joined[0]["text"].strip():
            joined.pop(0)
        while joined and not joined[-1]["text"].strip():
            joined.pop()
        if joined:
            joined[0]["text"] = joined[0]["text"].lstrip()
            joined[-1]["text"] = joined[-1]["text"].rstrip()
        return joined


def _span(value: str | None) -> int:
    try:
        return min(max(int(value or 1), 1), MAX_SPAN)
    except ValueError:
        return 1
