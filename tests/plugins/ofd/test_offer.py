"""OFD is offered beside PDF and Word on the pages of issued documents, for those who may read them, while the plugin is there."""

import io

import ofdkit
import pytest

from core.documents import derived
from core.documents.rendering.converter import LIMITS, converted
from core.errors import RenderError
from core.testing import login
from tests.plugins.ofd.conftest import ABOUT
from tests.plugins.ofd.standard import faults


@pytest.fixture
def document(make_document, pdf_of):
    return make_document(pdf=pdf_of("briefing"))


def test_the_page_offers_ofd_and_the_file_is_sound(client, make_user, document):
    login(client, make_user("editor"))

    page = client.get(f"/documents/{document.id}").text
    answer = client.get(f"/documents/{document.id}/formats/ofd")

    assert "下载 OFD" in page
    assert answer.mimetype == "application/ofd" and ".ofd" in answer.headers["Content-Disposition"]
    assert faults(answer.data) == []
    with ofdkit.open(io.BytesIO(answer.data)) as file:
        assert file.info.title == document.title and len(file.pages) > 10


def test_without_the_plugin_the_offer_is_gone_and_nothing_else(
    make_app, tmp_path, make_document, make_user, app
):
    document, editor = make_document(), make_user("editor")
    bare = make_app(data=app.config["YAOQING"]["DATA"], PLUGINS_OFF=("ofd",))
    client = bare.test_client()
    login(client, editor)

    page = client.get(f"/documents/{document.id}")

    assert page.status_code == 200 and "下载 PDF" in page.text and "下载 OFD" not in page.text
    assert client.get(f"/documents/{document.id}/formats/ofd").status_code == 404


def test_every_conversion_gives_the_same_file(app, pdf_of):
    """Behind the walls, each in a process of its own. How long one takes is measured in bench/pdf."""
    form = derived.format_named("ofd")

    made = converted(form, pdf_of("briefing"), ABOUT, LIMITS)

    assert faults(made) == []
    assert converted(form, pdf_of("briefing"), ABOUT, LIMITS) == made


@pytest.mark.parametrize(
    "damage",
    [
        lambda pdf: b"",
        lambda pdf: pdf[: len(pdf) // 3],
        lambda pdf: b"%PDF-1.7 nothing",
        lambda pdf: b"PK" + pdf[2:],
    ],
)
def test_a_damaged_file_is_one_clear_message(app, pdf_of, damage):
    """A torn file is either mended by the reader or refused; nothing hangs and nothing else comes out."""
    try:
        made = converted(derived.format_named("ofd"), damage(pdf_of("one-page circular")), ABOUT)
    except RenderError as error:
        assert "无法转换为 OFD" in str(error) and "可能已损坏" in str(error)
    else:
        assert faults(made) == []
