"""One item split into several, and put together again."""

import pytest
from sqlalchemy import select

from core import facts
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.facts import Fact
from core.submissions import known, leases, text
from core.submissions import services as submissions
from core.submissions.credit import credited
from core.submissions.models import Submission
from core.testing import actor_of
from plugins.composites import queries, services, splitting
from plugins.composites.splitting import Piece
from tests.plugins.composites.conftest import wanted_of

pytestmark = pytest.mark.postgres


def pieces(*titles, body="分出的正文。"):
    return [Piece(title, text.from_plain(body)) for title in titles]


@pytest.fixture
def split(desk):
    def make(item=None, *titles):
        item = item or desk.items[0]
        return splitting.split(
            desk.editor, item.id, item.version, pieces(*(titles or ("春耕备耕", "防汛准备")))
        )

    return make


def test_the_parts_are_items_of_the_same_units_and_authors(desk, split, make_submission):
    joint = make_submission(
        "received", unit=desk.units[0], joint=[desk.units[1]], title="两件事", authors=["张三"]
    )
    found = split(joint)

    assert [part.title for part in found] == ["春耕备耕", "防汛准备"]
    assert [credited(part) for part in found] == [before_state(joint)] * 2
    assert (joint.state, {part.state for part in found}) == ("split", {"editing"})


def test_what_was_submitted_counts_once_as_before(desk, split):
    before = counted()
    split()

    assert counted() == before


def test_each_part_is_counted_for_itself(desk, split):
    keys = {part.item_key for part in split()}

    assert len(keys) == 2 and desk.items[0].item_key not in keys


def test_undoing_a_split_leaves_everything_as_it_was(desk, split):
    item = desk.items[1]
    before, numbers = (item.state, item.editor_id, item.title, item.body), counted()
    found = split(item)
    splitting.unsplit(desk.other, item.id, item.version, "仍作一条")

    assert (item.state, item.editor_id, item.title, item.body) == before
    assert {part.state for part in found} == {"void"} and counted() == numbers


def test_an_item_may_be_split_again_after_undoing(desk, split):
    split()
    splitting.unsplit(desk.editor, desk.items[0].id, desk.items[0].version, "仍作一条")
    again = split(desk.items[0], "甲", "乙", "丙")

    assert [link.target_id for link in queries.parts(desk.items[0].id)] == [part.id for part in again]


def test_a_part_may_go_into_a_composite_and_comes_back(desk, split):
    part, _ = split()
    made = services.merge(desk.editor, wanted_of([part, desk.items[1]]))
    assert (part.state, credited(made)["unit_ids"]) == ("merged", (desk.units[0].id, desk.units[1].id))
    with pytest.raises(Conflict, match="先从综合稿移出"):
        splitting.unsplit(desk.editor, desk.items[0].id, desk.items[0].version, "仍作一条")

    services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    splitting.unsplit(desk.editor, desk.items[0].id, desk.items[0].version, "仍作一条")
    assert (part.state, desk.items[0].state) == ("void", "received")


@pytest.mark.parametrize(
    ("moves", "said"), [(["select"], "刊物编排"), (["select", "adopt"], "签发人撤销采用")]
)
def test_a_part_in_an_issue_keeps_the_split(desk, split, moves, said):
    part, _ = split()
    with transaction():
        for move in moves:
            submissions.compile_move(desk.editor, part, move)

    with pytest.raises(Conflict, match=said):
        splitting.unsplit(desk.editor, desk.items[0].id, desk.items[0].version, "仍作一条")
    assert desk.items[0].state == "split"


def test_a_declined_part_does_not_keep_the_split(desk, split):
    part, _ = split()
    submissions.move(desk.editor, part.id, "decline", "没有新意")
    splitting.unsplit(desk.editor, desk.items[0].id, desk.items[0].version, "仍作一条")

    assert part.state == "void"


def test_an_item_with_facts_and_a_composite_are_not_split(desk, split, merge):
    with transaction():
        facts.record(desk.editor, facts.NewFact(desk.office.id, "instructed", desk.items[0].received_at.date(), key="t", item=desk.items[0].item_key, **credited(desk.items[0])))  # fmt: skip
    with pytest.raises(Conflict, match="共 1 项"):
        split()
    with pytest.raises(Conflict, match="不能再拆分"):
        split(merge(desk.items[1:]))


@pytest.mark.parametrize(
    "wrong", [[], pieces("只有一条"), pieces(*"一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子")]
)
def test_there_are_two_to_twenty_parts(desk, wrong):
    with pytest.raises(InvalidInput, match="2 至 20"):
        splitting.split(desk.editor, desk.items[0].id, desk.items[0].version, wrong)


def test_an_incomplete_part_names_its_number_and_nothing_is_split(desk):
    wrong = [*pieces("完整的一条"), Piece("没有正文", [])]

    with pytest.raises(InvalidInput, match="第 2 条"):
        splitting.split(desk.editor, desk.items[0].id, desk.items[0].version, wrong)
    assert desk.items[0].state == "received"
    assert db.session.scalar(select(Submission.id).where(Submission.composed)) is None


def test_others_cannot_split_and_a_stale_page_is_told(desk, split, make_office, make_unit, make_user):
    item = desk.items[0]
    stranger = actor_of(make_user("editor", unit=make_unit("外市某县", office=make_office())))
    for who in (stranger, desk.issuer, *desk.informants):
        with pytest.raises(NotFound):
            splitting.split(who, item.id, item.version, pieces("甲", "乙"))
    with pytest.raises(Conflict, match="已有改动"):
        splitting.split(desk.editor, item.id, item.version + 1, pieces("甲", "乙"))
    split()
    with pytest.raises(NotFound):
        splitting.unsplit(stranger, item.id, item.version, "不宜")
    with pytest.raises(InvalidInput, match="理由"):
        splitting.unsplit(desk.editor, item.id, item.version, " ")


def test_a_fault_leaves_the_item_whole(desk, monkeypatch):
    monkeypatch.setattr(submissions, "compile_move", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        splitting.split(desk.editor, desk.items[0].id, desk.items[0].version, pieces("甲", "乙"))
    monkeypatch.undo()
    db.session.rollback()

    assert desk.items[0].state == "received"
    assert db.session.scalar(select(Submission.id).where(Submission.composed)) is None


def before_state(item):
    """The credit of an item as it was before it was split."""
    state, item.state = item.state, "received"
    told = credited(item)
    item.state = state
    # Authors of a part are recorded with their units and count alike.
    return {
        **told,
        "authors": tuple(facts.Author(a.name, a.unit_id, facts.Part("主报", 1)) for a in told["authors"]),
    }


def counted():
    return [(f.kind, f.item, f.reverses_id) for f in db.session.scalars(select(Fact).order_by(Fact.id))]


def test_what_somebody_else_is_editing_is_not_split(desk, split):
    leases.hold(desk.other, desk.items[0].id)

    with pytest.raises(Conflict, match="编辑乙正在编辑这条信息"):
        split()
    assert desk.items[0].state == "received"


def test_what_counts_in_place_of_an_item_is_followed_to_the_end(desk, split, make_submission):
    first, second = split()
    composite = services.merge(desk.editor, wanted_of([first, desk.items[2]]))

    assert known.counted(desk.items[0]) == [composite, second]
    assert known.counted(desk.items[2]) == [composite]
    assert known.counted(desk.items[1]) == []
    with pytest.raises(Conflict, match=f"《{composite.title}》、《{second.title}》"):
        credited(desk.items[0])
