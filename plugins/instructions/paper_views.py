"""The printed papers as files: the instruction, and the slip for a unit."""

from typing import Any

from core.documents.responses import office_response, pdf_response
from core.documents.word.file import MIMETYPE
from core.web import actor, permit
from plugins.instructions import papers
from plugins.instructions.pages import bp


@bp.get("/<int:instruction_id>/remark.pdf")
@permit("instruction.view")
def remark_pdf(instruction_id: int) -> Any:
    """The instruction with what it is about, to print."""
    return _pdf(papers.remark(actor(), instruction_id))


@bp.get("/<int:instruction_id>/remark.docx")
@permit("instruction.view")
def remark_word(instruction_id: int) -> Any:
    """The same for Word."""
    return _word(papers.remark(actor(), instruction_id))


@bp.get("/tasks/<int:task_id>/routing.pdf")
@permit("instruction.view")
def routing_pdf(task_id: int) -> Any:
    """The slip for a unit, to print."""
    return _pdf(papers.routing(actor(), task_id))


@bp.get("/tasks/<int:task_id>/routing.docx")
@permit("instruction.view")
def routing_word(task_id: int) -> Any:
    """The same for Word."""
    return _word(papers.routing(actor(), task_id))


def _pdf(paper: papers.Paper) -> Any:
    response = pdf_response(paper.pdf(), f"{paper.name}.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response


def _word(paper: papers.Paper) -> Any:
    return office_response(paper.word(), MIMETYPE, f"{paper.name}.docx")
