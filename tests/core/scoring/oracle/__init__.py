"""The law: a naive scorer for the tests, written from docs/reference/scoring-semantics.md alone.

Plain loops over dicts, fractions throughout; slow and meant to be read. Of the engine it uses the calendars of
core.scoring.values.periods and nothing else: neither its reader of packs nor its formulas nor its values.

    result = score(texts, register, "2024-05")
"""

from core.scoring.values.periods import period_by_key, year_of
from tests.core.scoring.oracle.board import window_of
from tests.core.scoring.oracle.case import Case
from tests.core.scoring.oracle.persons import board_of, fee_board, personal_board
from tests.core.scoring.oracle.places import further, lists, prizes, ranking
from tests.core.scoring.oracle.reading import read_pack, read_register
from tests.core.scoring.oracle.tasks import is_task

TOTALS = ("score", "before", "cumulative")


def score(texts, register, period):
    """Everything a pack makes of a register: `texts` are its files, `register` what `pack try` takes."""
    pack = read_pack(texts)
    window = window_of(period_by_key(pack["period calendar"], period), pack["period calendar"])
    main = Case(pack, pack["scoring"], read_register(register, pack))
    board, persons = board_of(main, window), personal_board(main, window)
    fees = fee_board(main, window)
    return {
        "window": {**window, "year": year_of(main.calendar, window["start"]).start},
        "entries": [entry(line) for line in board.lines],
        "totals": totals(board),
        "measures": {unit: measured(board, unit) for unit in main.register["units"]},
        "components": {unit: components(board, unit) for unit in main.register["units"]},
        "places": {row["unit"]: row for row in ranking(board)},
        "further": further(board),
        "quotas": [task(line) for line in board.lines if is_task(line)],
        "prizes": prizes(board, persons),
        "lists": lists(board),
        "persons": totals(persons) if persons else {},
        "fees": totals(fees) if fees else {},
    }


def entry(line):
    """A line of the ledger."""
    fact = line["row"]["fact"]
    return {
        "account": line["account"],
        "unit": line["row"]["unit"]["name"],
        "item": fact.get("item"),
        "fact": fact["id"],
        "award": line["award"],
        "stage": line["stage"],
        "value": line["value"],
        "share": line["share"],
        "amount": line["amount"],
        "status": line["status"],
        "why": line["why"],
        "credited": line["credited"],
    }


def totals(board):
    """Score, before and cumulative of everybody."""
    return {
        account: {what: board.total(what, account, board.window) for what in TOTALS}
        for account in board.accounts()
    }  # fmt: skip


def measured(board, unit):
    span = board.window["start"], board.window["end"]
    return {name: board.measure(name, unit, span, board.window) for name in board.measures}


def components(board, unit):
    span = board.window["start"], board.window["end"]
    return {name: board.component(name, unit, span, board.window) for name in board.components}


def task(line):
    """What a task line says of a unit."""
    facets = line["row"]["facets"]
    numbers = {name: facets[name] for name in ("done", "need", "missing", "extra", "met")}
    return {
        "unit": line["account"],
        "task": line["award"],
        "on": line["credited"],
        "amount": line["amount"],
        **numbers,
    }
