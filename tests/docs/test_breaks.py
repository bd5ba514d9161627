"""Where pages may end: parts that an officer would not let stand apart stay together."""

import pytest

from tests.docs import samples


def texts(pages):
    return [page.extract_text().replace(" ", "") for page in pages]


@pytest.mark.parametrize("lines", range(1, 9))
def test_a_note_of_annexes_is_whole_and_stands_with_the_signature_and_a_line_of_text(
    make_pdf, open_pdf, lines
):
    body = [samples.paragraph("一" * (28 * lines - 2)), samples.paragraph("请认真贯彻执行。")]
    annexes = [{"title": "江南省人民政府办公厅关于进一步加强政务信息报送和采用工作的若干意见"}]

    pages = texts(open_pdf(make_pdf("print/circular.html", samples.circular(body=body, annexes=annexes))))
    last = next(page for page in pages if "附件：" in page)

    assert "若干意见" in last and "2026年7月6日" in last
    assert "请认真贯彻执行。" in last


def test_the_source_of_an_item_never_stands_on_a_page_of_its_own(make_pdf, open_pdf):
    for lines in range(8, 14):
        item = {"title": "某事", "body": [samples.paragraph("一" * (28 * lines - 2))], "source": "甲县"}
        values = {**samples.briefing(1, 1), "contents": False, "columns": [{"title": "", "items": [item]}]}

        pages = texts(open_pdf(make_pdf("print/briefing.html", values)))

        assert "一一一" in next(page for page in pages if "（甲县）" in page)


def test_the_name_of_a_column_is_never_the_last_line_of_a_page_of_contents(make_pdf, open_pdf):
    item = {"title": "某事", "body": [samples.paragraph("略。")], "source": ""}
    for first in (10, 11, 12):
        columns = [{"title": "栏目甲", "items": [item] * first}, {"title": "栏目乙", "items": [item] * 3}]

        pages = texts(
            open_pdf(
                make_pdf(
                    "print/briefing.html", {**samples.briefing(1, 1), "contents": True, "columns": columns}
                )
            )
        )

        page = next(page for page in pages if "栏目乙" in page)
        assert "某事..." in page.split("栏目乙", 1)[1]


def test_no_page_has_the_notes_of_a_table_or_one_row_of_it_alone(make_pdf, open_pdf):
    """Of tables one row longer each, all ends of a page are met."""
    for rows in range(22, 28):
        table = samples.ranking(rows, notes=["得分相同的并列排名。", "空白为没有报送。"])
        values = samples.circular(annexes=[{"title": "得分表", "tables": [table]}], copy_to="", printed_by="")

        pages = open_pdf(make_pdf("print/circular.html", values))
        last = next(page for page in pages if "注：" in page.extract_text())
        placed = [row[0] for row in last.extract_tables()[0][3:]]

        assert placed[-1] == str(rows) and len(placed) > 1, rows


def lines_on(page):
    """The lines of body text of a page, without its number."""
    return [line["text"] for line in page.extract_text_lines() if line["top"] < 262 * 72 / 25.4]


@pytest.mark.parametrize("lines", range(4, 10))
def test_the_page_with_the_signature_goes_on_with_a_paragraph_of_the_page_before(make_pdf, open_pdf, lines):
    body = [samples.paragraph("一" * (28 * lines - 2)), samples.paragraph("请认真贯彻执行。")]

    pages = open_pdf(make_pdf("print/circular.html", samples.circular(body=body, copy_to="", printed_by="")))

    if len(pages) > 1:
        assert lines_on(pages[1])[:3] == ["一" * 28, "一" * 28, "请认真贯彻执行。"]


def test_a_closing_paragraph_never_leaves_one_line_to_the_page_of_the_signature(make_pdf, open_pdf):
    for lines in range(4, 10):
        body = [samples.paragraph("一" * (28 * lines - 2))]

        pages = open_pdf(
            make_pdf("print/circular.html", samples.circular(body=body, copy_to="", printed_by=""))
        )

        if len(pages) > 1:
            assert lines_on(pages[1])[:2] == ["一" * 28, "一" * 28]


def test_a_note_never_stands_on_a_page_of_its_own(make_pdf, open_pdf):
    for lines in range(1, 10):
        body = [samples.paragraph("一" * (28 * lines - 2))]
        values = samples.circular(
            body=body, copy_to="", printed_by="", note="联系人：李喆，电话：0000-0000000"
        )

        page = next(
            page for page in texts(open_pdf(make_pdf("print/circular.html", values))) if "联系人" in page
        )

        assert "一一" in page and "2026年7月6日" in page


def test_entries_of_contents_fill_the_type_area(make_pdf, open_pdf):
    page = open_pdf(make_pdf("print/briefing.html", {**samples.briefing(4, 1), "contents": True}))[0]

    entries = [line for line in page.extract_text_lines() if "..." in line["text"]]

    assert entries
    assert all(line["x0"] == pytest.approx(28 * 72 / 25.4, abs=1) for line in entries)
    assert all(line["x1"] == pytest.approx(184 * 72 / 25.4, abs=1) for line in entries)
