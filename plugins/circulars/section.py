"""The section circulars.yaml: whether what it names exists in the other sections, with the line where it does not."""

from collections.abc import Iterable, Iterator

from core.errors import PackError, near
from core.packs.content.format import Pack, Section
from core.packs.content.sections import Place, ids, repeated
from plugins.circulars.names import PERIODS, Finding, names, untimely
from plugins.circulars.schema import CircularKind, Circulars
from plugins.circulars.wording import words_in
from plugins.circulars.words import WORDS

FILE = "circulars.yaml"
LETTERHEAD = ("office", "place", "initial")
BASE = (*LETTERHEAD, "period", "year", "units")
ROLL = ("name", "unit", "group", "figure", "number")


def check(pack: Pack) -> list[PackError]:
    """Every name and every word in braces is known."""
    own = pack.get(Circulars)
    errors = repeated(pack, FILE, ids(own.kinds, "kinds"), "通报种类")
    for n, kind in enumerate(own.kinds):
        errors += _repeated(pack, kind, n)
        errors += [_unknown(pack, ("kinds", n, *path), *rest) for path, *rest in _findings(pack, kind)]
        errors += [_untimely(pack, kind, ("kinds", n, *path), *rest) for path, *rest in untimely(pack, kind)]
    return errors


def _repeated(pack: Pack, kind: CircularKind, n: int) -> list[PackError]:
    used = [(("kinds", n, "annexes", a, "tables", t), name)
            for a, annex in enumerate(kind.annexes) for t, name in enumerate(annex.tables)]  # fmt: skip
    return [
        *repeated(pack, FILE, ids(kind.numbers, "kinds", n, "numbers"), "数字"),
        *repeated(pack, FILE, ids(kind.rolls, "kinds", n, "rolls"), "名单部分"),
        *repeated(pack, FILE, ids(kind.tables, "kinds", n, "tables"), "表格"),
        *repeated(pack, FILE, used, "附件中的表格"),
    ]


def _findings(pack: Pack, kind: CircularKind) -> Iterator[Finding]:
    yield from names(pack, kind)
    for path, template, known in _templates(kind):
        for word in words_in(template):
            if word not in known:
                yield path, "词语", word, known, "此处可用的词语"


def _templates(kind: CircularKind) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    """Every text with words in braces, where it stands, and the words it may use."""
    own = ("unit", "group") if kind.form != "document" else ()
    known = (*BASE, *(("recipients",) if kind.recipients else ()), *own)
    numbers = tuple(number.id for number in kind.numbers)
    for name in ("heading", "mark", "salutation", "office", "closing_note", "copy_to", "printed_by"):
        yield (name,), getattr(kind, name) or "", known
    yield ("number", "code"), kind.number.code, LETTERHEAD
    yield ("number", "pattern"), kind.number.pattern, ("code", "year", "number")
    yield ("joint_note",), kind.joint_note, ("differences",)
    yield ("correction",), kind.correction, (*BASE, "old_title", "old_number", "old_date")
    for n, sentence in enumerate(kind.opening):
        for clause in (*sentence.say, sentence.otherwise):
            yield ("opening", n), clause, (*known, *numbers)
    for n, text in enumerate(kind.requirements):
        yield ("requirements", n), text, BASE
    for n, roll in enumerate(kind.rolls):
        yield (
            ("rolls", n, "say"),
            roll.say,
            (*BASE, "group", "count", *(("names",) if roll.style == "paragraph" else ())),
        )
        yield ("rolls", n, "name"), roll.name, ROLL
    for n, table in enumerate(kind.tables):
        yield ("tables", n, "title"), table.title, (*BASE, "group")
    for n, annex in enumerate(kind.annexes):
        yield ("annexes", n, "title"), annex.title, BASE
    if kind.praise:
        yield ("praise", "say"), kind.praise.say, (*BASE, "group", "units", "top")
        yield ("praise", "unit"), kind.praise.unit, ("unit", "points", "place")
    if kind.silent:
        yield ("silent", "say"), kind.silent.say, (*BASE, "count", "units")


def _unknown(pack: Pack, path: Place, what: str, word: str, known: Iterable[str], place: str) -> PackError:
    listed = list(known)
    return PackError(
        f"{what}“{word}”未定义",
        where=pack.where(FILE, path),
        reason=f"不在{place}中",
        advice=near(word, listed) or f"可选：{'、'.join(listed[:14]) or '无'}",
    )


def _untimely(pack: Pack, kind: CircularKind, path: Place, prize: str, often: str) -> PackError:
    printed = "、".join(PERIODS[period] for period in kind.periods)
    return PackError(
        f"奖项“{prize}”不在本通报的周期评选",
        where=pack.where(FILE, path),
        reason=f"奖项按{often}评选，通报按{printed}印发",
        advice=f"请在 periods 中加上{often}，或改用别的奖项",
    )


SAMPLE = """\
kinds:
  - id: ranking
    title: 排名通报
    heading: "{office}关于{period}政务信息报送和采用情况的通报"
    number: {code: "{initial}政办秘"}
    salutation: 各参评单位
    numbers:
      - {id: received, measure: submitted}
    opening:
      - say: ["{period}", "各单位共报送政务信息{received}条"]
        otherwise: "{period}，各单位均未报送政务信息"
    tables:
      - id: scores
        columns:
          - {show: place, title: 名次}
          - {show: unit, title: 单位}
          - {show: score, title: 得分}
"""

SECTION = Section(
    "circulars", Circulars, SAMPLE, owner="circulars", check=check, words=WORDS,
    forms=("kinds/*/title", "kinds/*/salutation", "kinds/*/copy_to"),
)  # fmt: skip
