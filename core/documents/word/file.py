"""A finished page as a Word file: one call, the same bytes every time."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section, _Footer, _Header
from lxml.etree import tostring

from core.documents.same_bytes import settled
from core.documents.word import page_numbers
from core.documents.word.bands import bands_xml
from core.documents.word.media import Draw, embed, no_drawing
from core.documents.word.pieces import LetterPage, Pages
from core.documents.word.reading import pages_of
from core.documents.word.styles import NAMESPACE, font_table_xml, styles_xml
from core.documents.word.writing import Section as Pieced
from core.documents.word.writing import body_xml, section_xml

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Word 2013 and later lay the page out as it is; marks are not squeezed, so that every character keeps its place.
SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="640"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)


def docx(html: str, dated: date, numbers: Mapping[str, int] | None = None, draw: Draw = no_drawing) -> bytes:
    """The Word file of a finished page. `dated` is when it says it was made; `numbers`: anchor → printed page.

    `draw` turns a drawing (SVG), which older programs cannot show, into a PNG. Raises RenderError.
    """
    return docx_of(pages_of(html, numbers), dated, draw)


def docx_of(pages: Pages, dated: date, draw: Draw = no_drawing) -> bytes:
    """The Word file of what was read, also of a volume's chapters bound together."""
    document = Document()
    _dress(document)
    sections = list(body_xml(pages)) or [Pieced("upright", 0, "")]
    document = _fill(document, sections)
    embed(document.part, pages.pictures, draw)
    before: Pieced | None = None
    for told, section in zip(sections, document.sections, strict=True):
        # A section without numbers of its own goes on with those of the one before.
        if before is None or before.kind != told.kind:
            _number(told.kind, section)
        if (before is None or before.chapter != told.chapter) and (letter := pages.letters.get(told.chapter)):
            _begin_letter(section, letter)
        before = told
    _sign(document, pages.title, dated)
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


# What the library's sample file brings along and nobody needs.
_SURPLUS = (
    "customXml",
    "extended-properties",
    "numbering",
    "stylesWithEffects",
    "theme",
    "thumbnail",
    "webSettings",
)


def _dress(document: DocxDocument) -> None:
    """Our styles and fonts instead of those of the library's sample file."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_SURPLUS)]:
            del relations[key]
    for part in document.part.package.iter_parts():
        if part.partname == "/word/styles.xml":
            part._element = parse_xml(styles_xml())
        elif part.partname == "/word/fontTable.xml":
            part._blob = font_table_xml().encode()
    for child in list(document.settings.element):
        document.settings.element.remove(child)
    for element in parse_xml(f"<w:settings {NAMESPACE}>{SETTINGS}</w:settings>"):
        document.settings.element.append(element)
    document.settings.odd_and_even_pages_header_footer = True


def _fill(document: DocxDocument, sections: Sequence[Pieced]) -> DocxDocument:
    """The document with the sections in its body.

    The whole is parsed once: what is moved from one tree into another takes time with the square of its size.
    """
    body = document.element.body
    for child in list(body):
        body.remove(child)
    inside = "".join(
        f"{section.xml}<w:sectPr>{section_xml(section.kind, *how)}</w:sectPr>"
        for section, how in zip(sections, _beginnings(sections), strict=True)
    )
    before, _, after = tostring(document.element, encoding="unicode").partition("<w:body/>")
    whole = parse_xml(f"{before}<w:body>{inside}</w:body>{after}")
    # A section but the last has its mark in its last paragraph.
    for mark in whole.body.findall(qn("w:sectPr"))[:-1]:
        mark.getprevious().get_or_add_pPr().append(mark)
    document.part._element = whole
    return document.part.document


def _beginnings(sections: Sequence[Pieced]) -> Iterator[tuple[str, str]]:
    """Where each section begins and how it is numbered: chapters on right-hand pages, in numbers that run on from the first;
    the front part of a volume has Roman ones."""
    is_volume, before = any(section.chapter for section in sections), 0
    for section in sections:
        is_new, numbering = section.chapter != before, ""
        if is_volume and not section.chapter:
            numbering = '<w:pgNumType w:fmt="upperRoman"/>'
        elif is_new and not before:
            numbering = '<w:pgNumType w:start="1"/>'
        yield "oddPage" if is_new else "nextPage", numbering
        before = section.chapter


def _number(kind: str, section: Section) -> None:
    """The page numbers of a section: odd pages first, then even ones."""
    for footer, header, outer in (
        (section.footer, section.header, "right"), (section.even_page_footer, section.even_page_header, "left"),
    ):  # fmt: skip
        xml = page_numbers.upright(outer, kind == "a3") if kind in ("upright", "a3") else page_numbers.EMPTY
        _set(footer, xml)
        _set(header, page_numbers.EMPTY)
        if kind == "wide":
            header._element.insert(0, parse_xml(page_numbers.sideways(outer)))


def _begin_letter(section: Section, letter: LetterPage) -> None:
    """A first page without number, its red bands in its header: what an officer types does not move them."""
    section.different_first_page_header_footer = True
    _set(section.first_page_footer, page_numbers.EMPTY)
    _set(section.first_page_header, bands_xml(letter.bands))


def _set(place: _Header | _Footer, xml: str) -> None:
    place.is_linked_to_previous = False
    for child in list(place._element):
        place._element.remove(child)
    place._element.append(parse_xml(xml))


def _sign(document: DocxDocument, title: str, dated: date) -> None:
    """Properties of the file: nothing about this machine or the moment."""
    told = document.core_properties
    told.title, told.author, told.last_modified_by, told.comments, told.language = title, "", "", "", "zh-CN"
    told.created = told.modified = datetime(dated.year, dated.month, dated.day)
    told.revision = 1
