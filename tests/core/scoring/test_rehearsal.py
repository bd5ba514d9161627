"""A period as scored beside the same period under other rules: what differs, said so that somebody can decide."""

from dataclasses import replace

import pytest

from core.scoring.results.frozen import Result
from core.scoring.results.outcome import outcome_of
from core.scoring.trying.rehearsal import ChoiceChange, Side, compared
from core.scoring.trying.rescoring import knows_period, period_under, regrouped, rescored
from core.scoring.values.periods import period_by_key

OLD = """\
awards:
  - {id: daily, title: 《每日要情》采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 10}, basis: 三}
  - {id: special, title: 专报采用, when: {fact: adopted, outlet: special}, points: {2024-01-01: 20}, basis: 四}
measures: [{id: sent, title: 采用条数, count: items, where: {fact: adopted}}]
components: [{id: rate, title: 采用分项, formula: sent * 2}]
quotas: [{id: monthly, title: 月度任务, period: month, need: {2024-01-01: 1}, done: sent, groups: [counties], basis: 六}]
prizes: [{id: best, title: 先进单位, for: units, take: 1, by: [score], groups: [counties], basis: 七}]
"""
GROUPS = """\
groups:
  - {id: xian, title: 县区}
  - {id: bureaus, title: 市直部门}
  - {id: direct, title: 企业直报点}
  - {id: own, title: 信息科, competes: false}
"""
MAY = "2024-05"


@pytest.fixture
def facts(make_fact):
    return [
        make_fact(units=["甲县"], id="f1"),
        make_fact(units=["乙县"], id="f2"),
        make_fact(units=["乙县"], id="f3"),
        make_fact(units=["丙县"], outlet="special", id="f4"),
    ]


@pytest.fixture
def base(units, facts):
    """The period as it was scored by some rules."""

    def made(rules, key=MAY):
        found = outcome_of(facts, rules, units, period_by_key(rules.calendar, key))
        return Result(
            found.period, "city@1.0.0", facts, units, found.ledger.entries(), found.standing.rows, True,
            prizes=found.prizes, lists=found.lists,
        )  # fmt: skip

    return made


@pytest.fixture
def rehearsed(base):
    """Compare a period under two books."""

    def run(old, new, key=MAY):
        before = base(old, key)
        return compared(Side(before, old), Side(rescored(before, old, new, "city@2.0.0"), new))

    return run


def unit(found, name):
    return next(u for u in found.units if u.name == name)


def test_the_same_rules_differ_in_nothing(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD))

    assert found.same and found.summary() == ["两个版本的得分、名次、任务和评选完全一致。"]
    assert (found.entries, found.tasks, found.choices, found.moved) == ([], [], [], [])


def test_another_value_moves_units_and_says_by_how_much(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD.replace("points: {2024-01-01: 20}", "points: {2024-01-01: 5}")))

    third = unit(found, "丙县")
    assert (third.old.score, third.new.score) == ("20", "5")
    assert (third.old.place, third.new.place, third.movement) == (1, 3, "降2")
    assert [u.name for u in found.scored_otherwise] == ["丙县"]
    assert [u.name for u in found.moved][0] == "丙县"
    assert found.summary()[0] == "6 个单位参加排名，1 个得分有变，2 个名次有变。"
    assert any("下降最多的是丙县（第 1 名→第 3 名），下降 2 名" in s for s in found.summary())


def test_the_lines_that_differ_say_what_each_version_gives_and_why(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD.replace("points: {2024-01-01: 20}", "points: {2024-01-01: 5}")))

    (entry,) = found.rewarded_otherwise
    assert (entry.fact, entry.name, entry.old, entry.new, entry.inside) == ("f4", "丙县", "20", "5", True)
    assert "20" in entry.why_old[0] and "5" in entry.why_new[0]


def test_a_fact_the_other_version_does_not_reward_says_so(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD.replace("{fact: adopted, outlet: special}", "{fact: sent_up}")))

    (entry,) = found.rewarded_otherwise
    assert (entry.old, entry.new) == ("20", "0") and entry.why_new[0]


def test_another_basis_is_told_apart_from_other_points(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD.replace("basis: 四", "basis: 新办法第四条")))

    assert found.rewarded_otherwise == [] and [e.of_points for e in found.entries] == [False]
    assert not found.same and "得分相同、说明不同" in "".join(found.summary())


def test_tasks_components_and_prizes_that_differ_are_listed(rehearsed, book):
    new = (
        OLD.replace("need: {2024-01-01: 1}", "need: {2024-01-01: 2}").replace("formula: sent * 2", "formula: sent * 3")
        .replace("2024-01-01: 20", "2024-01-01: 5")
    )  # fmt: skip
    found = rehearsed(book(OLD), book(new))

    assert {t.name for t in found.tasks} == {"甲县", "乙县", "丙县"}
    assert all(t.old != t.new for t in found.tasks)
    assert [title for title, *_ in unit(found, "甲县").components] == ["采用分项"]
    (prize,) = found.choices
    assert (prize.title, prize.came, prize.went) == ("先进单位", [], ["丙县"])


def test_groups_of_the_same_title_are_one_group_whatever_their_id(rehearsed, book):
    found = rehearsed(book(OLD), book(OLD.replace("[counties]", "[xian]"), units=GROUPS))

    assert unit(found, "甲县").new.group == "县区" and found.moved == []


def test_a_group_the_other_version_lacks_is_no_rank(rehearsed, book):
    lacking = GROUPS.replace("  - {id: bureaus, title: 市直部门}\n", "").replace("xian", "counties")
    found = rehearsed(book(OLD), book(OLD, units=lacking))

    assert unit(found, "丁局").new is None and unit(found, "丁局").movement == "不再参加排名"
    assert "分组或是否参加排名有变化" in "".join(found.summary())


def test_a_unit_goes_to_the_group_of_the_title_its_old_one_had(units, book):
    moved = regrouped(units, book(OLD), book(OLD.replace("[counties]", "[xian]"), units=GROUPS))

    assert {u.group for u in moved if u.name in ("甲县", "乙县")} == {"xian"}


def test_days_another_calendar_calls_otherwise_stay_the_same_days(book):
    joined = book(OLD, calendar="year_starts: 1\njoined: [{months: [1, 2]}]\n")
    plain, both = book(OLD), period_by_key(joined.calendar, "2024-01~02")

    assert period_under(plain, both) == both and not knows_period(plain, both)
    fiscal = book(OLD, calendar="year_starts: 7\n")
    may = period_by_key(plain.calendar, MAY)
    assert period_under(fiscal, may) == replace(may, year_key="2023")


def test_a_comparison_is_plain_for_machines(rehearsed, book):
    told = rehearsed(book(OLD), book(OLD.replace("2024-01-01: 20", "2024-01-01: 5"))).as_dict()

    assert told["old"] == "city@1.0.0" and told["new"] == "city@2.0.0" and told["same"] is False
    third = next(u for u in told["units"] if u["name"] == "丙县")
    assert (third["gained"], third["old"]["score"], third["new"]["score"]) == (-2, "20", "5")


def test_a_list_that_only_stands_in_another_order_says_so():
    change = ChoiceChange("先进单位", "奖项", ("甲县", "乙县"), ("乙县", "甲县"))
    barred = ChoiceChange("先进单位", "奖项", ("甲县",), ("甲县",), (), ("乙县：扣分",))

    assert change.only_order and not change.only_reasons
    assert barred.only_reasons
    assert not ChoiceChange("先进单位", "奖项", None, ("甲县",)).only_order
