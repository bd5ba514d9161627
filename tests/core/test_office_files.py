"""Word and spreadsheet files of issued documents: offered beside the PDF, under the same right, from what was frozen."""

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from core.documents import derived
from core.errors import NotFound
from core.files import store
from core.testing import login

PAGE = (
    '<!doctype html><html><head><title>通报</title></head><body><h1 class="title"><span class="line">关于信息工作的</span>'
    '<span class="line">通报</span></h1><p>现将情况通报如下。</p><p class="table-title">县区</p><table class="score">'
    "<thead><tr><th>单位</th><th>得分</th></tr></thead><tbody><tr><td>=甲县</td><td>12.50</td></tr></tbody></table></body></html>"
)


@pytest.fixture
def editor(make_user):
    return make_user("editor")


@pytest.fixture
def document(make_document, office):
    return make_document(office, page=PAGE)


def test_the_page_of_a_document_offers_word_and_excel(client, editor, document):
    login(client, editor)

    page = client.get(f"/documents/{document.id}").text

    assert f"/documents/{document.id}.docx" in page and "下载 Word" in page
    assert f"/documents/{document.id}.xlsx" in page and "下载 Excel" in page


def test_a_document_without_tables_offers_no_workbook(client, editor, make_document, office):
    plain = make_document(office)
    login(client, editor)

    assert "下载 Excel" not in client.get(f"/documents/{plain.id}").text
    assert client.get(f"/documents/{plain.id}.xlsx").status_code == 404
    with pytest.raises(NotFound, match="没有表格"):
        derived.workbook_of(plain)


def test_the_files_say_what_was_issued(client, editor, document):
    login(client, editor)

    word = client.get(f"/documents/{document.id}.docx")
    tables = client.get(f"/documents/{document.id}.xlsx")

    assert [p.text for p in Document(io.BytesIO(word.data)).paragraphs if p.text] == [
        "关于信息工作的\n通报", "现将情况通报如下。", "县区",
    ]  # fmt: skip
    page = load_workbook(io.BytesIO(tables.data))["县区"]
    assert [cell.value for cell in page[3]] == ["=甲县", 12.5] and page["A3"].data_type == "s"
    for answer in (word, tables):
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"


def test_they_are_the_same_whenever_they_are_made(document, watch):
    first = derived.word_of(document), derived.workbook_of(document)

    watch.move(days=400)

    assert (derived.word_of(document), derived.workbook_of(document)) == first


def test_a_page_that_was_tampered_with_is_not_passed_on(client, editor, document):
    store().path(document.html_sha256).write_bytes(PAGE.replace("12.50", "99.50").encode())
    login(client, editor)

    assert client.get(f"/documents/{document.id}.docx").status_code == 404
    assert client.get(f"/documents/{document.id}.xlsx").status_code == 404
    assert client.get(f"/documents/{document.id}").status_code == 200


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_whoever_may_not_read_it_gets_neither(client, make_user, document, make_office, suffix):
    login(client, make_user("editor", office=make_office()))

    assert client.get(f"/documents/{document.id}.{suffix}").status_code == 404
