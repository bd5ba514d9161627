"""Every number of a row opened: entries by item, formulas with their values, what rounding hides."""

import pytest

from core.errors import NotFound
from core.scoring.engine.stages import ledger_of
from core.scoring.results import opening
from core.scoring.results.ranking import rank_ledger
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import Printing, show

RULES = """\
awards:
  - {id: daily, title: 采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 10}, basis: 第三条}
  - {id: up, title: 上报, when: {fact: sent_up, level: province}, points: {2024-01-01: 2}, basis: 第三条}
resolution: [{id: once, title: 同条取高, keep: max, awards: [daily], basis: 第四条}]
measures:
  - {id: taken, title: 采用条数, count: items, where: {fact: adopted}}
  - {id: taken_points, title: 采用分, sum: points, where: {fact: adopted}}
components:
  - {id: work, title: 工作分, formula: "taken_points + entries * 0 + taken", basis: 第五条, max: 50}
  - {id: double, title: 两倍, formula: work * 2}
total: work
ranking: {by: [cumulative]}
printing: {places: 2}
"""


@pytest.fixture
def row_of(book, units):
    """A unit's row in May with what opening needs."""

    def run(facts, unit="甲县", scoring=RULES):
        rules = book(scoring)
        period = period_by_key(rules.calendar, "2024-05")
        ledger = ledger_of(facts, rules, units, period)
        standing = rank_ledger(ledger, units)
        row = next(row for row in standing.rows if row.unit == unit)
        entries = [entry for entry in ledger.entries() if entry.unit == unit]
        return row, entries, rules, period, standing.figures

    return run


def test_every_number_of_a_row_has_a_title_and_opens(row_of, make_fact):
    row, *rest = row_of([make_fact()])
    found = opening.numbers(row, rest[1])

    assert [number.title for number in found] == [
        "本期得分", "此前累计", "累计得分", "工作分", "两倍", "采用条数", "采用分",
    ]  # fmt: skip
    assert all(opening.opened(number.id, row, *rest).number == number for number in found)


def test_an_unknown_number_names_the_nearest(row_of):
    with pytest.raises(NotFound, match="taken"):
        opening.opened("takes", *row_of([]))


def test_entries_are_grouped_by_item_and_what_did_not_count_says_why(row_of, make_fact):
    found = opening.opened(
        "taken_points", *row_of([make_fact(item="a"), make_fact(item="a"), make_fact(item="b")])
    )

    assert [(show(story.total), len(story.entries)) for story in found.stories] == [("10", 2), ("10", 1)]
    assert "同条取高" in found.stories[0].sentences[1]


def test_a_component_shows_its_formula_its_values_and_the_entries_of_its_measures(row_of, make_fact):
    found = opening.opened("work", *row_of([make_fact(), make_fact("sent_up", level="province")]))

    assert found.formula == "taken_points + entries * 0 + taken" and found.basis == "第五条"
    assert [(part.title, part.text, part.opens) for part in found.parts] == [
        ("采用分", "10", True), ("台账得分", "12", False), ("采用条数", "1", True),
    ]  # fmt: skip
    assert found.number.text == "11"


def test_a_component_of_components_reaches_the_same_entries(row_of, make_fact):
    found = opening.opened("double", *row_of([make_fact()]))

    assert len(found.stories) == 1 and found.parts[0].opens


def test_printed_shares_that_do_not_add_up_say_so(row_of, make_fact):
    row, entries, *_ = row_of([make_fact(units=["甲县", "乙县", "丙县"])])

    told = opening.rounding(entries[0], Printing(places=2))

    assert told == "3家各印3.33，相加为9.99，与10差0.01，是四舍五入所致；累计和排名按精确分值3⅓计算"
    assert opening.rounding(entries[0], Printing(style="fraction")) == ""


def test_shares_that_print_exactly_need_no_word(row_of, make_fact):
    _, entries, *_ = row_of([make_fact(units=["甲县", "乙县"])])

    assert opening.rounding(entries[0], Printing(places=2)) == ""


def test_unequal_shares_say_only_that_they_are_rounded(row_of, make_fact):
    scoring = RULES + "sharing: {policy: {weights: [2, 1]}, basis: 第六条}\n"
    _, entries, *_ = row_of([make_fact(units=["甲县", "乙县"])], scoring=scoring)

    assert opening.rounding(entries[0], Printing(places=1)).startswith("印出的6.7是四舍五入后的数")


def test_a_total_whose_printed_entries_do_not_add_up_says_so(row_of, make_fact):
    scoring = RULES.replace("total: work\n", "")
    facts = [make_fact(units=["甲县", "乙县", "丙县"]) for _ in "123"]

    found = opening.opened("score", *row_of(facts, scoring=scoring))

    assert found.remarks == ("各条印出的分数相加为9.99，与10差0.01，是四舍五入所致；合计按精确分值相加。",)
