"""Exact amounts become fen once, rounded half away from zero."""

from fractions import Fraction

import pytest

from plugins.fees.pricing import fen_of, yuan


@pytest.mark.parametrize(("amount", "places", "fen"), [
    (Fraction(100, 3), 2, 3333), (Fraction(1, 200), 2, 1), (Fraction(-1, 200), 2, -1), (Fraction(15, 10), 0, 200),
    (Fraction(-25, 10), 0, -300), (Fraction(125, 1000), 1, 10), (Fraction(0), 2, 0),
])  # fmt: skip
def test_yuan_become_fen(amount, places, fen):
    assert fen_of(amount, places) == fen


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (-1205, "-12.05"), (123456, "1234.56")])
def test_fen_are_printed_as_yuan(fen, text):
    assert yuan(fen) == text
