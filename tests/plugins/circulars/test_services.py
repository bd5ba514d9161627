"""Drafting and issuing: closed periods only, second eyes, numbers without gap, all or nothing."""

import json
from datetime import date

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from core import facts, migrate
from core.db import db, transaction
from core.documents.models import IssuedDocument, NumberSeries
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.scoring import runs
from core.testing import actor_of
from plugins.circulars import issuing, queries, services
from plugins.circulars.compose import Texts
from plugins.circulars.models import CircularDraft

FEBRUARY = "2026-02"


def again(found: CircularDraft) -> CircularDraft:
    db.session.expire_all()
    return db.session.get_one(CircularDraft, found.id)


def test_an_open_period_has_no_circular(desk):
    with pytest.raises(Conflict, match="没有结账"):
        services.draft(desk.editor, desk.office_id, FEBRUARY)


def test_closing_prepares_the_draft(closed):
    assert closed.state == "draft"
    assert closed.drafted_by_id is None
    assert closed.title == "示例市人民政府办公室关于2026年2月份全市政务信息报送及采用情况的通报"
    assert closed.texts["opening"][1] == (
        "2026年2月份，全市4个参评单位共报送政务信息3条，市政府办公室采用2条，采用数占报送数的66.7%。有1条信息得到领导批示。"
    )


def test_an_editor_drafts_once(desk, closed):
    with pytest.raises(Conflict, match="已经起草"):
        services.draft(desk.editor, desk.office_id, FEBRUARY)


def test_a_kind_the_pack_does_not_have_is_refused(desk, closed):
    with pytest.raises(InvalidInput, match="规则包没有规定"):
        services.draft(desk.editor, desk.office_id, FEBRUARY, "rankign")


def test_only_editors_draft(desk, closed):
    for who in (desk.informant, desk.leader, desk.issuer):
        with pytest.raises((PermissionDenied, NotFound)):
            services.save(who, closed.id, closed.version, Texts(("改",), ()))


def test_the_free_paragraphs_can_be_changed(desk, closed):
    saved = services.save(desk.editor, closed.id, closed.version, Texts((" 开头一段\t。 ", ""), ("要求",)))

    assert saved.texts == {"opening": ["开头一段 。"], "requirements": ["要求"]}
    assert saved.updated_by_id == desk.editor.id


def test_an_empty_opening_is_refused(desk, closed):
    with pytest.raises(InvalidInput, match="开头部分不能为空"):
        services.save(desk.editor, closed.id, closed.version, Texts(("  ",), ()))


def test_two_editors_do_not_overwrite_each_other(desk, closed):
    seen = closed.version
    services.save(desk.editor, closed.id, seen, Texts(("甲改",), ()))

    with pytest.raises(Conflict, match="已被别人修改"):
        services.save(desk.editor, closed.id, seen, Texts(("乙改",), ()))


def test_redrafting_restores_the_words_of_the_pack(desk, closed):
    before = dict(closed.texts)
    services.save(desk.editor, closed.id, closed.version, Texts(("改",), ()))

    assert services.redraft(desk.editor, closed.id, again(closed).version).texts == before


def test_a_draft_not_handed_in_cannot_be_issued(desk, closed, quick):
    with pytest.raises(Conflict, match="现在是“拟稿”"):
        issuing.issue(desk.issuer, closed.id)


def test_nobody_issues_what_they_handed_in(desk, closed, make_user, quick):
    both = actor_of(make_user("editor", "issuer"))
    services.submit(both, closed.id, closed.version)

    with pytest.raises(PermissionDenied, match="两人"):
        issuing.issue(both, closed.id)
    assert issuing.issue(desk.issuer, closed.id).state == "issued"


def test_an_issuer_sends_back_with_a_reason(desk, submitted):
    with pytest.raises(InvalidInput, match="须说明理由"):
        services.send_back(desk.issuer, submitted.id, " ")

    assert services.send_back(desk.issuer, submitted.id, "请核对单位名称").state == "draft"
    assert again(submitted).remark == "请核对单位名称"


def test_issuing_puts_everything_on_record(desk, issued, quick):
    document = issued.document

    assert (document.number, document.source, document.kind) == (
        "示政办秘〔2026〕1号",
        "period:2026-02",
        "ranking",
    )
    assert document.read_permission == "circular.view"
    assert document.dated == date(2026, 3, 18)
    assert quick[0]["number"] == document.number
    assert not quick[0]["proof"]
    assert issued.content["sheets"][0]["lines"][0]["cells"][:3] == ["1", "甲县", "2"]


def test_numbers_follow_each_other(desk, issued, watch):
    watch.move(days=20)
    runs.close(desk.issuer, desk.office_id, "2026-03")
    march = queries.of_period(desk.office_id, "ranking", "2026-03")
    services.submit(desk.editor, march.id, march.version)

    assert issuing.issue(desk.issuer, march.id).document.number == "示政办秘〔2026〕2号"


@pytest.mark.postgres
def test_a_taken_number_is_rendered_again(desk, submitted, quick, monkeypatch):
    real, taken = issuing.numbering.upcoming, []

    def upcoming(office_id, series, start=1):
        number = real(office_id, series, start)
        if not taken:
            taken.append(number)
            with transaction():  # somebody else is quicker, between the look and the taking
                issuing.numbering.take(office_id, series, number)
        return number

    monkeypatch.setattr(issuing.numbering, "upcoming", upcoming)

    assert issuing.issue(desk.issuer, submitted.id).document.number == "示政办秘〔2026〕2号"
    assert [values["number"] for values in quick] == ["示政办秘〔2026〕1号", "示政办秘〔2026〕2号"]


@pytest.mark.parametrize("step", ["put_on_record", "numbering.take", "audit.note"])
def test_a_failure_leaves_nothing(desk, submitted, quick, monkeypatch, step):
    def fail(*args, **kwargs):
        raise OSError("磁盘已满")

    before = db.session.scalar(select(func.count()).select_from(IssuedDocument))
    owner, _, name = step.rpartition(".")
    monkeypatch.setattr(getattr(issuing, owner) if owner else issuing, name, fail)

    with pytest.raises(OSError):
        issuing.issue(desk.issuer, submitted.id)
    assert (again(submitted).state, again(submitted).document_id) == ("submitted", None)
    assert db.session.scalar(select(func.count()).select_from(IssuedDocument)) == before
    assert db.session.scalar(select(func.count()).select_from(NumberSeries)) == 0


def test_a_failing_renderer_leaves_nothing(desk, submitted, monkeypatch):
    def fail(*args, **more):
        raise OSError("排版程序没有响应")

    monkeypatch.setattr(issuing, "render", fail)

    with pytest.raises(OSError):
        issuing.issue(desk.issuer, submitted.id)
    assert again(submitted).state == "submitted"


def test_an_issued_circular_is_issued_once(desk, issued):
    with pytest.raises(Conflict, match="已印发"):
        issuing.issue(desk.issuer, issued.id)
    with pytest.raises(Conflict, match="已印发"):
        services.save(desk.editor, issued.id, issued.version, Texts(("改",), ()))


def test_later_facts_do_not_move_it(desk, closed, quick):
    desk.fact("adopted", desk.units.yi, item="C", outlet="province")
    services.submit(desk.editor, closed.id, closed.version)
    issuing.issue(desk.issuer, closed.id)

    row = quick[0]["annexes"][0]["tables"][0]["rows"][1]
    assert row[1] == "乙县"
    assert row[-1] == "0"


def test_a_reopened_period_cannot_be_issued(desk, submitted, quick):
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "漏登一条")

    with pytest.raises(Conflict, match="没有结账"):
        issuing.issue(desk.issuer, submitted.id)


def test_closing_again_draws_the_draft_up_anew(desk, submitted, quick):
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "漏登一条")
    desk.fact("submitted", desk.units.jiao, item="D")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)

    assert again(submitted).state == "draft"
    assert "报送政务信息4条" in again(submitted).texts["opening"][1]


def test_reopening_leaves_the_issued_circular_alone(desk, issued):
    printed = issued.content
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "更正")
    desk.fact("adopted", desk.units.yi, item="C", outlet="state")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)

    assert again(issued).state == "issued"
    assert again(issued).content == printed


# ---- corrected circulars --------------------------------------------------------------------------------------------


def corrected(desk):
    """Draft the correction, hand it in and issue it."""
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    services.submit(desk.editor, found.id, found.version)
    return issuing.issue(desk.issuer, found.id)


def test_a_corrected_circular_replaces_the_first(desk, reclosed, quick):
    before = (reclosed.document_id, reclosed.document.pdf_sha256, reclosed.content, reclosed.title)

    new = corrected(desk)

    old = again(reclosed)
    assert (new.document.number, new.document.source) == (
        "示政办秘〔2026〕2号",
        f"period:2026-02:correction:{new.id}",
    )
    assert new.title.endswith("采用情况的通报（更正）") and new.document.title == new.title
    assert quick[-1]["body"][0]["runs"][0]["text"] == (
        "《示例市人民政府办公室关于2026年2月份全市政务信息报送及采用情况的通报》（示政办秘〔2026〕1号，2026年3月18日）"
        "有误，现予更正，以本通报为准，原通报停止使用。"
    )
    assert (old.document_id, old.document.pdf_sha256, old.content, old.title) == before
    assert (old.state, old.state_title, old.replacement.id) == ("issued", "已更正", new.id)
    assert (old.document.standing, old.document.last_word.replaced_by_id) == ("corrected", new.document_id)
    assert quick[-1]["check"]["code"].replace("-", "") == new.document.check_code != old.document.check_code
    assert queries.in_force(desk.office_id, "ranking", FEBRUARY).id == new.id


def test_the_sentence_about_the_replaced_circular_cannot_be_edited_away(desk, reclosed, quick):
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    services.save(desk.editor, found.id, found.version, Texts(("只有这一段。",), ()))
    services.submit(desk.editor, found.id, again(found).version)
    issuing.issue(desk.issuer, found.id)

    texts = [block["runs"][0]["text"] for block in quick[-1]["body"]]
    assert "示政办秘〔2026〕1号" in texts[0] and texts[1] == "只有这一段。"


def test_a_correction_can_be_corrected(desk, reclosed, quick, watch):
    first = corrected(desk)
    watch.move(hours=1)
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "再更正")
    desk.fact("adopted", desk.units.jiao, item="E", outlet="zwyq")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)

    second = corrected(desk)

    assert second.replaces_id == first.id and second.document.number == "示政办秘〔2026〕3号"
    assert "（示政办秘〔2026〕2号，2026年3月18日）" in quick[-1]["body"][0]["runs"][0]["text"]
    assert [queries.in_force(desk.office_id, "ranking", FEBRUARY).id, again(first).replacement.id] == [
        second.id
    ] * 2


def test_without_a_new_closing_nothing_is_corrected(desk, issued):
    with pytest.raises(Conflict, match="已经印发.*没有重新结账"):
        services.draft(desk.editor, desk.office_id, FEBRUARY)
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "更正")
    with pytest.raises(Conflict, match="没有结账"):
        services.draft(desk.editor, desk.office_id, FEBRUARY)


def test_one_correction_at_a_time(desk, reclosed):
    services.draft(desk.editor, desk.office_id, FEBRUARY)

    with pytest.raises(Conflict, match="已经起草"):
        services.draft(desk.editor, desk.office_id, FEBRUARY)


def test_a_correction_is_drawn_up_anew_when_the_period_is_closed_again(desk, reclosed):
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "又漏一条")
    desk.fact("submitted", desk.units.jiao, item="D")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)

    assert again(found).replaces_id == reclosed.id
    assert "报送政务信息4条" in again(found).texts["opening"][1]
    assert again(found).title.endswith("（更正）")


def test_a_needed_correction_is_a_gap_and_an_unneeded_one_is_not(desk, issued):
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "核对")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)
    assert queries.gaps(desk.editor) == []

    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "漏登一条")
    desk.fact("adopted", desk.units.yi, item="C", outlet="zwyq")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)
    assert [(gap.period_key, gap.correction) for gap in queries.gaps(desk.editor)] == [(FEBRUARY, True)]

    services.draft(desk.editor, desk.office_id, FEBRUARY)
    assert queries.gaps(desk.editor) == []


def test_only_a_correction_can_be_given_up(desk, reclosed, closed):
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    for who in (desk.informant, desk.leader, desk.issuer):
        with pytest.raises((PermissionDenied, NotFound)):
            services.discard(who, found.id, found.version)
    services.discard(desk.editor, found.id, found.version)

    assert queries.in_force(desk.office_id, "ranking", FEBRUARY).id == reclosed.id
    assert again(reclosed).replaced_at is None


def test_a_first_draft_is_not_given_up(desk, closed):
    with pytest.raises(Conflict, match="只有更正通报"):
        services.discard(desk.editor, closed.id, closed.version)


@pytest.mark.parametrize("step", ["put_on_record", "numbering.take", "audit.note"])
def test_a_failing_correction_leaves_the_first_in_force(desk, reclosed, quick, monkeypatch, step):
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    services.submit(desk.editor, found.id, found.version)

    def fail(*args, **kwargs):
        raise OSError("磁盘已满")

    owner, _, name = step.rpartition(".")
    monkeypatch.setattr(getattr(issuing, owner) if owner else issuing, name, fail)

    with pytest.raises(OSError):
        issuing.issue(desk.issuer, found.id)
    assert again(reclosed).replaced_at is None and again(found).state == "submitted"
    assert queries.in_force(desk.office_id, "ranking", FEBRUARY).id == reclosed.id


@pytest.mark.postgres
def test_the_database_refuses_two_in_force_and_two_in_hand(desk, reclosed):
    found = services.draft(desk.editor, desk.office_id, FEBRUARY)
    columns = {c.name: getattr(found, c.key) for c in CircularDraft.__table__.columns if c.name != "id"}
    for change in (
        {"replaces_id": None},
        {"state": "issued", "document_id": reclosed.document_id, "replaces_id": None},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(insert(CircularDraft).values({**columns, **change}))


@pytest.mark.postgres
def test_older_circulars_come_along(desk, issued):
    kept = db.session.execute(select(CircularDraft.id, CircularDraft.document_id)).all()
    db.session.rollback()
    with db.engine.begin() as connection:
        before = inspect(connection).get_check_constraints("circulars_draft")
        _back_to_0001(connection)

    list(migrate.upgrade())

    assert db.session.execute(select(CircularDraft.id, CircularDraft.document_id)).all() == kept
    checks = inspect(db.engine).get_check_constraints("circulars_draft")
    assert {check["name"] for check in checks} == {check["name"] for check in before}
    assert [d for d in migrate.differences() if "circulars" in str(d)] == []


def _back_to_0001(connection):
    """The table as the first migration made it, with its rows."""
    rows = connection.execute(text("SELECT * FROM circulars_draft")).mappings().all()
    connection.execute(text("DROP TABLE circulars_letter"))
    connection.execute(text("DROP TABLE circulars_draft"))
    with Operations.context(MigrationContext.configure(connection)):
        owner = next(o for o in migrate.owners() if o.name == "circulars")
        owner.script().get_revision("circulars_0001").module.upgrade()
    for row in rows:
        names = [name for name in row if name not in ("replaces_id", "replaced_at", "form", "restricted")]
        marks = ", ".join(f":{name}" for name in names)
        values = {
            name: json.dumps(v) if isinstance(v, dict) else v for name, v in row.items() if name in names
        }
        connection.execute(text(f"INSERT INTO circulars_draft ({', '.join(names)}) VALUES ({marks})"), values)
    connection.execute(text("UPDATE alembic_circulars SET version_num = 'circulars_0001'"))


def test_another_office_sees_nothing(issued, make_office, make_user):
    stranger = actor_of(make_user("editor", "issuer", office=make_office("qita")))

    with pytest.raises(NotFound):
        queries.one(stranger, issued.id)
    assert db.session.scalars(queries.listing(stranger)).all() == []


def test_drafts_are_for_the_desk_only(desk, closed):
    with pytest.raises(NotFound):
        queries.one(desk.leader, closed.id)
    assert db.session.scalars(queries.listing(desk.informant)).all() == []


def test_gaps_are_closed_periods_without_a_circular(desk, closed):
    assert queries.gaps(desk.editor) == []
    with transaction():
        db.session.delete(db.session.get_one(CircularDraft, closed.id))

    assert [(gap.period_key, gap.kind.id) for gap in queries.gaps(desk.editor)] == [(FEBRUARY, "ranking")]
    assert services.draft(desk.editor, desk.office_id, FEBRUARY).drafted_by_id == desk.editor.id


def test_a_withdrawn_fact_after_closing_stays_in_the_closed_circular(desk, closed, quick):
    first = db.session.scalars(select(facts.Fact).where(facts.Fact.kind == "adopted")).first()
    with transaction():
        facts.withdraw(desk.editor, first, "误登")
    services.submit(desk.editor, closed.id, closed.version)
    issuing.issue(desk.issuer, closed.id)

    assert quick[0]["annexes"][0]["tables"][0]["rows"][0][-1] == "42.5"
