"""When items may be merged, split and put back; every refusal says what to do instead."""

from collections.abc import Collection

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.db import db
from core.errors import Conflict, InvalidInput
from core.facts.register import kind_title
from core.submissions import leases, workflow
from core.submissions.models import Submission
from core.submissions.text import clean_line
from plugins.composites import queries

SUBMITTED = "submitted"
DONE = {
    "selected": ("已放入刊物", "请先在刊物编排中移出，再回到这里"),
    "adopted": ("已经采用", "请先由签发人撤销采用，再回到这里"),
    "unused": ("已定为不采用", "请先选“重新考虑”，再回到这里"),
    "void": ("已经作废", "可在综合采编中恢复"),
}


def free(submission: Submission, doing: str) -> None:
    """An item that may go into a composite, or into parts: received or being edited, and not counted for anything yet."""
    if submission.composed and doing == "并入综合稿" and not queries.came_from(submission.id):
        raise Conflict(
            f"{submission.called}本身是综合稿，不能再并入综合稿",
            advice="请把它的来源稿移出，再并入新的综合稿",
        )
    if submission.state not in queries.FREE:
        title = workflow.STATES[submission.state].title
        where = queries.went_into(submission.id)
        raise Conflict(
            f"不能{doing}：{submission.called}现在是“{title}”",
            reason=f"它已在综合稿{where.target}中" if where else "",
            advice=DONE[submission.state][1]
            if submission.state in DONE
            else "只有已报送、编辑中的信息可以选用",
        )
    uncounted(submission, doing, but=(SUBMITTED,))


def uncounted(submission: Submission, doing: str, *, but: tuple[str, ...] = ()) -> None:
    """Nothing else has been counted for the item: facts are never moved from one item to another."""
    if facts := queries.standing_facts(submission, but=but):
        told = "、".join(dict.fromkeys(kind_title(fact.kind) for fact in facts))
        raise Conflict(
            f"不能{doing}：{submission.called}已登记{told}（共 {len(facts)} 项）",
            reason="这些登记按现在的单位和份额计分",
            advice="请先在相应页面撤销登记，办完后重新登记",
        )


def still_ours(composite: Submission, doing: str, states: tuple[str, ...] = ("editing",)) -> None:
    """A composite whose sources may change: not placed, not published, not counted."""
    if composite.state not in states:
        title, advice = DONE.get(
            composite.state, (f"现在是“{workflow.STATES[composite.state].title}”", "请刷新页面查看最新状态")
        )
        raise Conflict(f"不能{doing}：{composite.called}{title}", advice=advice)
    uncounted(composite, doing)


def same_version(submission: Submission, version: int, where: str = "") -> None:
    """What the person saw is what there is. 0 stands for a form without it and never fits."""
    if submission.version != version:
        when = f"{clock.local(submission.updated_at):%H:%M}"
        raise Conflict(
            f"没有保存：您打开之后，{submission.called}已有改动",
            where=where,
            reason=f"最近一次改动在 {when}",
            advice="您填写的内容仍在页面上，请核对最新内容后再保存",
        )


def held(actor: Actor, items: Collection[Submission]) -> list[str]:
    """Who else is editing items now: saved is nothing that takes them meanwhile."""
    standing = leases.among_these([item.id for item in items])
    return [
        f"{lease.holder.name}正在编辑《{item.title or '无标题'}》，至 {leases.until_text(lease.until)}"
        for item in items
        if (lease := standing.get(item.id)) and lease.holder_id != actor.id
    ]


def reason_of(reason: str, doing: str) -> str:
    """A reason that was given."""
    reason = clean_line(reason)[:500]
    if not reason:
        raise InvalidInput(f"{doing}须说明理由", where="理由", advice="请填写后再提交")
    return reason


def editor_of(user_id: int | None) -> User | None:
    """The editor an item goes back to, unless their account is closed by now."""
    user = db.session.get(User, user_id) if user_id else None
    return user if user and not user.disabled else None
