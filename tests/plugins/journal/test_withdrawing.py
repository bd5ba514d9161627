"""A published issue as a whole: withdrawn, restored, corrected; facts, states, document, readers; all or nothing."""

import pytest
from sqlalchemy import func, select

from core.accounts.models import User
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import Fact
from core.notices.models import Notice
from core.submissions import services as submissions
from core.submissions.text import from_plain, plain
from core.testing import login
from plugins.journal import (
    board,
    correcting,
    deliveries,
    services,
    signing,
    undoing,
    withdrawing,
)
from plugins.journal.models import JournalIssue
from plugins.journal.publishing import publish, withdraw_adoption
from tests.faults import all_or_nothing, tables


@pytest.fixture
def reader(pack, staff, unit):
    """Somebody of a unit that every issue goes to."""
    return staff("informant", unit)


@pytest.fixture
def published(issuer, awaiting, quick_pages, reader):
    """A published issue with two items."""

    def make(*titles):
        return publish(issuer, awaiting(*(titles or ("第一条", "第二条"))).id)

    return make


def standing_facts():
    """How many adoptions stand."""
    gone = select(Fact.reverses_id).where(Fact.reverses_id.is_not(None))
    query = select(func.count()).select_from(Fact).where(Fact.kind == "adopted", Fact.id.not_in(gone))
    return db.session.scalar(query)


def unread(person):
    """What a person was told about issues and has not read."""
    query = select(Notice.text).where(
        Notice.user_id == person.id, Notice.read_at.is_(None), Notice.about.startswith("issue:")
    )
    return list(db.session.scalars(query.order_by(Notice.id)))


@pytest.mark.postgres
def test_a_withdrawn_issue_counts_no_more_and_its_readers_are_told(issuer, reader, published):
    issue = published()
    pdf = issue.document.pdf_sha256
    assert unread(reader) == [f"{issue.label}已刊发，请阅读"] and deliveries.count_unread(reader) == 1

    withdrawing.withdraw(issuer, issue.id, "文件涉密", issue.version)

    assert (issue.state, issue.standing, issue.number) == ("published", "withdrawn", 1)
    assert standing_facts() == 0 and {item.submission.state for item in issue.items} == {"editing"}
    assert unread(reader) == [f"{issue.label}已撤回，请勿再传阅、引用：文件涉密"]
    assert deliveries.count_unread(reader) == 0
    word = issue.document.last_word
    assert (word.standing, word.note, issue.document.pdf_sha256) == ("withdrawn", "文件涉密", pdf)


def test_the_number_of_a_withdrawn_issue_stays_used_and_its_items_may_be_printed_again(
    editor, issuer, published
):
    issue = published("第一条")
    withdrawing.withdraw(issuer, issue.id, "重复刊发")
    again = services.create_issue(editor, "zwyq")
    services.add_item(editor, again.id, issue.items[0].submission_id, "news")
    signing.send_for_signature(editor, again.id)

    assert publish(issuer, again.id).number == 2
    with pytest.raises(Conflict, match="已另行处理|不能"):
        withdrawing.restore(issuer, _moved_on(editor, issuer, published).id, "误撤")


def _moved_on(editor, issuer, published):
    """A withdrawn issue whose item stands in a new draft."""
    issue = published("又一条")
    withdrawing.withdraw(issuer, issue.id, "重复刊发")
    draft = services.create_issue(editor, "zwyq")
    services.add_item(editor, draft.id, issue.items[0].submission_id, "news")
    return issue


def test_withdrawing_twice_does_nothing_more_and_needs_right_and_reason(editor, issuer, published):
    issue = published()
    with pytest.raises(PermissionDenied):
        withdrawing.withdraw(editor, issue.id, "有误")
    with pytest.raises(InvalidInput, match="理由"):
        withdrawing.withdraw(issuer, issue.id, " ")
    withdrawing.withdraw(issuer, issue.id, "有误", issue.version)
    before = tables()

    withdrawing.withdraw(issuer, issue.id, "再撤一次", 1)

    assert tables() == before


@pytest.mark.postgres
def test_a_withdrawal_taken_back_counts_again_for_the_same_day(issuer, reader, published, watch):
    issue = published()
    withdraw_adoption(issuer, issue.items[1].id, "数据有误")
    day = db.session.get(Fact, issue.items[0].fact_id).on
    for _ in range(2):
        watch.move(days=3)
        withdrawing.withdraw(issuer, issue.id, "误认为涉密")
        withdrawing.restore(issuer, issue.id, "核实不涉密")

    assert issue.standing == "valid" and issue.document.standing == "valid" and standing_facts() == 1
    assert db.session.get(Fact, issue.items[0].fact_id).on == day
    assert [item.submission.state for item in issue.items] == ["adopted", "editing"]
    assert issue.items[1].withdrawn_reason == "数据有误"
    assert unread(reader)[-1] == f"{issue.label}已恢复，可以继续使用：核实不涉密"


@pytest.mark.postgres
def test_an_adoption_taken_back_by_mistake_counts_again_with_the_text_as_printed(
    editor, issuer, published, watch
):
    issue = published()
    item = issue.items[0]
    day, submission = db.session.get(Fact, item.fact_id).on, item.submission
    withdraw_adoption(issuer, item.id, "数据有误")
    watch.move(days=3)
    submissions.revise(editor, submission.id, submission.version, "改过的标题", from_plain("改过的正文。"))

    for actor, reason, error in ((editor, "误撤", PermissionDenied), (issuer, " ", InvalidInput)):
        with pytest.raises(error):
            withdrawing.restore_adoption(actor, item.id, reason)
    withdrawing.restore_adoption(issuer, item.id, "误撤")

    assert (submission.state, submission.title) == ("adopted", item.title) and not item.withdrawn_at
    assert standing_facts() == 2 and db.session.get(Fact, item.fact_id).on == day
    for number in (item.id, issue.items[1].id):
        with pytest.raises(Conflict, match="现在不能恢复"):
            withdrawing.restore_adoption(issuer, number, "误撤")


def test_an_adoption_is_not_given_back_once_the_item_stands_elsewhere_or_its_issue_is_gone(
    editor, issuer, published
):
    issue = published()
    first, second = issue.items
    withdraw_adoption(issuer, first.id, "数据有误")
    withdraw_adoption(issuer, second.id, "数据有误")
    services.add_item(editor, services.create_issue(editor, "zwyq").id, first.submission_id, "news")

    with pytest.raises(Conflict, match="已另行处理"):
        withdrawing.restore_adoption(issuer, first.id, "误撤")
    withdrawing.withdraw(issuer, issue.id, "有误")
    with pytest.raises(Conflict, match="现在不能恢复"):
        withdrawing.restore_adoption(issuer, second.id, "误撤")
    with pytest.raises(NotFound):
        withdrawing.restore_adoption(issuer, 99_999, "误撤")


@pytest.mark.postgres
def test_a_correction_takes_the_place_of_an_issue_under_its_number(editor, issuer, reader, published):
    old = published()
    facts_before = {item.submission_id: item.fact_id for item in old.items}
    draft = correcting.start(editor, old.id, "第一条数字有误，应为 12 个")
    assert correcting.start(editor, old.id, "").id == draft.id
    assert (old.standing, standing_facts()) == ("valid", 2)
    first = draft.items[0]
    correcting.put_right(editor, draft.id, first.id, "第一条", from_plain("共 12 个。"))
    signing.send_for_signature(editor, draft.id)

    new = publish(issuer, draft.id)

    assert new.label == "《政务要情》2026年第1期（更正）" and (new.number, new.total) == (None, None)
    assert plain(new.items[0].body) == "共 12 个。" and "12" not in plain(old.items[0].body)
    assert (old.standing, old.document.standing) == ("corrected", "corrected")
    assert old.document.last_word.replaced_by_id == new.document_id
    # Nothing that counts has changed: the same facts stand, with what follows them.
    assert {item.submission_id: item.fact_id for item in new.items} == facts_before and standing_facts() == 2
    assert {item.submission.state for item in new.items} == {"adopted"}
    assert unread(reader) == [f"{new.label}已刊发，请阅读"] and deliveries.count_unread(reader) == 1
    assert published("下一期").number == 2


def test_what_a_correction_counts_otherwise_is_counted_anew_for_the_same_day(
    editor, issuer, published, watch, make_submission
):
    old = published()
    day = old.dated
    watch.move(days=40)
    draft = correcting.start(editor, old.id, "标题有误，第二条不应刊发")
    correcting.put_right(editor, draft.id, draft.items[0].id, "改后的标题", draft.items[0].body)
    board.take_out(editor, draft.id, draft.items[1].id)
    late = make_submission("editing", title="补刊一条", genre="problem")
    services.add_item(editor, draft.id, late.id, "advice")
    signing.send_for_signature(editor, draft.id)

    new = publish(issuer, draft.id)

    fact, added = (db.session.get(Fact, item.fact_id) for item in new.items)
    assert (fact.title, fact.on, added.on) == ("改后的标题", day, new.dated) and new.dated > day
    assert standing_facts() == 2 and old.items[1].submission.state == "editing"
    withdrawing.withdraw(issuer, new.id, "仍有误")
    assert standing_facts() == 0
    assert {item.submission.state for item in new.items} == {"editing"}
    with pytest.raises(Conflict, match="不能恢复"):
        withdrawing.restore(issuer, old.id, "以原期为准")


def test_a_correction_is_undone_sent_back_and_deleted_like_any_draft(editor, issuer, published):
    old = published()
    draft = correcting.start(editor, old.id, "有误")
    board.take_out(editor, draft.id, draft.items[0].id)
    undoing.undo(editor, draft.id)
    assert [item.replaces_id for item in draft.items] == [item.id for item in old.items]
    item = draft.items[0]
    correcting.put_right(editor, draft.id, item.id, "新标题", from_plain("新文字。"), draft.edits)
    undoing.undo(editor, draft.id)
    assert item.print_title == "第一条"
    signing.send_for_signature(editor, draft.id)
    withdrawing.withdraw(issuer, old.id, "整期作废")
    with pytest.raises(Conflict, match="已撤回，不能更正"):
        publish(issuer, draft.id)

    signing.recall(editor, draft.id)
    services.discard(editor, draft.id)

    assert old.standing == "withdrawn" and {one.submission.state for one in old.items} == {"editing"}


def test_a_second_correction_says_so(editor, issuer, published):
    first = correcting.start(editor, published("第一条").id, "有误")
    signing.send_for_signature(editor, first.id)
    publish(issuer, first.id)
    second = correcting.start(editor, first.id, "还有误")
    signing.send_for_signature(editor, second.id)

    assert publish(issuer, second.id).label == "《政务要情》2026年第1期（第2次更正）"
    assert standing_facts() == 1 and first.standing == "corrected"


@pytest.mark.postgres
def test_a_failure_at_any_write_of_a_withdrawal_or_its_reversal_changes_nothing(issuer, published):
    issue_id = published().id

    steps = all_or_nothing(lambda: withdrawing.withdraw(issuer, issue_id, "有误"))
    assert {"INSERT INTO fact", "INSERT INTO document_standing", "INSERT INTO notice"} <= set(steps)
    steps = all_or_nothing(lambda: withdrawing.restore(issuer, issue_id, "无误"))
    assert {"INSERT INTO fact", "INSERT INTO document_standing"} <= set(steps)


@pytest.mark.postgres
def test_a_failure_at_any_write_of_a_correction_changes_nothing(editor, issuer, published):
    old_id = published().id
    draft = correcting.start(editor, old_id, "有误")
    correcting.put_right(editor, draft.id, draft.items[0].id, "改后的标题", draft.items[0].body)
    board.take_out(editor, draft.id, draft.items[1].id)
    draft_id = signing.send_for_signature(editor, draft.id).id

    steps = all_or_nothing(lambda: publish(issuer, draft_id))

    assert {"INSERT INTO fact", "INSERT INTO document_standing"} <= set(steps)
    assert db.session.get(JournalIssue, old_id).standing == "corrected"


def _corrected(editor, issuer, old, reason="有误"):
    draft = correcting.start(editor, old.id, reason)
    signing.send_for_signature(editor, draft.id)
    return publish(issuer, draft.id)


@pytest.mark.postgres
def test_an_issue_corrected_twice_leads_its_readers_to_the_newest_at_once(
    client, editor, issuer, reader, published
):
    old = published("第一条")
    first = _corrected(editor, issuer, old)
    second = _corrected(editor, issuer, first, "还有误")
    assert correcting.newest(old) == correcting.newest(first) == correcting.newest(second) == second
    assert (old.document.newest, first.document.newest, second.document.newest) == (
        second.document, second.document, None,
    )  # fmt: skip

    for user in (reader, issuer):
        login(client, db.session.get_one(User, user.id))
        for issue in (old, first):
            page = client.get(f"/journals/{issue.id}").text
            assert f'请改阅<a href="/journals/{second.id}">{second.label}</a>' in page
            papers = client.get(f"/documents/{issue.document_id}").text
            assert f'现以<a href="/documents/{second.document_id}">' in papers
            warned = client.get(f"/documents/{issue.document_id}.pdf").text
            assert f'href="/documents/{second.document_id}">打开代替它的公文</a>' in warned
    assert "由哪份代替" in _verified(client, old) and str(second.document) in _verified(client, old)
    assert unread(reader) == [f"{second.label}已刊发，请阅读"]


def test_when_the_last_correction_is_withdrawn_nothing_is_said_to_stand(
    client, editor, issuer, reader, published
):
    old = published("第一条")
    second = _corrected(editor, issuer, _corrected(editor, issuer, old), "还有误")
    withdrawing.withdraw(issuer, second.id, "整期作废")
    login(client, db.session.get_one(User, reader.id))

    page, paper = (client.get(url).text for url in (f"/journals/{old.id}", f"/documents/{old.document_id}"))
    assert (
        f'但代替它的<a href="/journals/{second.id}">{second.label}</a>也已撤回' in page
        and "请改阅" not in page
    )
    assert "也已撤回" in paper and "为准" not in paper
    assert f"{second.document}（已撤回）" in _verified(client, old)
    assert standing_facts() == 0

    withdrawing.restore(issuer, second.id, "核实无误")
    assert "请改阅" in client.get(f"/journals/{old.id}").text and standing_facts() == 1


def _verified(client, issue):
    return client.submit("/verify", {"code": issue.document.check_code}).text
