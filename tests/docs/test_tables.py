"""Score tables: columns that fit, merged header cells, aligned decimals, clear refusals."""

from decimal import Decimal

import pytest

from core.documents.typesetting.column_widths import share
from core.documents.typesetting.tables import table_to_html
from core.errors import RenderError


def test_room_is_shared_or_only_the_widest_columns_give_way():
    assert share([10, 30], 80) == [20, 60]
    assert share([10, 100, 200], 110) == [10, 50, 50]
    assert share([10, 40, 200], 110) == [10, 40, 60]


def test_header_rows_repeat_and_numbers_are_filled_up_invisibly():
    html = table_to_html({
        "head": [["单位", {"text": "得分", "colspan": 2}], ["", "本月", "累计"]],
        "rows": [["甲县", Decimal("5.5"), Decimal("120.25")], ["乙局", 12, None]],
        "columns": [{"align": "left"}, {"align": "decimal"}, {"align": "decimal"}],
    })  # fmt: skip

    assert '<th colspan="2">得分</th>' in html
    assert html.count("<thead>") == 1
    assert '<td class="number"><span class="ghost">0</span>5.5</td>' in html
    assert '<td class="number">12<span class="ghost">.0</span></td>' in html


def test_many_columns_get_smaller_type_before_they_wrap():
    row = ["青山经济技术开发区管理委员会", *range(12)]

    assert 'class="score "' in table_to_html({"rows": [row[:4]]})
    assert 'class="score size-10"' in table_to_html({"rows": [row]})


def test_header_words_break_into_lines_of_equal_length():
    html = table_to_html(
        {"head": [["单位", "累计得分"]], "rows": [["甲县", 1]], "columns": [{}, {"width": 23}]}
    )
    narrow = table_to_html(
        {"head": [["单位", "累计得分"]], "rows": [["甲县", 1]], "columns": [{}, {"width": 18}]}
    )

    assert "<th>累计得分</th>" in html
    assert "<th>累计<br>得分</th>" in narrow


def test_text_is_escaped_everywhere():
    html = table_to_html({"title": "<t>", "head": [["<h>"]], "rows": [["<c>"]], "notes": ["<n>"]})

    assert "<t>" not in html and "<h>" not in html and "<c>" not in html and "<n>" not in html


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"rows": [["a", "b"], ["c"]]}, "第 2 行有 1 列"),
        ({"head": [["a"]] * 4}, "表头最多 3 行"),
        ({}, "表格没有内容"),
        ({"rows": [[{"text": "a", "colspan": 10**9}]]}, "表格过大"),
        ({"rows": [[{"text": "a", "rowspan": 10**9}]] + [[]] * 3}, None),
        ({"rows": [["a", "b"]], "columns": [{}]}, "columns 写了 1 列"),
        ({"rows": [["a"]], "columns": [{"align": "top"}]}, "对齐方式“top”不存在"),
        ({"rows": [["a", "b"]], "columns": [{"width": 100}, {"width": 100}]}, "超过版心"),
        ({"rows": [[["a"]]]}, "单元格只能是文字或数字"),
    ],
)
def test_impossible_tables_are_refused_in_plain_words(table, message):
    if message is None:
        assert table_to_html(table)
        return
    with pytest.raises(RenderError, match=message):
        table_to_html(table)


def test_an_empty_row_to_be_filled_in_by_hand_has_the_height_of_a_line():
    html = table_to_html({"head": [["姓名", "电话"]], "rows": [["", ""], ["张三", ""]]})

    assert "<tr><td>　</td><td>　</td></tr>" in html
    assert "<tr><td>张三</td><td></td></tr>" in html


def test_a_header_too_tall_for_a_page_is_refused_instead_of_lost():
    with pytest.raises(RenderError, match="表头“很长的说明很长的说明……”过长"):
        table_to_html({"head": [["单位", "很长的说明" * 600]], "rows": [["甲县", 1]]})
