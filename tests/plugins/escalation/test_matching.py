"""Titles of a list against titles of items."""

from plugins.escalation.matching import Titles

ITEMS = Titles(
    [
        (1, "甲县三项举措推进春耕备耕"),
        (2, "乙局“放管服”改革成效明显"),
        (3, "甲县三项举措推进春耕备耕"),
        (2, "乙局深化改革的做法"),
        (4, "第三季度经济运行情况"),
    ]
)


def test_marks_spaces_and_case_do_not_matter():
    (found,) = ITEMS.find("乙局放管服改革 成效明显。")

    assert (found.item, found.exact) == (2, True)


def test_an_earlier_wording_finds_the_item_too():
    assert [(m.item, m.exact) for m in ITEMS.find("乙局深化改革的做法")] == [(2, True)]


def test_equal_titles_are_all_offered_newest_first():
    assert [(m.item, m.exact) for m in ITEMS.find("甲县三项举措推进春耕备耕")] == [(3, True), (1, True)]


def test_alike_titles_are_offered_but_not_exact():
    found = ITEMS.find("甲县采取三项举措推进春耕")

    assert [m.item for m in found] == [3, 1] and not any(m.exact for m in found)


def test_other_titles_find_nothing():
    assert ITEMS.find("丙区社区食堂建设") == []
    assert ITEMS.find("") == [] and ITEMS.find("！？") == []
