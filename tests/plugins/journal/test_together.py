"""Two editors at one board at the same moment, many times: every change is there afterwards, or was refused out loud."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import YaoqingError
from core.submissions.models import Submission
from plugins.journal import board, queries, services
from plugins.journal.board import Spot
from plugins.journal.board_models import JournalStep
from plugins.journal.models import JournalIssue, JournalItem

STEPS = 50
COLUMNS = ("news", "advice")


@pytest.mark.postgres
def test_two_editors_make_fifty_changes_each_and_nothing_is_lost(app, editor, other_editor, make_submission):
    issue_id = services.create_issue(editor, "zwyq").id
    ids = [make_submission("received", title=f"第{n}条", genre="problem").id for n in range(24)]
    db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        made = list(
            pool.map(lambda given: work(app, issue_id, *given), [(editor, ids, 1), (other_editor, ids, 2)])
        )

    db.session.expire_all()
    steps = list(db.session.scalars(select(JournalStep).where(JournalStep.issue_id == issue_id)))
    issue = db.session.get(JournalIssue, issue_id)
    assert len(steps) == issue.edits == sum(done for done, _, _ in made)
    assert sorted(step.number for step in steps) == list(range(1, len(steps) + 1))
    assert [refused for _, refused, _ in made if set(refused) - {"Conflict", "NotFound"}] == []
    assert standing(issue_id) == replayed(steps)
    assert [item.position for item in issue.items] == list(range(1, len(issue.items) + 1))
    assert {item.submission_id for item in issue.items} == selected(ids)


def work(app, issue_id, actor, ids, seed):
    """Place, move and take out at random, each change made on what was seen before it."""
    chance, done, refused = random.Random(seed), 0, []
    with app.app_context():
        for _ in range(STEPS):
            db.session.rollback()
            issue = queries.issue(actor, issue_id)
            seen, items = issue.edits, [(item.id, item.submission_id) for item in issue.items]
            db.session.rollback()
            try:
                change(chance, actor, issue_id, ids, items, seen)
            except YaoqingError as error:
                refused.append(type(error).__name__)
        done = len(
            list(
                db.session.scalars(
                    select(JournalStep.id).where(
                        JournalStep.issue_id == issue_id, JournalStep.by_id == actor.id
                    )
                )
            )
        )
        db.session.remove()
    return done, refused, seed


def change(chance, actor, issue_id, ids, items, seen):
    spot = Spot(chance.choice(COLUMNS), after=chance.choice([0, *(item for item, _ in items)]))
    free = [number for number in ids if number not in {submission for _, submission in items}]
    kind = chance.random()
    if not items or (free and kind < 0.45):
        board.place(actor, issue_id, chance.choice(free), spot)
    elif kind < 0.85:
        board.move(actor, issue_id, chance.choice(items)[0], spot, seen)
    else:
        board.take_out(actor, issue_id, chance.choice(items)[0], seen)


def standing(issue_id):
    query = select(JournalItem.submission_id, JournalItem.column).where(JournalItem.issue_id == issue_id)
    return dict(db.session.execute(query).tuples().all())


def replayed(steps):
    """Where everything stands when the noted changes are made one after another."""
    found = {}
    for step in sorted(steps, key=lambda one: one.number):
        if step.kind == "take_out":
            found.pop(step.submission_id)
        else:
            found[step.submission_id] = step.after["column"]
    return found


def selected(ids):
    query = select(Submission.id).where(Submission.id.in_(ids), Submission.state == "selected")
    return set(db.session.scalars(query))
