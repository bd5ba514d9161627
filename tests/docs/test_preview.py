"""Pictures of pages."""

import io

import pytest
from PIL import Image

from core.documents.rendering.preview import page_count, page_looks, page_png
from core.errors import NotFound, RenderError
from core.testing import BLANK_PDF
from tests.docs import samples


def test_a_page_becomes_a_picture_with_red_and_black_on_white(sample_pdf):
    pdf = sample_pdf("long circular").read_bytes()

    picture = Image.open(io.BytesIO(page_png(pdf, 1, 600))).convert("RGB")

    assert picture.size == (600, 849)
    colours = {colour: count for count, colour in picture.getcolors(1 << 20)}
    assert colours[(255, 255, 255)] > 0.8 * 600 * 849
    assert any(r > 200 and g < 60 and b < 60 for r, g, b in colours)


def test_pages_are_counted_and_a_page_beyond_the_last_is_refused(sample_pdf):
    pdf = sample_pdf("briefing").read_bytes()

    assert page_count(pdf) == 12
    with pytest.raises(NotFound, match="没有第 13 页"):
        page_png(pdf, 13, 300)


def test_what_is_no_pdf_is_said_to_be_none():
    with pytest.raises(RenderError, match="不是完好的 PDF"):
        page_count(b"hello")


def test_only_pages_on_which_something_changed_look_different(make_pdf):
    before, after = samples.briefing(4, 2), samples.briefing(4, 2)
    body = after["columns"][-1]["items"][-1]["body"]
    body[-1] = samples.paragraph("用到前面没有的字：鑫淼森，改过的一段。")

    both = [make_pdf("print/briefing.html", values) for values in (before, after)]
    looks = list(zip(*map(page_looks, both), strict=False))
    pictures = [[page_png(pdf, number, 300) for pdf in both] for number in range(1, len(looks) + 1)]

    assert [one == other for one, other in looks] == [one == other for one, other in pictures]
    assert {one == other for one, other in looks} == {True, False}


def test_a_damaged_file_has_no_looks():
    with pytest.raises(RenderError, match="不是完好的 PDF"):
        page_looks(b"hello")


def test_a_page_on_which_nothing_is_drawn_has_a_look_too():
    assert len(page_looks(BLANK_PDF)) == page_count(BLANK_PDF) == 1
