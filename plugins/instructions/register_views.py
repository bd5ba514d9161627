"""The register of instructions: list with filters, statistics, both as a workbook."""

from typing import Any

from flask import render_template, request

from core import clock
from core.accounts.units import units_of_office
from core.documents.responses import office_response
from core.documents.workbook import MIMETYPE, workbook
from core.paging import page_of
from core.permissions import reach
from core.web import actor, highlight, page_number, parse_day, permit, whole_or_zero
from plugins.instructions import handling, queries, statistics, task_queries, tasks
from plugins.instructions.pages import bp, pairs, size

# Lines of the register in one workbook.
MOST = 10_000


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
    return render_template("instructions/index.html", who=who, page=page, progress_of=progress, **_offered())


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
    """The register as the filter leaves it, and its statistics, as a workbook."""
    today = clock.today()
    content = workbook(statistics.sheets(actor(), _wanted(), MOST), today)
    return office_response(content, MIMETYPE, f"批示登记簿{today.isoformat()}.xlsx")


def _wanted() -> queries.Filter:
    args = request.args
    return queries.Filter(
        text=args.get("text", "")[:60], leader=args.get("leader", ""), kind=args.get("kind", ""),
        since=parse_day(args.get("since")), until=parse_day(args.get("until")),
        unit_id=whole_or_zero(args.get("unit")), progress=args.get("progress", ""),
    )  # fmt: skip


def _offered() -> dict[str, Any]:
    """What the filter bar offers; units are offered to those who see more than their own."""
    who = actor()
    wide = bool(reach(who, "instruction.view").offices)
    units = (
        [(str(unit.id), unit.short) for unit in units_of_office(who.office_id, clock.today())] if wide else []
    )
    return {
        "args": request.args, "names": pairs(queries.names(who)), "kinds": pairs(queries.kind_titles(who)),
        "units": units, "progress": list(queries.PROGRESS.items()), "wide": wide,
    }  # fmt: skip
