"""Attachments: judged by content, limited in size and number, stored under their digest, never under their name."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.accounts.models import User
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, PermissionDenied
from core.files import store
from core.submissions import attachments, services
from core.submissions.attachments import attach, checked_type, detach, safe_name
from core.testing import BLANK_PDF, login

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d4944415478da63f8ffff3f0005fe02fea7d6059b0000000049454e44ae426082"
    .replace(" ", "")
)  # fmt: skip
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def office_file(*names, padding=0):
    """A zip container as word processors write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        if padding:
            archive.writestr("docProps/thumbnail.jpeg", b"\xff" * padding)
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


DOCX, XLSX = office_file("word/document.xml"), office_file("xl/workbook.xml")


@pytest.fixture
def item(make_submission):
    return make_submission()


@pytest.fixture
def writer(item, staff, unit):
    return staff("informant", unit)


def stored_files(app):
    return [p for p in (app.config["YAOQING"]["DATA"] / "files").rglob("*") if p.is_file()]


# ---- content and name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("材料.pdf", BLANK_PDF),
        ("材料.docx", DOCX),
        ("表.xlsx", XLSX),
        ("旧表.xls", OLE),
        ("旧材料.doc", OLE),
        ("材料.wps", OLE),
        ("图.png", PNG),
        ("图.JPG", JPG),
        ("图.jpeg", JPG),
        ("说明.txt", "要情𠮷".encode()),
        ("说明.txt", "\ufeff要情".encode()),
        ("说明.txt", "国标编码的文本".encode("gb18030")),
        ("大封面.docx", office_file("word/document.xml", padding=100_000)),
        ("大封面.xlsx", office_file("xl/workbook.xml", padding=100_000)),
    ],
)
def test_what_offices_send_is_accepted(app, name, content):
    assert checked_type(safe_name(name), content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("程序.pdf", EXE),
        ("程序.txt", EXE),
        ("程序.docx", EXE),
        ("程序.doc", EXE),
        ("网页.pdf", b"<html><script>alert(1)</script></html>"),
        ("图.png", JPG),
        ("图.jpg", PNG),
        ("表.docx", XLSX),
        ("材料.xlsx", DOCX),
        ("压缩包.docx", office_file("any/thing.xml")),
        ("材料.pdf", DOCX),
        ("材料.docx", BLANK_PDF),
        ("宏.docx", office_file("word/document.xml", "word/vbaProject.bin")),
        ("半个.docx", DOCX[: len(DOCX) // 2]),
        ("许多.docx", office_file("word/document.xml", *(f"word/{n}" for n in range(10_000)))),
        ("二进制.txt", bytes(range(256)) * 4),
    ],
)
def test_content_that_belies_its_name_is_refused(app, name, content):
    with pytest.raises(InvalidInput, match="与扩展名不符"):
        checked_type(safe_name(name), content)


# A picture with a small one inside its head, as phones make them, and a film behind its end.
PHOTO = (
    b"\xff\xd8\xff\xe1\x00\x18Exif"
    + JPG[:12]
    + b"\xff\xd9\x00\x00\x00\x00"
    + b"\xff\xda\x00\x02"
    + b"pixels" * 9
)
FILM = b"\xff\xd9" + b"film\xff\xda" * 9


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("扫描.pdf", BLANK_PDF.removesuffix(b"%%EOF\n")),
        ("图.png", PNG[:-8]),
        ("图.jpg", JPG[:-2]),
        ("照片.jpg", PHOTO),
        ("照片.jpg", PHOTO[:30]),
    ],
)
def test_a_file_cut_short_is_refused_and_said_to_be(app, name, content):
    with pytest.raises(InvalidInput, match=f"“{name}”不完整.*重新扫描"):
        checked_type(name, content)


def test_a_photo_may_hold_more_behind_its_end(app):
    assert checked_type("照片.jpg", PHOTO + FILM) == "image/jpeg"


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.html",
        "a.svg",
        "a.docm",
        "a.zip",
        "a.pdf.exe",
        "a",
        "pdf",
        "a.pdf ",
        ".pdf",
        "a.js",
        "a.PDF.lnk",
    ],
)
def test_kinds_that_are_not_expected_are_refused_whatever_they_hold(app, name):
    clean = safe_name(name)
    if clean.endswith(".pdf"):
        assert checked_type(clean, BLANK_PDF) == "application/pdf"
    else:
        with pytest.raises(InvalidInput, match="不支持"):
            checked_type(clean, BLANK_PDF)


def test_a_file_that_is_two_things_is_what_it_begins_with(app):
    polyglot = BLANK_PDF + b"<script>alert(1)</script>" + DOCX

    assert checked_type("a.pdf", polyglot) == "application/pdf"
    with pytest.raises(InvalidInput):
        checked_type("a.docx", polyglot)


def test_empty_and_too_large_files_are_refused(make_app):
    with make_app(UPLOAD_MB=1).app_context():
        with pytest.raises(InvalidInput, match="空文件"):
            checked_type("a.pdf", b"")
        with pytest.raises(InvalidInput, match="超过 1 兆字节"):
            checked_type("a.pdf", BLANK_PDF + b" " * 1024 * 1024)
        assert checked_type("a.pdf", BLANK_PDF + b" " * (1024 * 1024 - len(BLANK_PDF)))


# ---- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\张三\\材料.pdf", "材料.pdf"),
        ("/absolute/材料.pdf", "材料.pdf"),
        ("材\u202efdp.exe", "材fdp.exe"),
        ("a\u200bb\x00c\n.pdf", "abc.pdf"),
        ('<img src="x">|?*:.pdf', "_img src=_x______.pdf"),
        ("..", "附件"),
        ("", "附件"),
        ("...pdf", "pdf"),
        ("材料.PDF", "材料.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("关于𠮷㐂〇的说明👍.pdf", "关于𠮷㐂〇的说明👍.pdf"),
    ],
)
def test_a_name_keeps_no_path_no_direction_and_no_trap(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    "name", ["长" * 500 + ".pdf", "a." + "x" * 500, "." * 500, "长" * 500, "x" * 119 + ".jpeg"]
)
def test_a_name_stays_within_the_column(name):
    assert 1 <= len(safe_name(name)) <= 120


def test_a_long_name_keeps_its_extension():
    assert safe_name("长" * 500 + ".pdf").endswith("长.pdf")


# ---- keeping and removing -------------------------------------------------------------------------------------------


def test_a_file_is_kept_by_content_and_noted(item, writer, watch, app):
    found = attach(writer, item.id, "../材料.PDF", BLANK_PDF)

    assert (found.name, found.media_type, found.size, found.by_id) == (
        "材料.pdf",
        "application/pdf",
        len(BLANK_PDF),
        writer.id,
    )
    assert store().get(found.sha256) == BLANK_PDF
    assert [p.name for p in stored_files(app)] == [found.sha256[2:]]
    assert found.sha256 in db.session.scalar(
        select(AuditRecord.detail).where(AuditRecord.action == "上传附件")
    )


def test_a_removed_file_is_gone_from_the_item_but_its_bytes_stay_on_record(item, writer, app):
    found = attach(writer, item.id, "材料.pdf", BLANK_PDF)
    detach(writer, item.id, found.id)

    assert item.attachments == [] and len(stored_files(app)) == 1
    assert "删除附件" in set(db.session.scalars(select(AuditRecord.action)))


def test_there_is_an_end_to_the_number_of_files(item, writer, app):
    app.config["YAOQING"]["UPLOAD_FILES"] = 2
    for n in range(2):
        attach(writer, item.id, f"{n}.txt", b"text %d" % n)

    with pytest.raises(InvalidInput, match="附件数量已达上限"):
        attach(writer, item.id, "one more.txt", b"one more")
    assert len(stored_files(app)) == 2


def test_whoever_may_not_attach_leaves_no_bytes_behind(item, staff, make_unit, make_submission, app):
    stranger = staff("informant", make_unit())
    joint = make_unit()
    shared = make_submission("received", joint=[joint])

    with pytest.raises(NotFound):
        attach(stranger, item.id, "a.pdf", BLANK_PDF)
    with pytest.raises(PermissionDenied):
        attach(staff("informant", joint), shared.id, "a.pdf", BLANK_PDF)
    assert stored_files(app) == []


@pytest.mark.parametrize(
    ("state", "role", "allowed"),
    [
        ("draft", "informant", True),
        ("returned", "informant", True),
        ("awaiting", "informant", False),
        ("received", "informant", False),
        ("received", "editor", True),
        ("editing", "editor", True),
        ("selected", "editor", True),
        ("adopted", "editor", False),
        ("unused", "editor", False),
    ],
)
def test_files_change_only_while_the_item_is_in_ones_hands(
    make_submission, staff, unit, state, role, allowed
):
    item, actor = make_submission(state), staff(role, unit)

    if allowed:
        found = attach(actor, item.id, "a.pdf", BLANK_PDF)
        detach(actor, item.id, found.id)
    else:
        with pytest.raises((InvalidInput, PermissionDenied)):
            attach(actor, item.id, "a.pdf", BLANK_PDF)
    assert item.attachments == []


def test_a_file_is_found_through_its_own_item_only(item, writer, make_submission):
    found, other = attach(writer, item.id, "a.pdf", BLANK_PDF), make_submission()

    assert attachments.attachment(writer, item.id, found.id).id == found.id
    for wrong in ((other.id, found.id), (item.id, 99_999), (99_999, found.id)):
        with pytest.raises(NotFound):
            attachments.attachment(writer, *wrong)
        with pytest.raises(NotFound):
            detach(writer, *wrong)


def test_a_draft_with_files_can_be_deleted(item, writer):
    attach(writer, item.id, "a.pdf", BLANK_PDF)

    services.discard(writer, item.id)


@given(st.integers(0, len(DOCX) - 1), st.integers(0, 255), st.integers(0, len(DOCX)))
def test_a_damaged_document_is_accepted_or_refused_but_never_a_crash(place, byte, end):
    damaged = (DOCX[:place] + bytes([byte]) + DOCX[place + 1 :])[:end]

    assert attachments._media_type(damaged) in ("", "text", *attachments.KINDS["docx"])


# ---- what the editors add ------------------------------------------------------------------------------------------


def test_the_unit_sees_the_editors_files_once_the_item_is_published(make_submission, staff, unit, client):
    item, writer, editor = make_submission(), staff("informant", unit), staff("editor", unit)
    own = attach(writer, item.id, "报表.pdf", BLANK_PDF)
    services.send(writer, item.id, item.version)
    services.sign(staff("signing_leader", unit), item.id, item.version)
    added = attach(editor, item.id, "编辑所附.pdf", BLANK_PDF)
    page, address = f"/submissions/{item.id}", f"/submissions/{item.id}/attachments/{added.id}"

    def seen(person):
        login(client, person)
        return "报表.pdf" in client.get(page).text, "编辑所附.pdf" in client.get(page).text

    people = {name: db.session.get(User, one.id) for name, one in (("writer", writer), ("editor", editor))}
    assert (own.by_office, added.by_office) == (False, True)
    assert seen(people["editor"]) == (True, True) and client.get(address).status_code == 200
    assert seen(people["writer"]) == (True, False) and client.get(address).status_code == 404
    with transaction():
        for move in ("select", "adopt"):
            services.compile_move(editor, item, move)
    assert seen(people["writer"]) == (True, True) and client.get(address).status_code == 200


def test_a_returned_item_goes_back_without_the_editors_files(make_submission, staff, unit, client, app):
    app.config["YAOQING"]["UPLOAD_FILES"] = 1
    item, writer, editor = make_submission("received"), staff("informant", unit), staff("editor", unit)
    added = attach(editor, item.id, "编辑所附.pdf", BLANK_PDF)
    services.move(editor, item.id, "return", "请补充数据")

    login(client, db.session.get(User, writer.id))
    assert "编辑所附.pdf" not in client.get(f"/submissions/{item.id}/edit").text
    with pytest.raises(NotFound):
        detach(writer, item.id, added.id)
    own = attach(writer, item.id, "补充.txt", b"more")  # the editors' file takes no room from the unit

    assert [each.id for each in attachments.shown_to(editor, item)] == [added.id, own.id]
