"""What changes for an office when it uses another version from a day on: periods, facts and units to look at first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from core import clock
from core.accounts.units import units_of_office
from core.columns import shape_of
from core.db import db
from core.errors import NotFound
from core.facts import Fact, records
from core.packs import services as packs
from core.packs.models import PackActivation, PackVersion
from core.scoring import runs
from core.scoring.inputs import unit_infos
from core.scoring.models import FrozenRun
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import UnitInfo
from core.scoring.values.periods import Period, periods_of, year_of

EXAMPLES = 5
ENUMERATED = ("outlet", "level", "choice")
FOREVER = date(2200, 1, 1).toordinal()


@dataclass(frozen=True)
class Strange:
    """Registered facts that say something a version does not know: what, how many, the latest ones."""

    what: str
    value: str
    count: int
    examples: Sequence[Fact]


@dataclass(frozen=True)
class Effects:
    """What an activation touches. `rescored` are open periods, `closed` those that stay as they are."""

    starts_on: date
    current: PackVersion | None
    rescored: Sequence[Period]
    closed: Sequence[FrozenRun]
    later: Sequence[PackActivation]
    strange: Sequence[Strange]
    unplaced: Sequence[UnitInfo]

    @property
    def is_past(self) -> bool:
        """Whether days that are over are touched."""
        return self.starts_on < clock.today()


def effects(office_id: int, version: PackVersion, starts_on: date) -> Effects:
    """What would change from a day on. Reads only."""
    rules = runs.rules_of(version)
    later: dict[date, PackActivation] = {}
    for activation in packs.activations(office_id):
        if activation.starts_on > starts_on:
            later.setdefault(
                activation.starts_on, activation
            )  # of a day the newest counts, which comes first
    until = min(later, default=date.max)
    closed = _closed(office_id, starts_on)
    units = unit_infos(units_of_office(office_id), rules)
    return Effects(
        starts_on, _current(office_id, starts_on),
        _rescored(rules, starts_on, until, {run.period_key for run in closed}), closed, list(later.values()),
        strange_facts(office_id, rules, year_of(rules.calendar, starts_on).start),
        [unit for unit in rules.unplaced(units) if unit.group],
    )  # fmt: skip


def _current(office_id: int, day: date) -> PackVersion | None:
    try:
        return packs.in_force(office_id, day)
    except NotFound:
        return None


def _closed(office_id: int, starts_on: date) -> list[FrozenRun]:
    query = select(FrozenRun).where(
        FrozenRun.office_id == office_id, FrozenRun.reopened_at.is_(None), FrozenRun.ends >= starts_on.toordinal()
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(FrozenRun.ends)))


def _rescored(rules: Rules, starts_on: date, until: date, closed: set[str]) -> list[Period]:
    """Open published periods that ended, or will end, under the version and have begun already."""
    today, calendar = clock.today(), rules.calendar
    years = range(int(year_of(calendar, starts_on).key), int(year_of(calendar, today).key) + 1)
    found = [p for year in years for p in periods_of(calendar, year, calendar.publish)]
    return [p for p in found if starts_on <= p.end < until and p.start <= today and p.key not in closed]


def strange_facts(office_id: int, rules: Rules, since: date) -> list[Strange]:
    """Facts of kinds, outlets or other choices these rules do not know, from a day on."""
    data = records.block(office_id, since.toordinal(), FOREVER)
    data = data[(data["position"] == 1) & (data["withdrawn"] == 0)]
    shapes = records.shapes()
    found: dict[tuple[str, str], list[int]] = {}
    for number in np.unique(data["shape"]).tolist():
        kind, words, _ = shape_of(shapes[number])
        for told in _strange(kind, dict(words), rules):
            found.setdefault(told, []).append(number)
    return [
        _listed(what, value, data[np.isin(data["shape"], numbers)])
        for (what, value), numbers in found.items()
    ]


def _strange(kind: str, words: Mapping[str, Any], rules: Rules) -> Iterator[tuple[str, str]]:
    known = rules.words
    if kind not in known.kinds:
        yield "事项种类", _kind_title(kind)
        return
    for name, value in words.items():
        about = known.properties.get(name)
        options = known.words(about) if about and about.type in ENUMERATED else {}
        renamed = rules.renames.get(name, {}).get(str(value), value)
        if about and options and renamed not in options:
            yield about.title, str(value)


def _kind_title(kind: str) -> str:
    return next((each.title for each in runs.fact_kinds() if each.name == kind), kind)


def _listed(what: str, value: str, rows: Any) -> Strange:
    numbers: Iterable[int] = np.sort(rows["fact"])[::-1][:EXAMPLES].tolist()
    query = select(Fact).where(Fact.id.in_(numbers)).order_by(Fact.id.desc())
    return Strange(what, value, len(rows), list(db.session.scalars(query)))
