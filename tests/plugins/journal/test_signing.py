"""Steps of signature as the pack names them: order, second eyes, sending back, notices, forced publication."""

from datetime import date

import pytest
from sqlalchemy import select

from core.accounts.models import User
from core.audit.trail import AuditRecord
from core.db import db
from core.errors import Conflict, Findings, InvalidInput, PermissionDenied
from core.notices.models import Notice
from core.packs import services as packs
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import actor_of, login
from plugins.journal import after, board, eyes, services, signing
from plugins.journal.publishing import publish
from plugins.journal.signing import Signature
from tests.plugins.journal.conftest import JOURNALS

STEPS = """\
    copies: 120
    marks: {urgency: {choices: [加急, 特急]}}
    sign_off:
      steps:
        - {id: check, title: 核稿, roles: [editor]}
        - {id: review, title: 审核, roles: [issuer], posts: [科长], optional_when: [特急]}
        - {id: sign, title: 签发}
      approve_within: 2
"""


@pytest.fixture
def stepped(pack, pack_folder, office):
    """The same pack, now with three steps."""
    found, _ = packs.install(None, pack_folder(JOURNALS.replace("    copies: 120\n", STEPS), "1.1.0"))
    packs.activate(None, office.id, found.id, date(2024, 1, 2))


@pytest.fixture
def checker(stepped, make_user):
    return actor_of(make_user("editor", name="核稿人"))


@pytest.fixture
def head(stepped, make_user):
    return actor_of(make_user("issuer", name="科长", post="科长"))


def told(person, unread=True):
    """The texts of a person's notices."""
    query = select(Notice.text).where(Notice.user_id == person.id)
    return list(
        db.session.scalars((query.where(Notice.read_at.is_(None)) if unread else query).order_by(Notice.id))
    )


def kinds(issue):
    return [one.kind for one in eyes.decisions(issue.id)]


def test_an_issue_goes_through_the_steps_of_the_pack_and_each_is_on_record(
    editor, checker, head, issuer, awaiting, quick_pages
):
    issue = awaiting()
    assert issue.state_title == "待核稿" and len(told(checker)) == 1 and told(head) == []

    signing.approve(checker, issue.id, issue.version, "核对无误")
    assert (issue.state_title, told(checker)) == ("待审核", [])
    signing.approve(head, issue.id, issue.version)
    assert issue.state_title == "待签发" and told(issuer) == [f"{issue.label}待您签发"]
    publish(issuer, issue.id, issue.version, Signature("同意印发"))

    log = [(one.words, one.by_id, one.remark) for one in eyes.decisions(issue.id)]
    assert log == [
        ("送签", editor.id, ""), ("核稿同意", checker.id, "核对无误"), ("审核同意", head.id, ""),
        ("签发", issuer.id, "同意印发"),
    ]  # fmt: skip
    assert issue.label + "已由" + issuer.name + "签发" in told(editor)


def test_nobody_takes_a_step_out_of_turn_of_others_or_of_what_they_composed(
    editor, checker, head, issuer, make_user, awaiting, quick_pages
):
    issue = awaiting()

    for actor, words in ((head, "不由您办理"), (editor, "编发人不能核稿")):
        with pytest.raises(PermissionDenied, match=words):
            signing.approve(actor, issue.id)
    with pytest.raises(Conflict, match="还没有核稿、审核"):
        publish(issuer, issue.id)
    signing.approve(checker, issue.id)
    with pytest.raises(PermissionDenied, match="不由您办理"):
        signing.approve(issuer, issue.id)
    signing.approve(head, issue.id)
    with pytest.raises(PermissionDenied, match="您已办理“审核”"):
        publish(head, issue.id)
    with pytest.raises(Conflict, match="最后一步"):
        signing.approve(issuer, issue.id)
    assert issue.state == "awaiting" and publish(issuer, issue.id).state == "published"


def test_what_is_sent_back_starts_anew_or_returns_to_the_step_before(editor, checker, head, awaiting):
    issue = awaiting()
    signing.approve(checker, issue.id)

    with pytest.raises(InvalidInput, match="理由"):
        signing.send_back(head, issue.id, " ")
    signing.send_back(head, issue.id, "数字再核", previous=True)
    assert issue.state_title == "待核稿" and told(checker) == [f"{issue.label}待您核稿（审核退回：数字再核）"]
    signing.approve(checker, issue.id)
    signing.send_back(head, issue.id, "重写导语")
    assert (issue.state, issue.sent_back_reason) == ("draft", "重写导语")
    assert any("重写导语" in text for text in told(editor))
    signing.send_for_signature(editor, issue.id)

    assert issue.state_title == "待核稿" and eyes.approvals(issue, eyes.decisions(issue.id)) == {}
    assert kinds(issue) == ["sent", "approved", "previous", "approved", "back", "sent"]


def test_who_took_a_step_takes_it_back_before_the_next_is_taken(editor, checker, head, issuer, awaiting):
    issue = awaiting()
    signing.approve(checker, issue.id, remark="看错了一期")

    for actor in (editor, head, issuer):
        with pytest.raises(PermissionDenied, match="没有可以收回的意见"):
            signing.retract(actor, issue.id)
    signing.retract(checker, issue.id, issue.version)
    assert issue.state_title == "待核稿" and told(head) == [] and told(checker) == []
    assert eyes.approvals(issue, eyes.decisions(issue.id)) == {}
    assert eyes.decisions(issue.id)[-1].words == "收回核稿意见"

    signing.approve(checker, issue.id)
    signing.approve(head, issue.id)
    with pytest.raises(PermissionDenied, match="请与签发的人联系"):
        signing.retract(checker, issue.id)
    signing.retract(head, issue.id)
    signing.send_back(head, issue.id, "数字再核", previous=True)
    with pytest.raises(PermissionDenied):
        signing.retract(checker, issue.id)


def test_the_page_offers_to_take_back_only_what_is_ones_own(client, checker, head, awaiting, make_user):
    issue = awaiting()
    signing.approve(checker, issue.id)
    word = "收回我的核稿意见"

    login(client, db.session.get(User, head.id))
    assert word not in client.get(f"/journals/{issue.id}").text
    login(client, db.session.get(User, checker.id))
    assert word in client.get(f"/journals/{issue.id}").text
    said = client.submit(
        f"/journals/{issue.id}/retract", {"version": issue.version}, follow_redirects=True
    ).text
    assert "已收回意见" in said and "收回核稿意见" in said and word not in said
    assert issue.state_title == "待核稿"


def test_a_change_after_an_approval_voids_it(editor, checker, head, awaiting):
    issue = awaiting("春耕启动")
    signing.approve(checker, issue.id)
    item = issue.items[0].submission
    submissions.revise(editor, item.id, item.version, "春耕全面启动", from_plain("又有修改。"))

    with pytest.raises(Conflict, match="稿件又有修改，不能审核"):
        signing.approve(head, issue.id)
    signing.recall(editor, issue.id)
    assert told(head) == []
    signing.send_for_signature(editor, issue.id)

    assert issue.state_title == "待核稿" and not eyes.approvals(issue, eyes.decisions(issue.id))


def test_a_step_is_left_out_only_of_an_issue_as_urgent_as_the_pack_says(
    editor, checker, issuer, awaiting, make_submission
):
    issue = services.create_issue(editor, "zwyq")
    services.add_item(editor, issue.id, make_submission("editing").id, "news")

    with pytest.raises(InvalidInput, match="“审核”不能省去"):
        signing.send_for_signature(editor, issue.id, skip=("review",))
    issue.urgency = "特急"
    db.session.commit()
    signing.send_for_signature(editor, issue.id, skip=("review",))
    signing.approve(checker, issue.id)

    assert issue.state_title == "待签发" and "skipped" in kinds(issue)


def test_the_pack_in_force_later_does_not_change_an_issue_on_its_way(
    editor, checker, awaiting, pack_folder, office
):
    issue = awaiting()

    found, _ = packs.install(None, pack_folder(version="1.2.0"))
    packs.activate(None, office.id, found.id, date(2024, 1, 3))

    assert issue.state_title == "待核稿" and signing.approve(checker, issue.id).state_title == "待审核"


def test_an_item_that_its_unit_calls_back_ends_the_round(editor, checker, awaiting):
    issue = awaiting("第一条", "第二条")
    services.drop(issue.items[0].submission_id)

    assert (issue.state, told(checker), kinds(issue)) == ("draft", [], ["sent", "left"])


def test_a_forced_publication_is_marked_told_and_approved_by_another(
    stepped, make_user, make_submission, issuer, quick_pages, watch
):
    both = actor_of(make_user("editor", "issuer", name="值班主任"))
    issue = services.create_issue(both, "zwyq")
    services.add_item(both, issue.id, make_submission("editing").id, "news")
    signing.send_for_signature(both, issue.id)

    publish(both, issue.id, None, Signature(forced="汛情紧急"))

    assert (issue.state, issue.forced) == ("published", "pending") and not after.overdue(issue)
    forced = eyes.decisions(issue.id)[-1]
    assert (forced.kind, forced.title, forced.remark) == (
        "forced",
        "核稿、审核未办，编排人自行签发",
        "汛情紧急",
    )
    noted = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "先签发、后补审批")).one()
    assert "汛情紧急" in str(noted.detail)
    assert any("补审批" in text for text in told(issuer)) and [i.id for i in after.waiting(issuer).mine] == [
        issue.id
    ]
    with pytest.raises(PermissionDenied, match="不能自己补审批"):
        after.decide(both, issue.id, True)
    watch.move(days=10)
    assert after.waiting(issuer).late == 1

    after.decide(issuer, issue.id, True, "情况属实")

    assert issue.forced == "approved" and not after.waiting(issuer).mine and "情况属实" in told(both)[-1]
    with pytest.raises(Conflict, match="不需要补审批"):
        after.decide(issuer, issue.id, False, "再想")


def test_a_refused_approval_asks_for_withdrawal_and_force_is_not_for_ordinary_signatures(
    editor, checker, head, issuer, awaiting, quick_pages
):
    issue = awaiting()
    publish(issuer, issue.id, None, Signature(forced="会议急用"))
    with pytest.raises(InvalidInput, match="理由"):
        after.decide(head, issue.id, False)
    after.decide(head, issue.id, False, "口径有误")
    assert issue.forced == "refused" and "请撤回或更正" in told(issuer)[-1]
    assert [i.id for i in after.waiting(issuer).refused] == [issue.id]

    ordinary = awaiting("第二期")
    signing.approve(checker, ordinary.id)
    signing.approve(head, ordinary.id)
    with pytest.raises(Conflict, match="可以直接签发"):
        publish(issuer, ordinary.id, None, Signature(forced="图省事"))
    with pytest.raises(PermissionDenied):
        publish(editor, ordinary.id, None, Signature(forced="急"))


def test_an_editor_composing_after_approval_takes_no_step(editor, checker, head, awaiting):
    issue = awaiting("第一条")
    signing.approve(checker, issue.id)
    signing.recall(checker, issue.id)
    board.edit(checker, issue.id, issue.items[0].id, {"note": "按语"}, {})
    signing.send_for_signature(editor, issue.id)

    with pytest.raises(PermissionDenied, match="编发人不能核稿"):
        signing.approve(checker, issue.id)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("roles: [leader]", "角色“leader”不能办理“核稿”"),
        ("title: 签发}", "审签步骤名称“签发”重复"),
        ("optional_when: [特提]", "这一刊物不会标注“特提”"),
    ],
)
def test_a_pack_with_impossible_steps_is_refused(pack, pack_folder, change, words):
    bad = {
        "roles: [leader]": STEPS.replace("roles: [editor]", change),
        "title: 签发}": STEPS.replace("title: 核稿, roles: [editor]}", change),
        "optional_when: [特提]": STEPS.replace("optional_when: [特急]", change),
    }[change]

    with pytest.raises(Findings) as caught:
        packs.registry().examine(pack_folder(JOURNALS.replace("    copies: 120\n", bad), "1.1.0"))

    assert words in "".join(map(str, caught.value.errors))
