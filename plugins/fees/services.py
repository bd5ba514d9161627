"""Draw up, send back and approve the list of fees of a payment period; prove an approved one."""

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.permissions import require
from core.scoring.results.frozen import Result, freeze, thaw
from core.submissions.text import clean_line
from plugins.fees import queries, sources
from plugins.fees.models import FeesDraft, FeesList
from plugins.fees.statement import drawn_up, read, written


def prepare(actor: Actor, office_id: int, period_key: str) -> FeesDraft:
    """Draw the list of a payment period up, or draw it up anew while it is not approved."""
    with transaction():
        office = db.session.get(Office, office_id)
        if not office:
            raise NotFound("没有这个机构")
        require(actor, "fee.prepare", office)
        period = sources.period(office_id, period_key)
        if period.end >= clock.today():
            raise InvalidInput(
                f"{period.title}还没有结束，不能编制稿酬", advice=f"请在 {period.end} 之后办理"
            )
        if queries.approved(office_id, period_key):
            raise Conflict(f"{period.title}的稿酬已经核准", advice="以后的更正会列入下一期清单")
        content, digest = written(sources.statement(office_id, period)[0])
        found = queries.draft(office_id, period_key)
        if not found:
            found = FeesDraft(office_id=office_id, period_key=period_key)
            db.session.add(found)
        found.period_title, found.content, found.digest = period.title, content, digest
        found.state, found.remark = "prepared", ""
        found.prepared_at, found.prepared_by_id = clock.now(), actor.id
        db.session.flush()
        audit.note(actor, "编制稿酬", found, office_id=office_id, digest=digest)
    return found


def send_back(actor: Actor, office_id: int, period_key: str, reason: str) -> FeesDraft:
    """The issuer sends a list back to the editors, with a reason."""
    with transaction():
        found = _waiting(actor, office_id, period_key)
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("退回须说明理由", where="理由", advice="请填写后再提交")
        found.state, found.remark = "returned", reason
        audit.note(actor, "退回稿酬", found, office_id=office_id, reason=reason)
    return found


def approve(actor: Actor, office_id: int, period_key: str, digest: str = "") -> FeesList:
    """Approve a list as it was seen (`digest`): from now on it never moves. Somebody else than its maker approves."""
    with transaction():
        found = _waiting(actor, office_id, period_key)
        if found.prepared_by_id == actor.id:
            raise PermissionDenied("编制与核准须由两人分别办理", advice="请由另一位签发人核准")
        if digest and digest != found.digest:
            raise Conflict("没有核准：您打开之后，清单已重新编制", advice="请核对新的清单后再核准")
        period = sources.period(office_id, period_key)
        statement, facts, units = sources.statement(office_id, period)
        content, now = written(statement)
        if now != found.digest:
            raise Conflict("没有核准：编制之后，计分事项又有变化", advice="请退回编辑，重新编制后再核准")
        inputs, _ = freeze(Result(period, statement.pack, facts, units, (), ()))
        approved = FeesList(
            office_id=office_id, period_key=period_key, period_title=period.title, pack_ref=statement.pack,
            inputs=inputs, content=content, digest=now, payees=len(statement.payments), total=statement.total,
            prepared_by=found.prepared_by.name, approved_at=clock.now(), approved_by=actor.name,
        )  # fmt: skip
        db.session.add(approved)
        db.session.delete(found)
        db.session.flush()
        audit.note(actor, "核准稿酬", approved, office_id=office_id, digest=now, total=statement.total)
    return approved


def proven(found: FeesList) -> bool:
    """Whether the list, worked out again from the facts kept with it, is what was approved."""
    if written(read(found.content))[1] != found.digest:
        return False
    kept, statement = thaw(found.inputs), read(found.content)
    earlier = [each for each in sources.earlier(found.office_id) if each.digest in statement.after]
    tariff = sources.tariff_by_ref(statement.pack)
    again = drawn_up(kept.facts, tariff, kept.units, statement.period, earlier)
    return written(again)[1] == found.digest


def _waiting(actor: Actor, office_id: int, period_key: str) -> FeesDraft:
    """A list that waits for approval."""
    office = db.session.get(Office, office_id)
    if not office:
        raise NotFound("没有这个机构")
    require(actor, "fee.approve", office)
    found = queries.draft(office_id, period_key)
    if not found or found.state != "prepared":
        raise Conflict("这一期没有待核准的稿酬清单", advice="请刷新页面查看最新状态")
    return found
