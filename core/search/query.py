"""What people type into the search box: words, “phrases” and -excluded words. Pure."""

import re
from dataclasses import dataclass

from core.errors import InvalidInput
from core.search.folding import fold

MAX_LENGTH = 200
MAX_WORDS = 12
FIELD = "检索词"
_QUOTES = {"“": "”", '"': '"', "＂": "＂", "「": "」", "『": "』"}
_MINUS = "-－−"
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Query:
    """All words must occur, none of the excluded may; everything is folded already."""

    words: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def parse(typed: str) -> Query | None:
    """The query; None when nothing was typed. Raises InvalidInput saying what is wrong."""
    if len(typed.strip()) > MAX_LENGTH:
        raise InvalidInput(
            "检索词过长", where=FIELD, reason=f"现为 {len(typed.strip())} 字",
            advice=f"请控制在 {MAX_LENGTH} 字以内，只留最有特点的几个词",
        )  # fmt: skip
    if not typed.strip():
        return None
    words: dict[str, None] = {}
    excluded: dict[str, None] = {}
    for text, minus in _parts(typed):
        if folded := fold(text):
            (excluded if minus else words)[folded] = None
    _sensible(words, excluded)
    return Query(tuple(words), tuple(excluded))


def _sensible(words: dict[str, None], excluded: dict[str, None]) -> None:
    if len(words) + len(excluded) > MAX_WORDS:
        raise InvalidInput(
            "检索词过多", where=FIELD, reason=f"现有 {len(words) + len(excluded)} 个",
            advice=f"请保留不超过 {MAX_WORDS} 个词",
        )  # fmt: skip
    if excluded and not words:
        raise InvalidInput("只有要排除的词", where=FIELD, advice="请至少写一个要找的词，例如：春耕 -林业")
    if not words:
        raise InvalidInput(
            "没有可以检索的文字", where=FIELD, reason="只有标点或空格", advice="请输入汉字、字母或数字"
        )


def _parts(typed: str) -> list[tuple[str, bool]]:
    """The words as typed, each with whether a minus stands before it; a quote opens a phrase only where a word begins."""
    found: list[tuple[str, bool]] = []
    place = 0
    while start := _WORD.search(typed, place):
        place = start.start()
        minus = typed[place] in _MINUS and len(start.group()) > 1
        place += minus
        if closing := _QUOTES.get(typed[place]):
            end = typed.find(closing, place + 1)
            end = len(typed) if end < 0 else end
            found.append((typed[place + 1 : end], minus))
            place = end + 1
        else:
            word = _WORD.match(typed, place)
            found.append((word.group() if word else "", minus))
            place = start.end()
    return found
