"""Shares as people write them, in exact proportion."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from plugins.composites import shares


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        (["", "", ""], [1, 1, 1]),
        (["2", "1", "1"], [2, 1, 1]),
        (["0.5", "0.25", "0.25"], [2, 1, 1]),
        (["1/2", "1/3", "1/6"], [3, 2, 1]),
        (["40%", "35%", "25%"], [8, 7, 5]),
        (["33.3%", "33.3%", "33.4%"], [333, 333, 334]),
        (["１／２", " 0．5 "], [1, 1]),
        (["1000000", "1"], [1000000, 1]),
        (["0.000001", "1000000"], [1, 10**12]),
    ],
)
def test_shares_become_the_smallest_whole_numbers_in_the_same_proportion(written, whole):
    values = dict(enumerate(shares.read(written)))

    if max(whole) > shares.FINEST:
        with pytest.raises(InvalidInput, match="过细"):
            shares.whole(values)
    else:
        assert list(shares.whole(values).values()) == whole


@pytest.mark.parametrize(
    "bad",
    [
        "0",
        "-1",
        "+1",
        "1e3",
        "inf",
        "nan",
        "1/0",
        "0/5",
        "1000001",
        "12345678",
        "1,5",
        "一半",
        "0.0000001",
        "%",
        "1//2",
        "²",
        "٣",
        "1\n2",
    ],
)
def test_what_is_no_share_is_refused_with_an_example(bad):
    with pytest.raises(InvalidInput, match="40%"):
        shares.read([bad, "1"])


def test_one_empty_share_among_others_is_refused():
    with pytest.raises(InvalidInput, match="空"):
        shares.read(["1", ""])


@pytest.mark.parametrize("written", [["40%", "40%"], ["60%", "60%"], ["33%", "33%", "33%"]])
def test_percentages_must_come_to_a_hundred(written):
    with pytest.raises(InvalidInput, match="合计不是 100%"):
        shares.read(written)


def test_percentages_and_numbers_are_not_mixed():
    with pytest.raises(InvalidInput, match="写法不一致"):
        shares.read(["40%", "2"])


@given(
    st.lists(
        st.fractions(min_value=Fraction(1, 500), max_value=500, max_denominator=500), min_size=1, max_size=6
    )
)
def test_whole_numbers_keep_the_proportion_exactly(values):
    try:
        found = shares.whole(dict(enumerate(values)))
    except InvalidInput:
        return

    assert [Fraction(n, sum(found.values())) for n in found.values()] == [v / sum(values) for v in values]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(1), "100%"),
        (Fraction(1, 4), "25%"),
        (Fraction(1, 3), "约 33.33%"),
        (Fraction(1, 8), "12.5%"),
    ],
)
def test_shares_are_shown_exactly_or_marked(share, shown):
    assert shares.percent(share) == shown
