"""The life of a unit's task as data, when it is overdue, and which countable fact should stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import Conflict

STATES = {
    "sent": "待签收", "signed": "办理中", "reported": "已反馈", "more": "退回补充", "done": "已办结",
    "cancelled": "已取消",
}  # fmt: skip
OPEN = ("sent", "signed", "reported", "more")
WITH_UNIT = ("sent", "signed", "more")
FEEDBACK_STATES = {
    "awaiting": "待审签", "sent_back": "审签退回", "sent": "待办公室审核", "accepted": "已采纳", "returned": "退回补充",
    "retracted": "已撤回",
}  # fmt: skip
# What of a unit's feedback has left it: everything else is the unit's own affair.
LEFT_UNIT = ("sent", "accepted", "returned")
OUTCOMES = {"on_time": "按时反馈", "late": "逾期反馈", "missed": "未按时反馈"}
# Working days a unit has when more is asked for and the due day is nearer.
DAYS_FOR_MORE = 3


@dataclass(frozen=True)
class Move:
    """A legal step of a task: from where to where."""

    title: str
    sources: tuple[str, ...]
    target: str


MOVES = {
    "sign": Move("签收", ("sent",), "signed"),
    "report": Move("反馈", WITH_UNIT, "reported"),
    "accept": Move("办结", ("reported",), "done"),
    "ask_more": Move("退回补充", ("reported",), "more"),
    "close": Move("直接办结", WITH_UNIT, "done"),
    "reopen": Move("重新办理", ("done",), "more"),
    "cancel": Move("取消转办", OPEN, "cancelled"),
    "revive": Move("恢复转办", ("cancelled",), "sent"),
}


def target(state: str, name: str) -> str:
    """The state after a move. Raises Conflict when it is not legal now."""
    move = MOVES[name]
    if state not in move.sources:
        raise Conflict(
            f"不能{move.title}：现在是“{STATES[state]}”",
            reason="可能刚刚有人处理过",
            advice="请刷新页面查看最新状态",
        )
    return move.target


@dataclass(frozen=True)
class Standing:
    """What decides about a task's fact. `more_on`: the day by which more is due; `withdrawn`: the instruction is."""

    state: str
    due_on: date
    reported_on: date | None = None
    missed_on: date | None = None
    more_on: date | None = None
    excused: bool = False
    withdrawn: bool = False

    @property
    def waits_until(self) -> date:
        """The last day of what the unit owes now."""
        return self.more_on or self.due_on


def outcome(now: Standing) -> str:
    """The fact that should stand: a task has one at most.

    An accepted feedback counts by the day the first one left the unit, however often more was asked for; until it is
    accepted only an established miss stands. What is excused, cancelled or closed without feedback does not count.
    """
    if now.withdrawn or now.excused or now.state == "cancelled":
        return ""
    if now.state == "done":
        return "" if not now.reported_on else "on_time" if now.reported_on <= now.due_on else "late"
    return "missed" if now.missed_on else ""


def is_overdue(now: Standing, today: date) -> bool:
    """Whether the unit should have answered by now and has not, the first time or when more was asked for."""
    return now.state in WITH_UNIT and not now.withdrawn and today > now.waits_until


def progress(tasks: Sequence[Standing], today: date) -> list[tuple[str, str]]:
    """How far an instruction has come with its units, as words with their tone: nothing when it went to none."""
    if not tasks:
        return []
    done = sum(each.state not in OPEN for each in tasks)
    if done == len(tasks):
        return [("已办结", "success")]
    late = sum(is_overdue(each, today) for each in tasks)
    found = [(f"办结 {done}/{len(tasks)}" if done else "办理中", "info")]
    return [*found, (f"逾期 {late}", "danger")] if late else found


def may_be_missed(now: Standing, today: date) -> bool:
    """Whether a miss may be established: nothing ever came, it is not excused, not established before."""
    return (
        now.state in WITH_UNIT and not now.withdrawn and today > now.due_on and now.reported_on is None
        and not now.excused and now.missed_on is None
    )  # fmt: skip
