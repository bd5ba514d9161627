"""The register of countable facts: written once, reversed by another fact, never changed."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core import facts
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.facts import Fact, NewFact
from core.facts.models import FactUnit
from core.testing import actor_of

pytestmark = pytest.mark.postgres
ON = date(2026, 3, 2)


@pytest.fixture
def editor(make_user):
    return actor_of(make_user("editor", name="李编辑"))


@pytest.fixture
def record(editor, unit):
    """Record a fact in a transaction of its own."""

    def done(key="submitted:1:1", units=(), **values):
        values = {"kind": "submitted", "on": ON, "item": "submission:1", "title": "标题", **values}
        with transaction():
            return facts.record(
                editor, NewFact(unit.office_id, unit_ids=tuple(units or [unit.id]), key=key, **values)
            )

    return done


@pytest.fixture
def withdraw(editor):
    def done(fact, reason="重复"):
        with transaction():
            return facts.withdraw(editor, fact, reason)

    return done


def test_a_fact_keeps_what_was_counted_and_who_recorded_it(record, unit, watch):
    fact = record(attrs={"genre": "work_news", "characters": 320})

    assert (fact.kind, fact.on, fact.item, fact.title) == ("submitted", ON, "submission:1", "标题")
    assert fact.attrs == {"genre": "work_news", "characters": 320}
    assert (fact.recorded_by, fact.recorded_at) == ("李编辑", watch.instant)
    assert [u.unit_id for u in fact.units] == [unit.id]


def test_units_keep_their_order(record, unit, make_unit):
    second, third = make_unit(), make_unit()

    fact = record(units=[third.id, unit.id, second.id])

    assert [u.unit_id for u in fact.units] == [third.id, unit.id, second.id]


def test_the_same_cause_is_counted_once(record):
    record()

    with pytest.raises(Conflict, match="已经计入"):
        record(on=date(2026, 4, 1))


def test_the_same_cause_may_count_in_another_office(record, editor, make_office, make_unit):
    record()
    other = make_unit(office=make_office())

    with transaction():
        facts.record(editor, NewFact(other.office_id, "submitted", ON, (other.id,), key="submitted:1:1"))

    assert len(facts.of_office(other.office_id)) == 1


def test_a_unit_of_another_office_or_named_twice_is_refused(record, unit, make_office, make_unit):
    stranger = make_unit(office=make_office())

    for units in ([stranger.id], [unit.id, unit.id], [unit.id, 99_999]):
        with pytest.raises(InvalidInput, match="单位"):
            record(units=units)


@pytest.mark.parametrize("table", ["fact", "fact_unit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET unit_id = unit_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(record, table, statement):
    record()
    statement = statement.format(table).replace("unit_id", "office_id" if table == "fact" else "unit_id")

    with pytest.raises(DBAPIError, match="记录不能修改或删除"):
        db.session.execute(text(statement))


def test_a_withdrawn_fact_stays_beside_its_withdrawal(record, withdraw, watch):
    fact = record()

    gone = withdraw(fact, "单位撤回")

    assert (gone.kind, gone.reverses_id, gone.reason, gone.item) == (
        "withdrawn",
        fact.id,
        "单位撤回",
        "submission:1",
    )
    assert [f.id for f in facts.of_office(fact.office_id)] == [fact.id, gone.id]


def test_a_fact_is_withdrawn_once(record, withdraw):
    fact = record()
    withdraw(fact)

    with pytest.raises(Conflict, match="已经撤销"):
        withdraw(fact)
    db.session.rollback()
    assert db.session.scalar(select(Fact).where(Fact.reverses_id == fact.id)) is not None


def test_the_database_itself_refuses_a_second_withdrawal(record, withdraw, unit):
    fact = record()
    withdraw(fact)

    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Fact(
                office_id=unit.office_id,
                key="other",
                kind="withdrawn",
                on=ON,
                reverses_id=fact.id,
                recorded_at=fact.recorded_at,
                recorded_by="x",
            )  # fmt: skip
        )


def test_a_withdrawal_itself_is_not_withdrawn(record, withdraw):
    gone = withdraw(record())

    with pytest.raises(Conflict, match="撤销"):
        withdraw(gone)


def test_only_what_still_stands_is_withdrawn_about_an_item(record, withdraw, editor, office):
    first, second = record("a"), record("b")
    other_item, other_kind = record("c", item="submission:2"), record("d", kind="adopted")
    withdraw(first)

    with transaction():
        facts.withdraw_all(editor, office.id, "submission:1", "submitted", "退回")

    gone = set(db.session.scalars(select(Fact.reverses_id).where(Fact.reverses_id.is_not(None))))
    assert gone == {first.id, second.id}
    assert {other_item.id, other_kind.id} & gone == set()


def test_facts_up_to_a_day_come_with_every_withdrawal(record, withdraw, watch):
    early, late = record("a", on=date(2026, 1, 5)), record("b", on=date(2026, 2, 5))
    gone = withdraw(early)

    found = facts.of_office(early.office_id, until=date(2026, 1, 31))

    assert [f.id for f in found] == [early.id, gone.id]
    assert late.id not in {f.id for f in found}


def test_both_ways_leave_a_trail(record, withdraw):
    withdraw(record())

    assert [a for a in db.session.scalars(select(AuditRecord.action)) if "计分" in a] == [
        "登记计分事项",
        "撤销计分事项",
    ]


def test_an_over_long_title_or_reason_is_cut(record, withdraw):
    fact = record(title="长" * 500)

    assert len(fact.title) == 200
    assert len(withdraw(fact, "因" * 900).reason) == 500


def test_a_unit_with_facts_cannot_disappear(record, unit):
    record()

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(f"DELETE FROM unit WHERE id = {unit.id}"))
    assert db.session.scalar(select(FactUnit.unit_id)) == unit.id
