"""How values look on a page."""

from datetime import UTC, date, datetime

import pytest

from core import filters


def test_days_and_minutes_are_written_as_in_documents():
    instant = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)

    assert filters.day(date(2026, 3, 1)) == "2026年3月1日"
    assert filters.minute(instant) == "2026年11月23日 09:05"
    assert filters.day(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "2026年11月23日"


def test_dense_lists_leave_out_the_current_year(watch):
    assert filters.short(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "01-02 11:04"
    assert filters.short(datetime(2025, 1, 2, 3, 4, tzinfo=UTC)) == "2025-01-02"


def test_nothing_is_written_as_nothing():
    assert filters.day(None) == filters.minute(None) == filters.short(None) == ""


@pytest.mark.parametrize(
    ("bytes_", "shown"), [(0, "1 KB"), (1500, "1 KB"), (2048, "2 KB"), (3 * 1048576, "3.0 MB")]
)
def test_sizes_are_for_people(bytes_, shown):
    assert filters.size(bytes_) == shown
