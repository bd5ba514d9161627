"""Points are exact: whole grains inside, text outside, one rounding at the very end."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.scoring.values.points import GRAINS, Printing, exact, mixed, parse, parse_value, show


@pytest.mark.parametrize(
    ("written", "grains"),
    [
        ("10", 10 * GRAINS),
        (10, 10 * GRAINS),
        ("0.5", GRAINS // 2),
        (Decimal("135.4"), 1354 * GRAINS // 10),
        ("10/3", 10 * GRAINS // 3),
        ("-2.125", -2125 * GRAINS // 1000),
    ],
)
def test_points_become_grains(written, grains):
    assert parse(written) == grains


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("十分", "“十分”不是分值"),
        ("nan", "“nan”不是分值"),
        ("1e400000000", "“1e400000000”不是分值"),
        (Decimal("1e999999"), "不是分值"),
        (Decimal("Infinity"), "不是分值"),
        ("1/0", "“1/0”不是分值"),
        ("9999999", "分值 9999999 太大"),
    ],
)
def test_what_is_no_exact_amount_is_refused(written, message):
    with pytest.raises(InvalidInput, match=message):
        parse(written)


def test_a_rules_value_has_at_most_six_decimals():
    assert parse_value("0.125") == GRAINS // 8
    with pytest.raises(InvalidInput, match="小数位太多"):
        parse_value("0.0000001")


@pytest.mark.parametrize("ways", range(1, 23))
def test_a_thousandth_of_a_point_is_shared_in_whole_grains(ways):
    assert parse_value("0.001") % ways == 0


def test_what_is_finer_than_a_grain_stays_an_exact_fraction():
    assert parse("1/23") * 23 == GRAINS
    assert exact(parse("1/23")) == "1/23"


@pytest.mark.parametrize(
    ("points", "printing", "text"),
    [
        ("10", Printing(), "10"),
        ("10", Printing(places=1, zeros="keep"), "10.0"),
        ("10/3", Printing(), "3.33"),
        ("20/3", Printing(), "6.67"),
        ("0.125", Printing(), "0.13"),
        ("-0.125", Printing(), "-0.13"),
        ("0.5", Printing(places=0), "1"),
        ("-0.4", Printing(places=0), "0"),
        ("135.4", Printing(places=1), "135.4"),
        ("10/3", Printing("fraction"), "3⅓"),
        ("-10/3", Printing("fraction"), "-3⅓"),
        ("1/3", Printing("fraction"), "⅓"),
        ("2.5", Printing("fraction"), "2.5"),
        ("17/7", Printing("fraction"), "2又3/7"),
        ("1/7", Printing("fraction"), "1/7"),
    ],
)
def test_points_are_printed_by_the_packs_rule(points, printing, text):
    assert show(parse(points), printing) == text


@given(st.integers(-(10**12), 10**12))
def test_exact_text_reads_back_as_the_same_grains(grains):
    assert Fraction(exact(grains)) * GRAINS == grains


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_printing_is_off_by_at_most_half_a_unit(grains, places):
    printed = Fraction(show(grains, Printing(places=places)))

    assert abs(printed - Fraction(grains, GRAINS)) <= Fraction(1, 2 * 10**places)


@given(st.integers(1, 10**9))
def test_a_negative_amount_is_printed_as_its_positive_with_a_sign(grains):
    assert mixed(-grains) == "-" + mixed(grains)
    assert show(-grains).lstrip("-") == show(grains)
