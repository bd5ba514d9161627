"""Scans of what leaders wrote: PDF or a picture, judged by content, stored outside the web root."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.files import store
from core.permissions import Place, require
from core.submissions.attachments import KINDS, checked_type, safe_name
from plugins.instructions import queries
from plugins.instructions.models import Instruction, InstructionFile

SCANS = {ending: KINDS[ending] for ending in ("pdf", "jpg", "jpeg", "png")}
PICTURES = ("image/jpeg", "image/png")


@dataclass(frozen=True)
class Kept:
    """A file whose bytes lie in the store already."""

    name: str
    media_type: str
    size: int
    sha256: str


def keep(given: Sequence[tuple[str, bytes]], kinds: dict[str, tuple[str, ...]] | None = None) -> list[Kept]:
    """Check files and store their bytes; call it before the transaction. Raises InvalidInput."""
    most = int(current_app.config["YAOQING"]["UPLOAD_FILES"])
    if len(given) > most:
        raise InvalidInput(f"一次最多上传 {most} 个文件", where="扫描件")
    # All are looked at before a byte of any is kept.
    checked = [
        (safe_name(name), checked_type(safe_name(name), content, kinds or SCANS), content)
        for name, content in given
    ]
    return [Kept(name, kind, len(content), store().put(content)) for name, kind, content in checked]


def add(actor: Actor, found: Instruction, kept: Sequence[Kept]) -> None:
    """Put stored files beside an instruction, inside the running transaction."""
    if len(found.files) + len(kept) > int(current_app.config["YAOQING"]["UPLOAD_FILES"]):
        raise InvalidInput("扫描件数量已达上限", where="扫描件", advice="请先删除不需要的扫描件")
    found.files.extend(
        InstructionFile(instruction_id=found.id, by_id=actor.id, at=clock.now(), **vars(file))
        for file in kept
    )
    db.session.flush()


def attach(actor: Actor, instruction_id: int, given: Sequence[tuple[str, bytes]]) -> Instruction:
    """Add scans to an instruction that is recorded already."""
    kept = keep(given)
    with transaction():
        found = _changeable(actor, instruction_id)
        add(actor, found, kept)
        names = "、".join(file.name for file in kept)
        audit.note(
            actor, "上传批示扫描件", found, office_id=found.office_id, instruction=found.id, names=names
        )
    return found


def detach(actor: Actor, instruction_id: int, file_id: int) -> None:
    """Remove a scan (its bytes stay for the record)."""
    with transaction():
        found = _changeable(actor, instruction_id)
        file = _file(found, file_id)
        found.files.remove(file)
        db.session.delete(file)
        audit.note(
            actor, "删除批示扫描件", found, office_id=found.office_id, instruction=found.id, name=file.name,
            sha256=file.sha256,
        )  # fmt: skip


def file(actor: Actor, instruction_id: int, file_id: int) -> InstructionFile:
    """A scan of an instruction the actor may read. Raises NotFound."""
    return _file(queries.one(actor, instruction_id), file_id)


def _file(found: Instruction, file_id: int) -> InstructionFile:
    for each in found.files:
        if each.id == file_id:
            return each
    raise NotFound("没有这个扫描件", advice="它可能已被删除，请刷新页面")


def _changeable(actor: Actor, instruction_id: int) -> Instruction:
    found = queries.one(actor, instruction_id)
    require(actor, "instruction.record", Place(found.office_id, owner_id=found.leader_id))
    return found
