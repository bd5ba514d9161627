"""What a journal tells others about its issued documents: the items printed in them, where they are read, blocks."""

from types import ModuleType

import pytest

from core.db import db
from core.hookspecs import Panel, hookimpl
from core.plugins import collect
from core.testing import login
from plugins.journal import publishing


@pytest.fixture
def issue(issuer, awaiting, quick_pages):
    return publishing.publish(issuer, awaiting("第一条", "第二条").id)


def test_an_issue_tells_its_items_in_order_and_where_it_is_read(app, issue):
    keys = [item.submission.item_key for item in issue.items]

    assert collect("document_items", document_id=issue.document_id) == keys
    assert len(keys) == 2
    assert collect("document_items", document_id=issue.document_id + 1) == []
    with app.test_request_context():
        assert collect("document_pages", document_id=issue.document_id) == [f"/journals/{issue.id}"]
        assert collect("document_pages", document_id=issue.document_id + 1) == []


def test_an_issue_tells_its_secrecy_mark_to_papers_made_about_it(issue):
    assert collect("document_secrecy", document_id=issue.document_id) == []

    issue.secrecy, issue.secrecy_years = "秘密", 1
    db.session.flush()
    assert collect("document_secrecy", document_id=issue.document_id) == ["秘密★1年"]
    db.session.rollback()


def test_blocks_of_other_plugins_stand_on_the_page_of_an_issue(app, client, issue, make_user):
    other = ModuleType("other")
    other.document_panels = hookimpl(document_panels)
    app.extensions["yaoqing"].plugins.manager.register(other, "other")
    login(client, make_user("editor", "issuer"))

    assert f"这里是第 {issue.document_id} 号" in client.get(f"/journals/{issue.id}").text
    assert f"这里是第 {issue.document_id} 号" in client.get(f"/documents/{issue.document_id}").text


def document_panels(actor, document):
    return [Panel("附加", f"这里是第 {document.id} 号")]
