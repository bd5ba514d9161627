"""The pack section `journals.yaml`: which journals an office compiles, with their columns, numbers and imprint.

Checks and the sample; nothing here touches the web or the database.
"""

from collections.abc import Iterator, Sequence

from core.accounts.models import UNIT_KINDS
from core.errors import PackError, near
from core.packs.content.format import Pack, Section
from core.packs.content.sections import Outlets, Place, ids, outlet_nodes, repeated, titles
from core.submissions.vocabulary import GENRES
from plugins.journal import signing_schema
from plugins.journal.examples import run_examples
from plugins.journal.readers import references
from plugins.journal.schema import DistributionLine, Journal, JournalColumn, Journals
from plugins.journal.words import WORDS

FILE = "journals.yaml"
# As wide as the columns that keep an issue's series and title.
SERIES_WIDTH = 60


def outlets_of(pack: Pack) -> list[str]:
    """The outlets of all journals and of those columns that have their own; none in a pack without journals."""
    own = pack.sections.get("journals")
    journals = own.journals if isinstance(own, Journals) else ()
    return [
        outlet
        for journal in journals
        for outlet in (journal.outlet, *(c.outlet for c in journal.columns if c.outlet))
    ]


def check(pack: Pack) -> list[PackError]:
    """Ids are unique; outlets, document formats, genres, kinds of units, columns and editions exist."""
    journals = pack.get(Journals).journals
    errors = repeated(pack, FILE, ids(journals, "journals"), "刊物标识")
    errors += repeated(pack, FILE, titles(journals, "journals"), "刊物名称")
    for n, journal in enumerate(journals):
        for key, what in (("columns", "栏目"), ("editions", "版别")):
            errors += repeated(pack, FILE, ids(getattr(journal, key), "journals", n, key), f"{what}标识")
            errors += repeated(pack, FILE, titles(getattr(journal, key), "journals", n, key), f"{what}名称")
        errors += list(_too_long(pack, n, journal))
    errors += signing_schema.check(
        pack, FILE, [(("journals", n, "sign_off"), j.sign_off, _urgencies(j)) for n, j in enumerate(journals)]
    )
    for what, file, known, named in _references(pack, journals):
        errors += [_unknown(pack, what, file, known, path, word) for path, word in named if word not in known]
    return errors + [error for found in _own_words(pack) for error in _within(pack, *found)]


def _urgencies(journal: Journal) -> Sequence[str]:
    return journal.marks.urgency.choices if journal.marks.urgency else ()


Named = list[tuple[Place, str]]


def _references(pack: Pack, journals: Sequence[Journal]) -> Iterator[tuple[str, str, Sequence[str], Named]]:
    """What is named in other files: what it is, where it is listed, what there is, and every place that names one."""
    outlets = pack.get(Outlets)
    known = [node.id for _, node in outlet_nodes(outlets)]
    columns = [
        (("journals", n, "columns", m), column)
        for n, journal in enumerate(journals)
        for m, column in enumerate(journal.columns)
    ]
    named: Named = [(("journals", n, "outlet"), j.outlet) for n, j in enumerate(journals)]
    named += [((*base, "outlet"), column.outlet) for base, column in columns if column.outlet]
    documents: Named = [(("journals", n, "document"), j.document) for n, j in enumerate(journals)]
    documents += [
        (("journals", n, "editions", m, "document"), edition.document)
        for n, j in enumerate(journals)
        for m, edition in enumerate(j.editions)
        if edition.document
    ]
    levels = [level.id for level in outlets.levels]
    yield "采用渠道", "outlets.yaml", known, named
    yield "版式", "documents/ 的各文件夹", list(pack.documents), documents
    yield "信息类型", "信息类型", list(GENRES), _each(columns, "genres")
    yield "单位类别", "单位类别", list(UNIT_KINDS), _each(columns, "unit_kinds")
    yield "采用渠道或层级", "outlets.yaml", [*known, *levels], _each(columns, "taken_by")
    yield from references(
        pack,
        [
            ((*base, "distribution", m, "readers"), line.readers)
            for base, lines in _lines(journals)
            for m, line in enumerate(lines)
            if line.readers
        ],
    )


def _lines(journals: Sequence[Journal]) -> Iterator[tuple[Place, Sequence[DistributionLine]]]:
    """The imprints of journals and of their editions, each with its place."""
    for n, journal in enumerate(journals):
        yield ("journals", n), journal.distribution
        for m, edition in enumerate(journal.editions):
            yield ("journals", n, "editions", m), edition.distribution


def _each(columns: Sequence[tuple[Place, JournalColumn]], key: str) -> Named:
    return [
        ((*base, key, k), word) for base, column in columns for k, word in enumerate(getattr(column, key))
    ]


def _own_words(pack: Pack) -> Iterator[tuple[str, Sequence[str], Named]]:
    """What is named inside the file itself: columns of editions, journals and columns of examples, marks."""
    own = pack.get(Journals)
    for n, journal in enumerate(own.journals):
        columns = [column.id for column in journal.columns]
        for m, edition in enumerate(journal.editions):
            base: Place = ("journals", n, "editions", m, "columns")
            yield "栏目", columns, [((*base, k), word) for k, word in enumerate(edition.columns)]
        for key in ("secrecy", "urgency"):
            mark = getattr(journal.marks, key)
            if mark and mark.default:
                place: Place = ("journals", n, "marks", key, "default")
                yield "标注", mark.choices, [(place, mark.default)]
    for n, example in enumerate(own.examples):
        base = ("examples", n)
        yield "刊物", [j.id for j in own.journals], [((*base, "journal"), example.journal)]
        found = own.journal(example.journal)
        if found and example.edition:
            known = [edition.id for edition in found.editions]
            yield "版别", known, [((*base, "edition"), example.edition)]


def _within(pack: Pack, what: str, known: Sequence[str], named: Named) -> list[PackError]:
    return [_unknown(pack, what, FILE, known, path, word) for path, word in named if word not in known]


def _too_long(pack: Pack, n: int, journal: Journal) -> Iterator[PackError]:
    for m, edition in enumerate(journal.editions):
        if (
            len(journal.series(edition.id)) > SERIES_WIDTH
            or len(journal.title + edition.title) > SERIES_WIDTH
        ):
            yield PackError(
                f"刊物与版别“{edition.id}”的标识或名称合起来过长",
                where=pack.where(FILE, ("journals", n, "editions", m)),
                advice=f"请把两者的标识、名称各控制在合计 {SERIES_WIDTH} 字以内",
            )
    for m, column in enumerate(journal.columns):
        if column.min and column.limit and column.min > column.limit:
            yield PackError(
                f"栏目“{column.title}”最少条数大于最多条数",
                where=pack.where(FILE, ("journals", n, "columns", m, "min")),
                advice="请改正其中一个",
            )


def _unknown(pack: Pack, what: str, file: str, known: Sequence[str], path: Place, word: str) -> PackError:
    return PackError(
        f"{what}“{word}”未定义",
        where=pack.where(FILE, path),
        reason=f"“{word}”不在{file}中",
        advice=near(word, known) or (f"可选：{'、'.join(known)}" if known else "请先补上它"),
    )


SAMPLE = """\
journals:
  - id: bulletin
    title: 《每日信息》
    outlet: bulletin
    document: briefing
    total: {start: 1}
    columns:
      - {id: news, title: 工作动态, limit: 10}
      - {id: advice, title: 问题建议, genres: [problem, research]}
    distribution:
      - {label: 报, to: "{place}领导"}
    copies: 100
"""

SECTION = Section(
    "journals", Journals, SAMPLE, owner="journal", check=check, run_examples=run_examples, words=WORDS,
    forms=("journals/*/title", "journals/*/copies", "journals/*/columns/*/title", "journals/*/columns/*/limit"),
)  # fmt: skip
