"""Pages of a list: exact while that is cheap, honest beyond."""

import pytest
from sqlalchemy import select

from core import paging
from core.accounts.models import UnitGroup
from core.db import db, transaction
from core.paging import page_of

QUERY = select(UnitGroup).order_by(UnitGroup.id)


@pytest.fixture
def rows(app, office):
    """Fill the list with so many rows."""

    def fill(number):
        with transaction():
            db.session.add_all(UnitGroup(office_id=office.id, name=f"第{n}组") for n in range(number))

    return fill


def names(page):
    return [row.name for row in page.rows]


def test_an_empty_list_is_one_empty_page(rows):
    page = page_of(QUERY, 1, 10, scalars=True)

    assert (page.rows, page.number, page.total, page.total_is_exact, page.has_next, page.has_prev) == (
        [], 1, 0, True, False, False,
    )  # fmt: skip


def test_the_last_page_may_be_short(rows):
    rows(23)

    page = page_of(QUERY, 3, 10, scalars=True)

    assert names(page) == ["第20组", "第21组", "第22组"]
    assert (page.total, page.total_is_exact, page.has_next, page.has_prev) == (23, True, False, True)


@pytest.mark.parametrize(("number", "has_next"), [(1, True), (2, False)])
def test_a_full_last_page_has_no_next_one(rows, number, has_next):
    rows(20)

    assert page_of(QUERY, number, 10).has_next is has_next


@pytest.mark.parametrize("asked", [0, -5, 99, 10**30, -(10**30)])
def test_a_page_number_out_of_range_is_brought_into_it(rows, asked):
    rows(3)

    assert page_of(QUERY, asked, 10, scalars=True).number == 1


def test_beyond_what_is_counted_the_total_is_a_lower_bound(rows, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_UP_TO", 15)
    rows(40)

    first, third, last = (page_of(QUERY, number, 10) for number in (1, 3, 4))

    assert (first.total, first.total_is_exact) == (15, False)
    assert (third.total, third.total_is_exact) == (31, False)
    assert (last.total, last.total_is_exact) == (40, True)


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("order", [UnitGroup.id, UnitGroup.name.desc()])
def test_far_down_a_page_found_by_its_keys_is_the_same(rows, monkeypatch, number, order):
    rows(23)
    query = select(UnitGroup.id, UnitGroup.name).where(UnitGroup.name != "第3组").order_by(order)
    plain = page_of(query, number, 5)

    monkeypatch.setattr(paging, "FAR", 0)

    assert page_of(query, number, 5, keyed=True) == plain


def test_a_far_page_past_the_end_is_the_first_one(rows, monkeypatch):
    rows(3)
    monkeypatch.setattr(paging, "FAR", 0)

    assert page_of(select(UnitGroup.id).order_by(UnitGroup.id), 99, 10, keyed=True).number == 1
