"""Finding what was recorded: of one item, and the register of the office or of a unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import selectinload

from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import NotFound, YaoqingError
from core.facts import Fact
from core.facts.models import FactUnit
from core.facts.register import kind_title
from core.permissions import reach
from core.scoring import runs
from core.submissions.models import ITEM, Submission
from core.submissions.queries import visible
from core.submissions.workflow import COUNTABLE
from plugins.escalation.words import ADOPTED, FORM, SENT_UP, WHERE

PREFIX = "escalation:"
# Recorded here or on the command line: what other plugins record, they also withdraw.
OURS = (PREFIX, "console:")
TITLES = {SENT_UP: "上报", ADOPTED: "上级采用"}


@dataclass(frozen=True)
class Filter:
    """What the register shows; empty means no restriction."""

    text: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """A recorded fact as people read it, and how it was withdrawn, if it was."""

    fact: Fact
    place: str
    form: str
    reversal: Fact | None

    @property
    def kind(self) -> str:
        """上报 or 上级采用."""
        return TITLES.get(self.fact.kind) or kind_title(self.fact.kind)

    @property
    def submission_id(self) -> int:
        """The item it is about; 0 for something recorded without one."""
        number = (self.fact.item or "").removeprefix(ITEM)
        return int(number) if number.isdecimal() else 0


def of_item(submission: Submission) -> list[Entry]:
    """Everything recorded on an item, oldest first."""
    query = select(Fact).where(
        Fact.office_id == submission.office_id, Fact.item == submission.item_key, _ours()
    )
    # Sorted here: asked for this order, SQLite reads every fact of the office by day instead of the few of the item.
    return entries(sorted(db.session.scalars(query), key=lambda fact: (fact.on, fact.id)))


def listing(actor: Actor, wanted: Filter) -> Select[tuple[Fact]]:
    """The register as far as the actor may see it, latest day first."""
    query = select(Fact).where(readable(actor), _ours())
    if wanted.text:
        query = query.where(Fact.title.contains(wanted.text, autoescape=True))
    if wanted.kind:
        query = query.where(Fact.kind == wanted.kind)
    if wanted.since:
        query = query.where(Fact.on >= wanted.since)
    if wanted.until:
        query = query.where(Fact.on <= wanted.until)
    return query.options(selectinload(Fact.units)).order_by(Fact.on.desc(), Fact.id.desc())


def one(actor: Actor, fact_id: int) -> Fact:
    """One recorded fact the actor may see. Raises NotFound."""
    found = db.session.scalar(select(Fact).where(Fact.id == fact_id, readable(actor), _ours()))
    if not found:
        raise NotFound("没有这条登记，或您无权查看", advice="请返回上报采用重新选择")
    return found


def item(actor: Actor, submission_id: int) -> Submission:
    """An item at the office that the actor may record on. Raises NotFound."""
    at_office = visible(actor, "escalation.record") & Submission.state.in_(COUNTABLE)
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id, at_office))
    if not found:
        raise NotFound("没有这条信息，或尚未报送", advice="请返回列表重新选择")
    return found


def entries(facts: Sequence[Fact]) -> list[Entry]:
    """The facts with their titles by the pack of their day, and their withdrawals."""
    ids = [fact.id for fact in facts]
    gone = {f.reverses_id: f for f in db.session.scalars(select(Fact).where(Fact.reverses_id.in_(ids)))}
    return [Entry(fact, *titles(fact), gone.get(fact.id)) for fact in facts]


def unit_names(facts: Iterable[Fact]) -> dict[int, str]:
    """The names of all units that take part."""
    ids = {unit.unit_id for fact in facts for unit in fact.units}
    return {unit.id: unit.short for unit in db.session.scalars(select(Unit).where(Unit.id.in_(ids)))}


def readable(actor: Actor) -> ColumnElement[bool]:
    """The facts an actor may see: the office's, or those credited to the actor's units."""
    found = reach(actor, "escalation.view")
    parts: list[ColumnElement[bool]] = []
    if found.offices:
        parts.append(Fact.office_id.in_(found.offices))
    if found.units:
        parts.append(Fact.id.in_(select(FactUnit.fact_id).where(FactUnit.unit_id.in_(found.units))))
    return or_(*parts) if parts else false()


def _ours() -> ColumnElement[bool]:
    keys = or_(*(Fact.key.startswith(prefix, autoescape=True) for prefix in OURS))
    return and_(Fact.kind.in_(WHERE), keys)


def titles(fact: Fact) -> tuple[str, str]:
    """The place and the form of a fact, by the pack of its day; as recorded when there is none."""
    written = {name: str(fact.attrs.get(name, "")) for name in (WHERE[fact.kind], FORM)}
    try:
        words = runs.rules_in_force(fact.office_id, fact.on)[1].words
    except YaoqingError:
        return written[WHERE[fact.kind]], written[FORM]
    place, form = ((words.shown(name, value) if value else "") for name, value in written.items())
    return place, form
