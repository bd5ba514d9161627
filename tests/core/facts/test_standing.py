"""What counts for items now, read without going through all facts of the office."""

from datetime import date

import pytest

from core import facts
from core.db import db, transaction
from core.facts import NewFact
from core.testing import actor_of

ON = date(2026, 3, 2)


@pytest.fixture
def editor(make_user):
    return actor_of(make_user("editor"))


@pytest.fixture
def record(editor, unit):
    def done(key, item, kind="adopted", office_id=None):
        with transaction():
            new = NewFact(office_id or unit.office_id, kind, ON, (unit.id,), key, item, "标题")
            return facts.record(editor, new)

    return done


@pytest.mark.postgres
def test_neither_withdrawals_nor_what_they_withdraw_stand(record, editor, unit):
    first, other = record("a", "submission:1"), record("b", "submission:2")
    gone, sent = record("c", "submission:1"), record("d", "submission:1", "submitted")
    record("e", "submission:3")
    with transaction():
        facts.withdraw(editor, gone, "重复")

    items = ["submission:2", "submission:1"]
    assert facts.standing(unit.office_id, items) == [first, other, sent]
    assert facts.standing(unit.office_id, items, ["adopted"]) == [first, other]
    assert facts.standing(unit.office_id, []) == facts.standing(unit.office_id + 1, items) == []


def test_facts_of_a_few_items_are_looked_up_by_these_items(record, unit, asked):
    record("a", "submission:1")

    facts.standing(unit.office_id, [f"submission:{number}" for number in range(20)], ["adopted"])

    statement, values = next(each for each in asked if "fact.item IN" in each[0])
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "ix_fact_office_id_item (office_id=? AND item=?)" in plan[0].detail
