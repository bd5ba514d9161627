"""What waits for somebody on the home page: answers to write, to sign, to look at; what is overdue."""

from flask import url_for

from core.actors import Actor
from core.hookspecs import Card
from core.permissions import reach
from plugins.instructions import task_queries, unscored


def waiting(actor: Actor) -> list[Card]:
    """The cards of units, of the desk and of a leader."""
    return [card for card in (*_of_units(actor), *_of_desk(actor), *_of_leader(actor)) if card]


def _of_units(actor: Actor) -> list[Card]:
    units, found = reach(actor, "instruction.answer").units, []
    if units and (number := task_queries.waiting_in_units(units)):
        late = task_queries.overdue_in_units(units)
        hint = f"其中 {late} 件已逾期" if late else "领导批示交你单位办理"
        found.append(Card("待反馈批示", number, _list("open"), hint, 12))
    heads = reach(actor, "instruction.answer_sign").units
    if heads and (number := task_queries.awaiting_heads(heads)):
        found.append(Card("待审签批示反馈", number, _list("signing"), "审签后报送办公室", 13))
    return found


def _of_desk(actor: Actor) -> list[Card]:
    offices, found = reach(actor, "instruction.desk").offices, []
    if offices and (number := task_queries.to_decide(offices)):
        found.append(Card("待审核批示反馈", number, _list("reported"), "采纳或退回补充", 14))
    if offices and (number := task_queries.overdue_in(offices)):
        found.append(Card("批示反馈逾期", number, _list("overdue"), "催办或延期", 15))
    if offices and (number := len(unscored.ids(offices))):
        chosen = url_for("instructions.index", progress="unscored")
        found.append(Card("批示待选计分条目", number, chosen, "未选定的，报送单位还没有得分", 16))
    return found


def _of_leader(actor: Actor) -> list[Card]:
    if not reach(actor, "instruction.record").own or not (number := task_queries.handled_for(actor.id)):
        return []
    return [Card("我的批示办理中", number, _list("open"), "各单位的办理和反馈", 55, tone="info")]


def _list(which: str) -> str:
    return url_for("instructions.task_index", list=which)
