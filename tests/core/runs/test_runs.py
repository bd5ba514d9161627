"""Closed periods: frozen as they were, whatever is recorded later, and provably so."""

from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from sqlalchemy import select, text

from core import facts
from core.accounts import units
from core.audit import AuditRecord
from core.cli.base import console
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import NewFact
from core.hookspecs import hookimpl
from core.permissions import ROLES
from core.scoring import live, runs
from core.scoring.models import FrozenRun
from core.testing import actor_of

FEBRUARY, MARCH = "2026-02", "2026-03"
APRIL_FIRST = datetime(2026, 4, 1, 4, tzinfo=UTC)


@pytest.fixture
def world(make_pack, office, make_unit, watch):
    """A scored office on the first of April: two counties and a bureau."""
    make_pack(office)
    watch.set(APRIL_FIRST)
    return [
        make_unit("甲县", group="县区"),
        make_unit("乙县", group="县区"),
        make_unit("丙局", group="市直部门", kind="bureau"),
    ]


@pytest.fixture
def issuer(make_user, office):
    return actor_of(make_user("issuer", name="签发人", office=office))


@pytest.fixture
def adopt(world, issuer, office):
    """Record an adoption of a unit (by number) on a day."""
    count = iter(range(1000))

    def record(*who, on=date(2026, 3, 5)):
        key, ids = f"adopted:{next(count)}", tuple(world[n].id for n in who)
        with transaction():
            return facts.record(
                issuer, NewFact(office.id, "adopted", on, ids, key, attrs={"outlet": "bulletin"})
            )

    return record


def scores(office, key=MARCH):
    return {row.name: row.score for row in runs.scored(office.id, key).rows}


def points_of(office, name, key=MARCH):
    return scores(office, key)[name]


def test_an_open_period_moves_with_every_fact(office, adopt):
    adopt(0)
    before = scores(office)
    fact = adopt(1, 2)
    after = scores(office)

    assert before["甲县"] > 0 and before["乙县"] == 0
    assert after["甲县"] == before["甲县"] and after["乙县"] == after["丙局"] == before["甲县"] / 2
    with transaction():
        facts.withdraw(console(office), fact, "登记有误")
    assert scores(office) == before


def test_a_closed_period_stands_whatever_is_recorded_later(office, adopt, issuer, watch):
    adopt(0)
    run = runs.close(issuer, office.id, MARCH)
    closed = scores(office)

    adopt(1, on=date(2026, 3, 31))
    watch.move(days=1)

    assert scores(office) == closed
    assert runs.recompute(db.session.get(FrozenRun, run.id))
    assert runs.live(office.id, MARCH).rows != runs.scored(office.id, MARCH).rows


def test_a_closed_period_stands_when_a_unit_changes_its_group_or_leaves(
    office, adopt, issuer, make_user, world
):
    adopt(0)
    run = runs.close(issuer, office.id, MARCH)
    closed = scores(office)
    admin = actor_of(make_user("system_admin"))

    units.change_unit(admin, world[0].id, world[0].version, {"name": "改名县", "kind": "county", "group": ""})

    assert scores(office) == closed and "甲县" in closed
    assert runs.recompute(run)


def test_a_closed_period_stands_when_another_pack_comes_into_force(office, adopt, issuer, make_pack):
    adopt(0)
    run = runs.close(issuer, office.id, MARCH)
    closed = scores(office)
    double = (
        "awards:\n  - {id: bulletin, title: 采用, when: {fact: adopted, outlet: bulletin}, points: {2024-01-01: 10}, basis: 新办法}\n"
        "ranking: {by: [cumulative], ties: competition}\nprinting: {places: 1}\n"
    )

    make_pack(office, version="2.0.0", scoring=double)

    assert scores(office) == closed
    assert runs.live(office.id, MARCH).rows[0].score == 2 * closed["甲县"]
    assert runs.recompute(run)


def test_what_was_closed_says_who_when_and_by_which_pack(office, adopt, issuer, watch):
    run = runs.close(issuer, office.id, MARCH)

    assert (run.period_title, run.closed_by, run.closed_at, run.pack_ref) == (
        "2026年3月",
        "签发人",
        watch.instant,
        "sample@1.0.0",
    )
    assert len(run.digest) == 64 and runs.scored(office.id, MARCH).closed
    detail = db.session.scalar(select(AuditRecord.detail).where(AuditRecord.action == "结账"))
    assert run.digest in detail


def test_a_period_is_closed_once(office, adopt, issuer):
    runs.close(issuer, office.id, MARCH)

    with pytest.raises(Conflict, match="已经结账"):
        runs.close(issuer, office.id, MARCH)
    assert len(runs.frozen_runs(office.id)) == 1


@pytest.mark.postgres
def test_the_database_itself_allows_one_closing_in_force(office, adopt, issuer):
    runs.close(issuer, office.id, MARCH)
    columns = "office_id, period_key, period_title, pack_ref, pack_digest, content, digest, closed_at, closed_by, reason"

    with pytest.raises(Exception, match="(?i)unique"), transaction():
        db.session.execute(text(f"INSERT INTO frozen_run ({columns}) SELECT {columns} FROM frozen_run"))


@pytest.mark.parametrize(("day", "over"), [(30, False), (31, False), (32, True)])
def test_a_period_is_closed_only_when_it_is_over(office, adopt, issuer, watch, day, over):
    watch.set(datetime(2026, 3, 1, 4, tzinfo=UTC))
    watch.move(days=day - 1)

    if over:
        assert runs.close(issuer, office.id, MARCH)
    else:
        with pytest.raises(InvalidInput, match="还没有结束"):
            runs.close(issuer, office.id, MARCH)


def test_a_fact_at_midnight_of_the_last_day_belongs_to_its_day(office, adopt, issuer):
    adopt(0, on=date(2026, 3, 31))
    adopt(1, on=date(2026, 4, 1))
    runs.close(issuer, office.id, MARCH)

    assert points_of(office, "甲县") > 0 and points_of(office, "乙县") == 0


@pytest.mark.parametrize("role", [r for r in ROLES if r != "issuer"])
def test_only_the_issuer_closes_and_reopens(office, adopt, issuer, make_user, world, role):
    actor = actor_of(make_user(role, unit=world[0]))
    with pytest.raises(PermissionDenied):
        runs.close(actor, office.id, MARCH)

    runs.close(issuer, office.id, MARCH)
    with pytest.raises(PermissionDenied):
        runs.reopen(actor, office.id, MARCH, "更正")


def test_an_issuer_of_another_office_does_not_close(office, adopt, make_user, make_office):
    stranger = actor_of(make_user("issuer", office=make_office()))

    with pytest.raises(PermissionDenied):
        runs.close(stranger, office.id, MARCH)
    with pytest.raises(NotFound):
        runs.close(stranger, 99_999, MARCH)


def test_a_reopened_period_is_live_again_and_the_old_result_stays_on_record(office, adopt, issuer, watch):
    adopt(0)
    first = runs.close(issuer, office.id, MARCH)
    adopt(1)
    runs.reopen(issuer, office.id, MARCH, "漏登一件")

    assert points_of(office, "乙县") > 0
    assert (first.reopened_by, first.reopened_at, first.reason) == ("签发人", watch.instant, "漏登一件")
    second = runs.close(issuer, office.id, MARCH)
    assert second.digest != first.digest
    assert [run.id for run in runs.frozen_runs(office.id)] == [second.id, first.id]
    assert runs.recompute(first) and runs.recompute(second)


@pytest.mark.parametrize("reason", ["", " \n　"])
def test_reopening_needs_a_reason_and_something_to_reopen(office, adopt, issuer, reason):
    with pytest.raises(Conflict, match="没有结账"):
        runs.reopen(issuer, office.id, MARCH, "更正")
    runs.close(issuer, office.id, MARCH)

    with pytest.raises(InvalidInput, match="理由"):
        runs.reopen(issuer, office.id, MARCH, reason)


def test_the_same_facts_give_the_same_digest(office, adopt, issuer):
    adopt(0)
    adopt(1, 2)
    first = runs.close(issuer, office.id, MARCH)
    runs.reopen(issuer, office.id, MARCH, "核对")

    assert runs.close(issuer, office.id, MARCH).digest == first.digest


@pytest.mark.parametrize("place", ['"score":', '"amount":', '"name":"甲县"'])
def test_a_frozen_result_changed_by_hand_is_found(office, adopt, issuer, place):
    adopt(0)
    run = runs.close(issuer, office.id, MARCH)
    assert place in run.content
    changed = run.content.replace(place, place + "1" if place.endswith(":") else '"name":"乙县"', 1)
    with transaction():
        db.session.execute(text("UPDATE frozen_run SET content = :c"), {"c": changed})

    assert not runs.recompute(db.session.get(FrozenRun, run.id))


def test_places_gained_are_counted_from_the_closed_month_before(office, adopt, issuer):
    adopt(1, on=date(2026, 2, 3))
    runs.close(issuer, office.id, FEBRUARY)
    adopt(0)
    adopt(0)
    adopt(0)
    moves = {row.name: row.movement for row in runs.scored(office.id, MARCH).rows}

    assert moves["甲县"] == 1 and moves["乙县"] == -1


@pytest.mark.parametrize(
    "key",
    ["2026-13", "2026-3", "", "nonsense", "9999-12", "0000-01", "２０２６-03", "2026-03\n", "2026-03'--"],
)
def test_a_period_that_does_not_exist_is_a_clear_message(office, adopt, issuer, key):
    with pytest.raises(InvalidInput, match="没有考核周期"):
        runs.scored(office.id, key)
    with pytest.raises(InvalidInput, match="没有考核周期"):
        runs.close(issuer, office.id, key)


def test_without_a_pack_nothing_is_scored(office, issuer):
    with pytest.raises(NotFound, match="还没有启用规则包"):
        runs.scored(office.id, MARCH)


def test_offices_do_not_see_each_others_facts(office, adopt, make_office, make_unit, make_pack):
    adopt(0)
    other = make_office()
    make_pack(other, pack="second")
    make_unit("甲县", office=other, group="县区")

    assert {row.score for row in runs.scored(other.id, MARCH).rows} == {0}


def test_plugins_hear_of_a_closing_after_it_stands_and_cannot_undo_it(app, office, adopt, issuer, caplog):
    seen = []

    def listen(office_id, period_key):
        db.session.rollback()
        seen.append((office_id, period_key, len(runs.frozen_runs(office_id))))
        raise RuntimeError("broken plugin")

    listener = ModuleType("listener")
    listener.period_closed = hookimpl(listen)
    app.extensions["yaoqing"].plugins.manager.register(listener, name="listener")

    run = runs.close(issuer, office.id, MARCH)

    assert seen == [(office.id, MARCH, 1)]
    assert "listener" in caplog.text
    assert run.period_title == "2026年3月"


def test_a_scored_period_is_kept_in_memory_until_something_changes(app, office, adopt, make_user, world):
    adopt(0)
    first = runs.scored(office.id, MARCH)
    assert runs.scored(office.id, MARCH) is first

    adopt(1)
    second = runs.scored(office.id, MARCH)
    admin = actor_of(make_user("system_admin"))
    units.change_unit(
        admin, world[0].id, world[0].version, {"name": "甲县", "kind": "county", "group": "市直部门"}
    )
    third = runs.scored(office.id, MARCH)

    assert first is not second and second is not third
    assert len(app.extensions["yaoqing"].results) <= live.CACHED
