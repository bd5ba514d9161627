"""The checks asked of a text: its words and units as the checks see them, findings as remarks.

What somebody decided not to be told of again is kept apart: by the office for the office, by the unit for the unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy import select

from core import clock, filters
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import NotFound
from core.hookspecs import CheckedText, Remark
from core.packs import services as packs
from core.packs.models import PackVersion
from core.permissions import Place, allowed
from core.submissions import checking as core_checking
from core.submissions import text
from plugins.proofreading import section
from plugins.proofreading.checking import Checker, in_order
from plugins.proofreading.findings import Finding, Manuscript, lines_of
from plugins.proofreading.models import Dismissal, QuietPhrase
from plugins.proofreading.rules import OF_PHRASES
from plugins.proofreading.schema import BodyName, Proofreading


@dataclass
class Sorted:
    """Findings on a text: those to tell, and those settled for this side, each with the decision."""

    told: list[Finding] = field(default_factory=list)
    settled: list[tuple[Finding, Dismissal | QuietPhrase]] = field(default_factory=list)
    # By key: what the unit decided on findings that are still told to the office.
    by_unit: dict[str, Dismissal] = field(default_factory=dict)


def remarks(actor: Actor, checked: CheckedText) -> list[Remark]:
    """What the office's rules of today find in a text as it stands, the graver first, then what was settled."""
    found, whole = sort(checked), manuscript(checked)
    deciding = Deciding(actor, checked)
    told = [deciding.told(each, found.by_unit.get(each.key)) for each in in_order(found.told, whole)]
    decisions = {each.key: decision for each, decision in reversed(found.settled)}
    settled = in_order((each for each, _ in found.settled), whole)
    return [*told, *(deciding.settled(each, decisions[each.key]) for each in settled)]


def sort(checked: CheckedText) -> Sorted:
    """The findings on a text, by what was decided about them."""
    checker = _checker(checked.office_id)
    bodies = _registered(checked.office_id) if checker.rules.registered else ()
    every = checker.every(manuscript(checked), bodies)
    phrases = _phrases(checked.office_id, every)
    own, units = _dismissals(checked)
    found = Sorted()
    for each in every:
        decision = own.get(each.mark) or phrases.get((each.rule, each.phrase))
        if decision:
            found.settled.append((each, decision))
            continue
        found.told.append(each)
        if each.mark in units:
            found.by_unit[each.key] = units[each.mark]
    return found


def manuscript(checked: CheckedText) -> Manuscript:
    """A text as the checks see it."""
    return Manuscript(
        checked.title, lines_of(checked.title, checked.body), checked.day, checked.genre, checked.units,
        text.count(checked.body),
    )  # fmt: skip


class Deciding:
    """Findings as remarks, with what this person may decide about them."""

    def __init__(self, actor: Actor, checked: CheckedText):
        item = checked.submission
        self.item = item
        self.right = "proofreading.dismiss" if checked.by_office else "proofreading.own"
        self.may = bool(
            item and core_checking.mends(actor, item) and allowed(actor, self.right, item.main_place())
        )
        self.may_for_all = self.may and allowed(actor, "proofreading.phrases", Place(checked.office_id))

    def told(self, each: Finding, by_unit: Dismissal | None) -> Remark:
        """Something to look at."""
        note = f"报送单位已看过：{_who(by_unit)}" if by_unit else ""
        phrase = each.phrase if self.may_for_all and each.rule in OF_PHRASES else ""
        return _remark(each, note=note, html=self._forms(each, phrase=phrase))

    def settled(self, each: Finding, decision: Dismissal | QuietPhrase) -> Remark:
        """Something that need not be looked at again."""
        if isinstance(decision, QuietPhrase):
            return _remark(each, settled=f"本机构不再提示：{_who(decision)}")
        return _remark(each, settled=_who(decision), html=self._forms(each, settled=True))

    def _forms(self, each: Finding, phrase: str = "", *, settled: bool = False) -> str:
        if not self.may:
            return ""
        return Markup(
            render_template(
                "proofreading/_deciding.html",
                item=self.item,
                found=each,
                phrase=phrase,
                settled=settled,
                own="own_" if self.right == "proofreading.own" else "",
            )
        )


def _who(decision: Dismissal | QuietPhrase) -> str:
    return f"{decision.by.name}，{filters.short(decision.at)}"


def _phrases(office_id: int, every: Iterable[Finding]) -> dict[tuple[str, str], QuietPhrase]:
    """The office's decisions on phrases that occur here."""
    words = {each.phrase for each in every if each.phrase and each.rule in OF_PHRASES}
    if not words:
        return {}
    query = select(QuietPhrase).where(
        QuietPhrase.office_id == office_id, QuietPhrase.phrase.in_(sorted(words))
    )
    return {(each.rule, each.phrase): each for each in db.session.scalars(query)}


def _dismissals(checked: CheckedText) -> tuple[dict[str, Dismissal], dict[str, Dismissal]]:
    """By mark: the decisions of the side that works on the text, and for the office those of the unit."""
    if not checked.submission:
        return {}, {}
    query = select(Dismissal).where(Dismissal.submission_id == checked.submission.id)
    rows = db.session.scalars(query).all()
    own = {each.mark: each for each in rows if each.by_office == checked.by_office}
    return own, {each.mark: each for each in rows if checked.by_office and not each.by_office}


def _checker(office_id: int) -> Checker:
    """The checks by the pack in force; without one, or without proofreading.yaml, the general checks."""
    kept: dict[str, Checker] = current_app.extensions.setdefault("proofreading", {})
    try:
        version = packs.in_force(office_id, clock.today())
    except NotFound:
        return _made(kept, "", None)
    return _made(kept, version.digest, version)


def _made(kept: dict[str, Checker], digest: str, version: PackVersion | None) -> Checker:
    """A pack's checks, made ready once: a version never changes."""
    if digest not in kept:
        rules = packs.load(version).sections.get(section.SECTION.name) if version else None
        kept[digest] = Checker(rules if isinstance(rules, Proofreading) else None)
    return kept[digest]


def _registered(office_id: int) -> list[BodyName]:
    """The register's units that have a short name; it may be used once the full one has been."""
    today = clock.today()
    units = db.session.scalars(select(Unit).where(Unit.office_id == office_id, Unit.short_name != ""))
    return [
        BodyName(full=unit.name, short=(unit.short_name,), full_first=True)
        for unit in units
        if unit.valid_on(today) and unit.short_name != unit.name
    ]


def _remark(each: Finding, *, note: str = "", settled: str = "", html: str = "") -> Remark:
    return Remark(each.level, each.text, each.place, each.quote, each.weight, note, settled, html)
