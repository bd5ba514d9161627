"""Snippets: why a text was found, in pieces that a page can mark."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.search.folding import fold
from core.search.snippets import marked, snippet


def said(pieces):
    return "".join(text for text, _ in pieces)


def hits(pieces):
    return [text for text, hit in pieces if hit]


def test_a_title_is_shown_whole_with_its_words_marked():
    assert marked("推进全市ＧＢ工作", ["gb", "推进"]) == [
        ("推进", True), ("全市", False), ("ＧＢ", True), ("工作", False),
    ]  # fmt: skip


def test_a_snippet_begins_with_the_sentence_of_the_word():
    text = "甲" * 300 + "。本县抓好春耕备耕，" + "乙" * 300

    found = snippet(text, ["春耕"])

    assert said(found).startswith("…本县抓好春耕")
    assert said(found).endswith("…")
    assert hits(found) == ["春耕"]


def test_a_phrase_over_a_mark_is_marked_with_the_mark():
    assert hits(snippet("一、基本情况", [fold("一、基本")])) == ["一、基本"]


def test_without_a_word_the_snippet_is_the_beginning():
    assert said(snippet("甲乙丙", ["丁"])) == "甲乙丙"


def test_a_word_far_into_a_long_text_is_found():
    text = "\n".join(["无关的段落" * 40] * 400 + ["这里有要找的堃字"])

    assert hits(snippet(text, ["堃"])) == ["堃"]


def test_nothing_is_lost_or_made_up():
    text = "<b>春耕</b> & “春耕”"

    assert said(marked(text, ["春耕"])) == text


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_pieces_put_together_are_the_text(text, words):
    words = [fold(word) for word in words if fold(word)]

    assert said(marked(text, words)) == unicodedata.normalize("NFC", text)
    for piece, hit in marked(text, words):
        assert piece
        if hit:
            assert any(word in fold(piece) for word in words)
