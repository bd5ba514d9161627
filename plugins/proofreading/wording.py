"""Words: common wrong characters, the office's own lists, marks of secrecy, personal data. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from core.strict_yaml.loader import load
from plugins.proofreading.findings import Finding, Manuscript, found
from plugins.proofreading.lexicon import Entry, Lexicon
from plugins.proofreading.schema import Proofreading, WordLine, WordList

CONFUSIONS = Path(__file__).with_name("confusions.yaml")
_identity = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)")
_mobile = re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])")


def lexicon_of(rules: Proofreading) -> Lexicon:
    """Everything to look for under a pack's rules: its own lists before the common ones."""
    own = [_listed(words, line) for words in rules.lists for line in words.words]
    secret = [
        Entry(word, f"有涉密字样“{word}”，涉密内容不得在本系统处理，请核对", "error", "secrecy")
        for word in rules.secrecy
    ]
    known = {entry.word for entry in own}
    common = [entry for entry in confusions() if entry.word not in known] if rules.confusions else []
    return Lexicon([*own, *secret, *common])


def check(manuscript: Manuscript, lexicon: Lexicon) -> Iterator[Finding]:
    """Every word that was found, and personal data."""
    for line in manuscript.lines:
        for start, entry in lexicon.matches(line.text):
            yield found(entry.rule, entry.level, entry.text, line, start, start + len(entry.word))
        for pattern, what in ((_identity, "身份证号码"), (_mobile, "手机号码")):
            for each in pattern.finditer(line.text):
                text = f"有{what}，个人信息一般不写入信息，请核对"
                yield found("privacy", "warning", text, line, *each.span(), same=what)


@lru_cache(1)
def confusions() -> tuple[Entry, ...]:
    """The common wrong characters that come with the system."""
    groups = load(CONFUSIONS.read_bytes(), CONFUSIONS.name).plain()["groups"]
    lines = (WordLine.model_validate(line) for group in groups for line in group["words"])
    return tuple(_entry(line, "error", "confusions") for line in lines)


def _listed(words: WordList, line: WordLine) -> Entry:
    told = f"{words.title}“{line.word}”" + (f"，应为“{line.use}”" if line.use else "，请核对")
    return Entry(line.word, _noted(told, line), words.level, "lists", line.but)


def _entry(line: WordLine, level: str, rule: str) -> Entry:
    return Entry(line.word, _noted(f"“{line.word}”应为“{line.use}”", line), level, rule, line.but)


def _noted(told: str, line: WordLine) -> str:
    return f"{told}（{line.note}）" if line.note else told
