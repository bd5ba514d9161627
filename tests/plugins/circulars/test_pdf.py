"""The printed circular: rendered for real, measured against the standard, with the frozen numbers in its text."""

from datetime import date

import pdfplumber
import pytest

from core.config import PROJECT
from core.documents.store import fonts, renderer
from core.documents.templating.sandbox import render_html
from core.files import store
from core.scoring import runs
from core.strict_yaml.loader import load
from plugins.circulars import issuing, preview, services
from tests.tools.measure_gb9704 import measure

LUAN = PROJECT / "rulepacks" / "luan-2013"
pytestmark = pytest.mark.slow


@pytest.fixture
def rendering(app, tmp_path_factory):
    """The real renderer, ended afterwards."""
    fonts()
    yield
    renderer().close()


def test_the_sample_of_the_format_is_complete(app):
    folder = LUAN / "documents" / "ranking"
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    sample = load(files["sample.yaml"].encode(), "sample.yaml").plain()
    days = {name: date.fromisoformat(sample[name]) for name in ("date", "printed_on")}

    html = render_html("template.html", files, {**sample, **days, "date_style": "chinese"}, fonts())
    assert "二〇二四年六月五日" in html
    assert "2024年6月5日印发" in html.replace("\n", "")


def test_the_document_keeps_the_standard(desk, submitted, rendering, tmp_path):
    proof = preview.pdf(submitted)
    done = issuing.issue(desk.issuer, submitted.id)
    path = tmp_path / "circular.pdf"
    path.write_bytes(store().get(done.document.pdf_sha256))

    found = measure(str(path))
    assert found["ok"], found
    with pdfplumber.open(path) as pdf:
        text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    assert "示政办秘〔2026〕1号" in text
    assert "全市4个参评单位共报送政务信息3条" in text
    assert "抄送：市委办公室" in text
    assert "校样" not in text
    assert proof != path.read_bytes()


def test_the_first_page_of_a_correction_says_what_it_replaces(desk, submitted, rendering, tmp_path):
    issuing.issue(desk.issuer, submitted.id)
    runs.reopen(desk.issuer, desk.office_id, "2026-02", "漏登一条")
    desk.fact("adopted", desk.units.yi, item="C", outlet="zwyq")
    runs.close(desk.issuer, desk.office_id, "2026-02")
    found = services.draft(desk.editor, desk.office_id, "2026-02")
    services.submit(desk.editor, found.id, found.version)
    done = issuing.issue(desk.issuer, found.id)
    path = tmp_path / "correction.pdf"
    path.write_bytes(store().get(done.document.pdf_sha256))

    found = measure(str(path))
    assert found["ok"], found
    with pdfplumber.open(path) as pdf:
        first = "".join(pdf.pages[0].extract_text().split())
    assert "示政办秘〔2026〕2号" in first and "的通报（更正）" in first
    assert "（示政办秘〔2026〕1号，2026年3月18日）有误，现予更正" in first
