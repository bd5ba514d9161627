"""What two texts have in common."""

from hypothesis import given
from hypothesis import strategies as st

from core.search.folding import fold
from core.search.passages import SHORTEST, Compared, in_common

TEXT = "全县备足化肥三万吨，组织农技人员进村入户，覆盖面达到百分之九十。"


def said(pieces):
    return "".join(text for text, _ in pieces)


def shared(lines):
    return [text for line in lines for text, both in line if both]


def share(one, other):
    """How much of a text stands in another."""
    text = Compared(fold(one))
    return text.common(Compared(fold(other))) / text.size


def test_the_same_text_is_wholly_shared_whatever_its_marks():
    assert share(TEXT, TEXT.replace("，", "；")) == 1


def test_other_figures_make_no_other_text_but_are_told():
    one, other = "全县储备化肥3.2万吨，组织农技人员进村入户。", "全县储备化肥5万吨，组织农技人员进村入户。"
    text = Compared(fold(one))

    assert share(one, other) == 1
    assert text.numbers_kept(Compared(fold(one))) == 1
    assert text.numbers_kept(Compared(fold(other))) == 0


def test_stock_phrases_are_no_passages_however_many_follow_each_other():
    phrases = "高度重视，精心组织，周密部署，加强组织领导，强化督导检查。"

    assert Compared(fold(phrases)).size == 0
    assert Compared(fold(phrases)).stretches == frozenset()


def test_phrases_named_besides_count_for_nothing_either():
    whole, rest = Compared(fold(TEXT)), Compared(fold(TEXT), [fold("组织农技人员进村入户")])

    assert rest.common(whole) == rest.size == whole.size - len("组织农技人员进村入户")


def test_what_is_short_is_no_passage():
    assert share("村东水渠已修好并验收合格", "村西水渠已修好但未验收") == 0


def test_half_of_a_text_is_half_shared():
    one, other = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉"

    assert share(one + other, one) == 0.5
    assert share(one, one + other) == 1


def test_passages_are_marked_in_both_with_their_own_marks():
    one, other = in_common(
        ["前言。全县备足化肥三万吨，组织农技。"], ["某县：全县备足化肥，三万吨，组织农技！"]
    )

    assert shared(one) == ["全县备足化肥三万吨，组织农技"]
    assert shared(other) == ["全县备足化肥，三万吨，组织农技"]


def test_a_number_that_the_other_text_does_not_have_is_not_marked():
    one, other = in_common(["新建改造高标准农田1234亩，受益8村。"], ["新建改造高标准农田56亩，受益8村。"])

    assert shared(one) == ["新建改造高标准农田", "亩，受益8村"]
    assert shared(other) == ["新建改造高标准农田", "亩，受益8村"]


def test_texts_shorter_than_a_passage_share_nothing():
    assert in_common(["短"], ["短"]) == ([[("短", False)]], [[("短", False)]])
    assert SHORTEST > 1


@given(st.lists(st.text(max_size=40), max_size=3), st.lists(st.text(max_size=40), max_size=3))
def test_nothing_is_lost_by_marking(one, other):
    marked = in_common(one, other)

    for lines, given_lines in zip(marked, (one, other), strict=True):
        assert [fold(said(line)) for line in lines] == [fold(line) for line in given_lines]
