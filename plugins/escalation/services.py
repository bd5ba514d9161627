"""Record that an item went up, or was adopted above, as a countable fact; withdraw it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import audit, clock, facts
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, YaoqingError, near
from core.facts import Fact
from core.facts.register import WITHDRAWN
from core.permissions import Place, require
from core.scoring import runs
from core.submissions import known
from core.submissions.credit import credited
from core.submissions.models import Submission
from core.submissions.text import clean_line
from plugins.escalation import queries
from plugins.escalation.words import ADOPTED, FORM, SENT_UP, WHERE, words_of

MOST = 150
LABELS = {SENT_UP: "上报层级", ADOPTED: "采用渠道"}


@dataclass(frozen=True)
class Step:
    """What happened to an item: sent up to a level, or adopted by an outlet (`place`), on a day, in a form."""

    kind: str
    place: str
    on: date
    form: str = ""


@dataclass(frozen=True)
class Imported:
    """What came of a list: facts recorded now, and titles of items whose adoption had been recorded before."""

    recorded: list[Fact]
    known: list[str]


def record(actor: Actor, submission_id: int, step: Step) -> Fact:
    """Record a step of an item; it is credited to all its units. Raises Conflict when it is recorded already."""
    with transaction():
        submission = queries.item(actor, submission_id)
        require(actor, "escalation.record", submission)
        check(submission, step)
        before = _before(submission, step.kind)
        if same := _same(before, step):
            raise Conflict(
                f"这条信息的{queries.TITLES[step.kind]}已经登记过",
                reason=f"登记的日期是{clock.written(same.on)}，去向和形式相同，不重复计入",
                advice="如登记有误，请先撤销原登记",
            )
        return _recorded(actor, submission, step, before)


def record_adoptions(actor: Actor, chosen: Iterable[tuple[int, Step]]) -> Imported:
    """Record the confirmed lines of an adoption list, all or nothing; what is recorded already stays as it is."""
    done = Imported([], [])
    with transaction():
        require(actor, "escalation.record", Place(actor.office_id))
        for number, (submission_id, step) in enumerate(chosen):
            if number >= MOST:
                raise InvalidInput(f"一次最多登记 {MOST} 条", advice="请分几次办理")
            submission = queries.item(actor, submission_id)
            require(actor, "escalation.record", submission)
            _possible_in_list(submission, step)
            before = _before(submission, step.kind)
            if _same(before, step):
                done.known.append(submission.title)
            else:
                done.recorded.append(_recorded(actor, submission, step, before))
        counts = {"recorded": len(done.recorded), "known": len(done.known)}
        audit.note(actor, "导入上级采用名单", office_id=actor.office_id, **counts)
    return done


def withdraw(actor: Actor, fact_id: int, reason: str) -> Fact:
    """Withdraw what was recorded by mistake; its points are booked back, the record stays."""
    with transaction():
        found = queries.one(actor, fact_id)
        require(actor, "escalation.record", Place(found.office_id))
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("撤销登记须说明理由", where="理由", advice="请填写后再提交")
        facts.withdraw(actor, found, reason)
        title = f"撤销{queries.TITLES[found.kind]}登记"
        audit.note(actor, title, found.title, office_id=found.office_id, fact=found.id, reason=reason)
    return found


def standing(submission: Submission, step: Step) -> Fact | None:
    """The fact that already says this of the item, if it has not been withdrawn."""
    return _same(_before(submission, step.kind), step)


def is_closed(office_id: int, day: date) -> bool:
    """Whether the period a day falls into is closed: what is recorded now only shows in later ones."""
    return runs.frozen_run(office_id, runs.current_period(office_id, day).key) is not None


def check(submission: Submission, step: Step) -> None:
    if step.kind not in WHERE:
        raise InvalidInput("没有这种登记", advice="请刷新页面后重试")
    if step.on > clock.today():
        raise InvalidInput("日期不能晚于今天", where="日期", advice="请核对日期")
    received = clock.local(submission.received_at or submission.created_at).date()
    if step.on < received:
        raise InvalidInput(
            "日期早于这条信息的报送日期", where="日期", reason=f"信息于{clock.written(received)}报送"
        )
    words = words_of(submission.office_id, step.on)
    known = words.places[step.kind]
    if step.place not in known:
        advice = near(step.place, known) or f"可选：{'、'.join(list(known.values())[:12]) or '无'}"
        raise InvalidInput(f"请选择{LABELS[step.kind]}", where=LABELS[step.kind], advice=advice)
    if step.form and step.form not in words.forms[step.kind]:
        raise InvalidInput("请选择采用形式", where="采用形式", advice="请从列表中选择")


def _possible_in_list(submission: Submission, step: Step) -> None:
    """The same, naming the item: a list has many lines."""
    try:
        check(submission, step)
    except YaoqingError as error:
        raise InvalidInput(
            f"没有登记：《{submission.title}》{error.message}", reason=error.reason, advice=error.advice
        ) from None


def _before(submission: Submission, kind: str) -> list[Fact]:
    """All facts of a kind about an item and their withdrawals, read in one look: it also numbers the next one."""
    kinds = (kind, WITHDRAWN)
    query = select(Fact).where(
        Fact.office_id == submission.office_id, Fact.item == submission.item_key, Fact.kind.in_(kinds)
    )
    return list(db.session.scalars(query))


def _same(before: list[Fact], step: Step) -> Fact | None:
    gone = {fact.reverses_id for fact in before}
    for fact in before:
        place, form = fact.attrs.get(WHERE[step.kind]), fact.attrs.get(FORM, "")
        if fact.kind == step.kind and fact.id not in gone and (place, form) == (step.place, step.form):
            return fact
    return None


def _recorded(actor: Actor, submission: Submission, step: Step, before: list[Fact]) -> Fact:
    # Two people recording together arrive at the same number, and the register takes a key only once.
    stem = f"{queries.PREFIX}{step.kind}:{submission.id}:"
    number = sum(fact.key.startswith(stem) for fact in before) + 1
    attrs = {WHERE[step.kind]: step.place, "genre": submission.genre}
    if step.form:
        attrs[FORM] = step.form
    fact = facts.record(
        actor,
        facts.NewFact(
            office_id=submission.office_id,
            kind=step.kind,
            on=step.on,
            key=f"{stem}{number}",
            item=submission.item_key,
            title=known.title(submission),
            attrs=attrs,
            **credited(submission),
        ),
    )
    title, (place, _) = f"登记{queries.TITLES[step.kind]}", queries.titles(fact)
    audit.note(
        actor, title, submission, office_id=submission.office_id, fact=fact.id, place=place, on=step.on
    )
    return fact
