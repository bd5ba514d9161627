"""One action on one or many items: each in a transaction of its own, each with a line of what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.actors import Actor
from core.db import db
from core.errors import InvalidInput, YaoqingError
from core.permissions import Place, require
from core.submissions import decisions, services, workflow
from core.submissions.models import Submission
from plugins.newsdesk import marks

MOST = 100


@dataclass(frozen=True)
class Action:
    """What is to be done, with what it needs."""

    name: str
    reason: str = ""
    to_id: int = 0
    event_id: int = 0


@dataclass(frozen=True)
class Result:
    """What became of one item; `event_id` names the decision while it can be undone."""

    id: int
    title: str
    done: bool
    text: str
    event_id: int = 0


TITLES = {
    "take": "认领编辑",
    "transfer": "转交",
    "return": "退回",
    "decline": "不采用",
    "reconsider": "重新考虑",
    "seen": "标为已读",
    "undo": "撤销上一步办理",
}
# What the bar under the list offers for several items.
FOR_MANY = ("take", "transfer", "return", "decline", "seen")
NEEDS_REASON = ("return", "decline")


def act(actor: Actor, ids: Sequence[int], action: Action) -> list[Result]:
    """Do one thing to every item; what fails for one does not touch the others. Raises InvalidInput for nonsense."""
    require(actor, "newsdesk.use", Place(actor.office_id))
    ids = list(dict.fromkeys(ids))
    if action.name not in TITLES:
        raise InvalidInput("请选择要办理的操作", where="操作")
    if not ids:
        raise InvalidInput("还没有选择信息", advice="请在列表中勾选后再办理")
    if len(ids) > MOST:
        raise InvalidInput(f"一次最多办理 {MOST} 条", advice="请分几次办理")
    if action.name in NEEDS_REASON and not action.reason.strip():
        raise InvalidInput(
            f"{TITLES[action.name]}须说明理由", where="理由", advice="请选用常用语或填写后再提交"
        )
    return [_one(actor, number, action) for number in ids]


def _one(actor: Actor, number: int, action: Action) -> Result:
    try:
        _step(actor, number, action)()
    except YaoqingError as error:
        db.session.rollback()
        text = "".join(
            part if part[-1] in "。！？" else f"{part}。" for part in (error.message, error.reason) if part
        )
        return Result(number, _title(actor, number), False, text)
    if action.name != "seen":
        marks.see(actor, [number])
    event = _last(number) if action.name != "seen" else 0
    rule = workflow.MOVES.get(action.name)
    told = rule.done if rule else f"已{TITLES[action.name]}"
    return Result(number, _title(actor, number), True, told, event)


def _step(actor: Actor, number: int, action: Action) -> Callable[[], object]:
    if action.name == "seen":
        return lambda: _see(actor, number)
    if action.name == "transfer":
        return lambda: decisions.transfer(actor, number, action.to_id, action.reason)
    if action.name == "undo":
        return lambda: decisions.undo(actor, number, action.event_id, action.reason)
    return lambda: services.move(actor, number, action.name, action.reason)


def _see(actor: Actor, number: int) -> None:
    if not marks.see(actor, [number]):
        raise InvalidInput("没有这条信息，或您无权查看")


def _title(actor: Actor, number: int) -> str:
    """What the item is called; nothing of what lies beyond the actor's reach."""
    try:
        found = decisions.decided(actor, number)
    except YaoqingError:
        return f"编号 {number}"
    return found.title or "（无标题）"


def _last(number: int) -> int:
    found = db.session.get(Submission, number)
    event = decisions.last_decision(found) if found else None
    return event.id if event else 0
