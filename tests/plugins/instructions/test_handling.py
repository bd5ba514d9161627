"""Which fact should stand for a task, when it is overdue, and which steps are legal: plain values."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import Conflict
from plugins.instructions import handling
from plugins.instructions.handling import MOVES, STATES, Standing

DUE = date(2026, 4, 1)
LATER = DUE + timedelta(days=1)
OPEN = Standing("signed", DUE)


@pytest.mark.parametrize(("now", "fact"), [
    (OPEN, ""), (replace(OPEN, missed_on=LATER), "missed"),
    (replace(OPEN, state="reported", reported_on=DUE), ""),
    (replace(OPEN, state="done", reported_on=DUE), "on_time"),
    (replace(OPEN, state="done", reported_on=LATER), "late"),
    (replace(OPEN, state="done", reported_on=LATER, missed_on=LATER), "late"),
    (replace(OPEN, state="more", reported_on=LATER, missed_on=LATER), "missed"),
    (replace(OPEN, state="done"), ""),
    (replace(OPEN, state="cancelled", missed_on=LATER), ""),
    (replace(OPEN, missed_on=LATER, excused=True), ""), (replace(OPEN, missed_on=LATER, withdrawn=True), ""),
])  # fmt: skip
def test_one_fact_at_most_stands(now, fact):
    assert handling.outcome(now) == fact


@pytest.mark.parametrize(("now", "day", "late", "missed"), [
    (OPEN, DUE, False, False), (OPEN, LATER, True, True),
    (replace(OPEN, excused=True), LATER, True, False), (replace(OPEN, missed_on=LATER), LATER, True, False),
    (replace(OPEN, withdrawn=True), LATER, False, False),
    (replace(OPEN, state="reported", reported_on=DUE), LATER, False, False),
    # More was asked for after an answer in time: overdue again, but no miss.
    (replace(OPEN, state="more", reported_on=DUE, more_on=LATER), LATER, False, False),
    (replace(OPEN, state="more", reported_on=DUE, more_on=LATER), LATER + timedelta(days=1), True, False),
])  # fmt: skip
def test_overdue_and_missed_begin_the_day_after(now, day, late, missed):
    assert (handling.is_overdue(now, day), handling.may_be_missed(now, day)) == (late, missed)


def test_every_step_is_refused_in_every_other_state():
    for name, move in MOVES.items():
        for state in STATES:
            if state in move.sources:
                assert handling.target(state, name) in STATES
            else:
                with pytest.raises(Conflict, match="现在是"):
                    handling.target(state, name)


DONE, TOLD = replace(OPEN, state="done"), ("办理中", "info")


@pytest.mark.parametrize(("tasks", "words"), [
    ([], []), ([OPEN], [TOLD]), ([DONE], [("已办结", "success")]), ([DONE, OPEN], [("办结 1/2", "info")]),
    ([replace(OPEN, state="reported")], [TOLD]),
    ([replace(OPEN, due_on=DUE - timedelta(days=1)), OPEN, DONE], [("办结 1/3", "info"), ("逾期 1", "danger")]),
])  # fmt: skip
def test_how_far_an_instruction_has_come_is_told_in_words(tasks, words):
    assert handling.progress(tasks, DUE) == words
