"""Marks of several offices on orders, minutes and letters, where the word beside them and their place differ."""

from datetime import date

import pytest

from core.documents.word.file import docx
from tests.docs import forms, samples
from tests.docs.office import convert
from tests.docs.test_forms import MM, TOP, find, row_of

__all__ = ["convert"]
NAMES = ["临江市人民政府", "临江市公安局"]
DAY = date(2026, 7, 6)


@pytest.fixture(scope="module")
def order(make_html):
    """An order of two offices."""
    return make_html("print/order.html", {**forms.order(4), "mark": NAMES})


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_number_of_a_joint_order_stands_two_lines_below_its_marks(
    order, renderer, convert, open_pdf, form
):
    page = open_pdf(renderer.pdf(order) if form == "pdf" else convert(docx(order, DAY), "docx", "pdf"))[0]
    red = [char for char in page.chars if char["size"] > 30]

    assert "".join(sorted(char["text"] for char in red)) == "".join(sorted("".join(NAMES) + "令"))
    baseline = max(page.height - char["matrix"][5] for char in red if char["text"] in "临江市人民政府")
    assert (baseline - TOP) / MM == pytest.approx(20 + (0.88 + 1.25) * 42 / MM, abs=1)
    # Marks of 42 pt and half as much again between them reach into line 6; the text is two lines further down.
    assert row_of(find(page, "第12号")[0], page) == pytest.approx(9, abs=0.3)
    assert row_of(find(page, "一、")[0], page) == pytest.approx(12, abs=0.3)


def test_a_joint_order_without_a_title_is_called_by_its_offices(order):
    assert "<title>临江市人民政府　临江市公安局令第12号</title>" in order


def test_beside_the_marks_of_joint_minutes_stands_their_own_word(make_html):
    assert ">纪要</div>" in make_html("print/minutes.html", {**forms.minutes(), "mark": NAMES})


def test_a_letter_of_several_offices_bears_the_mark_of_the_first(make_pdf, open_pdf):
    values = samples.circular(mark=NAMES, office=NAMES)

    head = open_pdf(make_pdf("print/letter.html", values))[0].crop((0, 0, 595, 55 * MM)).extract_text()

    assert NAMES[0] in head and NAMES[1] not in head


def test_a_circular_signed_by_a_stamp_keeps_its_red_rule_in_word(make_html, convert, open_pdf):
    signed = '{% block signature %}{{ parts.stamped([{"post": "市长", "name": "张三"}], date | date_cn) }}{% endblock %}'
    template = '{% extends "print/circular.html" %}{% import "print/parts.html" as parts %}' + signed
    html = make_html("t.html", samples.short_circular(), {"t.html": template})

    page = open_pdf(convert(docx(html, DAY), "docx", "pdf"))[0]
    mark = [char for char in page.chars if char["size"] > 30]

    assert min(char["top"] for char in mark) - TOP == pytest.approx(35 * MM, abs=3 * MM)
    assert any(line["width"] > 150 * MM for line in [*page.lines, *page.rects])
