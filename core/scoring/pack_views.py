"""Pages of rule packs that look at scoring: what an activation would change, and rehearsals of periods."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from core import clock
from core.documents.rendering.preview import page_png
from core.documents.responses import pdf_response, png_response
from core.errors import Findings, NotFound, YaoqingError
from core.packs import services
from core.packs.models import PackVersion
from core.packs.standing import standing
from core.packs.views import bp
from core.packs.wording.difference import Difference, difference
from core.paging import paged
from core.permissions import reach
from core.scoring import rehearsing, runs
from core.scoring.effects import effects
from core.scoring.trying.rehearsal import Comparison
from core.web import actor, highlight, page_number, parse_day, permit

PARTS = {
    "units": "单位",
    "entries": "台账",
    "words": "只是说明不同",
    "tasks": "任务",
    "choices": "评选和名单",
    "papers": "公文",
}
SIZE = 30
# How many rehearsals a session remembers; a result is only shown to whoever asked for it, on record.
REMEMBERED = 12
MOST_CHANGES = 8
MOST_PAGES = 30
SIDES = {"old": "原版本", "new": "试算版本"}
WIDTH = 900


@bp.get("/<int:version_id>/activation")
@permit("pack.view")
def activation(version_id: int) -> Any:
    """Everything to look at before a version is put in force: signature, checks, differences, what would change."""
    found = services.version(version_id)
    office_id = actor().office_id
    starts_on = parse_day(request.args.get("from")) or clock.today()
    highlight("packs.index")
    fault, examples, touched = None, 0, None
    try:
        examples = len(services.registry().reexamine(found.ref, found.digest)[1])
        touched = effects(office_id, found, starts_on)
    except YaoqingError as error:
        fault = error
    current = touched.current if touched else None
    return render_template(
        "packs/activation.html", version=found, starts_on=starts_on, today=clock.today(), touched=touched,
        signed=standing(found, services.registry().folder), examples=examples, fault=fault,
        faults=fault.errors[:50] if isinstance(fault, Findings) else [fault] if fault else [],
        already=current is not None and current.id == found.id,
        difference=_difference(current, found), most=MOST_CHANGES, kind_titles=_kind_titles(),
        periods=rehearsing.periods_to_rehearse(office_id)[:12] if current else [],
        may_activate=bool(reach(actor(), "pack.activate")), own=found.installer_id == actor().id,
    )  # fmt: skip


def _difference(current: PackVersion | None, found: PackVersion) -> Difference | None:
    """What the version says otherwise than the one in force; None when one of them cannot be read."""
    if current is None or current.id == found.id:
        return None
    try:
        old, new = services.load(current), services.load(found)
    except YaoqingError:
        return None
    return difference(old, new, services.registry().sections, {"kinds": _kind_titles()})


def _kind_titles() -> dict[str, str]:
    return {kind.name: kind.title for kind in runs.fact_kinds()}


@bp.get("/<int:version_id>/rehearsal")
@permit("pack.view")
def rehearsal(version_id: int) -> Any:
    """A rehearsal that this session has asked for, part by part; else the form that asks for one."""
    found, key = services.version(version_id), request.args.get("period", "")
    highlight("packs.index")
    if not _asked(version_id, key):
        periods = _periods_or_none()
        return render_template("packs/rehearse.html", version=found, periods=periods, period=key)
    office_id = actor().office_id
    result = rehearsing.rehearsed(actor(), office_id, key, version_id)
    part = request.args.get("part", "units")
    part = part if part in PARTS else "units"
    pairs = rehearsing.papers(office_id, result) if part == "papers" else []
    return render_template(
        "packs/rehearsal.html", version=found, found=result, part=part, pairs=pairs,
        page=paged(rows_of(result, part), page_number(), SIZE), tabs=_tabs(version_id, result, part),
    )  # fmt: skip


def _periods_or_none() -> Sequence[Any]:
    try:
        return rehearsing.periods_to_rehearse(actor().office_id)
    except YaoqingError:
        return ()


@bp.post("/<int:version_id>/rehearsal")
@permit("pack.view")
def rehearse(version_id: int) -> Any:
    """Rehearse a period, on record, and show the result."""
    key = request.form.get("period", "")
    found = rehearsing.rehearse(actor(), actor().office_id, key, version_id)
    asked = [each for each in session.get("rehearsed", []) if each != f"{version_id}:{key}"]
    session["rehearsed"] = [*asked, f"{version_id}:{key}"][-REMEMBERED:]
    flash(f"已试算{found.old.result.period.title}，没有改变任何结果", "success")
    return redirect(url_for("packs.rehearsal", version_id=version_id, period=key))


@bp.get("/<int:version_id>/rehearsal/<period_key>/<paper_key>/<any(old, new):side>.pdf")
@permit("pack.view")
def rehearsed_paper(version_id: int, period_key: str, paper_key: str, side: str) -> Any:
    """A document of a rehearsal, laid out now and never put on record."""
    if not _asked(version_id, period_key):
        return redirect(url_for("packs.rehearsal", version_id=version_id, period=period_key))
    content = rehearsing.printed(actor(), actor().office_id, period_key, version_id, paper_key, side)
    return pdf_response(content, f"试算样张（{SIDES[side]}）.pdf")


@bp.get("/<int:version_id>/rehearsal/<period_key>/<paper_key>")
@permit("pack.view")
def rehearsed_pages(version_id: int, period_key: str, paper_key: str) -> Any:
    """The pages of a document as both versions print them, side by side."""
    if not _asked(version_id, period_key):
        return redirect(url_for("packs.rehearsal", version_id=version_id, period=period_key))
    highlight("packs.index")
    found = rehearsing.rehearsed(actor(), actor().office_id, period_key, version_id)
    printed = rehearsing.pages(actor(), actor().office_id, period_key, version_id, paper_key)
    return render_template(
        "packs/pages.html", version=services.version(version_id), found=found, printed=printed, most=MOST_PAGES,
        period_key=period_key, titles=SIDES,
    )  # fmt: skip


@bp.get("/<int:version_id>/rehearsal/<period_key>/<paper_key>/<any(old, new):side>/<int:page>.png")
@permit("pack.view")
def rehearsed_picture(version_id: int, period_key: str, paper_key: str, side: str, page: int) -> Any:
    """One page (from 1) of a document of a rehearsal as a picture."""
    if not _asked(version_id, period_key):
        raise NotFound("没有这次试算", advice="请先试算这个周期")
    content = rehearsing.printed(actor(), actor().office_id, period_key, version_id, paper_key, side)
    return png_response(page_png(content, page, WIDTH))


def _asked(version_id: int, key: str) -> bool:
    return f"{version_id}:{key}" in session.get("rehearsed", [])


def rows_of(found: Comparison, part: str) -> Sequence[Any]:
    """The rows of one part."""
    return {
        "units": found.units, "entries": found.rewarded_otherwise,
        "words": [entry for entry in found.entries if not entry.of_points],
        "tasks": found.tasks, "choices": found.choices,
    }.get(part, ())  # fmt: skip


def _tabs(version_id: int, found: Comparison, part: str) -> list[dict[str, Any]]:
    key = found.old.result.period.key
    return [
        {
            "title": title, "active": name == part, "count": None if name == "papers" else len(rows_of(found, name)),
            "url": url_for("packs.rehearsal", version_id=version_id, period=key, part=name),
        }
        for name, title in PARTS.items()
    ]  # fmt: skip
