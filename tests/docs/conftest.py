"""The documents the layout tests measure, each made once."""

import io

import pdfplumber
import pytest

from tests.docs import forms, samples
from tests.docs.fixtures import fonts, fonts_dir, make_html, make_pdf, renderer

__all__ = ["fonts", "fonts_dir", "make_html", "make_pdf", "renderer"]

SAMPLES = {
    "one-page circular": ("print/circular.html", samples.short_circular),
    "long circular": ("print/circular.html", samples.long_circular),
    "briefing": ("print/briefing.html", samples.briefing),
    "minutes": ("print/minutes.html", forms.minutes),
    "order": ("print/order.html", forms.order),
    "upward": ("print/circular.html", forms.upward),
    "joint with seals": ("print/circular.html", lambda: forms.joint(True)),
    "joint without seals": ("print/circular.html", lambda: forms.joint(False)),
    "wide annexes": ("print/circular.html", forms.wide_annexes),
}


@pytest.fixture(scope="session")
def sample_pdf(make_pdf, tmp_path_factory):
    """sample_pdf(name): the path of a sample's PDF."""
    made = {}

    def path_of(name):
        if name not in made:
            template, values = SAMPLES[name]
            made[name] = tmp_path_factory.mktemp("pdf") / "sample.pdf"
            made[name].write_bytes(make_pdf(template, values()))
        return made[name]

    return path_of


@pytest.fixture
def open_pdf():
    """open_pdf(bytes or path): the pages, as pdfplumber sees them."""
    opened = []

    def pages(pdf):
        opened.append(pdfplumber.open(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf))
        return opened[-1].pages

    yield pages
    for file in opened:
        file.close()
