"""The printed papers: an instruction with what it is about, and the slip by which a unit gets it, as PDF and for Word.

A rule pack may bring formats of its own (`papers` in instructions.yaml); otherwise the print bases are used as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db
from core.documents.rendering.drawing import drawn_by
from core.documents.store import TEMPLATE, fonts, renderer
from core.documents.templating.sandbox import render_html
from core.documents.word.file import docx
from core.errors import Conflict, YaoqingError
from core.packs import services as packs
from core.packs.content.format import Pack
from core.permissions import Place, allowed
from core.submissions.models import Submission
from core.submissions.workflow import WITH_EDITORS
from plugins.instructions import handling, queries, reading, task_queries, tasks
from plugins.instructions.models import Instruction
from plugins.instructions.section import Instructions, Papers
from plugins.instructions.task_models import Task

REMARK, ROUTING = "领导批示件", "批示交办单"


@dataclass(frozen=True)
class Paper:
    """A paper about to be printed: the format's files, the values it is filled with, the name of the file."""

    name: str
    files: Mapping[str, str]
    values: Mapping[str, Any]

    def pdf(self) -> bytes:
        """As PDF. Takes a while. Raises RenderError."""
        return renderer().pdf(self._html())

    def word(self) -> bytes:
        """For Word: the same page. Raises RenderError."""
        return docx(self._html(), clock.today(), draw=drawn_by(renderer()))

    def _html(self) -> str:
        return render_html(TEMPLATE, self.files, self.values, fonts())


def remark(actor: Actor, instruction_id: int) -> Paper:
    """The instruction as it was recorded, with what it is about. Raises NotFound, Conflict."""
    found = queries.one(actor, instruction_id)
    _standing(found)
    pack, words = _words(found.office_id)
    wide = allowed(actor, "instruction.view", Place(found.office_id))
    shown = [task for task in task_queries.of_instruction(actor, found.id) if task.state != "cancelled"]
    values = {
        **_common(actor, found, words, REMARK),
        "post": found.leader_post,
        "carrier": found.carrier_title,
        "items": [reading.item_for(actor, item.submission)[0] for item in found.items] if found.document_id else [],
        "asked": queries.short_names(found.asked_unit_ids) if wide else [],
        "handled": [
            {
                "unit": task.unit.short, "part": task.part, "due": tasks.standing(task).waits_until,
                "state": handling.STATES[task.state],
            }
            for task in shown
        ],
    }  # fmt: skip
    return Paper(f"{REMARK}{found.mark}", _files(pack, words.remark, "remark"), values)


def routing(actor: Actor, task_id: int) -> Paper:
    """The slip by which a unit gets an instruction, its answer in it when there is one. Raises NotFound, Conflict."""
    task = task_queries.one(actor, task_id)
    found = task.instruction
    _standing(found)
    if task.state == "cancelled":
        raise Conflict("转办已经取消，不能打印交办单", advice="请先恢复转办")
    pack, words = _words(found.office_id)
    others = [
        each
        for each in task_queries.of_instruction(actor, found.id)
        if each.id != task.id and each.state != "cancelled"
    ]
    answer, answered_on = _answer(actor, task)
    values = {
        **_common(actor, found, words, f"领导{found.kind_title}交办单"),
        "post": found.leader_post,
        "unit": task.unit.name,
        "part": task.part,
        "others": [{"unit": each.unit.short, "part": each.part} for each in others],
        "urgency": task.urgency_title,
        "sent_on": task.sent_on,
        "due": tasks.standing(task).waits_until,
        "note": task.note,
        "contact": words.contact,
        "answer": answer,
        "answered_on": answered_on,
    }
    return Paper(
        f"{ROUTING}{found.mark}（{task.unit.short}）", _files(pack, words.routing, "routing"), values
    )


def _standing(found: Instruction) -> None:
    if found.withdrawn_at:
        raise Conflict("批示已经撤销，不能打印", advice="需要打印的，请先恢复批示")


def _common(actor: Actor, found: Instruction, words: Papers, title: str) -> dict[str, Any]:
    """What both papers say of an instruction."""
    item = found.submission
    office = db.session.get_one(Office, found.office_id)
    reporting = dict.fromkeys(each.submission.unit.short for each in found.items)
    return {
        "title": f"{title}{found.mark}",
        "office": office.name,
        "number": found.mark,
        "classification": reading.secrecy(found.document_id) or words.mark,
        "leader": found.leader_name,
        "kind": found.kind_title,
        "on": found.on,
        "text": found.text.splitlines() or ["（没有文字内容）"],
        "subject": found.named_for(actor),
        "units": list(reporting),
        "body": reading.item_for(actor, item)[1] if item and item.state in WITH_EDITORS else [],
        "body_title": found.subject_for(actor),
        "body_source": _source(item) if item else "",
    }


def _source(item: Submission) -> str:
    return "、".join([item.unit.short, *(each.unit.short for each in item.contributors[1:])])


def _answer(actor: Actor, task: Task) -> tuple[list[str], Any]:
    """The last final feedback that has left the unit and was not returned, and the day the first one left."""
    sent = [each for each in task_queries.shown_feedback(actor, task) if each.state in ("sent", "accepted")]
    final = next((each for each in reversed(sent) if each.final), None)
    return (final.text.splitlines(), task.reported_on) if final and task.reported_on else ([], None)


def _words(office_id: int) -> tuple[Pack | None, Papers]:
    """The pack of today and what it says of papers; papers can be printed without one, too."""
    try:
        pack = packs.pack_of(office_id, clock.today())
        return pack, pack.get(Instructions).papers
    except YaoqingError:
        return None, Papers()


def _files(pack: Pack | None, kind: str | None, base: str) -> Mapping[str, str]:
    """The format of the pack, or the print base as it is."""
    if pack and kind:
        return pack.document(kind).files
    return {TEMPLATE: f'{{% extends "print/{base}.html" %}}'}
