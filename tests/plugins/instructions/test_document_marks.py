"""What a leader wrote on is withdrawn, corrected, stands again: pages say so and everybody who acts on it is told."""

import pytest
from sqlalchemy import select

from core import facts
from core.db import db, transaction
from core.documents import standing
from core.documents.workbook import no_one
from core.notices.models import Notice
from core.testing import actor_of, login
from plugins.instructions import answering, papers, register, services, tasks
from plugins.instructions.answering import Draft
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_services import TODAY, scores

TITLE = "政务要情第1期"


@pytest.fixture
def issue(desk, make_document):
    return make_document(title=TITLE, dated=TODAY)


@pytest.fixture
def found(desk, issue):
    """A leader's instruction on the whole document, passed on to the other unit."""
    new = NewInstruction(
        0, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id, document_id=issue.id
    )
    return services.record(desk.leader, new)


@pytest.fixture
def task(desk, found):
    return tasks.route(desk.editor, found.id, Routing([desk.joint.id]))[0]


@pytest.fixture
def handler(desk, make_user):
    """Who answers in the unit that handles it."""
    return make_user("informant", unit=desk.joint)


def marked(desk, document, how, note="数据有误", by=None):
    with transaction():
        standing.mark(desk.editor, document, how, note, by)


def told(user) -> list[str]:
    query = select(Notice.text).where(Notice.user_id == user.id, Notice.about.like("%:document"))
    return list(db.session.scalars(query.order_by(Notice.id)))


def standing_facts() -> int:
    gone = select(facts.Fact.reverses_id).where(facts.Fact.reverses_id.is_not(None))
    query = select(facts.Fact.id).where(facts.Fact.kind == "instructed", facts.Fact.id.not_in(gone))
    return len(list(db.session.scalars(query)))


@pytest.mark.postgres
def test_a_withdrawn_document_is_told_to_desk_leader_and_unit_at_work(desk, issue, task, handler, user_of):
    marked(desk, issue, "withdrawn")

    assert told(user_of(desk.editor)) == [f"李市长批示的《{issue}》已撤回，请确定承办单位是否继续办理"]
    assert told(user_of(desk.leader)) == [f"您批示的《{issue}》已撤回"]
    assert told(handler) == [f"李市长批示的《{issue}》已撤回；批示仍在办理，如有变化另行通知"]
    # Why it was withdrawn is for its readers, and the unit may not be one.
    assert "数据有误" not in "".join(told(handler))


def test_when_it_stands_again_the_old_notices_go_and_new_ones_say_so(desk, issue, task, handler, user_of):
    marked(desk, issue, "withdrawn")
    marked(desk, issue, "valid", "原撤回有误")

    assert told(handler) == [f"李市长批示的《{issue}》已恢复有效"]
    assert told(user_of(desk.editor)) == [f"李市长批示的《{issue}》已恢复有效"]


def test_a_corrected_document_names_what_stands_in_its_place(desk, issue, task, handler, make_document):
    newer = make_document(title=f"{TITLE}（更正）", dated=TODAY)
    marked(desk, issue, "corrected", by=newer)

    assert told(handler) == [f"李市长批示的《{issue}》已由《{newer}》更正；批示仍在办理，如有变化另行通知"]


def test_who_has_answered_or_was_relieved_is_not_told(desk, issue, task, handler, user_of):
    tasks.cancel(desk.editor, task.id, task.version, "转错单位")
    marked(desk, issue, "withdrawn")

    assert told(handler) == []
    assert told(user_of(desk.editor)) == [f"李市长批示的《{issue}》已撤回"]


def test_a_withdrawn_instruction_is_not_spoken_of(desk, issue, found, user_of):
    services.withdraw(desk.leader, found.id, "登记有误")
    marked(desk, issue, "withdrawn")

    assert told(user_of(desk.editor)) == []


def test_a_withdrawn_instruction_is_not_called_in_force_on_its_pages(
    client, desk, issue, found, task, user_of, handler
):
    marked(desk, issue, "corrected", by=None)
    pages = {desk.leader: f"/instructions/{found.id}", actor_of(handler): f"/instructions/tasks/{task.id}"}

    def shown():
        for who, page in pages.items():
            login(client, user_of(who))
            text = client.get(page).text
            yield (
                "批示仍然有效" in text,
                "已撤销" in text,
                "前反馈" in text.partition("<h1")[2].partition("</div>")[0],
            )

    assert list(shown()) == [(True, False, False), (True, False, True)]
    services.withdraw(desk.leader, found.id, "写错了")
    assert list(shown()) == [(False, True, False), (False, True, False)]


@pytest.mark.parametrize("how, words", [("withdrawn", "已撤回"), ("corrected", "已更正")])
def test_pages_papers_and_register_say_what_has_become_of_the_document(
    client, desk, issue, found, task, handler, user_of, how, words
):
    pages = (f"/instructions/{found.id}", f"/instructions/tasks/{task.id}")
    lists = ("/instructions/", "/instructions/tasks")
    users = {"handler": handler, "editor": user_of(desk.editor), "leader": user_of(desk.leader)}
    for user in users.values():
        login(client, user)
        assert all("所批示的文件" not in client.get(page).text for page in pages)

    marked(desk, issue, how)

    named = f"{issue}（{words}）"
    for user in users.values():
        login(client, user)
        assert all(f"所批示的文件{words}" in client.get(page).text for page in pages)
        assert all(named in client.get(page).text for page in lists)
    assert papers.remark(desk.editor, found.id).values["subject"] == f"《{issue}》（{words}）"
    assert papers.routing(desk.editor, task.id).values["subject"] == f"《{issue}》（{words}）"
    assert named in str(register.sheets(desk.editor, {}, no_one))


def test_the_instruction_stays_in_force_and_counts_and_the_unit_can_answer(desk, issue, found, task, handler):
    services.choose_items(desk.editor, found.id, [])
    before, points = standing_facts(), scores(desk)
    marked(desk, issue, "withdrawn")

    assert (standing_facts(), scores(desk)) == (before, points)
    assert answering.write(actor_of(handler), task.id, task.version, Draft("已办理。")).state == "awaiting"
