"""Record a leader's instruction as a countable fact, and withdraw it again."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import audit, clock, facts
from core.accounts.models import User
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, near
from core.packs import services as packs
from core.packs.format import Pack
from core.permissions import Place, require
from core.scoring import runs
from core.scoring.vocabulary import Vocabulary
from core.submissions.credit import credited
from core.submissions.models import Submission
from core.submissions.text import clean_line
from plugins.instructions import queries
from plugins.instructions.kinds import INSTRUCTED
from plugins.instructions.models import Instruction
from plugins.instructions.section import InstructionKind, Instructions, LeaderClass

MAX_TEXT = 2000


@dataclass(frozen=True)
class NewInstruction:
    """What a leader wrote on an item. The leader is a user of the office, or somebody known by name only."""

    submission_id: int
    leader_class: str
    kind: str
    on: date
    text: str = ""
    leader_id: int | None = None
    leader_name: str = ""
    leader_post: str = ""
    carrier: str = ""


def words_of(office_id: int, day: date) -> Instructions:
    """Classes and kinds in force on a day. Raises PackError when the pack does not speak of instructions."""
    return packs.pack_of(office_id, day).get(Instructions)


def record(actor: Actor, new: NewInstruction) -> Instruction:
    """Record an instruction; one that counts is credited to all units of the item."""
    with transaction():
        submission = queries.item(actor, new.submission_id)
        leader = _leader(submission.office_id, new.leader_id)
        require(actor, "instruction.record", Place(submission.office_id, owner_id=new.leader_id))
        _possible(submission, new.on)
        pack = packs.pack_of(submission.office_id, new.on)
        kind = _kind(pack, new.kind)
        found = _made(actor, submission, leader, pack, kind, new)
        _not_twice(found)
        db.session.add(found)
        db.session.flush()
        if kind.counts:
            found.fact_id = facts.record(actor, _fact(submission, found)).id
        audit.note(
            actor, f"登记{kind.title}", found, office_id=found.office_id, instruction=found.id, on=found.on
        )
    return found


def withdraw(actor: Actor, instruction_id: int, reason: str) -> Instruction:
    """Withdraw an instruction recorded by mistake; its points are booked back."""
    with transaction():
        found = queries.one(actor, instruction_id)
        require(actor, "instruction.record", Place(found.office_id, owner_id=found.leader_id))
        if found.withdrawn_at:
            raise Conflict("这条批示已经撤销", advice="请刷新页面查看")
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("撤销批示须说明理由", where="理由", advice="请填写后再提交")
        found.withdrawn_at, found.withdrawn_by_id, found.reason = clock.now(), actor.id, reason
        if found.fact_id:
            facts.withdraw(actor, db.session.get_one(facts.Fact, found.fact_id), reason)
        audit.note(actor, "撤销批示", found, office_id=found.office_id, instruction=found.id, reason=reason)
    return found


def is_closed(office_id: int, day: date) -> bool:
    """Whether the period a day falls into is closed: what is recorded now only shows in later ones."""
    return runs.frozen_run(office_id, runs.current_period(office_id, day).key) is not None


def _leader(office_id: int, leader_id: int | None) -> User | None:
    if leader_id is None:
        return None
    found = next((user for user in queries.leaders(office_id) if user.id == leader_id), None)
    if not found:
        raise InvalidInput("所选的人不是本机构的领导", where="批示领导", advice="请重新选择，或手工填写姓名")
    return found


def _possible(submission: Submission, on: date) -> None:
    if on > clock.today():
        raise InvalidInput("批示日期不能晚于今天", where="批示日期", advice="请核对日期")
    received = clock.local(submission.received_at or submission.created_at).date()
    if on < received:
        when = f"{received.year}年{received.month}月{received.day}日"
        raise InvalidInput("批示日期早于这条信息的报送日期", where="批示日期", reason=f"信息于{when}报送")


def _kind(pack: Pack, wanted: str) -> InstructionKind:
    kinds = {kind.id: kind for kind in pack.get(Instructions).kinds}
    if wanted not in kinds:
        raise InvalidInput("请选择批示种类", where="种类", advice=near(wanted, kinds))
    return kinds[wanted]


def _class(pack: Pack, wanted: str) -> LeaderClass:
    classes = {each.id: each for each in pack.get(Instructions).classes}
    if wanted not in classes:
        raise InvalidInput("请选择领导类别", where="领导类别", advice=near(wanted, classes))
    return classes[wanted]


def _made(
    actor: Actor,
    submission: Submission,
    leader: User | None,
    pack: Pack,
    kind: InstructionKind,
    new: NewInstruction,
) -> Instruction:
    """The checked, unsaved instruction."""
    of = _class(pack, new.leader_class)
    words = runs.rules_in_force(submission.office_id, new.on)[1].words
    values = {
        name: str(words.value(words.attribute(name, [INSTRUCTED.name]), written))
        for name, written in (("leader", of.id), ("level", of.level), ("carrier", new.carrier))
        if written
    }
    carrier = values.get("carrier", "")
    return Instruction(
        office_id=submission.office_id, submission_id=submission.id, submission=submission,
        leader_id=leader.id if leader else None, leader_name=leader.name if leader else _name(new),
        leader_post=leader.post if leader else clean_line(new.leader_post)[:60],
        leader_class=of.id, class_title=of.title, level=of.level, level_title=words.outlets.levels[of.level],
        carrier=carrier, carrier_title=words.outlets.title(carrier) if carrier else "", kind=kind.id,
        kind_title=kind.title, text=_text(kind, new), on=new.on, recorded_at=clock.now(), recorded_by_id=actor.id,
    )  # fmt: skip


def _name(new: NewInstruction) -> str:
    name = clean_line(new.leader_name)[:40]
    if not name:
        raise InvalidInput("请选择或填写批示领导", where="批示领导")
    return name


def _text(kind: InstructionKind, new: NewInstruction) -> str:
    text = "\n".join(line for line in map(clean_line, new.text.splitlines()) if line)
    if kind.needs_text and not text:
        raise InvalidInput(f"{kind.title}须填写内容", where="批示内容", advice="请照原文录入")
    if len(text) > MAX_TEXT:
        raise InvalidInput("批示内容过长", where="批示内容", advice=f"请控制在 {MAX_TEXT} 字以内")
    return text


def _not_twice(found: Instruction) -> None:
    with db.session.no_autoflush:
        same = select(Instruction.id).where(
            Instruction.submission_id == found.submission_id, Instruction.leader_name == found.leader_name,
            Instruction.kind == found.kind, Instruction.on == found.on, Instruction.text == found.text,
            Instruction.withdrawn_at.is_(None),
        )  # fmt: skip
        if db.session.scalar(same):
            raise Conflict(
                "这条批示已经登记过", reason="领导、种类、日期和内容都相同", advice="请在批示登记中查看"
            )


def manner_of(words: Vocabulary, kind: str, title: str) -> str:
    """The kind of instruction as scoring.yaml calls it: one of its options for `manner`, else its title."""
    options = words.attribute("manner", [INSTRUCTED.name]).options
    return next((key for key, said in options.items() if kind in (key, said) or title in (key, said)), title)


def _fact(submission: Submission, found: Instruction) -> facts.NewFact:
    words = runs.rules_in_force(found.office_id, found.on)[1].words
    attrs = {
        "leader": found.leader_class,
        "level": found.level,
        "manner": manner_of(words, found.kind, found.kind_title),
    }
    if found.carrier:
        attrs["carrier"] = found.carrier
    return facts.NewFact(
        office_id=found.office_id,
        kind=INSTRUCTED.name,
        on=found.on,
        key=f"{INSTRUCTED.name}:{found.id}",
        item=submission.item_key,
        title=submission.title,
        attrs=attrs,
        **credited(submission),
    )
