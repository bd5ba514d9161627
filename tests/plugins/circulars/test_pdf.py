"""The printed circular: rendered for real, measured against the standard, with the frozen numbers in its text."""

from datetime import date

import pdfplumber
import pytest

from core.config import PROJECT
from core.documents.sandbox import render_html
from core.documents.store import fonts, renderer
from core.files import store
from core.packs.yaml_loader import load
from plugins.circulars import preview, services
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
    done = services.issue(desk.issuer, submitted.id)
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
