"""Pictures of pages."""

import io

import pytest
from PIL import Image

from core.documents.preview import page_count, page_png
from core.errors import NotFound, RenderError


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
