"""Names of the chosen: winners of prizes and units of lists, as paragraphs or lines. Pure."""

from collections.abc import Collection, Mapping
from itertools import groupby

from core.scoring.results.choices import Choice, Line
from plugins.circulars.ledger import Ledger
from plugins.circulars.pieces import RollRule
from plugins.circulars.wording import fill


def choice_of(rule: RollRule, ledger: Ledger) -> Choice | None:
    """The prize or list behind it; None when it is not given for periods like this one."""
    return ledger.prizes.get(rule.prize) if rule.prize else ledger.lists.get(str(rule.list))


def lines_of(rule: RollRule, ledger: Ledger, struck: Collection[str] = ()) -> list[Line]:
    """Those named, in order, without those the office has struck out."""
    choice = choice_of(rule, ledger)
    titles = {ledger.rules.groups[group].title for group in rule.groups}
    lines = choice.chosen if choice else ()
    return [line for line in lines if line.key not in struck and (not titles or line.group in titles)]


def paragraphs(
    rule: RollRule, ledger: Ledger, words: Mapping[str, str], struck: Collection[str] = ()
) -> list[str]:
    """What the part says; nothing when nobody is named."""
    lines = lines_of(rule, ledger, struck)
    if rule.each == "all":
        return _told(rule, lines, words, "") if lines else []
    # Within a prize or list the lines of a group may stand apart: gather them in the order of the groups.
    order = [group.title for group in ledger.rules.groups.values()]
    ordered = sorted(lines, key=lambda line: order.index(line.group) if line.group in order else len(order))
    found: list[str] = []
    for group, inside in groupby(ordered, key=lambda line: line.group):
        found += _told(rule, list(inside), words, group)
    return found


def _told(rule: RollRule, lines: list[Line], words: Mapping[str, str], group: str) -> list[str]:
    named = [fill(rule.name, _words(line, n)) for n, line in enumerate(lines, start=1)]
    known = {**words, "group": group, "count": str(len(named)), "names": rule.joiner.join(named)}
    if rule.style == "lines":
        return [*([fill(rule.say, known)] if rule.say else []), *named]
    return [fill(rule.say or "{names}。", known)]


def _words(line: Line, number: int) -> dict[str, str]:
    figure = line.figures[0] if line.figures else ""
    return {
        "name": line.name, "unit": "、".join(line.unit_names) or line.name, "group": line.group,
        "figure": figure, "number": str(number),
    }  # fmt: skip
