"""Working days, with plain values: the holidays of 2026, shifted weekends, an office's own days, unknown years."""

from datetime import date

import pytest

from core.workdays.calendar import Special, Workdays

DAYS = Workdays()


@pytest.mark.parametrize(("day", "working"), [
    (date(2026, 9, 30), True),  # the Wednesday before National Day
    (date(2026, 10, 1), False),
    (date(2026, 10, 7), False),  # a Wednesday, still National Day
    (date(2026, 10, 8), True),
    (date(2026, 10, 10), True),  # a Saturday worked for the holiday
    (date(2026, 10, 11), False),
    (date(2026, 9, 20), True),  # a Sunday worked for the holiday
    (date(2026, 9, 25), False),  # mid-autumn, a Friday
    (date(2026, 2, 28), True),
    (date(2026, 2, 23), False),
])  # fmt: skip
def test_the_days_of_2026_are_worked_as_published(day, working):
    assert DAYS.is_working(day) is working


@pytest.mark.parametrize(("day", "number", "due"), [
    (date(2026, 9, 28), 5, date(2026, 10, 10)),  # 29, 30 September, 8, 9, 10 October
    (date(2026, 9, 30), 1, date(2026, 10, 8)),
    (date(2026, 10, 3), 1, date(2026, 10, 8)),
    (date(2026, 9, 18), 15, date(2026, 10, 15)),  # over mid-autumn and National Day
    (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the Saturday before the Spring Festival is worked
    (date(2026, 3, 18), 0, date(2026, 3, 18)),
])  # fmt: skip
def test_a_term_runs_from_the_next_day_over_holidays(day, number, due):
    assert DAYS.after(day, number) == due


def test_days_between_are_the_inverse_of_the_term():
    assert DAYS.between(date(2026, 9, 28), date(2026, 10, 10)) == 5
    assert DAYS.between(date(2026, 10, 10), date(2026, 9, 28)) == -5
    assert DAYS.between(date(2026, 10, 2), date(2026, 10, 5)) == 0


def test_a_free_day_counts_to_the_next_working_day():
    assert DAYS.on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)
    assert DAYS.on_or_after(date(2026, 10, 8)) == date(2026, 10, 8)


def test_what_the_office_enters_goes_before_the_table():
    own = Workdays({date(2026, 10, 8): Special(date(2026, 10, 8), False, "本市放假", own=True)})

    assert own.after(date(2026, 9, 30), 1) == date(2026, 10, 9)
    assert [s.title for s in own.specials(2026) if s.day == date(2026, 10, 8)] == ["本市放假"]


def test_festivals_whose_day_is_fixed_are_free_before_their_year_is_published():
    free = [date(2031, 1, 1), date(2031, 5, 1), date(2031, 5, 2), date(2031, 10, 1), date(2031, 10, 3)]
    own = Workdays({date(2031, 1, 1): Special(date(2031, 1, 1), True, "值班", own=True)})

    assert [DAYS.is_working(day) for day in free] == [False] * 5
    assert DAYS.after(date(2030, 12, 31), 1) == date(2031, 1, 2)
    assert own.is_working(date(2031, 1, 1))
    # A year the table knows is as the table says: the 2nd of May was worked then.
    assert DAYS.is_working(date(2013, 5, 2))


def test_an_unknown_year_is_monday_to_friday_and_says_so():
    assert not DAYS.is_known(2031)
    assert DAYS.is_known(2026)
    assert DAYS.after(date(2031, 10, 3), 1) == date(2031, 10, 6)
    assert DAYS.specials(2031) == []


def test_a_table_without_working_days_does_not_run_for_ever():
    class Never(dict):
        def __contains__(self, day):
            return True

        def __getitem__(self, day):
            return Special(day, False, "")

    assert Workdays(Never()).after(date(2026, 1, 1), 5) > date(2030, 1, 1)


def test_festivals_have_chinese_names():
    for year in range(2004, 2027):
        assert all(not special.title.isascii() for special in DAYS.specials(year))
