"""The page that verifies documents: what it answers, to whom, how often; reprints; documents that no longer stand."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core.db import db, transaction
from core.documents import checks, standing, verifying
from core.documents.models import CheckAttempt, IssuedDocument, Reprint
from core.errors import Conflict, InvalidInput, NotFound, TooMany
from core.files import store as files
from core.testing import BLANK_PDF, Browser, actor_of, login

CODE = "ABCDEFGHJKMN"


@pytest.fixture
def document(make_document):
    return make_document(check_code=CODE, content_sha256="1" * 64, number="〔2026〕9号")


@pytest.fixture
def visitor(app, document, make_user) -> Browser:
    browser = app.test_client()
    login(browser, make_user("informant"))
    return browser


def asked(browser, code="", content=b"", name="文件.pdf"):
    data = {"code": code, "csrf_token": browser.token()}
    if content or name != "文件.pdf":
        data["file"] = (io.BytesIO(content), name)
    return browser.post("/verify", data=data, content_type="multipart/form-data")


def test_a_known_code_names_number_day_and_standing(visitor):
    said = asked(visitor, "abcd efgh jkmn").text

    assert "有这份公文的印发登记" in said and "〔2026〕9号" in said and "2026年3月1日" in said
    assert "现行有效" in said and "仅凭核验码不能确认" in said


def test_code_and_file_together_tell_genuine_from_altered(visitor):
    assert "逐字节一致" in asked(visitor, CODE, BLANK_PDF).text
    altered = asked(visitor, CODE, BLANK_PDF.replace(b"842", b"843")).text
    assert "与印发时的文件不一致" in altered and "逐字节一致" not in altered


def test_a_file_alone_is_found_by_its_bytes(visitor):
    assert "逐字节一致" in asked(visitor, content=BLANK_PDF).text
    unknown = asked(visitor, content=BLANK_PDF + b"\n").text
    assert "没有查到" in unknown and "〔2026〕9号" not in unknown


def test_the_word_file_kept_at_issue_is_known_too(visitor, make_document):
    make_document(word=b"word", check_code="Z" * 12)

    assert "存档的 Word 文件一致" in asked(visitor, "Z" * 12, b"word").text


def test_a_file_that_cannot_be_compared_is_told_from_an_unknown_one(visitor):
    table, empty = asked(visitor, content=b"PK", name="排名.xlsx"), asked(visitor, name="空.pdf")

    assert table.status_code == empty.status_code == 422
    assert "不能凭这种文件核验" in table.text and "只比对印发时存档的 PDF 和 Word 文件" in table.text
    assert "选择的文件是空的" in empty.text and "没有要核验的内容" not in empty.text


@pytest.mark.parametrize("name", ["没有后缀", "通报（2026.10", "要情.PDF", "要情.pdf.1", "要情.dat"])
def test_a_file_is_known_by_its_bytes_whatever_it_is_called(visitor, name):
    assert "逐字节一致" in asked(visitor, content=BLANK_PDF, name=name).text


def test_an_unknown_code_and_nonsense_are_told_apart_without_naming_anything(visitor):
    unknown, nonsense, nothing = (
        asked(visitor, "0000-0000-0000"),
        asked(visitor, "<script>"),
        asked(visitor),
    )

    assert unknown.status_code == 200 and "没有这个核验码的印发登记" in unknown.text
    assert (
        nonsense.status_code == 422 and "核验码写法不对" in nonsense.text and "<script>" not in nonsense.text
    )
    assert nothing.status_code == 422 and "没有要核验的内容" in nothing.text


def test_a_code_that_shares_its_beginning_is_not_taken_for_another(visitor):
    assert "没有查到" in asked(visitor, "ABCD-EFGH-JKM0").text


def test_the_uploaded_file_is_not_kept(app, visitor):
    before = sorted(app.config["YAOQING"]["DATA"].rglob("*"))

    head = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    parts = [
        ("code", "", CODE),
        ("csrf_token", "", visitor.token()),
        ("file", '; filename="a.pdf"', "x" * 2_000_000),
    ]
    body = "".join(head.format(name, more) + value + "\r\n" for name, more, value in parts) + "--b--\r\n"

    said = visitor.post("/verify", data=body.encode(), content_type="multipart/form-data; boundary=b").text

    assert "不一致" in said
    assert sorted(app.config["YAOQING"]["DATA"].rglob("*")) == before


def test_nobody_can_try_codes_one_after_another(visitor, watch, make_user, app):
    for _ in range(verifying.MOST):
        asked(visitor, CODE)

    refused = asked(visitor, CODE)

    assert refused.status_code == 429 and "核验次数过多" in refused.text and "〔2026〕9号" not in refused.text
    other = app.test_client()
    login(other, make_user("editor"))
    assert asked(other, CODE).status_code == 200
    watch.move(minutes=11)
    login(visitor, make_user("informant"))
    assert asked(visitor, CODE).status_code == 200


@pytest.mark.postgres
def test_the_limit_counts_hits_and_misses_alike_and_forgets(document, watch):
    for n in range(verifying.MOST):
        verifying.verify("address:1", CODE if n % 2 else "000000000000")
    with pytest.raises(TooMany):
        verifying.verify("address:1", CODE)

    watch.move(minutes=10, seconds=1)

    assert verifying.verify("address:1", CODE).verdict == "genuine"
    assert db.session.scalar(select(func.count()).select_from(CheckAttempt)) == 1


def test_the_page_wants_a_signed_in_person_unless_set_otherwise(app, document, make_app, settings):
    assert app.test_client().get("/verify").location.startswith("/login")
    assert app.test_client().get(f"/verify/{CODE}").location.startswith("/login")
    stranger = app.test_client()
    assert asked(stranger, CODE).status_code == 401


class TestOpenToVisitors:
    @pytest.fixture
    def settings(self):
        return {"VERIFY_PUBLIC": True}

    def test_a_visitor_gets_the_answer_but_no_way_into_the_site(self, client, document):
        said = asked(client, CODE).text

        assert "〔2026〕9号" in said and "/documents/" not in said and 'class="side-menu"' not in said

    def test_visitors_are_counted_by_address(self, client, document):
        for _ in range(verifying.MOST):
            asked(client, "0000-0000-0000")

        assert asked(client, CODE).status_code == 429

    def test_a_form_without_token_is_refused(self, client, document):
        assert client.post("/verify", data={"code": CODE}).status_code in (400, 401)


def test_a_scanned_code_stands_in_the_form_and_nothing_is_written(visitor):
    page = visitor.get(f"/verify/{CODE.lower()}")

    assert 'value="ABCD-EFGH-JKMN"' in page.text and "〔2026〕9号" not in page.text
    assert db.session.scalar(select(func.count()).select_from(CheckAttempt)) == 0
    assert 'value=""' in visitor.get("/verify/%3Cscript%3E").text


@pytest.mark.parametrize(("now", "said"), [("corrected", "已更正"), ("withdrawn", "已撤回")])
def test_a_document_that_no_longer_stands_stays_genuine_and_says_so(
    visitor, document, make_document, make_user, now, said
):
    newer = make_document(number="〔2026〕10号")
    with transaction():
        standing.mark(
            actor_of(make_user("issuer")), db.session.get(IssuedDocument, document.id), now, "数据有误", newer
        )

    answer = asked(visitor, CODE, BLANK_PDF).text
    cover = visitor.get(f"/documents/{document.id}.pdf")

    assert "逐字节一致" in answer and f"这份公文{said}" in answer and "〔2026〕10号" in answer
    assert cover.mimetype == "text/html" and "数据有误" in cover.text and said in cover.text
    assert visitor.get(f"/documents/{document.id}.pdf?anyway=1").data == BLANK_PDF
    assert said in visitor.get("/documents/").text and said in visitor.get(f"/documents/{document.id}").text


def test_a_reprint_is_the_same_bytes_and_noted(app, document, make_user):
    browser = app.test_client()
    login(browser, make_user("editor", name="加印人"))

    said = browser.submit(
        f"/documents/{document.id}/reprint", {"copies": "30", "reason": "会议用"}, follow_redirects=True
    ).text
    response = browser.get(f"/documents/{document.id}.pdf?download=1")

    assert "已登记加印 30 份" in said and "加印（已登记 1 次）" in said, "the page shows the note at once"
    assert response.data == BLANK_PDF and "attachment" in response.headers["Content-Disposition"]
    row = db.session.scalar(select(Reprint))
    assert (row.by, row.copies, row.reason) == ("加印人", 30, "会议用")
    assert "加印人加印 30 份：会议用" in browser.get(f"/documents/{document.id}").text


def test_a_reprint_needs_number_purpose_and_a_standing_document(document, make_user):
    editor = actor_of(make_user("editor"))

    for copies, reason in ((0, "会议用"), (10_001, "会议用"), (1, " ")):
        with pytest.raises(InvalidInput):
            standing.reprint(editor, document.id, copies, reason)
    with transaction():
        standing.mark(editor, db.session.get(IssuedDocument, document.id), "withdrawn", "有误")
    with pytest.raises(Conflict, match="已经撤回"):
        standing.reprint(editor, document.id, 1, "会议用")


def test_no_reprint_is_noted_of_a_file_that_is_lost(document, make_user):
    files().path(document.pdf_sha256).unlink()

    with pytest.raises(NotFound, match="从备份恢复"):
        standing.reprint(actor_of(make_user("editor")), document.id, 1, "会议用")
    assert db.session.scalar(select(Reprint)) is None


@pytest.mark.postgres
def test_what_was_issued_never_changes_and_neither_does_what_was_said_about_it(document, make_user):
    editor = actor_of(make_user("editor"))
    with transaction():
        standing.mark(editor, db.session.get(IssuedDocument, document.id), "withdrawn", "有误")
    standing_id = db.session.get(IssuedDocument, document.id).last_word.id
    db.session.rollback()

    for statement in (
        "UPDATE issued_document SET title = 'x'",
        "UPDATE document_standing SET standing = 'valid'",
        f"DELETE FROM document_standing WHERE id = {standing_id}",
    ):
        with pytest.raises(DBAPIError, match="记录不能修改或删除"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_equal_codes_are_refused_by_the_database(document, make_document):
    with pytest.raises(Exception, match="check_code"):
        make_document(check_code=CODE)


def test_the_window_is_kept_short():
    assert timedelta(minutes=10) == verifying.WINDOW and checks.LENGTH == 12


def test_a_way_to_the_document_is_only_offered_to_those_whom_its_page_lets_in(visitor, document, app):
    assert "打开这份公文" in asked(visitor, CODE).text

    app.extensions["yaoqing"].plugins.contribute(
        "document_circles", lambda actor: [IssuedDocument.id != document.id]
    )

    assert "打开这份公文" not in asked(visitor, CODE).text
    assert visitor.get(f"/documents/{document.id}").status_code == 404
