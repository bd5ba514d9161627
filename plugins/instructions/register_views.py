"""The register of instructions: list with filters, statistics, both as a workbook."""

from typing import Any

from flask import render_template, request, url_for

from core import clock
from core.accounts.units import units_of_office
from core.documents import export_views
from core.paging import page_of
from core.permissions import reach
from core.web import actor, highlight, page_number, permit
from plugins.instructions import handling, queries, reading, register, statistics, task_queries, tasks
from plugins.instructions.pages import bp, pairs, size


@bp.get("/")
@permit("instruction.view")
def index() -> Any:
    """The register."""
    who = actor()
    page = page_of(queries.listing(who, _wanted()), page_number(), size(), scalars=True)
    handled = task_queries.by_instruction(who, [found.id for found in page.rows])
    today = clock.today()
    progress = {
        number: handling.progress([tasks.standing(each) for each in found], today)
        for number, found in handled.items()
    }
    marks = reading.secrecies(found.document_id for found in page.rows)
    return render_template(
        "instructions/index.html", who=who, page=page, progress_of=progress, secrecies=marks, **_offered()
    )


@bp.get("/statistics")
@permit("instruction.view")
def numbers() -> Any:
    """The register counted by leader, month and unit."""
    highlight("instructions.index")
    return render_template(
        "instructions/statistics.html", tables=statistics.tables(actor(), _wanted()), **_offered()
    )


@bp.get("/register.xlsx")
@permit("instruction.view")
def workbook_of_register() -> Any:
    """The register as the filter leaves it, and its statistics, as a workbook; a long one is to be made first."""
    highlight("instructions.index")
    asked = register.asked(request.args)
    return export_views.download(register.EXPORT, asked, ("批示登记", url_for("instructions.index", **asked)))


@bp.post("/register.xlsx")
@permit("instruction.view")
def make_workbook_of_register() -> Any:
    """Begin to make the workbook of a long register."""
    return export_views.begin(register.EXPORT, register.asked(request.args))


def _wanted() -> queries.Filter:
    return register.wanted(register.asked(request.args))


def _offered() -> dict[str, Any]:
    """What the filter bar offers; units are offered to those who see more than their own."""
    who = actor()
    wide = bool(reach(who, "instruction.view").offices)
    # Those that have ended as well: what they answered stands in the register.
    units = [(str(unit.id), unit.short) for unit in units_of_office(who.office_id)] if wide else []
    desk = bool(reach(who, "instruction.desk").offices)
    progress = [
        (name, title) for name, title in queries.PROGRESS.items() if desk or name not in queries.OF_DESK
    ]
    return {
        "args": request.args, "names": pairs(queries.names(who)), "kinds": pairs(queries.kind_titles(who)),
        "units": units, "progress": progress, "wide": wide,
    }  # fmt: skip
