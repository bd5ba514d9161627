"""Packs of very many rules and of very many unknown names: the work grows with the number of names, not its square."""

import difflib
from types import SimpleNamespace

import pytest

from core import errors
from core.errors import InvalidInput, PackError, near
from core.packs.content import outlets
from core.packs.content.outlets import OutletNode, OutletTree
from core.scoring.rules.vocabulary import Property, Vocabulary
from core.strict_yaml.loader import load

MANY = 3000
OUTLET = Property("outlet", "采用渠道", "outlet")


@pytest.fixture
def words():
    """A vocabulary of three thousand outlets."""
    nodes = {
        f"p{n}": OutletNode(f"p{n}", f"刊{n}", "publication", None, "city", "government", 0)
        for n in range(MANY)
    }
    return Vocabulary({}, {}, OutletTree(nodes, {}))


@pytest.fixture
def counted(monkeypatch):
    """How often words are folded and compared letter by letter."""
    count, folded, ratio = SimpleNamespace(folds=0, ratios=0), outlets.folded, difflib.SequenceMatcher.ratio

    def fold(word):
        count.folds += 1
        return folded(word)

    def compare(self):
        count.ratios += 1
        return ratio(self)

    monkeypatch.setattr(outlets, "folded", fold)
    monkeypatch.setattr(difflib.SequenceMatcher, "ratio", compare)
    errors._nearest.cache_clear()
    return count


def test_known_outlets_are_found_by_title_without_looking_at_every_other(words, counted):
    found = [words.value(OUTLET, f"刊{n}") for n in range(MANY)]

    assert found[:2] == ["p0", "p1"] and found[-1] == f"p{MANY - 1}"
    assert counted.folds == 2 * MANY


def test_unknown_outlets_are_compared_with_a_dozen_words_each(words, counted):
    for n in range(MANY):
        with pytest.raises(InvalidInput, match="未定义"):
            words.value(OUTLET, f"paper-{n}")
        with pytest.raises(InvalidInput, match="未定义"):  # rules ask twice; the answer is kept
            words.value(OUTLET, f"paper-{n}")

    assert counted.ratios <= MANY * errors.MOST_COMPARED and counted.folds == 2 * MANY


def test_the_nearest_word_is_still_named():
    known = [f"p{n}" for n in range(250)] + ["zwyq", "zwkx", "province"]

    assert near("zwyp", known) == "是否应为“zwyq”？"
    assert near("provnice", known) == "是否应为“province”？"
    assert near("p17x", known) in {"是否应为“p17”？", "是否应为“p171”？"}
    assert near("完全无关", known) == ""


def test_what_lies_inside_an_outlet_is_found_without_looking_at_the_others():
    node = OutletNode("a", "甲", "level", None, "city", "g", 0)
    below = OutletNode("b", "乙", "publication", "a", "city", "g", 1)
    edition = OutletNode("c", "（丙）", "edition", "b", "city", "g", 2)
    other = OutletNode("d", "丁", "level", None, "city", "g", 0)
    tree = OutletTree({each.id: each for each in (node, below, edition, other)}, {})

    assert tree.within("a") == {"a", "b", "c"} and tree.within("c") == {"c"}
    assert tree.titles["c"] == "乙（丙）"


def test_ten_thousand_rules_are_refused_while_reading():
    rule = "- {id: a, title: 甲, when: {fact: adopted, outlet: zwkx}, points: {2013-01-01: 5}, basis: 三}\n"
    with pytest.raises(PackError, match="内容超过|文件太大"):
        load((rule * 10_000).encode(), "scoring.yaml")
