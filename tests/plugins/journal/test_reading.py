"""What stands on an issue beside its texts is on its page too: marks, the editor's words, captions of columns."""

from datetime import date

import pytest

from core.errors import NotFound
from core.packs import services as packs
from core.testing import login
from plugins.journal import board, frames, publishing, services, signing
from tests.plugins.journal.conftest import JOURNALS

MARKED = JOURNALS.replace(
    "    contents: true\n",
    "    marks: {urgency: {choices: [特急, 加急]}, secrecy: {choices: [内部]}}\n    editor_note: {label: 本刊按}\n",
).replace("title: 问题建议,", "title: 问题建议, caption: 各地反映的困难,")


@pytest.fixture
def pack(pack_folder, office):
    """The pack, with marks, a name of its own for the editor's words and a caption."""
    found, _ = packs.install(None, pack_folder(MARKED))
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    return found


@pytest.fixture
def issue(editor, make_submission):
    made = services.create_issue(editor, "zwyq")
    frames.edit_issue(
        editor, made.id, {"urgency": "特急", "secrecy": "内部", "note": "第一段按语。\n第二段按语。"}, {}
    )
    for title in ("示例县反映用水困难", "示例县反映用电困难"):
        item = make_submission("editing", title=title, genre="problem")
        services.add_item(editor, made.id, item.id, "advice")
    board.edit(editor, made.id, made.items[0].id, {"note": "此条请阅。\n已核实。"}, {})
    return made


@pytest.fixture
def page(app, issuer, make_user, issue):
    browser = app.test_client()
    login(browser, make_user("issuer"))
    return lambda: browser.get(f"/journals/{issue.id}").text


def everything(page: str) -> None:
    assert '<span class="badge urgent danger">特急</span>' in page and "内部" in page
    assert "<h2>本刊按</h2>" in page and "<p>第一段按语。</p><p>第二段按语。</p>" in page
    assert "<p><strong>本刊按：</strong>此条请阅。</p><p>已核实。</p>" in page
    assert page.count("各地反映的困难") == 1


def test_who_signs_sees_what_is_printed_around_the_texts(page):
    everything(page())


def test_who_reads_sees_what_is_printed_around_the_texts(page, editor, issuer, issue, quick_pages):
    signing.send_for_signature(editor, issue.id)
    publishing.publish(issuer, issue.id)

    everything(page())


def test_captions_are_those_of_the_pack_then_and_the_page_stands_without_it(
    page, editor, issuer, issue, quick_pages, pack_folder, office, monkeypatch
):
    signing.send_for_signature(editor, issue.id)
    publishing.publish(issuer, issue.id)
    later, _ = packs.install(None, pack_folder(MARKED.replace("各地反映的困难", "新的说明"), "2.0.0"))
    packs.activate(None, office.id, later.id, date(2024, 1, 2))

    assert "各地反映的困难" in page() and "新的说明" not in page()
    monkeypatch.setattr("plugins.journal.queries.packs.by_ref", _gone)
    assert "各地反映的困难" not in page() and "<h2>编者按</h2>" in page()


def _gone(ref):
    raise NotFound("没有安装规则包")


def test_the_editors_words_keep_their_paragraphs(app, make_user, issue, pack):
    browser = app.test_client()
    login(browser, make_user("editor"))
    first = issue.items[0].id

    browser.submit(
        f"/journals/{issue.id}/items/{first}/options",
        {"note": "甲。\r\n\r\n 乙。 ", "was_note": "此条请阅。\r\n已核实。"},
    )
    browser.submit(
        f"/journals/{issue.id}/frame", {"note": "丙。\r\n丁。", "was_note": "第一段按语。\r\n第二段按语。"}
    )

    page = browser.get(f"/journals/{issue.id}").text
    assert "甲。</p><p>乙。</p>" in page and "<p>丙。</p><p>丁。</p>" in page
