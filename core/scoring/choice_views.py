"""Pages of prizes proposed and of lists; both also as files."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template, request

from core.documents.responses import lines_response
from core.facts.naming import names_for
from core.paging import paged
from core.scoring import runs
from core.scoring.live import Live
from core.scoring.naming import chosen_as
from core.scoring.results.choices import Choice, elsewhere, lists_of, prizes_of, seen, sheet
from core.scoring.results.frozen import Result
from core.scoring.rules.rule_book import Rules
from core.scoring.views import asked, bp, file_name, file_title, periods_around, sees, tabs
from core.tabular import csv_of
from core.web import actor, attached, highlight, page_number, permit

# So many lines of each are shown together with the others; the rest when one is looked at by itself.
SHOWN, SIZE = 20, 50


@bp.get("/ranking/prizes")
@permit("ranking.view")
def prizes() -> Any:
    """The prizes proposed for a period: winners in order with their figures, those barred and why."""
    result, rules = asked()
    return _page(
        "scoring/prizes.html", result, rules, _prizes(result, rules), elsewhere=elsewhere(result, rules)
    )


@bp.get("/ranking/lists")
@permit("ranking.view")
def lists() -> Any:
    """The lists of a period."""
    result, rules = asked()
    return _page("scoring/lists.html", result, rules, _lists(result, rules))


@bp.get("/ranking/prizes.csv")
@permit("ranking.view")
def prizes_file() -> Any:
    """Prizes as a file."""
    return _file(_prizes, "奖项建议名单")


@bp.get("/ranking/lists.csv")
@permit("ranking.view")
def lists_file() -> Any:
    """Lists as a file."""
    return _file(_lists, "名单")


@bp.get("/ranking/prizes.xlsx")
@permit("ranking.view")
def prizes_workbook() -> Any:
    """Prizes as a workbook."""
    return _workbook(_prizes, "奖项建议名单")


@bp.get("/ranking/lists.xlsx")
@permit("ranking.view")
def lists_workbook() -> Any:
    """Lists as a workbook."""
    return _workbook(_lists, "名单")


def _prizes(result: Result | Live, rules: Rules) -> list[Choice]:
    if not rules.prizes:
        return []
    names = names_for(actor(), "entry.view", actor().office_id)
    return [chosen_as(seen(choice, sees), names) for choice in prizes_of(runs.proposals(result), rules)]


def _lists(result: Result | Live, rules: Rules) -> list[Choice]:
    return lists_of(runs.proposals(result), rules) if rules.lists else []


def _page(template: str, result: Result | Live, rules: Rules, found: Sequence[Choice], **more: Any) -> str:
    """A page of all choices, each with its first lines, or of the one asked for."""
    alone = next((choice for choice in found if choice.id == request.args.get("only")), None)
    number, size = (page_number(), SIZE) if alone else (1, SHOWN)
    shown = [(choice, paged(choice.chosen, number, size)) for choice in ([alone] if alone else found)]
    highlight("scoring.ranking")
    return render_template(
        template, result=result, rules=rules, shown=shown, alone=alone, sees=sees,
        periods=periods_around(result), tabs=tabs(result, rules), **more,
    )  # fmt: skip


def _file(choose: Callable[[Result | Live, Rules], list[Choice]], title: str) -> Any:
    result, rules = asked()
    return attached(csv_of(sheet(choose(result, rules))), file_name(result, title))


def _workbook(choose: Callable[[Result | Live, Rules], list[Choice]], title: str) -> Any:
    result, rules = asked()
    return lines_response(sheet(choose(result, rules)), file_title(result, title))
