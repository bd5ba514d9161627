"""The same documents as .docx for LibreOffice. Run by the peers' Python: reads a pickle, writes the file."""

import pickle
import sys
from pathlib import Path

from content import OFFICE, Circular
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

CENTRE, RIGHT, EVEN = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
CELL = 156 * 72 / 25.4 / 28


def write(content, path: str) -> None:
    """The whole file."""
    document = _empty()
    if isinstance(content, Circular):
        _circular(document, content)
    else:
        _journal(document, content)
    document.save(path)


def _empty():
    document = Document()
    section, style = document.sections[0], document.styles["Normal"]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _face(style.element.get_or_add_rPr(), "FandolFang R")
    style.font.size = Pt(16)
    form = style.paragraph_format
    form.space_after = form.space_before = Pt(0)
    form.line_spacing_rule, form.line_spacing, form.widow_control = WD_LINE_SPACING.EXACTLY, Pt(28.95), False
    return document


def _face(properties, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), name)


def _say(document, text: str, align=EVEN, face: str = "", size: float = 0, indent: bool = True) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * CELL)
    run = paragraph.add_run(text)
    if face:
        _face(run._r.get_or_add_rPr(), face)
    if size:
        run.font.size = Pt(size)
        paragraph.paragraph_format.line_spacing = Pt(size * 1.4)


def _circular(document, content) -> None:
    _say(document, f"{OFFICE}文件", CENTRE, "FandolSong", 36, False)
    _say(document, "临政办〔2026〕18号", CENTRE, indent=False)
    _say(document, content.title, CENTRE, "FandolSong", 22, False)
    _say(document, f"{content.to}：", indent=False)
    for text in content.body:
        _say(document, text)
    if content.rows:
        table = document.add_table(rows=len(content.rows), cols=len(content.rows[0]))
        table.style = "Table Grid"
        cells = iter(table._cells)
        for row in content.rows:
            for text in row:
                next(cells).paragraphs[0].add_run(text).font.size = Pt(10.5)
    _say(document, OFFICE, RIGHT, indent=False)
    _say(document, "2026年10月9日", RIGHT, indent=False)


def _journal(document, content) -> None:
    _say(document, "政务要情", CENTRE, "FandolSong", 54, False)
    for name, items in content.columns:
        _say(document, f"【{name}】", CENTRE, "FandolHei", indent=False)
        for item in items:
            _say(document, item.title, CENTRE, "FandolSong", 18, False)
            for text in item.body:
                _say(document, text)
            _say(document, f"（{item.source}）", RIGHT, "FandolKai", indent=False)


if __name__ == "__main__":
    write(pickle.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2])
