"""Frames around paragraphs in Word files, and notes that stay with their table."""

import io
from datetime import date

import pytest
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn

from core.documents.derived import sheets_of
from core.documents.word.file import docx
from core.documents.word.measures import CELL
from tests.docs import samples
from tests.docs.office import convert

__all__ = ["convert"]
DAY = date(2026, 7, 6)
MM = 72 / 25.4
NOTE = '<div class="note-box"><p class="center">编者按</p><p class="kai">甲</p></div>'
IN_A_BOX = (
    '{% extends "print/circular.html" %}{% block content %}' + NOTE + "{{ super() }}{% endblock %}"
    "{% block style %}.note-box { border: .5mm solid #e60012; padding: 2mm 3mm; margin-bottom: {{ rows(1) }} }{% endblock %}"
)


def framed(content, style):
    html = f"<!doctype html><html><head><title>x</title><style>{style}</style></head><body>{content}</body></html>"
    return Document(io.BytesIO(docx(html, DAY))).paragraphs


def sides(paragraph):
    frame = paragraph._p.pPr.find(qn("w:pBdr"))
    if frame is None:
        return {}
    return {
        each.tag.rpartition("}")[2]: tuple(each.get(qn(f"w:{name}")) for name in ("val", "sz", "space", "color"))
        for each in frame
    }  # fmt: skip


def test_a_note_in_a_box_of_the_format_keeps_its_frame(make_html):
    html = make_html("t.html", samples.circular(), {"t.html": IN_A_BOX})
    paragraphs = Document(io.BytesIO(docx(html, DAY))).paragraphs
    note = next(n for n, each in enumerate(paragraphs) if each.text == "编者按")

    title, text, after = paragraphs[note : note + 3]
    assert list(sides(text)) == ["top", "left", "bottom", "right"]  # as the schema wants
    assert sides(text)["top"] == ("single", "11", "6", "E60012") and sides(text)["left"][2] == "9"
    # One frame around both: in Word they must not differ.
    assert sides(title) == sides(text)
    edges = [each.paragraph_format for each in (title, text)]
    assert [edge.left_indent.pt for edge in edges] == pytest.approx([3.5 * MM] * 2, abs=0.1)
    assert [edge.right_indent.pt for edge in edges] == pytest.approx([3.5 * MM] * 2, abs=0.1)
    assert sides(after) == {} and after.paragraph_format.space_before.pt == pytest.approx(29.6, abs=0.1)
    assert text.paragraph_format.first_line_indent is None  # as its style says


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("border-left: 1mm solid rgb(0, 0, 255); padding-left: 3mm", {"left": ("single", "23", "9", "0000FF")}),
        ("border: thin dashed; border-width: 1pt 0 2pt; padding: 4pt",
         {"top": ("dashed", "8", "4", "000000"), "bottom": ("dashed", "16", "4", "000000")}),
        ("border: 1pt solid red; border-color: black; border-bottom: none",
         dict.fromkeys(("top", "left", "right"), ("single", "8", "0", "000000"))),
        ("border-style: double; border-top-width: 3pt; border-bottom-style: hidden; border-left: 0; border-right: 0",
         {"top": ("double", "8", "0", "000000")}),
        ("border: 1pt solid; padding: 80pt", dict.fromkeys(("top", "left", "bottom", "right"), ("single", "8", "31", "000000"))),
        ("border-radius: 3pt; border-collapse: collapse; border: 0", {}),
        ("border: 1pt solid; border: oops", {}),
    ],
)  # fmt: skip
def test_every_way_to_draw_a_frame_is_understood(style, shown):
    paragraph, other = framed('<p class="a">甲</p><p>乙</p>', f".a {{ {style} }}")

    assert sides(paragraph) == shown
    assert sides(other) == {}


def test_a_frame_said_on_the_element_itself_and_one_within_another():
    outer, inner, last = framed(
        '<div style="border: 1pt solid"><p>甲</p><p class="b">乙</p><p>丙</p></div>',
        ".b { border-left: 3pt solid }",
    )

    assert sides(outer) == sides(last) and len(sides(outer)) == 4
    assert list(sides(inner)) == ["left"]


def test_lines_of_the_base_templates_are_no_frames(make_html):
    for template, values in (
        ("circular", samples.long_circular()),
        ("letter", {**samples.circular(), "mark": samples.OFFICE}),
        ("briefing", samples.briefing()),
    ):
        paragraphs = Document(io.BytesIO(docx(make_html(f"print/{template}.html", values), DAY))).paragraphs

        assert {tuple(sides(each)) for each in paragraphs} <= {(), ("bottom",)}


TABLE = "<table><tr><td>甲县</td><td>12</td></tr></table>"
ROUND_A_TABLE = f'<p>前</p><div class="a"><p>乙</p>{TABLE}<p>丙</p></div><p>后</p><div class="a">{TABLE}</div><div class="a">{TABLE}</div>'


def test_a_table_stands_within_the_frame_and_nothing_of_it_is_lost():
    style = "<style>.a { border: 1pt dashed red; padding: 8pt; margin-top: 20pt }</style>"
    html = f"<!doctype html><html><head><title>x</title>{style}</head><body>{ROUND_A_TABLE}</body></html>"
    document = Document(io.BytesIO(docx(html, DAY)))

    assert [len(each.columns) for each in document.tables] == [1, 1, 1]
    frame = document.tables[0]
    edges = frame._tbl.tblPr.find(qn("w:tblBorders"))
    assert [each.tag.rpartition("}")[2] for each in edges] == ["top", "left", "bottom", "right"]
    assert {(each.get(qn("w:val")), each.get(qn("w:color"))) for each in edges} == {("dashed", "FF0000")}
    cell = frame.cell(0, 0)
    assert [each.text for each in cell.paragraphs if each.text] == ["乙", "丙"]
    assert all(not sides(each) for each in cell.paragraphs)
    (inner,) = cell.tables
    assert [each.text for each in inner.rows[0].cells] == ["甲县", "12"]
    # It is as wide as the frame leaves room, and a long frame goes on on the next page.
    assert sum(each.width.pt for each in inner.columns) == pytest.approx(156 * MM - 18, abs=0.2)
    assert frame.rows[0]._tr.trPr is None
    # Word wants a paragraph between two tables and at the end of a cell.
    assert cell._tc[-1].tag == qn("w:p") and [each.tag.rpartition("}")[2] for each in document.element.body] == [
        "p", "p", "tbl", "p", "p", "tbl", "p", "tbl", "p", "sectPr",
    ]  # fmt: skip


def test_the_tables_of_a_frame_go_into_the_workbook():
    html = f'<!doctype html><html><head><title>x</title></head><body><div style="border: 1pt solid">{TABLE}</div></body></html>'

    (sheet,) = sheets_of(html)

    assert [slot.text for row in sheet.rows for slot in row] == ["甲县", "12"]


def test_what_turns_the_sheet_stays_outside_a_frame():
    html = f'<!doctype html><html><head><title>x</title></head><body><div style="border: 1pt solid"><p>甲</p><div class="wide">{TABLE}</div></div></body></html>'
    document = Document(io.BytesIO(docx(html, DAY)))

    assert len(document.tables[0].columns) == 2 and len(document.sections) == 2
    assert len(sides(document.paragraphs[0])) == 4


def test_a_table_in_a_frame_is_no_wider_in_print(renderer, open_pdf, make_html):
    own = f'{{% extends "print/circular.html" %}}{{% block content %}}<div class="a">{TABLE}</div>{{% endblock %}}{{% block style %}}.a {{ border: 1mm solid red; padding: 3mm }}{{% endblock %}}'
    html = make_html("t.html", samples.circular(), {"t.html": own})

    (page, *_) = open_pdf(renderer.pdf(html))
    drawn = [each for each in (*page.rects, *page.lines, *page.curves) if each["bottom"] < 270 * MM]

    assert max(each["x1"] for each in drawn) <= (28 + 156.1) * MM + 0.5
    assert page.search("12")


def test_an_inset_of_the_style_is_kept_within_the_frame():
    (paragraph,) = framed('<p class="source">甲</p>', ".source { border: 2pt solid; padding: 3pt }")

    assert paragraph.paragraph_format.right_indent.pt == pytest.approx(CELL + 5, abs=0.1)


@pytest.mark.parametrize(
    ("margin", "left", "right"),
    [("10mm 12mm 5mm 20pt", 20, 12 * MM), ("0 10mm", 10 * MM, 10 * MM), ("5pt", 5, 5), ("0 auto", 0, 0), ("0 -5mm", 0, 0)],
)  # fmt: skip
def test_the_margins_of_a_frame_set_it_in(margin, left, right):
    style = f".a {{ border: 1pt solid; padding: 8pt; margin: {margin} }}"
    (paragraph,) = framed('<div class="a"><p>乙</p></div>', style)
    html = f'<!doctype html><html><head><title>x</title><style>{style}</style></head><body><div class="a"><p>乙</p>{TABLE}</div></body></html>'
    frame = Document(io.BytesIO(docx(html, DAY))).tables[0]

    edges = paragraph.paragraph_format
    assert [edges.left_indent.pt, edges.right_indent.pt] == pytest.approx([left + 9, right + 9], abs=0.1)
    # With a table in it the frame is a table itself, in the same place.
    assert frame.columns[0].width.pt == pytest.approx(156 * MM - left - right, abs=0.1)
    inner = frame.cell(0, 0).tables[0]
    assert sum(each.width.pt for each in inner.columns) == pytest.approx(
        156 * MM - left - right - 18, abs=0.2
    )
    set_in = frame._tbl.tblPr.find(qn("w:tblInd"))
    if left == right:
        assert set_in is None and frame.alignment == WD_TABLE_ALIGNMENT.CENTER
    else:
        assert (
            int(set_in.get(qn("w:w"))) / 20 == pytest.approx(left)
            and frame.alignment == WD_TABLE_ALIGNMENT.LEFT
        )


def test_the_first_note_stays_with_the_last_row_of_its_table(make_html):
    values = samples.circular(tables=[samples.ranking(4, notes=["得分相同的并列排名。"]), samples.ranking(3)])
    tables = Document(io.BytesIO(docx(make_html("print/circular.html", values), DAY))).tables[:2]

    kept = [
        [
            all(p.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs)
            for row in table.rows[3:]
        ]
        for table in tables
    ]

    # The first row stays with the second, the last but one with the last; that with its notes,
    # or with the signature.
    assert kept == [[True, False, True, True], [True, True, True]]


@pytest.mark.slow
def test_in_libreoffice_no_page_begins_with_the_note_of_a_table(make_html, convert, open_pdf):
    """Of a few tables one row longer each, one ends where the page does."""
    for rows in range(22, 26):
        table = samples.ranking(rows, notes=["得分相同的并列排名。"])
        values = samples.circular(annexes=[{"title": "得分表", "tables": [table]}], copy_to="", printed_by="")
        html = make_html("print/circular.html", values)

        for page in open_pdf(convert(docx(html, DAY), "docx", "pdf")):
            first = page.extract_text_lines()[0]["text"].replace(" ", "")
            assert not first.startswith("注："), rows
