"""Pages of the audit trail."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from core import clock
from core.audit.trail import AuditRecord, note, verify
from core.audit.words import WORDS, Trail
from core.db import transaction
from core.paging import page_of
from core.permissions import reach
from core.plugins import collect
from core.web import actor, page_number, parse_day, permit

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@permit("audit.view")
def index() -> Any:
    """The trail of the actor's office, newest first."""
    args = request.args
    query = select(AuditRecord).where(reach(actor(), "audit.view").where(AuditRecord.office_id))
    for column, name in (
        (AuditRecord.actor, "who"),
        (AuditRecord.action, "action"),
        (AuditRecord.thing, "thing"),
    ):
        if args.get(name):
            query = query.where(column.contains(args[name][:60], autoescape=True))
    if since := parse_day(args.get("since")):
        query = query.where(AuditRecord.at >= clock.moment(since, 0))
    if until := parse_day(args.get("until")):
        query = query.where(AuditRecord.at < clock.moment(until + timedelta(days=1), 0))
    size = current_app.config["YAOQING"]["PAGE_SIZE"]
    page = page_of(query.order_by(AuditRecord.id.desc()), page_number(), size, scalars=True)
    trail = Trail([*WORDS, *collect("trail_words")])
    details = {record.id: trail.told(record.detail) for record in page.rows}
    outcomes = {record.id: trail.value("outcome", record.outcome) for record in page.rows}
    return render_template("audit/index.html", page=page, args=args, details=details, outcomes=outcomes)


@bp.post("/audit/verify")
@permit("audit.view")
def verify_chain() -> Any:
    """Check the whole chain and say what was found."""
    breaks = list(verify())
    with transaction():
        note(actor(), "校验操作留痕", outcome=f"发现 {len(breaks)} 处异常" if breaks else "完整")
    for found in breaks[:5]:
        flash(f"第 {found.record_id} 条：{found.reason}", "error")
    if not breaks:
        flash("操作留痕完整，未发现改动", "success")
    return redirect(url_for("audit.index"))
