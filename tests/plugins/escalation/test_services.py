"""Recording what went up and what was adopted above: once, within reach, with everything on record."""

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core import clock, facts
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import Fact
from core.scoring import runs
from core.submissions import services as submissions
from core.testing import actor_of
from plugins.escalation import comparing, queries, services
from plugins.escalation.services import Step
from plugins.escalation.words import ADOPTED, SENT_UP

TODAY = date(2026, 3, 18)
UP = Step(SENT_UP, "province", TODAY)
TAKEN = Step(ADOPTED, "szxx", TODAY, "whole")


def score(desk):
    """Points of the item's main unit and of its joint unit this month."""
    rows = {row.name: row.score for row in runs.live(desk.office_id, "2026-03").rows}
    return rows[desk.unit.short], rows[desk.joint.short]


def standing():
    gone = select(Fact.reverses_id).where(Fact.reverses_id.is_not(None))
    return db.session.scalars(
        select(Fact).where(Fact.kind.in_((SENT_UP, ADOPTED)), Fact.id.not_in(gone)).order_by(Fact.id)
    ).all()


@pytest.mark.postgres
def test_what_went_up_and_what_was_adopted_are_countable_facts(desk):
    services.record(desk.editor, desk.item.id, UP)
    fact = services.record(desk.editor, desk.item.id, TAKEN)

    assert [f.kind for f in standing()] == [SENT_UP, ADOPTED]
    assert (fact.on, fact.item, fact.title) == (TODAY, desk.item.item_key, desk.item.title)
    assert fact.attrs == {"outlet": "szxx", "form": "whole", "genre": "work_news"}
    assert [u.unit_id for u in fact.units] == [desk.unit.id, desk.joint.id]
    assert fact.recorded_by == desk.editor.name
    actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id.desc()).limit(4)).all()
    assert actions == ["登记上级采用", "登记计分事项", "登记上报", "登记计分事项"]
    last = db.session.scalar(select(AuditRecord.detail).order_by(AuditRecord.id.desc()).limit(1))
    assert json.loads(last)["place"] == "《省政信息》"


def test_points_follow_from_the_facts(desk):
    before = score(desk)
    services.record(desk.editor, desk.item.id, UP)
    fact = services.record(desk.editor, desk.item.id, TAKEN)
    after = score(desk)
    assert before == (0, 0) and after[0] == after[1] > 0

    services.withdraw(desk.editor, fact.id, "渠道有误")

    assert 0 < score(desk)[0] < after[0]


@pytest.mark.postgres
def test_nothing_is_counted_twice(desk):
    services.record(desk.editor, desk.item.id, UP)
    services.record(desk.editor, desk.item.id, TAKEN)
    for step in (UP, TAKEN, Step(ADOPTED, "szxx", TODAY - timedelta(days=0), "whole")):
        with pytest.raises(Conflict, match="已经登记过.*2026年3月18日"):
            services.record(desk.editor, desk.item.id, step)

    assert len(standing()) == 2
    services.record(desk.editor, desk.item.id, Step(ADOPTED, "szxx", TODAY, "part"))
    services.record(desk.editor, desk.item.id, Step(ADOPTED, "state", TODAY))
    assert len(standing()) == 4


def test_what_was_recorded_elsewhere_is_not_counted_again(desk):
    with transaction():
        facts.record(
            desk.editor,
            facts.NewFact(desk.office_id, ADOPTED, TODAY, (desk.unit.id,), "console:1", desk.item.item_key, "x",
                          {"outlet": "szxx", "form": "whole"}),
        )  # fmt: skip

    with pytest.raises(Conflict, match="已经登记过"):
        services.record(desk.editor, desk.item.id, TAKEN)


@pytest.mark.postgres
def test_what_was_withdrawn_can_be_recorded_again(desk):
    first = services.record(desk.editor, desk.item.id, TAKEN)
    services.withdraw(desk.editor, first.id, "日期有误")
    again = services.record(desk.editor, desk.item.id, TAKEN)

    assert first.key != again.key and [f.id for f in standing()] == [again.id]
    shown = queries.of_item(desk.item)
    assert [(e.place, e.form, bool(e.reversal)) for e in shown] == [
        ("《省政信息》", "单篇", True),
        ("《省政信息》", "单篇", False),
    ]
    assert (shown[0].reversal.reason, shown[0].reversal.recorded_by) == ("日期有误", desk.editor.name)


@pytest.mark.postgres
def test_two_editors_together_record_once(app, desk):
    start, errors = threading.Barrier(2), []
    item_id = desk.item.id
    db.session.rollback()

    def work():
        with app.app_context():
            start.wait(20)
            try:
                services.record(desk.editor, item_id, TAKEN)
            except Conflict as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(errors) == 1
    db.session.rollback()
    assert len(standing()) == 1


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(SENT_UP, "city", TODAY), "请选择上报层级"),
        (Step(SENT_UP, "szxx", TODAY), "请选择上报层级"),
        (Step(ADOPTED, "bulletin", TODAY), "请选择采用渠道"),
        (Step(ADOPTED, "bulletin-jc", TODAY), "请选择采用渠道"),
        (Step(ADOPTED, "city", TODAY), "请选择采用渠道"),
        (Step(ADOPTED, "szxx", TODAY, "summary"), "请选择采用形式"),
        (Step(SENT_UP, "province", TODAY, "whole"), "请选择采用形式"),
        (Step(ADOPTED, "szxx", TODAY + timedelta(days=1)), "不能晚于今天"),
        (Step(ADOPTED, "szxx", TODAY - timedelta(days=1)), "早于这条信息的报送日期"),
        (Step("instructed", "szxx", TODAY), "没有这种登记"),
    ],
)
def test_what_cannot_be_is_refused(desk, step, said):
    with pytest.raises(InvalidInput, match=said):
        services.record(desk.editor, desk.item.id, step)
    assert standing() == []


def test_only_editors_of_the_office_record(desk, make_office, make_user):
    for who in (
        desk.issuer,
        desk.leader,
        desk.informant,
        actor_of(make_user("editor", office=make_office("qita"))),
    ):
        with pytest.raises((PermissionDenied, NotFound)):
            services.record(who, desk.item.id, UP)
    with pytest.raises(NotFound):
        services.record(desk.editor, desk.draft.id, UP)
    assert standing() == []


def test_an_item_sent_back_to_its_unit_is_not_recorded_on(desk):
    submissions.move(desk.editor, desk.item.id, "return", "核实")

    with pytest.raises(NotFound):
        services.record(desk.editor, desk.item.id, UP)


def test_an_item_not_used_here_may_be_adopted_above(desk):
    submissions.move(desk.editor, desk.item.id, "decline", "本级不用")

    assert services.record(desk.editor, desk.item.id, TAKEN).id


def test_withdrawing_needs_right_reason_and_a_standing_fact(desk, make_office, make_user):
    fact = services.record(desk.editor, desk.item.id, TAKEN)

    with pytest.raises(InvalidInput, match="理由"):
        services.withdraw(desk.editor, fact.id, " \n")
    for who in (desk.informant, desk.leader, actor_of(make_user("editor", office=make_office("qita")))):
        with pytest.raises((PermissionDenied, NotFound)):
            services.withdraw(who, fact.id, "误登")
    services.withdraw(desk.editor, fact.id, "误登")
    with pytest.raises(Conflict, match="已经撤销"):
        services.withdraw(desk.editor, fact.id, "误登")


def test_what_others_record_is_not_withdrawn_here(desk):
    with transaction():
        new = facts.NewFact(desk.office_id, ADOPTED, TODAY, (desk.unit.id,), "journal:1:1", desk.item.item_key, "x", {"outlet": "bulletin"})  # fmt: skip
        other = facts.record(desk.editor, new)

    with pytest.raises(NotFound):
        services.withdraw(desk.editor, other.id, "误登")
    assert queries.of_item(desk.item) == []


def test_units_see_their_own(desk, make_unit, make_user, make_submission, make_office):
    third = make_unit("丙县人民政府")
    mine = services.record(desk.editor, desk.item.id, UP)
    services.record(desk.editor, make_submission("received", unit=third).id, UP)

    def seen(who):
        return db.session.scalars(queries.listing(who, queries.Filter())).all()

    assert [f.id for f in seen(desk.informant)] == [mine.id]
    assert len(seen(desk.editor)) == len(seen(desk.leader)) == 2
    assert seen(actor_of(make_user("editor", office=make_office("qita")))) == []


def test_a_failure_leaves_nothing(desk, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("磁盘已满")

    monkeypatch.setattr(services.audit, "note", fail)
    with pytest.raises(OSError):
        services.record(desk.editor, desk.item.id, TAKEN)
    db.session.rollback()
    assert standing() == []


# ---- lists ----------------------------------------------------------------------------------------------------------


def test_a_list_is_compared_and_nothing_recorded(desk, make_submission):
    make_submission("editing", title="乙县办好养老食堂")
    before = db.session.scalar(select(func.count()).select_from(Fact))
    text = (
        "标题\t单位\t刊物\t日期\t形式\n"
        "甲县三项举措，推进春耕备耕\t甲县\t《省政信息》第3期\t3月18日\t单篇\n"
        "甲县办好养老食堂工作\t\t县委快报\t待定\t\n完全没有的标题\t\t\t\t\n甲县三项举措推进春耕备耕\t甲县\t省政信息\t3月18日\t单篇\n"
    )

    rows = comparing.compare(desk.editor, text, Step(ADOPTED, "state", TODAY))

    assert [(r.outlet, r.form, bool(r.chosen), r.verdict) for r in rows] == [
        ("《省政信息》（省级）", "单篇", True, "标题相同"),
        ("国务院办公厅（国家级）", "", False, "标题相近，请核对后选择"),
        ("国务院办公厅（国家级）", "", False, "没有找到标题相同或相近的信息"),
        ("《省政信息》（省级）", "单篇", False, "与前面的一行重复"),
    ]
    assert rows[0].chosen == f"{desk.item.id}|szxx|whole|2026-03-18"
    assert list(rows[1].remarks) == [
        "日期“待定”无法识别，暂按默认日期",
        "“县委快报”不在规则包的渠道中，暂按所选渠道",
    ]
    assert db.session.scalar(select(func.count()).select_from(Fact)) == before


def test_an_earlier_title_of_an_item_is_recognised(desk):
    submissions.revise(desk.editor, desk.item.id, desk.item.version, "改过的标题", desk.item.body)

    (row,) = comparing.compare(desk.editor, "甲县三项举措推进春耕备耕", Step(ADOPTED, "szxx", TODAY))

    assert row.chosen.startswith(f"{desk.item.id}|") and row.choices[0].title == "改过的标题"


def test_equal_titles_are_told_apart_by_the_unit_or_left_to_people(desk, make_unit, make_submission):
    other = make_submission(
        "received", unit=make_unit("丙县人民政府", short_name="丙县"), title=desk.item.title
    )
    step = Step(ADOPTED, "szxx", TODAY)

    (without,) = comparing.compare(desk.editor, desk.item.title, step)
    (named,) = comparing.compare(desk.editor, f"标题\t单位\n{desk.item.title}\t丙县政府办", step)

    assert (without.chosen, without.verdict) == ("", "有 2 条标题相同，请选择")
    assert named.chosen.startswith(f"{other.id}|")
    (neither,) = comparing.compare(desk.editor, f"标题\t单位\n{desk.item.title}\t丁县", step)
    assert (neither.chosen, neither.verdict) == ("", "标题相同，单位不符，请核对后选择")


def test_lines_that_cannot_be_recorded_say_why(desk):
    services.record(desk.editor, desk.item.id, Step(ADOPTED, "szxx", TODAY))
    text = f"标题\t日期\n{desk.item.title}\t3月18日\n{desk.item.title}\t3月1日\n"

    first, second = comparing.compare(desk.editor, text, Step(ADOPTED, "szxx", TODAY))

    assert (first.chosen, first.verdict, first.choices[0].value) == ("", "已登记过", "")
    assert second.chosen == ""
    (early,) = comparing.compare(desk.editor, desk.item.title, Step(ADOPTED, "state", date(2026, 3, 1)))
    assert early.chosen == "" and "早于这条信息的报送日期" in early.choices[0].problem


def test_other_offices_items_are_not_offered(desk, make_office, make_unit, make_submission):
    elsewhere = make_unit("丁县人民政府", office=make_office("qita"))
    make_submission("received", unit=elsewhere, title="丁县的独门做法")

    (row,) = comparing.compare(desk.editor, "丁县的独门做法", Step(ADOPTED, "szxx", TODAY))

    assert list(row.choices) == []


@pytest.mark.postgres
def test_confirmed_lines_are_recorded_and_known_ones_left(desk, make_submission):
    other = make_submission("editing", title="乙县办好养老食堂")
    services.record(desk.editor, desk.item.id, TAKEN)

    done = services.record_adoptions(
        desk.editor, [(desk.item.id, TAKEN), (other.id, TAKEN), (other.id, TAKEN)]
    )
    again = services.record_adoptions(desk.editor, [(desk.item.id, TAKEN), (other.id, TAKEN)])

    assert ([f.title for f in done.recorded], done.known) == ([other.title], [desk.item.title, other.title])
    assert (again.recorded, len(again.known)) == ([], 2)
    assert len(standing()) == 2


def test_a_list_with_one_wrong_line_records_nothing(desk, make_submission):
    other = make_submission("editing", title="乙县办好养老食堂")
    wrong = Step(ADOPTED, "szxx", TODAY + timedelta(days=3))

    with pytest.raises(InvalidInput, match="《乙县办好养老食堂》日期不能晚于今天"):
        services.record_adoptions(desk.editor, [(desk.item.id, TAKEN), (other.id, wrong)])
    assert standing() == []


def test_only_editors_import(desk, make_office, make_user):
    for who in (desk.issuer, desk.leader, desk.informant):
        with pytest.raises((PermissionDenied, NotFound)):
            services.record_adoptions(who, [(desk.item.id, TAKEN)])
    stranger = actor_of(make_user("editor", office=make_office("qita")))
    with pytest.raises(NotFound):
        services.record_adoptions(stranger, [(desk.item.id, TAKEN)])
    assert standing() == []


@pytest.mark.parametrize(
    "value", ["", "x", "1|a|b", "1|a|b|c", "99999999999|szxx||2026-03-18", "1|szxx||2026-03-18|"]
)
def test_nonsense_from_the_form_is_no_line(value):
    assert comparing.step_of(value) is None


def test_what_the_form_sends_comes_back(desk):
    assert comparing.step_of(comparing.value_of(7, TAKEN)) == (7, TAKEN)
    assert clock.today() == TODAY
