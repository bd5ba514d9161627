"""Words of a table's header break where a reader would break them, and their columns are wide enough for that."""

import re

import pytest

from core.documents.typesetting.column_widths import SIZES, SMALLEST
from core.documents.typesetting.header_words import lines_of, width_on
from core.documents.typesetting.tables import table_to_html
from core.errors import RenderError
from tests.docs import samples


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("累计得分", ["累计", "得分"]),
        ("国家级", ["国家", "级"]),
        ("采用信息数", ["采用", "信息数"]),
        ("昨日简报一句话", ["昨日简报", "一句话"]),
        ("同比（%）", ["同比", "（%）"]),
        ("“双减”办", ["“双", "减”办"]),
        ("GDP增速", ["GDP", "增速"]),
        ("数", ["数"]),
    ],
)
def test_two_lines_are_as_equal_as_words_and_brackets_allow(text, lines):
    assert lines_of(text, 2) == lines


def test_the_longest_line_is_what_a_column_has_to_hold():
    assert [width_on(text, 2) for text in ("国家级", "同比（%）", "采用信息数")] == [2.0, 2.5, 3.0]


@pytest.mark.parametrize("word", ["昨日简报一句话", "信息报送数", "同比（%）"])
def test_a_column_has_room_for_the_longer_half_of_its_word(word):
    """Half the width of the whole would be too little, and the word take three lines."""
    for count in range(4, 14):
        html = str(table_to_html({"head": [[word] * count], "rows": [[1] * count]}, True))
        size = next(each for each in (*SIZES, SMALLEST) if f'class="score {each.name}"' in html)
        (width, *_) = re.findall(r"width: ([0-9.]+)pt", html)

        assert (float(width) - size.inset) / size.points >= width_on(word, 2), count


def test_a_table_in_running_text_has_room_for_the_sign_in_its_header(make_pdf, open_pdf):
    cell = lambda text, **more: {"runs": [{"text": text}], **more}  # noqa: E731
    head = [
        cell(text, header=True)
        for text in ("指　标", "单位", "1—6月", "同比（%）", "比一季度±百分点", "说　明")
    ]
    row = list(
        map(
            cell,
            (
                "规模以上工业增加值",
                "亿元",
                "1,286.47",
                "6.8",
                "-0.2",
                "规模以上工业指年主营业务收入2000万元及以上",
            ),
        )
    )
    body = [{"type": "table", "rows": [head, row, row]}]

    words = open_pdf(make_pdf("print/circular.html", samples.circular(body=body)))[0].extract_words()

    assert "（%）" in {word["text"] for word in words}


@pytest.mark.parametrize("wide", [False, True])
def test_a_header_of_several_high_rows_is_refused_before_it_fills_the_page(make_html, wide):
    row = ["甲乙丙" * 10, *(f"列{n}" for n in range(6))]
    table = {
        "title": "得分表",
        "columns": [{"width": 20}] * 7,
        "head": [row] * 3,
        "rows": [["某县", *"123456"]] * 30,
        "wide": wide,
    }

    with pytest.raises(RenderError, match="表头过高。各行共要排 27 行，最多 18 行") as refused:
        make_html("print/circular.html", samples.circular(annexes=[{"title": "得分表", "tables": [table]}]))

    assert "得分表" in str(refused.value)
