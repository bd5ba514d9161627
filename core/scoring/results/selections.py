"""Prizes and lists: who is proposed, who is barred and why, who stands on a list. Proposals for the office to decide."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from core.scoring.engine.facets import Combinations
from core.scoring.engine.figures import Figures
from core.scoring.engine.keeping import ranks
from core.scoring.engine.ledger import Ledger
from core.scoring.engine.lines import CODE, plain, sums
from core.scoring.results.ranking import sorted_keys
from core.scoring.rules.rule_book import Listing, Prize, Rules
from core.scoring.values.fact import Grains, Row
from core.scoring.values.points import GRAINS


@dataclass(frozen=True)
class Candidate:
    """Somebody or something considered: key and name, group, and the figures it is ordered by (greatest first)."""

    key: str
    name: str
    group: str
    keys: tuple[Grains, ...]
    env: Any
    order: int = 0


@dataclass(frozen=True)
class Chosen:
    """What a prize comes to: keys in their order, and those barred with the reasons.

    Of all of them the names, and the figures that decided, one for each of the prize's `by`.
    """

    id: str
    title: str
    winners: tuple[str, ...]
    barred: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, tuple[Grains, ...]] = field(default_factory=dict)


def prizes(
    rules: Rules, rows: Sequence[Row], figures: Figures, ledger: Ledger | None = None,
    persons: tuple[Sequence[Row], Figures] | None = None,
) -> list[Chosen]:  # fmt: skip
    """Every prize of the pack, in its order."""
    found: dict[str, Chosen] = {}
    for prize in rules.prizes:
        taken = {key for name in prize.after for key in found[name].winners} if prize.after else set()
        candidates = _candidates(prize, rows, figures, ledger, persons)
        found[prize.id] = awarded(prize, [c for c in candidates if c.key not in taken])
    return list(found.values())


def _candidates(
    prize: Prize, rows: Sequence[Row], figures: Figures, ledger: Ledger | None,
    persons: tuple[Sequence[Row], Figures] | None,
) -> list[Candidate]:  # fmt: skip
    if prize.what == "items":
        return items(prize, ledger) if ledger is not None else []
    if prize.what == "persons":
        if persons is None:
            return []
        rows, figures = persons
    keys = sorted_keys(prize.by)
    return [
        Candidate(
            row.unit,
            row.name,
            row.group,
            tuple(-each for each in keys(row)),
            figures.env(row.unit),
            row.order,
        )
        for row in rows
        if not prize.groups or row.group in prize.groups
    ]


def awarded(prize: Prize, candidates: Sequence[Candidate]) -> Chosen:
    """Who gets a prize: those who qualify and are not barred, the best of each group first."""
    qualified = [c for c in candidates if prize.where is None or prize.where.run(c.env)]
    barred = {c.key: tuple(bar.title for bar in prize.bars if bar.where.run(c.env)) for c in qualified}
    free = [c for c in qualified if not barred[c.key]]
    winners: list[str] = []

    def field_of(candidate: Candidate) -> str:
        return candidate.group if prize.each == "group" else ""

    for together in dict.fromkeys(map(field_of, candidates)):
        size = sum(field_of(c) == together for c in candidates)
        inside = [c for c in free if field_of(c) == together]
        winners += first_of(inside, seats(prize, together, size), prize.ties)
    refused = {key: why for key, why in barred.items() if why}
    told = [c for c in qualified if c.key in refused or c.key in set(winners)]
    names, figures = {c.key: c.name for c in told}, {c.key: _figures(prize, c) for c in told}
    return Chosen(prize.id, prize.title, tuple(winners), refused, names, figures)


def _figures(prize: Prize, candidate: Candidate) -> tuple[Grains, ...]:
    """What a candidate is ordered by, as people read it: also where the smallest comes first."""
    return tuple(
        -key if name.startswith("-") else key for name, key in zip(prize.by, candidate.keys, strict=True)
    )


def seats(prize: Prize, group: str, size: int) -> int | None:
    """How many a group may have; None means everybody."""
    if prize.fraction is not None:
        return max(math.floor(prize.fraction * size), 1)
    if isinstance(prize.take, Mapping):
        return prize.take.get(group, 0)
    return prize.take


def first_of(candidates: Iterable[Candidate], take: int | None, ties: str) -> list[str]:
    """The first so many; those tied at the end are all included, all excluded, or cut off."""
    ordered = sorted(candidates, key=lambda c: (tuple(-each for each in c.keys), c.order, c.key))
    if take is None or len(ordered) <= take:
        return [c.key for c in ordered]
    if ties == "cut":
        return [c.key for c in ordered[:take]]
    found: list[str] = []
    for _, equal in groupby(ordered, key=lambda c: c.keys):
        sharing = [c.key for c in equal]
        if len(found) >= take or (ties == "exclude" and len(found) + len(sharing) > take):
            break
        found += sharing
    return found


def items(prize: Prize, ledger: Ledger) -> list[Candidate]:
    """Items with what they earned before sharing; facts of the prize's period only count."""
    facets, lines = ledger.facets, ledger.lines
    data = facets.rows.data
    start, end = ledger.period.start.toordinal(), ledger.period.end.toordinal()
    at = np.flatnonzero((lines.row >= 0) & (ledger.day >= start) & (ledger.day <= end))
    standing = (lines.status[at] != CODE["excluded"]) & (lines.status[at] != CODE["reversed"])
    at = at[(data["item"][lines.row[at]] >= 0) & standing]
    # One line for each fact and award: units that share a value share one value, of different ones the highest.
    sharers = Combinations(
        [np.unique(data["fact"][lines.row[at]], return_inverse=True)[1].reshape(-1), lines.award[at]], len(at)
    )
    worth_it = at[np.asarray(lines.amount[at] != 0, dtype=bool)]
    worth_it = worth_it[np.argsort(-ranks(lines.raw[worth_it]), kind="stable")]
    counted = Combinations(
        [
            np.unique(data["fact"][lines.row[worth_it]], return_inverse=True)[1].reshape(-1),
            lines.award[worth_it],
        ],
        len(worth_it),
    )
    at, worth_it = at[sharers.sample], worth_it[counted.sample]
    item = data["item"][lines.row[at]]
    known = np.unique(item)
    points = sums(np.searchsorted(known, data["item"][lines.row[worth_it]]), lines.raw[worth_it], len(known))
    first = {int(key): int(row) for key, row in zip(item[::-1], lines.row[at][::-1], strict=True)}
    found = []
    for n, key in enumerate(known.tolist()):
        row = first[key]
        name = ledger.fact_name(row, facets.rows.names)
        worth = plain(points[n])
        env = _ItemEnv(ledger, row, Fraction(worth) / GRAINS)
        by = tuple(_item_key(each, worth, env) for each in prize.by)
        found.append(Candidate(name.item or str(key), name.title, "", by, env, row))
    return found


def _item_key(name: str, worth: Grains, env: "_ItemEnv") -> Grains:
    """What items are ordered by: `points`, or a facet or counter of their first fact."""
    if name in ("points", "score", "cumulative"):
        return worth
    return env[name] or 0


class _ItemEnv:
    """The facets of the row that stands for an item, and the item's own `points`."""

    def __init__(self, ledger: Ledger, row: int, points: Fraction):
        self.ledger, self.row, self.points = ledger, row, points

    def __getitem__(self, name: str) -> Any:
        if name == "points":
            return self.points
        return self.ledger.facets.value("on" if name == "@day" else name, self.row)


def lists(rules: Rules, rows: Sequence[Row], figures: Figures) -> dict[str, list[str]]:
    """Every list of the pack: unit keys in order."""
    return {listing.id: listed(listing, rows, figures) for listing in rules.lists}


def listed(listing: Listing, rows: Sequence[Row], figures: Figures) -> list[str]:
    """The units of a list, in ranking order or by its own keys."""
    chosen = [
        row
        for row in rows
        if (not listing.groups or row.group in listing.groups) and listing.where.run(figures.env(row.unit))
    ]
    keys = sorted_keys(listing.by)
    if listing.each == "group":
        found = []
        for group in dict.fromkeys(row.group for row in chosen):
            found += _first(listing, [row for row in chosen if row.group == group], keys)
        return found
    return _first(listing, chosen, keys)


def _first(listing: Listing, rows: Sequence[Row], keys: Callable[[Row], tuple[Grains, ...]]) -> list[str]:
    if not listing.by:
        # In ranking order, where a shared place is a tie.
        ordered = [Candidate(r.unit, r.name, r.group, (-r.place,), None, n) for n, r in enumerate(rows)]
        if listing.each == "all":
            ordered = [Candidate(c.key, c.name, c.group, (-n,), None, n) for n, c in enumerate(ordered)]
    else:
        ordered = [
            Candidate(r.unit, r.name, r.group, tuple(-each for each in keys(r)), None, n)
            for n, r in enumerate(rows)
        ]
    return first_of(ordered, listing.take, listing.ties)
