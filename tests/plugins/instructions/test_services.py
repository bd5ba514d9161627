"""Recording instructions: whose word it is, what counts, and that withdrawing books the points back."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core import facts
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.scoring import runs
from core.scoring.values import points
from core.testing import actor_of
from plugins.instructions import queries, services
from plugins.instructions.services import NewInstruction

TODAY = date(2026, 3, 18)


@pytest.fixture
def new(desk) -> NewInstruction:
    """A note of the city's first leaders on the item."""
    return NewInstruction(
        desk.item.id, "市主要领导", "note", TODAY, "请财政局研究。", leader_id=desk.leader.id
    )


def scores(desk) -> dict[str, str]:
    """Points of the current month by unit."""
    result = runs.live(desk.office_id, "2026-03")
    return {row.name: points.exact(row.score) for row in result.rows}


def test_an_instruction_is_a_fact_worth_thirty_points_shared(desk, new):
    services.record(desk.editor, new)

    fact = db.session.scalars(select(facts.Fact).where(facts.Fact.kind == "instructed")).one()
    assert fact.attrs == {"leader": "市主要领导", "level": "city", "manner": "批示"}
    assert fact.item == desk.item.item_key
    assert scores(desk) == {"甲县": "15", "市财政局": "15"}


def test_the_fact_names_authors_and_the_parts_of_units(desk, new, make_submission):
    item = make_submission("received", joint=[desk.joint], authors=["张三", "李四"])
    services.record(desk.editor, replace(new, submission_id=item.id, kind="forward"))

    fact = db.session.scalars(select(facts.Fact).where(facts.Fact.kind == "instructed")).one()
    assert [p.name for p in fact.persons] == ["张三", "李四"]
    assert [u.role for u in fact.units] == ["主报", "协报"]
    assert fact.attrs["manner"] == "批转"


def test_one_unit_alone_gets_all_thirty(desk, new, make_submission):
    alone = make_submission("adopted")
    services.record(desk.leader, replace(new, submission_id=alone.id, carrier="zwyq"))

    assert scores(desk) == {"甲县": "30", "市财政局": "0"}


def test_withdrawing_books_the_points_back(desk, new):
    found = services.record(desk.editor, new)
    services.withdraw(desk.editor, found.id, "登记有误")

    assert scores(desk) == {"甲县": "0", "市财政局": "0"}
    assert found.reason == "登记有误"
    with pytest.raises(Conflict, match="已经撤销"):
        services.withdraw(desk.editor, found.id, "再撤")


def test_withdrawing_needs_a_reason(desk, new):
    found = services.record(desk.editor, new)

    with pytest.raises(InvalidInput, match="须说明理由"):
        services.withdraw(desk.editor, found.id, "  ")
    assert not found.withdrawn_at


def test_after_withdrawal_it_may_be_recorded_again(desk, new):
    services.withdraw(desk.editor, services.record(desk.editor, new).id, "日期有误")
    services.record(desk.editor, new)

    assert scores(desk)["甲县"] == "15"


def test_the_same_instruction_is_not_recorded_twice(desk, new):
    services.record(desk.editor, new)

    with pytest.raises(Conflict, match="已经登记过"):
        services.record(desk.editor, new)


def test_a_kind_that_does_not_count_is_only_recorded(desk, new):
    found = services.record(desk.editor, replace(new, kind="circulated", text=""))

    assert not found.counted and not found.counts
    assert scores(desk) == {"甲县": "0", "市财政局": "0"}


def test_other_leaders_are_recorded_without_points(desk, new):
    services.record(
        desk.editor, replace(new, leader_class="市其他领导", leader_id=None, leader_name=" 王 副市长 ")
    )

    found = db.session.scalars(queries.listing(desk.editor, queries.Filter())).one()
    assert (found.leader_name, found.class_title, found.level_title) == ("王 副市长", "市其他领导", "市级")
    assert scores(desk)["甲县"] == "0"


def test_a_leader_records_only_their_own_word(desk, new, make_user):
    other = make_user("leader", unit=desk.unit)

    assert services.record(desk.leader, new).leader_post == "市长"
    for leader_id, name in ((other.id, ""), (None, "赵书记")):
        with pytest.raises(PermissionDenied):
            services.record(desk.leader, replace(new, leader_id=leader_id, leader_name=name))


def test_only_leaders_and_editors_record(desk, new):
    for who in (desk.informant, desk.issuer):
        with pytest.raises(PermissionDenied):
            services.record(who, new)


def test_another_leader_cannot_withdraw_it(desk, new, make_user):
    found = services.record(desk.leader, new)
    other = actor_of(make_user("leader", unit=desk.unit))

    with pytest.raises(PermissionDenied):
        services.withdraw(other, found.id, "不同意")
    assert services.withdraw(desk.leader, found.id, "写错了").withdrawn_by_id == desk.leader.id


@pytest.mark.parametrize(("change", "said"), [
    ({"on": date(2026, 3, 19)}, "不能晚于今天"),
    ({"on": date(2026, 3, 17)}, "早于这条信息的报送日期"),
    ({"text": " \n "}, "须填写内容"),
    ({"text": "长" * 2001}, "批示内容过长"),
    ({"kind": "notes"}, "请选择批示种类"),
    ({"leader_class": "市主要领"}, "是否应为“市主要领导”"),
    ({"leader_id": None}, "请选择或填写批示领导"),
    ({"leader_id": 99}, "不是本机构的领导"),
    ({"carrier": "zwyp"}, "是否应为“zwyq”"),
])  # fmt: skip
def test_bad_input_is_explained(desk, new, change, said):
    with pytest.raises(InvalidInput) as found:
        services.record(desk.editor, replace(new, **change))

    assert said in str(found.value)
    assert db.session.scalars(select(facts.Fact).where(facts.Fact.kind == "instructed")).all() == []


def test_a_draft_cannot_be_instructed_on(desk, new):
    with pytest.raises(NotFound):
        services.record(desk.editor, replace(new, submission_id=desk.draft.id))


def test_another_office_is_out_of_reach(desk, new, make_office, make_user):
    found = services.record(desk.editor, new)
    office = make_office("qita")
    for role in ("editor", "leader"):
        stranger = actor_of(make_user(role, office=office))
        with pytest.raises(NotFound):
            services.record(stranger, replace(new, leader_id=stranger.id))
        with pytest.raises(NotFound):
            services.withdraw(stranger, found.id, "误")


def test_a_unit_reads_instructions_on_its_own_and_joint_items(desk, new, make_user, make_unit):
    found = services.record(desk.editor, new)
    joint = actor_of(make_user("informant", unit=desk.joint))
    stranger = actor_of(make_user("informant", unit=make_unit("丙县人民政府")))

    assert queries.one(joint, found.id) is found
    with pytest.raises(NotFound):
        queries.one(stranger, found.id)


def test_a_closed_period_keeps_its_result(desk, new, watch):
    watch.move(days=20)
    runs.close(desk.issuer, desk.office_id, "2026-03")
    services.record(desk.editor, new)

    assert services.is_closed(desk.office_id, TODAY)
    assert runs.scored(desk.office_id, "2026-03").rows[0].score == 0
    assert {row.name: points.exact(row.before) for row in runs.live(desk.office_id, "2026-04").rows}[
        "甲县"
    ] == "15"


def test_a_failure_leaves_nothing(desk, new, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("磁盘已满")

    monkeypatch.setattr(services.audit, "note", fail)

    with pytest.raises(OSError):
        services.record(desk.editor, new)
    assert db.session.scalars(select(facts.Fact).where(facts.Fact.kind == "instructed")).all() == []
    assert db.session.scalars(queries.listing(desk.editor, queries.Filter())).all() == []
