"""Folding texts, and the tokens that stand for them."""

import re
import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.folding import (
    fold,
    fold_with_places,
    hint,
    is_exact,
    mark,
    needed,
    pieces,
    title_token,
    token,
    tokens_needed,
    tokens_of,
)
from core.search.index import MAX_INDEXED

LETTERS = st.text(alphabet="春耕备耕补贴 ，。“”ＡａA1２-\n堃𠮷䶮é", max_size=40)


def test_width_case_and_marks_make_no_difference():
    assert fold("ＧＢ／Ｔ９７０４—2012，Word") == "gb t9704 2012 word"


def test_invisible_characters_part_nothing():
    assert fold("要\u200b情\ufe0f") == "要情"


def test_rare_characters_stay_themselves():
    assert fold("䶮、𠮷、堃、喆") == "䶮 𠮷 堃 喆"


def test_pieces_are_characters_and_neighbours_but_not_across_marks():
    assert pieces(fold("一、春耕")) == {"一", "春", "耕", "春耕"}
    assert pieces("春耕备耕") == {"春", "耕", "备", "春耕", "耕备", "备耕", "春耕备", "耕备耕"}


def test_a_word_needs_its_neighbours_and_a_single_character_itself():
    assert (needed("春耕备耕"), needed("春"), needed("一 春耕")) == (
        {"春耕备", "耕备耕"},
        {"春"},
        {"一", "春耕"},
    )


def test_tokens_are_plain_letters_and_digits():
    tokens = tokens_of(fold('标题" OR *'), fold("正文 NEAR(𠮷)"))

    assert all(each.isascii() and each.isalnum() and each == each.lower() for each in tokens)


def test_tokens_of_characters_titles_and_marks_are_never_the_same():
    words = {
        token("春"),
        token("春耕"),
        title_token("春"),
        title_token("春耕"),
        token("春耕备"),
        title_token("春耕备"),
        mark("unit", 12),
        mark("unit", 120),
    }

    assert len(words) == 8
    assert mark("unit", 12) != mark("unit", 1200000)


def test_every_code_point_has_a_token_of_its_own():
    assert len({token(chr(code)) for code in range(0x110000) if code % 7 == 0}) == len(range(0, 0x110000, 7))


@given(LETTERS, LETTERS)
def test_whoever_holds_a_word_has_its_tokens(text, word):
    text, word = fold(text), fold(word)

    if word and word in text:
        assert set(tokens_needed([word])) <= tokens_of("", text)


@given(LETTERS, LETTERS)
def test_the_tokens_of_a_short_word_mean_holding_it(text, word):
    text, word = fold(text), fold(word)

    if word and is_exact(word):
        assert (set(tokens_needed([word])) <= tokens_of("", text)) == (word in text)


def test_the_parts_of_a_longer_word_here_and_there_are_told_from_the_word():
    needed_tokens = set(tokens_needed(["春耕备耕"]))

    assert needed_tokens <= tokens_of("", "抓好春耕备耕工作")
    assert needed_tokens <= tokens_of("抓好春耕备耕工作", "")
    assert not needed_tokens <= tokens_of("", "春耕备 耕备耕")


@given(st.text(min_size=4, max_size=4))
def test_a_hint_is_no_token_of_a_text_and_no_mark(piece):
    assert re.fullmatch("q[0-9a-z]{5}", hint(piece))


@given(st.text(max_size=60))
def test_places_lead_back_to_where_each_character_came_from(text):
    text = unicodedata.normalize("NFC", text)

    folded, places = fold_with_places(text)

    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(places)


@pytest.mark.parametrize("value", [-1, "a b", "*", "", "春"])
def test_a_mark_is_letters_and_digits_or_nothing(value):
    with pytest.raises(ValueError):
        mark("unit", value)


def test_the_longest_text_fits_into_what_postgresql_keeps_of_tokens():
    pick = Random(5)
    body = "".join(chr(pick.randrange(0x4E00, 0x9FFF)) for _ in range(MAX_INDEXED))

    assert sum(map(len, tokens_of(body[:200], body))) < 1 << 20
