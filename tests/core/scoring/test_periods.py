"""Calendars: ordinary years, bent years, joined months, periods with bounds of their own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.scoring.values.periods import (
    Bounds,
    Calendar,
    Joined,
    period_by_key,
    period_containing,
    periods_of,
    plain_month,
    previous,
    year_of,
)

PLAIN = Calendar()
JOINED = Calendar(joined=(Joined((1, 2), (2018,)),))
DECEMBER = Calendar(year_starts=12, year_named="end", joined=(Joined((12, 1)),))
SCHOOL = Calendar(year_starts=7)
BENT = Calendar(
    explicit=(
        Bounds("2020-Q3延", "2020年第三季度", date(2020, 7, 1), date(2020, 10, 9)),
        Bounds("2020-Q4短", "2020年第四季度", date(2020, 10, 10), date(2020, 12, 31)),
    )
)


@pytest.mark.parametrize(
    ("calendar", "key", "title", "start", "end", "year"),
    [
        (PLAIN, "2013-05", "2013年5月", "2013-05-01", "2013-05-31", "2013"),
        (PLAIN, "2013-Q2", "2013年第二季度", "2013-04-01", "2013-06-30", "2013"),
        (PLAIN, "2013-H1", "2013年上半年", "2013-01-01", "2013-06-30", "2013"),
        (PLAIN, "2013", "2013年", "2013-01-01", "2013-12-31", "2013"),
        (PLAIN, "2024-02", "2024年2月", "2024-02-01", "2024-02-29", "2024"),
        (JOINED, "2018-01~02", "2018年1—2月", "2018-01-01", "2018-02-28", "2018"),
        (JOINED, "2018-02", "2018年2月", "2018-02-01", "2018-02-28", "2018"),
        (DECEMBER, "2021", "2021年度", "2020-12-01", "2021-11-30", "2021"),
        (DECEMBER, "2021-Q1", "2021年第一季度", "2020-12-01", "2021-02-28", "2021"),
        (DECEMBER, "2020-12~2021-01", "2020年12月—2021年1月", "2020-12-01", "2021-01-31", "2021"),
        (SCHOOL, "2013", "2013年度", "2013-07-01", "2014-06-30", "2013"),
        (SCHOOL, "2014-03", "2014年3月", "2014-03-01", "2014-03-31", "2013"),
        (BENT, "2020-Q3延", "2020年第三季度", "2020-07-01", "2020-10-09", "2020"),
    ],
)
def test_a_key_names_a_period(calendar, key, title, start, end, year):
    period = period_by_key(calendar, key)

    assert (period.title, period.start, period.end, period.year_key) == (
        title,
        date.fromisoformat(start),
        date.fromisoformat(end),
        year,
    )


def test_joined_months_stand_in_for_their_parts():
    keys = [period.key for period in periods_of(JOINED, 2018, "month")]

    assert keys[:3] == ["2018-01~02", "2018-03", "2018-04"]
    assert len(keys) == 11
    assert len(periods_of(JOINED, 2019, "month")) == 12


@pytest.mark.parametrize(
    ("calendar", "key", "before"),
    [
        (PLAIN, "2013-01", "2012-12"),
        (PLAIN, "2013-Q1", "2012-Q4"),
        (PLAIN, "2013-H2", "2013-H1"),
        (PLAIN, "2013", "2012"),
        (JOINED, "2018-03", "2018-01~02"),
        (JOINED, "2018-01~02", "2017-12"),
        (BENT, "2020-Q4短", "2020-Q3延"),
    ],
)
def test_the_period_before(calendar, key, before):
    found = previous(calendar, period_by_key(calendar, key))

    assert found and found.key == before


def test_nothing_comes_before_the_first_explicit_period():
    assert previous(BENT, period_by_key(BENT, "2020-Q3延")) is None


@pytest.mark.parametrize("key", ["2013-13", "2013-Q5", "月报", "", "99999", "2013-5", "²013-05"])
def test_an_unknown_key_is_refused(key):
    with pytest.raises(InvalidInput, match=f"没有考核周期“{key}”"):
        period_by_key(PLAIN, key)


def test_all_kinds_of_a_year_come_from_short_to_long():
    kinds = [period.kind for period in periods_of(BENT, 2020)]

    assert kinds == ["month"] * 12 + ["quarter"] * 4 + ["half"] * 2 + ["year"] + ["explicit"] * 2


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from([PLAIN, JOINED, DECEMBER, SCHOOL]))
def test_every_day_lies_in_exactly_one_period_of_each_kind(day, calendar):
    year = year_of(calendar, day)

    assert day in year
    for kind in ("month", "quarter", "half", "year"):
        found = [period for period in periods_of(calendar, year.key, kind) if day in period]
        assert found == [period_containing(calendar, day, kind)]
        assert found[0].year_key == year.key
    assert day in plain_month(calendar, day)


@given(st.integers(1990, 2100), st.sampled_from([PLAIN, JOINED, DECEMBER, SCHOOL]))
def test_the_months_of_a_year_follow_on_without_gaps(label, calendar):
    months = periods_of(calendar, label, "month")

    assert all(a.end + timedelta(days=1) == b.start for a, b in zip(months, months[1:], strict=False))
    assert all(period_by_key(calendar, month.key) == month for month in months)
