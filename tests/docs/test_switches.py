"""The switches a format sets in its document.yaml, and what a mistake there is told."""

import io
import re
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.documents.templating.switches import mistakes_of, style_of
from core.documents.typesetting.grid import STANDARD, Style
from core.documents.word.file import docx
from core.errors import PackError
from tests.docs import forms, samples
from tests.docs.test_standard import failed
from tests.tools.measure_gb9704 import measure

EXTENDS = '{% extends "print/circular.html" %}'


def switched(text):
    return {"t.html": EXTENDS, "document.yaml": f"title: 通报\nlayout:\n{text}"}


def test_a_format_without_switches_looks_like_the_standard():
    assert style_of({}) == style_of({"document.yaml": "title: 通报\n"}) == STANDARD


def test_every_switch_is_read():
    text = (
        "  size: 15.75\n  digits: times\n  bold: [3, 2]\n  faces: [xbs, kai, hei, fang]\n"
        "  mark: 48\n  seal: false\n  mirrored: true\n"
    )

    wanted = Style(15.75, "times", (2, 3), True, ("title", "kai", "hei", "fang"), 48, False)
    assert style_of(switched(text)) == wanted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  size: 14\n", "正文为三号字，写 16 或 15.75"),
        ("  digits: arial\n", "写 fangsong（仿宋）或 times"),
        ("  bold: 7\n", "写加粗的标题级次"),
        ("  bold: [7]\n", "写加粗的标题级次"),
        ("  faces: [hei]\n", "依次写四级标题的字体"),
        ("  faces: [hei, kai, fang, comic]\n", "依次写四级标题的字体"),
        ("  mark: 100\n", "22 至 62"),
        ("  mark: true\n", "22 至 62"),
        ("  seal: maybe\n", "写 true（是）或 false（否）"),
        ("  sael: true\n", "是否应为“seal”"),
    ],
)
def test_a_wrong_switch_is_told_with_its_line(text, told):
    with pytest.raises(PackError) as caught:
        style_of(switched(text))

    assert "document.yaml 第 3 行" in str(caught.value) and told in str(caught.value)


def test_all_wrong_switches_are_told_at_once():
    text = "  sael: true\n  digits: roman\n  mark: 40\n"

    assert [mistake.where for mistake in mistakes_of(switched(text))] == [
        "document.yaml 第 3 行，sael", "document.yaml 第 4 行，digits"
    ]  # fmt: skip


def test_switches_that_are_no_list_are_refused():
    with pytest.raises(PackError, match="应为“键: 值”的形式"):
        style_of({"document.yaml": "layout: times\n"})


@pytest.mark.parametrize(
    "text",
    [
        "  size: 15.75\n  digits: times\n",
        "  faces: [xbs, hei, kai, song]\n  bold: [1, 2, 3, 4]\n",
        "  digits: times\n  mirrored: true\n  mark: 62\n  seal: true\n",
    ],
)
def test_switches_of_a_format_keep_the_grid(make_pdf, tmp_path, text):
    (tmp_path / "s.pdf").write_bytes(
        make_pdf("t.html", samples.circular(body=forms.mixed(4)), switched(text))
    )

    result = measure(str(tmp_path / "s.pdf"))

    assert failed(result) == {}
    assert set(result["lines_per_full_page"]) == {22}
    assert result["right_edge_fill"]["reaching"] == result["right_edge_fill"]["continued"]


@pytest.mark.parametrize(
    ("text", "bold"),
    [("", set()), ("  bold: [3]\n", {3}), ("  bold: [2, 3]\n", {2, 3}), ("  bold: []\n", set())],
)
def test_headings_are_plain_unless_the_switch_says_otherwise_also_in_word(make_html, text, bold):
    """7.3.3 names the faces of the levels and nothing more."""
    values = samples.circular(body=[samples.heading(level, f"第{level}级") for level in (1, 2, 3, 4)])
    files = {"t.html": EXTENDS, **(switched(text) if text else {})}
    html = make_html("t.html", values, files)

    sheet = re.findall(r"^((?:\.l\d(?:, )?)+) \{ font-weight: 600 \}$", html, re.M)
    assert {int(level) for line in sheet for level in re.findall(r"\d", line)} == bold
    word = Document(io.BytesIO(docx(html, date(2026, 7, 6))))
    runs = {each.text: each.runs[0] for each in word.paragraphs if each.style.style_id.startswith("Heading")}
    assert {level for level in (1, 2, 3, 4) if runs[f"第{level}级"].bold} == bold
    assert not any(word.styles[f"Heading {level}"].font.bold for level in (1, 2, 3, 4))


def test_faces_of_headings_are_those_of_the_switch_also_in_word(make_html):
    values = samples.circular(body=[samples.heading(level, f"第{level}级") for level in (1, 2, 3, 4)])
    html = make_html("t.html", values, switched("  faces: [xbs, kai, hei, song]\n"))

    word = Document(io.BytesIO(docx(html, date(2026, 7, 6))))

    faces = [
        (each.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) if each.runs[0]._r.rPr is not None else None)
        for each in word.paragraphs
        if each.style.style_id.startswith("Heading")
    ]
    assert faces == ["方正小标宋简体", None, "黑体", "宋体"]


def test_digits_are_set_in_times_or_fangsong(make_pdf, open_pdf):
    def face_of_digits(text):
        page = open_pdf(make_pdf("t.html", samples.circular(), switched(text)))[0]
        return {
            char["fontname"].split("+")[-1]
            for char in page.chars
            if char["text"].isdigit() and char["size"] == 16
        }

    assert all("Fang" in face for face in face_of_digits("  digits: fangsong\n"))
    assert not any("Fang" in face for face in face_of_digits("  digits: times\n"))


def test_the_seal_switch_outvotes_the_data(make_html):
    assert "sealed" not in body(make_html("t.html", samples.circular(seal=True), switched("  seal: false\n")))
    assert "sealed" in body(make_html("t.html", samples.circular(seal=False), switched("  seal: true\n")))


def body(html):
    return html.split("<body>")[1]


def test_a_larger_mark_still_leaves_two_lines_above_the_number(make_pdf, open_pdf):
    page = open_pdf(make_pdf("t.html", samples.circular(), switched("  mark: 62\n")))[0]

    mark = max(char["matrix"][5] for char in page.chars if char["size"] > 40)
    number = next(char["matrix"][5] for char in page.chars if char["text"] == "〔")

    mark_bottom, number_top = mark - 0.12 * 62, number + 0.88 * 16
    assert 2 * 29.6 <= mark_bottom - number_top <= 3 * 29.6
