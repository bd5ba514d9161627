"""Laws of the engine that hold for any facts, tried on random ones under rules that use every stage."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.scoring.engine.figures import TOTALS
from core.scoring.engine.stages import score
from core.scoring.results.explain import explain
from core.scoring.results.ranking import rank
from core.scoring.rules.rule_book import Worth
from core.scoring.values.fact import Fact, UnitInfo
from core.scoring.values.periods import period_by_key, periods_of
from core.scoring.values.points import MAX_SHARERS, parse_value

PLAIN = """\
attributes:
  - {id: leader, title: 领导类别, options: [主要, 其他]}
awards:
  - {id: daily, title: 每日, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 10, 2024-06-01: 7.5}, basis: 一}
  - {id: city, title: 市级, when: {fact: adopted, outlet: city}, points: {2024-01-01: 0.125}, basis: 二}
  - {id: province, title: 省级, when: {fact: adopted, outlet: province}, points: {2024-01-01: 40}, basis: 三}
  - {id: up, title: 上报, when: {fact: sent_up}, points: {2024-01-01: 5}, basis: 四, share: each}
  - {id: note, title: 批示, when: {fact: instructed, leader: 主要}, points: {2024-01-01: 30}, basis: 五}
  - {id: manual, title: 手工, when: {fact: manual}, points: {2024-01-01: {from: points, min: 0, max: 9}}, basis: 六}
measures:
  - {id: items, title: 采用条数, count: items, where: {fact: adopted}}
  - {id: facts, title: 采用次数, count: facts, where: {fact: adopted}, over: year}
  - {id: points, title: 采用得分, sum: points, where: {fact: adopted}}
"""
ENTANGLED = (
    PLAIN.replace("basis: 五}", "basis: 五, once_per: [item, level]}")
    + """\
resolution:
  - {id: best, title: 取高, keep: max, stages: [adopted], basis: 七}
credit:
  - {groups: [direct], stages: [adopted], to: host, basis: 八}
  - {groups: [own], to: nobody, basis: 九}
caps:
  - {id: month, title: 采用得分, period: month, max: {2024-01-01: 45}, stages: [adopted], basis: 十}
  - {id: year, title: 总分, period: year, max: {2024-01-01: 120}, overflow: overshoot, basis: 十一}
"""
)

UNITS = ["甲县", "乙县", "丙县", "丁局", "某企业", "孤企业", "信息科", "新局", "无此单位"]
DAYS = st.integers(0, 365).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
SENDERS = st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True).map(tuple)
ITEMS = st.sampled_from([None, "A1", "A2", "A3"])
HAPPENINGS = st.one_of(
    st.tuples(st.just("submitted"), st.just({})),
    st.tuples(
        st.just("adopted"),
        st.fixed_dictionaries(
            {"outlet": st.sampled_from(["daily", "daily-lead", "special", "province", "state"])}
        ),
    ),
    st.tuples(st.just("sent_up"), st.fixed_dictionaries({"level": st.sampled_from(["province", "state"])})),
    st.tuples(
        st.just("instructed"),
        st.fixed_dictionaries(
            {"leader": st.sampled_from(["主要", "其他"]), "level": st.sampled_from(["city", "province"])}
        ),
    ),
    st.tuples(st.just("manual"), st.fixed_dictionaries({"points": st.integers(0, 12)})),
)


@st.composite
def happened(draw):
    """Up to a dozen facts, some of them withdrawn, some withdrawals withdrawn again."""
    facts = []
    for n in range(draw(st.integers(0, 12))):
        kind, attrs = draw(HAPPENINGS)
        facts.append(Fact(f"f{n:02d}", kind, draw(DAYS), draw(SENDERS), draw(ITEMS), attrs))
    for n in range(draw(st.integers(0, 4)) if facts else 0):
        target = draw(st.sampled_from(facts))
        facts.append(Fact(f"w{n:02d}", "withdrawn", draw(DAYS), reverses=target.id))
    return facts


FACTS = happened()
# The fixtures are plain functions over constants; nothing in them is spoilt by the next example.
law = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=[PLAIN, ENTANGLED], ids=["plain", "entangled"])
def rules(request, book):
    return book(request.param)


@pytest.fixture
def plain(book):
    return book(PLAIN)


@pytest.fixture
def entangled(book):
    return book(ENTANGLED)


@law
@given(facts=FACTS, data=st.data())
def test_the_order_of_facts_never_matters(facts, data, rules, scored):
    shuffled = data.draw(st.permutations(facts))

    assert scored(shuffled, rules) == scored(facts, rules)


@law
@given(facts=FACTS, day=DAYS, units=SENDERS, item=ITEMS)
def test_a_fact_worth_nothing_changes_nothing(facts, day, units, item, rules, scored):
    more = scored([*facts, Fact("zero", "submitted", day, units, item)], rules)

    assert [entry for entry in more if entry.fact != "zero"] == scored(facts, rules)
    assert all(entry.amount == 0 for entry in more if entry.fact == "zero")


@law
@given(facts=FACTS, happening=HAPPENINGS, day=DAYS, units=SENDERS, item=ITEMS)
def test_a_withdrawal_restores_exactly_the_state_before(facts, happening, day, units, item, rules, scored):
    extra = Fact("extra", happening[0], day, units, item, happening[1])
    undone = Fact("undo", "withdrawn", date(2024, 12, 31), reverses="extra")
    redone = Fact("redo", "withdrawn", date(2024, 12, 31), reverses="undo")

    before, after = scored(facts, rules), scored([*facts, extra, undone], rules)

    assert [entry for entry in after if entry.fact != "extra"] == before
    assert {entry.status for entry in after if entry.fact == "extra"} <= {
        "reversed",
        "uncredited",
        "excluded",
    }
    assert scored([*facts, extra, undone, redone], rules) == scored([*facts, extra], rules)


@law
@given(facts=FACTS)
def test_list_and_detail_agree(facts, rules, scored, units):
    for key in ("2024-05", "2024-Q3", "2024"):
        period = period_by_key(rules.calendar, key)
        entries = scored(facts, rules, key)
        for row in rank(entries, units, rules, period):
            for column in (*TOTALS, *rules.measures):
                story = explain(entries, rules, row.unit, period, column)
                shown = row.measures[column] if column in rules.measures else getattr(row, column)
                assert story.total == shown
                if column in TOTALS or column == "points":
                    assert sum(each.total for each in story.stories) == shown
            assert row.cumulative == row.before + row.score


@law
@given(facts=FACTS)
def test_the_months_add_up_to_the_year(facts, plain, scored, units):
    rules = plain
    yearly = {row.unit: row.cumulative for row in rank(
        scored(facts, rules), units, rules, period_by_key(rules.calendar, "2024"))}  # fmt: skip
    monthly = dict.fromkeys(yearly, 0)
    for month in periods_of(rules.calendar, 2024, "month"):
        for row in rank(scored(facts, rules, month.key), units, rules, month):
            monthly[row.unit] += row.score

    assert monthly | {"新局": 0} == yearly | {"新局": 0}


@law
@given(ways=st.integers(1, MAX_SHARERS), thousandths=st.integers(1, 99_999))
def test_shares_add_up_exactly_and_equal_contributors_are_equal(ways, thousandths, plain):
    points = parse_value(Decimal(thousandths).scaleb(-3))
    award = replace(plain.awards[0], values=((date(2024, 1, 1), Worth(Fraction(thousandths, 1000))),))
    rules = replace(plain, awards=(award,))
    members = [UnitInfo(f"单位{n}", f"单位{n}", "counties") for n in range(ways)]
    joint = Fact(
        "f", "adopted", date(2024, 2, 1), tuple(unit.key for unit in members), "A1", {"outlet": "daily"}
    )

    entries = score([joint], rules, members, rules.calendar, period_by_key(rules.calendar, "2024"))

    assert len({entry.amount for entry in entries}) == 1
    assert sum(entry.amount for entry in entries) == points


@law
@given(facts=FACTS, happening=HAPPENINGS, day=DAYS, units=SENDERS)
def test_without_caps_and_highest_only_more_never_means_less(facts, happening, day, units, plain, scored):
    rules = plain
    extra = Fact("extra", happening[0], day, units, "A1", happening[1])

    def totals(found):
        return {unit: sum(e.amount for e in found if e.unit == unit) for unit in UNITS}

    before, after = totals(scored(facts, rules)), totals(scored([*facts, extra], rules))

    assert all(after[unit] >= before[unit] for unit in UNITS)


@law
@given(facts=FACTS)
def test_no_entry_exceeds_its_share_and_every_zero_line_says_why(facts, rules, scored):
    for entry in scored(facts, rules):
        assert 0 <= entry.amount <= max(entry.factors.raw, 0)
        assert entry.sentence.endswith("。")
        assert entry.amount or "不计分" in entry.sentence
        assert entry.status in {"live", "shared", "capped"} or entry.amount == 0


@law
@given(facts=FACTS)
def test_a_yearly_cap_is_overshot_by_the_last_line_at_most(facts, entangled, scored):
    entries = scored(facts, entangled)

    for unit in UNITS:
        *earlier, _ = [0, *(entry.amount for entry in entries if entry.unit == unit and entry.amount)]
        assert sum(earlier) < parse_value(120)
