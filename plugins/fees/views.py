"""Pages of fees: the payment periods, the list of one, the lines behind a payee's sum; the list as CSV."""

import re
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from core import clock
from core.documents.responses import lines_response
from core.errors import Conflict, InvalidInput, NotFound
from core.facts.naming import names_for
from core.permissions import Place, allowed, reach, require
from core.scoring.values.points import Printing, show
from core.scoring.values.points import parse as grains_of
from core.tabular import csv_of
from core.web import actor, attached, highlight, permit
from plugins.fees import queries, services, sources
from plugins.fees.models import STATES, FeesDraft, FeesList
from plugins.fees.pricing import status_title, yuan
from plugins.fees.statement import Statement, read

bp = Blueprint("fees", __name__, url_prefix="/fees", template_folder="templates")
EXACT = Printing(places=2)


@bp.get("/")
@permit("fee.view")
def index() -> Any:
    """The payment periods of a year with the state of their lists."""
    who, year = actor(), request.args.get("year", "")
    if year and not re.fullmatch("[12][0-9]{3}", year):
        raise NotFound("没有这个年度", advice="请从列表中选择")
    if not sources.pays(who.office_id):
        return render_template("fees/index.html", pays=False, wide=bool(reach(who, "fee.view").offices))
    found = sources.periods(who.office_id, year or None)
    rows = [_row(period) for period in reversed(found)]
    shown = int(year or (found[0].year_key if found else clock.today().year))
    return render_template("fees/index.html", pays=True, rows=rows, year=shown)


def _row(period: Any) -> dict[str, Any]:
    """A period in the list: its state and, once approved, what the reader may see of it."""
    who = actor()
    draft, approved = queries.draft(who.office_id, period.key), queries.approved(who.office_id, period.key)
    payments = queries.visible(who, who.office_id, read(approved.content).payments) if approved else []
    return {
        "period": period, "state": _state(period, draft, approved), "payees": len(payments),
        "total": yuan(sum(each.total for each in payments)) if approved else "—", "approved": approved,
    }  # fmt: skip


def _state(period: Any, draft: FeesDraft | None, approved: FeesList | None) -> tuple[str, str]:
    """The state of a period's list in words, and its colour."""
    if approved:
        return "已核准", "success"
    if draft:
        return STATES[draft.state], "warning" if draft.state == "prepared" else "danger"
    return ("未编制", "info") if period.end < clock.today() else ("进行中", "neutral")


@bp.get("/<period_key>")
@permit("fee.view")
def listing(period_key: str) -> Any:
    """The fees of a payment period: approved, drawn up, or as the register stands."""
    who = actor()
    statement, draft, approved = _statement(period_key)
    rows = queries.visible(who, who.office_id, statement.payments)
    highlight("fees.index")
    desk, place = reach(who, "fee.view").offices, Place(who.office_id)
    return render_template(
        "fees/listing.html", statement=statement, rows=rows, state=_state(statement.period, draft, approved),
        draft=draft, approved=approved, units=_units(), yuan=yuan, whole=who.office_id in desk,
        over=statement.period.end < clock.today(), may_prepare=allowed(who, "fee.prepare", place),
        may_approve=allowed(who, "fee.approve", place) and draft and draft.prepared_by_id != who.id,
        total=yuan(sum(row.total for row in rows)),
    )  # fmt: skip


@bp.get("/<period_key>/<int:unit_id>/<path:name>")
@permit("fee.view")
def payee(period_key: str, unit_id: int, name: str) -> Any:
    """The lines behind a payee's sum, those worth nothing included, and what corrects earlier periods."""
    who = actor()
    statement, draft, approved = _statement(period_key)
    wanted = (str(unit_id), name)
    payment = next(
        (
            row
            for row in queries.visible(who, who.office_id, statement.payments)
            if (row.payee.unit, row.payee.name) == wanted
        ),
        None,
    )
    if not payment:
        raise NotFound("清单中没有这一项，或您无权查看", advice="请返回稿酬清单重新选择")
    highlight("fees.index")
    lines = [*payment.lines, *(change for each in payment.adjustments for change in each.changes)]
    numbers = {int(line.fact) for line in lines if line.fact.isdecimal()}
    known = names_for(who, "fee.view", who.office_id).of_facts(numbers)
    return render_template(
        "fees/payee.html", known=known, statement=statement, payment=payment, state=_state(statement.period, draft, approved),
        unit=_units().get(payment.payee.unit, ""), yuan=yuan, money=_money, status_title=status_title,
    )  # fmt: skip


def _money(amount: Any) -> str:
    """An exact amount of a line: rounded for reading, with its exact value where that differs."""
    grains = grains_of(amount)
    text, exact = show(grains, EXACT), show(grains, Printing("fraction"))
    return text if text == exact else f"{text}（{exact}）"


@bp.get("/<period_key>/list.csv")
@permit("fee.view")
def download(period_key: str) -> Response:
    """The whole list for the accountant, as a file any spreadsheet opens."""
    require(actor(), "fee.view", Place(actor().office_id))
    statement, _, approved = _statement(period_key)
    title = f"{statement.period.title}稿酬{'' if approved else '（未核准）'}.csv"
    return attached(table_of(statement.payments, _units()), title)


@bp.get("/<period_key>/list.xlsx")
@permit("fee.view")
def download_workbook(period_key: str) -> Response:
    """The same as a workbook."""
    require(actor(), "fee.view", Place(actor().office_id))
    statement, _, approved = _statement(period_key)
    title = f"{statement.period.title}稿酬{'' if approved else '（未核准）'}"
    return lines_response(lines_of(statement.payments, _units()), title)


def table_of(payments: Any, units: dict[str, str]) -> str:
    """The list as CSV text; no cell of it can run in a spreadsheet."""
    return csv_of(lines_of(payments, units))


def lines_of(payments: Any, units: dict[str, str]) -> list[list[str]]:
    """The lines of the list, its head first and the totals last."""
    lines = [["序号", "单位", "姓名", "本期稿酬（元）", "以前各期更正（元）", "应付（元）"]]
    for number, row in enumerate(payments, start=1):
        unit = units.get(row.payee.unit, "")
        name = "" if row.payee.name == unit else row.payee.name
        lines.append([str(number), unit, name, yuan(row.own), yuan(row.adjusted), yuan(row.total)])
    return [*lines, ["", "合计", "", *map(yuan, _sums(payments))]]


def _sums(payments: Any) -> tuple[int, int, int]:
    own, adjusted = sum(row.own for row in payments), sum(row.adjusted for row in payments)
    return own, adjusted, own + adjusted


@bp.post("/<period_key>/prepare")
@permit("fee.prepare")
def prepare(period_key: str) -> Any:
    """Draw the list up, or anew."""
    found = _done(period_key, lambda: services.prepare(actor(), actor().office_id, period_key))
    if found:
        flash(f"{found}清单已编制，待签发人核准", "success")
    return redirect(url_for("fees.listing", period_key=period_key))


@bp.post("/<period_key>/send-back")
@permit("fee.approve")
def send_back(period_key: str) -> Any:
    """Send the list back, with a reason."""
    reason = request.form.get("reason", "")
    if _done(period_key, lambda: services.send_back(actor(), actor().office_id, period_key, reason)):
        flash("已退回编辑", "success")
    return redirect(url_for("fees.listing", period_key=period_key))


@bp.post("/<period_key>/approve")
@permit("fee.approve")
def approve(period_key: str) -> Any:
    """Approve the list the form showed."""
    digest = request.form.get("digest", "")[:64]
    found = _done(period_key, lambda: services.approve(actor(), actor().office_id, period_key, digest))
    if found:
        flash(f"{found}清单已核准，今后不再变动", "success")
    return redirect(url_for("fees.listing", period_key=period_key))


@bp.get("/<period_key>/proof")
@permit("fee.prepare")
def proof(period_key: str) -> Any:
    """Work an approved list out again and say whether it still gives the same."""
    require(actor(), "fee.prepare", Place(actor().office_id))
    found = queries.approved(actor().office_id, period_key)
    if not found:
        raise NotFound("这一期稿酬还没有核准", advice="请返回稿酬列表")
    if services.proven(found):
        flash(f"{found}重算一致，校验值 {found.digest[:16]}…", "success")
    else:
        flash(f"{found}重算结果与核准的清单不一致，请立即联系系统管理员", "error")
    return redirect(url_for("fees.listing", period_key=period_key))


def _done(period_key: str, step: Any) -> Any:
    """What a step gives; None when it was refused for a reason that belongs on the list's own page."""
    sources.period(actor().office_id, period_key)
    try:
        return step()
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
        return None


def _statement(period_key: str) -> tuple[Statement, FeesDraft | None, FeesList | None]:
    """The list of a period as it counts: approved, else drawn up, else as the register stands."""
    office_id = actor().office_id
    approved, draft = queries.approved(office_id, period_key), queries.draft(office_id, period_key)
    if approved or draft:
        return read((approved or draft).content), draft, approved
    return sources.statement(office_id, sources.period(office_id, period_key))[0], None, None


def _units() -> dict[str, str]:
    """What the office's units are called, by their keys."""
    return {str(unit.id): unit.short for unit in sources.units_of_office(actor().office_id)}
