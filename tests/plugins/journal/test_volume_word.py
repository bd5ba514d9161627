"""The Word file of a volume: what its PDF says, on pages that begin and are numbered as there."""

import io
import re
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.documents.rendering.drawing import drawn_by
from core.documents.rendering.volumes import volume
from core.documents.word.binding import bound, volume_docx
from core.documents.word.file import docx_of
from core.documents.word.reading import pages_of
from plugins.journal.binding import Bound, Cover, Entry, Front, chapters
from tests.docs import samples
from tests.docs.conftest import open_pdf
from tests.docs.fixtures import fonts, fonts_dir, make_html, renderer
from tests.docs.office import convert
from tests.docs.test_letter import letter

__all__ = ["convert", "fonts", "fonts_dir", "make_html", "open_pdf", "renderer"]

DAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def issues(make_html):
    found = []
    for number in range(1, 4):
        values = samples.briefing(2 + 3 * number, 2)
        values["contents"] = True
        items = [item for column in values["columns"] for item in column["items"]]
        if number == 2:
            items[0]["tables"] = [samples.ranking(30, "附表", wide=True)]
        html = make_html("print/briefing.html", values)
        found.append(
            Bound(
                f"《政务要情》2026年第{number}期", date(2026, number, 5), html,
                [Entry(item["title"], ("云岭县",) if n % 2 else ("柳河县", "市财政局")) for n, item in enumerate(items)],
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def front(issues, fonts):
    cover = Cover("《政务要情》", 2026, "临江市人民政府办公室", "秘密★1年", ("柳河县", "云岭县", "市财政局"))
    return Front(cover, issues, fonts)


@pytest.fixture(scope="module")
def pdf(renderer, issues, front):
    return volume(renderer, chapters(issues), front)


@pytest.fixture(scope="module")
def make(renderer, issues, front, pdf):
    return lambda heard=None: volume_docx(
        front.html, list(chapters(issues)), front.laid, DAY, drawn_by(renderer), heard
    )


@pytest.fixture(scope="module")
def word(make):
    return make()


def bare(text):
    return re.sub(r"\s", "", text)


def begins_of(document):
    """Of every section of the file: where it begins, and how it is numbered."""
    found = []
    for section in document.element.iter(qn("w:sectPr")):
        numbering = section.find(qn("w:pgNumType"))
        found.append(
            (
                section.find(qn("w:type")).get(qn("w:val")),
                dict(numbering.attrib) if numbering is not None else {},
            )
        )
    return found


def fields_of(document):
    """The numbers that are filled in where the front part names a page, and the bookmarks they are of."""
    xml = document.element.xml
    asked = re.findall(r"PAGEREF (\w+) ", xml)
    return asked, set(re.findall(r'bookmarkStart[^>]* w:name="(\w+)"', xml))


def test_chapters_begin_on_right_hand_pages_and_their_numbers_run_on(word):
    begins = begins_of(Document(io.BytesIO(word)))

    roman, start = {qn("w:fmt"): "upperRoman"}, {qn("w:start"): "1"}
    upright, wide = ("nextPage", {}), ("nextPage", {})
    assert begins == [
        ("nextPage", roman), ("nextPage", roman),
        ("oddPage", start),
        ("oddPage", {}), wide, upright,
        ("oddPage", {}),
    ]  # fmt: skip


def test_every_line_of_the_contents_asks_for_a_place_that_there_is(word, front):
    asked, marks = fields_of(Document(io.BytesIO(word)))

    entries = sum(len(issue.entries) for issue in front.issues)
    units = sum(len(entry.units) for issue in front.issues for entry in issue.entries)
    assert len(asked) == len(front.issues) + entries + units
    assert set(asked) <= marks


def test_an_issues_own_contents_keep_the_numbers_it_was_printed_with(word, issues, front):
    texts = [bare(each.text) for each in Document(io.BytesIO(word)).paragraphs if each.style.name == "要目"]

    told = [text for text in texts if re.search(r"\d+$", text)]
    pages = [
        page - one.first + 1 for one in front.laid for name, page in sorted(one.anchors.items(), key=place)
    ]
    assert [int(re.search(r"\d+$", text)[0]) for text in told] == pages


def place(named):
    return [int(number) for number in re.findall(r"\d+", named[0])]


def test_opened_elsewhere_the_contents_name_the_page_where_each_item_stands(word, convert, open_pdf, front):
    pages = [bare(page.extract_text()) for page in open_pdf(convert(word, "docx", "pdf"))]
    first = next(n for n, page in enumerate(pages) if "临江要情" in page)
    contents = "".join(pages[2:first]).split("单位索引")[0]
    numbered = {int(found[1]): page for page in pages[first:] if (found := re.search(r"—(\d+)—$", page))}

    assert "2026年汇编" in pages[0] and "秘密★1年" in pages[0]
    begins = [int(number) for number in re.findall(r"2026年第\d期》?\.+(\d+)", contents)]
    assert [number for number, page in numbered.items() if "临江要情" in page] == begins
    assert begins == [one.first for one in front.laid]
    assert max(numbered) == front.laid[-1].first + front.laid[-1].pages - 1
    closings = [number for number, page in numbered.items() if "（共印" in page]
    for begin, closing, after in zip(begins, closings, [*begins[1:], closings[-1] + 1], strict=True):
        assert begin < closing < after
    entries = [entry for issue in front.issues for entry in issue.entries]
    places = [
        int(number) for number in re.findall(r"(?<!期)\.{3,}(\d+)", re.sub(r"期》?\.+\d+", "期", contents))
    ]
    assert len(places) == len(entries)
    for entry, number in zip(entries, places, strict=True):
        assert bare(entry.title)[:8] in numbered[number], entry.title


def test_the_same_volume_gives_the_same_bytes_and_tells_how_far_it_is(make, word):
    heard = []

    assert make(heard.append) == word
    assert heard == [0, 1, 2]


def test_an_issue_in_the_form_of_a_letter_keeps_its_bands(make_html):
    sent, plain = (
        pages_of(make_html(template, values))
        for template, values in (("print/letter.html", letter()), ("print/circular.html", samples.short_circular()))
    )  # fmt: skip

    sections = Document(io.BytesIO(docx_of(bound(plain, [plain, sent, plain]), DAY))).sections

    assert [each.different_first_page_header_footer for each in sections] == [False, False, True, False]
