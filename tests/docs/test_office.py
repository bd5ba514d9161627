"""What LibreOffice makes of our Word and spreadsheet files: the same pages, the same text, nothing that runs."""

import csv
import io
import re
import unicodedata
from collections import Counter
from datetime import date

import pdfplumber
import pytest

from core.documents.rendering.preview import anchor_pages
from core.documents.word.file import docx
from core.documents.workbook import of_lines, workbook
from tests.docs import samples
from tests.docs.office import convert
from tests.docs.test_word import SEALING, plain

__all__ = ["convert"]
pytestmark = pytest.mark.slow
DAY = date(2026, 7, 6)


def written(pdf):
    """The Chinese text of a PDF, however its lines are ordered."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        text = "".join(page.extract_text() for page in file.pages)
    return Counter(char for char in unicodedata.normalize("NFKC", text) if "\u4e00" <= char <= "\u9fff")


def pages(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return len(file.pages)


@pytest.fixture
def both(make_html, renderer, convert):
    """both(template, values): our PDF, and the one LibreOffice makes of our Word file."""

    def make(template, values):
        html = make_html(template, values)
        ours = renderer.pdf(html)
        return ours, convert(docx(html, DAY, anchor_pages(ours)), "docx", "pdf")

    return make


def test_a_short_circular_has_the_same_page_and_the_same_text(both):
    ours, theirs = both("print/circular.html", samples.short_circular())

    assert pages(theirs) == pages(ours) == 1
    assert written(theirs) == written(ours)


def test_full_lines_have_28_characters_as_in_print(both):
    text = "全市各级各部门要提高政治站位强化责任担当扎实做好各项工作确保取得实效" * 4

    values = samples.short_circular() | {"body": [samples.paragraph(text), samples.paragraph("特此通报。")]}
    counts = []
    for pdf in both("print/circular.html", values):
        with pdfplumber.open(io.BytesIO(pdf)) as file:
            lines = [plain(line["text"]) for line in file.pages[0].extract_text_lines()]
        counts.append([len(line) for line in lines if line in text and len(line) > 20])

    assert counts[0] == counts[1] == [26, 28, 28, 28, 26]


@pytest.mark.parametrize("copied", ["", "市委办公室。", samples.circular()["copy_to"]])
@pytest.mark.parametrize("lines", range(1, 8))
def test_the_colophon_stands_on_the_page_of_the_text_where_it_does_in_print(both, copied, lines):
    body = [samples.paragraph("全市各级各部门要提高政治站位强化责任担当扎实做好各项")] * lines

    ours, theirs = both("print/circular.html", samples.circular(title="通报", body=body, copy_to=copied))

    assert pages(theirs) == pages(ours)


def test_a_briefing_has_as_many_pages_and_the_same_text(both):
    ours, theirs = both("print/briefing.html", samples.briefing())

    assert pages(theirs) == pages(ours)
    assert written(theirs) == written(ours)


def test_a_long_circular_with_sideways_annexes_has_as_many_pages(both):
    values = samples.long_circular()

    ours, theirs = both("print/circular.html", values)

    assert pages(theirs) == pages(ours)
    # Heads are repeated on every page a table goes on to, and tables may break elsewhere.
    assert set(written(theirs)) == set(written(ours))
    with pdfplumber.open(io.BytesIO(theirs)) as file:
        sides = [page.width > page.height for page in file.pages]
        last = file.pages[-1].extract_text()
    assert sides.count(True) == 2 and not sides[-1]
    assert "抄送" in last and not re.search(r"— ?\d+ ?—", last)


def test_a_workbook_says_in_libreoffice_what_we_wrote(convert):
    lines = [
        ["单位", "得分", "备注"],
        ["甲县", "150.50", "=1+1"],
        ["乙县", "98", "+86 @SUM(A1)"],
        ["丙县", "007", "-1"],
    ]

    saved = convert(
        workbook([of_lines("得分", lines)], DAY),
        "xlsx",
        "csv:Text - txt - csv (StarCalc):44,34,76",
    )

    assert list(csv.reader(io.StringIO(saved.decode("utf-8-sig")))) == lines


@pytest.mark.parametrize("count", [2, 5])
def test_what_follows_the_mark_of_several_offices_stands_where_it_is_printed(
    make_html, make_pdf, open_pdf, convert, count
):
    """The number below the mark: the table of names is exactly as high as the names on the page."""
    values = samples.circular(
        mark=SEALING[:count], office=SEALING[:count], seal=True, number="临教〔2026〕8号"
    )

    def bottom_of_number(pdf):
        lines = open_pdf(pdf)[0].extract_text_lines()
        return next(line["bottom"] for line in lines if "〔2026〕8" in line["text"].replace(" ", ""))

    printed = bottom_of_number(make_pdf("print/circular.html", values))
    written = docx(make_html("print/circular.html", values), date(2026, 7, 6))

    assert bottom_of_number(convert(written, "docx", "pdf")) == pytest.approx(printed, abs=4)
