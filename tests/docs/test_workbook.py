"""Workbooks read back: numbers as numbers, text as text, a head that stays, and the same bytes every time."""

import io
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook

from core.config import PROJECT
from core.documents.derived import sheets_of
from core.documents.sheet_plan import Slot, planned
from core.documents.workbook import Sheet, of_lines, workbook
from tests.docs import forms, samples

DAY = date(2026, 7, 6)


def read(*sheets):
    return load_workbook(io.BytesIO(workbook(sheets, DAY)))


def cell_of(text):
    return read(of_lines("表", [["栏"], [text]])).active["A2"]


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("12", 12, "0"),
        ("-3", -3, "0"),
        ("150.50", 150.5, "0.00"),
        ("0.5", 0.5, "0.0"),
        ("12.5%", 0.125, "0.0%"),
        ("0", 0, "0"),
    ],
)
def test_a_number_is_a_number_in_the_form_it_was_printed_in(text, value, form):
    cell = cell_of(text)

    assert (cell.value, cell.data_type, cell.number_format) == (value, "n", form)


@pytest.mark.parametrize(
    "text", ["007", "1,000", "12345678901234567", "平", "—", "1e5", "１２", "+5", "1/2", "inf"]
)
def test_what_is_not_plainly_a_number_stays_text(text):
    cell = cell_of(text)

    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-甲", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1", "{=1}", "http://x.cn"]
)
def test_nothing_in_a_cell_can_run(text):
    content = workbook([of_lines("表", [["栏"], [text]])], DAY)
    cell = load_workbook(io.BytesIO(content)).active["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "＝"))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_the_head_stays_in_view_and_columns_fit_their_words():
    page = read(of_lines("得分", [["单位", "得分"], ["青山经济技术开发区管理委员会", "1"]])).active

    assert page.freeze_panes == "A2" and page.print_title_rows == "$1:$1" and page.auto_filter.ref == "A1:B2"
    assert page.column_dimensions["A"].width > 28 > page.column_dimensions["B"].width
    assert (page["A1"].font.name, page["A2"].font.name) == ("黑体", "宋体")


def test_rows_are_as_high_as_their_longest_cell_and_only_those():
    long = "示例县推行政务服务午间不断档" * 6  # 84 characters in a column of at most 23

    page = read(of_lines("批示", [["内容", "职务"], ["短", "市长"], [long, "副市长"], ["甲\n乙", ""]])).active

    assert [page.row_dimensions[row].height for row in (1, 2, 3, 4)] == [
        None,
        None,
        4 * 15 + 4.5,
        2 * 15 + 4.5,
    ]


def test_a_column_of_short_words_is_centred_as_a_whole_and_others_are_not():
    page = read(of_lines("批示", [["职务", "内容"], ["市长", "短"], ["副市长", "长得多的一句话"]])).active

    assert [page[f"A{row}"].alignment.horizontal for row in (2, 3)] == ["center", "center"]
    assert [page[f"B{row}"].alignment.horizontal for row in (2, 3)] == [None, None]


def test_lines_that_cells_over_several_rows_need_are_shared_by_these():
    plan = planned([[Slot("字" * 90, down=3), Slot("甲")], [Slot("乙")], [Slot("丙")]], head=0)

    assert plan.heights == dict.fromkeys((0, 1, 2), 2 * 15 + 4.5)
    assert [(row, column) for row, column, _ in plan.cells] == [(0, 0), (0, 1), (1, 1), (2, 1)]


def test_the_tables_of_a_circular_become_sheets_with_their_merged_heads(make_html):
    given = samples.long_circular()["annexes"]
    book = load_workbook(
        io.BytesIO(workbook(list(sheets_of(make_html("print/circular.html", samples.long_circular()))), DAY))
    )

    assert len(book.sheetnames) == sum(len(annex["tables"]) for annex in given)
    page, table = book.worksheets[0], given[0]["tables"][0]
    assert book.sheetnames[0] == table["title"] and page["A1"].value.endswith(table["title"])
    assert page.freeze_panes == "A5" and {"B2:B4", "D2:H2"} <= {
        str(merged) for merged in page.merged_cells.ranges
    }
    for down, row in enumerate(table["rows"], 5):
        shown = [page.cell(down, across + 1).value for across in range(len(row))]
        assert shown == [float(value) if not isinstance(value, (int, str)) else value for value in row]


def test_the_mark_of_several_offices_is_no_table(make_html):
    bare = make_html("print/circular.html", forms.joint(False))
    scored = make_html(
        "print/circular.html", forms.joint(True) | {"tables": [samples.ranking(3, title="县区")]}
    )

    assert list(sheets_of(bare)) == []
    assert [sheet.name for sheet in sheets_of(scored)] == ["县区"]


def test_sheet_names_are_such_as_spreadsheets_accept():
    names = ["甲/乙:[丙]", "甲/乙:[丙]", "", "history", "很" * 40, "很" * 40, "'引'"]

    book = read(*(of_lines(name, [["栏"], ["1"]]) for name in names))

    assert book.sheetnames == [
        "甲乙丙",
        "甲乙丙（2）",
        "表",
        "history（2）",
        "很" * 31,
        "很" * 28 + "（2）",
        "引",
    ]


def test_notes_titles_and_totals_have_their_places():
    sheet = Sheet(
        "表",
        [[Slot("单位"), Slot("得分")], [Slot("合计", bold=True), Slot("3", bold=True)]],
        1,
        "得分表",
        ["注：并列。"],
    )

    page = read(sheet).active

    assert [page[name].value for name in ("A1", "A2", "A3", "B3", "A4")] == [
        "得分表",
        "单位",
        "合计",
        3,
        "注：并列。",
    ]
    assert page["B3"].font.bold and not page["A2"].font.bold and page.freeze_panes == "A3"


def test_the_same_tables_give_the_same_bytes_in_any_process():
    code = (
        "import sys, datetime\nfrom core.documents.workbook import of_lines, workbook\n"
        "sys.stdout.buffer.write(workbook([of_lines('表', [['甲'], ['=1'], ['2.50']])], datetime.date(2026, 7, 6)))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=PROJECT,
        env={"PYTHONHASHSEED": "5", "TZ": "Asia/Tokyo"},
    ).stdout

    assert workbook([of_lines("表", [["甲"], ["=1"], ["2.50"]])], DAY) == other


def test_whoever_waits_hears_of_every_line():
    heard = []

    told = workbook([of_lines("甲", ["ab", "cd"]), of_lines("乙", ["ef"])], DAY, heard.append)

    assert heard == [0, 1, 2, 3]
    assert told == workbook([of_lines("甲", ["ab", "cd"]), of_lines("乙", ["ef"])], DAY)
