"""Pages of personal scores: who got how much, and the entries behind a person's numbers."""

from typing import Any

from flask import render_template

from core.documents.responses import lines_response
from core.errors import NotFound
from core.facts.naming import names_for
from core.paging import paged
from core.permissions import Place, reach
from core.scoring import runs
from core.scoring.live import Live
from core.scoring.naming import renamed
from core.scoring.results.frozen import Result
from core.scoring.results.persons import Person, PersonAccount, persons_of, printing_of, sheet
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import STATUS_TITLES
from core.scoring.values.points import show
from core.scoring.views import asked, bp, file_name, file_title, periods_around, sees, tabs
from core.tabular import csv_of
from core.web import actor, attached, highlight, page_number, permit

SIZE = 50


@bp.get("/ranking/persons")
@permit("entry.view")
def persons() -> Any:
    """Personal scores of a period, as far as the reader may see them."""
    result, rules = asked()
    printing = printing_of(rules)
    highlight("scoring.ranking")
    return render_template(
        "scoring/persons.html", result=result, rules=rules, page=paged(_seen(result, rules), page_number(), SIZE),
        periods=periods_around(result), tabs=tabs(result, rules), show=lambda grains: show(grains, printing),
        whole=_sees_all(),
    )  # fmt: skip


@bp.get("/ranking/persons.csv")
@permit("entry.view")
def persons_file() -> Any:
    """The same as a file."""
    result, rules = asked()
    return attached(csv_of(sheet(_seen(result, rules), rules)), file_name(result, "个人得分"))


@bp.get("/ranking/persons.xlsx")
@permit("entry.view")
def persons_workbook() -> Any:
    """The same as a workbook."""
    result, rules = asked()
    return lines_response(sheet(_seen(result, rules), rules), file_title(result, "个人得分"))


@bp.get("/ranking/<period_key>/persons/<path:name>")
@permit("entry.view")
def person(period_key: str, name: str) -> Any:
    """The entries behind a person's numbers."""
    found = runs.scored(actor().office_id, period_key)
    rules = runs.rules_behind(found)
    wanted = next((each for each in _seen(found, rules) if each.row.unit == name), None)
    if wanted is None:
        raise NotFound("没有这个人的得分，或您无权查看", advice="请返回个人得分重新选择")
    entries = renamed(runs.person_entries(found, name), names_for(actor(), "entry.view", actor().office_id))
    account = PersonAccount(wanted, entries, found.period, rules)
    highlight("scoring.ranking")
    return render_template(
        "scoring/person.html",
        result=found,
        account=account,
        person=wanted,
        row=wanted.row,
        statuses=STATUS_TITLES,
    )


def _seen(found: Result | Live, rules: Rules) -> list[Person]:
    """The persons of units the reader may look into."""
    if rules.persons is None:
        return []
    return [each for each in persons_of(runs.proposals(found)) if sees([each.unit])]


def _sees_all() -> bool:
    return reach(actor(), "entry.view").covers(Place(actor().office_id))
