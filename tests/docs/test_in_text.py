"""Tables in running text: nothing of them is lost, numbers stay whole, what cannot be printed is refused by its place."""

import pytest

from core.errors import RenderError, Unprintable
from tests.docs import samples

CIRCULAR = "print/circular.html"


def table(*rows, head=0):
    """A body's table. A cell is a text, or a dict with more of it."""
    cells = [[cell if isinstance(cell, dict) else {"text": str(cell)} for cell in row] for row in rows]
    return {
        "type": "table",
        "rows": [
            [{"runs": [{"text": cell["text"]}], **cell, "header": n < head} for cell in row]
            for n, row in enumerate(cells)
        ],
    }


def words_of(pages):
    return [word["text"] for page in pages for word in page.extract_words(x_tolerance=1)]


@pytest.mark.parametrize(
    "rows",
    [
        [["单位", "得分"], ["甲县"], ["乙县", 101, 202, 303]],
        [["单位", "得分"], ["乙县", 101, 202, 303]],
        [[{"text": "甲县", "rowspan": 3}], ["101"], ["202"]],
        [["单位", {"text": "得分", "rowspan": 2}], [{"text": "合并单元格", "colspan": 3}, "303"]],
        [[{"text": "单位", "colspan": 50, "rowspan": 50}], ["101"]],
        [[{"text": "单位", "rowspan": 2}, {"text": "得分", "rowspan": 2}], [], ["甲县", "101"]],
    ],
)
def test_every_cell_of_an_uneven_table_is_printed(make_pdf, open_pdf, rows):
    body = [table(*rows)]

    printed = words_of(open_pdf(make_pdf(CIRCULAR, samples.circular(body=body))))

    told = [str(cell["text"] if isinstance(cell, dict) else cell) for row in rows for cell in row]
    assert [text for text in told if printed.count(text) != told.count(text)] == []


def test_cells_of_uneven_rows_stand_in_a_frame_of_their_own(make_pdf, open_pdf):
    body = [table(["单位"], ["乙县", 101, 202, 303])]

    [page, *_] = open_pdf(make_pdf(CIRCULAR, samples.circular(body=body)))

    upright = {round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"}
    assert len({x for x in upright if not any(x - n in upright for n in (1, 2))}) == 5


@pytest.mark.parametrize("text", ["{}.50", "{}.50万元", "+{},5%"])
def test_numbers_are_never_broken_and_the_type_gets_smaller_first(make_html, make_pdf, open_pdf, text):
    figures = [[text.format(n * 10 + m) for m in range(11)] for n in range(1, 4)]
    body = [
        table(["全市各单位情况", *(f"第{n}项" for n in range(1, 12))], *(["甲县", *row] for row in figures))
    ]

    printed = "\n".join(words_of(open_pdf(make_pdf(CIRCULAR, samples.circular(body=body)))))

    assert 'class="in-text size-' in make_html(CIRCULAR, samples.circular(body=body))
    assert [number for row in figures for number in row if number.removesuffix("万元") not in printed] == []


def test_a_number_in_a_merged_cell_stays_whole(make_pdf, open_pdf):
    wide = {"text": "1234567890123456", "colspan": 2}
    row = ["7654321"] * 8

    body = [table(["1", "2", *row], [wide, *row])]

    assert "1234567890123456" in words_of(open_pdf(make_pdf(CIRCULAR, samples.circular(body=body))))


def test_what_fits_at_no_size_is_refused_with_the_number_of_the_table(make_html):
    broad = [[f"{n * 1000 + m}.50" for m in range(20)] for n in range(3)]
    body = [table(["甲"]), samples.paragraph("文字"), table([f"指标{n}" for n in range(20)], *broad, head=1)]

    with pytest.raises(Unprintable, match=r"表格有 20 列，用最小的字也排不下.*“指标\d+”") as caught:
        make_html(CIRCULAR, samples.circular(body=body))

    assert caught.value.where == "正文第 2 个表格" and caught.value.status == 422
    assert "wide" not in caught.value.advice


def test_a_table_without_end_is_refused_before_it_is_laid_out(make_html):
    body = [table(*([[{"text": "甲", "colspan": 50}]] * 401))]

    with pytest.raises(RenderError, match="正文第 1 个表格：表格过大"):
        make_html(CIRCULAR, samples.circular(body=body))


def test_a_broad_table_in_an_annex_uses_the_room_of_its_sheet(make_html):
    body = [table([f"{n}.50" for n in range(1234, 1249)])]
    annex = {"title": "情况", "wide": "A3", "body": body}

    assert "size-" not in make_html(CIRCULAR, samples.circular(annexes=[annex])).partition("in-text")[2][:12]
    with pytest.raises(Unprintable):
        make_html(CIRCULAR, samples.circular(body=body))


@pytest.mark.parametrize("rows", range(25, 34))
def test_its_header_stands_on_every_page_and_no_row_of_it_alone(make_pdf, open_pdf, rows):
    body = [table(["单位", "得分"], *([f"第{n}县", n] for n in range(1, rows + 1)), head=1)]

    pages = open_pdf(make_pdf(CIRCULAR, samples.circular(body=body)))

    tables = [found for page in pages for found in page.extract_tables() if "第" in str(found)]
    assert len(tables) > 1
    assert {tuple(found[0]) for found in tables} == {("单位", "得分")}
    assert [row for found in tables for row in found[1:]] == [
        [f"第{n}县", str(n)] for n in range(1, rows + 1)
    ]
    assert min(map(len, tables)) > 2


@pytest.mark.parametrize(
    "head", [{"text": "单位名称", "rowspan": 2}, {"text": "很长的表头" * 90}, {"text": "很长的表头" * 300}]
)
def test_of_a_table_whose_header_cannot_stand_again_nothing_is_lost(make_pdf, open_pdf, head):
    body = [table([head, "得分"], *([f"第{n}县", n] for n in range(1, 41)), head=1)]

    printed = words_of(open_pdf(make_pdf(CIRCULAR, samples.circular(body=body))))

    assert [n for n in range(2, 41) if printed.count(f"第{n}县") != 1] == []
    assert printed.count("得分") == 1
