"""Register facts by hand, one or many at once, after a look at what they would bring; withdraw them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from core import audit, clock, facts
from core.accounts.units import units_of_office
from core.actors import Actor
from core.db import transaction
from core.errors import Conflict, InvalidInput, NotFound, YaoqingError
from core.facts import Author, Fact, NewFact, Part
from core.packs import services as packs
from core.packs.content.sections import Units
from core.permissions import Place, require
from core.register import queries
from core.register.origins import HAND, origin_of
from core.register.words import HandKind, Parts, hand_kinds, parts_of
from core.scoring import runs
from core.scoring.live import frozen_run
from core.scoring.results.supposing import Change
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Contributor, Entry, Grains
from core.scoring.values.fact import Fact as PlainFact
from core.scoring.values.periods import Period
from core.submissions.text import clean_line

MOST_UNITS, MOST_AUTHORS = 20, 20


@dataclass(frozen=True)
class Book:
    """What can be registered under the pack of a day."""

    rules: Rules
    kinds: Mapping[str, HandKind]
    parts: Parts


@dataclass(frozen=True)
class Draft:
    """One fact as an editor wrote it: everything read, nothing recorded."""

    kind: str
    on: date
    title: str
    units: tuple[int, ...]
    attrs: Mapping[str, object] = field(default_factory=dict)
    parts: Mapping[int, Part] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()
    item: str | None = None

    @property
    def seal(self) -> str:
        """The same text for the same draft: what was seen in the preview is what is recorded."""
        told = (
            self.kind,
            self.on,
            self.title,
            self.units,
            sorted(self.attrs.items()),
            self.authors,
            self.item,
        )
        parts = sorted((unit, part.role, str(part.weight)) for unit, part in self.parts.items())
        return hashlib.sha256(repr((told, parts)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Preview:
    """What a draft would bring: its entries, other lines it would change, the units' totals before and after."""

    period: Period
    closed: bool
    entries: Sequence[Entry]
    changes: Sequence[Change]
    totals: Mapping[str, tuple[Grains, Grains]]

    @property
    def amount(self) -> Grains:
        """The points of all its units together."""
        return sum((entry.amount for entry in self.entries), start=0)


def book_of(office_id: int, day: date) -> Book:
    """What can be registered on a day. Raises NotFound when no pack is in force."""
    version, rules = runs.rules_in_force(office_id, day)
    own = {each.id for each in packs.load(version).get(Units).attributes}
    return Book(rules, hand_kinds(rules, runs.fact_kinds(), own, day), parts_of(rules))


def has_rules(office_id: int, day: date) -> bool:
    """Whether a pack was in force on a day."""
    try:
        packs.in_force(office_id, day)
    except NotFound:
        return False
    return True


def check(actor: Actor, draft: Draft) -> list[InvalidInput]:
    """What is wrong with a draft besides its attributes, each error at its field."""
    found = []
    if draft.on > clock.today():
        found.append(InvalidInput("日期不能晚于今天", where="日期", advice="请核对日期"))
    elif not has_rules(actor.office_id, draft.on):
        found.append(InvalidInput("这一天还没有启用规则包，不能登记", where="日期", advice="请核对日期"))
    if not draft.title:
        found.append(InvalidInput("请填写事项", where="事项", advice="用一句话写明是什么事"))
    if not draft.units:
        found.append(InvalidInput("请选择单位", where="单位", advice="至少选择一个单位"))
    if len(set(draft.units)) != len(draft.units):
        found.append(InvalidInput("同一单位选了两次", where="单位", advice="请删去重复的"))
    known = {unit.id for unit in units_of_office(actor.office_id)}
    if set(draft.units) - known:
        found.append(InvalidInput("有的单位不在本机构名录中", where="单位", advice="请从列表中选择"))
    if len(draft.units) > MOST_UNITS:
        found.append(InvalidInput(f"单位不能超过 {MOST_UNITS} 个", where="单位"))
    if any(part.weight is not None and part.weight < 0 for part in draft.parts.values()):
        found.append(InvalidInput("权重不能是负数", where="单位", advice="请写成 0.6、60 这样的数"))
    return found


def previews(actor: Actor, drafts: Sequence[Draft]) -> list[Preview]:
    """What drafts would bring, scored together on top of what there is; nothing is recorded."""
    require(actor, "fact.record", Place(actor.office_id))
    found: dict[int, Preview] = {}
    by_period: dict[str, list[int]] = {}
    for n, draft in enumerate(drafts):
        by_period.setdefault(_scored_in(actor.office_id, draft.on), []).append(n)
    for key, numbers in by_period.items():
        live = runs.live(actor.office_id, key)
        suppose = [_supposed(draft, live.latest + 1 + n) for n, draft in enumerate(drafts) if n in numbers]
        asked = live.suppose(suppose)
        for n, fact in zip(numbers, suppose, strict=True):
            totals = {
                unit: (
                    asked.before.column(unit, "cumulative") or 0,
                    asked.after.column(unit, "cumulative") or 0,
                )
                for unit in fact.units
            }
            closed = _is_closed(actor.office_id, drafts[n].on)
            changes = asked.changes if len(numbers) == 1 else ()
            found[n] = Preview(live.period, closed, asked.entries[fact.id], changes, totals)
    return [found[n] for n in range(len(drafts))]


def record(actor: Actor, drafts: Sequence[Draft], token: str) -> list[Fact]:
    """Record drafts, all or nothing. `token` names this form: sent twice it counts once. Raises InvalidInput, Conflict."""
    with transaction():
        require(actor, "fact.record", Place(actor.office_id))
        done = []
        for n, draft in enumerate(drafts, start=1):
            if errors := check(actor, draft):
                raise errors[0] if len(drafts) == 1 else _at_line(errors[0], n)
            if draft.item:
                queries.item(actor, draft.item)
            done.append(facts.record(actor, _new(actor.office_id, draft, f"{HAND}:{token}:{n}")))
        if len(done) > 1:
            audit.note(actor, "成批登记计分事项", office_id=actor.office_id, count=len(done))
    return done


def withdraw(actor: Actor, fact_id: int, reason: str) -> Fact:
    """Withdraw a fact with a reason; the record stays. Raises Conflict for one that is taken back elsewhere."""
    with transaction():
        fact = queries.one(actor, fact_id)
        require(actor, "fact.record", Place(fact.office_id))
        origin = origin_of(fact)
        if origin.elsewhere:
            raise Conflict(
                "这件事项不在这里撤销", reason=f"它由“{origin.title}”登记", advice=origin.elsewhere
            )
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("撤销登记须说明理由", where="理由", advice="请填写后再提交")
        facts.withdraw(actor, fact, reason)
    return fact


def may_withdraw(actor: Actor, fact: Fact) -> bool:
    """Whether the page offers to withdraw a fact that stands."""
    try:
        require(actor, "fact.record", Place(fact.office_id))
    except YaoqingError:
        return False
    return not origin_of(fact).elsewhere


def _new(office_id: int, draft: Draft, key: str) -> NewFact:
    return NewFact(
        office_id, draft.kind, draft.on, draft.units, key, draft.item, draft.title, draft.attrs, draft.parts,
        draft.authors,
    )  # fmt: skip


def _supposed(draft: Draft, number: int) -> PlainFact:
    """A draft as scoring reads it."""
    first = str(draft.units[0]) if draft.units else None
    authors = tuple(
        Contributor(a.name, a.part.role, a.part.weight, str(a.unit_id) if a.unit_id else first)
        for a in draft.authors
    )
    parts = tuple(Contributor(str(unit), part.role, part.weight) for unit, part in draft.parts.items())
    units = tuple(map(str, draft.units))
    attrs = {name: value for name, value in draft.attrs.items() if value is not None}
    return PlainFact(
        str(number), draft.kind, draft.on, units, draft.item, attrs, draft.title, None, authors, parts,  # type: ignore[arg-type]
        clock.today(), number,
    )  # fmt: skip


def _scored_in(office_id: int, on: date) -> str:
    """The period in which a fact of a day shows: its own while that is open, else the present one of the same year."""
    own = runs.current_period(office_id, on)
    if frozen_run(office_id, own.key) is None:
        return own.key
    now = runs.current_period(office_id, clock.today())
    return now.key if now.year_key == own.year_key else own.key


def _is_closed(office_id: int, on: date) -> bool:
    return frozen_run(office_id, runs.current_period(office_id, on).key) is not None


def _at_line(error: InvalidInput, number: int) -> InvalidInput:
    return InvalidInput(error.message, where=f"第 {number} 行", reason=error.reason, advice=error.advice)


def weight_of(text: str) -> Decimal | None:
    """A typed weight; None for nothing. Raises InvalidInput."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip().rstrip("%％"))
    except ArithmeticError:
        raise InvalidInput(
            f"权重“{text[:20]}”不是数字", where="单位", advice="请写成 0.6、60 这样的数"
        ) from None
    if not value.is_finite() or abs(value) > 10_000 or value.as_tuple().exponent < -6:  # type: ignore[operator]
        raise InvalidInput(f"权重“{text[:20]}”超出范围", where="单位", advice="请写成 0.6、60 这样的数")
    return value


def with_item(actor: Actor, draft: Draft, item: str) -> Draft:
    """A draft about an item: its title and units, where the draft has none of its own. Raises NotFound."""
    found = queries.item(actor, item)
    if found.office_id != actor.office_id:
        raise NotFound("没有这条信息", advice="请按标题查找后选择")
    units = draft.units or tuple(contributor.unit_id for contributor in found.contributors)
    return replace(draft, item=found.item_key, title=draft.title or found.title, units=units)
