"""What a list of fees is worked out from: the register, the units, the tariffs of the packs, the lists before."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select

from core import clock
from core.accounts.units import units_of_office
from core.db import db
from core.errors import InvalidInput, PackError, YaoqingError, near
from core.facts import of_office
from core.packs import services as packs
from core.packs.models import PackVersion
from core.scoring import runs
from core.scoring.inputs import facts_of, unit_infos
from core.scoring.values.fact import Fact, UnitInfo
from core.scoring.values.periods import Period, period_by_key, periods_of, year_of, year_of_period
from plugins.fees.models import FeesList
from plugins.fees.pricing import Tariff, tariff_of
from plugins.fees.statement import Earlier, Statement, drawn_up, read


def tariff(office_id: int, day: date) -> Tariff:
    """The tariff in force on a day. Raises PackError when the pack does not speak of fees."""
    version = packs.in_force(office_id, day)
    found = _tariff(version)
    if found is None:
        raise PackError(
            "规则包没有规定稿酬", where=version.ref, advice="如要付稿酬，请在规则包中补上 fees.yaml"
        )
    return found


def pays(office_id: int) -> bool:
    """Whether the rules in force speak of fees."""
    try:
        tariff(office_id, clock.today())
    except YaoqingError:
        return False
    return True


def tariff_by_ref(ref: str) -> Tariff:
    """The tariff of a pack version: a later activation changes nothing."""
    found = _tariff(packs.by_ref(ref))
    assert found  # a list was drawn up by it
    return found


def _tariff(version: PackVersion) -> Tariff | None:
    kept: dict[str, Tariff | None] = current_app.extensions.setdefault("fees_tariffs", {})
    if version.digest not in kept:
        kept[version.digest] = tariff_of(packs.load(version), runs.fact_kinds())
    return kept[version.digest]


def periods(office_id: int, year: str | None = None) -> list[Period]:
    """The payment periods of a scoring year that have begun."""
    rules = tariff(office_id, clock.today())
    calendar = rules.rules.calendar
    key = year or year_of(calendar, clock.today()).key
    return [p for p in periods_of(calendar, key, rules.fees.period) if p.start <= clock.today()]


def period(office_id: int, key: str) -> Period:
    """A payment period that has begun, by its key. Raises InvalidInput naming the nearest."""
    rules = tariff(office_id, clock.today())
    known = [each.key for each in periods(office_id)]
    found = period_by_key(rules.rules.calendar, key[:40])
    if {"joined": "month"}.get(found.kind, found.kind) != rules.fees.period or found.start > clock.today():
        raise InvalidInput(f"没有付酬周期“{found.key}”", advice=near(key, known) or "请从列表中选择")
    return found


def earlier(office_id: int) -> list[Earlier]:
    """Every approved list, in the order in which they were approved."""
    query = select(FeesList).where(FeesList.office_id == office_id).order_by(FeesList.id)
    return [
        Earlier(read(found.content), found.digest, tariff_by_ref(found.pack_ref))
        for found in db.session.scalars(query)
    ]


def statement(office_id: int, wanted: Period) -> tuple[Statement, Sequence[Fact], Sequence[UnitInfo]]:
    """The list as the register stands, with what it was worked out from."""
    rules = tariff(office_id, wanted.end)
    calendar = rules.rules.calendar
    this_year = year_of_period(calendar, wanted)
    last_year = year_of(calendar, this_year.start - timedelta(days=1))
    # Corrections reach back to last year's lists, and rules that look back a year reach one year further.
    first = year_of(calendar, last_year.start - timedelta(days=1)).start
    before = [each for each in earlier(office_id) if each.statement.period.start >= last_year.start]
    known = facts_of(of_office(office_id, wanted.end))
    facts = [fact for fact in known if fact.on >= first or fact.reverses]
    units = unit_infos(units_of_office(office_id), rules.rules)
    return drawn_up(facts, rules, units, wanted, before), facts, units
