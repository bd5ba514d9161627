"""Draft, mend, submit and issue circulars. Every number comes from the frozen result of a closed period."""

from collections.abc import Sequence

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.documents import numbering
from core.documents.models import IssuedDocument
from core.documents.store import NewDocument, Rendered, render
from core.documents.store import issue as put_on_record
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied, near
from core.permissions import require
from core.scoring.models import FrozenRun
from core.submissions.text import clean_line
from plugins.circulars import queries
from plugins.circulars.compose import Circular, Replaced, Texts, stored, texts_of
from plugins.circulars.models import STATES, CircularDraft
from plugins.circulars.sources import circular, closed_period, closed_run, kinds_of, pack_by_ref

TRIES = 5
MAX_PARAGRAPH = 2000
MAX_PARAGRAPHS = 30


def draft(actor: Actor, office_id: int, period_key: str, kind_id: str = "") -> CircularDraft:
    """Draft the circular of a closed period; no kind named: the first the pack has for such a period.

    When one has been issued and the period was closed again since, this drafts the corrected circular.
    """
    with transaction():
        office = db.session.get(Office, office_id)
        if not office:
            raise NotFound("没有这个机构")
        require(actor, "circular.draft", office)
        run = closed_run(office_id, period_key)
        offered = [kind.id for kind in kinds_of(pack_by_ref(run.pack_ref), closed_period(run.id))]
        if not offered or (kind_id and kind_id not in offered):
            raise InvalidInput(f"规则包没有规定{run.period_title}的通报", advice=near(kind_id, offered))
        wanted = kind_id or offered[0]
        if queries.unissued(office_id, wanted, period_key):
            raise Conflict(f"{run.period_title}的通报已经起草", advice="请在通报列表中打开")
        standing = queries.in_force(office_id, wanted, period_key)
        if standing and standing.run_id == run.id:
            raise Conflict(
                f"{run.period_title}的通报已经印发",
                reason="印发后没有重新结账，结果没有变化",
                advice="结果有误的，请先撤销结账，更正并重新结账后再起草更正通报",
            )
        found = _drafted(run, wanted, actor.id, standing)
        audit.note(
            actor, "起草更正通报" if standing else "起草通报", found, office_id=office_id, period=period_key,
            **({"replaces": standing.id} if standing else {}),
        )  # fmt: skip
    return found


def prepare(office_id: int, period_key: str) -> list[CircularDraft]:
    """Have the drafts of a period ready as soon as it is closed; an unissued draft of an earlier closing
    is drawn up anew, because its numbers have changed. Whether an issued one needs correcting, people decide."""
    system = Actor(0, "system", "系统", office_id, "", ())
    prepared = []
    with transaction():
        run = closed_run(office_id, period_key)
        for kind in kinds_of(pack_by_ref(run.pack_ref), closed_period(run.id)):
            found = queries.unissued(office_id, kind.id, period_key)
            if found:
                _draw_up(found, run)
                prepared.append(found)
            elif not queries.in_force(office_id, kind.id, period_key):
                prepared.append(_drafted(run, kind.id, None))
        for found in prepared:
            audit.note(system, "自动起草通报", found, office_id=office_id, period=period_key)
    return prepared


def redraft(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    """Draw the texts up anew from the frozen result, giving up what was written by hand."""
    with transaction():
        found = _open(actor, circular_id, version)
        _draw_up(found, closed_run(found.office_id, found.period_key))
        _touch(found, actor)
        audit.note(actor, "重新起草通报", found, office_id=found.office_id)
    return found


def discard(actor: Actor, circular_id: int, version: int) -> None:
    """Give up drafting a corrected circular: the one it would have replaced stays in force."""
    with transaction():
        found = _open(actor, circular_id, version)
        if not found.replaces_id:
            raise Conflict("只有更正通报的草稿可以删除", advice="这一周期的通报还没有印发，请继续办理")
        audit.note(actor, "删除更正通报草稿", found, office_id=found.office_id, replaces=found.replaces_id)
        db.session.delete(found)


def save(actor: Actor, circular_id: int, version: int, texts: Texts) -> CircularDraft:
    """Save the paragraphs an editor may change."""
    with transaction():
        found = _open(actor, circular_id, version)
        before = found.texts
        found.texts = stored(
            Texts(_paragraphs(texts.opening, "开头"), _paragraphs(texts.requirements, "工作要求"))
        )
        if not found.texts["opening"]:
            raise InvalidInput("开头部分不能为空", where="开头", advice="如需恢复原文，请点“重新起草”")
        _touch(found, actor)
        audit.note(actor, "修改通报", found, office_id=found.office_id, before=before, after=found.texts)
    return found


def submit(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    """Hand the draft to the issuer."""
    with transaction():
        found = _open(actor, circular_id, version)
        current_run(found)
        found.state, found.submitted_at, found.submitted_by_id, found.remark = (
            "submitted",
            clock.now(),
            actor.id,
            "",
        )
        audit.note(actor, "送签通报", found, office_id=found.office_id)
    return found


def send_back(actor: Actor, circular_id: int, reason: str) -> CircularDraft:
    """The issuer sends the draft back to the editors, with a reason."""
    with transaction():
        found = queries.one(actor, circular_id)
        require(actor, "circular.issue", found)
        _in_state(found, "submitted", "退回")
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("退回须说明理由", where="理由", advice="请填写后再提交")
        found.state, found.remark = "draft", reason
        audit.note(actor, "退回通报", found, office_id=found.office_id, reason=reason)
    return found


def issue(actor: Actor, circular_id: int, version: int | None = None) -> CircularDraft:
    """Issue a submitted circular: number, PDF and record together or not at all.

    version: the one the issuer has seen; None (not from a page) means whatever was handed in.

    The PDF is rendered before the transaction that takes its number. When somebody else takes that number
    meanwhile, the circular is rendered again with the next one.
    """
    for _ in range(TRIES):
        found = _ready(actor, circular_id, version)
        version = found.version
        run, replaces = current_run(found), replaced_by(found)
        made, texts = circular(run, found.kind), texts_of(found.texts)
        day = clock.today()
        series = series_of(made, day.year)
        count = numbering.upcoming(found.office_id, series)
        number = made.number(day.year, count)
        values = made.values(texts, number, day, replaces)
        new = NewDocument(
            found.office_id, found.kind, found.kind_title, _source(found), made.title(replaces), number, day,
            run.pack_ref, "circular.view",
        )  # fmt: skip
        rendered = render(pack_by_ref(run.pack_ref).document(made.kind.document).files, values)
        content = {**made.results(), "body": values["body"]}
        try:
            return _put(actor, circular_id, version, series, count, new, rendered, content)
        except Conflict:
            if numbering.upcoming(new.office_id, series) == count:
                raise
    raise Conflict("编号连续被别人使用，本次没有印发", advice="请稍后再试")


def series_of(made: Circular, year: int) -> str:
    """The number series of a kind in a year."""
    return f"{made.kind.number.series}:{year}"


def replaced_by(found: CircularDraft) -> Replaced | None:
    """The circular this one replaces; None for the first of its period."""
    if not found.replaces_id:
        return None
    old = db.session.get_one(CircularDraft, found.replaces_id).document
    assert old  # only what has been issued is ever replaced
    return Replaced(old.title, old.number, old.dated)


def _source(found: CircularDraft) -> str:
    """What the document is made from: one for the period, and one for each correction."""
    correction = f":correction:{found.id}" if found.replaces_id else ""
    return f"period:{found.period_key}{correction}"


def current_run(found: CircularDraft) -> FrozenRun:
    """The frozen run a draft was drawn up from. Raises Conflict when the period was reopened since."""
    run = closed_run(found.office_id, found.period_key)
    if run.id != found.run_id:
        raise Conflict(
            f"{found.period_title}重新结过账，草稿还是按原结果起草的", advice="请点“重新起草”，核对后再送签"
        )
    return run


def _put(
    actor: Actor, circular_id: int, version: int, series: str, count: int, new: NewDocument, rendered: Rendered,
    content: dict[str, object],
) -> CircularDraft:  # fmt: skip
    with transaction():
        found = _ready(actor, circular_id, version)
        current_run(found)
        if found.replaces_id:
            _replace(db.session.get_one(CircularDraft, found.replaces_id))
        numbering.take(new.office_id, series, count)
        document: IssuedDocument = put_on_record(actor, new, rendered)
        found.state, found.document_id, found.issued_by_id, found.content = (
            "issued",
            document.id,
            actor.id,
            content,
        )
        found.title = new.title
        db.session.flush()
        audit.note(
            actor, "签发通报", found, office_id=found.office_id, number=new.number, document=document.id,
            **({"replaces": replaced.number} if (replaced := replaced_by(found)) else {}),
        )  # fmt: skip
    return found


def _replace(old: CircularDraft) -> None:
    """The circular goes out of force; its number, pages and text stay as they are."""
    if old.replaced_at:
        raise Conflict("被更正的通报已由另一份通报更正，本次没有印发", advice="请退回修改，重新起草更正通报")
    old.replaced_at = clock.now()
    # Before the new one is marked as issued: never two in force, not even inside a transaction.
    db.session.flush()


def _ready(actor: Actor, circular_id: int, version: int | None) -> CircularDraft:
    """A submitted circular this person may issue, as seen: never one of those who wrote it or handed it in."""
    found = queries.one(actor, circular_id)
    require(actor, "circular.issue", found)
    _in_state(found, "submitted", "签发")
    if actor.id in found.hands:
        raise PermissionDenied("起草与签发须由两人分别办理", advice="请由另一位签发人签发")
    if version is not None and found.version != version:
        raise Conflict(
            "没有签发：您打开之后，这份通报已被改动",
            reason=f"最近一次改动在 {clock.local(found.updated_at):%H:%M}，页面已是改动后的内容",
            advice="请重新核对后再签发",
        )
    return found


def _open(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    """A draft still in the editors' hands, in the version the editor has seen."""
    found = queries.one(actor, circular_id)
    require(actor, "circular.draft", found)
    _in_state(found, "draft", "修改")
    if found.version != version:
        raise Conflict(
            "保存失败：您打开之后，这份草稿已被别人修改",
            advice="您填写的内容仍在页面上，请先复制留存，再打开最新稿核对",
        )
    return found


def _in_state(found: CircularDraft, state: str, move: str) -> None:
    if found.state != state:
        raise Conflict(f"不能{move}：这份通报现在是“{STATES[found.state]}”", advice="请刷新页面查看最新状态")


def _drafted(
    run: FrozenRun, kind_id: str, by: int | None, replaces: CircularDraft | None = None
) -> CircularDraft:
    now = clock.now()
    found = CircularDraft(
        office_id=run.office_id, kind=kind_id, period_key=run.period_key, period_title=run.period_title,
        drafted_at=now, drafted_by_id=by, updated_at=now, updated_by_id=by,
        replaces_id=replaces.id if replaces else None,
    )  # fmt: skip
    _draw_up(found, run)
    db.session.add(found)
    db.session.flush()
    return found


def _draw_up(found: CircularDraft, run: FrozenRun) -> None:
    made = circular(run, found.kind)
    found.run_id, found.kind_title = run.id, made.kind.title
    found.title = made.title(replaced_by(found))[:200]
    found.texts, found.state = stored(made.drafted()), "draft"
    found.updated_at = clock.now()


def _touch(found: CircularDraft, actor: Actor) -> None:
    found.updated_at, found.updated_by_id = clock.now(), actor.id


def _paragraphs(lines: Sequence[str], where: str) -> tuple[str, ...]:
    kept = tuple(line for line in map(clean_line, lines) if line)
    if len(kept) > MAX_PARAGRAPHS or any(len(line) > MAX_PARAGRAPH for line in kept):
        raise InvalidInput(
            "内容过长", where=where, advice=f"请不要超过 {MAX_PARAGRAPHS} 段，每段 {MAX_PARAGRAPH} 字以内"
        )
    return kept
