"""Rehearsals of an office's periods: closed and open ones, nothing written but one line in the trail."""

import io
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from sqlalchemy import select, text

from core import facts
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, PermissionDenied
from core.facts import NewFact
from core.hookspecs import Paper, hookimpl
from core.packs import services as packs
from core.permissions import ROLES
from core.scoring import rehearsing, runs
from core.scoring.effects import effects
from core.testing import actor_of

SCORING = """\
awards:
  - {{id: bulletin, title: 《每日信息》采用, when: {{fact: adopted, outlet: bulletin}}, points: {{2024-01-01: {points}}}, basis: 办法第三条}}
ranking: {{by: [cumulative], ties: competition}}
"""
MARCH = "2026-03"


@pytest.fixture
def old(make_pack, office):
    return make_pack(office)


@pytest.fixture
def new(old, make_pack):
    """A later version in which an adoption is worth eight points."""
    return make_pack(version="2.0.0", scoring=SCORING.format(points=8))


@pytest.fixture
def world(old, office, make_unit, make_user, watch):
    """The first of April: two counties, one of them adopted in March."""
    watch.set(datetime(2026, 4, 1, 4, tzinfo=UTC))
    units = [make_unit("甲县", group="县区"), make_unit("乙县", group="县区")]
    with transaction():
        facts.record(
            actor_of(make_user("editor")),
            NewFact(office.id, "adopted", date(2026, 3, 5), (units[0].id,), "a:1", "submission:1", "春耕", {"outlet": "bulletin"}),
        )  # fmt: skip
    return units


@pytest.fixture
def editor(make_user):
    return actor_of(make_user("editor"))


def close(office, make_user):
    return runs.close(actor_of(make_user("issuer", office=office)), office.id, MARCH)


def everything():
    """All rows of all tables but the trail, as text."""
    tables = db.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    return {t: db.session.execute(text(f'SELECT * FROM "{t}"')).all() for t in tables if t != "audit_record"}


@pytest.mark.parametrize("closed", [False, True])
def test_a_period_is_rehearsed_beside_what_it_was_scored_with(world, new, office, make_user, editor, closed):
    if closed:
        close(office, make_user)

    found = rehearsing.rehearse(editor, office.id, MARCH, new.id)

    assert (found.old.result.pack_ref, found.new.result.pack_ref) == ("sample@1.0.0", "sample@2.0.0")
    first = next(u for u in found.units if u.name == "甲县")
    assert (first.old.score, first.new.score) == ("5", "8")
    (entry,) = found.rewarded_otherwise
    assert (entry.title, entry.old, entry.new) == ("春耕", "5", "8")


def test_a_closed_period_is_rehearsed_on_its_frozen_facts(world, new, office, make_user, editor):
    close(office, make_user)
    with transaction():
        facts.record(
            editor,
            NewFact(office.id, "adopted", date(2026, 3, 6), (world[1].id,), "a:2", attrs={"outlet": "bulletin"}),
        )  # fmt: skip

    found = rehearsing.rehearse(editor, office.id, MARCH, new.id)

    assert next(u for u in found.units if u.name == "乙县").new.score == "0"


def test_an_open_period_follows_the_register(world, new, office, editor):
    rehearsing.rehearse(editor, office.id, MARCH, new.id)
    with transaction():
        facts.record(
            editor,
            NewFact(office.id, "adopted", date(2026, 3, 6), (world[1].id,), "a:2", attrs={"outlet": "bulletin"}),
        )  # fmt: skip

    found = rehearsing.rehearse(editor, office.id, MARCH, new.id)

    assert next(u for u in found.units if u.name == "乙县").new.score == "8"


def test_nothing_is_written_but_one_line_of_the_trail(world, new, office, editor):
    before, lines = everything(), db.session.query(AuditRecord).count()

    rehearsing.rehearse(editor, office.id, MARCH, new.id)

    assert everything() == before and db.session.query(AuditRecord).count() == lines + 1
    last = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert (last.action, last.office_id) == ("试算规则包", office.id) and "sample@1.0.0" in last.detail
    assert packs.in_force(office.id, date(2026, 4, 1)).version == "1.0.0"


def test_the_comparison_is_kept_until_something_changes(world, new, office, editor):
    first = rehearsing.rehearsed(editor, office.id, MARCH, new.id)

    assert rehearsing.rehearsed(editor, office.id, MARCH, new.id) is first


@pytest.mark.parametrize(
    "role", [r for r in ROLES if r not in ("system_admin", "security_admin", "editor", "issuer")]
)
def test_units_and_leaders_do_not_rehearse(world, new, office, make_user, role):
    with pytest.raises(PermissionDenied):
        rehearsing.rehearse(actor_of(make_user(role, office=office, unit=world[0])), office.id, MARCH, new.id)


def test_another_office_is_out_of_reach(world, new, make_office, make_user, office):
    stranger = actor_of(make_user("security_admin", office=make_office("yi")))

    with pytest.raises(PermissionDenied):
        rehearsing.rehearse(stranger, office.id, MARCH, new.id)


def test_periods_and_versions_that_are_not_there_are_said(world, new, office, editor):
    with pytest.raises(InvalidInput):
        rehearsing.rehearse(editor, office.id, "2026-13", new.id)
    with pytest.raises(NotFound):
        rehearsing.rehearse(editor, office.id, MARCH, 99_999)


def test_plugins_show_their_documents_side_by_side(make_app, world, new, office, editor, app):
    class Notices:
        @hookimpl
        def period_papers(self, office_id, result, rules):
            return [Paper("notice", "通报", (f"按 {result.pack_ref}",), pdf=lambda: result.pack_ref.encode())]

    app.extensions["yaoqing"].plugins.manager.register(Notices(), name="notices")
    found = rehearsing.rehearse(editor, office.id, MARCH, new.id)

    (pair,) = rehearsing.papers(office.id, found)
    assert not pair.same and [p.old for p in pair.differing] == [("按 sample@1.0.0",)]
    assert rehearsing.pdf(office.id, found, "notice", "new") == b"sample@2.0.0"
    with pytest.raises(NotFound):
        rehearsing.pdf(office.id, found, "other", "new")


@pytest.fixture
def notices(app):
    """A plugin that prints two pages under the first version and cannot print under the second; asked how often."""
    asked = []

    def two_pages():
        asked.append(1)
        document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
        for _ in range(2):
            document.new_page(200, 300)
        document.save(out)
        return out.getvalue()

    class Notices:
        @hookimpl
        def period_papers(self, office_id, result, rules):
            return [Paper("notice", "通报", (), pdf=two_pages if result.pack_ref == "sample@1.0.0" else None)]

    app.extensions["yaoqing"].plugins.manager.register(Notices(), name="notices")
    return asked


def test_the_pages_of_both_sides_are_counted_and_laid_out_once(notices, world, new, office, editor):
    found = rehearsing.pages(editor, office.id, MARCH, new.id, "notice")

    assert found.counts == {"old": 2, "new": 0} and "不能试排" in str(found.faults["new"])
    rehearsing.printed(editor, office.id, MARCH, new.id, "notice", "old")
    assert notices == [1]
    with pytest.raises(NotFound):
        rehearsing.pages(editor, office.id, MARCH, new.id, "other")


def test_a_period_closed_before_makes_the_comparison_anew(world, new, office, make_user, editor):
    first = rehearsing.rehearsed(editor, office.id, MARCH, new.id)

    runs.close(actor_of(make_user("issuer", office=office)), office.id, "2026-02")

    assert rehearsing.rehearsed(editor, office.id, MARCH, new.id) is not first


# ---- what an activation touches -------------------------------------------------------------------------------------


def test_an_activation_from_a_past_day_touches_open_periods_only(world, new, office, make_user):
    close(office, make_user)

    found = effects(office.id, new, date(2026, 2, 10))

    assert found.is_past and [p.key for p in found.rescored] == ["2026-02", "2026-04"]
    assert [run.period_key for run in found.closed] == [MARCH]
    assert found.current.version == "1.0.0"


def test_a_later_activation_bounds_what_is_touched(world, new, make_pack, office):
    packs.activate(None, office.id, make_pack(version="3.0.0").id, date(2026, 3, 1))

    found = effects(office.id, new, date(2026, 2, 10))

    assert [p.key for p in found.rescored] == ["2026-02"]
    assert [a.starts_on for a in found.later] == [date(2026, 3, 1)]


def test_of_later_activations_of_one_day_only_the_one_that_counts_is_told(world, new, old, office):
    packs.activate(None, office.id, new.id, date(2026, 3, 1))
    packs.activate(None, office.id, old.id, date(2026, 3, 1))

    found = effects(office.id, new, date(2026, 2, 10))

    assert [(a.starts_on, a.pack_version.ref) for a in found.later] == [(date(2026, 3, 1), old.ref)]


def test_facts_a_version_does_not_know_are_listed_before_the_activation(world, make_pack, office):
    outlets = (
        "levels: [{id: city, title: 市级}]\n"
        "ladders: [{id: g, title: 政府系统, levels: [{id: city, outlets: [{id: daily, title: 《每日要情》}]}]}]\n"
    )
    other = make_pack(
        version="3.0.0", outlets=outlets, scoring=SCORING.format(points=8).replace("outlet: bulletin", "outlet: daily"),
        units="groups: [{id: bureaus, title: 市直部门}]\n",
    )  # fmt: skip

    found = effects(office.id, other, date(2026, 4, 1))

    (strange,) = found.strange
    assert (strange.what, strange.value, strange.count) == ("采用渠道", "bulletin", 1)
    assert [f.title for f in strange.examples] == ["春耕"]
    assert [u.name for u in found.unplaced] == ["甲县", "乙县"]


def test_kinds_only_the_old_version_declares_are_listed(world, make_pack, office, editor):
    declares = "kinds: [{id: visit, title: 参观学习}]\n" + SCORING.format(points=5)
    make_pack(version="4.0.0", scoring=declares)
    plain = make_pack(version="5.0.0", scoring=SCORING.format(points=5))
    with transaction():
        facts.record(editor, NewFact(office.id, "visit", date(2026, 3, 9), (world[0].id,), "v:1"))

    found = effects(office.id, plain, date(2026, 4, 1))

    assert [(s.what, s.count) for s in found.strange] == [("事项种类", 1)]


def test_withdrawn_facts_are_nothing_to_worry_about(world, make_pack, office, editor):
    plain = make_pack(version="5.0.0", scoring=SCORING.format(points=5))
    with transaction():
        fact = facts.record(editor, NewFact(office.id, "visit", date(2026, 3, 9), (world[0].id,), "v:1"))
    with transaction():
        facts.withdraw(editor, fact, "登记有误")

    assert effects(office.id, plain, date(2026, 4, 1)).strange == []
