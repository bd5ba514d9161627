"""Composites: merged, rearranged, taken apart and brought back, with states, facts, credits and notices following."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import facts
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.facts import Author, Fact, NewFact, Part
from core.notices.models import Notice
from core.submissions import decisions, leases, text
from core.submissions import services as submissions
from core.submissions.credit import credited
from core.submissions.models import Submission
from core.submissions.workflow import STATES
from core.testing import actor_of
from plugins.composites import queries, services
from plugins.composites.models import Link
from plugins.composites.services import Wanted

pytestmark = pytest.mark.postgres


def test_sources_become_one_item_and_say_where_they_went(desk, merge):
    made = merge()

    assert (made.state, made.composed, made.editor_id, made.unit_id) == (
        "editing",
        True,
        desk.editor.id,
        desk.units[0].id,
    )
    assert [item.state for item in desk.items] == ["merged"] * 3
    assert [queries.went_into(item.id).target_id for item in desk.items] == [made.id] * 3
    assert [(r.number, r.by_office) for r in made.revisions] == [(1, True)]


def test_every_unit_and_author_is_credited_in_exact_proportion(desk, merge):
    told = credited(merge(shares=["1/2", "1/3", "1/6"], roles=["part", "main", "joint"]))
    first, second, third = desk.units

    assert told["unit_ids"] == (second.id, first.id, third.id)
    assert told["parts"] == {
        second.id: Part("主报", Decimal(2)), first.id: Part("参与", Decimal(3)), third.id: Part("协报", Decimal(1)),
    }  # fmt: skip
    assert set(told["authors"]) == {
        Author("乙县作者", second.id, Part("主报", Decimal(2))),
        Author("甲县作者", first.id, Part("参与", Decimal(3))),
        Author("丙县作者", third.id, Part("协报", Decimal(1))),
    }


def test_a_unit_with_two_sources_and_a_joint_source_add_up(desk, merge, make_submission):
    first, second, third = desk.units
    joint = make_submission(
        "received", unit=third, joint=[first], title="丙县甲县联合报送", authors=["丙一", "丙二"]
    )
    told = credited(merge([desk.items[0], desk.items[1], joint], shares=["50%", "30%", "20%"]))

    # First unit: 50 % + half of 20 %; second 30 %; third half of 20 %.
    assert {unit: part.weight for unit, part in told["parts"].items()} == {
        first.id: 6,
        second.id: 3,
        third.id: 1,
    }
    assert {a.name: a.part.weight for a in told["authors"]} == {
        "甲县作者": 5,
        "乙县作者": 3,
        "丙一": 1,
        "丙二": 1,
    }


def test_what_was_submitted_counts_as_before_and_the_composite_counts_nothing_yet(desk, merge):
    before = counted()
    made = merge()

    assert counted() == before
    assert len(before) == 3 and queries.standing_facts(made) == []


def test_people_of_the_sources_hear_it_and_the_other_editor_too(desk, merge):
    editor_before = desk.items[1].editor_id
    merge()

    told = {(n.user_id, n.text) for n in db.session.scalars(select(Notice))}
    assert {user for user, said in told if "甲县推进" in said} >= {desk.items[0].author_id}
    assert (editor_before, f"《{desk.items[1].title}》已并入综合稿，综合稿采用后计入各来源单位") in told
    assert desk.editor.id not in {user for user, _ in told}


def test_a_source_taken_out_is_as_before(desk, merge):
    before = snapshot(desk.items[1])
    made = merge(shares=["50%", "30%", "20%"])
    services.take_out(desk.editor, made.id, desk.items[1].id, made.version, "不宜合编")

    assert snapshot(desk.items[1]) == before
    assert {unit: part.weight for unit, part in credited(made)["parts"].items()} == {
        desk.units[0].id: 5,
        desk.units[2].id: 2,
    }
    assert notices_about(desk.items[1], made) == []


def test_when_the_main_source_leaves_the_next_one_becomes_main(desk, merge):
    made = merge()
    services.take_out(desk.editor, made.id, desk.items[0].id, made.version, "数据有误")

    assert (made.unit_id, desk.items[0].state) == (desk.units[1].id, "received")
    assert [c.role for c in made.contributors] == ["main", "part"]


def test_two_sources_cannot_lose_one(desk, merge):
    made = merge(desk.items[:2])

    with pytest.raises(Conflict, match="撤销综合"):
        services.take_out(desk.editor, made.id, desk.items[1].id, made.version, "不宜合编")


def test_a_dissolved_composite_leaves_everything_as_it_was(desk, merge):
    before, facts_before = [snapshot(item) for item in desk.items], counted()
    made = merge()
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")

    assert [snapshot(item) for item in desk.items] == before
    assert (made.state, counted()) == ("void", facts_before)
    assert [notices_about(item, made) for item in desk.items] == [[], [], []]


def test_a_read_notice_is_marked_taken_back(desk, merge):
    made = merge()
    with transaction():
        for notice in db.session.scalars(select(Notice)):
            notice.read_at = notice.at
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")

    assert {
        n.taken_back_why
        for n in db.session.scalars(select(Notice).where(Notice.about.startswith("composites:")))
    } == {"分别刊发"}


def test_a_dissolved_composite_comes_back_with_its_shares(desk, merge):
    made = merge(shares=["2", "1", "1"])
    told = credited(made)
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    services.revive(desk.other, made.id, made.version)

    assert (made.state, [item.state for item in desk.items]) == ("editing", ["merged"] * 3)
    assert credited(made) == told


def test_what_has_gone_elsewhere_cannot_be_brought_back(desk, merge):
    made = merge()
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    submissions.move(desk.editor, desk.items[2].id, "decline", "内容重复")

    with pytest.raises(Conflict, match="不能恢复综合稿"):
        services.revive(desk.editor, made.id, made.version)
    assert (made.state, desk.items[0].state) == ("void", "received")


def test_sources_are_rearranged_and_added(desk, merge, make_submission, wanted):
    made = merge(desk.items[:2])
    rows = wanted([desk.items[1], desk.items[0], desk.items[2]], ["3", "2", "1"])
    services.arrange(desk.editor, made.id, made.version, rows)

    assert [(c.unit_id, c.weight) for c in made.contributors] == [
        (desk.units[1].id, "3"), (desk.units[0].id, "2"), (desk.units[2].id, "1"),
    ]  # fmt: skip
    assert (made.unit_id, desk.items[2].state) == (desk.units[1].id, "merged")


def test_saving_a_composite_changes_the_text_as_a_new_revision(desk, merge, wanted):
    made = merge()
    services.arrange(desk.editor, made.id, made.version, wanted(desk.items, body="各地掀起春耕热潮。"))

    assert [r.number for r in made.revisions] == [1, 2]
    assert text.plain(made.body) == "各地掀起春耕热潮。"


def test_kind_and_urgency_can_be_changed_after_the_first_save(desk, merge, wanted):
    made = merge()
    before = made.version

    services.arrange(
        desk.editor, made.id, made.version, replace(wanted(desk.items), genre="research", urgency="urgent")
    )

    kept = db.session.get(Submission, made.id)
    assert (kept.genre, kept.urgency, len(kept.revisions)) == ("research", "urgent", 1)
    assert kept.version > before and [item.genre for item in desk.items] == ["work_news"] * 3
    noted = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "修改综合稿类型")).one()
    assert "工作动态、平件" in noted.detail and "调研、加急" in noted.detail


def test_a_counted_composite_keeps_its_kind_but_not_its_urgency(desk, merge, wanted):
    made = merge()
    count_for(desk, made, "sent_up")

    with pytest.raises(Conflict, match="不能修改信息类型"):
        services.arrange(desk.editor, made.id, made.version, replace(wanted(desk.items), genre="research"))
    services.arrange(desk.editor, made.id, made.version, replace(wanted(desk.items), urgency="urgent"))

    assert (made.genre, made.urgency) == ("work_news", "urgent")


def test_an_unknown_kind_is_refused(desk, merge, wanted):
    made = merge()

    with pytest.raises(InvalidInput, match="不在可选范围内"):
        services.arrange(desk.editor, made.id, made.version, replace(wanted(desk.items), genre="poem"))


def test_leaving_a_source_away_is_no_way_to_take_it_out(desk, merge, wanted):
    made = merge()

    with pytest.raises(InvalidInput, match="移出"):
        services.arrange(desk.editor, made.id, made.version, wanted(desk.items[:2]))
    assert desk.items[2].state == "merged"


# ---- what may not be merged or changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["selected", "adopted", "unused", "merged", "split", "void"])
def test_only_items_on_the_desk_are_merged(desk, merge, make_submission, state):
    busy = make_submission(state, unit=desk.units[0], title="办过的信息")

    with pytest.raises(Conflict, match=STATES[state].title):
        merge([busy, desk.items[1]])
    assert desk.items[1].state == "editing" and composites() == []


@pytest.mark.parametrize("state", ["draft", "awaiting", "returned", "withdrawn"])
def test_what_lies_with_its_unit_is_not_there(desk, merge, make_submission, state):
    with pytest.raises(NotFound):
        merge([make_submission(state, unit=desk.units[0]), desk.items[1]])


def test_an_item_with_facts_of_its_own_is_not_merged(desk, merge):
    count_for(desk, desk.items[0], "instructed")

    with pytest.raises(Conflict, match="共 1 项"):
        merge()
    assert desk.items[0].state == "received"


def test_a_counted_composite_keeps_its_sources(desk, merge, wanted):
    made = merge()
    fact = count_for(desk, made, "sent_up")
    for refused in (
        lambda: services.take_out(desk.editor, made.id, desk.items[1].id, made.version, "不宜"),
        lambda: services.dissolve(desk.editor, made.id, made.version, "不宜"),
        lambda: services.arrange(desk.editor, made.id, made.version, wanted(desk.items, ["2", "1", "1"])),
    ):
        with pytest.raises(Conflict, match="撤销登记"):
            refused()

    with transaction():
        facts.withdraw(desk.editor, fact, "登记有误")
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    assert made.state == "void"


@pytest.mark.parametrize(
    ("moves", "said"), [(["select"], "刊物编排"), (["select", "adopt"], "签发人撤销采用")]
)
def test_a_placed_or_published_composite_says_what_to_do_first(desk, merge, moves, said):
    made = merge()
    with transaction():
        for move in moves:
            submissions.compile_move(desk.editor, made, move)

    for refused in (services.dissolve, lambda *a: services.take_out(*a[:2], desk.items[1].id, *a[2:])):
        with pytest.raises(Conflict, match=said):
            refused(desk.editor, made.id, made.version, "不宜")
    assert {item.state for item in desk.items} == {"merged"}


def test_after_the_adoption_is_withdrawn_it_may_be_dissolved(desk, merge):
    made = merge()
    with transaction():
        for move in ("select", "adopt", "cancel_adoption"):
            submissions.compile_move(
                desk.issuer if move == "cancel_adoption" else desk.editor, made, move, "失实"
            )
    services.dissolve(desk.editor, made.id, made.version, "失实")

    assert {item.state for item in desk.items} == {"received", "editing"}


def test_a_declined_composite_may_be_reconsidered_or_dissolved(desk, merge):
    made = merge()
    submissions.move(desk.editor, made.id, "decline", "内容过时")
    assert {item.state for item in desk.items} == {"merged"}
    services.dissolve(desk.editor, made.id, made.version, "分别处理")

    assert made.state == "void" and desk.items[0].state == "received"


def test_a_composite_is_no_source(desk, merge, make_submission):
    made = merge(desk.items[:2])

    with pytest.raises(Conflict, match="本身是综合稿"):
        merge([made, desk.items[2]])


def test_a_source_changed_meanwhile_is_told_and_nothing_is_saved(desk, wanted):
    stale = wanted(desk.items)
    submissions.revise(
        desk.editor, desk.items[0].id, desk.items[0].version, "改了的标题", text.from_plain("改了的正文。")
    )

    with pytest.raises(Conflict, match="已有改动"):
        services.merge(desk.editor, stale)
    assert composites() == []


def test_a_composite_changed_meanwhile_is_told(desk, merge, wanted):
    made = merge()
    version = made.version
    services.arrange(desk.other, made.id, version, wanted(desk.items, body="别人先改了。"))

    for late in (
        lambda: services.arrange(desk.editor, made.id, version, wanted(desk.items, body="我后改的。")),
        lambda: services.take_out(desk.editor, made.id, desk.items[1].id, version, "不宜"),
        lambda: services.dissolve(desk.editor, made.id, version, "不宜"),
    ):
        with pytest.raises(Conflict, match="已有改动"):
            late()


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_putting_back_needs_a_reason(desk, merge, reason):
    made = merge()

    with pytest.raises(InvalidInput, match="理由"):
        services.dissolve(desk.editor, made.id, made.version, reason)
    with pytest.raises(InvalidInput, match="理由"):
        services.take_out(desk.editor, made.id, desk.items[0].id, made.version, reason)


# ---- hostile values -------------------------------------------------------------------------------------------------


def test_items_of_another_office_are_not_there(
    desk, merge, make_office, make_unit, make_submission, make_user
):
    there = make_unit("外市某县", office=make_office("elsewhere"))
    foreign = make_submission("received", unit=there, title="外市信息")
    made = merge()

    with pytest.raises(NotFound):
        merge([foreign, desk.items[0]])
    stranger = actor_of(make_user("editor", unit=there))
    for act in (
        lambda: services.dissolve(stranger, made.id, made.version, "不宜"),
        lambda: services.take_out(stranger, made.id, desk.items[0].id, made.version, "不宜"),
        lambda: services.revive(stranger, made.id, made.version),
        lambda: services.arrange(stranger, made.id, made.version, Wanted((), "", [])),
    ):
        with pytest.raises(NotFound):
            act()


def test_units_leaders_and_issuers_do_not_merge(desk, merge):
    for who in (*desk.informants, desk.issuer):
        with pytest.raises(NotFound):
            merge(editor=who)
    assert composites() == []


@pytest.mark.parametrize(
    "shares",
    [["-1", "1", "1"], ["1e6", "1", "1"], ["1000001", "1", "1"], ["0", "1", "1"], ["50%", "60%", "-10%"]],
)
def test_forged_shares_are_refused(desk, merge, shares):
    with pytest.raises(InvalidInput):
        merge(shares=shares)
    assert composites() == [] and desk.items[0].state == "received"


def test_a_million_to_one_is_exact(desk, merge):
    told = credited(merge(shares=["1000000", "1", "0.5"]))

    assert [part.weight for part in told["parts"].values()] == [2_000_000, 2, 1]


@pytest.mark.parametrize("roles", [["part"] * 3, ["main", "main", "part"], ["main", "owner", "part"]])
def test_there_is_exactly_one_main_source_and_no_unknown_part(merge, roles):
    with pytest.raises(InvalidInput):
        merge(roles=roles)


def test_too_few_too_many_and_doubled_sources_are_refused(desk, merge):
    item = desk.items[0]
    for rows in ([item], [item, item], [item] * 31):
        with pytest.raises(InvalidInput):
            merge(rows)


@pytest.mark.parametrize(("title", "body"), [("", "正文"), ("标题", ""), ("长" * 101, "正文")])
def test_an_incomplete_text_is_refused_and_nothing_is_merged(desk, merge, title, body):
    with pytest.raises(InvalidInput):
        merge(title=title, body=body)
    assert composites() == [] and desk.items[0].state == "received"


# ---- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["compose", "credit", "compile_move", "tell", "note"])
def test_a_fault_at_any_write_leaves_everything_as_it_was(desk, merge, monkeypatch, at):
    before = [snapshot(item) for item in desk.items]

    def fail(*args, **kwargs):
        raise RuntimeError(at)

    from core import audit  # noqa: PLC0415
    from core.notices import services as notices  # noqa: PLC0415

    home = {"tell": notices, "note": audit}.get(at, submissions)
    monkeypatch.setattr(home, at, fail)
    with pytest.raises(RuntimeError):
        merge()
    monkeypatch.undo()
    db.session.rollback()

    assert [snapshot(item) for item in desk.items] == before
    assert composites() == [] and list(db.session.scalars(select(Link))) == []


@pytest.mark.parametrize("at", ["compile_move", "take_back"])
def test_a_fault_while_dissolving_leaves_the_composite_whole(desk, merge, monkeypatch, at):
    made = merge()
    from core.notices import services as notices  # noqa: PLC0415

    home, calls = (notices if at == "take_back" else submissions), []
    real = getattr(home, at)

    def fail_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError(at)
        return real(*args, **kwargs)

    monkeypatch.setattr(home, at, fail_at_the_second)
    with pytest.raises(RuntimeError):
        services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    monkeypatch.undo()
    db.session.rollback()

    assert (made.state, [item.state for item in desk.items]) == ("editing", ["merged"] * 3)


def counted():
    return [(f.kind, f.item, f.reverses_id) for f in db.session.scalars(select(Fact).order_by(Fact.id))]


def composites():
    return list(
        db.session.scalars(select(Submission.id).where(Submission.composed, Submission.state != "void"))
    )


def snapshot(item):
    db.session.refresh(item)
    contributors = [(c.unit_id, c.role, c.weight) for c in item.contributors]
    return (item.state, item.editor_id, item.title, item.body, item.sort_at, item.received_at, contributors)


def notices_about(item, made):
    about = [f"composites:{n}" for n in db.session.scalars(select(Link.id).where(Link.source_id == item.id))]
    return list(
        db.session.scalars(select(Notice).where(Notice.about.in_(about), Notice.taken_back_at.is_(None)))
    )


def count_for(desk, item, kind):
    with transaction():
        return facts.record(
            desk.editor,
            NewFact(
                item.office_id,
                kind,
                item.received_at.date(),
                key=f"t:{kind}:{item.id}",
                item=item.item_key,
                **credited(item),
            ),
        )


def test_what_somebody_else_is_editing_is_neither_merged_nor_taken_apart(desk, merge, wanted):
    leases.hold(desk.other, desk.items[2].id)
    with pytest.raises(Conflict, match="编辑乙正在编辑这条信息"):
        merge()
    assert [item.state for item in desk.items] == ["received", "editing", "received"]
    leases.release(desk.other, desk.items[2].id)
    made = merge()
    leases.hold(desk.other, made.id)
    other_shares = wanted(desk.items, shares=["50%", "30%", "20%"])

    for step in (
        lambda: services.arrange(desk.editor, made.id, made.version, other_shares),
        lambda: services.take_out(desk.editor, made.id, desk.items[1].id, made.version, "另编"),
        lambda: services.dissolve(desk.editor, made.id, made.version, "不再综合"),
    ):
        with pytest.raises(Conflict, match="编辑乙正在编辑这条信息"):
            step()
    assert [item.state for item in desk.items] == ["merged"] * 3


def test_merging_ends_the_editing_of_its_sources(desk, merge):
    leases.hold(desk.editor, desk.items[0].id)

    merge()

    assert leases.standing(desk.items[0].id) is None


def test_each_unit_hears_of_a_composite_by_its_own_item_and_of_its_title_only_once_published(desk, merge):
    def last_word(number):
        query = (
            select(Notice).where(Notice.user_id == desk.items[number].author_id).order_by(Notice.id.desc())
        )
        found = db.session.scalars(query).first()
        return found.text, found.url

    made = merge()
    submissions.move(desk.editor, made.id, "decline", "近期不用")
    text, url = last_word(0)
    assert "由《甲县推进春耕生产》编成的稿件" in text and "各地推进春耕生产" not in text
    assert url == f"/submissions/{desk.items[0].id}"

    decisions.undo(desk.editor, made.id, decisions.last_decision(made).id)
    with transaction():
        for move in ("select", "adopt"):
            submissions.compile_move(desk.editor, made, move)
    text, url = last_word(1)
    assert "由《乙县推进春耕生产》编成的《各地推进春耕生产》" in text
    assert url == f"/submissions/{desk.items[1].id}"
