"""Read back by readers that are not ours: sizes, words in their order, and where every single character stands."""

import io
import re
import zipfile

import ofdkit
import pdfplumber
import pytest
from fontTools.ttLib import TTFont

from plugins.ofd.geometry import MM
from tests.plugins.ofd.conftest import NAMES
from tests.plugins.ofd.samples import objects, page_root, parts

DOCUMENTS = [name for name in NAMES if name != "everything"]


def pdf_pages(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [(page.width, page.height, list(page.chars)) for page in file.pages]


def without_blanks(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_independent_reader_finds_all_words_in_their_order(pdf_of, ofd_of, name):
    expected = pdf_pages(pdf_of(name))

    with ofdkit.open(io.BytesIO(ofd_of(name))) as document:
        found = [(page.width, page.height, [run.text for run in page.runs]) for page in document.pages]

    assert len(found) == len(expected)
    for (wide, high, runs), (points_wide, points_high, chars) in zip(found, expected, strict=True):
        assert (wide, high) == pytest.approx((points_wide * MM, points_high * MM), abs=0.01)
        assert without_blanks("".join(runs)) == without_blanks("".join(char["text"] for char in chars))


def places(root):
    """Each character with its place on the sheet, worked out from the objects as the standard says (11.3)."""
    for thing in objects(root, "TextObject"):
        left, top, *_ = (float(part) for part in thing.get("Boundary").split())
        a, b, c, d, e, f = (float(part) for part in thing.get("CTM", "1 0 0 1 0 0").split())
        (code,) = objects(thing, "TextCode")
        x, y = float(code.get("X")), float(code.get("Y"))
        steps = [float(part) for part in (code.get("DeltaX") or "").split()]
        for char, step in zip(code.text, [*steps, 0.0], strict=True):
            yield char, left + a * x + c * y + e, top + b * x + d * y + f
            x += step


@pytest.mark.parametrize("name", ["rare characters", "wide annexes", "briefing", "standard warning"])
def test_every_character_stands_where_it_does_in_the_pdf(pdf_of, ofd_of, name):
    whole = ofd_of(name)

    for number, (_, high, chars) in enumerate(pdf_pages(pdf_of(name))):
        expected = [(c["text"], c["matrix"][4] * MM, (high - c["matrix"][5]) * MM) for c in chars]
        found = list(places(page_root(whole, number)))
        assert [char for char, *_ in found] == [char for char, *_ in expected]
        for (_, x, y), (_, at_x, at_y) in zip(found, expected, strict=True):
            assert (x, y) == pytest.approx((at_x, at_y), abs=0.01)


def test_sheets_of_several_sizes_keep_theirs(ofd_of):
    with ofdkit.open(io.BytesIO(ofd_of("wide annexes"))) as document:
        sizes = {(round(page.width), round(page.height)) for page in document.pages}

    assert sizes == {(210, 297), (297, 210), (420, 297)}


def test_readers_learn_what_document_it_is_but_not_where_it_was_made(ofd_of):
    with ofdkit.open(io.BytesIO(ofd_of("one-page circular"))) as document:
        about = document.info.to_dict()
    entry = parts(ofd_of("one-page circular"))["OFD.xml"].decode()

    assert "关于6月份信息采用情况的通报" in str(about) and "2026-07-06" in str(about)
    assert 'Name="文号">临政办〔2026〕18号<' in entry and "<ofd:Creator>要情</ofd:Creator>" in entry
    assert "Author" not in entry and "ModDate" not in entry


def test_rare_characters_can_be_found_and_copied(ofd_of):
    with ofdkit.open(io.BytesIO(ofd_of("rare characters"))) as document:
        text = "".join(run.text for page in document.pages for run in page.runs)

    assert {"堃", "喆", "祎", "䶮", "𠮷", "㎡"} <= set(text)


def test_the_fonts_inside_hold_the_characters_used_and_not_many_more(ofd_of):
    whole = parts(ofd_of("briefing"))
    used = {char for name in whole if "Pages" in name for char in whole[name].decode()}

    fonts = [TTFont(io.BytesIO(whole[name])) for name in whole if "/font_" in name]
    known = [set(map(chr, font.getBestCmap())) for font in fonts]

    assert fonts and all(len(chars) < 2 * len(chars & used) + 20 for chars in known)
    assert sum(len(content) for name, content in whole.items() if "/font_" in name) < 3_000_000


def test_headings_lead_to_their_pages(ofd_of, pdf_of):
    document = parts(ofd_of("briefing"))["Doc_0/Document.xml"].decode()
    numbers = re.findall(r'<ofd:Page ID="(\d+)"', document)
    headings = re.findall(
        r'OutlineElem Title="([^"]+)".*?PageID="(\d+)" Left="[\d.]+" Top="([\d.]+)"', document
    )

    with pdfplumber.open(io.BytesIO(pdf_of("briefing"))) as file:
        texts = [without_blanks(page.extract_text()) for page in file.pages]

    assert len(headings) > 10
    for title, page, top in headings[2:]:
        assert without_blanks(title)[:8] in texts[numbers.index(page)], title
        assert 30 < float(top) < 270


def test_the_package_opens_with_the_entry_file(ofd_of):
    with zipfile.ZipFile(io.BytesIO(ofd_of("one-page circular"))) as package:
        assert package.namelist()[0] == "OFD.xml"
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
