"""A unit's record at hand: what it reported, what was adopted and instructed this year, its points, why items came back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import clock
from core.accounts.models import Unit
from core.db import db
from core.errors import YaoqingError
from core.facts import Fact
from core.facts.models import FactUnit
from core.scoring import runs
from core.scoring.values import points
from core.scoring.values.periods import year_of
from core.submissions.models import Submission, SubmissionEvent
from core.submissions.workflow import MOVES

COUNTED = {"submitted": "报送", "adopted": "采用", "sent_up": "上报", "instructed": "批示"}
LATEST = 3
RETURNED = MOVES["return"].title


@dataclass(frozen=True)
class Score:
    """Points and place in the period that is running."""

    period: str
    cumulative: str
    place: int
    of: int
    group: str


@dataclass(frozen=True)
class Returned:
    """An item that came back, and why."""

    at: datetime
    title: str
    reason: str


@dataclass(frozen=True)
class Record:
    """What an editor wants to know about a unit while reading one of its items."""

    since: date
    counts: Sequence[tuple[str, int]]
    score: Score | None
    returned: Sequence[Returned]


def of_unit(unit: Unit) -> Record:
    """The record of a unit in the scoring year that is running; the calendar year where no rules are in force."""
    since = _since(unit.office_id)
    found = _counts(unit, since)
    counts = [
        (title, found[kind])
        for kind, title in COUNTED.items()
        if found[kind] or kind in ("submitted", "adopted")
    ]
    return Record(since, counts, _score(unit), _returned(unit))


def _since(office_id: int) -> date:
    today = clock.today()
    try:
        return year_of(runs.rules_in_force(office_id, today)[1].calendar, today).start
    except YaoqingError:
        return date(today.year, 1, 1)


def _counts(unit: Unit, since: date) -> Counter[str]:
    """Facts of the unit by kind, without those withdrawn."""
    reversal = aliased(Fact)
    gone = select(reversal.id).where(reversal.reverses_id == Fact.id).exists()
    query = (
        select(Fact.kind, func.count())
        .join(FactUnit, FactUnit.fact_id == Fact.id)
        .where(FactUnit.unit_id == unit.id, Fact.office_id == unit.office_id, Fact.on >= since, ~gone)
        .where(Fact.kind.in_(COUNTED))
        .group_by(Fact.kind)
    )
    return Counter(dict(db.session.execute(query).tuples().all()))


def _score(unit: Unit) -> Score | None:
    """None without rules, or for a unit that does not compete."""
    try:
        period = runs.current_period(unit.office_id, clock.today())
        result = runs.scored(unit.office_id, period.key)
        rules = runs.rules_behind(result)
    except YaoqingError:
        return None
    row = next((row for row in result.rows if row.unit == str(unit.id)), None)
    if row is None:
        return None
    group = rules.groups[row.group].title if row.group in rules.groups else ""
    same = [each for each in result.rows if each.group == row.group]
    return Score(period.title, points.show(row.cumulative, rules.printing), row.place or 0, len(same), group)


def _returned(unit: Unit) -> list[Returned]:
    """The last items that came back to the unit; undone returns do not count."""
    query = (
        select(SubmissionEvent, Submission.title)
        .join(Submission, Submission.id == SubmissionEvent.submission_id)
        .where(
            Submission.unit_id == unit.id,
            Submission.office_id == unit.office_id,
            SubmissionEvent.title.in_((RETURNED, f"撤销{RETURNED}")),
        )
        .order_by(SubmissionEvent.id.desc())
        .limit(10 * LATEST)
    )
    undone: set[int] = set()
    found: list[Returned] = []
    for event, title in db.session.execute(query).tuples():
        if gone := event.detail.get("undoes"):
            undone.add(gone)
        elif event.id not in undone and len(found) < LATEST:
            found.append(Returned(event.at, title, event.reason))
    return found
