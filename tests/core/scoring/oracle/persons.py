"""Personal scores and fees: further rule sets over the same facts."""

from fractions import Fraction

from tests.core.scoring.oracle.awards import counter_lines, decided, lines_of, stages
from tests.core.scoring.oracle.board import Board
from tests.core.scoring.oracle.case import Case
from tests.core.scoring.oracle.steps import worked
from tests.core.scoring.oracle.tasks import task_lines


def board_of(case, window):
    """The lines of a rule set after all its steps, ready to be counted."""
    lines = worked(lines_of(case), case)
    lines += counter_lines(lines)
    if case.accounts == "units":
        lines += task_lines(case, lines, window)
    return Board(case, lines, window)


def personal_board(main, window):
    """The board of the authors, or None when the pack keeps no personal scores."""
    rules = main.pack["scoring"].get("persons")
    if rules is None:
        return None
    if rules.get("awards"):
        return board_of(Case(main.pack, rules, main.register, "persons"), window)
    wanted = rules.get("stages")
    awards = [
        award for stage, listed in stages(main).items() for award in listed if not wanted or stage in wanted
    ]
    awards.sort(key=main.rules["awards"].index)
    # Their values, not their ways of sharing: authors share as the personal rules say.
    lent = [{key: value for key, value in award.items() if key != "share"} for award in awards]
    blocks = {name: main.rules.get(name, []) for name in ("counters", "tables")}
    return board_of(Case(main.pack, {**rules, **blocks, "awards": lent}, main.register, "persons"), window)


def fee_board(main, window):
    """The board of the fees, or None when the pack pays none."""
    rules = main.pack.get("fees")
    if rules is None:
        return None
    case = Case(main.pack, rules, main.register, rules.get("accounts", "units"))
    for row in case.rows:
        row["facets"]["fact_points"] = fact_points(row["fact"], main)
    return board_of(case, window)


def fact_points(fact, main):
    """What the scoring rules give a fact, before resolution and sharing."""
    rows = [row for row in main.rows if row["fact"] is fact]
    found = [decided(stage, rows[0], main) for stage in stages(main)] if rows else []
    return sum((value for _, value, why in found if not why), Fraction(0))
