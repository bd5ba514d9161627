"""Publishing: number, facts, states and document together or not at all; second eyes; withdrawal."""

import re

import pdfplumber
import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import Fact
from core.files import store as files
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import actor_of
from plugins.journal import board, publishing, services, signing
from plugins.journal.models import JournalComposer, JournalIssue
from plugins.journal.publishing import publish
from tests.faults import all_or_nothing
from tests.tools.measure_gb9704 import measure


def test_publishing_gives_numbers_freezes_text_and_records_facts(
    issuer, awaiting, quick_pages, watch, make_unit, make_submission
):
    second = make_unit("乙局", short_name="乙局", kind="bureau")
    issue = awaiting("示例县启动春耕", joint=[second])

    publish(issuer, issue.id, issue.version)

    item = issue.items[0]
    assert (issue.state, issue.year, issue.number, issue.total) == ("published", 2026, 1, 36)
    assert (issue.label, issue.total_text, issue.published_by_id) == (
        "《政务要情》2026年第1期",
        "总第36期",
        issuer.id,
    )
    assert (item.title, item.source, item.column_title, item.outlet) == (
        "示例县启动春耕",
        "甲县、乙局",
        "工作动态",
        "zwyq",
    )
    assert item.body == item.submission.body and item.submission.state == "adopted"
    fact = db.session.get(Fact, item.fact_id)
    assert (fact.kind, fact.on, fact.item, fact.attrs) == (
        "adopted", issue.dated, item.submission.item_key, {"outlet": "zwyq", "genre": "work_news"}
    )  # fmt: skip
    assert [(u.role, u.weight) for u in fact.units] == [("主报", None), ("协报", None)]
    assert [u.unit_id for u in fact.units] == [c.unit_id for c in item.submission.contributors]
    assert (issue.document.title, issue.document.number, issue.document.dated) == (
        issue.label,
        "总第36期",
        issue.dated,
    )
    assert issue.document.read_permission == "journal.read"


def test_the_fact_names_the_authors_in_order(issuer, awaiting, quick_pages):
    issue = awaiting(authors=["张三", "李四", "张三"])

    publish(issuer, issue.id, issue.version)

    fact = db.session.get(Fact, issue.items[0].fact_id)
    assert [(p.name, p.unit_id) for p in fact.persons] == [
        ("张三", issue.items[0].submission.unit_id),
        ("李四", issue.items[0].submission.unit_id),
    ]
    assert [u.role for u in fact.units] == [""]


def test_the_template_receives_plain_values(issuer, editor, awaiting, quick_pages, watch):
    publish(issuer, awaiting("第一条", "第二条").id)

    values = quick_pages[0]
    assert (values["masthead"], values["issue_line"], values["proof"]) == (
        "政务要情",
        "第1期（总第36期）",
        False,
    )
    assert (values["office"], values["editor"]) == ("示例市人民政府办公室信息科", editor.name)
    assert values["distribution"] == [{"label": "报", "to": "示例1市领导。"}]
    assert [(c["title"], [i["title"] for i in c["items"]]) for c in values["columns"]] == [
        ("工作动态", ["第一条", "第二条"])
    ]


def test_the_column_gives_the_outlet(editor, issuer, make_unit, make_submission, quick_pages):
    point = make_unit("丙直报点", kind="direct_report_point")
    issue = services.create_issue(editor, "zwyq")
    services.add_item(editor, issue.id, make_submission("received", unit=point).id, "grassroots")
    signing.send_for_signature(editor, issue.id)

    publish(issuer, issue.id)

    assert db.session.scalar(select(Fact).where(Fact.kind == "adopted")).attrs["outlet"] == "zwyq-jc"


def test_numbers_run_on_and_start_again_each_year(issuer, awaiting, quick_pages, watch):
    first, second = awaiting(), awaiting("第二期")
    publish(issuer, first.id)
    publish(issuer, second.id)
    watch.move(days=366)
    third = awaiting("第三期")

    publish(issuer, third.id)

    assert [(i.year, i.number, i.total) for i in (first, second, third)] == [
        (2026, 1, 36),
        (2026, 2, 37),
        (2027, 1, 38),
    ]


def test_each_journal_has_its_own_numbers(issuer, awaiting, quick_pages, watch):
    publish(issuer, awaiting().id)
    other = awaiting("快讯一条", journal="zwkx")

    publish(issuer, other.id)

    assert (other.number, other.total, other.total_text) == (1, None, "")


def test_composers_do_not_sign_their_own_issue(
    pack, make_user, issuer, awaiting, make_submission, quick_pages
):
    both = actor_of(make_user("editor", "issuer"))
    issue = services.create_issue(both, "zwyq")
    services.add_item(both, issue.id, make_submission("editing").id, "news")
    signing.send_for_signature(both, issue.id)

    with pytest.raises(PermissionDenied, match="编发人不能签发"):
        publish(both, issue.id)

    assert publish(issuer, issue.id).state == "published"


@pytest.mark.parametrize("change", ["add", "move", "remove", "recall"])
def test_an_earlier_composer_does_not_sign_either(
    editor, issuer, make_user, make_submission, awaiting, quick_pages, change
):
    both = actor_of(make_user("editor", "issuer", name="先编后签"))
    issue = awaiting("第一条", "第二条")
    if change == "recall":
        signing.recall(both, issue.id)
    else:
        signing.recall(editor, issue.id)
    if change == "add":
        services.add_item(both, issue.id, make_submission("editing", genre="problem").id, "advice")
    elif change == "move":
        board.step(both, issue.id, issue.items[0].id, 1)
    elif change == "remove":
        board.take_out(both, issue.id, issue.items[0].id)
    # Somebody else changes the issue afterwards, and sends it.
    board.edit(editor, issue.id, issue.items[0].id, {"note": "按语"}, {})
    signing.send_for_signature(editor, issue.id)

    with pytest.raises(PermissionDenied, match="自己编排过的刊物"):
        publish(both, issue.id, issue.version)

    publish(issuer, issue.id, issue.version)
    db.session.rollback()
    kept = db.session.scalars(select(JournalComposer.user_id).where(JournalComposer.issue_id == issue.id))
    assert set(kept) == {editor.id, both.id}


def test_only_an_issuer_of_the_office_publishes(
    editor, issuer, awaiting, make_office, make_user, staff, unit, quick_pages
):
    issue = awaiting()

    with pytest.raises(PermissionDenied):
        publish(editor, issue.id)
    for stranger in (actor_of(make_user("issuer", office=make_office())), staff("leader", unit)):
        with pytest.raises(NotFound):
            publish(stranger, issue.id)


def test_a_draft_is_not_published_and_an_issue_only_once(editor, issuer, awaiting, quick_pages):
    with pytest.raises(Conflict, match="编辑中"):
        publish(issuer, services.create_issue(editor, "zwyq").id)
    issue = awaiting()
    publish(issuer, issue.id)

    with pytest.raises(Conflict, match="已签发"):
        publish(issuer, issue.id)


def test_a_text_revised_after_it_was_sent_is_not_signed(editor, issuer, awaiting, quick_pages):
    issue = awaiting("春耕启动")
    item = issue.items[0].submission
    submissions.revise(editor, item.id, item.version, "春耕全面启动", from_plain("又有修改。"))

    with pytest.raises(Conflict, match="稿件又有修改.*春耕全面启动"):
        publish(issuer, issue.id)

    signing.send_back(issuer, issue.id, "请核对")
    signing.send_for_signature(editor, issue.id)
    assert publish(issuer, issue.id).items[0].title == "春耕全面启动"


def test_a_text_revised_while_the_pages_are_made_is_not_signed(
    editor, issuer, awaiting, quick_pages, monkeypatch
):
    issue = awaiting()
    item, render = issue.items[0].submission, publishing.store.render

    def slow(files, values, **how):
        submissions.revise(editor, item.id, item.version, "改过的标题", from_plain("改过的正文。"))
        return render(files, values, **how)

    monkeypatch.setattr(publishing.store, "render", slow)

    with pytest.raises(Conflict, match="又有修改"):
        publish(issuer, issue.id)


@pytest.mark.postgres
def test_a_power_cut_before_any_write_leaves_everything_as_it_was(issuer, awaiting, quick_pages, watch):
    issue_id = awaiting("第一条", "第二条").id

    steps = all_or_nothing(lambda: publish(issuer, issue_id))

    db.session.rollback()
    issue = db.session.get(JournalIssue, issue_id)
    assert (issue.state, issue.number, issue.total) == ("published", 1, 36)
    assert {item.submission.state for item in issue.items} == {"adopted"}
    assert [bool(item.fact_id) for item in issue.items] == [True, True] and issue.document.docx_sha256
    for written in ("file", "INSERT INTO number_series", "INSERT INTO issued_document", "INSERT INTO fact",
                    "INSERT INTO notice", "INSERT INTO journal_delivery", "INSERT INTO audit_record"):  # fmt: skip
        assert written in steps


def test_a_withdrawn_adoption_reverses_its_fact_and_frees_the_item(issuer, editor, awaiting, quick_pages):
    issue = publish(issuer, awaiting("第一条", "第二条").id)
    item, pdf = issue.items[0], issue.document.pdf_sha256

    publishing.withdraw_adoption(issuer, item.id, "数据有误")

    reversal = db.session.scalar(select(Fact).where(Fact.reverses_id == item.fact_id))
    assert reversal.reason == "数据有误" and item.submission.state == "editing"
    assert (item.withdrawn_by_id, item.withdrawn_reason) == (issuer.id, "数据有误")
    assert issue.document.pdf_sha256 == pdf and issue.items[1].submission.state == "adopted"
    again = services.create_issue(editor, "zwyq")
    services.add_item(editor, again.id, item.submission_id, "news")
    signing.send_for_signature(editor, again.id)
    assert publish(issuer, again.id).number == 2


def test_a_withdrawal_needs_reason_right_and_a_standing_adoption(issuer, editor, awaiting, quick_pages):
    item = publish(issuer, awaiting().id).items[0]

    with pytest.raises(InvalidInput, match="理由"):
        publishing.withdraw_adoption(issuer, item.id, "")
    with pytest.raises(PermissionDenied):
        publishing.withdraw_adoption(editor, item.id, "数据有误")
    publishing.withdraw_adoption(issuer, item.id, "数据有误")
    with pytest.raises(Conflict):
        publishing.withdraw_adoption(issuer, item.id, "再撤一次")


def test_a_power_cut_during_a_withdrawal_changes_nothing(issuer, awaiting, quick_pages):
    item_id = publish(issuer, awaiting("第一条", "第二条").id).items[0].id

    steps = all_or_nothing(lambda: publishing.withdraw_adoption(issuer, item_id, "数据有误"))

    assert "INSERT INTO fact" in steps and steps.count("INSERT INTO audit_record") == 3


def test_the_printed_issue_keeps_the_standard_page(issuer, awaiting, real_pages, tmp_path, watch):
    sentence = "全市坚持问题导向，逐项梳理群众反映集中的事项，明确责任单位和完成时限，逐月调度、逐项销号。"
    body = "\n\n".join(f"第{n}段。" + sentence * 5 for n in range(1, 12))
    issue = publish(issuer, awaiting("关于建立群众诉求限时办结机制的做法", "示例县启动春耕", body=body).id)
    path = tmp_path / "issue.pdf"
    path.write_bytes(files().get(issue.document.pdf_sha256))

    with pdfplumber.open(path) as document:
        words = re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))

    assert measure(str(path))["ok"]
    assert issue.document.pages >= 4 and "校样" not in words
    for printed in ("第1期（总第36期）", "（甲县）", "报：示例1市领导。", "共印120份", "【工作动态】"):
        assert printed in words


def test_a_proof_is_marked_and_ends_with_publication(editor, issuer, awaiting, quick_pages):
    issue = awaiting()

    assert "校　样" in publishing.proof_html(editor, issue.id)

    publish(issuer, issue.id)
    with pytest.raises(Conflict, match="已经签发"):
        publishing.proof_html(editor, issue.id)
