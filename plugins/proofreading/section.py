"""The section proofreading.yaml of a rule pack: its checks, and its examples run by the real checks. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.errors import PackError, near
from core.packs.content.format import ExampleResult, Pack, Section
from core.packs.content.sections import Place, ids, repeated
from core.submissions import text
from core.submissions.vocabulary import GENRES
from plugins.proofreading.checking import Checker
from plugins.proofreading.findings import Manuscript, lines_of
from plugins.proofreading.rules import RULES
from plugins.proofreading.schema import ProofExample, Proofreading
from plugins.proofreading.words import WORDS

FILE = "proofreading.yaml"
# The day of an example that names none.
SOME_DAY = date(2024, 6, 3)


def check(pack: Pack) -> list[PackError]:
    """Checks and genres are known, nothing is listed twice."""
    own = pack.get(Proofreading)
    errors = repeated(pack, FILE, ids(own.lists, "lists"), "词表")
    errors += _unknown(pack, "检查项目", (("off", n, one) for n, one in enumerate(own.off)), RULES)
    for n, limit in enumerate(own.lengths):
        errors += _strangers(pack, ("lengths", n, "genres"), limit.genres)
    for n, example in enumerate(own.examples):
        errors += _strangers(pack, ("examples", n, "genre"), (example.genre,), one=True)
    words: list[tuple[Place, str]] = [
        (("lists", n, "words", m, "word"), line.word)
        for n, each in enumerate(own.lists)
        for m, line in enumerate(each.words)
    ]
    errors += repeated(pack, FILE, words, "词")
    errors += repeated(
        pack, FILE, [(("leaders", n, "name"), one.name) for n, one in enumerate(own.leaders)], "领导"
    )
    errors += repeated(
        pack, FILE, [(("bodies", n, "full"), one.full) for n, one in enumerate(own.bodies)], "单位"
    )
    return errors


def run_examples(pack: Pack) -> list[ExampleResult]:
    """Every example: a remark is met by words that occur in it, and none may be left over."""
    own = pack.get(Proofreading)
    checker = Checker(own)
    return [_run(pack, checker, n, example) for n, example in enumerate(own.examples)]


def _run(pack: Pack, checker: Checker, n: int, example: ProofExample) -> ExampleResult:
    blocks = text.from_plain(example.text)
    manuscript = Manuscript(
        example.title, lines_of(example.title, blocks), example.day or SOME_DAY, example.genre, example.units,
        text.count(blocks),
    )  # fmt: skip
    said = [f"{each.place}：{each.text}" for each in checker.findings(manuscript)]
    left, met = list(said), []
    for words in example.remarks:
        if match := next((line for line in left if words in line), None):
            left.remove(match)
            met.append(words)
    expected, got = {"提示": "；".join(example.remarks)}, {"提示": "；".join(met + left)}
    return ExampleResult(
        f"{example.name}（校对）",
        pack.where(FILE, ("examples", n)),
        expected == got,
        expected,
        got,
        tuple(said),
    )


def _strangers(pack: Pack, path: Place, genres: Sequence[str], *, one: bool = False) -> list[PackError]:
    places = ((*path, n) if not one else path for n in range(len(genres)))
    return [
        PackError(
            f"没有信息类型“{genre}”",
            where=pack.where(FILE, place),
            advice=near(genre, GENRES) or f"可选：{'、'.join(GENRES)}",
        )
        for genre, place in zip(genres, places, strict=True)
        if genre not in GENRES
    ]


def _unknown(
    pack: Pack, what: str, named: Iterable[tuple[str, int, str]], known: dict[str, str]
) -> list[PackError]:
    return [
        PackError(
            f"没有{what}“{word}”",
            where=pack.where(FILE, (key, n)),
            advice=near(word, known) or f"可选：{'、'.join(known)}",
        )
        for key, n, word in named
        if word not in known
    ]


SAMPLE = """\
lists:
  - id: banned
    title: 禁用词
    level: error
    words:
      - {word: 残废人, use: 残疾人}
leaders:
  - {name: 张三, posts: [{title: 市委副书记、市长, start: 2024-01-01}]}
title_limit: {max: 30}
lengths:
  - {genres: [brief], max: 300}
examples:
  - name: 职务与名单不符
    text: 副市长张三到县里调研。
    remarks: [张三的职务与名单不符]
"""

SECTION = Section(
    "proofreading", Proofreading, SAMPLE, owner="proofreading", check=check, run_examples=run_examples, words=WORDS,
    forms=("title_limit/max",),
)  # fmt: skip
