"""A pasted table of facts: its head, its lines, and every slip told with its line and what to do."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import InvalidInput
from core.facts import Author, Part
from core.register import reading
from core.register.reading import MOST, Words
from tests.core.register.conftest import TODAY

HEAD = "日期\t种类\t单位\t事项"


@pytest.fixture
def read(rules, kinds):
    """Read a table; `kind` is the one chosen on the page."""

    def lines(*rows, kind=""):
        units = {"甲县": 1, "甲县人民政府": 1, "乙县": 2, "丙局": 3}
        return reading.read("\n".join(rows), kind, TODAY, Words(kinds, units, rules))

    return lines


def slips(line):
    return [error.where for error in line.errors]


# ---- what is understood ---------------------------------------------------------------------------------------------


def test_a_line_is_read_by_the_names_of_its_columns(read):
    line = read("单位\t事由\t分值\t日期\t种类\t事项", "甲县\t承办\t1.5\t2026-03-05\t手工加减分\t承办培训")[0]

    draft = line.draft
    assert line.errors == [] and line.number == 1
    assert (draft.kind, draft.on, draft.title, draft.units) == ("manual", date(2026, 3, 5), "承办培训", (1,))
    assert draft.attrs == {"points": Decimal("1.5"), "reason": "承办"}


@pytest.mark.parametrize("head", ["时间\t单位名称\t题目", "发生日期\t报送单位\t标题", "日期*\t单位＊\t名称", "序号\t日期\t备注\t单位\t事项"])  # fmt: skip
def test_columns_go_by_the_names_people_give_them(read, head):
    cells = {"序号": "1", "备注": "随便写", "时间": "3月5日", "发生日期": "3月5日", "日期": "3月5日", "单位名称": "甲县", "报送单位": "甲县", "单位": "甲县"}  # fmt: skip
    row = "\t".join(cells.get(name.rstrip("*＊"), "接访") for name in head.split("\t"))

    line = read(head, row, kind="checked")[0]

    assert (line.draft.on, line.draft.units, line.draft.title) == (date(2026, 3, 5), (1,), "接访")


def test_a_column_may_be_the_title_of_an_attribute_of_the_pack(read):
    line = read(HEAD + "\t会议层级\t首次", "2026-3-5\t汇报会发言\t甲县\t发言\t省级\t是")[0]

    assert line.errors == [] and line.draft.attrs == {"rank": "province", "first": True}


def test_the_kind_chosen_on_the_page_needs_no_column(read):
    assert read("日期\t单位\t完成情况", "2026-3-5\t甲县\t未报", kind="commissioned")[0].draft.attrs == {
        "state": "missed"
    }


def test_several_units_with_their_parts_share_a_cell(read):
    line = read(HEAD + "\t角色\t权重\t分值\t事由", "3月5日\t手工加减分\t甲县人民政府、乙县；丙局\t合办\t牵头、协办\t60%、0.4\t2\t合办")[0]  # fmt: skip

    assert line.errors == [] and line.draft.units == (1, 2, 3)
    assert line.draft.parts == {1: Part("牵头", Decimal(60)), 2: Part("协办", Decimal("0.4"))}


def test_authors_and_items_are_taken_over(read):
    line = read(HEAD + "\t作者\t信息", "3月5日\t检查评分\t甲县\t检查\t张三、李四（乙县）\t12")[0]

    assert line.draft.authors == (Author("张三"), Author("李四", 2)) and line.draft.item == "12"


def test_without_a_title_the_reason_or_the_kind_says_what_it_was(read):
    lines = read(
        "日期\t种类\t单位\t分值\t事由", "3-5\t手工加减分\t甲县\t1\t承办会议", "3-5\t检查评分\t甲县\t1\t"
    )

    assert [line.draft.title for line in lines] == ["承办会议", "检查评分"]


def test_a_line_about_an_item_waits_for_the_items_title(read):
    assert read("日期\t种类\t单位\t信息\t分值", "3-5\t检查评分\t甲县\t12\t1")[0].draft.title == ""


def test_commas_serve_as_well_as_tabs_and_empty_lines_do_not_count(read):
    lines = read(
        "日期,种类,单位,事项", "", "2026-03-05,检查评分,甲县,检查", ",,,", "2026-03-06,检查评分,乙县,复查"
    )

    assert [(line.number, line.draft.title) for line in lines] == [(1, "检查"), (2, "复查")]


# ---- slips of a line ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "where", "words"),
    [
        ("2026-02-30\t检查评分\t甲县\t检查\t1", "日期", "“2026-02-30”不是日期。请写成 2026-03-05 的形式"),
        ("\t检查评分\t甲县\t检查\t1", "日期", "请填写日期"),
        (
            "3-5\t检查平分\t甲县\t检查\t1",
            "种类",
            "没有“检查平分”这种事项，或不在这里登记。是否应为“检查评分”",
        ),
        ("3-5\t采用\t甲县\t检查\t", "种类", "没有“采用”这种事项，或不在这里登记"),
        ("3-5\t\t甲县\t检查\t1", "种类", "请写明种类"),
        ("3-5\t检查评分\t甲现\t检查\t1", "单位", "没有名为“甲现”的单位。是否应为“甲县”"),
        ("3-5\t检查评分\t甲县\t检查\t两分", "分值", "“两分”不是数字"),
        ("3-5\t检查评分\t甲县\t检查\t", "分值", "请填写"),
    ],
)
def test_a_slip_says_where_it_is_and_what_to_write(read, row, where, words):
    sound = "3-5\t检查评分\t甲县\t检查\t1"

    first, line = read(HEAD + "\t分值", sound, row)

    assert first.errors == [] and line.number == 2
    assert slips(line) == [where] and words in str(line.errors[0])


def test_every_slip_of_a_line_is_told_at_once(read):
    line = read(HEAD + "\t完成情况\t权重\t作者", "3-5\t约稿\t甲现、乙县\t约稿\t迟到\t、许多\t王五（丁局）")[0]

    assert slips(line) == ["单位", "单位", "作者", "完成情况"]
    assert line.draft.units == (2,)


def test_the_other_slips_are_told_beside_a_bad_day(read):
    assert slips(read(HEAD + "\t完成情况", "3-32\t约稿\t甲县\t约稿\t迟到")[0]) == ["日期", "完成情况"]


def test_units_keep_the_order_they_are_written_in(read):
    assert read(HEAD + "\t分值", "3-5\t检查评分\t丙局、甲县\t检查\t1")[0].draft.units == (3, 1)


def test_roles_and_weights_stay_with_their_units(read):
    head, start = HEAD + "\t角色\t权重", "3-5\t检查评分\t甲县、乙县\t检查"

    second, many = read(head + "\t分值", f"{start}\t、协办\t\t1", f"{start}\t\t1、2、3\t1")

    assert second.draft.parts == {2: Part("协办")}
    assert "权重：有 3 个，单位只有 2 个" in str(many.errors[0])


def test_a_cell_its_kind_does_not_have_is_a_slip(read):
    line = read(HEAD + "\t完成情况\t分值", "3-5\t检查评分\t甲县\t检查\t按时\t1")[0]

    assert "“检查评分”没有“完成情况”" in str(line.errors[0])


def test_lines_that_say_the_same_are_marked_but_allowed(read):
    lines = read(
        HEAD + "\t分值",
        *[
            "3-5\t检查评分\t甲县\t检查\t1",
            "3-5\t检查评分\t乙县\t检查\t1",
            "2026年3月5日\t检查评分\t甲县人民政府\t检查\t1",
        ],
    )

    assert [line.remark for line in lines] == ["", "", "与第 1 行相同"]
    assert not any(line.errors for line in lines)


# ---- slips of the table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([""], "表格中没有内容"),
        ([HEAD], "表格中没有内容"),
        (["种类\t单位", "检查评分\t甲县"], "缺少“日期”列"),
        (["种类\t事项", "检查评分\t检查"], "缺少“日期、单位”列"),
        (["日期\t单位", "3-5\t甲县"], "缺少“种类”列"),
        ([HEAD + "\t分植", "3-5\t检查评分\t甲县\t检查\t1"], "看不懂列名“分植”。是否应为“分值”"),
        (
            [HEAD, *["3-5\t检查评分\t甲县\t检查"] * (MOST + 1)],
            f"表格有 {MOST + 1} 行，超过 {MOST} 行。请分几次登记",
        ),
        ([HEAD, "长" * reading.MAX_TEXT], "表格过长"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(read, rows, words):
    with pytest.raises(InvalidInput) as told:
        read(*rows)

    assert words in str(told.value) and told.value.where == "表格"


def test_as_many_lines_as_allowed_are_read(read):
    assert len(read(HEAD, *["3-5\t检查评分\t甲县\t检查"] * MOST)) == MOST
