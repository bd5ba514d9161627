"""Instants in UTC, office days in Beijing."""

from datetime import UTC, date, datetime, timedelta

from core import clock


def test_the_clock_runs_in_utc():
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_the_office_day_begins_at_midnight_in_beijing():
    with clock.stopped_at(datetime(2026, 3, 17, 15, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 17)
    with clock.stopped_at(datetime(2026, 3, 17, 16, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 18)


def test_a_moment_of_a_day_is_an_instant():
    assert clock.moment(date(2026, 3, 18), 9, 30) == datetime(2026, 3, 18, 1, 30, tzinfo=UTC)
    assert clock.local(clock.moment(date(2026, 3, 18), 0)).date() == date(2026, 3, 18)


def test_days_are_written_without_leading_zeros():
    assert clock.written(date(2026, 3, 8)) == "2026年3月8日"


def test_a_stopped_clock_goes_on_where_it_was():
    first, second = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))
    with clock.stopped_at(first):
        with clock.stopped_at(second):
            assert clock.now() == second
        assert clock.now() == first
    assert clock.now() not in (first, second)
