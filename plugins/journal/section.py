"""The pack section `journals.yaml`: which journals an office compiles, with their columns, numbers and imprint.

Checks and the sample; nothing here touches the web or the database.
"""

from collections.abc import Iterator, Sequence

from core.accounts.models import UNIT_KINDS
from core.errors import PackError, near
from core.packs.format import Pack, Section
from core.packs.sections import Outlets, Place, ids, outlet_nodes, repeated, titles
from core.submissions.vocabulary import GENRES
from plugins.journal.readers import references
from plugins.journal.schema import Journal, Journals
from plugins.journal.words import WORDS

FILE = "journals.yaml"


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
    """Ids are unique; outlets, document formats, genres and kinds of units exist."""
    journals = pack.get(Journals).journals
    errors = repeated(pack, FILE, ids(journals, "journals"), "刊物标识")
    errors += repeated(pack, FILE, titles(journals, "journals"), "刊物名称")
    for n, journal in enumerate(journals):
        base = ("journals", n, "columns")
        errors += repeated(pack, FILE, ids(journal.columns, *base), "栏目标识")
        errors += repeated(pack, FILE, titles(journal.columns, *base), "栏目名称")
    for what, file, known, named in _references(pack, journals):
        errors += [_unknown(pack, what, file, known, path, word) for path, word in named if word not in known]
    return errors


def _references(
    pack: Pack, journals: Sequence[Journal]
) -> Iterator[tuple[str, str, Sequence[str], list[tuple[Place, str]]]]:
    outlets = [node.id for _, node in outlet_nodes(pack.get(Outlets))]
    named: list[tuple[Place, str]] = [(("journals", n, "outlet"), j.outlet) for n, j in enumerate(journals)]
    genres: list[tuple[Place, str]] = []
    kinds: list[tuple[Place, str]] = []
    for n, journal in enumerate(journals):
        for m, column in enumerate(journal.columns):
            base: Place = ("journals", n, "columns", m)
            if column.outlet:
                named.append(((*base, "outlet"), column.outlet))
            genres += [((*base, "genres", k), genre) for k, genre in enumerate(column.genres)]
            kinds += [((*base, "unit_kinds", k), kind) for k, kind in enumerate(column.unit_kinds)]
    documents: list[tuple[Place, str]] = [
        (("journals", n, "document"), j.document) for n, j in enumerate(journals)
    ]
    yield "采用渠道", "outlets.yaml", outlets, named
    yield "版式", "documents/ 的各文件夹", list(pack.documents), documents
    yield "信息类型", "信息类型", list(GENRES), genres
    yield "单位类别", "单位类别", list(UNIT_KINDS), kinds
    yield from references(
        pack,
        [
            (("journals", n, "distribution", m, "readers"), line.readers)
            for n, journal in enumerate(journals)
            for m, line in enumerate(journal.distribution)
            if line.readers
        ],
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
    "journals", Journals, SAMPLE, owner="journal", check=check, words=WORDS,
    forms=("journals/*/title", "journals/*/copies", "journals/*/columns/*/title", "journals/*/columns/*/limit"),
)  # fmt: skip
