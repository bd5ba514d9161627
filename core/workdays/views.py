"""The page of the working-day calendar: a year's holidays and shifted days, and how to enter the next year's."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from core import clock
from core.errors import InvalidInput
from core.permissions import Place, allowed
from core.web import actor, parse_day, permit
from core.workdays import services
from core.workdays.services import workdays_of

bp = Blueprint("workdays", __name__, url_prefix="/workdays")


@bp.get("/")
@permit("workday.view")
def index() -> Any:
    """The special days of a year."""
    return _page(_year(request.args.get("year")))


@bp.post("/")
@permit("workday.edit")
def enter() -> Any:
    """Enter days from a pasted list."""
    who, year, text = actor(), _year(request.form.get("year")), request.form.get("days", "")
    try:
        count = services.enter(who, who.office_id, text, year)
    except InvalidInput as error:
        return _page(year, text, str(error)), 422
    flash(f"已登记 {count} 天", "success")
    return redirect(url_for("workdays.index", year=year))


@bp.post("/remove")
@permit("workday.edit")
def remove() -> Any:
    """Take an entered day out."""
    who, day = actor(), parse_day(request.form.get("day"))
    if day:
        services.remove(who, who.office_id, day)
        flash("已删除，按公布的放假安排计算", "success")
    return redirect(url_for("workdays.index", year=day.year if day else None))


def _page(year: int, typed: str = "", error: str = "") -> str:
    who = actor()
    days = workdays_of(who.office_id)
    return render_template(
        "workdays/index.html", year=year, specials=days.specials(year), known=days.is_known(year), typed=typed,
        error=error, may_edit=allowed(who, "workday.edit", Place(who.office_id)),
    )  # fmt: skip


def _year(text: str | None) -> int:
    year = int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 2004 <= year <= 2099 else clock.today().year
