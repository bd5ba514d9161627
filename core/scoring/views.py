"""Pages of scoring: the ranking, the entries behind every number, periods and their closing."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from core import clock
from core.documents.responses import lines_response
from core.errors import NotFound
from core.permissions import Place, allowed, require
from core.scoring import runs
from core.scoring.live import Live
from core.scoring.results import board
from core.scoring.results.frozen import Result
from core.scoring.rules.rule_book import Rules
from core.scoring.values.periods import Period
from core.tabular import csv_of
from core.web import actor, attached, permit

bp = Blueprint("scoring", __name__)


@bp.get("/ranking")
@permit("ranking.view")
def ranking() -> Any:
    """The ranking of a period, group by group; each number leads to its entries."""
    result, rules = asked()
    groups = [(g, [r for r in result.rows if r.group == g.id]) for g in rules.groups.values() if g.competes]
    part = request.args.get("part", "")
    return render_template(
        "scoring/ranking.html", result=result, groups=[(g, rows) for g, rows in groups if rows], rules=rules,
        parts=board.parts_of(rules), part=part, columns=board.columns(rules, part), cells=board.cells,
        periods=periods_around(result), may_open=lambda row: sees([row.unit]), tabs=tabs(result, rules),
    )  # fmt: skip


@bp.get("/ranking.csv")
@permit("ranking.view")
def ranking_file() -> Any:
    """The whole ranking as a file."""
    result, rules = asked()
    return attached(csv_of(board.sheet(result.rows, rules)), file_name(result, "得分排名"))


@bp.get("/ranking.xlsx")
@permit("ranking.view")
def ranking_workbook() -> Any:
    """The whole ranking as a workbook."""
    result, rules = asked()
    return lines_response(board.sheet(result.rows, rules), file_title(result, "得分排名"))


def asked() -> tuple[Result | Live, Rules]:
    """The period in the address, scored, with the rules behind it."""
    office_id = actor().office_id
    require(actor(), "ranking.view", Place(office_id))
    result = runs.scored(
        office_id, request.args.get("period") or runs.current_period(office_id, clock.today()).key
    )
    return result, runs.rules_behind(result)


def periods_around(result: Result | Live) -> list[Period]:
    """The periods to choose from: those of the same scoring year that have begun."""
    return runs.periods(actor().office_id, result.period.year_key)


def sees(units: Sequence[str]) -> bool:
    """Whether the reader may look into what one of these units got."""
    here = Place(actor().office_id, frozenset(int(unit) for unit in units if unit.isdigit()))
    return allowed(actor(), "entry.view", here)


def file_name(result: Result | Live, title: str) -> str:
    """What a text file is called."""
    return f"{file_title(result, title)}.csv"


def file_title(result: Result | Live, title: str) -> str:
    """What a file is about: a period scored now says so."""
    return f"{result.period.title}{title}{'' if result.closed else '（未结账）'}"


def tabs(result: Result | Live, rules: Rules) -> list[dict[str, Any]]:
    """The pages of a scored period: those the pack has rules for."""
    pages = [
        ("得分排名", "scoring.ranking", True), ("个人得分", "scoring.persons", rules.persons is not None),
        ("奖项", "scoring.prizes", rules.prizes), ("名单", "scoring.lists", rules.lists),
    ]  # fmt: skip
    return [
        {"title": title, "url": url_for(page, period=result.period.key), "active": page == request.endpoint}
        for title, page, there in pages
        if there
    ]


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
