"""Differences between two texts: complete, and readable in Chinese."""

import time

from hypothesis import given
from hypothesis import strategies as st

from core.submissions.diff import DiffLine, compare, compare_titled, segments, share_kept

# Few different characters, so that lines resemble one another and numbers and words meet.
words = st.text(alphabet="甲乙丙，。 12.5%ab𠮷", max_size=30)
texts = st.lists(words, max_size=8)


def text(parts):
    return "".join(part for _, part in parts)


def old_lines(rows):
    return [text(row.before) for row in rows if row.kind not in ("added", "here")]


def new_lines(rows):
    return [text(row.after) for row in rows if row.kind not in ("removed", "away")]


@given(words, words)
def test_segments_put_together_give_both_lines_back(before, after):
    parts = segments(before, after)

    assert text(p for p in parts if p[0] != "+") == before
    assert text(p for p in parts if p[0] != "-") == after


@given(texts, texts)
def test_rows_put_together_give_both_texts_back(before, after):
    rows = compare(before, after)

    assert old_lines(rows) == before
    assert new_lines(rows) == after


@given(texts)
def test_a_text_does_not_differ_from_itself(lines):
    assert all(row.kind == "same" for row in compare(lines, lines))


@given(words, words)
def test_the_share_kept_is_a_share(before, after):
    assert 0 <= share_kept(before, after) <= 1


def test_a_changed_word_is_shown_by_itself():
    assert segments("全县种植水稻三万亩", "全县种植小麦三万亩") == (
        ("=", "全县种植"), ("-", "水稻"), ("+", "小麦"), ("=", "三万亩"),
    )  # fmt: skip


def test_a_number_changes_as_a_whole():
    assert segments("增长12.5%，", "增长13.5%，") == (
        ("=", "增长"),
        ("-", "12.5%"),
        ("+", "13.5%"),
        ("=", "，"),
    )


def test_a_single_character_kept_between_two_changes_is_drawn_as_changed():
    assert segments("东的西", "南的北") == (("-", "东的西"), ("+", "南的北"))


@given(texts.filter(len), texts.filter(len))
def test_rows_of_titled_texts_put_together_give_both_texts_back(before, after):
    rows = compare_titled(before, after)

    assert old_lines(rows) == before
    assert new_lines(rows) == after


def test_a_title_written_anew_stands_beside_the_old_one():
    old, new = "防汛物资全部到位", "我市开展秋粮收购"

    rows = compare_titled([old, "正文第一段。"], [new, "正文第一段。"])

    assert [row.kind for row in rows] == ["changed", "same"]
    assert (rows[0].before, rows[0].after) == ((("-", old),), (("+", new),))


def test_paragraphs_are_paired_with_what_they_became():
    rows = compare(
        ["一是抓农资供应，备足化肥。", "二是抓技术服务。", "（张三）"],
        ["一是抓农资供应，备足化肥三万吨。", "新增一段完全不同的内容ABC", "二是抓好技术服务。"],
    )

    assert [row.kind for row in rows] == ["changed", "added", "changed", "removed"]


def test_a_moved_paragraph_is_shown_at_both_places_with_one_mark():
    rows = compare(["甲甲甲甲", "乙乙乙乙", "丙丙丙丙"], ["乙乙乙乙", "丙丙丙丙", "甲甲甲甲"])

    assert [(row.kind, row.mark) for row in rows] == [("away", 1), ("same", 0), ("same", 0), ("here", 1)]
    assert rows[0].after == () and rows[3].before == ()


def test_a_moved_paragraph_shows_what_was_changed_in_it():
    moved, changed = "第二段讲工业经济运行情况和困难。", "第二段讲工业经济运行的情况和困难。"
    rows = compare(
        ["标题", moved, "第三段讲教育。", "第四段。"], ["标题", "第三段讲教育。", "第四段。", changed]
    )

    assert [row.kind for row in rows] == ["same", "away", "same", "same", "here"]
    assert ("+", "的") in rows[4].after


def test_short_lines_that_are_merely_alike_are_not_called_moved():
    rows = compare(["一、好", "甲甲甲甲", "乙乙乙乙"], ["甲甲甲甲", "乙乙乙乙", "二、好"])

    assert {row.kind for row in rows} == {"removed", "same", "added"}


def test_changes_are_whole_words():
    parts = segments(
        "我县紧紧围绕春季农业生产，积极推进农资储备。", "我县聚焦春季农业生产，全力推动农资供应。"
    )

    assert parts == (
        ("=", "我县"), ("-", "紧紧围绕"), ("+", "聚焦"), ("=", "春季农业生产，"), ("-", "积极推进农资储备"),
        ("+", "全力推动农资供应"), ("=", "。"),
    )  # fmt: skip


def test_chinese_figures_change_as_a_whole():
    parts = segments("全县备足化肥三万吨，", "全县备足化肥三万五千吨，")

    assert parts[1:3] == (("-", "三万"), ("+", "三万五千"))


def test_a_change_is_not_gathered_across_the_end_of_a_clause():
    parts = segments("全县化肥备足，农机检修完毕", "全市农药备足，农具检修完毕")

    assert ("=", "备足，") in parts


def test_a_sentence_written_anew_is_shown_as_replaced():
    parts = segments("群众办事方便，满意度提升。", "我县的营商环境持续优化提升了。")

    assert [sign for sign, _ in parts] == ["-", "+"]


def test_a_row_shows_each_side_without_the_other():
    row = DiffLine("changed", (("=", "甲"), ("-", "乙"), ("+", "丙")))

    assert row.before == (("=", "甲"), ("-", "乙"))
    assert row.after == (("=", "甲"), ("+", "丙"))


def test_nothing_was_lost_from_an_empty_text():
    assert share_kept("", "新写的内容") == 1.0


def test_a_hostile_text_is_compared_within_seconds():
    start = time.process_time()

    compare(["的" * 50_000], ["的" * 49_000 + "地"])
    compare([f"第{n}件事" for n in range(2000)], [f"有{n}件好事情" for n in range(2000)])

    assert time.process_time() - start < 5
