"""Every name circulars.yaml uses, and where it has to stand: in other sections or elsewhere in the same kind. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from core.packs.content.format import Pack
from core.packs.content.sections import Place, Units
from core.scoring.rules.schema import RuleSet, Scoring
from plugins.circulars.pieces import SectionRule, TableRule
from plugins.circulars.schema import FREE_PARTS, CircularKind

POINTS = ("score", "before", "cumulative")
FIXED_COLUMNS = ("place", "unit", *POINTS, "movement")
MEASURES = "scoring.yaml 的 measures"
OWN_NUMBERS = "本期得分、累计得分、名次和 scoring.yaml 的 measures、components、rankings"
PERIODS = {"month": "月", "quarter": "季度", "half": "半年", "year": "年"}
Finding = tuple[Place, str, str, Collection[str], str]


def names(pack: Pack, kind: CircularKind) -> Iterator[Finding]:
    """What a kind names and the pack does not know."""
    rules = pack.get(Scoring)
    groups = [group.id for group in pack.get(Units).groups if group.competes]
    document: Finding = (("document",), "版式", kind.document, pack.documents, "规则包的 documents 目录")
    wanted = [
        document,
        *_of_text(kind, rules, groups),
        *_of_parts(kind),
        *_of_choices(kind, rules, groups),
        *_of_tables(kind, rules, groups),
    ]
    yield from (finding for finding in wanted if finding[2] not in finding[3])


def untimely(pack: Pack, kind: CircularKind) -> Iterator[tuple[Place, str, str]]:
    """Prizes given for periods the kind is never issued over: where, which prize, how often it is given."""
    periods = {prize.id: prize.period for prize in pack.get(Scoring).prizes}
    named = [(("rolls", n, "prize"), roll.prize) for n, roll in enumerate(kind.rolls)]
    named += [(("tables", n, "prize"), table.prize) for n, table in enumerate(kind.tables)]
    for path, prize in named:
        if prize in periods and periods[prize] not in kind.periods:
            yield path, prize, PERIODS[periods[prize]]


def ids_of(things: Iterable[Any]) -> list[str]:
    """The ids of things."""
    return [thing.id for thing in things]


def _of_text(kind: CircularKind, rules: Scoring, groups: list[str]) -> Iterator[Finding]:
    measures = ids_of(rules.measures)
    counted = (*POINTS, *measures)
    own = ("place", *counted, *ids_of(rules.components), *ids_of(rules.rankings))
    totals = [number.id for number in kind.numbers if number.measure]
    for n, number in enumerate(kind.numbers):
        if number.measure:
            known, place = (own, OWN_NUMBERS) if number.whose == "recipient" else (counted, MEASURES)
            yield ("numbers", n, "measure"), "统计项", number.measure, known, place
        for m, each in enumerate(number.share_of):
            yield ("numbers", n, "share_of", m), "数字", each, totals, "numbers 中的合计数"
        yield from _groups(("numbers", n, "groups"), number.groups, groups)
    if kind.praise:
        yield ("praise", "by"), "统计项", kind.praise.by, counted, MEASURES
        yield from _groups(("praise", "groups"), kind.praise.groups, groups)
    if kind.silent:
        yield ("silent", "measure"), "统计项", kind.silent.measure, measures, MEASURES
        yield from _groups(("silent", "groups"), kind.silent.groups, groups)


def _of_parts(kind: CircularKind) -> Iterator[Finding]:
    written = [name for name in ("praise", "silent") if getattr(kind, name)]
    rolls = ids_of(kind.rolls)
    yield from _sections(("sections",), kind.sections, [*FREE_PARTS, *written, *rolls])
    for n, annex in enumerate(kind.annexes):
        yield from _sections(("annexes", n, "parts"), annex.parts, [*written, *rolls])


def _sections(base: Place, sections: Sequence[SectionRule], known: list[str]) -> Iterator[Finding]:
    for n, section in enumerate(sections):
        yield (*base, n, "part"), "部分", section.part, known, "本通报写了内容的部分"


def _of_choices(kind: CircularKind, rules: Scoring, groups: list[str]) -> Iterator[Finding]:
    chosen = [(("rolls", n), roll) for n, roll in enumerate(kind.rolls)]
    chosen += [(("tables", n), table) for n, table in enumerate(kind.tables)]
    if kind.recipients:
        chosen.append((("recipients",), kind.recipients))
    for path, each in chosen:
        if getattr(each, "prize", None):
            yield (*path, "prize"), "奖项", each.prize, ids_of(rules.prizes), "scoring.yaml 的 prizes"
        if each.list:
            yield (*path, "list"), "名单", each.list, ids_of(rules.lists), "scoring.yaml 的 lists"
        yield from _groups((*path, "groups"), each.groups, groups)


def _of_tables(kind: CircularKind, rules: Scoring, groups: list[str]) -> Iterator[Finding]:
    for n, table in enumerate(kind.tables):
        known = _columns(table, rules)
        for m, column in enumerate(table.columns):
            path: Place = ("tables", n, "columns", m, "show")
            yield path, "栏目", column.show, known, "可列出的栏目"
    tables = ids_of(kind.tables)
    for n, annex in enumerate(kind.annexes):
        for m, each in enumerate(annex.tables):
            yield ("annexes", n, "tables", m), "表格", each, tables, "tables"


def _columns(table: TableRule, rules: Scoring) -> list[str]:
    """What a table may show: of persons what their own rules yield, nothing where the pack has none."""
    found: RuleSet | None = rules.persons if table.of == "persons" else rules
    if found is None:
        return []
    own = ["name"] if table.of == "persons" else []
    kept = (found.measures, found.components, found.rankings)
    return [*FIXED_COLUMNS, *own, *(each for things in kept for each in ids_of(things))]


def _groups(base: Place, named: Iterable[str], known: list[str]) -> Iterator[Finding]:
    for n, each in enumerate(named):
        yield (*base, n), "参评分组", each, known, "units.yaml 的参评分组"
