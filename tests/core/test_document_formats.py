"""Further file formats of issued documents: plugins name a function, core runs it behind walls and offers the file."""

import pytest

from core.documents import derived
from core.documents.rendering import converter
from core.documents.rendering.converter import converted, key_of
from core.documents.rendering.process import Limits
from core.errors import NotFound, RenderError
from core.hookspecs import DocumentFormat
from core.testing import BLANK_PDF, login
from tests.core import converters

ABOUT = {"title": "通报", "number": "〔2026〕1号", "kind": "通报", "dated": "2026-03-01"}
LIMITS = Limits(cpu_seconds=1, wall_seconds=4.0, memory_mb=600, output_mb=1)


def a_format(function=converters.works, **more):
    values = {"name": "plain", "title": "纯文本", "suffix": "txt", "mimetype": "text/x-plain", **more}
    return DocumentFormat(convert=f"{converters.__name__}:{function.__name__}", **values)


@pytest.fixture
def offer(app):
    """offer(format): as if a plugin had it."""
    return lambda form: app.extensions["yaoqing"].plugins.contribute("document_formats", lambda: [form])


@pytest.fixture
def editor(make_user):
    return make_user("editor")


def test_document_formats_are_offered_on_the_page_of_a_document(client, editor, make_document, offer):
    offer(a_format())
    document = make_document()
    login(client, editor)

    page = client.get(f"/documents/{document.id}").text
    answer = client.get(f"/documents/{document.id}/formats/plain")

    assert f"/documents/{document.id}/formats/plain" in page and "下载 纯文本" in page
    assert answer.data.decode().splitlines() == [
        "%PDF-1.4", "dated=2026-03-01", "kind=通报", "number=〔2026〕1号", "title=关于信息工作的通报",
    ]  # fmt: skip
    assert answer.mimetype == "text/x-plain" and answer.headers["Cache-Control"] == "no-store"
    assert ".txt" in answer.headers["Content-Disposition"]


def test_a_format_nobody_offers_is_not_found(client, editor, make_document):
    document = make_document()
    login(client, editor)

    assert "formats/plain" not in client.get(f"/documents/{document.id}").text
    assert client.get(f"/documents/{document.id}/formats/plain").status_code == 404
    with pytest.raises(NotFound, match="没有“.*”这种文件格式"):
        derived.format_named("plain")


def test_whoever_may_not_read_the_document_gets_no_file(client, make_user, make_office, make_document, offer):
    offer(a_format())
    document = make_document()
    login(client, make_user("editor", office=make_office()))

    assert client.get(f"/documents/{document.id}/formats/plain").status_code == 404


def test_a_file_is_made_once_and_kept(make_document, monkeypatch):
    document, form = make_document(), a_format(converters.counts)
    first = derived.in_format(document, form)

    monkeypatch.setattr(derived, "converted", None)

    assert derived.in_format(document, form) == first


def test_what_is_kept_belongs_to_one_document_one_format_and_one_edition_of_the_plugin(monkeypatch):
    keys = {
        key_of(a_format(), "aa", ABOUT), key_of(a_format(), "bb", ABOUT), key_of(a_format(name="other"), "aa", ABOUT),
        key_of(a_format(), "aa", {**ABOUT, "title": "函"}),
    }  # fmt: skip
    monkeypatch.setattr(converter, "_program", lambda function: "another edition")
    keys.add(key_of(a_format(), "aa", ABOUT))

    assert len(keys) == 5


def test_a_failure_is_a_message_on_the_page(client, editor, make_document, offer):
    offer(a_format(converters.stumbles))
    document = make_document()
    login(client, editor)

    answer = client.get(f"/documents/{document.id}/formats/plain")

    assert answer.status_code != 200
    assert (
        "文书无法转换为 纯文本" in answer.text
        and "第 3 页缺少字体" in answer.text
        and "下载 PDF" in answer.text
    )


def test_an_error_of_a_library_is_told_in_chinese_and_logged_as_it_is(caplog):
    with pytest.raises(RenderError) as caught:
        converted(a_format(converters.trips), BLANK_PDF, ABOUT, LIMITS)

    assert "可能已损坏" in str(caught.value) and "index" not in str(caught.value)
    assert "ValueError: list index out of range" in caplog.text


def test_what_a_library_finds_too_large_is_told_in_chinese_and_logged_as_it_is(caplog):
    with pytest.raises(RenderError, match="内容过多") as caught:
        converted(a_format(converters.overflows), BLANK_PDF, ABOUT, LIMITS)

    assert "int too large" not in str(caught.value) and "int too large" in caplog.text


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (converters.stumbles, "无法转换"),
        (converters.loops, "超时"),
        (converters.sleeps, "超时"),
        (converters.hoards, "内存超过上限"),
        (converters.swells, "内容过多"),
        (converters.crashes, "意外中止"),
        (converters.reads, "已拒绝"),
        (converters.looks_at_us, "已拒绝"),
        (converters.calls, "已拒绝"),
        (converters.starts, "已拒绝"),
    ],
)
def test_a_function_that_misbehaves_is_one_failed_file(function, message):
    with pytest.raises(RenderError, match=message):
        converted(a_format(function), BLANK_PDF, ABOUT, LIMITS)

    assert converted(a_format(), BLANK_PDF, ABOUT, LIMITS).startswith(b"%PDF-1.4")


def test_endless_depth_ends_too():
    with pytest.raises(RenderError, match="嵌套过深|内存超过上限|意外中止"):
        converted(a_format(converters.sinks), BLANK_PDF, ABOUT, LIMITS)


def test_a_function_that_does_not_exist_is_reported():
    form = DocumentFormat("none", "无", "x", "text/plain", "tests.core.converters:nobody")

    with pytest.raises(RenderError, match="转换进程无法启动"):
        converted(form, BLANK_PDF, ABOUT, LIMITS)


def test_only_two_work_at_once_and_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(converter, "_at_once", converter.threading.BoundedSemaphore(1))
    converter._at_once.acquire()

    with pytest.raises(RenderError, match="没有轮到"):
        converted(a_format(), BLANK_PDF, ABOUT, Limits(queue_seconds=0.1))
