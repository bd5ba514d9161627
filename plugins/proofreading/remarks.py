"""The checks asked of a submission: its text and units as the checks see them, findings as remarks."""

from flask import current_app
from sqlalchemy import select

from core import clock
from core.accounts.models import Unit
from core.db import db
from core.errors import NotFound
from core.hookspecs import Remark
from core.packs import services as packs
from core.packs.models import PackVersion
from core.submissions import text
from core.submissions.models import Submission
from plugins.proofreading import section
from plugins.proofreading.checking import Checker
from plugins.proofreading.findings import Finding, Manuscript, lines_of
from plugins.proofreading.schema import BodyName, Proofreading


def remarks(submission: Submission) -> list[Remark]:
    """What the office's rules of today find in an item as it stands, the graver first."""
    checker = _checker(submission.office_id)
    bodies = _registered(submission.office_id) if checker.rules.registered else ()
    return [_remark(each) for each in checker.findings(manuscript(submission), bodies)]


def manuscript(submission: Submission) -> Manuscript:
    """An item as the checks see it. Its day is that of the lists: received or, before that, last changed."""
    units = dict.fromkeys([submission.unit, *(each.unit for each in submission.contributors)])
    return Manuscript(
        submission.title, lines_of(submission.title, submission.body), clock.local(submission.sort_at).date(),
        submission.genre, tuple(unit.name for unit in units), text.count(submission.body),
    )  # fmt: skip


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


def _remark(each: Finding) -> Remark:
    return Remark(each.level, each.text, each.place, each.quote, each.weight)
