"""On an item's page: what it earned whom, fact by fact, for whoever may see the entries."""

from flask import render_template
from markupsafe import Markup

from core import clock
from core.actors import Actor
from core.errors import YaoqingError
from core.facts import Fact
from core.hookspecs import Panel
from core.permissions import reach
from core.register import queries
from core.scoring import runs
from core.scoring.values import points
from core.scoring.values.fact import STATUS_TITLES, Entry
from core.submissions.models import Submission

TITLE = "得分"


def earned(actor: Actor, submission: Submission) -> list[Panel]:
    """The block on an item's page; none without facts, or for somebody who may not see anybody's entries."""
    seen = reach(actor, "entry.view")
    found = queries.of_item(submission.office_id, submission.item_key)
    offices, mine = submission.office_id in seen.offices, seen.units
    units = {part.unit_id for fact in found for part in fact.units if offices or part.unit_id in mine}
    if not units:
        return []
    try:
        entries = [e for e in entries_of(submission.office_id, found) if int(e.unit) in units]
        rules = runs.rules_in_force(submission.office_id, clock.today())[1]
    except YaoqingError:
        return []
    html = render_template(
        "register/_earned.html", entries=entries, names=queries.unit_names(submission.office_id),
        statuses=STATUS_TITLES, show=lambda grains: points.show(grains, rules.printing),
        total=sum((entry.amount for entry in entries), start=0), office_id=submission.office_id,
        period_of=lambda entry: runs.current_period(submission.office_id, entry.day),
    )  # fmt: skip
    return [Panel(TITLE, Markup(html), 60)]


def entries_of(office_id: int, found: list[Fact]) -> list[Entry]:
    """The entries of facts as the register stands, of the latest period any of them shows in."""
    if not found:
        return []
    latest = max(fact.on for fact in found)
    years: dict[str, str] = {}
    for day in (*(fact.on for fact in found), max(latest, clock.today())):
        period = runs.current_period(office_id, day)
        if period.year_key not in years or period.key > years[period.year_key]:
            years[period.year_key] = period.key
    wanted, entries = {str(fact.id) for fact in found}, []
    units = [str(number) for number in sorted({part.unit_id for fact in found for part in fact.units})]
    for key in years.values():
        ledger = runs.live(office_id, key).ledger(units)
        for entry in ledger.entries(names={}):
            if entry.fact in wanted:
                entries.append(entry)
    return sorted(entries, key=lambda entry: (entry.day, int(entry.fact), entry.unit))
