"""What people type: words, phrases, exclusions, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.search.folding import fold
from core.search.query import MAX_LENGTH, MAX_WORDS, Query, parse


def test_words_are_parted_by_spaces_of_any_width():
    assert parse("春耕　备耕 补贴") == Query(("春耕", "备耕", "补贴"))


def test_a_phrase_keeps_what_stands_between_its_words():
    assert parse("“县 2026年” 补贴") == Query(("县 2026年", "补贴"))


@pytest.mark.parametrize("typed", ['"春耕 备耕"', "＂春耕 备耕＂", "「春耕 备耕」", "“春耕 备耕"])
def test_any_kind_of_quotes_makes_a_phrase_even_unclosed(typed):
    assert parse(typed) == Query(("春耕 备耕",))


def test_a_minus_before_a_word_or_phrase_excludes_it():
    assert parse("春耕 -林业 －“种粮 大户”") == Query(("春耕",), ("林业", "种粮 大户"))


def test_a_minus_inside_a_word_is_a_mark_like_others():
    assert parse("2025-2026") == Query(("2025 2026",))


def test_quotes_inside_a_pasted_title_are_marks():
    assert parse("青河县“三项举措”推进") == Query(("青河县 三项举措 推进",))


def test_a_word_typed_twice_counts_once():
    assert parse("春耕 ａ 春耕 A") == Query(("春耕", "a"))


def test_nothing_typed_is_no_query():
    assert parse("  　 ") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("啊" * (MAX_LENGTH + 1), "检索词过长"),
        ("a" * 100_000, "检索词过长"),
        (" ".join(map(str, range(10, 11 + MAX_WORDS))), "检索词过多"),
        ("-林业", "只有要排除的词"),
        ("，。！", "没有可以检索的文字"),
        ('""', "没有可以检索的文字"),
    ],
)
def test_what_cannot_be_looked_for_is_explained(typed, said):
    with pytest.raises(InvalidInput) as error:
        parse(typed)

    assert said in str(error.value)
    assert error.value.where == "检索词"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(typed):
    try:
        query = parse(typed)
    except InvalidInput:
        return

    if query:
        assert query.words
        assert all(word and fold(word) for word in (*query.words, *query.excluded))
