"""The oracle's formulas: how they are read, and what is missing stays missing."""

from datetime import date
from fractions import Fraction

import pytest

from tests.core.scoring.oracle import formulas


class Names(formulas.Scope):
    """A few values."""

    known = {
        "a": Fraction(7), "b": Fraction(-2), "a-b": Fraction(100), "form": "综合", "none": None, "字数": Fraction(900),
        "on": date(2024, 5, 6), "recorded": date(2024, 6, 1), "front": True,
    }  # fmt: skip

    def value(self, name):
        return self.known[name]

    def words(self, name):
        ranks = {"short": ("short", 0), "简讯": ("short", 0), "综合": ("综合", 1)}
        return ranks if name == "form" else {}


def worth(text):
    return formulas.work_out(formulas.read(text, frozenset(Names.known)), Names())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("12 / 2 / 3", 2),
        ("1 / 3 + 1 / 3 + 1 / 3", 1),
        ("-a + 1", -6),
        ("2 * -b", 4),
        ("a - b", 9),
        ("a-b", 100),
        ("a-1", 6),
        ("a / 0", None),
        ("none + 1", None),
        ("default(none, 0) + 1", 1),
        ("缺省(a / 0, 4)", 4),
        ("min(a, b, 3)", -2),
        ("最大(a, none)", None),
        ("abs(b)", 2),
        ("floor(-2.5)", -3),
        ("ceil(-2.5)", -2),
        ("round(2.345, 2)", Fraction("2.35")),
        ("round(-2.345, 2)", Fraction("-2.35")),
        ("四舍五入(0.5, 0)", 1),
        ("if(a > 5, 1, none)", 1),
        ("如果(none > 5, 1, 2)", 2),
        ("recorded - on", 26),
    ],
)
def test_numbers(text, expected):
    assert worth(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 7 and b = -2", True),
        ("a = 7 或 b = 0 且 b = 1", True),
        ("(a = 7 or b = 0) and b = 1", False),
        ("not a = 7", False),
        ("非 a = 7 或 是", True),
        ("none = 1", False),
        ("none != 1", True),
        ("none < 1", False),
        ("none not in [1, 2]", True),
        ("none in [1, 2]", False),
        ("form = '综合'", True),
        ("form > '简讯'", True),
        ("form in ['简讯', 'short']", False),
        ("form 不属于 ['简讯']", True),
        ("字数 >= 800 且 form 属于 ['综合']", True),
        ("has(none)", False),
        ("有值(a)", True),
        ("front = 是", True),
        ("front and not 否", True),
        ("on < recorded", True),
    ],
)
def test_conditions(text, expected):
    assert worth(text) is expected


@pytest.mark.parametrize("text", ["a +", "(a", "a b", "1 < a < 3", "min(a", "'open"])
def test_what_is_no_formula_is_not_read(text):
    with pytest.raises((ValueError, IndexError)):
        formulas.read(text, frozenset(Names.known))
