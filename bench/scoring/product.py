"""The product's side of the comparison: fill its own store with the same facts, score every office, hand over the results.

To be completed with the rewritten engine; until `missing()` returns "" the measure is left out with that line. The
sequence, each step in a fresh process after the stores are filled:

    load(scale, …)      fills the store when it is not there, else opens it; outside the clock
    score_all(store)    from the store to month totals and ranking in memory, offices one after the other; inside the clock
    tables(result)      the result as `results.TABLES`; outside the clock

What must come out bit by bit, and every order, is written in README.md under "结果的定义".
"""

from pathlib import Path
from typing import Any

from results import Tables

Store = Any
Result = Any


def missing(rules: int) -> str:
    """Why the product cannot be measured with so many rules, in words for the reader; empty when it can."""
    return f"product.py 尚未接上新的计分引擎（{rules} 条规则）"


def load(scale: str, seed: int, rules: int, folder: Path) -> Store:
    """The product's store with the facts of a scale and the pack, opened; kept in `folder` and filled only once.

    Facts come from `generate.offices(scale, seed)`, office by office: `office.units` lists (unit, group), and either
    `office.columns` (numpy, one row a fact and credited unit) or `generate.facts(office)` (plain values, one a fact,
    units in sharing order) gives the facts. The pack is `rules.document(rules)`.
    """
    raise NotImplementedError


def score_all(store: Store) -> Result:
    """Score and rank all offices, exactly what a run in the product does but without writing the run."""
    raise NotImplementedError


def tables(result: Result) -> Tables:
    """The result as tables of whole numbers (lists of rows or numpy arrays); those left out are not compared."""
    raise NotImplementedError
