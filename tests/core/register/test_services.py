"""Registering by hand: what is refused, what the preview promises, all or nothing, and taking back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.accounts.models import Unit
from core.audit import AuditRecord
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import Fact, Part
from core.register import queries, services
from core.register.forms import fresh_token
from core.register.services import Draft
from core.scoring import runs
from core.scoring.values.points import GRAINS
from core.testing import actor_of
from tests.core.register.conftest import TODAY


def wrong(desk, draft):
    """The fields of a draft that are wrong."""
    return [error.where for error in services.check(desk.editor, draft)]


def registered():
    db.session.rollback()
    return list(db.session.scalars(select(Fact).order_by(Fact.id)))


def points_of(preview):
    return {entry.unit: entry.amount / GRAINS for entry in preview.entries}


# ---- what is refused ------------------------------------------------------------------------------------------------


def test_a_complete_draft_has_nothing_wrong(desk):
    assert wrong(desk, desk.draft(on=TODAY)) == []


def test_a_day_to_come_and_a_day_before_any_rules_are_refused(desk):
    assert wrong(desk, desk.draft(on=date(2026, 3, 19))) == ["日期"]
    assert wrong(desk, desk.draft(on=date(2023, 12, 31))) == ["日期"]


def test_title_and_units_are_asked_for_together(desk):
    assert wrong(desk, Draft("manual", TODAY, "", ())) == ["事项", "单位"]


def test_a_unit_counts_once_and_must_be_on_the_offices_list(desk, make_unit, make_office):
    stranger = make_unit("丙县人民政府", office=make_office())

    assert wrong(desk, desk.draft(desk.jia, desk.jia)) == ["单位"]
    assert wrong(desk, desk.draft(stranger.id)) == ["单位"]


def test_twenty_units_are_enough_and_weights_are_not_negative(desk, make_unit):
    many = [make_unit().id for _ in range(services.MOST_UNITS + 1)]
    lop_sided = Draft("manual", TODAY, "合办", (desk.jia,), parts={desk.jia: Part("", Decimal(-1))})

    assert wrong(desk, desk.draft(*many[:-1])) == []
    assert wrong(desk, desk.draft(*many)) == ["单位"]
    assert wrong(desk, lop_sided) == ["单位"]


@pytest.mark.parametrize(("text", "weight"), [("", None), ("0.6", Decimal("0.6")), ("60%", Decimal(60))])
def test_weights_are_read_as_people_write_them(text, weight):
    assert services.weight_of(text) == weight


@pytest.mark.parametrize("text", ["一半", "1e99", "NaN", "0.12345678"])
def test_what_is_no_weight_is_refused(text):
    with pytest.raises(InvalidInput, match="权重"):
        services.weight_of(text)


# ---- what the preview promises --------------------------------------------------------------------------------------


def test_the_preview_is_what_recording_then_brings(desk, totals):
    desk.adopt()
    before = totals()
    draft = desk.draft(desk.jia, desk.yi, points=3)

    preview = services.previews(desk.editor, [draft])[0]
    assert totals() == before and len(registered()) == 1
    services.record(desk.editor, [draft], fresh_token())

    assert points_of(preview) == {str(desk.jia): 1.5, str(desk.yi): 1.5}
    assert {
        name: after for name, (_, after) in zip(("甲县", "乙县"), preview.totals.values(), strict=True)
    } == totals()
    assert [was for was, _ in preview.totals.values()] == [before["甲县"], before["乙县"]]


def test_the_preview_of_several_counts_them_together(desk, totals):
    drafts = [desk.draft(points=3), desk.draft(kind="commissioned"), desk.draft(desk.yi, points=-1)]

    previews = services.previews(desk.editor, drafts)
    services.record(desk.editor, drafts, fresh_token())

    assert [preview.amount / GRAINS for preview in previews] == [3, -2, -1]
    assert totals() == {"甲县": 1 * GRAINS, "乙县": -1 * GRAINS}


def test_what_no_rule_rewards_is_shown_with_its_reason(desk):
    preview = services.previews(desk.editor, [desk.draft(kind="checked", points="1.5")])[0]

    assert points_of(preview) == {str(desk.jia): 0}
    assert "检查评分（1.5）" in preview.entries[0].sentence and "不计分" in preview.entries[0].sentence


def test_the_preview_says_that_a_day_lies_in_a_closed_period(desk, watch, totals):
    watch.set(datetime(2026, 4, 2, 4, tzinfo=UTC))
    runs.close(desk.issuer, desk.office.id, "2026-03")
    closed = totals()
    draft = desk.draft()

    preview = services.previews(desk.editor, [draft])[0]
    services.record(desk.editor, [draft], fresh_token())

    assert preview.closed and preview.period.key == "2026-04"
    assert preview.totals[str(desk.jia)] == (0, 2 * GRAINS)
    assert totals() == closed and totals("2026-04")["甲县"] == 2 * GRAINS


@pytest.mark.parametrize("role", ["informant", "leader", "issuer"])
def test_only_an_editor_previews_and_records(desk, role):
    who = getattr(desk, role)

    with pytest.raises(PermissionDenied):
        services.previews(who, [desk.draft()])
    with pytest.raises(PermissionDenied):
        services.record(who, [desk.draft()], fresh_token())
    assert registered() == []


# ---- all or nothing -------------------------------------------------------------------------------------------------


def test_one_bad_line_keeps_all_lines_out_and_is_named(desk):
    drafts = [desk.draft(), desk.draft(title=""), desk.draft(desk.yi)]

    with pytest.raises(InvalidInput, match="第 2 行：请填写事项"):
        services.record(desk.editor, drafts, fresh_token())

    assert registered() == []


def test_a_form_sent_twice_counts_once(desk):
    token, draft = fresh_token(), desk.draft()
    services.record(desk.editor, [draft], token)

    with pytest.raises(Conflict, match="已经计入"):
        services.record(desk.editor, [draft], token)

    assert len(registered()) == 1


def test_the_same_from_another_form_is_another_fact(desk, totals):
    desk.record()
    desk.record()

    assert totals()["甲县"] == 4 * GRAINS


def test_a_batch_is_told_in_the_audit_trail(desk):
    services.record(desk.editor, [desk.draft(), desk.draft()], fresh_token())

    actions = list(db.session.scalars(select(AuditRecord.action)))
    assert actions.count("登记计分事项") == 2 and actions.count("成批登记计分事项") == 1


def test_everything_written_is_kept(desk):
    draft = Draft(
        "manual", TODAY, "联合调研", (desk.yi, desk.jia), {"points": Decimal("1.5"), "reason": "调研"},
        {desk.yi: Part("牵头", Decimal("0.7"))}, (),
    )  # fmt: skip

    fact = services.record(desk.editor, [draft], fresh_token())[0]

    assert [(u.unit_id, u.role, u.weight) for u in fact.units] == [
        (desk.yi, "牵头", "0.7"),
        (desk.jia, "", None),
    ]
    assert fact.attrs == {"points": "1.5", "reason": "调研"}
    assert (fact.recorded_by, fact.title, fact.key.split(":")[0]) == ("李编辑", "联合调研", "hand")


# ---- about an item --------------------------------------------------------------------------------------------------


def test_a_fact_about_an_item_takes_its_title_and_units(desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))

    draft = services.with_item(desk.editor, Draft("manual", TODAY, "", ()), str(item.id))

    assert (draft.item, draft.title, draft.units) == (item.item_key, item.title, (desk.jia,))


def test_what_the_editor_wrote_stands_before_what_the_item_says(desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))

    draft = services.with_item(desk.editor, desk.draft(desk.yi), str(item.id))

    assert (draft.title, draft.units) == ("承办全市培训", (desk.yi,))


def test_an_item_of_nobody_is_refused(desk):
    for text in ("999", "关于春耕", "-1", ""):
        with pytest.raises(NotFound):
            services.with_item(desk.editor, desk.draft(), text)


# ---- taking back ----------------------------------------------------------------------------------------------------


def test_a_withdrawn_fact_stays_with_its_reason_and_its_points_go(desk, totals):
    fact = desk.record()

    services.withdraw(desk.editor, fact.id, " 登记 有误 ")

    assert totals()["甲县"] == 0
    assert queries.withdrawals([fact])[fact.id].reason == "登记 有误"
    assert len(registered()) == 2


def test_a_reason_is_asked_for(desk):
    fact = desk.record()

    with pytest.raises(InvalidInput, match="理由"):
        services.withdraw(desk.editor, fact.id, " \n ")

    assert len(registered()) == 1


def test_what_is_withdrawn_cannot_be_withdrawn_again(desk):
    fact = desk.record()
    services.withdraw(desk.editor, fact.id, "登记有误")

    with pytest.raises(Conflict, match="已经撤销"):
        services.withdraw(desk.editor, fact.id, "登记有误")


def test_what_another_page_registered_is_taken_back_there(desk, totals):
    fact = desk.adopt()

    with pytest.raises(Conflict, match="不在这里撤销.*信息报送"):
        services.withdraw(desk.editor, fact.id, "登记有误")

    assert totals()["甲县"] == 5 * GRAINS and not services.may_withdraw(desk.editor, fact)


@pytest.mark.parametrize("role", ["informant", "leader"])
def test_who_may_only_look_does_not_withdraw(desk, role):
    fact = desk.record()

    with pytest.raises(PermissionDenied):
        services.withdraw(getattr(desk, role), fact.id, "登记有误")

    assert not services.may_withdraw(getattr(desk, role), fact)


def test_another_offices_editor_finds_nothing(desk, make_office, make_user):
    fact, stranger = desk.record(), actor_of(make_user("editor", office=make_office()))

    with pytest.raises(NotFound):
        services.withdraw(stranger, fact.id, "登记有误")
    with pytest.raises(NotFound):
        queries.one(stranger, fact.id)
