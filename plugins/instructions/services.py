"""Record a leader's instruction as countable facts, choose what it counts for, withdraw it, set it in force again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents import numbering
from core.errors import Conflict, InvalidInput
from core.packs import services as packs
from core.permissions import Place, require
from core.scoring import runs
from plugins.instructions import crediting, files, queries, resolving, tasks, telling
from plugins.instructions.models import Instruction, InstructionItem
from plugins.instructions.resolving import MAX_TEXT, NewInstruction
from plugins.instructions.section import Instructions

__all__ = ["MAX_TEXT", "NewInstruction"]
MOST_UNITS = 40


def words_of(office_id: int, day: object) -> Instructions:
    """Classes and kinds in force on a day. Raises PackError when the pack does not speak of instructions."""
    return packs.pack_of(office_id, day).get(Instructions)


def record(actor: Actor, new: NewInstruction, scans: Sequence[tuple[str, bytes]] = ()) -> Instruction:
    """Record an instruction, with scans of the paper; one that counts is credited to all units of its items."""
    kept = files.keep(scans)
    with transaction():
        subject = resolving.subject_of(actor, new)
        resolving.possible(subject, new.on)
        pack = packs.pack_of(subject.office_id, new.on)
        leader = resolving.leader_of(subject.office_id, new)
        require(actor, "instruction.record", Place(subject.office_id, owner_id=leader.user_id))
        _askable(subject.office_id, new.asked_unit_ids)
        _follows(actor, subject.office_id, new.follows_id)
        found = resolving.made(actor, subject, leader, pack, new)
        _not_twice(found)
        _number(found)
        found.items = [InstructionItem(submission=item) for item in subject.items]
        db.session.add(found)
        db.session.flush()
        crediting.count(actor, found)
        files.add(actor, found, kept)
        telling.recorded(actor, found)
        audit.note(
            actor, f"登记{found.kind_title}", found, office_id=found.office_id, instruction=found.id, on=found.on,
            items=len(found.items), scans=len(kept),
        )  # fmt: skip
    return found


def withdraw(actor: Actor, instruction_id: int, reason: str) -> Instruction:
    """Withdraw an instruction recorded by mistake; its points are booked back, it stays visible."""
    with transaction():
        found = _own(actor, instruction_id)
        if found.withdrawn_at:
            raise Conflict("这条批示已经撤销", advice="请刷新页面查看")
        reason = resolving.reason_of(reason, "撤销批示")
        found.withdrawn_at, found.withdrawn_by_id, found.reason = clock.now(), actor.id, reason
        crediting.take_back(actor, found.items, reason)
        tasks.instruction_withdrawn(actor, found, reason)
        telling.withdrawn(found, f"批示已撤销：{reason}")
        audit.note(actor, "撤销批示", found, office_id=found.office_id, instruction=found.id, reason=reason)
    return found


def restore(actor: Actor, instruction_id: int, reason: str) -> Instruction:
    """Set a withdrawn instruction in force again: it counts as before, under the same day."""
    with transaction():
        found = _own(actor, instruction_id)
        if not found.withdrawn_at:
            raise Conflict("这条批示没有撤销", advice="请刷新页面查看")
        reason = resolving.reason_of(reason, "恢复批示")
        _not_twice(found)
        found.withdrawn_at, found.withdrawn_by_id, found.reason = None, None, ""
        crediting.count(actor, found)
        tasks.instruction_restored(actor, found, reason)
        telling.counted(found, found.items)
        audit.note(actor, "恢复批示", found, office_id=found.office_id, instruction=found.id, reason=reason)
    return found


def choose_items(actor: Actor, instruction_id: int, item_ids: Iterable[int]) -> Instruction:
    """Say which items of the document an instruction on it counts for, none when it is for the whole; facts follow."""
    with transaction():
        found = queries.one(actor, instruction_id)
        require(actor, "instruction.desk", Place(found.office_id))
        if not found.document_id:
            raise Conflict("这条批示写在一条信息上，不需要选择条目", advice="请刷新页面查看")
        if found.withdrawn_at:
            raise Conflict("这条批示已经撤销，不能再选条目", advice="请先恢复")
        printed = resolving.items_of(found.document_id)
        wanted = [n for n in printed if n in set(item_ids)]
        gone = [item for item in found.items if item.submission_id not in wanted]
        crediting.take_back(actor, gone, "不再计入这一条")
        telling.uncounted(found, gone, "批示不再计入这一条")
        for item in gone:
            found.items.remove(item)
        known = {item.submission_id for item in found.items}
        fresh = queries.by_id(found.office_id, [n for n in wanted if n not in known])
        added = [InstructionItem(submission=item, times=_times(found, item.id)) for item in fresh]
        found.items.extend(added)
        found.for_whole = not wanted
        db.session.flush()
        crediting.count(actor, found)
        telling.counted(found, added)
        titles = "、".join(item.submission.title for item in found.items) or "无，批示针对整期"
        audit.note(
            actor, "选定批示计分条目", found, office_id=found.office_id, instruction=found.id, items=titles
        )
    return found


def is_closed(office_id: int, day: object) -> bool:
    """Whether the period a day falls into is closed: what is recorded now only shows in later ones."""
    return runs.frozen_run(office_id, runs.current_period(office_id, day).key) is not None


def _own(actor: Actor, instruction_id: int) -> Instruction:
    """An instruction the actor may change: the leader's own, or any at the desk."""
    found = queries.one(actor, instruction_id)
    require(actor, "instruction.record", Place(found.office_id, owner_id=found.leader_id))
    return found


def _times(found: Instruction, submission_id: int) -> int:
    """How often an item has been counted for an instruction before it was taken off it."""
    prefix = f"instructed:{found.id}:{submission_id}:"
    return queries.facts_with(found.office_id, prefix)


def _number(found: Instruction) -> None:
    """The next number of the year's register."""
    audit.in_turn()
    series = f"批示:{found.on.year}"
    found.year, found.number = found.on.year, numbering.upcoming(found.office_id, series)
    numbering.take(found.office_id, series, found.number)


def _askable(office_id: int, unit_ids: Sequence[int]) -> None:
    if len(unit_ids) > MOST_UNITS:
        raise InvalidInput(f"承办单位最多选 {MOST_UNITS} 个", where="承办单位")
    if set(unit_ids) - queries.unit_ids(office_id):
        raise InvalidInput("所选承办单位不在本机构名录中", where="承办单位", advice="请重新选择")


def _follows(actor: Actor, office_id: int, follows_id: int | None) -> None:
    if follows_id and queries.one(actor, follows_id).office_id != office_id:
        raise InvalidInput("续批的原批示不在本机构", where="原批示")


def _not_twice(found: Instruction) -> None:
    with db.session.no_autoflush:
        same = select(Instruction.id).where(
            Instruction.submission_id.is_(None) if found.submission_id is None
            else Instruction.submission_id == found.submission_id,
            Instruction.document_id.is_(None) if found.document_id is None
            else Instruction.document_id == found.document_id,
            Instruction.office_id == found.office_id, Instruction.leader_name == found.leader_name,
            Instruction.kind == found.kind, Instruction.on == found.on, Instruction.text == found.text,
            Instruction.withdrawn_at.is_(None),
        )  # fmt: skip
        if db.session.scalar(same):
            raise Conflict(
                "这条批示已经登记过", reason="领导、种类、日期和内容都相同", advice="请在批示登记中查看"
            )
