"""Pages of one instruction: with its scans, who handles it, and what may be done with it."""

from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from core.actors import Actor
from core.documents import store as documents
from core.errors import Conflict, InvalidInput, NotFound
from core.files import store
from core.permissions import Place, allowed
from core.plugins import collect
from core.web import actor, highlight, permit, whole_or_zero
from plugins.instructions import (
    files,
    handling,
    queries,
    reading,
    resolving,
    services,
    task_queries,
    task_views,
)
from plugins.instructions.models import Instruction
from plugins.instructions.pages import bp, html_of, uploads


@bp.get("/<int:instruction_id>")
@permit("instruction.view")
def show(instruction_id: int) -> Any:
    """One instruction with what it is about."""
    highlight("instructions.index")
    who = actor()
    found = queries.one(who, instruction_id)
    place = Place(found.office_id, owner_id=found.leader_id)
    may_record = allowed(who, "instruction.record", place)
    may_desk = allowed(who, "instruction.desk", Place(found.office_id))
    shown = task_queries.of_instruction(who, found.id)
    scored = [reading.item_for(who, item.submission)[0] for item in found.items]
    return render_template(
        "instructions/show.html", who=who, found=found, html=html_of(who, found.submission), address=address_of(found),
        may_record=may_record, may_desk=may_desk, may_open=allowed(who, "submission.view", found),
        may_read=may_read(who, found), wide=allowed(who, "instruction.view", Place(found.office_id)),
        may_write=allowed(who, "instruction.record", Place(found.office_id, owner_id=who.id)),
        secrecy=reading.secrecy(found.document_id),
        follows=readable_before(who, found), followed=queries.followed_by(who, found), pictures=files.PICTURES,
        printed=printed(found) if may_desk and found.document_id else [], units=queries.short_names(found.asked_unit_ids),
        scored=scored, tasks=shown, late=task_views.late_days(shown), states=handling.STATES,
        feedback_states=handling.FEEDBACK_STATES,
        feedback={task.id: task_queries.shown_feedback(who, task) for task in shown},
    )  # fmt: skip


def readable_before(who: Actor, found: Instruction) -> Instruction | None:
    """The instruction this one goes further than, when it is open to the reader as well."""
    try:
        return queries.one(who, found.follows_id) if found.follows_id else None
    except NotFound:
        return None


def may_read(who: Actor, found: Instruction) -> bool:
    """Whether the document it was written on is open to somebody who may read the instruction."""
    try:
        return bool(found.document_id and documents.document(who, found.document_id))
    except NotFound:
        return False


def address_of(found: Instruction) -> str:
    """Where the document it was written on is read; empty for an item."""
    if not found.document_id:
        return ""
    own = collect("document_pages", document_id=found.document_id)
    return own[0] if own else url_for("documents.document", document_id=found.document_id)


def printed(found: Instruction) -> list[tuple[int, str, bool]]:
    """The items of the document: id, title, whether the instruction counts for it."""
    chosen = {item.submission_id for item in found.items}
    items = queries.by_id(found.office_id, resolving.items_of(found.document_id or 0))
    return [(item.id, item.title, item.id in chosen) for item in items]


@bp.post("/<int:instruction_id>/withdraw")
@permit("instruction.record")
def withdraw(instruction_id: int) -> Any:
    """Withdraw an instruction, with a reason."""
    reason = request.form.get("reason", "")
    return step(
        lambda: services.withdraw(actor(), instruction_id, reason),
        "批示已撤销，相应得分已冲正",
        instruction_id,
    )


@bp.post("/<int:instruction_id>/restore")
@permit("instruction.record")
def restore(instruction_id: int) -> Any:
    """Set a withdrawn instruction in force again."""
    reason = request.form.get("reason", "")
    return step(
        lambda: services.restore(actor(), instruction_id, reason), "批示已恢复，得分重新计入", instruction_id
    )


@bp.post("/<int:instruction_id>/items")
@permit("instruction.desk")
def items(instruction_id: int) -> Any:
    """Choose the items of the document it counts for."""
    ids = [whole_or_zero(value) for value in request.form.getlist("item")]
    said = "计分条目已选定" if ids else "已登记：批示针对整期，不计入具体条目"
    return step(lambda: services.choose_items(actor(), instruction_id, ids), said, instruction_id)


@bp.post("/<int:instruction_id>/scans")
@permit("instruction.record")
def add_scans(instruction_id: int) -> Any:
    """Add scans."""
    given = uploads(request.files.getlist("scans"))
    return step(
        lambda: files.attach(actor(), instruction_id, given), f"已上传 {len(given)} 个扫描件", instruction_id
    )


@bp.get("/<int:instruction_id>/scans/<int:file_id>")
@permit("instruction.view")
def scan(instruction_id: int, file_id: int) -> Any:
    """A scan: pictures are shown, anything else is saved and never opened as a page of this site."""
    found = files.file(actor(), instruction_id, file_id)
    store().get(found.sha256)  # refuses a file whose bytes no longer match
    picture = found.media_type in files.PICTURES
    return send_file(
        store().path(found.sha256), mimetype=found.media_type if picture else "application/octet-stream",
        as_attachment=not picture, download_name=found.name,
    )  # fmt: skip


@bp.post("/<int:instruction_id>/scans/<int:file_id>/delete")
@permit("instruction.record")
def remove_scan(instruction_id: int, file_id: int) -> Any:
    """Remove a scan."""
    return step(lambda: files.detach(actor(), instruction_id, file_id), "扫描件已删除", instruction_id)


def step(service: Any, done: str, instruction_id: int) -> Any:
    """Do one step and go on; what a person can mend is said on the page instead of an error page."""
    try:
        service()
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for("instructions.show", instruction_id=instruction_id))
