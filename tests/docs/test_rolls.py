"""Rolls of people in minutes: names stay whole, and lines still end flush."""

import io
import itertools
from datetime import date

import pytest
from docx import Document

from core.documents.typesetting.grid import Grid
from core.documents.typesetting.rolls import names_to_html
from core.documents.word.file import docx
from tests.docs import forms, samples
from tests.docs.test_forms import CELL, RIGHT

ROW = Grid().row
PEOPLE = [
    "张三",
    "李四光",
    "欧阳小明",
    "市教育局王堃",
    "周五",
    "上官婉儿",
    "市委办吴喆",
    "祎六",
    "司马相如",
    "钱七里",
] * 6


@pytest.mark.parametrize(
    "text, html",
    [
        ("张三、李四。", '<span class="whole">张三、</span><span class="whole">李四。</span>'),
        ("张三　李四", '<span class="whole">张三</span>　<span class="whole">李四</span>'),
        ("市人力资源和社会保障局郑七，", "市人力资源和社会保障局郑七，"),
        ("<b>", '<span class="whole">&lt;b&gt;</span>'),
        ("", ""),
        ("、，", "、，"),
    ],
)
def test_short_pieces_are_kept_whole_with_their_mark(text, html):
    assert names_to_html(text) == html


def test_no_name_is_broken_and_no_line_is_left_short(make_pdf, open_pdf):
    pages = open_pdf(make_pdf("print/minutes.html", forms.minutes(1) | {"present": "、".join(PEOPLE) + "。"}))
    lines = [line for page in pages for line in page.extract_text_lines()]
    first = next(n for n, line in enumerate(lines) if "出席" in line["text"])
    roll = lines[first : next(n for n, line in enumerate(lines) if "请假" in line["text"])]
    roll = [line for line in roll if line["text"].strip("— 0123456789") != ""]
    names = [
        name.strip("。")
        for line in roll
        for name in line["text"].removeprefix("出席：").strip().rstrip("、").split("、")
    ]

    assert names == PEOPLE
    assert len(roll) > 10
    for line in roll[:-1]:
        assert line["chars"][-1]["x0"] + CELL == pytest.approx(RIGHT, abs=CELL * 0.6), line["text"]


HOSTED = (
    '{% extends "print/minutes.html" %}{% import "print/parts.html" as parts %}'
    '{% block roll %}{{ parts.roll("主持", "赵喆") }}{{ super() }}{{ parts.roll("记录", "李祎") }}{% endblock %}'
)


def test_who_presided_stands_below_the_empty_line_and_above_those_present(make_html, renderer, open_pdf):
    """As print/minutes.html says how to write it."""
    html = make_html(
        "t.html", forms.minutes(1) | {"present": "张三。", "observers": "丁。"}, {"t.html": HOSTED}
    )
    lines = [line for page in open_pdf(renderer.pdf(html)) for line in page.extract_text_lines()]
    first = next(n for n, line in enumerate(lines) if "主持" in line["text"])

    steps = [round((b["top"] - a["top"]) / ROW) for a, b in itertools.pairwise(lines[first - 1 : first + 5])]
    assert [line["text"][:2] for line in lines[first : first + 5]] == ["主持", "出席", "请假", "列席", "记录"]
    assert steps == [2, 1, 1, 1, 1]
    texts = [each.text[:2] for each in Document(io.BytesIO(docx(html, date(2026, 7, 6)))).paragraphs]
    assert texts[texts.index("主持") - 1 :][:6] == ["", "主持", "出席", "请假", "列席", "记录"]


@pytest.mark.parametrize("observers", ["丙。", "、".join(["某某某"] * 9) + "。"])
def test_the_last_line_of_a_roll_stands_on_no_page_alone(make_pdf, open_pdf, observers):
    """Whatever page it comes to stand on: each text is a line longer."""
    turned = 0
    for count in range(2, 12):
        body = [samples.paragraph("报送信息。") for _ in range(count)]
        values = forms.minutes(0) | {
            "body": body,
            "present": "甲。",
            "absent": "乙。",
            "observers": observers,
        }
        pages = open_pdf(make_pdf("print/minutes.html", values | {"copy_to": "", "printed_by": ""}))
        lines = [line["text"] for line in pages[-1].extract_text_lines() if "—" not in line["text"]]

        turned += len(pages) > 1
        assert len(lines) > 1, count
    assert turned > 2
