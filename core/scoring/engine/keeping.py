"""What one item keeps: awards given once per scope, and the highest, first or best of several."""

from collections.abc import Iterable

import numpy as np

from core.scoring.engine.deciding import satisfied
from core.scoring.engine.facets import Column, Combinations, Facets
from core.scoring.engine.lines import Lines
from core.scoring.engine.spans import buckets
from core.scoring.rules.rule_book import Award, Resolution, Rules


def once_each(lines: Lines, facets: Facets, rules: Rules) -> None:
    """Awards with `once_per` count the first time only; the others are superseded."""
    kinds: dict[tuple[str, tuple[str, ...]], list[Award]] = {}
    for award in rules.awards:
        if award.once_per:
            kinds.setdefault((award.stage, award.once_per), []).append(award)
    for (_, per), awards in kinds.items():
        at = np.flatnonzero(of_awards(lines, (a.order for a in awards)) & lines.worth_something())
        row = lines.row[at]
        scope = Combinations([lines.account[at], *(facets.codes(name)[row] for name in per)], len(at)).of_row
        first = np.full(scope.max() + 1 if len(at) else 0, -1, dtype=np.int64)
        first[scope[::-1]] = at[::-1]
        later = first[scope] != at
        lines.settle(at[later], "superseded", "once", per, lines.row[first[scope][later]].tolist())


def resolved(lines: Lines, facets: Facets, rules: Rules) -> Lines:
    """Every resolution block in turn; what is not kept stays visible with zero effect."""
    for block in rules.resolutions:
        if block.keep != "sum":
            _keep(lines, facets, rules, block)
    return lines


def _keep(lines: Lines, facets: Facets, rules: Rules, block: Resolution) -> None:
    chosen = of_awards(lines, award_orders(rules, block.awards)) & lines.worth_something()
    if block.where is not None:
        chosen &= satisfied(facets, None, block.where)[lines.row]
    at = np.flatnonzero(chosen)
    if not len(at):
        return
    row = lines.row[at]
    days = facets.rows.column("day")[row]
    columns = [facets.account[row].astype(np.int64), buckets(rules.calendar, days, block.period)]
    scope = Combinations([*columns, *(facets.codes(name)[row] for name in block.per)], len(at)).of_row
    # Ranks make exact objects sortable next to whole numbers.
    value = ranks(lines.amount[at])
    key = {"max": -value, "min": value, "first": at, "last": -at}[block.keep]
    order = np.lexsort((at, key, scope))
    sorted_scope = scope[order]
    starts = np.concatenate([[True], sorted_scope[1:] != sorted_scope[:-1]])
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    place = np.arange(len(order)) - begin
    lost = place >= block.count
    winners = lines.award[at[order[begin[lost]]]].tolist()
    lines.settle(at[order[lost]], "superseded", "beaten", block, winners)


def ranks(amounts: Column) -> Column:
    """Numbers in the same order as the amounts."""
    return np.unique(amounts, return_inverse=True)[1].reshape(-1) if amounts.dtype == object else amounts


def of_awards(lines: Lines, orders: Iterable[int]) -> Column:
    """Which lines belong to these awards."""
    listed = list(orders)
    chosen = np.zeros(int(lines.award.max(initial=0)) + 2, dtype=bool)
    chosen[[order for order in listed if order < len(chosen) - 1]] = True
    return chosen[lines.award]  # -1, no award, reads the last place: never chosen


def award_orders(rules: Rules, names: Iterable[str]) -> list[int]:
    """The numbers of awards by their ids."""
    wanted = set(names)
    return [award.order for award in rules.awards if award.id in wanted]
