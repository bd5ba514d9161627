"""Services on submissions: write, send, sign, edit, return, withdraw.

Each takes the actor first, checks the permission itself and owns its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from core import audit, clock, facts
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.notices.services import take_back
from core.permissions import Place, require
from core.plugins import announce
from core.submissions import leases, revisions, text, workflow
from core.submissions.credit import credited
from core.submissions.models import Contributor, Revision, Submission, SubmissionEvent
from core.submissions.queries import one
from core.submissions.steps import remember, step
from core.submissions.telling import about, adoption, refusal, tell_one, tell_refused, tell_unit
from core.submissions.vocabulary import GENRES, URGENCIES

MAX_TITLE = 100
MAX_JOINT = 10
MAX_AUTHORS = 8
# Of an item composed of many.
MOST_AUTHORS = 100
SECOND_CLICK = timedelta(minutes=1)
# The item leaves the editors' hands …
TAKEN_BACK = ("return", "decline", "withdraw")
# … and with these also the count of what the unit has reported: one not used was reported all the same.
NOT_REPORTED = ("return", "withdraw")


@dataclass(frozen=True)
class Credit:
    """A unit's part in an item that the office composes: role, agreed weight, and its authors with theirs."""

    unit_id: int
    role: str = "part"
    weight: Decimal | None = None
    authors: Sequence[tuple[str, Decimal | None]] = ()


@dataclass(frozen=True)
class Composed:
    """An item that the office makes out of what units sent in; the first credit is the main unit's."""

    office_id: int
    genre: str
    title: str
    body: list[text.Block]
    credits: Sequence[Credit]
    urgency: str = "normal"
    received_at: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """What a person writes: everything of a submission that its form holds."""

    unit_id: int
    genre: str
    title: str
    body: list[text.Block]
    urgency: str = "normal"
    joint_unit_ids: Sequence[int] = ()
    authors: Sequence[str] = field(default_factory=tuple)


def create(actor: Actor, draft: Draft, *, once: bool = False) -> Submission:
    """A new draft in one of the actor's units.

    once: what the same person wrote word for word a moment ago is the same item, because a button was pressed twice.
    """
    with transaction():
        unit = db.session.get(Unit, draft.unit_id)
        if not unit:
            raise InvalidInput("请选择报送单位", where="报送单位")
        require(actor, "submission.write", unit)
        if not unit.valid_on(clock.today()):
            raise InvalidInput(f"“{unit}”已撤销或尚未设立，不能报送", where="报送单位")
        now = clock.now()
        submission = Submission(
            office_id=unit.office_id, unit_id=unit.id, author_id=actor.id, state="draft",
            created_at=now, updated_at=now, sort_at=now,
        )  # fmt: skip
        _write(submission, draft)
        if once and (twin := _written_just_now(submission)):
            return twin
        db.session.add(submission)
        db.session.flush()
        remember(submission, actor, "新建草稿")
    return submission


def save(actor: Actor, submission_id: int, version: int, draft: Draft) -> Submission:
    """Overwrite a draft. Raises Conflict when somebody saved a newer one meanwhile."""
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.write", submission.main_place())
        _editable(submission, workflow.EDITABLE_BY_UNIT)
        _same_version(submission, version)
        if draft.unit_id != submission.unit_id:
            raise InvalidInput("草稿建立后不能更换报送单位", where="报送单位", advice="请另建一条")
        _write(submission, draft)
        submission.updated_at = submission.sort_at = clock.now()
    return submission


def send(actor: Actor, submission_id: int, version: int) -> Submission:
    """Send a draft to the unit's signing leader; the text becomes a revision."""
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.write", submission.main_place())
        workflow.target(submission.state, "send")
        _same_version(submission, version)
        _complete(submission)
        step(submission, actor, "send")
        _revise(submission, actor, by_office=False, note="送审")
    return submission


def sign(actor: Actor, submission_id: int, version: int) -> Submission:
    """The signing leader approves the text they saw: the item goes to the office and counts as submitted.

    Raises Conflict, and signs nothing, when the item is no longer the version the leader had before them.
    """
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.sign", submission.main_place())
        workflow.target(submission.state, "sign")
        _as_seen(submission, version)
        step(submission, actor, "sign")
        submission.received_at = submission.sort_at = clock.now()
        record_submitted(actor, submission)
    return submission


def move(actor: Actor, submission_id: int, name: str, reason: str = "") -> Submission:
    """Any move a person chooses on the item's page that needs nothing but a reason."""
    with transaction() as after_commit:
        submission = one(actor, submission_id)
        rule = workflow.MOVES.get(name)
        if not rule or name in (*workflow.BY_COMPILING, *workflow.BY_FORM):
            raise InvalidInput("没有这个操作", advice="请刷新页面后重试")
        require(actor, rule.permission, submission.main_place())
        if rule.reported and submission.composed:
            raise Conflict(
                f"不能{rule.title}：这条信息由编辑部门编成，没有报送单位可退",
                advice="如不采用，请选“不采用”；来源稿有问题的，请先移出再退回",
            )
        if rule.permission == "submission.edit":
            leases.guard(actor, submission)
        event = step(submission, actor, name, reason)
        if name in ("take", "reconsider"):
            submission.editor_id = actor.id
        if name in NOT_REPORTED:
            gone = facts.withdraw_all(
                actor, submission.office_id, submission.item_key, kind="submitted", reason=rule.title
            )
            event.detail = {**event.detail, "facts": [fact.id for fact in gone]}
        if name in TAKEN_BACK:
            after_commit(announce, "submission_taken_back", submission_id=submission.id)
        _settle(actor, submission, event)
    return submission


def _settle(actor: Actor, submission: Submission, event: SubmissionEvent) -> None:
    """What a decision brings with it: texts, leases, notices, and what undoing it must find unchanged."""
    name = event.detail["move"]
    if name == "reconsider" and (refused := refusal(submission)):
        take_back(about(submission, refused), event.title)
    if name in ("take", "reconsider"):
        return
    lease = leases.end(submission)
    if name == "return":
        # The editors' wording is theirs until it is published; the unit goes on with its own.
        revisions.give_back(submission)
    db.session.flush()
    event.detail = {**event.detail, **revisions.untouched(submission)}
    if name in ("return", "decline"):
        tell_refused(actor, submission, event)
    elif name == "withdraw" and lease:
        why = f"，理由：{event.reason}" if event.reason else ""
        told = f"您正在编辑的{submission.called}已由报送单位撤回{why}"
        tell_one(lease.holder_id, submission, told, about(submission, event))


def compile_move(actor: Actor, submission: Submission, name: str, reason: str = "") -> None:
    """A move made by compiling an issue, inside the caller's transaction."""
    require(actor, workflow.MOVES[name].permission, submission.main_place())
    if name in ("select", "merge", "split", "void"):
        leases.guard(actor, submission)
    if name == "select" and (submission.state == "received" or not submission.editor_id):
        # Whoever puts it into an issue has it in hand when it comes out again.
        step(submission, actor, "take")
        submission.editor_id = actor.id
    step(submission, actor, name, reason)
    if name == "deselect_untaken":
        submission.editor_id = _editor_before_taking(submission)
    if name in ("adopt", "readopt", "merge", "split", "void"):
        leases.end(submission)
    if name == "adopt":
        edited = "，可在信息页查看编辑修改对照" if revisions.edited(submission) else ""
        tell_unit(actor, submission, f"已被采用{edited}", adoption(submission))
    elif name == "cancel_adoption":
        take_back(adoption(submission), reason)
        tell_unit(actor, submission, f"的采用已撤销，理由：{reason}", f"{adoption(submission)}:cancelled")
    elif name == "readopt":
        take_back(f"{adoption(submission)}:cancelled", "已恢复采用")
        tell_unit(actor, submission, "已恢复采用", adoption(submission))


def _editor_before_taking(submission: Submission) -> int | None:
    taken = next(event for event in submission.events if event.detail.get("move") == "take")
    return taken.detail["editor"]  # type: ignore[no-any-return]


def put_back(actor: Actor, submission: Submission, moment: datetime, note: str) -> None:
    """The text an item had at a moment is its text again, as a further revision, inside the caller's transaction."""
    then = [each for each in submission.revisions if each.at <= moment]
    if then and (then[-1].title, then[-1].body) != (submission.title, submission.body):
        revisions.put(submission, then[-1])
        _revise(submission, actor, by_office=True, note=note)


def compose(actor: Actor, made: Composed, event: str) -> Submission:
    """A new item by the office itself, inside the caller's transaction. It is in the composing editor's hands, and
    no unit has reported it: nothing is counted until it is adopted, sent up or instructed.
    """
    require(actor, "submission.edit", Place(made.office_id))
    if made.genre not in GENRES or made.urgency not in URGENCIES:
        raise InvalidInput("信息类型或紧急程度不在可选范围内", advice="请重新选择")
    now = clock.now()
    submission = Submission(
        office_id=made.office_id, unit_id=made.credits[0].unit_id, author_id=actor.id, editor_id=actor.id, state="editing",
        composed=True, genre=made.genre, urgency=made.urgency, created_at=now, updated_at=now, sort_at=now,
        received_at=made.received_at or now,
    )  # fmt: skip
    _set_text(submission, made.title, made.body)
    _complete(submission)
    db.session.add(submission)
    db.session.flush()
    credit(submission, made.credits)
    remember(submission, actor, event)
    _revise(submission, actor, by_office=True, note=event)
    audit.note(actor, event, submission, office_id=made.office_id)
    return submission


def credit(submission: Submission, credits: Sequence[Credit]) -> None:
    """Replace who takes part in a composed item, inside the caller's transaction; the first is the main unit."""
    units = [each.unit_id for each in credits]
    known = set(
        db.session.scalars(select(Unit.id).where(Unit.office_id == submission.office_id, Unit.id.in_(units)))
    )
    if not submission.composed or not units or set(units) - known or len(known) != len(units):
        raise InvalidInput("参与单位不在本机构的单位名录中，或有重复", where="参与单位", advice="请重新选择")
    submission.contributors.clear()
    db.session.flush()
    submission.unit_id = units[0]
    submission.authors = list(dict.fromkeys(name for each in credits for name, _ in each.authors))[
        :MOST_AUTHORS
    ]
    for position, each in enumerate(credits):
        submission.contributors.append(
            Contributor(
                unit_id=each.unit_id, position=position, role="main" if position == 0 else each.role,
                weight=_decimal(each.weight),
                authors=[{"name": name, "weight": _decimal(weight) or "1"} for name, weight in each.authors] or None,
            )
        )  # fmt: skip


def revise(
    actor: Actor, submission_id: int, version: int, title: str, body: list[text.Block], note: str = ""
) -> Submission:
    """An editor saves a new revision; an item only just received is taken by that editor."""
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.edit", submission)
        _editable(submission, workflow.EDITABLE_BY_EDITOR)
        leases.guard(actor, submission)
        _same_version(submission, version)
        if submission.state == "received":
            step(submission, actor, "take")
        submission.editor_id = submission.editor_id or actor.id
        _set_text(submission, title, body)
        _complete(submission)
        submission.updated_at = clock.now()
        if not _revise(submission, actor, by_office=True, note=note):
            raise InvalidInput("内容没有变化，未生成新的修改稿", advice="如不需要修改，请直接返回")
        leases.end(submission)
    return submission


def discard(actor: Actor, submission_id: int) -> None:
    """Delete a draft that was never sent."""
    with transaction():
        submission = one(actor, submission_id)
        require(actor, "submission.write", submission.main_place())
        if submission.state != "draft" or submission.revisions:
            raise Conflict("只有从未送审的草稿可以删除", advice="已送审的信息请使用“撤回”")
        title = str(submission)
        for row in (*submission.events, *submission.attachments):
            db.session.delete(row)
        db.session.delete(submission)
        audit.note(actor, "删除草稿", title)


def record_submitted(actor: Actor, submission: Submission) -> None:
    """The countable fact that a unit's item was received."""
    facts.record(
        actor,
        facts.NewFact(
            office_id=submission.office_id,
            kind="submitted",
            on=clock.local(submission.received_at or clock.now()).date(),
            item=submission.item_key,
            title=submission.title,
            attrs={"genre": submission.genre, "characters": submission.characters},
            key=f"submitted:{submission.id}:{submission.version}",
            **credited(submission),
        ),
    )


def _decimal(weight: Decimal | None) -> str | None:
    return None if weight is None else format(weight, "f")


def _written_just_now(fresh: Submission) -> Submission | None:
    same = select(Submission).where(
        Submission.author_id == fresh.author_id, Submission.unit_id == fresh.unit_id, Submission.title == fresh.title,
        Submission.created_at > fresh.created_at - SECOND_CLICK,
    )  # fmt: skip
    return next((item for item in db.session.scalars(same) if fresh.body and item.body == fresh.body), None)


def _write(submission: Submission, draft: Draft) -> None:
    if draft.genre not in GENRES or draft.urgency not in URGENCIES:
        raise InvalidInput("信息类型或紧急程度不在可选范围内", advice="请重新选择")
    submission.genre, submission.urgency = draft.genre, draft.urgency
    _set_text(submission, draft.title, draft.body)
    authors = [text.clean_line(name)[:20] for name in draft.authors]
    submission.authors = [name for name in authors if name][:MAX_AUTHORS]
    _set_units(submission, draft.joint_unit_ids)


def _set_text(submission: Submission, title: str, body: list[text.Block]) -> None:
    title = text.clean_line(title)
    if len(title) > MAX_TITLE:
        raise InvalidInput(
            "标题过长", where="标题", reason=f"现为 {len(title)} 字", advice=f"请控制在 {MAX_TITLE} 字以内"
        )
    submission.title, submission.body = title, text.checked(body)
    submission.characters = text.count(submission.body)


def _set_units(submission: Submission, joint: Sequence[int]) -> None:
    wanted = [submission.unit_id, *dict.fromkeys(unit for unit in joint if unit != submission.unit_id)]
    if len(wanted) > MAX_JOINT + 1:
        raise InvalidInput("合报单位过多", where="合报单位", advice=f"请不要超过 {MAX_JOINT} 个")
    known = set(
        db.session.scalars(select(Unit.id).where(Unit.office_id == submission.office_id, Unit.id.in_(wanted)))
    )
    if set(wanted) - known:
        raise InvalidInput("合报单位不在本机构的单位名录中", where="合报单位", advice="请重新选择")
    if [c.unit_id for c in submission.contributors] == wanted:
        return
    submission.contributors.clear()
    if submission.id:
        db.session.flush()
    for position, unit_id in enumerate(wanted):
        role = "joint" if position else "main"
        submission.contributors.append(Contributor(unit_id=unit_id, position=position, role=role))


def _complete(submission: Submission) -> None:
    missing = [name for name, value in (("标题", submission.title), ("正文", submission.body)) if not value]
    if missing:
        raise InvalidInput(f"{'、'.join(missing)}还没有填写", where=missing[0], advice="请补充完整后再提交")


def _revise(submission: Submission, actor: Actor, *, by_office: bool, note: str) -> bool:
    last = db.session.scalar(
        select(Revision)
        .where(Revision.submission_id == submission.id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    if last and (last.title, last.body) == (submission.title, submission.body):
        return False
    db.session.add(
        Revision(
            submission_id=submission.id,
            number=last.number + 1 if last else 1,
            title=submission.title,
            body=submission.body,
            by_id=actor.id,
            by_office=by_office,
            at=clock.now(),
            note=text.clean_line(note)[:200],
        )  # fmt: skip
    )
    if not by_office:
        submission.own_characters = None
    elif last and not last.by_office:
        submission.own_characters = text.count(last.body)
    db.session.flush()
    if by_office and last:
        told = text.clean_line(note)[:200]
        remember(submission, actor, f"修改（第 {last.number + 1} 稿）", told, internal=True)
        audit.note(actor, "修改信息", submission, office_id=submission.office_id, revision=last.number + 1)
    return True


def _editable(submission: Submission, states: tuple[str, ...]) -> None:
    if submission.state not in states:
        now = workflow.STATES[submission.state].title
        raise Conflict(f"不能修改：这条信息现在是“{now}”", advice="请刷新页面查看最新状态")


def _as_seen(submission: Submission, version: int) -> None:
    if submission.version != version:
        when = f"{clock.local(submission.updated_at):%H:%M}"
        raise Conflict(
            "没有审签：您打开之后，这条信息已有改动",
            reason=f"最近一次改动在 {when}，下面是改动后的内容",
            advice="请重新核对后再审签",
        )


def _same_version(submission: Submission, version: int) -> None:
    if submission.version != version:
        when = f"{clock.local(submission.updated_at):%H:%M}"
        raise Conflict(
            "保存失败：您打开之后，这条信息已被别人修改",
            reason=f"最近一次修改在 {when}",
            advice="您填写的内容仍在页面上，请先复制留存，再打开最新稿核对",
        )
