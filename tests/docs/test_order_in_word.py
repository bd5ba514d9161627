"""The Word file of an order: its mark and number, and signers named where their stamps are printed."""

import io
from datetime import date

import pytest
from docx import Document

from core.documents.word.file import docx
from tests.docs import forms
from tests.docs.office import convert
from tests.docs.test_forms import CELL, RIGHT, find, row_of

__all__ = ["convert"]
DAY = date(2026, 7, 6)
STAMP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30">'
    '<rect x="1" y="1" width="58" height="28" fill="none" stroke="red"/></svg>'
)
SIGNERS = [{"post": "市　长", "name": "张三", "stamp": "a.svg"}, {"post": "军分区司令员", "name": "李祎喆"}]
TEXT = "《临江市政务信息工作办法》现予公布。"


@pytest.fixture(scope="module")
def html(make_html):
    """An order of one line, its first signer's stamp a picture."""
    body = [{"type": "paragraph", "runs": [{"text": TEXT}]}]
    values = {**forms.order(1, SIGNERS), "body": body}
    return make_html("t.html", values, {"t.html": '{% extends "print/order.html" %}', "a.svg": STAMP})


@pytest.fixture(scope="module")
def opened(html, convert):
    """What LibreOffice makes of its Word file."""
    return convert(docx(html, DAY), "docx", "pdf")


def test_a_signer_whose_stamp_is_a_picture_is_named(html):
    document = Document(io.BytesIO(docx(html, DAY)))

    signed = [each.text for each in document.paragraphs if each.style.style_id == "Stamped"]

    assert signed == ["\t市　长\t张三", "\t军分区司令员\t李祎喆"]
    assert [each.text for each in document.paragraphs if each.style.style_id == "StampedDate"] == [
        "2026年7月6日"
    ]


def test_the_text_stays_with_the_signers_and_the_date(html):
    paragraphs = Document(io.BytesIO(docx(html, DAY))).paragraphs
    by_text = {each.text: each for each in paragraphs}

    assert by_text[TEXT].paragraph_format.keep_with_next is True
    assert by_text["\t市　长\t张三"].style.paragraph_format.keep_with_next is True


def test_a_place_for_a_stamp_of_nobody_named_stays_empty(make_html):
    page = make_html("print/order.html", forms.order(1, [{"post": "市　长"}]))

    document = Document(io.BytesIO(docx(page, DAY)))

    assert [each.text for each in document.paragraphs if each.style.style_id == "Stamped"] == ["\t市　长\t"]


@pytest.mark.slow
def test_an_order_stands_in_libreoffice_as_it_is_printed(html, renderer, opened, open_pdf):
    (printed,), (page,) = open_pdf(renderer.pdf(html)), open_pdf(opened)

    def rows(page):
        return [row_of(find(page, text)[0], page) for text in ("第", TEXT, "市　长", "军分区", "年")]

    # Two lines free above the text and above the first signer, one above the date; the mark ends in line 4.
    assert rows(printed) == [7, 10, 13.5, 15.5, 18]
    assert rows(page) == pytest.approx(rows(printed), abs=0.4)
    mark = [char for char in page.chars if char["size"] > 40]
    ours = [char for char in printed.chars if char["size"] > 40]
    assert mark[0]["matrix"][5] == pytest.approx(ours[0]["matrix"][5], abs=5)


@pytest.mark.slow
def test_posts_and_names_stand_apart_and_end_below_each_other(opened, open_pdf):
    page = open_pdf(opened)[0]
    posts = [find(page, post)[1]["x1"] for post in ("市　长", "军分区司令员")]

    assert posts == pytest.approx([RIGHT - 10.5 * CELL] * 2, abs=3)
    for name in ("张三", "李祎喆"):
        first, last = find(page, name)
        assert (first["x0"] + last["x1"]) / 2 == pytest.approx(RIGHT - 6.25 * CELL, abs=3)
        assert first["x0"] > posts[0] + 2 * CELL
    assert page.chars[-1]["x1"] < RIGHT


@pytest.mark.slow
def test_a_long_name_keeps_its_distance_from_the_post_in_word_too(make_html, convert, open_pdf):
    signers = [{"post": "自治州州长", "name": "阿不都热西提·买买提明"}]
    html = make_html("t.html", forms.order(1, signers), {"t.html": '{% extends "print/order.html" %}'})

    page = open_pdf(convert(docx(html, DAY), "docx", "pdf"))[-1]

    first, last = find(page, "阿不都热西提·买买提明")
    assert last["x1"] == pytest.approx(RIGHT - 4 * CELL, abs=4)
    assert find(page, "自治州州长")[1]["x1"] == pytest.approx(first["x0"] - 2 * CELL, abs=4)
