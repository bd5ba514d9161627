"""Texts that say the same: near copies by their wording, related ones by their titles.

Near copies are looked for clause by clause, so that a text put together from two others finds both: some
clauses spread over the text are asked of the index, whoever has several of them is compared word for word. What the
office reads every day (stock phrases, clauses of many items, words of all titles) counts for nothing.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from sqlalchemy import select

from core.db import db
from core.search import passages
from core.search.engines import Tokens, engine
from core.search.folding import HINTED, fold, hint, mark, pairs, title_token
from core.search.formulas import NUMERALS, without_phrases, without_title_words
from core.search.models import SearchEntry, SearchText
from core.search.usual import remember, remembered

# So many clauses of a text are asked for, each of so many characters; what so many things have is usual.
CLAUSES, LONGEST, USUAL = 24, 8, 20
SHORTEST = 4
# A text has clauses of its own besides those that many items have; one that has hardly any is sent by many.
ALL = 0.9
# So many candidates are compared, and of each so many characters.
COMPARED, LENGTH = 16, 12_000
# So many neighbours of a title are asked for, of each the newest things that have it in their titles.
TITLE_PAIRS, TITLE_NEWEST = 24, 60


@dataclass(frozen=True)
class Likeness:
    """A thing that says the same. share: how much of the given text stands there; back: the other way round.

    common: how many characters that are; numbers: how many numbers of one stand in the other, from 0 to 1.
    """

    thing_id: int
    share: float
    back: float
    common: int
    numbers: float

    @property
    def most(self) -> float:
        """The larger of both shares: 1 also when a short text stands in a long one."""
        return max(self.share, self.back)


def similar(
    office_id: int,
    body: str,
    exclude: Collection[int] = (),
    limit: int = 10,
    *,
    kind: str = "submission",
    unit_id: int = 0,
) -> list[Likeness]:
    """Things of an office (or one unit of it) that share passages with a text, those with most of it first.

    Whoever shows them asks first what the reader may see.
    """
    folded = fold(body[:LENGTH])
    rows, usual = _who_has(clauses(folded), [mark("unit", unit_id)] if unit_id else [])
    candidates = _candidates(rows, kind, office_id, exclude)[:COMPARED]
    texts = _texts([entry_id for entry_id, _ in candidates])
    text = passages.Compared(folded, usual)
    found = [
        _likeness(thing_id, text, passages.Compared(texts[entry_id].body[:LENGTH], usual))
        for entry_id, thing_id in candidates
    ]
    return sorted(found, key=lambda each: (-each.most, each.thing_id))[:limit]


def _who_has(wanted: Sequence[str], marks: Sequence[str]) -> tuple[list[tuple[int, int]], list[str]]:
    """Entries that have clauses of a text (entry, which clause), and the clauses that many have: these count for
    nothing, unless the text has hardly any others."""
    # Within one unit far fewer have a clause: what is usual in the office says nothing there.
    usual = set() if marks else remembered(wanted)
    asked = [clause for clause in wanted if clause not in usual]
    with engine().steered():
        rows = engine().some([_tokens(clause, marks) for clause in asked], USUAL)
        often = Counter(n for _, n in rows)
        usual.update(asked[n] for n, number in often.items() if number >= USUAL)
        if len(usual) > ALL * len(wanted):
            # Then it is this very text that everybody sends.
            return engine().newest([_tokens(clause, marks) for clause in wanted], USUAL), []
    if not marks:
        remember(usual)
    return [(entry_id, n) for entry_id, n in rows if often[n] < USUAL], sorted(usual)


def likeness(one: str, other: str) -> Likeness:
    """How alike two texts are."""
    return _likeness(0, *(passages.Compared(fold(text[:LENGTH])) for text in (one, other)))


def _likeness(thing_id: int, text: passages.Compared, other: passages.Compared) -> Likeness:
    # In this order what has nothing in common is found out without cutting it up.
    back = other.common(text)
    common = text.common(other) if back else 0
    return Likeness(
        thing_id, common / max(text.size, 1), back / max(other.size, 1), common,
        max(text.numbers_kept(other), other.numbers_kept(text)),
    )  # fmt: skip


def related(
    office_id: int,
    title: str,
    exclude: Collection[int] = (),
    limit: int = 10,
    *,
    kind: str = "submission",
) -> list[tuple[int, float]]:
    """Things whose titles share most with a title, the likest first: (id, likeness from 0 to 1).

    What few titles have counts more than what many have.
    """
    wanted = sorted(pairs(without_title_words(fold(title))))[:TITLE_PAIRS]
    with engine().steered():
        rows = engine().newest([Tokens([title_token(pair)]) for pair in wanted], TITLE_NEWEST)
    often = Counter(n for _, n in rows)
    weights = {pair: log2(1 + TITLE_NEWEST / max(often[n], 1)) for n, pair in enumerate(wanted)}
    candidates = _candidates(rows, kind, office_id, exclude)[: 2 * COMPARED]
    texts = _texts([entry_id for entry_id, _ in candidates])
    likest = [
        (thing_id, _alike(weights, pairs(without_title_words(texts[entry_id].title))))
        for entry_id, thing_id in candidates
    ]
    return sorted(likest, key=lambda row: (-row[1], -row[0]))[:limit]


def _alike(weights: dict[str, float], other: set[str]) -> float:
    """The weight both have, of the weight one of them has on average; what only the other has weighs the least."""
    own = sum(weights.values())
    both = sum(weight for pair, weight in weights.items() if pair in other)
    rest = sum(1 for pair in other if pair not in weights) * min(weights.values(), default=1)
    return 2 * both / (own + both + rest) if both else 0.0


def clauses(folded: str) -> list[str]:
    """Clauses spread evenly over a folded text, of each the middle; without numbers and stock phrases."""
    plain = NUMERALS.sub(" ", without_phrases(folded, " "))
    runs = [run for run in dict.fromkeys(plain.split(" ")) if len(run) >= SHORTEST]
    step = max(len(runs) / CLAUSES, 1)
    chosen = [runs[int(n * step)] for n in range(min(CLAUSES, len(runs)))]
    return [_middle(run) for run in chosen]


def _middle(run: str) -> str:
    start = max((len(run) - LONGEST) // 2, 0)
    return run[start : start + LONGEST]


def _tokens(clause: str, marks: Sequence[str]) -> Tokens:
    """What whoever says the same has: fours that cover the clause, with as little overlap as can be. By their hints,
    which fewer texts have than their threes; the texts themselves are compared afterwards."""
    starts = [*range(0, len(clause) - HINTED, HINTED), len(clause) - HINTED]
    return Tokens([*(hint(clause[at : at + HINTED]) for at in starts), *marks])


def _candidates(
    rows: Sequence[tuple[int, int]], kind: str, office_id: int, exclude: Collection[int]
) -> list[tuple[int, int]]:
    """Things of an office (entry, thing) among the answers, best first; what few have counts more than what many have."""
    often = Counter(n for _, n in rows)
    votes: dict[int, float] = {}
    for entry_id, n in rows:
        votes[entry_id] = votes.get(entry_id, 0) + 1 / often[n]
    best = sorted(votes, key=lambda entry_id: (-votes[entry_id], -entry_id))[: 6 * COMPARED]
    # By their ids alone: asked for the kind too, SQLite would rather go through all entries of the kind.
    columns = (SearchEntry.id, SearchEntry.thing_id, SearchEntry.kind, SearchEntry.office_id)
    rows_of = db.session.execute(select(*columns).where(SearchEntry.id.in_(best))).all()
    things = {row.id: row.thing_id for row in rows_of if (row.kind, row.office_id) == (kind, office_id)}
    return [(n, things[n]) for n in best if n in things and things[n] not in exclude]


def _texts(entries: Sequence[int]) -> dict[int, Any]:
    """Folded titles and texts of entries."""
    query = select(SearchText.entry_id, SearchText.title, SearchText.body)
    rows = db.session.execute(query.where(SearchText.entry_id.in_(entries))).all() if entries else []
    return {row.entry_id: row for row in rows}
