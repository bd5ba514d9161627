"""Tasks: what every unit should bring in a period, and what meeting or missing it is worth."""

from datetime import date, timedelta
from fractions import Fraction

from core.scoring.values.periods import periods_of, year_of
from tests.core.scoring.oracle.awards import cut_to
from tests.core.scoring.oracle.board import Board, window_of
from tests.core.scoring.oracle.reading import in_force, plain
from tests.core.scoring.oracle.rows import unit_facets
from tests.core.scoring.oracle.steps import cap, groups_of, names_task

AFTER_ALL_FACTS = 10**9


def task_lines(case, lines, window):
    """A line for every task, task period and unit, held by the caps that name the task."""
    quotas, found = case.rules.get("quotas", []), []
    for n, task in enumerate(quotas):
        board = Board(case, [*lines, *found], window)  # a task may count lines of tasks written before it
        for own in task_windows(task, case.calendar, window):
            for name, unit in case.register["units"].items():
                if takes_part(task, name, unit, own, board):
                    found += task_line(task, n, unit, own, board)
    for block in case.rules.get("caps", []):
        if names_task(block, {task["id"] for task in quotas}):
            cap(block, [*lines, *found], case)
    return found


def task_windows(task, calendar, window):
    """The task periods of the scored year that end no later than the scored period."""
    kind, year = task.get("period", "month"), year_of(calendar, window["start"])
    kind = 1 if kind == "month" else kind  # the calendar month
    if isinstance(kind, str):
        found = [window_of(period, calendar) for period in periods_of(calendar, year.key, kind)]
    else:
        starts = [months_on(year.start, int(kind) * n) for n in range(-1, 12 // int(kind) + 1)]
        ends = [start - timedelta(days=1) for start in starts[1:]]
        spans = list(zip(starts, ends, strict=False))
        found = [
            {"start": start, "end": end, "previous": before if before[0] >= year.start else None}
            for before, (start, end) in zip(spans, spans[1:], strict=False)
        ]
    return [each for each in found if each["end"] <= min(year.end, window["end"])]


def months_on(day, months):
    """The first day of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def takes_part(task, name, unit, own, board):
    """Whether a unit has this task: registered on its last day, of its groups (else of any that competes), `where`."""
    if not unit["from"] <= own["end"] <= unit["to"]:
        return False
    if not task.get("groups") and not competes(unit["group"], board.case):
        return False
    if task.get("groups") and unit["group"] not in groups_of(task, board.case):
        return False
    span = own["start"], own["end"]
    return "where" not in task or board.formula(task["where"], name, span, own) is True


def competes(name, case):
    groups = {each["id"]: each.get("competes", True) for each in case.pack["units"]["groups"]}
    return groups.get(name, False)


def task_line(task, n, unit, own, board):
    """The line of a task; before the first date of `need`, and where it says nothing for a unit, there is no task."""
    span, need = (own["start"], own["end"]), in_force(task["need"], own["end"])
    need = board.formula(need, unit["name"], span, own) if isinstance(need, str) else need
    if need is None:
        return []
    need = plain(need)
    numbers = outcome(board.formula(task["done"], unit["name"], span, own), need)
    amount = Fraction(0)
    if "points" in task:
        value = board.formula(task["points"], unit["name"], span, own, **numbers)
        amount = Fraction(0) if value is None else cut_to(task, value)
    return [line_of(task, n, unit, own, numbers, amount)]


def outcome(done, need):
    """How far a task was done."""
    if done is None:
        return {"done": done, "need": need, "missing": None, "extra": None, "met": False, "rate": None}
    return {
        "done": done,
        "need": need,
        "missing": max(need - done, Fraction(0)),
        "extra": max(done - need, Fraction(0)),
        "met": done >= need,
        "rate": done / need if need != 0 else None,
    }


def line_of(task, n, unit, window, numbers, amount):
    day = window["end"]
    own = ("task", task["id"], unit["name"], day)
    facets = {**unit_facets(unit), **numbers, **day_facets(day), "item": own}
    row = {
        "fact": {"id": own, "on": day, "number": AFTER_ALL_FACTS},
        "account": unit["name"],
        "unit": unit,
        "facets": facets,
        "standing": True,
        "offset": None,
    }
    return {
        "row": row, "account": unit["name"], "award": task["id"], "rule": None, "stage": task["id"],
        "order": (day, AFTER_ALL_FACTS, n, Fraction(1)), "value": amount, "share": amount, "amount": amount,
        "status": "live", "why": "", "credited": day,
    }  # fmt: skip


def day_facets(day):
    return {
        "on": day, "recorded": day, "year": Fraction(day.year), "month": Fraction(day.month),
        "day": Fraction(day.day), "weekday": Fraction(day.isoweekday()),
    }  # fmt: skip


def is_task(line):
    return is_task_key(line["row"]["fact"]["id"])


def is_task_key(fact):
    """Whether what stands for a fact is a task: its key instead of an id."""
    return isinstance(fact, tuple)
