"""What a journal tells others about its issued documents: the items printed in them, where they are read, blocks."""

import io
import re
from datetime import date
from types import ModuleType

import pdfplumber
import pytest

from core.db import db, transaction
from core.documents.templating.loading import PRINT_FOLDER
from core.files import store
from core.hookspecs import Panel, hookimpl
from core.packs import services as packs
from core.plugins import collect
from core.testing import actor_of, login
from plugins.journal import publishing, search, services, signing
from tests.plugins.journal.conftest import JOURNALS


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


def test_a_secrecy_mark_is_seen_in_the_archive_and_among_what_was_found(client, issue, make_user):
    reader = make_user("editor")
    with transaction():
        issue.secrecy, issue.secrecy_years = "秘密", 1
    login(client, reader)

    assert '<span class="badge danger">秘密★1年</span>' in client.get("/journals/").text
    assert "秘密★1年" in search.show(actor_of(reader), [issue.id])[issue.id].about


def test_an_issue_tells_the_outlet_it_came_out_in(issue):
    assert collect("document_outlets", document_id=issue.document_id) == ["zwyq"]
    assert collect("document_outlets", document_id=issue.document_id + 1) == []


def test_blocks_of_other_plugins_stand_on_the_page_of_an_issue(app, client, issue, make_user):
    other = ModuleType("other")
    other.document_panels = hookimpl(document_panels)
    app.extensions["yaoqing"].plugins.manager.register(other, "other")
    login(client, make_user("editor", "issuer"))

    assert f"这里是第 {issue.document_id} 号" in client.get(f"/journals/{issue.id}").text
    assert f"这里是第 {issue.document_id} 号" in client.get(f"/documents/{issue.document_id}").text


def document_panels(actor, document):
    return [Panel("附加", f"这里是第 {document.id} 号")]


def test_every_value_an_issue_hands_over_is_one_the_base_prints(issuer, awaiting, quick_pages):
    """An editor's note that no template asks for would be lost without a word."""
    publishing.publish(issuer, awaiting("第一条").id)
    source = "".join(
        (PRINT_FOLDER / n).read_text("utf-8").split("#}", 1)[-1] for n in ("briefing.html", "base.html")
    )
    column = quick_pages[-1]["columns"][0]
    # `year` and `taken` are for packs that print them.
    handed = ({*quick_pages[-1]} | {*column} | {*column["items"][0]}) - {"year", "taken"}

    assert [name for name in sorted(handed) if not re.search(rf"\b{name}\b", source)] == []


def test_notes_marks_and_words_of_columns_are_on_the_pages_of_an_issue(
    editor, issuer, pack_folder, office, make_submission, real_pages
):
    journals = JOURNALS.replace(
        "contents: true", "marks: {urgency: {choices: [特急]}}\n    contents: true"
    ).replace("title: 问题建议,", "title: 问题建议, when_empty: line, caption: 本栏刊登建议,")
    packs.activate(
        None, office.id, packs.install(None, pack_folder(journals, "2.0.0"))[0].id, date(2024, 1, 1)
    )
    issue = services.create_issue(editor, "zwyq")
    services.add_item(editor, issue.id, make_submission("editing").id, "news")
    with transaction():
        issue.note, issue.urgency, issue.items[0].note = "本期编发两条。\n请阅。", "特急", "此条供参阅。"
    signing.send_for_signature(editor, issue.id)
    done = publishing.publish(issuer, issue.id)

    with pdfplumber.open(io.BytesIO(store().get(done.document.pdf_sha256))) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
    for words in (
        "特急",
        "编者按：本期编发两条。",
        "请阅。",
        "编者按：此条供参阅。",
        "本栏刊登建议",
        "本期暂缺",
    ):
        assert words in text
