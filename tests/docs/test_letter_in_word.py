"""The Word file of a letter: the mark above the type area, both double rules, no number on the first page."""

import io
from datetime import date

import pytest
from docx import Document

from core.documents.word.file import docx
from tests.docs import samples
from tests.docs.office import convert
from tests.docs.test_letter import MM, letter, top_of

__all__ = ["convert"]
DAY = date(2026, 7, 6)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BANDS = "{urn:schemas-microsoft-com:vml}rect"
MARKED = {"copy_number": "000012", "classification": "秘密★1年", "urgency": "特急"}


@pytest.fixture
def word(make_html):
    """word(**more): the letter, read back."""

    def make(**more):
        return Document(io.BytesIO(docx(make_html("print/letter.html", letter(**more)), DAY)))

    return make


@pytest.fixture
def both(make_html, renderer, convert, open_pdf):
    """both(**more): the pages we print, and those LibreOffice makes of our Word file."""

    def make(**more):
        html = make_html("print/letter.html", letter(**more))
        return open_pdf(renderer.pdf(html)), open_pdf(convert(docx(html, DAY), "docx", "pdf"))

    return make


def edges(page):
    """The edges of the red bands across a page, in mm, and of their gaps."""
    wide = [shape for shape in (*page.rects, *page.curves) if shape["width"] > 160 * MM]
    return sorted({round(shape[side] / MM, 1) for shape in wide for side in ("top", "bottom")})


def test_the_first_page_has_no_number_and_all_others_have_one(word):
    section = word().sections[0]

    assert section.different_first_page_header_footer
    assert section.first_page_footer.paragraphs[0].text == ""
    assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text == "— 1 —"


def test_the_bands_are_in_the_header_of_the_first_page_only(word):
    document = word(own_foot_page=True)

    first, last = document.sections[0], document.sections[-1]
    assert len(list(first.first_page_header._element.iter(BANDS))) == 4
    assert not list(first.header._element.iter(BANDS)) and not list(document.element.body.iter(BANDS))
    assert not last.different_first_page_header_footer


def test_a_rule_a_pack_leaves_out_is_not_in_word(make_html):
    own = '{% extends "print/letter.html" %}{% block red_rule %}{% endblock %}'
    html = make_html("t.html", letter(), {"t.html": own})

    section = Document(io.BytesIO(docx(html, DAY))).sections[0]

    assert len(list(section.first_page_header._element.iter(BANDS))) == 2
    assert section.different_first_page_header_footer


def test_the_number_stands_beside_the_first_of_the_marks(word):
    lines = [p.text for p in word(**MARKED).paragraphs if p.style.style_id == "Head"]

    assert lines == ["000012\t临政办函〔2026〕12号", "秘密★1年", "特急"]


@pytest.mark.parametrize("check", [{}, {"code": "4PSG-8RTK", "address": "", "url": ""}])
def test_the_colophon_of_a_letter_has_no_rules(word, check):
    foot = word(check=check).tables[-1]

    assert foot.cell(0, 0).text == "抄送：市委督查室。" and len(foot.rows) == 1 + bool(check)
    assert [len(borders) for borders in foot._tbl.iter(f"{W}tcBorders")] == [0] * len(
        list(foot._tbl.iter(f"{W}tc"))
    )


@pytest.mark.slow
def test_both_double_rules_stand_in_libreoffice_where_they_are_printed(both):
    (printed, *_), (first, *others) = both()

    assert edges(first) == pytest.approx([48.8, 49.5, 50, 50.3, 275.5, 275.8, 276.3, 277], abs=0.15)
    assert edges(printed)[::3] == pytest.approx([48.8, 50.3, 276.3], abs=0.15)
    wide = [shape for shape in (*first.rects, *first.curves) if shape["width"] > 160 * MM]
    assert {(round(band["x0"] / MM), round(band["x1"] / MM)) for band in wide} == {(20, 190)}
    assert [edges(page) for page in others] == [[] for _ in others]


@pytest.mark.slow
@pytest.mark.parametrize(
    "more", [MARKED, {"mark": "临江市推进政务信息工作高质量发展领导小组办公室"}], ids=str
)
def test_mark_number_and_title_stand_in_libreoffice_where_they_are_printed(both, more):
    (printed, *_), (first, *others) = both(**more)

    def places(page):
        sizes = {round(char["size"]) for char in page.chars}
        mark = [char for char in page.chars if round(char["size"]) == max(sizes)]
        title = next(char for char in page.chars if round(char["size"]) == 22)
        sign = next(char for char in page.chars if char["text"] == "号" and char["top"] < 80 * MM)
        marks = [top_of(page, text) for text in "秘特" if more is MARKED]
        return [
            min(char["x0"] for char in mark) / MM, top_of(page, mark[0]["text"]), sign["x1"] / MM,
            top_of(page, "〔"), title["top"] / MM, *marks,
        ]  # fmt: skip

    assert places(first) == pytest.approx(places(printed), abs=1)
    assert "—" not in "".join(char["text"] for char in first.chars if char["top"] > 262 * MM)
    assert "— 2 —" in others[0].extract_text()


@pytest.mark.slow
def test_a_short_letter_is_one_page_in_libreoffice_too(both):
    printed, opened = both(body=[samples.paragraph(samples.text(1))])

    assert len(printed) == len(opened) == 1
    lines = {line["text"].replace(" ", ""): line["bottom"] for line in opened[0].extract_text_lines()}
    assert lines["抄送：市委督查室。"] / MM == pytest.approx(262, abs=3)
