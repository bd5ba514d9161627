"""Score a period of an office: live from the register, or frozen when the period is closed.

Closing keeps inputs, entries and rows under a digest. Whatever is recorded later, the closed result stays
as it was; `recompute` proves that the frozen inputs still give the frozen result.
"""

from dataclasses import replace
from datetime import date

from flask import current_app
from sqlalchemy import select

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.packs import services as packs
from core.packs.models import PackVersion
from core.permissions import require
from core.plugins import announce
from core.scoring.engine.booking import Closing
from core.scoring.live import Live, authors, frozen_run, latest_fact, whole
from core.scoring.models import FrozenRun
from core.scoring.results.frozen import Result, freeze, thaw
from core.scoring.results.frozen import digest as digest_of
from core.scoring.results.outcome import outcome_of
from core.scoring.rules.compile import compile_pack
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Entry, FactKind
from core.scoring.values.periods import Period, period_by_key, period_containing, periods_of, year_of


def fact_kinds() -> tuple[FactKind, ...]:
    """Every kind of fact this installation knows."""
    return current_app.extensions["yaoqing"].kinds


def rules_in_force(office_id: int, day: date) -> tuple[PackVersion, Rules]:
    """The pack version of a day and its compiled rules."""
    version = packs.in_force(office_id, day)
    return version, rules_of(version)


def rules_behind(result: Result) -> Rules:
    """The rules a result was computed by: a later activation does not change how a closed period reads."""
    return rules_of(packs.by_ref(result.pack_ref))


def rules_of(version: PackVersion) -> Rules:
    """The compiled rules of an installed version."""
    cache = current_app.extensions["yaoqing"].compiled
    if version.digest not in cache:
        cache[version.digest] = compile_pack(packs.load(version), fact_kinds())
    found: Rules = cache[version.digest]
    return found


def period(office_id: int, key: str) -> Period:
    """A period by its key, by the calendar in force. Raises InvalidInput naming the nearest key."""
    return period_by_key(rules_in_force(office_id, clock.today())[1].calendar, key)


def current_period(office_id: int, day: date) -> Period:
    """The published period a day falls into."""
    calendar = rules_in_force(office_id, day)[1].calendar
    return period_containing(calendar, day, calendar.publish)


def periods(office_id: int, year_key: str | None = None) -> list[Period]:
    """The periods of a scoring year (this year's by default) that have begun."""
    calendar = rules_in_force(office_id, clock.today())[1].calendar
    year = year_key or year_of(calendar, clock.today()).key
    return [p for p in periods_of(calendar, year) if p.start <= clock.today()]


def scored(office_id: int, key: str) -> Result | Live:
    """The result of a period: the frozen one when it is closed, else scored now."""
    frozen = frozen_run(office_id, key)
    return thaw(frozen.content) if frozen else live(office_id, key)


def proposals(found: Result | Live) -> Result:
    """A result with its persons, prizes and lists; of a period scored now without entries, which nobody asked for."""
    if isinstance(found, Result):
        return found
    outcome = found.outcome
    persons = outcome.persons
    return Result(
        found.period, found.pack_ref, outcome.facts, outcome.units, (), outcome.standing.rows,
        persons=persons[1].rows if persons else (), prizes=outcome.prizes, lists=outcome.lists,
    )  # fmt: skip


def person_entries(found: Result | Live, key: str) -> list[Entry]:
    """The entries of a person, of the year up to the end of the period."""
    if isinstance(found, Live):
        ledger = found.outcome.persons[0] if found.outcome.persons else None
    elif found.form > 1:
        return [entry for entry in found.person_entries if entry.unit == key]
    else:  # closed before entries of persons were kept: the frozen facts still give them
        closings = [Closing(*each) for each in found.closings]
        people = authors(found.facts, found.units)
        persons = outcome_of(
            found.facts, rules_behind(found), found.units, found.period, people, closings
        ).persons
        ledger = persons[0] if persons else None
    return ledger.entries(ledger.of(key)) if ledger else []


def live(office_id: int, key: str) -> Live:
    """A period scored from the register as it stands; kept in memory until anything it depends on changes."""
    wanted = period(office_id, key)
    version, rules = rules_in_force(office_id, wanted.end)
    return Live.current(office_id, wanted, version.ref, version.digest, rules)


def frozen_runs(office_id: int) -> list[FrozenRun]:
    """Every closing of an office, reopened ones included, latest first; without their contents."""
    query = select(FrozenRun).where(FrozenRun.office_id == office_id).order_by(FrozenRun.id.desc())
    return list(db.session.scalars(query))


def close(actor: Actor, office_id: int, key: str) -> FrozenRun:
    """Close a period (结账): freeze its result. Raises Conflict when it is closed, InvalidInput when not over."""
    with transaction() as after_commit:
        office = db.session.get(Office, office_id)
        if not office:
            raise NotFound("没有这个机构")
        require(actor, "period.close", office)
        audit.in_turn()  # no fact may slip in between the result and the last number it has seen
        wanted = period(office_id, key)
        if wanted.end >= clock.today():
            raise InvalidInput(f"{wanted.title}还没有结束，不能结账", advice=f"请在 {wanted.end} 之后办理")
        if frozen_run(office_id, key):
            raise Conflict(f"{wanted.title}已经结账", advice="如需更正，请先撤销结账并说明理由")
        content, digest = freeze(live(office_id, key).whole())
        version = packs.in_force(office_id, wanted.end)
        run = FrozenRun(
            office_id=office_id, period_key=key, period_title=wanted.title, pack_ref=version.ref,
            pack_digest=version.digest, content=content, digest=digest, closed_at=clock.now(), closed_by=actor.name,
            last_fact=latest_fact(office_id), starts=wanted.start.toordinal(), ends=wanted.end.toordinal(),
        )  # fmt: skip
        db.session.add(run)
        db.session.flush()
        audit.note(actor, "结账", wanted.title, office_id=office_id, digest=digest, pack=version.ref)
        after_commit(announce, "period_closed", office_id=office_id, period_key=key)
    return run


def reopen(actor: Actor, office_id: int, key: str, reason: str) -> None:
    """Reopen a closed period. The frozen run stays on record with the reason."""
    with transaction():
        run = frozen_run(office_id, key)
        if not run:
            raise Conflict("这个周期没有结账", advice="请刷新页面查看")
        require(actor, "period.close", run)
        if not reason.strip():
            raise InvalidInput("撤销结账须说明理由", where="理由")
        run.reopened_at, run.reopened_by, run.reason = clock.now(), actor.name, reason.strip()[:500]
        audit.note(actor, "撤销结账", run.period_title, office_id=office_id, reason=reason, digest=run.digest)


def recompute(run: FrozenRun) -> bool:
    """Whether the frozen inputs, scored again by the same pack version, give the same digest."""
    if digest_of(run.content) != run.digest:
        return False
    frozen = thaw(run.content)
    rules = rules_of(packs.by_ref(run.pack_ref))
    closings = [Closing(*each) for each in frozen.closings]
    people = authors(frozen.facts, frozen.units)
    again = outcome_of(frozen.facts, rules, frozen.units, frozen.period, people, closings)
    # Places gained and lost were read off the period before, which may have been reopened since.
    movements = {row.unit: row.movement for row in frozen.rows}
    result = whole(again, frozen.pack_ref, frozen.closings)
    rows = [replace(row, movement=movements.get(row.unit)) for row in result.rows]
    return freeze(replace(result, rows=rows, form=frozen.form))[1] == run.digest
