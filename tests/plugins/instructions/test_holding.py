"""Dated posts with plain values: who held what on a day, and what a correction would change."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.instructions.holding import Held, Kept, changed_by, clashes, differences, held_on, who_is

WANG = "user:7"
VICE = Held(1, WANG, "副市长", "市其他领导", date(2023, 1, 10), date(2026, 3, 9))
MAYOR = Held(2, WANG, "市长", "市主要领导", date(2026, 3, 10))
SECRETARY = Held(3, WANG, "党组书记", "市主要领导", date(2026, 3, 10))
POSTS = [MAYOR, VICE]


@pytest.mark.parametrize(("day", "posts"), [
    (date(2023, 1, 9), []),
    (date(2023, 1, 10), ["副市长"]),
    (date(2026, 3, 9), ["副市长"]),
    (date(2026, 3, 10), ["市长"]),
    (date(2031, 1, 1), ["市长"]),
])  # fmt: skip
def test_the_post_of_a_day_counts_both_ends(day, posts):
    assert [post.post for post in held_on(POSTS, WANG, day)] == posts


def test_somebody_else_is_never_found():
    assert held_on(POSTS, "user:8", date(2026, 4, 1)) == []
    assert who_is(None, "王 伟") == who_is(None, "王伟") != who_is(7, "王伟")


def test_the_same_post_twice_clashes_but_several_posts_do_not():
    assert clashes([MAYOR], replace(MAYOR, id=9, since=date(2027, 1, 1))) == [MAYOR]
    assert clashes([VICE], replace(VICE, id=9, since=date(2026, 3, 10), until=None)) == []
    assert clashes([MAYOR], SECRETARY) == []


def test_ending_a_post_earlier_names_the_instructions_it_touches_and_no_others():
    recorded = [
        Kept(10, WANG, date(2026, 3, 5), "市其他领导", "副市长", 1),
        Kept(11, WANG, date(2026, 2, 1), "市其他领导", "副市长", 1),
        Kept(12, "user:8", date(2026, 3, 5), "市主要领导"),
    ]
    earlier = [replace(MAYOR, since=date(2026, 3, 1)), replace(VICE, until=date(2026, 2, 28))]

    found = changed_by(POSTS, earlier, recorded)

    assert [(each.id, each.was, each.now) for each in found] == [
        (10, ("副市长", "市其他领导"), ("市长", "市主要领导"))
    ]


def test_a_day_without_a_post_is_told_as_such():
    recorded = [Kept(10, WANG, date(2026, 3, 5), "市其他领导", "副市长", 1)]

    found = changed_by(POSTS, [MAYOR, replace(VICE, until=date(2026, 3, 1))], recorded)

    assert [(each.id, each.now) for each in found] == [(10, None)]


def test_what_was_at_odds_before_is_not_told_again():
    recorded = [Kept(10, WANG, date(2026, 4, 1), "市其他领导", "市长", 2)]

    assert len(differences(POSTS, recorded)) == 1
    assert changed_by(POSTS, [*POSTS, SECRETARY], recorded) == []


def test_instructions_from_before_the_register_are_told_of_only_when_the_class_differs():
    agreeing = Kept(10, WANG, date(2026, 4, 1), "市主要领导", "（旧）市长")
    differing = Kept(11, WANG, date(2026, 4, 1), "市其他领导")
    without = Kept(12, WANG, date(2020, 4, 1), "市其他领导")

    assert [each.id for each in differences(POSTS, [agreeing, differing, without])] == [11]


def test_with_two_posts_at_once_the_recorded_one_stands():
    recorded = [Kept(10, WANG, date(2026, 4, 1), "市主要领导", "党组书记", 3)]

    assert differences([*POSTS, SECRETARY], recorded) == []
