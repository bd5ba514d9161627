"""Minutes, orders, upward documents and wide annexes: where the standard puts their parts."""

import pytest

from core.errors import RenderError
from tests.docs import forms, samples

MM = 72 / 25.4
CELL, ROW = 156 * MM / 28, (225 * MM - 16) / 21
LEFT, RIGHT, TOP = 28 * MM, 184 * MM, 37 * MM


def lines_of(page):
    return {line["text"].replace(" ", ""): line for line in page.extract_text_lines(return_chars=True)}


def row_of(char, page):
    """The line of the page, from 1, on which a size-3 character stands."""
    return round((page.height - char["matrix"][5] - 0.88 * 16 - TOP) / ROW, 1) + 1


def find(page, text):
    """The first character of a text on the page, and the last."""
    whole = "".join(char["text"] for char in page.chars)
    start = whole.index(text)
    return page.chars[start], page.chars[start + len(text) - 1]


def test_minutes_list_who_came_with_the_lines_below_each_other(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("minutes"))[-1]

    label, colon = find(page, "出席：")
    first, _ = find(page, "市政府张三")
    lines = page.extract_text_lines()
    below = lines[next(n for n, line in enumerate(lines) if "出席" in line["text"]) + 1]

    assert "Hei" in label["fontname"] and "Fang" in first["fontname"]
    assert (label["x0"] - LEFT) / CELL == pytest.approx(2, abs=0.1)
    assert (first["x0"] - LEFT) / CELL == pytest.approx(5, abs=0.1)
    assert below["x0"] == pytest.approx(first["x0"], abs=0.3)
    assert [line["text"][:2] for line in lines if line["text"][2:3] == "："][:3] == ["出席", "请假", "列席"]


def test_minutes_have_office_and_date_above_the_rule_and_no_signature(sample_pdf, open_pdf):
    pages = open_pdf(sample_pdf("minutes"))
    office, _ = find(pages[0], samples.OFFICE)
    _, date_end = find(pages[0], "2026年7月6日")
    rule = next(shape for shape in pages[0].rects if shape["width"] > 100 * MM)

    assert (office["x0"] - LEFT) / CELL == pytest.approx(1, abs=0.1)
    assert (RIGHT - date_end["x1"]) / CELL == pytest.approx(1, abs=0.1)
    assert row_of(office, pages[0]) == 8
    assert rule["top"] > office["bottom"]
    assert "2026年7月6日" not in "".join(page.extract_text() for page in pages[1:])


def test_an_order_stands_as_the_standard_says(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("order"))[0]
    mark = [char for char in page.chars if char["size"] > 40]
    number, _ = find(page, "第12号")
    text, _ = find(page, "一、第1项")

    baseline = (page.height - mark[0]["matrix"][5]) / MM
    assert baseline - 0.88 * 42 / MM == pytest.approx(37 + 20, abs=0.3)
    assert (row_of(number, page), row_of(text, page)) == (
        7,
        10,
    )  # the mark ends in line 4; twice two lines free
    assert not [shape for shape in page.rects if shape["width"] > 100 * MM]


def test_a_long_name_of_a_signer_widens_its_place_and_moves_the_posts(renderer, make_html, open_pdf):
    signers = [
        {"post": "自治州州长", "name": "阿不都热西提·买买提明"},
        {"post": "军分区司令员", "name": "张三"},
    ]
    html = make_html("t.html", forms.order(1, signers), {"t.html": '{% extends "print/order.html" %}'})

    page = open_pdf(renderer.pdf(html))[-1]

    first, last = find(page, "阿不都热西提·买买提明")
    assert last["x1"] == pytest.approx(RIGHT - 4 * CELL, abs=2)
    for post in ("自治州州长", "军分区司令员"):
        assert find(page, post)[1]["x1"] == pytest.approx(first["x0"] - 2 * CELL, abs=2)


def test_an_order_leaves_room_for_the_stamp_two_characters_right_of_the_post(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("order"))[-1]
    _, post = find(page, "市　长")
    name, name_end = find(page, "李祎喆")
    _, date_end = find(page, "2026年7月6日")
    place = RIGHT - 4 * CELL - 4.5 * CELL

    assert (place - post["x1"]) / CELL == pytest.approx(2, abs=0.1)
    assert place <= name["x0"] and name_end["x1"] <= RIGHT - 4 * CELL
    assert (RIGHT - date_end["x1"]) / CELL == pytest.approx(4, abs=0.1)
    assert row_of(date_end, page) - row_of(post, page) == pytest.approx(2.5, abs=0.1)


def test_a_stamp_picture_is_printed_in_its_place_and_signers_stand_below_each_other(
    renderer, make_html, open_pdf
):
    stamp = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30">'
        '<rect x="1" y="1" width="58" height="28" fill="none" stroke="red"/></svg>'
    )
    signers = [{"post": "市　长", "name": "张三", "stamp": "a.svg"}, {"post": "军分区司令员"}]
    html = make_html(
        "t.html", forms.order(1, signers), {"t.html": '{% extends "print/order.html" %}', "a.svg": stamp}
    )

    page = open_pdf(renderer.pdf(html))[-1]
    first, second = find(page, "市　长")[0], find(page, "军分区")[0]

    assert "张三" not in page.extract_text()
    assert row_of(second, page) - row_of(first, page) == pytest.approx(2, abs=0.1)
    assert [shape for shape in page.rects + page.curves if shape["x1"] < RIGHT - 4 * CELL + 1]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["张三"], 1),
        (["张三", "李四"], 1),
        (["张三", "欧阳小明", "李祎"], 2),
        (["甲乙", "丙丁", "戊己", "庚辛", "壬癸"], 3),
    ],
)
def test_signers_stand_two_a_row_and_the_number_with_the_last(make_pdf, open_pdf, names, rows):
    page = open_pdf(make_pdf("print/circular.html", forms.upward(names)))[0]

    number, label = find(page, "临政办")[0], find(page, "签发人")[0]
    kai = [char for char in page.chars if "Kai" in char["fontname"] and row_of(char, page) < 8 + rows]
    rule = next(shape for shape in page.rects if shape["width"] > 100 * MM)

    assert row_of(label, page) == 8 and row_of(number, page) == 8 + rows - 1
    assert (number["x0"] - LEFT) / CELL == pytest.approx(1, abs=0.1)
    assert {row_of(char, page) for char in kai} == set(range(8, 8 + rows))
    assert (rule["top"] - (page.height - number["matrix"][5]) - 0.12 * 16) / MM == pytest.approx(4, abs=0.2)
    if len(names) == 1:
        assert (RIGHT - kai[-1]["x1"]) / CELL == pytest.approx(1, abs=0.1)
    if rows > 1:
        starts = {min(char["x0"] for char in kai if row_of(char, page) == row) for row in range(8, 8 + rows)}
        assert max(starts) - min(starts) < 0.5


def test_long_names_of_signers_get_a_row_each(make_pdf, open_pdf):
    names = ["买买提·阿不都热合曼", "张三"]

    page = open_pdf(make_pdf("print/circular.html", forms.upward(names)))[0]

    assert row_of(find(page, "买买提")[0], page) == 8
    assert row_of(find(page, "张")[0], page) == 9


def test_page_one_shows_body_text_though_the_body_starts_with_headings(make_pdf, open_pdf):
    names = ["甲乙丙"] * 8
    title = "临江市人民政府办公室\\n关于增加政务信息工作人员编制和\\n落实有关经费保障问题的\\n请示".replace(
        "\\n", "\n"
    )

    page = open_pdf(make_pdf("print/circular.html", {**forms.upward(names), "title": title}))[0]

    assert "一、第1项工作" in page.extract_text()


def test_a_folded_sheet_keeps_margins_and_the_place_of_the_number(sample_pdf, open_pdf):
    sheets = [page for page in open_pdf(sample_pdf("wide annexes")) if page.width > 400 * MM]

    assert len(sheets) == 3
    for page in sheets:
        rules = [edge for edge in (*page.rects, *page.lines) if edge["x1"] - edge["x0"] > 0]
        assert min(edge["x0"] for edge in rules) / MM == pytest.approx(28, abs=0.3)
        assert max(edge["x1"] for edge in rules) / MM == pytest.approx(420 - 26, abs=0.3)
        dashes = [char for char in page.chars if char["text"] == "—" and char["top"] > 262 * MM]
        near = dashes[0]["x0"] / MM - 28 if page.page_number % 2 == 0 else 184 - dashes[-1]["x1"] / MM
        assert near == pytest.approx(14 / MM, abs=0.3)


def test_upright_pages_after_a_wide_annex_are_upright_and_numbers_run_on(sample_pdf, open_pdf):
    pages = open_pdf(sample_pdf("wide annexes"))
    widths = [round(page.width / MM) for page in pages]

    assert widths == [210, 210, 210, 297, 297, 297, 420, 420, 210, 420, 210]
    assert "—9—" in pages[8].extract_text().replace(" ", "")
    assert "—" not in pages[10].extract_text()  # the colophon alone


@pytest.mark.parametrize(
    "name", ["市府令", "临江市推进政务信息工作高质量发展领导小组办公室文件", "临江市政务信息工作" * 3]
)
def test_a_mark_of_any_length_stands_in_the_middle_of_the_type_area(make_pdf, open_pdf, name):
    page = open_pdf(make_pdf("print/circular.html", samples.circular(mark=name)))[0]

    mark = [char for char in page.chars if "Song" in char["fontname"] and char["top"] < 90 * MM]
    left, right = min(char["x0"] for char in mark), max(char["x1"] for char in mark)

    assert (left + right) / 2 / MM == pytest.approx(106, abs=1)
    assert right - left <= 156 * MM


def test_names_of_a_joint_mark_are_spread_to_one_width_with_the_word_beside_them(sample_pdf, open_pdf):
    page = open_pdf(sample_pdf("joint with seals"))[0]
    red = [char for char in page.chars if char["size"] > 30 and page.height - char["matrix"][5] < 110 * MM]
    first, second, word = red[:9], red[9:19], red[19:]

    assert ["".join(char["text"] for char in part) for part in (first, second, word)] == [
        *forms.OFFICES,
        "文件",
    ]
    assert first[0]["x0"] == pytest.approx(second[0]["x0"], abs=0.5)
    assert first[-1]["x1"] == pytest.approx(second[-1]["x1"], abs=0.5)
    assert word[0]["matrix"][5] == pytest.approx(
        (first[0]["matrix"][5] + second[0]["matrix"][5]) / 2, abs=0.5
    )
    assert (first[0]["x0"] - LEFT) == pytest.approx(RIGHT - word[-1]["x1"], abs=1)
    # The upper edge of the mark stands 35 mm below the type area's, the number two lines below the mark.
    assert (first[0]["top"] - TOP) / MM == pytest.approx(35, abs=2)
    assert find(page, "临政办〔2026〕")[0]["top"] - max(char["bottom"] for char in second) > 1.5 * ROW


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"mark": ["临江市财政局"] * 7}, "联合行文的发文机关标志最多 6 个"),
        ({"mark": []}, "联合行文的发文机关标志最多 6 个，给出了 0 个"),
    ],
)
def test_a_joint_document_that_does_not_fit_is_refused_with_the_reason(make_html, values, said):
    with pytest.raises(RenderError) as caught:
        make_html("print/circular.html", samples.circular(**values))

    assert said in str(caught.value).replace("。", "，")
