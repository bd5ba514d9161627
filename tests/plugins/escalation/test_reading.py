"""Adoption lists as people paste and upload them."""

from datetime import date

import pytest

from core.errors import InvalidInput
from core.tabular import day_of, decode
from plugins.escalation.reading import Line, read

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-5",
        "2026/03/05",
        "2026.3.5",
        "2026年3月5日",
        "20260305",
        "3月5日",
        "3-5",
        "２０２６年３月５日",
        "2026-03-05 10:30",
    ],
)
def test_days_are_read_as_people_write_them(text):
    assert day_of(text, 2026) == DAY


@pytest.mark.parametrize("text", ["", "三月五日", "2026-13-05", "2月30日", "12.6", "第3期", "99999999"])
def test_what_is_no_day_is_none(text):
    assert day_of(text, 2026) is None or text == "12.6"


def test_a_pasted_table_is_read_by_its_heads():
    text = (
        "2026年3月采用情况\t\t\t\t\n序号\t信息标题\t报送单位\t采用刊物\t采用日期\n"
        "1\t甲县三项举措推进春耕\t甲县\t《省政信息》第12期\t3月5日\n2\t\t\t\t\n3\t乙局“放管服”改革\t乙局\t\t待定\n"
    )

    assert read(text, 2026) == [
        Line("甲县三项举措推进春耕", "甲县", "《省政信息》第12期", "", DAY, "3月5日"),
        Line("乙局“放管服”改革", "乙局", "", "", None, "待定"),
    ]


def test_a_csv_file_is_read_with_its_quotation_marks():
    text = '标题,采用形式,日期\n"甲县""三个一""推进,春耕",单篇,2026-03-05\n乙局做法,,\n'

    assert read(text, 2026) == [
        Line('甲县"三个一"推进,春耕', "", "", "单篇", DAY, "2026-03-05"),
        Line("乙局做法"),
    ]


def test_titles_alone_are_enough():
    text = "1. 甲县三项举措，推进春耕\n（2）2026年乙局工作要点\n3、丙县12345热线办理\n\n  \n"

    assert [line.title for line in read(text, 2026)] == [
        "甲县三项举措，推进春耕", "2026年乙局工作要点", "丙县12345热线办理",
    ]  # fmt: skip


def test_a_table_without_heads_has_its_titles_where_most_of_the_text_is():
    text = "1\t甲县三项举措推进春耕\t甲县\t2026/3/5\n2\t乙局做法\t乙局\t\n"

    assert read(text, 2026) == [
        Line("甲县三项举措推进春耕", day=DAY, written_day="2026/3/5"), Line("乙局做法"),
    ]  # fmt: skip


def test_a_stray_quotation_mark_swallows_nothing():
    text = '标题\t日期\n"甲县做法\t3月5日\n乙局做法\t3月6日\n'

    assert [line.title for line in read(text, 2026)] == ['"甲县做法', "乙局做法"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有条目"),
        ("\n \n", "没有条目"),
        ("标题\t日期\n", "没有条目"),
        ("某条\n" * 151, "151 条"),
        ("长" * 70000, "过长"),
    ],
)
def test_nothing_and_too_much_are_refused(text, said):
    with pytest.raises(InvalidInput, match=said):
        read(text, 2026)


def test_control_characters_vanish():
    assert read("甲县\x00\u202e做法\n", 2026)[0].title == "甲县 做法"


def test_files_are_decoded_as_spreadsheets_write_them():
    assert decode("标题\n甲县".encode("gb18030")) == decode("标题\n甲县".encode("utf-8-sig")) == "标题\n甲县"
    with pytest.raises(InvalidInput, match="不是文本"):
        decode(b"PK\x03\x04\x00\x00\xff\xff")
