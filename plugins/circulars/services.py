"""Draft, mend, submit and issue circulars. Every number comes from the frozen result of a closed period."""

from collections.abc import Sequence

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, near
from core.permissions import require
from core.scoring.models import FrozenRun
from core.submissions.text import clean_line
from plugins.circulars import queries
from plugins.circulars.compose import Circular
from plugins.circulars.models import CircularDraft
from plugins.circulars.rendering import printable
from plugins.circulars.rolls import lines_of
from plugins.circulars.signing import addressees, in_state, replaced_by
from plugins.circulars.sources import circular, closed_run, current_run, due
from plugins.circulars.texts import Texts, stored, texts_of

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
        offered = [kind.id for kind in due(run)]
        if not offered or (kind_id and kind_id not in offered):
            raise InvalidInput(
                f"规则包没有规定{run.period_title}的通报", reason="或者名单上没有单位，不需要发",
                advice=near(kind_id, offered),
            )  # fmt: skip
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
        kinds = [kind.id for kind in due(run)]
        for kind_id in kinds:
            found = queries.unissued(office_id, kind_id, period_key)
            if found:
                _draw_up(found, run)
                prepared.append(found)
            elif not queries.in_force(office_id, kind_id, period_key):
                prepared.append(_drafted(run, kind_id, None))
        for found in prepared:
            audit.note(system, "自动起草通报", found, office_id=office_id, period=period_key)
        for found in queries.unissued_besides(office_id, period_key, kinds):
            audit.note(
                system, "删除通报草稿", found, office_id=office_id, reason="重新结账后没有要发给的单位"
            )
            db.session.delete(found)
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
    """Save what an editor may change; whose letter is emptied gets none."""
    with transaction():
        found = _open(actor, circular_id, version)
        before = found.texts
        found.texts = stored(_checked(texts, circular(current_run(found), found.kind)))
        _touch(found, actor)
        audit.note(actor, "修改通报", found, office_id=found.office_id, before=before, after=found.texts)
    return found


def _checked(texts: Texts, made: Circular) -> Texts:
    """Texts as they may be kept: clean lines, letters to those on the list only, nobody struck who is not named."""
    opening, requirements = _paragraphs(texts.opening, "开头"), _paragraphs(texts.requirements, "工作要求")
    letters = {
        row.unit: _paragraphs(texts.letters.get(row.unit, ()), row.name) for row in made.recipients
    } if made.kind.form != "document" else {}  # fmt: skip
    if made.kind.form == "document" and not opening:
        raise InvalidInput("开头部分不能为空", where="开头", advice="如需恢复原文，请点“重新起草”")
    if letters and not any(letters.values()):
        raise InvalidInput("至少保留一个单位的文字", advice="如需恢复原文，请点“重新起草”")
    struck = {
        rule.id: tuple(
            line.key for line in lines_of(rule, made.ledger) if line.key in texts.struck.get(rule.id, ())
        )
        for rule in made.kind.rolls
    }
    return Texts(opening, requirements, letters, {name: keys for name, keys in struck.items() if keys})


def submit(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    """Hand the draft to the issuer."""
    printable(_open(actor, circular_id, version))
    with transaction():
        found = _open(actor, circular_id, version)
        made = circular(current_run(found), found.kind)
        _short_enough(found, made)
        found.state, found.submitted_at, found.submitted_by_id, found.remark = (
            "submitted",
            clock.now(),
            actor.id,
            "",
        )
        audit.note(actor, "送签通报", found, office_id=found.office_id)
    return found


def _short_enough(found: CircularDraft, made: Circular) -> None:
    """Messages keep to the length the pack allows."""
    if made.kind.form != "messages":
        return
    told, most = texts_of(found.texts).letters, made.kind.most
    long = [row.name for row in addressees(found, made) if len("".join(told[row.unit])) > most]
    if long:
        raise InvalidInput(
            f"有 {len(long)} 条短信超过 {most} 字", where="、".join(long[:5]), advice="请缩短后再送签"
        )


def send_back(actor: Actor, circular_id: int, reason: str) -> CircularDraft:
    """The issuer sends the draft back to the editors, with a reason."""
    with transaction():
        found = queries.one(actor, circular_id)
        require(actor, "circular.issue", found)
        in_state(found, "submitted", "退回")
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("退回须说明理由", where="理由", advice="请填写后再提交")
        found.state, found.remark = "draft", reason
        audit.note(actor, "退回通报", found, office_id=found.office_id, reason=reason)
    return found


def _open(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    """A draft still in the editors' hands, in the version the editor has seen."""
    found = queries.one(actor, circular_id)
    require(actor, "circular.draft", found)
    in_state(found, "draft", "修改")
    if found.version != version:
        raise Conflict(
            "保存失败：您打开之后，这份草稿已被别人修改",
            advice="您填写的内容仍在页面上，请先复制留存，再打开最新稿核对",
        )
    return found


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
    found.form, found.restricted = made.kind.form, made.kind.recipients is not None
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
