"""The section circulars.yaml: whether what it names exists in the other sections, with the line where it does not."""

from collections.abc import Collection, Iterable, Iterator

from core.errors import PackError, near
from core.packs.format import Pack, Section
from core.packs.sections import Place, Units, ids, repeated
from core.scoring.schema import Scoring
from plugins.circulars.schema import CircularKind, Circulars
from plugins.circulars.wording import words_in
from plugins.circulars.words import WORDS

FILE = "circulars.yaml"
LETTERHEAD = ("office", "place", "initial")
BASE = (*LETTERHEAD, "period", "year", "units")
POINTS = ("score", "before", "cumulative")
FIXED_COLUMNS = ("place", "unit", *POINTS, "movement")
MEASURES = "scoring.yaml 的 measures"
Finding = tuple[Place, str, str, Collection[str], str]


def check(pack: Pack) -> list[PackError]:
    """Every name and every word in braces is known."""
    own = pack.get(Circulars)
    errors = repeated(pack, FILE, ids(own.kinds, "kinds"), "通报种类")
    for n, kind in enumerate(own.kinds):
        errors += _repeated(pack, kind, n)
        errors += [_unknown(pack, ("kinds", n, *path), *rest) for path, *rest in _findings(pack, kind)]
    return errors


def _repeated(pack: Pack, kind: CircularKind, n: int) -> list[PackError]:
    used = [(("kinds", n, "annexes", a, "tables", t), name)
            for a, annex in enumerate(kind.annexes) for t, name in enumerate(annex.tables)]  # fmt: skip
    return [
        *repeated(pack, FILE, ids(kind.numbers, "kinds", n, "numbers"), "数字"),
        *repeated(pack, FILE, ids(kind.tables, "kinds", n, "tables"), "表格"),
        *repeated(pack, FILE, used, "附件中的表格"),
    ]


def _findings(pack: Pack, kind: CircularKind) -> Iterator[Finding]:
    yield from _names(pack, kind)
    for path, template, known in _templates(kind):
        for word in words_in(template):
            if word not in known:
                yield path, "词语", word, known, "此处可用的词语"


def _names(pack: Pack, kind: CircularKind) -> Iterator[Finding]:
    """Names that stand in another section or elsewhere in this kind."""
    measures = [measure.id for measure in pack.get(Scoring).measures]
    groups = [group.id for group in pack.get(Units).groups if group.competes]
    document: Finding = (("document",), "版式", kind.document, pack.documents, "规则包的 documents 目录")
    wanted = [document, *_of_text(kind, measures, groups), *_of_tables(kind, measures, groups)]
    yield from (finding for finding in wanted if finding[2] not in finding[3])


def _of_text(kind: CircularKind, measures: list[str], groups: list[str]) -> Iterator[Finding]:
    counted = (*POINTS, *measures)
    totals = [number.id for number in kind.numbers if number.measure]
    for n, number in enumerate(kind.numbers):
        if number.measure:
            yield ("numbers", n, "measure"), "统计项", number.measure, counted, MEASURES
        for m, each in enumerate(number.share_of):
            yield ("numbers", n, "share_of", m), "数字", each, totals, "numbers 中的合计数"
        yield from _groups(("numbers", n, "groups"), number.groups, groups)
    if kind.praise:
        yield ("praise", "by"), "统计项", kind.praise.by, counted, MEASURES
        yield from _groups(("praise", "groups"), kind.praise.groups, groups)
    if kind.silent:
        yield ("silent", "measure"), "统计项", kind.silent.measure, measures, MEASURES
        yield from _groups(("silent", "groups"), kind.silent.groups, groups)
    parts = ["opening", "requirements", *(name for name in ("praise", "silent") if getattr(kind, name))]
    for n, section in enumerate(kind.sections):
        yield ("sections", n, "part"), "部分", section.part, parts, "本通报写了内容的部分"


def _of_tables(kind: CircularKind, measures: list[str], groups: list[str]) -> Iterator[Finding]:
    for n, table in enumerate(kind.tables):
        yield from _groups(("tables", n, "groups"), table.groups, groups)
        for m, column in enumerate(table.columns):
            path: Place = ("tables", n, "columns", m, "show")
            yield path, "栏目", column.show, (*FIXED_COLUMNS, *measures), "可列出的栏目"
    tables = [table.id for table in kind.tables]
    for n, annex in enumerate(kind.annexes):
        for m, each in enumerate(annex.tables):
            yield ("annexes", n, "tables", m), "表格", each, tables, "tables"


def _groups(base: Place, named: Iterable[str], known: list[str]) -> Iterator[Finding]:
    for n, each in enumerate(named):
        yield (*base, n), "参评分组", each, known, "units.yaml 的参评分组"


def _templates(kind: CircularKind) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    """Every text with words in braces, where it stands, and the words it may use."""
    numbers = tuple(number.id for number in kind.numbers)
    for name in ("heading", "mark", "salutation", "office", "closing_note", "copy_to", "printed_by"):
        yield (name,), getattr(kind, name) or "", BASE
    yield ("number", "code"), kind.number.code, LETTERHEAD
    yield ("number", "pattern"), kind.number.pattern, ("code", "year", "number")
    yield ("joint_note",), kind.joint_note, ("differences",)
    yield ("correction",), kind.correction, (*BASE, "old_title", "old_number", "old_date")
    for n, sentence in enumerate(kind.opening):
        for clause in (*sentence.say, sentence.otherwise):
            yield ("opening", n), clause, (*BASE, *numbers)
    for n, text in enumerate(kind.requirements):
        yield ("requirements", n), text, BASE
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
