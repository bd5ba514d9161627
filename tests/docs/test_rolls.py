"""Rolls of people in minutes: names stay whole, and lines still end flush."""

import pytest

from core.documents.rolls import names_to_html
from tests.docs import forms
from tests.docs.test_forms import CELL, RIGHT

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
