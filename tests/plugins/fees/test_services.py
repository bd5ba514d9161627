"""Lists of fees: what is paid, who approves, that a paid period never moves, how corrections come later."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core import migrate
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, PermissionDenied
from core.facts import Author
from core.packs import services as packs
from core.permissions import Grant
from core.testing import actor_of
from plugins.fees import queries, services, sources
from plugins.fees.statement import read

H2, H1 = "2025-H2", "2026-H1"


def paid(office_id: int, key: str) -> dict[str, int]:
    """Names and fen of a period's list as it stands."""
    found = sources.statement(office_id, sources.period(office_id, key))[0]
    return {payment.payee.name: payment.total for payment in found.payments}


def approved(desk, key: str):
    services.prepare(desk.editor, desk.office_id, key)
    return services.approve(desk.issuer, desk.office_id, key)


def test_the_first_author_is_paid_four_yuan_a_point(desk):
    desk.fact("张三", "李四")

    assert paid(desk.office_id, H2) == {"张三": 4000, "李四": 0}


def test_without_an_author_nobody_is_paid(desk):
    desk.fact()

    assert paid(desk.office_id, H2) == {}


def test_the_whole_value_of_a_joint_item_is_paid(desk):
    desk.fact("张三", units=(desk.jia, desk.yi))

    assert paid(desk.office_id, H2) == {"张三": 4000}


def test_namesakes_of_two_units_are_two_payees(desk):
    desk.fact("张三")
    desk.fact("张三", unit=desk.yi)
    desk.fact(Author("张三", desk.yi.id))

    found = sources.statement(desk.office_id, sources.period(desk.office_id, H2))[0]

    assert [(p.payee.unit, p.own) for p in found.payments] == [
        (str(desk.jia.id), 4000),
        (str(desk.yi.id), 8000),
    ]


def test_a_list_is_drawn_up_by_one_and_approved_by_another(desk):
    desk.fact("张三")
    services.prepare(desk.editor, desk.office_id, H2)

    with pytest.raises(PermissionDenied):
        services.approve(desk.editor, desk.office_id, H2)
    with pytest.raises(PermissionDenied):
        services.prepare(desk.issuer, desk.office_id, H2)
    found = services.approve(desk.issuer, desk.office_id, H2)

    assert (found.total, found.payees, found.approved_by) == (4000, 1, desk.issuer.name)
    assert queries.draft(desk.office_id, H2) is None
    assert services.proven(found)


def test_whoever_holds_both_rights_does_not_approve_their_own_list(desk):
    alone = replace(desk.editor, grants=(*desk.editor.grants, Grant("issuer", desk.office_id)))
    services.prepare(alone, desk.office_id, H2)

    with pytest.raises(PermissionDenied, match="两人分别办理"):
        services.approve(alone, desk.office_id, H2)


def test_a_list_that_outlived_its_facts_is_not_approved(desk):
    desk.fact("张三")
    services.prepare(desk.editor, desk.office_id, H2)
    desk.fact("李四")

    with pytest.raises(Conflict, match="又有变化"):
        services.approve(desk.issuer, desk.office_id, H2)
    services.prepare(desk.editor, desk.office_id, H2)

    assert services.approve(desk.issuer, desk.office_id, H2).total == 8000


def test_a_list_is_approved_as_it_was_seen(desk):
    desk.fact("张三")
    seen = services.prepare(desk.editor, desk.office_id, H2).digest
    desk.fact("李四")
    services.prepare(desk.editor, desk.office_id, H2)

    with pytest.raises(Conflict, match="已重新编制"):
        services.approve(desk.issuer, desk.office_id, H2, seen)


def test_a_list_sent_back_waits_for_the_editor(desk):
    services.prepare(desk.editor, desk.office_id, H2)
    with pytest.raises(InvalidInput):
        services.send_back(desk.issuer, desk.office_id, H2, " ")
    services.send_back(desk.issuer, desk.office_id, H2, "漏了一条")

    assert queries.draft(desk.office_id, H2).remark == "漏了一条"
    with pytest.raises(Conflict):
        services.approve(desk.issuer, desk.office_id, H2)


def test_a_period_that_is_not_over_has_no_list(desk):
    with pytest.raises(InvalidInput, match="还没有结束"):
        services.prepare(desk.editor, desk.office_id, H1)


def test_an_approved_list_cannot_be_changed_or_drawn_up_again(desk):
    desk.fact("张三")
    found = approved(desk, H2)

    with pytest.raises(Conflict, match="已经核准"):
        services.prepare(desk.editor, desk.office_id, H2)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text("UPDATE fees_list SET total = 0"))
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text("DELETE FROM fees_list"))
    assert services.proven(found)


def test_what_is_withdrawn_after_payment_is_taken_back_in_the_next_list(desk, watch):
    wrong = desk.fact("张三")
    desk.fact("张三")
    first = approved(desk, H2)
    desk.withdraw(wrong)
    desk.fact("张三", on=date(2026, 2, 10))

    found = sources.statement(desk.office_id, sources.period(desk.office_id, H1))[0]

    (payment,) = found.payments
    (adjustment,) = payment.adjustments
    assert (payment.own, adjustment.fen, payment.total) == (4000, -4000, 0)
    assert [(c.was, c.now) for c in adjustment.changes] == [(40, 0)]
    assert "撤销" in adjustment.changes[0].sentence
    assert read(first.content).total == 8000


def test_what_was_entered_late_is_paid_in_the_next_list_once(desk, watch):
    approved(desk, H2)
    desk.fact("李四", on=date(2025, 12, 20))
    assert paid(desk.office_id, H1) == {"李四": 4000}

    watch.set(datetime(2026, 7, 10, 4, tzinfo=UTC))
    second = approved(desk, H1)
    watch.set(datetime(2027, 1, 10, 4, tzinfo=UTC))

    assert second.total == 4000
    assert paid(desk.office_id, "2026-H2") == {}
    assert services.proven(second)


def test_a_correction_can_itself_be_corrected(desk, watch):
    wrong = desk.fact("张三")
    approved(desk, H2)
    desk.withdraw(wrong)
    watch.set(datetime(2026, 7, 10, 4, tzinfo=UTC))
    assert approved(desk, H1).total == -4000
    desk.fact("张三", on=date(2025, 10, 1))
    watch.set(datetime(2027, 1, 10, 4, tzinfo=UTC))

    assert paid(desk.office_id, "2026-H2") == {"张三": 4000}


def test_a_higher_adoption_later_in_the_year_pays_only_the_difference(desk, pack_folder, watch):
    """“Only the highest once” holds across payment periods of a year."""
    fees = pack_folder / "fees.yaml"
    fees.write_text(fees.read_text("utf-8").replace("keep: sum", "keep: max"), encoding="utf-8")
    manifest = pack_folder / "pack.yaml"
    manifest.write_text(
        manifest.read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0"), encoding="utf-8"
    )
    changes = pack_folder / "tests" / "稿酬.yaml"
    changes.unlink()
    found, _ = packs.install(None, pack_folder)
    packs.activate(None, desk.office_id, found.id, date(2026, 1, 1))
    watch.set(datetime(2026, 7, 10, 4, tzinfo=UTC))
    desk.fact("张三", item="A", on=date(2026, 2, 1))
    assert approved(desk, H1).total == 4000
    desk.fact("张三", item="A", outlet="province-news", on=date(2026, 8, 1))
    watch.set(datetime(2027, 1, 10, 4, tzinfo=UTC))

    last = sources.statement(desk.office_id, sources.period(desk.office_id, "2026-H2"))[0]

    assert [(p.own, p.adjusted, p.total) for p in last.payments] == [(10000, -4000, 6000)]


def test_a_person_sees_their_own_and_a_head_their_units(desk, make_user):
    desk.fact("张三")
    desk.fact("李四")
    desk.fact("张三", unit=desk.yi)
    found = sources.statement(desk.office_id, sources.period(desk.office_id, H2))[0]

    def seen(actor):
        return [(p.payee.name, p.payee.unit) for p in queries.visible(actor, desk.office_id, found.payments)]

    jia, yi = str(desk.jia.id), str(desk.yi.id)
    assert sorted(seen(desk.editor)) == sorted([("张三", jia), ("李四", jia), ("张三", yi)])
    assert sorted(seen(desk.signing_leader)) == sorted([("张三", jia), ("李四", jia)])
    assert seen(desk.zhang) == [("张三", jia)]
    assert seen(desk.other) == [("张三", yi)]
    assert seen(actor_of(make_user("informant", unit=desk.jia, name="王五"))) == []
    make_user("informant", unit=desk.jia, name="张三")
    assert seen(desk.zhang) == []


def test_the_tables_are_what_the_models_say(make_app):
    with make_app().app_context():
        assert migrate.differences() == []
