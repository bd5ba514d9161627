"""What a circular says: numbers equal to the frozen result, clauses that vanish, tables, notes."""

from dataclasses import replace

import pytest

from core.scoring import runs
from core.scoring.results.frozen import thaw
from core.scoring.values import points
from core.scoring.values.periods import Calendar, Joined, period_by_key
from plugins.circulars.sources import circular
from plugins.circulars.tables import TOTAL
from plugins.circulars.wording import fill, percent, period_words, sentence

FEBRUARY = "2026-02"


@pytest.fixture
def made(desk, closed):
    return circular(runs.frozen_run(desk.office_id, FEBRUARY), "ranking")


def remade(made, **changes):
    """The same circular of a kind changed in some places."""
    return type(made)(made.kind.model_copy(update=changes), made.ledger, made.head)


def test_every_number_of_the_table_is_the_frozen_one(desk, made):
    rows = {row.unit: row for row in thaw(runs.frozen_run(desk.office_id, FEBRUARY).content).rows}
    printing = made.ledger.rules.printing

    for sheet in made.sheets():
        for line in (line for line in sheet.lines if line.unit):
            row = rows.pop(line.unit)
            assert line.cells[:2] == (str(row.place), row.name)
            assert line.cells[2] == (str(row.measures["submitted"]) if row.measures["submitted"] else "")
            assert line.cells[-2:] == (
                points.show(row.score, printing),
                points.show(row.cumulative, printing),
            )
    assert not rows


def test_groups_have_tables_of_their_own_and_empty_groups_none(made):
    assert [sheet.title for sheet in made.sheets()] == ["县区", "市直部门和直属机构"]


def test_a_joint_item_counts_once_in_the_text_and_for_each_unit_in_the_rows(made):
    assert made.numbers["received"] == "3"
    assert [line.cells[2] for sheet in made.sheets() for line in sheet.lines if line.cells[1] == TOTAL] == [
        "3",
        "1",
    ]
    assert made.sheets()[-1].notes == (
        "联合报送的信息，各报送单位均计条数；合计栏中同一条信息只计一次。"
        "全部参评单位报送条数相加为4条，去除重复后为3条；全部参评单位本级采用条数相加为3条，去除重复后为2条。",
    )


def test_without_joint_items_there_is_no_note(desk, made):
    alone = [entry for entry in made.ledger.result.entries if entry.item != "B"]
    rows = [replace(row, measures=dict.fromkeys(row.measures, 0)) for row in made.ledger.result.rows]
    result = replace(made.ledger.result, entries=[e for e in alone if e.kind == "manual"], rows=rows)
    ledger = replace(made.ledger, result=result)

    assert all(not sheet.notes for sheet in type(made)(made.kind, ledger, made.head).sheets())


def test_headings_are_numbered_over_the_parts_that_say_something(made):
    headings = [b["runs"][0]["text"] for b in made.body(made.drafted()) if b["type"] == "heading"]
    assert headings == ["一、报送采用情况较好的单位", "二、存在的问题", "三、下一步工作要求"]

    without = remade(made, silent=None)
    headings = [b["runs"][0]["text"] for b in without.body(without.drafted()) if b["type"] == "heading"]
    assert headings == ["一、报送采用情况较好的单位", "二、下一步工作要求"]


def test_the_best_are_named_with_their_points_and_those_without_points_are_not(made):
    assert made.praise() == ["县区：甲县（累计42.5分）。", "市直部门和直属机构：市财政局（累计2.5分）。"]


def test_units_sharing_a_place_are_all_named(made):
    rows = [replace(row, place=3, cumulative=points.GRAINS) for row in made.ledger.result.rows]
    ledger = replace(made.ledger, result=replace(made.ledger.result, rows=rows))

    assert type(made)(made.kind, ledger, made.head).praise()[0] == "县区：甲县（累计1分）、乙县（累计1分）。"


def test_silent_units_are_named_but_never_optional_ones(made):
    assert made.silent()[0].startswith("2026年2月份没有报送政务信息的单位有1个：市教育局。")

    rows = [replace(row, optional=True) for row in made.ledger.result.rows]
    ledger = replace(made.ledger, result=replace(made.ledger.result, rows=rows))
    assert type(made)(made.kind, ledger, made.head).silent() == []


def test_the_head_joins_columns_under_a_common_title(made):
    upper, lower = made.sheets()[0].head
    assert [(cell["text"], cell.get("colspan"), cell.get("rowspan")) for cell in upper[:5]] == [
        ("名次", None, 2), ("单位", None, 2), ("报送条数", None, 2), ("本级采用", 3, None), ("上报和上级采用", 4, None),
    ]  # fmt: skip
    assert [cell["text"] for cell in lower[:3]] == ["《政务要情》", "《政务快讯》", "得分"]


def test_clauses_with_a_zero_number_vanish():
    numbers = {"received": "8", "adopted": ""}
    clauses = ["{period}", "共报送{received}条", "采用{adopted}条"]

    assert sentence(clauses, "", {"period": "5月份"}, numbers) == "5月份，共报送8条。"
    assert (
        sentence(clauses, "{period}没有报送", {"period": "5月份"}, dict.fromkeys(numbers, ""))
        == "5月份没有报送。"
    )
    assert sentence(clauses, "", {"period": "5月份"}, dict.fromkeys(numbers, "")) == ""
    assert sentence(["通报如下："], "", {}, numbers) == "通报如下："


def test_unknown_words_stay_visible():
    assert fill("{a}和{b}", {"a": "甲"}) == "甲和{b}"


@pytest.mark.parametrize(("key", "words"), [
    ("2026-02", "2026年2月份"), ("2026-Q3", "2026年第三季度"), ("2026-H1", "2026年上半年"), ("2026", "2026年度"),
    ("2026-01~02", "2026年1—2月份"),
])  # fmt: skip
def test_periods_are_named_as_in_titles(key, words):
    calendar = Calendar(joined=(Joined((1, 2)),)) if "~" in key else Calendar()
    assert period_words(period_by_key(calendar, key)) == words


def test_percentages_round_half_up_and_vanish_without_a_whole():
    assert percent(1, 8, 1) == "12.5"
    assert percent(1, 16, 1) == "6.3"
    assert percent(2, 2, 1) == "100"
    assert percent(0, 5, 1) == percent(3, 0, 1) == ""
