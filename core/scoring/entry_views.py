"""The page of a unit's account: every number opens into its entries, tasks, adjustments and the next step up."""

from typing import Any

from flask import render_template, request

from core.accounts.models import Unit
from core.db import db
from core.errors import NotFound
from core.facts.naming import names_for
from core.permissions import allowed
from core.scoring.account import Account, total
from core.scoring.engine.wording import number
from core.scoring.values.fact import STATUS_TITLES
from core.scoring.views import bp
from core.web import actor, highlight, permit


@bp.get("/ranking/<period_key>/<int:unit_id>")
@permit("entry.view")
def entries(period_key: str, unit_id: int) -> Any:
    """The entries behind a unit's numbers: what counted, what did not, and why; `of` opens one number."""
    unit = db.session.get(Unit, unit_id)
    if not unit or not allowed(actor(), "entry.view", unit):
        raise NotFound("没有这个单位，或您无权查看它的得分台账", advice="请返回得分排名")
    names = names_for(actor(), "entry.view", unit.office_id)
    account = Account.of(unit.office_id, period_key, str(unit_id), names)
    name = request.args.get("of", "")
    opened = account.opened(name) if name else None
    highlight("scoring.ranking")
    return render_template(
        "scoring/entries.html", unit=unit, account=account, result=account.result, row=account.row, opened=opened,
        statuses=STATUS_TITLES, show=account.show, plain=number, total=total,
    )  # fmt: skip
