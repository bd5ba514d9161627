"""A document that leaders wrote on is withdrawn, corrected or stands again: everybody who acts on it is told.

The instructions stay in force and their facts with them: a leader did write them. Whether the units go on is the
desk's to decide, so it is asked to.
"""

from sqlalchemy import select

from core.db import db
from core.documents.models import IssuedDocument
from core.notices.services import holders, take_back, tell
from plugins.instructions import task_queries, tasks
from plugins.instructions.handling import OPEN
from plugins.instructions.models import Instruction, in_marks


def marked(document_id: int) -> None:
    """Tell the desk, the leader and the units still at work, inside the transaction that marked the document."""
    document = db.session.get_one(IssuedDocument, document_id)
    db.session.refresh(document, ["standings"])
    told = in_marks(str(document)) + _became(document)
    query = select(Instruction).where(
        Instruction.document_id == document_id, Instruction.withdrawn_at.is_(None)
    )
    for found in db.session.scalars(query.order_by(Instruction.id)):
        _tell(found, told, document.standing == "valid")


def _became(document: IssuedDocument) -> str:
    word = document.last_word
    if document.standing == "corrected":
        return f"已由{in_marks(str(word.replaced_by))}更正" if word and word.replaced_by else "已更正"
    return "已撤回" if document.standing == "withdrawn" else "已恢复有效"


def _tell(found: Instruction, told: str, stands: bool) -> None:
    about, page = f"instruction:{found.id}:document", f"/instructions/{found.id}"
    take_back(about, "文件状态已有变化")
    at_work = [task for task in task_queries.all_of(found.id) if task.state in OPEN]
    decide = "，请确定承办单位是否继续办理" if at_work and not stands else ""
    desk = holders(found.office_id, "instruction.desk")
    tell(desk, f"{found.leader_name}批示的{told}{decide}", page, about)
    if found.leader_id:
        tell([found.leader_id], f"您批示的{told}", page, about)
    for task in at_work:
        wait = "" if stands else "；批示仍在办理，如有变化另行通知"
        tell(tasks.unit_people(task), f"{found.leader_name}批示的{told}{wait}", tasks.page(task), about)
