"""Attachments: limits, type judged by content and not by name, storage outside the web root."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import filetype
from flask import current_app

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.files import store
from core.permissions import allowed, require
from core.submissions import leases, workflow
from core.submissions.models import Attachment, Submission
from core.submissions.queries import one
from core.whole import is_whole

_OFFICE_XML = "application/vnd.openxmlformats-officedocument."
# Extension → what the content must be, judged from the bytes.
KINDS = {
    "pdf": ("application/pdf",),
    "docx": (_OFFICE_XML + "wordprocessingml.document",),
    "xlsx": (_OFFICE_XML + "spreadsheetml.sheet",),
    "doc": ("application/msword", "ole"),
    "xls": ("application/vnd.ms-excel", "ole"),
    "wps": ("application/msword", "ole"),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "txt": ("text",),
}
# More parts than any document has; reading the list of a crafted archive would take much memory.
MAX_PARTS = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def attach(actor: Actor, submission_id: int, name: str, content: bytes) -> Attachment:
    """Keep a file beside a submission. Raises InvalidInput saying which limit or type is broken."""
    name = safe_name(name)
    media_type = checked_type(name, content)
    # Checked before a byte is kept, and again in the transaction that counts.
    _with_room(actor, submission_id)
    digest = store().put(content)
    with transaction():
        submission = _with_room(actor, submission_id)
        found = Attachment(
            submission_id=submission.id, name=name, media_type=media_type, size=len(content), sha256=digest,
            by_id=actor.id, by_office=_by_office(submission), at=clock.now(),
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
        audit.note(actor, "上传附件", submission, office_id=submission.office_id, name=name, sha256=digest)
    return found


def detach(actor: Actor, submission_id: int, attachment_id: int) -> None:
    """Remove an attachment from a submission (its bytes stay for the record)."""
    with transaction():
        found = attachment(actor, submission_id, attachment_id)
        _may_change(actor, found.submission)
        audit.note(actor, "删除附件", found.submission, office_id=found.submission.office_id, name=found.name)
        db.session.delete(found)


def shown_to(actor: Actor, submission: Submission) -> Sequence[Attachment]:
    """The files somebody may see: all for the office; for the unit its own ones until the item is published."""
    if allowed(actor, "submission.browse", submission) or submission.state in workflow.SHOWN_TO_UNIT:
        return submission.attachments
    return [each for each in submission.attachments if not each.by_office]


def attachment(actor: Actor, submission_id: int, attachment_id: int) -> Attachment:
    """An attachment of a submission the actor may see. Raises NotFound."""
    submission = one(actor, submission_id)
    for found in shown_to(actor, submission):
        if found.id == attachment_id:
            return found
    raise NotFound("没有这个附件", advice="它可能已被删除，请刷新页面")


def safe_name(name: str) -> str:
    """A file name without path, control or direction characters, at most 120 characters, extension kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(ch for ch in name if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    path = PurePosixPath(name or "附件")
    if len(path.suffix) > 10:
        return path.name[:120]
    return path.stem[: 120 - len(path.suffix)] + path.suffix.lower()


def checked_type(name: str, content: bytes, kinds: Mapping[str, tuple[str, ...]] = KINDS) -> str:
    """The media type judged by content. Raises InvalidInput when it is not allowed or belies the name."""
    limit = current_app.config["YAOQING"]["UPLOAD_MB"]
    if not content:
        raise InvalidInput(f"“{name}”是空文件", where="附件")
    if len(content) > limit * 1024 * 1024:
        raise InvalidInput(f"“{name}”超过 {limit} 兆字节", where="附件", advice="请压缩后再上传")
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in kinds:
        raise InvalidInput(f"不支持“{name}”这种文件", where="附件", advice=f"可上传：{'、'.join(kinds)}")
    found = _media_type(content)
    if found not in kinds[ending]:
        raise InvalidInput(
            f"“{name}”的内容与扩展名不符",
            where="附件",
            reason="文件可能已损坏或被改名",
            advice="请用原软件打开并另存后再上传",
        )
    if not is_whole(found, content):
        raise InvalidInput(
            f"“{name}”不完整",
            where="附件",
            reason="文件缺少末尾，可能没有复制或传送完，打不开",
            advice="请重新扫描、拍照或另存后再上传",
        )
    return kinds[ending][0] if found in ("ole", "text") else found


def _media_type(content: bytes) -> str:
    if content.startswith(_OLE):
        return "ole"
    if content.startswith(b"PK"):
        return _office_type(content)
    kind = filetype.guess(content[:8192])
    if kind:
        return kind.mime
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return ""
    return "text" if "\x00" not in text else ""


def _office_type(content: bytes) -> str:
    """Word or Excel by the parts inside; a broken or endless archive, or one with macros, is neither."""
    try:
        names = (
            zipfile.ZipFile(io.BytesIO(content)).namelist()
            if content.count(b"PK\x01\x02") <= MAX_PARTS
            else []
        )
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    kinds = (("word/", "wordprocessingml.document"), ("xl/", "spreadsheetml.sheet"))
    return next(
        (_OFFICE_XML + kind for folder, kind in kinds if any(n.startswith(folder) for n in names)), ""
    )


def _with_room(actor: Actor, submission_id: int) -> Submission:
    """The submission when the actor may add a file to it and it does not have too many."""
    submission = one(actor, submission_id)
    _may_change(actor, submission)
    # Each side has its own number: what the editors add takes no room from the unit, which does not see it.
    same_side = [each for each in submission.attachments if each.by_office == _by_office(submission)]
    if len(same_side) >= current_app.config["YAOQING"]["UPLOAD_FILES"]:
        raise InvalidInput("附件数量已达上限", where="附件", advice="请先删除不需要的附件")
    return submission


def _by_office(submission: Submission) -> bool:
    """Whether a file added now is the editors'."""
    return submission.state in workflow.EDITABLE_BY_EDITOR


def _may_change(actor: Actor, submission: Submission) -> None:
    if submission.state in workflow.EDITABLE_BY_UNIT:
        require(actor, "submission.write", submission.main_place())
    elif submission.state in workflow.EDITABLE_BY_EDITOR:
        require(actor, "submission.edit", submission)
        leases.guard(actor, submission)
    else:
        raise InvalidInput(f"“{workflow.STATES[submission.state].title}”的信息不能改动附件")
