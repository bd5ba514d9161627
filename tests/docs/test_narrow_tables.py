"""A table that a format made wider than its place is made narrower in print and in Word, or refused with its name."""

import io
from datetime import date

import pytest
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT

from core.documents.typesetting.grid import A3_AREA, AREA_HEIGHT, AREA_WIDTH, LEFT, MM
from core.documents.word.file import docx
from core.errors import RenderError
from tests.docs import samples

DAY = date(2026, 7, 6)
BASE = '{% extends "print/circular.html" %}'
FRAME = '<div style="border: 1pt solid; padding: 8pt; margin: 0 20pt 0 40pt">{}</div>'
SCORES = [["位次", "单位", "得分"], ["1", "甲县", "192.5"], ["2", "乙县", "185"]]


def table(*widths, rows=SCORES, kind=""):
    columns = "".join(f'<col style="width: {width}">' for width in widths)
    cells = "".join("<tr>" + "".join(f"<td{kind}>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><colgroup>{columns}</colgroup>{cells}</table>"


@pytest.fixture
def filled(make_html):
    def fill(content, **values):
        own = {"t.html": f"{BASE}{{% block content %}}{content}{{% endblock %}}"}
        return make_html("t.html", samples.circular(body=[], copy_to="", printed_by="", **values), own)

    return fill


@pytest.fixture
def printed(filled, renderer, open_pdf):
    """printed(content): where the vertical rules of the last table in print stand, in points from the type area."""

    def rules(content, **values):
        pages = open_pdf(renderer.pdf(filled(content, **values)))
        found = [
            (page.page_number, round(line["x0"] - LEFT * MM, 1))
            for page in pages
            for line in (*page.lines, *page.rects)
            if line["height"] > 20 and line["width"] < 2
        ]
        return sorted({x for number, x in found if number == max(number for number, _ in found)})

    return rules


def columns(places):
    return [round(b - a, 1) for a, b in zip(places, places[1:], strict=False)]


def in_word(html):
    """The widths of the innermost table."""
    found = Document(io.BytesIO(docx(html, DAY))).tables[0]
    while found.cell(0, 0).tables:
        found = found.cell(0, 0).tables[0]
    return [each.width.pt for each in found.columns]


@pytest.mark.parametrize("widths", [("100pt", "400pt", "200pt"), ("50mm", "200mm", "100mm")])
def test_columns_too_wide_for_the_page_share_it_in_their_proportion(printed, filled, widths):
    html = table(*widths)

    assert columns(printed(html)) == pytest.approx(
        [AREA_WIDTH * MM * share / 7 for share in (1, 4, 2)], abs=0.6
    )
    assert in_word(filled(html)) == pytest.approx(
        [AREA_WIDTH * MM * share / 7 for share in (1, 4, 2)], abs=0.2
    )


def test_in_a_frame_the_room_of_the_frame_is_what_is_shared(printed, filled):
    html, room = FRAME.format(table("100pt", "400pt", "200pt")), AREA_WIDTH * MM - 60 - 18

    places = printed(html)
    assert (places[0], places[-1]) == pytest.approx((40 + 9, AREA_WIDTH * MM - 20 - 9), abs=1)
    assert columns(places) == pytest.approx([room * share / 7 for share in (1, 4, 2)], abs=0.6)
    assert in_word(filled(html)) == pytest.approx([room * share / 7 for share in (1, 4, 2)], abs=0.2)


@pytest.mark.parametrize(("sheet", "room"), [("wide", AREA_HEIGHT), ("a3", A3_AREA)])
def test_on_a_sheet_laid_sideways_its_own_room_is_shared(printed, filled, sheet, room):
    html = f'<div class="{sheet}">{table("300pt", "1200pt", "600pt")}</div>'

    assert in_word(filled(html)) == pytest.approx([room * MM * share / 7 for share in (1, 4, 2)], abs=0.3)
    if sheet == "a3":  # has the margins of an upright page
        assert columns(printed(html)) == pytest.approx(
            [room * MM * share / 7 for share in (1, 4, 2)], abs=0.6
        )


def test_the_systems_own_table_fits_into_a_frame(printed):
    html = FRAME.format("{{ tables[0] | table }}") + "{% endblock %}{% block tables %}"

    places = printed(html, tables=[{"head": [SCORES[0]], "rows": SCORES[1:]}])

    assert (places[0], places[-1]) == pytest.approx((40 + 9, AREA_WIDTH * MM - 20 - 9), abs=1)


@pytest.mark.parametrize(
    ("widths", "shown"),
    [
        (("42pt", "300pt", "100.2pt"), [42, 300, 100.2]),  # exactly as wide as the page
        (("50pt", "100pt", "50pt"), [130.7, 180.7, 130.7]),  # the rest is shared equally
        (("42.2pt", "", ""), [42.2, 200, 200]),
        (("20%", "50%", "30%"), [88.4, 221.1, 132.7]),
    ],
)
def test_columns_in_word_are_as_wide_as_in_print(printed, filled, widths, shown):
    html = table(*widths)

    assert columns(printed(html)) == pytest.approx(shown, abs=0.6)
    assert in_word(filled(html)) == pytest.approx(shown, abs=0.2)


ROWS = "<tr><td class=a>位次</td><td class=b>单位</td><td class=c>得分</td></tr><tr><td>1</td><td>甲县</td><td>2</td></tr>"
COLUMNS = "<colgroup><col class=a><col class=b><col class=c></colgroup>"


@pytest.mark.parametrize(
    ("css", "html", "shown"),
    [
        (".a { width: 20% } .b { width: 50% } .c { width: 30% }", COLUMNS, [88.4, 221.1, 132.7]),
        ("col.a { width: 42.2pt }", COLUMNS, [42.2, 200, 200]),
        (".a { width: 42.2pt }", "", [48.9, 196.7, 196.7]),  # a cell's own room and rule come to it
        ("table.own { width: 60% }", "", [88.4, 88.4, 88.4]),
        ("table.own { width: 200pt } .b { width: 50% }", "", [46.7, 106.7, 46.7]),
        ("table.own { width: 60%; margin: 0 auto } td:first-child { width: 20% }", "", [59.8, 102.8, 102.8]),
    ],
)
def test_widths_of_a_style_sheet_are_the_same_in_word_as_in_print(printed, filled, css, html, shown):
    own = f"<table class=own>{html}{ROWS}</table>{{% endblock %}}{{% block style %}}{css}"

    places = printed(own)
    assert columns(places) == pytest.approx(shown, abs=0.6)
    assert in_word(filled(own)) == pytest.approx(shown, abs=0.4)

    table = Document(io.BytesIO(docx(filled(own), DAY))).tables[0]
    assert (table.alignment == WD_TABLE_ALIGNMENT.LEFT) == (places[0] < 1 and places[-1] < 430)


@pytest.mark.parametrize(
    ("html", "cell"),
    [
        (table("10pt", "900pt", "900pt"), "位次"),  # not one character
        (table("400pt", "900pt", "80pt"), "192.5"),  # a number would be broken
        (table("400pt", "900pt", "80pt", kind=' class="number"'), "192.5"),
        (table("156mm", "", ""), "单位"),  # nothing is left for the others
    ],
)
def test_a_table_that_would_not_be_read_is_refused_with_its_words(printed, html, cell):
    with pytest.raises(RenderError, match="表格比所在的位置宽，按比例缩小后排不下") as caught:
        printed(html)

    assert f"表格“位次单位得分1甲县192……”中，“{cell}”所在的列太窄" in str(caught.value)
    assert "请减少列、改小列宽" in str(caught.value)


def test_a_margin_below_zero_lets_a_table_stand_out_on_purpose(printed):
    html = table("100pt", "200pt", "200pt").replace(
        "<table>", '<table style="margin: 0 -30pt; width: 502.2pt">'
    )

    assert printed(html)[-1] - printed(html)[0] == pytest.approx(502.2, abs=1)


def test_a_long_table_is_as_narrow_on_every_page(filled, renderer, open_pdf):
    rows = [SCORES[0], *([str(n), "甲县", f"{n}.5"] for n in range(80))]

    pages = open_pdf(renderer.pdf(filled(table("100pt", "400pt", "200pt", rows=rows))))

    assert len(pages) > 2
    assert all(char["x1"] <= (LEFT + AREA_WIDTH) * MM + 0.5 for page in pages for char in page.chars)
