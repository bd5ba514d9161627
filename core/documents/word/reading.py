"""Read a finished page into pieces: what the classes of the base templates mean, and a plain sense for all others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import ceil

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from core.documents.fonts.charset import printable_xml
from core.documents.word import front, parts, pictures
from core.documents.word.boxes import Boxes
from core.documents.word.head import head_of
from core.documents.word.inline import (
    Look,
    classes_of,
    collapsed,
    inline,
    lengths_of,
    runs_of,
    tidy,
)
from core.documents.word.letter_head import letter_head_of
from core.documents.word.levels import levels_of
from core.documents.word.measures import ROW
from core.documents.word.pieces import (
    Box,
    Foot,
    Framed,
    Gap,
    LetterPage,
    Pages,
    Paragraph,
    Piece,
    Run,
    Table,
    tallest,
)
from core.documents.word.sheet import Sheet
from core.documents.word.styles import STYLES
from core.documents.word.tables import WIDTHS, table_of
from core.errors import RenderError

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
))  # fmt: skip
# The first of an element's classes that is named here says what it is.
SPECIAL: dict[str, Callable[[HtmlElement, Look], parts.Parts]] = {
    "head": head_of, "title": parts.title_of, "annex-list": parts.annex_list_of, "signature": parts.signature_of,
    "contents": parts.contents_of, "foot-room": parts.foot_of, "blank": parts.blank_of,
    "marks": parts.marks_of, "stamped": parts.stamped_of, "letter-head": letter_head_of, "volume-cover": front.cover_of,
    "volume-line": front.line_of,
    "volume-head": front.head_of,
}  # fmt: skip
BY_CLASS = {
    "item-title": "ItemTitle", "column": "Column", "l1": "Heading1", "l2": "Heading2", "l3": "Heading3", "l4": "Heading4",
    "to": "To", "note": "Note", "editor-note": "EditorNote", "source": "Source", "table-title": "TableTitle",
    "table-note": "TableNote", "flush": "Flush", "center": "Center", "right": "Right",
    "mark": "Mark", "by": "StampedDate", "day": "StampedDate", "roll": "Flush",
}  # fmt: skip
BY_TAG = {"p": "BodyText", "li": "BodyText", "center": "Center", "figcaption": "Center"}
AFTER = {"ItemTitle": ROW, "EditorNote": ROW}
MOST_DEPTH = 100
LONGEST_TITLE = 255  # characters of a file's title
# What stays with the lines before it.
CLOSING = ("Source", "Note")
AIR = 6.0  # points that a picture's line is higher: what letters beside it would reach below it
# So many annexes named between the text and the signature stay with it, as on the printed page.
MOST_KEPT = 4


def pages_of(html: str, numbers: Mapping[str, int] | None = None) -> Pages:
    """The pieces of a finished page; `numbers` tells on which page an anchor was printed. Raises RenderError."""
    page = document_fromstring(
        pictures.framed(html).encode(), parser=HTMLParser(encoding="utf-8", no_network=True)
    )
    body = page.find("body")
    if body is None:
        raise RenderError("文书没有内容，不能转成 Word 文件")
    sources = pictures.found_in(page)
    reader = _Reader(page)
    reader.inside(body, Look(), "upright", 0)
    title = printable_xml(page.findtext("head/title") or "")
    letters = {0: reader.letter} if reader.letter else {}
    return Pages(title[:LONGEST_TITLE], tuple(reader.pieces), dict(numbers or {}), letters, sources)


class _Reader:
    """One walk over the page."""

    def __init__(self, page: HtmlElement) -> None:
        self.pieces: list[Piece] = []
        self.letter: LetterPage | None = None
        self._new_page = False
        self._gap = Gap()
        self._boxes, self._levels, self._widths = Boxes(page), levels_of(page), Sheet(page, WIDTHS)
        self._box: Box | None = None

    def inside(self, node: HtmlElement, look: Look, page: str, depth: int) -> None:
        """Everything within an element: blocks one by one, the text between them as paragraphs."""
        if depth > MOST_DEPTH:
            raise RenderError("文书结构嵌套过深，不能转成 Word 文件", advice="请简化版式模板")
        loose = [look.run(collapsed(node.text))]
        for child in node:
            if _is_block(child):
                self._line(loose, page, child.tag == "figcaption")
                loose = []
                self._block(child, look, page, depth + 1)
            else:
                loose += inline(child, look)
            loose.append(look.run(collapsed(child.tail)))
        self._line(loose, page)

    def _block(self, node: HtmlElement, look: Look, page: str, depth: int) -> None:
        classes = classes_of(node)
        if "hidden" in classes:
            return
        box, around = self._boxes.of(node), self._box
        if box and not SPECIAL.keys() & classes and node.tag != "table":
            self._take(Gap(margin=box.above), page)
            if next(node.iter("table"), None) is None:
                self._box = box
                self._content(node, classes, look, page, depth)
                self._box = around
            else:
                self._framed(box, node, classes, look, page, depth)
            self._take(Gap(margin=box.below), page)
        else:
            self._content(node, classes, look, page, depth)

    def _framed(
        self, box: Box, node: HtmlElement, classes: list[str], look: Look, page: str, depth: int
    ) -> None:
        """An element with tables in its frame; what turns the sheet or belongs to a page's foot stays outside one."""
        before, around, gap, new_page = self.pieces, self._box, self._gap, self._new_page
        self.pieces, self._box, self._gap, self._new_page = [], None, Gap(), False
        self._content(node, classes, look, page, depth)
        inside, self.pieces, self._box, self._gap = self.pieces, before, around, gap
        self._new_page = self._new_page or new_page
        if not inside:
            return
        self._new_page = self._new_page or inside[0].new_page
        kinds = {piece.page for piece in inside}
        if len(kinds) == 1 and all(map(_is_enclosed, inside)):
            self._take(Framed(box, tuple(replace(piece, new_page=False) for piece in inside)), kinds.pop())
            return
        for piece in inside:
            self._new_page = self._new_page or piece.new_page
            self._box = (isinstance(piece.what, Paragraph) and piece.what.box) or box
            self._take(piece.what, piece.page)
        self._box = around

    def _content(self, node: HtmlElement, classes: list[str], look: Look, page: str, depth: int) -> None:
        page = next((name for name in ("wide", "a3", "unnumbered") if name in classes), page)
        self._new_page = self._new_page or "new-page" in classes or "annex" in classes
        special = next((SPECIAL[name] for name in classes if name in SPECIAL), None)
        if special:
            if "signature" in classes or "stamped" in classes:
                self._keep_with_closing()
            for part in special(node, look):
                self._take(part, page)
        elif node.tag == "table":
            self._table(node, page)
        elif any(_is_block(child) for child in node):
            self.inside(node, look.within(node), page, depth)
        else:
            self._paragraph(node, look, page)

    def _table(self, node: HtmlElement, page: str) -> None:
        """A table; the cells of a slip that go on are rows of the table before."""
        for caption in node.findall("caption"):
            if runs := runs_of(caption):
                self._take(Paragraph("Center", runs, keep=True), page)
        table, classes = table_of(node, self._widths), classes_of(node)
        last = self.pieces[-1].what if self.pieces and not self._new_page else None
        if "more" in classes and isinstance(last, Table) and last.widths == table.widths:
            whole = replace(last, rows=last.rows + table.rows, heights=last.heights + table.heights)
            self.pieces[-1] = replace(self.pieces[-1], what=whole)
            return
        if "boxes" in classes:
            self._take(Gap(margin=parts.SLIP * ROW), page)
        self._take(table, page)

    def _paragraph(self, node: HtmlElement, look: Look, page: str) -> None:
        classes = classes_of(node)
        level = next((self._levels[name] for name in classes if name in self._levels), None)
        if level:
            look = replace(look, face=level.face or look.face, bold=look.bold or level.bold)
        runs = runs_of(node, look)
        style = next((BY_CLASS[name] for name in classes if name in BY_CLASS), BY_TAG.get(node.tag, "Flush"))
        if {"table-note", "slip"} <= set(classes):
            style = "SlipNote"
        if style == "Flush" and "hei" in classes:
            style = "AnnexNumber"
        if not runs:
            return
        if all(run.picture for run in runs) and style in ("BodyText", "Flush", "Center"):
            self._pictured(runs, page, _is_captioned(node))
            return
        if style in CLOSING:
            self._keep_with_closing()
        self._take(Gap(margin=STYLES[style].before * ROW), page)
        self._take(_placed(Paragraph(style, runs, anchor=node.get("id", "")), node), page)
        self._take(Gap(margin=AFTER.get(style, 0.0)), page)

    def _line(self, loose: Iterable[Run], page: str, keep: bool = False) -> None:
        runs = tidy(loose)
        if runs and all(run.picture for run in runs):
            self._pictured(runs, page, keep)
        elif runs:
            self._take(Paragraph("Flush", runs), page)

    def _pictured(self, runs: tuple[Run, ...], page: str, keep: bool) -> None:
        """A picture on a line of its own, as many lines high as it needs: what follows stays on the grid."""
        line = tallest(runs) + AIR
        left = ceil(line / ROW) * ROW - line
        self._take(Paragraph("Picture", runs, before=left / 2, line=line, keep=keep), page)
        self._take(Gap(fixed=left / 2), page)

    def _take(self, part: Paragraph | Table | Foot | Framed | Gap | LetterPage, page: str) -> None:
        """Keep a piece; the room owed above it is given to it."""
        if isinstance(part, LetterPage):
            self.letter = part
            return
        if isinstance(part, Foot) and self.letter:
            part = replace(part, ruled=False)
        if isinstance(part, Gap):
            owed = self._gap
            self._gap = Gap(max(owed.margin, part.margin), owed.fixed + part.fixed)
            return
        # At the head of a page a margin is lost, room is not.
        margin = 0.0 if self._new_page or self._turns_to(page) else self._gap.margin
        room = max(margin + self._gap.fixed, 0.0)
        if isinstance(part, Paragraph):
            part = replace(part, before=(part.before or 0.0) + room, box=self._box)
        elif isinstance(part, (Table, Framed)) and room:
            # A table has no room above it of its own.
            self.pieces.append(Piece(Paragraph("Joint", line=room), page, self._new_page))
            self._new_page = False
        self._gap = Gap(margin=part.after * ROW) if isinstance(part, Table) and not part.in_text else Gap()
        self.pieces.append(Piece(part, page, self._new_page))
        self._new_page = False

    def _keep_with_closing(self) -> None:
        """No page begins with a signature, a source or a remark: the last lines before it come along, and the annexes
        named between the text and a signature, with the empty line above."""
        for n in range(len(self.pieces) - 1, max(len(self.pieces) - 3 - MOST_KEPT, -1), -1):
            piece = self.pieces[n]
            if not isinstance(piece.what, Paragraph):
                return
            self.pieces[n] = replace(piece, what=replace(piece.what, keep=True))
            if piece.what.runs and piece.what.style != "Annex":
                return

    def _turns_to(self, page: str) -> bool:
        return bool(self.pieces) and self.pieces[-1].page != page


def _is_enclosed(piece: Piece) -> bool:
    """Whether a piece can stand in a cell: not what has its own place on the paper."""
    return not isinstance(piece.what, Foot) and not (isinstance(piece.what, Paragraph) and piece.what.frame)


def _is_captioned(node: HtmlElement) -> bool:
    """Whether what follows a picture is its caption."""
    following = node.getnext()
    return following is not None and (following.tag == "figcaption" or "center" in classes_of(following))


def _placed(given: Paragraph, node: HtmlElement) -> Paragraph:
    """The paragraph with the indents said on its element, and a line high enough for its largest character."""
    said = lengths_of(node)
    largest = max((run.size for run in given.runs), default=0.0)
    placed = replace(given, line=largest) if largest > ROW else given
    if "padding-left" not in said:
        return placed
    return replace(placed, left=said["padding-left"], hanging=max(-said.get("text-indent", 0.0), 0.0))


def _is_block(node: HtmlElement) -> bool:
    """Whether an element stands on lines of its own; one without a name (a comment) does not."""
    if not isinstance(node.tag, str):
        return False
    return node.tag in BLOCKS or any(
        isinstance(part.tag, str) and part.tag in BLOCKS for part in node.iterdescendants()
    )
