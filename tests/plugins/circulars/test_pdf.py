"""The printed circular: rendered for real, measured against the standard, with the frozen numbers in its text."""

import pdfplumber
import pytest

from core.documents.store import fonts, renderer
from core.files import store
from plugins.circulars import preview, services
from tests.tools.measure_gb9704 import measure

pytestmark = pytest.mark.slow


@pytest.fixture
def rendering(app, tmp_path_factory):
    """The real renderer, ended afterwards."""
    fonts()
    yield
    renderer().close()


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
