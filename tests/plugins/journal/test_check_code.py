"""The check code of issues: printed on the last page of every bundled journal, verified by code and by file; reprints."""

import io
import re
from datetime import date

import pdfplumber
import pytest
from docx import Document

from core import facts
from core.config import PROJECT
from core.db import transaction
from core.documents import standing, verifying
from core.documents.checks import UNISSUED, shown
from core.errors import InvalidInput
from core.facts import NewFact
from core.files import store as files
from core.packs import services as packs
from core.submissions.credit import credited
from core.testing import actor_of
from plugins.journal import eyes as signatures
from plugins.journal import publishing, services, signing
from plugins.journal.publishing import publish
from tests.tools.measure_gb9704 import measure

BUNDLED = sorted(path.parent.name for path in (PROJECT / "rulepacks").glob("*/journals.yaml"))
SENTENCE = "全市坚持问题导向，逐项梳理群众反映集中的事项，明确责任单位和完成时限，逐月调度、逐项销号。"
LONG = "\n\n".join(f"第{n}段。" + SENTENCE * 5 for n in range(1, 12))


def taken(actor, item, outlet):
    """An adoption of the item by somebody above."""
    with transaction():
        facts.record(
            actor,
            NewFact(
                item.office_id, "adopted", date(2026, 3, 10), item=item.item_key, title=item.title,
                attrs={"outlet": outlet}, key=f"{outlet}:{item.id}", **credited(item),
            ),
        )  # fmt: skip


@pytest.fixture
def settings():
    return {"SITE_ADDRESS": "http://oa.example.gov.cn"}


@pytest.fixture
def bundled(office, request):
    found, _ = packs.install(None, PROJECT / "rulepacks" / request.param)
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    return packs.load(found)


@pytest.mark.parametrize("bundled", BUNDLED, indirect=True)
def test_every_bundled_journal_is_issued_with_a_code_on_a_standard_page(
    bundled, unit, staff, make_user, make_submission, real_pages, tmp_path, watch
):
    editor, issuer = staff("editor", unit), staff("issuer", unit)
    for journal in bundled.sections["journals"].journals:
        issue = services.create_issue(editor, journal.id)
        column = next(column for column in journal.columns if not column.unit_kinds)
        title, genre = f"关于建立群众诉求限时办结机制的做法（{journal.id}）", (*column.genres, "work_news")[0]
        item = make_submission("editing", title=title, body=LONG, genre=genre)
        for outlet in column.taken_by[:1]:
            taken(editor, item, outlet)
        services.add_item(editor, issue.id, item.id, column.id)
        signing.send_for_signature(editor, issue.id)
        for _ in signatures.plan_of(issue).steps[:-1]:
            signing.approve(actor_of(make_user("issuer")), issue.id)
        proof = publishing.proof_html(editor, issue.id)

        document = publish(issuer, issue.id).document

        path = tmp_path / f"{journal.id}.pdf"
        path.write_bytes(files().get(document.pdf_sha256))
        with pdfplumber.open(path) as pdf:
            last = re.sub(r"\s", "", pdf.pages[-1].extract_text())
            shapes = [*pdf.pages[-1].rects, *pdf.pages[-1].curves]
            corners = sum(len(shape["pts"]) for shape in shapes if shape["height"] < 60 and shape["x0"] > 400)
        assert measure(str(path))["ok"], journal.id
        assert f"核验码：{shown(document.check_code)}" in last and "http://oa.example.gov.cn/verify" in last
        assert corners > 300  # of the dark areas of the QR code
        assert UNISSUED in proof and shown(document.check_code) not in proof


def test_pdf_and_word_file_are_kept_at_publication_and_verified(issuer, awaiting, real_pages):
    document = publish(issuer, awaiting("春耕备耕进展顺利").id).document
    pdf, word = (files().get(digest) for digest in (document.pdf_sha256, document.docx_sha256))

    code = verifying.verify("甲", shown(document.check_code).lower())
    by_file, by_word = (
        verifying.verify("甲", "", document.pdf_sha256),
        verifying.verify("甲", "", document.docx_sha256),
    )
    altered = verifying.verify("甲", document.check_code, verifying.sha256_of([pdf, b" "]))
    again = standing.reprint(issuer, document.id, 20, "补发会议")

    assert {one.verdict for one in (code, by_file, by_word)} == {"genuine"} and by_word.word
    assert code.document.number == "总第36期" and altered.verdict == "altered"
    written = "".join(paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs)
    assert (again.document_id, again.copies, again.reason) == (document.id, 20, "补发会议")
    assert files().get(document.pdf_sha256) == pdf and "春耕备耕进展顺利" in written


def test_the_code_of_one_issue_is_not_that_of_another(issuer, awaiting, quick_pages, watch):
    first, second = (
        publish(issuer, awaiting("同一条").id),
        publish(issuer, awaiting("同一条", journal="zwkx").id),
    )

    assert first.document.check_code != second.document.check_code
    assert len(first.document.content_sha256) == 64
    with pytest.raises(InvalidInput):
        verifying.verify("甲", first.document.check_code[:-1])
