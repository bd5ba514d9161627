"""The slips of instructions in Word: the same one page as printed, with the cells a unit fills in."""

import io
from datetime import date

import pdfplumber
import pytest

from core.config import PROJECT
from core.documents.word.file import docx
from core.packs.trials import as_values
from core.strict_yaml.loader import load
from tests.docs.office import convert

__all__ = ["convert"]
pytestmark = pytest.mark.slow
DAY = date(2026, 7, 6)
HOME = PROJECT / "rulepacks" / "standard" / "documents"


def filled(kind, **more):
    said = load((HOME / kind / "sample.yaml").read_bytes(), "sample.yaml").plain()
    return {**as_values(said), "body": [], **more}


def on_pages(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return ["".join(page.extract_text().split()) for page in file.pages]


@pytest.mark.parametrize(
    ("kind", "base"), [("routing", True), ("routing", False), ("remark", True), ("remark", False)]
)
def test_a_slip_that_fills_one_page_in_print_fills_one_in_word(make_html, renderer, convert, kind, base):
    values = filled(kind, answer=[], answered_on=None) if kind == "routing" else filled(kind)
    files = {"template.html": f'{{% extends "print/{kind}.html" %}}'}
    if not base:
        files = {path.name: path.read_text("utf-8") for path in (HOME / kind).iterdir()}
    html = make_html("template.html", values, files)
    ours = on_pages(renderer.pdf(html))

    theirs = on_pages(convert(docx(html, DAY), "docx", "pdf"))

    assert len(ours) == len(theirs) == 1
    assert sorted(theirs[0]) == sorted(ours[0])
