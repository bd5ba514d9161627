"""Finished documents against GB/T 9704-2012, measured on the PDF."""

import re
from datetime import date

import pikepdf
import pytest

from core.documents.typesetting.grid import Style
from tests.docs import samples
from tests.docs.conftest import SAMPLES
from tests.tools.measure_gb9704 import measure

MM = 72 / 25.4


def failed(result):
    return {name: check for name, check in result["checks"].items() if not check["ok"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_passes_every_check_of_the_meter(sample_pdf, name):
    result = measure(str(sample_pdf(name)))

    assert failed(result) == {}
    assert result["right_edge_fill"]["reaching"] == result["right_edge_fill"]["continued"]


def test_pages_filled_with_text_hold_22_lines_of_28_characters(make_pdf, tmp_path):
    body = [
        samples.paragraph(samples.text(n) + "王堃、赵喆负责12.6万㎡改造。", "坚持“三个一”。")
        for n in range(15)
    ]
    (tmp_path / "full.pdf").write_bytes(make_pdf("print/circular.html", samples.circular(body=body)))

    result = measure(str(tmp_path / "full.pdf"))

    assert failed(result) == {}
    assert result["lines_per_full_page"] == {22: 4}


@pytest.mark.parametrize("style", [Style(size=15.75), Style(latin="times"), Style(mirrored=True)], ids=str)
def test_the_switches_keep_the_grid(make_pdf, tmp_path, style):
    body = [samples.paragraph(samples.text(n)) for n in range(7)]
    pdf = make_pdf("print/circular.html", samples.circular(body=body), style=style)
    (tmp_path / "styled.pdf").write_bytes(pdf)

    assert failed(measure(str(tmp_path / "styled.pdf"))) == {}


def test_red_head_stands_where_the_standard_puts_it(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("one-page circular"))[0]

    rule = next(shape for shape in page.rects if shape["width"] > 100 * MM)
    mark = [char for char in page.chars if char["size"] > 40]
    number = [char for char in page.chars if char["text"] == "〔"]
    number_bottom = number[0]["matrix"][5] - 0.12 * 16  # em box, from the page's lower edge

    assert rule["width"] / MM == pytest.approx(156, abs=0.1)
    assert rule["x0"] / MM == pytest.approx(28, abs=0.1)
    assert (number_bottom - (page.height - rule["top"])) / MM == pytest.approx(4, abs=0.3)
    baseline = (page.height - mark[0]["matrix"][5]) / MM
    assert baseline - 0.88 * 42 / MM == pytest.approx(37 + 35, abs=0.3)
    middle = (mark[0]["x0"] + mark[-1]["x1"]) / 2
    assert middle / MM == pytest.approx(28 + 78, abs=0.6)


def test_sealed_signature_is_centred_over_a_date_four_characters_in(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("long circular"))[3]
    lines = {line["text"]: line for line in page.extract_text_lines()}

    date, office = lines["2026年7月6日"], lines[samples.OFFICE]

    right_edge = (28 + 156) * MM
    assert (right_edge - date["x1"]) / (156 * MM / 28) == pytest.approx(4, abs=0.3)
    assert (office["x0"] + office["x1"]) / 2 == pytest.approx((date["x0"] + date["x1"]) / 2, abs=1.5)


def test_unsealed_signature_ends_two_characters_in_and_its_date_starts_two_later(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("one-page circular"))[0]
    lines = {line["text"]: line for line in page.extract_text_lines()}

    date, office = lines["2026年7月6日"], lines[samples.OFFICE]

    cell = 156 * MM / 28
    assert ((28 + 156) * MM - office["x1"]) / cell == pytest.approx(2, abs=0.3)
    assert (date["x0"] - office["x0"]) / cell == pytest.approx(2, abs=0.3)


def test_colophon_closes_the_last_page_at_the_foot_of_the_type_area(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("briefing"))[-1]

    edges = [
        edge for shape in page.rects if shape["width"] > 150 * MM for edge in (shape["top"], shape["bottom"])
    ]
    edges = sorted({round(edge / MM, 2) for edge in edges})

    assert edges[-1] == pytest.approx(262, abs=0.05)
    assert edges[-1] - edges[-2] == pytest.approx(0.35, abs=0.01)
    assert edges[1] - edges[0] == pytest.approx(0.35, abs=0.01)


def test_the_two_ends_of_a_line_of_the_colophon_never_meet(make_pdf, open_pdf):
    office = "内蒙古自治区呼伦贝尔市鄂伦春自治旗人民政府办公室秘书科"
    values = samples.circular(printed_by=office, printed_on=date(2026, 12, 31))

    page = open_pdf(make_pdf("print/circular.html", values))[-1]
    lines = [line for line in page.extract_text_lines(x_tolerance=20) if line["top"] > 200 * MM]
    texts = ["".join(line["text"].split()) for line in lines]
    first = next(place for place, text in enumerate(texts) if text.endswith("印发"))
    day = [char for char in lines[first]["chars"] if char["x0"] > 125 * MM]

    assert "".join(char["text"] for char in day) == "2026年12月31日印发"
    assert office == texts[first].removesuffix("2026年12月31日印发") + texts[first + 1]
    assert day[-1]["x1"] == pytest.approx((28 + 156) * MM - 14, abs=0.5)


def distributed(count):
    """A briefing sent to so many units."""
    names = "、".join(f"第{n}街道政务信息直报点" for n in range(1, count + 1))
    return samples.briefing() | {"distribution": [{"label": "发", "to": f"{names}。"}]}


@pytest.mark.parametrize("count", [40, 54, 60, 66, 150])
def test_a_long_distribution_list_is_printed_whole_without_an_empty_page(make_pdf, open_pdf, count):
    pages = open_pdf(make_pdf("print/briefing.html", distributed(count)))
    texts = [re.sub("—[0-9]+—", "", "".join(page.extract_text().split())) for page in pages]
    whole = "".join(texts)

    assert all(len(text) > 60 for text in texts[:-1]) and "街道" in texts[-1]
    assert all(f"第{n}街道政务信息直报点" in whole for n in range(1, count + 1))
    assert whole.count("发：第1街道") == 1 and whole.count("共印150份") == 1
    assert max(char["bottom"] for char in pages[-1].chars if char["text"] == "份") < 263 * MM


def test_copies_keep_their_line_when_no_editor_is_named(make_pdf, open_pdf):
    named, unnamed = samples.briefing(), samples.briefing()
    unnamed.pop("editor")

    tops = [
        next(line["top"] for line in open_pdf(made)[-1].extract_text_lines() if "共印150份" in line["text"])
        for made in (make_pdf("print/briefing.html", values) for values in (named, unnamed))
    ]

    assert tops[0] == pytest.approx(tops[1], abs=0.1)


def test_table_head_is_repeated_and_decimals_stand_under_each_other(sample_pdf, open_pdf):
    pages = open_pdf(sample_pdf("long circular"))
    tables = [page for page in pages if "国办" in page.extract_text()]

    points = [char["x0"] for char in tables[1].chars if char["text"] == "." and char["x0"] > 165 * MM]

    assert len(tables) == 4
    assert all("位次" in page.extract_text() for page in tables)
    assert len(points) > 5
    assert max(points) - min(points) < 0.5


def test_sideways_annex_keeps_its_page_number_at_the_left_edge(sample_pdf, open_pdf):
    pages = [page for page in open_pdf(sample_pdf("long circular")) if page.width > page.height]

    digits = {
        page.page_number: [c for c in page.chars if not c["upright"] and c["text"].isdigit()]
        for page in pages
    }

    assert digits
    for number, found in digits.items():
        # Turned a quarter: the baseline runs down the page, 7 mm and the dash's height beside the type area.
        baseline, start = found[0]["matrix"][4] / MM, found[0]["top"] / MM
        assert baseline == pytest.approx(35 - 7 - 0.3 * 14 / MM, abs=0.2)
        assert (start if number % 2 == 0 else 210 - start) == pytest.approx(28 + 14, abs=8)


def test_contents_of_a_briefing_give_the_right_pages(sample_pdf, open_pdf):
    pages = open_pdf(sample_pdf("briefing"))
    texts = [page.extract_text() for page in pages]
    row = next(line for line in texts[0].split("\n") if line.startswith("云岭县三项举措"))

    printed = int(row.rsplit(".", 1)[1])

    assert "云岭县三项举措推动营商环境持续优化" in texts[printed - 1]
    assert len(pages) == 12


def test_pdf_is_sound_tagged_archivable_and_titled(sample_pdf):
    path = sample_pdf("long circular")

    with pikepdf.open(path) as pdf:
        # The library is qpdf itself; its check is what the program runs.
        problems = pdf.check_pdf_syntax()
        metadata = pdf.open_metadata()
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.MarkInfo.Marked
        assert "关于2026年6月份" in str(pdf.docinfo.Title)
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")

    assert problems == []


def test_a_pack_changes_wording_masthead_and_order_without_copying_layout(make_pdf, open_pdf):
    template = """{% extends "print/briefing.html" %}
{% block masthead %}<h1 class="masthead xbs red" style="font-size: 48pt">{{ masthead }}</h1>{% endblock %}
{% block issue_line %}<div class="issue-line">{{ year }}年第{{ issue_number }}期</div>{% endblock %}
{% block item_source %}<p class="source">（供稿：{{ item.source }}）</p>{% endblock %}
{% block style %}{% include "style.css" %}{% endblock %}"""
    values = {**samples.briefing(4, 1), "year": 2026}

    pages = open_pdf(
        make_pdf("t.html", values, {"t.html": template, "style.css": ".source { color: #123456 }"})
    )

    first, rest = pages[0].extract_text(), "".join(page.extract_text() for page in pages[1:])
    assert "2026年第12期" in first
    assert "（供稿：云岭县人民政府）" in rest
    assert all(char["size"] < 49 for char in pages[0].chars)


def wide_annex(**more):
    return {"title": "累计一览表", "tables": [samples.ranking(3, wide=True)], **more}


def wide_item(source):
    issue = samples.briefing(4, 1)
    issue["columns"][-1]["items"][-1].update(source=source, author="", tables=[samples.ranking(3, wide=True)])
    return issue


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("print/circular.html", samples.circular(annexes=[wide_annex(wide=True)])),
        ("print/circular.html", samples.circular(annexes=[wide_annex()])),
        ("print/briefing.html", wide_item("")),
        ("print/briefing.html", wide_item("甲县")),
    ],
    ids=[
        "sideways annex",
        "sideways table in an annex",
        "sideways table in a briefing",
        "its source above it",
    ],
)
def test_a_colophon_that_follows_a_sideways_page_carries_no_number(make_pdf, open_pdf, template, values):
    pages = open_pdf(make_pdf(template, values))
    texts = ["".join(page.extract_text().split()) for page in pages]

    assert pages[-2].width > pages[-2].height and pages[-1].width < pages[-1].height
    assert "印发" in texts[-1] or "共印" in texts[-1]
    assert "—" not in texts[-1]
    assert [c for c in pages[-2].chars if not c["upright"] and c["text"].isdigit()]


@pytest.mark.parametrize(
    ("template", "values"),
    [
        (
            "print/circular.html",
            samples.circular(
                annexes=[wide_annex(wide=True), {"title": "说明", "body": [samples.paragraph("说明。")]}]
            ),
        ),
        ("print/circular.html", samples.circular()),
    ],
    ids=["upright annex last", "no annex"],
)
def test_a_colophon_below_text_leaves_the_number(make_pdf, open_pdf, template, values):
    pages = open_pdf(make_pdf(template, values))

    assert f"—{len(pages)}—" in "".join(pages[-1].extract_text().split())


def test_a_colophon_on_a_page_of_its_own_carries_no_number(make_pdf, open_pdf):
    values = samples.circular(own_foot_page=True)

    pages = open_pdf(make_pdf("print/circular.html", values))
    texts = ["".join(page.extract_text().split()) for page in pages]

    assert "抄送" in texts[-1] and "印发" in texts[-1]
    assert "—" not in texts[-1]
    assert f"—{len(pages) - 1}—" in texts[-2]
