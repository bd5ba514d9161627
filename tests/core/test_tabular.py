"""Tables to save: plain numbers stay numbers, nothing runs in a spreadsheet."""

import pytest

from core.tabular import csv_of, safe


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "＝1", " =1", "\u202e=1", "-2⅓", "-1+1"])
def test_no_cell_starts_a_formula(text):
    assert safe(text).startswith("'")


def test_numbers_stay_numbers_and_lines_stay_lines():
    assert csv_of([["甲县", -2.5, "-3", 4], ["a,b", 'say "x"', "=1", "line\nbreak"]]).splitlines() == [
        "甲县,-2.5,-3,4", "\"a,b\",\"say \"\"x\"\"\",'=1,line break",
    ]  # fmt: skip
