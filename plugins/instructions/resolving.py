"""Make a checked instruction out of what was typed: whose word it is, with class and level of that day, kind, text."""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.actors import Actor
from core.documents import store as documents
from core.documents.models import IssuedDocument
from core.errors import InvalidInput, near
from core.packs.content.format import Pack
from core.plugins import collect
from core.scoring import runs
from core.scoring.rules.vocabulary import Vocabulary
from core.submissions.models import ITEM, Submission
from core.submissions.text import clean_line
from plugins.instructions import post_queries, queries
from plugins.instructions.kinds import INSTRUCTED
from plugins.instructions.models import Instruction, LeaderPost
from plugins.instructions.section import InstructionKind, Instructions, LeaderClass

MAX_TEXT = 2000


@dataclass(frozen=True)
class NewInstruction:
    """What a leader wrote, on an item or on a document. The leader is named by a post, by a user of the office, or
    by name only; without a class it is the one of the post held on that day."""

    submission_id: int
    leader_class: str
    kind: str
    on: date
    text: str = ""
    leader_id: int | None = None
    leader_name: str = ""
    leader_post: str = ""
    carrier: str = ""
    document_id: int | None = None
    item_ids: tuple[int, ...] = ()
    post_id: int | None = None
    asked_unit_ids: tuple[int, ...] = ()
    follows_id: int | None = None


@dataclass(frozen=True)
class Subject:
    """What an instruction is written on, the items it counts for, and the first day it could be written."""

    office_id: int
    items: tuple[Submission, ...]
    since: date
    submission: Submission | None = None
    document: IssuedDocument | None = None


@dataclass(frozen=True)
class Leader:
    """Whose word it is, as of the day."""

    name: str
    post: str
    klass: str
    user_id: int | None = None
    post_id: int | None = None


def subject_of(actor: Actor, new: NewInstruction) -> Subject:
    """What the actor may instruct on. Raises NotFound, InvalidInput."""
    if new.document_id:
        return _document(actor, new)
    item = queries.item(actor, new.submission_id)
    received = clock.local(item.received_at or item.created_at).date()
    return Subject(item.office_id, (item,), received, submission=item)


def _document(actor: Actor, new: NewInstruction) -> Subject:
    document = documents.document(actor, new.document_id or 0)
    printed = items_of(document.id)
    if strange := set(new.item_ids) - set(printed):
        raise InvalidInput(
            "所选条目不在这份文件中", where="计分条目", reason=f"编号 {min(strange)}", advice="请重新选择"
        )
    wanted = [n for n in printed if n in new.item_ids]
    items = queries.by_id(document.office_id, wanted)
    return Subject(document.office_id, tuple(items), document.dated, document=document)


def items_of(document_id: int) -> list[int]:
    """The ids of the items printed in a document, in their order."""
    keys = collect("document_items", document_id=document_id)
    found = [int(key.removeprefix(ITEM)) for key in keys if key.startswith(ITEM)]
    return list(dict.fromkeys(found))


def possible(subject: Subject, on: date) -> None:
    """Raise InvalidInput for a day that cannot be right."""
    if on > clock.today():
        raise InvalidInput("批示日期不能晚于今天", where="批示日期", advice="请核对日期")
    if on < subject.since:
        when = clock.written(subject.since)
        if subject.document:
            raise InvalidInput("批示日期早于这份文件的印发日期", where="批示日期", reason=f"文件于{when}印发")
        raise InvalidInput("批示日期早于这条信息的报送日期", where="批示日期", reason=f"信息于{when}报送")


def kind_of(pack: Pack, wanted: str) -> InstructionKind:
    """A kind of the pack. Raises InvalidInput."""
    kinds = {kind.id: kind for kind in pack.get(Instructions).kinds}
    if wanted not in kinds:
        raise InvalidInput("请选择批示种类", where="种类", advice=near(wanted, kinds))
    return kinds[wanted]


def class_of(pack: Pack, wanted: str) -> LeaderClass:
    """A class of leaders of the pack. Raises InvalidInput."""
    classes = {each.id: each for each in pack.get(Instructions).classes}
    if wanted not in classes:
        raise InvalidInput("请选择领导类别", where="领导类别", advice=near(wanted, classes))
    return classes[wanted]


def leader_of(office_id: int, new: NewInstruction) -> Leader:
    """Who it is, with the post held on that day. Raises InvalidInput."""
    if new.post_id:
        return _of_post(post_queries.for_day(office_id, new.post_id, new.on), new)
    user = next((u for u in queries.leaders(office_id) if u.id == new.leader_id), None)
    if new.leader_id and not user:
        raise InvalidInput("所选的人不是本机构的领导", where="批示领导", advice="请重新选择，或手工填写姓名")
    name = user.name if user else clean_line(new.leader_name)[:40]
    if not name:
        raise InvalidInput("请选择或填写批示领导", where="批示领导")
    held = post_queries.held(office_id, new.leader_id, name, new.on)
    if held:
        return _of_post(_fitting(held, new.leader_class), new)
    title = user.post if user else clean_line(new.leader_post)[:60]
    return Leader(name, title, new.leader_class, new.leader_id)


def _fitting(held: list[LeaderPost], klass: str) -> LeaderPost:
    """The post of the day that has the class asked for; the only one when none was asked for."""
    fitting = [post for post in held if not klass or post.leader_class == klass]
    if len(fitting) == 1 or (fitting and klass):
        return fitting[0]
    told = "、".join(f"{post.post or post.name}（{post.leader_class}）" for post in held)
    if fitting:
        raise InvalidInput("这位领导当日有几个职务，请选择其中一个", where="批示领导", reason=told)
    raise InvalidInput(
        "领导类别与任职登记不一致", where="领导类别", reason=f"批示当日的任职是：{told}",
        advice="请留空，由系统按任职填写；任职登记有误的，请先更正任职",
    )  # fmt: skip


def _of_post(post: LeaderPost, new: NewInstruction) -> Leader:
    if new.leader_id and post.user_id != new.leader_id:
        raise InvalidInput("所选职务不是这位领导的", where="批示领导", advice="请重新选择")
    return Leader(post.name, post.post, post.leader_class, post.user_id, post.id)


def made(actor: Actor, subject: Subject, leader: Leader, pack: Pack, new: NewInstruction) -> Instruction:
    """The checked, unsaved instruction."""
    of, kind = class_of(pack, leader.klass), kind_of(pack, new.kind)
    words = runs.rules_in_force(subject.office_id, new.on)[1].words
    values = scored(words, of, new.carrier)
    carrier = values.get("carrier", "")
    return Instruction(
        office_id=subject.office_id, submission=subject.submission, document=subject.document,
        submission_id=subject.submission.id if subject.submission else None,
        document_id=subject.document.id if subject.document else None,
        leader_id=leader.user_id, post_id=leader.post_id, leader_name=leader.name, leader_post=leader.post,
        leader_class=of.id, class_title=of.title, level=of.level, level_title=words.outlets.levels[of.level],
        carrier=carrier, carrier_title=words.outlets.title(carrier) if carrier else "", kind=kind.id,
        kind_title=kind.title, counts=kind.counts, text=text_of(kind, new.text), on=new.on,
        asked_unit_ids=sorted(set(new.asked_unit_ids)), follows_id=new.follows_id,
        recorded_at=clock.now(), recorded_by_id=actor.id,
    )  # fmt: skip


def scored(words: Vocabulary, of: LeaderClass, carrier: str) -> dict[str, str]:
    """The values the rules will read, as scoring.yaml knows them. Raises InvalidInput with the nearest word."""
    written = (("leader", of.id), ("level", of.level), ("carrier", carrier))
    return {
        name: str(words.value(words.attribute(name, [INSTRUCTED.name]), value))
        for name, value in written
        if value
    }


def text_of(kind: InstructionKind, typed: str) -> str:
    """The text in clean lines. Raises InvalidInput."""
    text = "\n".join(line for line in map(clean_line, typed.splitlines()) if line)
    if kind.needs_text and not text:
        raise InvalidInput(f"{kind.title}须填写内容", where="批示内容", advice="请照原文录入")
    if len(text) > MAX_TEXT:
        raise InvalidInput("批示内容过长", where="批示内容", advice=f"请控制在 {MAX_TEXT} 字以内")
    return text


def reason_of(typed: str, what: str) -> str:
    """The reason in one line. Raises InvalidInput when there is none."""
    reason = clean_line(typed)[:500]
    if not reason:
        raise InvalidInput(f"{what}须说明理由", where="理由", advice="请填写后再提交")
    return reason
