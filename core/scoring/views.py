"""Pages of scoring: the ranking, the entries behind every number, periods and their closing."""

import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from core import clock
from core.accounts.models import Unit
from core.db import db
from core.errors import NotFound
from core.permissions import Place, allowed, require
from core.scoring import points, runs
from core.scoring.fact import STATUS_TITLES, Row
from core.scoring.frozen import Result
from core.scoring.rules import Rules
from core.web import actor, highlight, permit

bp = Blueprint("scoring", __name__)


@bp.get("/ranking")
@permit("ranking.view")
def ranking() -> Any:
    """The ranking of a period, group by group; each number leads to its entries."""
    office_id = actor().office_id
    require(actor(), "ranking.view", Place(office_id))
    key = request.args.get("period") or runs.current_period(office_id, clock.today()).key
    result = runs.scored(office_id, key)
    rules = runs.rules_behind(result)
    groups = [(g, [r for r in result.rows if r.group == g.id]) for g in rules.groups.values() if g.competes]
    return render_template(
        "scoring/ranking.html", result=result, groups=[(g, rows) for g, rows in groups if rows], rules=rules,
        periods=runs.periods(office_id, result.period.year_key), show=_printer(rules), may_open=_may_open, args=request.args,
    )  # fmt: skip


def _may_open(row: Row) -> bool:
    return allowed(actor(), "entry.view", Place(actor().office_id, frozenset({int(row.unit)})))


@bp.get("/ranking/<period_key>/<int:unit_id>")
@permit("entry.view")
def entries(period_key: str, unit_id: int) -> Any:
    """The entries behind a unit's numbers: what counted, what did not, and why."""
    unit = db.session.get(Unit, unit_id)
    if not unit or not allowed(actor(), "entry.view", unit):
        raise NotFound("没有这个单位，或您无权查看它的得分台账", advice="请返回得分排名")
    result = runs.scored(unit.office_id, period_key)
    rules = runs.rules_behind(result)
    row = next((r for r in result.rows if r.unit == str(unit_id)), None)
    found = [e for e in result.entries if e.unit == str(unit_id)]
    inside = [e for e in found if e.day in result.period]
    highlight("scoring.ranking")
    return render_template(
        "scoring/entries.html", unit=unit, result=result, row=row, entries=inside,
        earlier=sorted((e for e in found if e.day < result.period.start), key=lambda e: e.day, reverse=True),
        show=_printer(rules), statuses=STATUS_TITLES, step=_next_step(result, row, rules),
    )  # fmt: skip


def _next_step(result: Result, row: Row | None, rules: Rules) -> str:
    """What it takes to gain a place, in one sentence; empty for the first and for units without a place."""
    if not row or row.place <= 1:
        return ""
    better = [r for r in result.rows if r.group == row.group and r.place < row.place]
    if not better:
        return ""
    key = rules.ranking.by[0]
    attribute = key if key in ("score", "cumulative", "before") else "cumulative"
    nearest = min(better, key=lambda r: (getattr(r, attribute), -r.place))
    gap = getattr(nearest, attribute) - getattr(row, attribute)
    if gap <= 0:
        return f"与第 {nearest.place} 名“{nearest.name}”主要得分相同，按次序条件排在其后。"
    return f"距第 {nearest.place} 名“{nearest.name}”还差 {points.show(gap, rules.printing)} 分。"


def _printer(rules: Rules) -> Any:
    return lambda grains: points.show(grains, rules.printing)


@bp.get("/periods")
@permit("period.view")
def periods() -> Any:
    """The periods of a scoring year and whether they are closed."""
    office_id = actor().office_id
    require(actor(), "period.view", Place(office_id))
    year = request.args.get("year") or None
    if year and not (re.fullmatch("[12][0-9]{3}", year)):
        abort(404)
    found = runs.periods(office_id, year)
    history = runs.frozen_runs(office_id)
    closed = {run.period_key: run for run in history if run.reopened_at is None}
    shown = int(year or (found[0].year_key if found else clock.today().year))
    return render_template(
        "scoring/periods.html", periods=found, closed=closed, history=history,
        today=clock.today(), year=shown,
        may_close=allowed(actor(), "period.close", Place(office_id)),
    )  # fmt: skip


@bp.post("/periods/<period_key>/close")
@permit("period.close")
def close(period_key: str) -> Any:
    """Close a period."""
    run = runs.close(actor(), actor().office_id, period_key)
    flash(f"{run.period_title}已结账，结果已固定", "success")
    return redirect(url_for("scoring.ranking", period=period_key))


@bp.post("/periods/<period_key>/reopen")
@permit("period.close")
def reopen(period_key: str) -> Any:
    """Reopen a closed period, with a reason."""
    runs.reopen(actor(), actor().office_id, period_key, request.form.get("reason", ""))
    flash("已撤销结账，该周期恢复实时计分；原结果保留备查", "success")
    return redirect(url_for("scoring.periods"))


@bp.get("/periods/<period_key>/proof")
@permit("period.view")
def proof(period_key: str) -> Any:
    """Recompute a closed period and say whether it still gives the frozen result."""
    run = runs.frozen_run(actor().office_id, period_key)
    if not run:
        raise NotFound("这个周期没有结账")
    require(actor(), "period.view", run)
    if runs.recompute(run):
        flash(f"{run.period_title}重算一致，校验值 {run.digest[:16]}…", "success")
    else:
        flash(f"{run.period_title}重算结果与结账结果不一致，请立即联系系统管理员", "error")
    return redirect(url_for("scoring.periods"))
