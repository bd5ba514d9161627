"""Titles stand as trapezium or rhombus and break between words."""

from itertools import pairwise

import pytest

from core.documents.fonts.charset import cells
from core.documents.typesetting.titles import title_lines
from core.errors import RenderError

TITLES = {
    "关于2026年6月份政务信息采用情况的通报": ["关于2026年6月份政务信息采用情况的通报"],
    "临江市人民政府办公室关于2026年9月份政务信息采用情况的通报": [
        "临江市人民政府办公室", "关于2026年9月份政务信息采用情况的通报"],
    "临江市人民政府办公室关于2018年1—2月份全市政务信息报送和采用情况的通报": [
        "临江市人民政府办公室", "关于2018年1—2月份全市", "政务信息报送和采用情况的通报"],
    "临江市人民政府办公室关于印发《临江市政务信息工作考核办法（试行）》的通知": [
        "临江市人民政府办公室", "关于印发《临江市政务信息", "工作考核办法（试行）》的通知"],
    "关于表彰2023年度全市政务信息工作先进单位和先进个人的通报": [
        "关于表彰2023年度全市政务信息工作", "先进单位和先进个人的通报"],
    "云岭县创新“三色”预警机制破解农村道路交通安全管理难题成效明显": [
        "云岭县创新“三色”预警机制破解", "农村道路交通安全管理难题成效明显"],
    "中共临江市委办公室　临江市人民政府办公室关于印发《临江市政务信息工作管理办法》的通知": [
        "中共临江市委办公室", "临江市人民政府办公室", "关于印发《临江市政务信息", "工作管理办法》的通知"],
    "临江市财政局　临江市税务局关于印发通知的通知": ["临江市财政局", "临江市税务局", "关于印发通知的通知"],
    "临江市人民政府办公室关于转发市应急管理局等部门临江市自然灾害救助应急预案的通知": [
        "临江市人民政府办公室", "关于转发市应急管理局等部门", "临江市自然灾害救助应急预案的通知"],
    "临江市人民政府关于将临江高新技术产业开发区升级为国家级高新区的请示": [
        "临江市人民政府", "关于将临江高新技术产业开发区", "升级为国家级高新区的请示"],
}  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_title_breaks_between_words(title):
    assert title_lines(title) == TITLES[title]


@pytest.mark.parametrize("count", range(21, 100, 7))
def test_any_title_fits_without_hourglass_or_lost_text(count):
    title = ("临江市人民政府办公室转发市发展改革委关于推进2026年全市重点项目建设若干措施的通知" * 3)[:count]

    lines = title_lines(title)

    assert "".join(lines) == title
    assert all(4 <= cells(line) <= 20 for line in lines)
    steps = [cells(b) - cells(a) for a, b in pairwise(lines)]
    assert not any(before < 0 < after for before, after in pairwise(steps))


def test_breaks_an_office_wrote_itself_are_kept():
    assert title_lines("甲县\n乙局关于丙事的通报") == ["甲县", "乙局关于丙事的通报"]


def test_numbers_and_short_book_titles_stay_whole():
    lines = title_lines("关于认真学习贯彻《政务信息工作办法》切实做好2026年7月15日报送工作的紧急补充通知")

    assert any("《政务信息工作办法》" in line for line in lines)
    assert any("2026年7月15日" in line for line in lines)


def test_a_title_beyond_five_lines_is_refused_with_advice():
    with pytest.raises(RenderError) as caught:
        title_lines("关于推进全市重点项目建设" * 9)

    assert "标题过长" in str(caught.value)
    assert "请精简标题" in str(caught.value)


def test_hostile_titles_are_answered_quickly():
    for title in ("一" * 99, "字" * 100, "《" * 50, "全市" * 50, "。" * 90):
        try:
            assert title_lines(title)
        except RenderError as error:
            assert "标题过长" in str(error)
