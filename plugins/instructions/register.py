"""The register as a workbook: its lines as the filter leaves them, and the statistics of all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.actors import Actor
from core.documents.exports import Asked, Export
from core.documents.workbook import Sheet, Told, of_lines
from core.web import parse_day, whole_or_zero
from plugins.instructions import queries, reading, statistics, task_queries
from plugins.instructions.handling import STATES
from plugins.instructions.models import Instruction
from plugins.instructions.queries import Filter
from plugins.instructions.task_models import Task

TITLE = "批示登记簿"
# Lines of one workbook: those of some decades.
MOST = 20_000
# So many are read at once.
PART = 500
ASKED = ("text", "leader", "kind", "since", "until", "unit", "progress")
HEAD = (
    "登记号", "批示日期", "领导", "职务", "领导类别", "批示层级", "种类", "批示对象", "报送单位", "批示内容", "批示载体", "密级",
    "承办单位及办理情况", "状态",
)  # fmt: skip


def asked(words: Mapping[str, str]) -> dict[str, str]:
    """Of an address what the register's filter knows."""
    return {name: words[name][:200] for name in ASKED if words.get(name)}


def wanted(words: Asked) -> Filter:
    """The filter the words stand for."""
    return Filter(
        text=words.get("text", "")[:60], leader=words.get("leader", ""), kind=words.get("kind", ""),
        since=parse_day(words.get("since")), until=parse_day(words.get("until")),
        unit_id=whole_or_zero(words.get("unit")), progress=words.get("progress", ""),
    )  # fmt: skip


def lines(actor: Actor, words: Asked) -> int:
    """How many lines the workbook has."""
    return min(queries.count(actor, wanted(words)), MOST)


def sheets(actor: Actor, words: Asked, told: Told) -> list[Sheet]:
    """The register and its statistics. One too long for a workbook says so below its last line."""
    found, register = wanted(words), [HEAD]
    marks: dict[int | None, str] = {}
    for part in queries.in_parts(actor, found, MOST, PART):
        reading.secrecies((each.document_id for each in part), marks)
        handled = task_queries.by_instruction(actor, [each.id for each in part])
        register += [_line(actor, each, handled.get(each.id, []), marks[each.document_id]) for each in part]
        told(len(register) - 1)
    first = of_lines(TITLE, register)
    if (whole := queries.count(actor, found)) > MOST:
        first = replace(
            first, notes=[f"符合条件的批示共 {whole} 条，本表只列最近的 {MOST} 条。其余请按日期分次下载。"]
        )
    counts = statistics.tables(actor, found)
    return [first, *(of_lines(table.title, [table.head, *table.lines]) for table in counts)]


def _line(actor: Actor, found: Instruction, tasks: Iterable[Task], secrecy: str) -> tuple[str, ...]:
    units = dict.fromkeys(item.submission.unit.short for item in found.items)
    told = "；".join(
        f"{each.unit.short}（{each.part}，{_day(each.due_on)}前）：{STATES[each.state]}" for each in tasks
    )
    state = "已撤销" if found.withdrawn_at else "已计入" if found.counted else "只登记"
    return (
        found.mark, found.on.isoformat(), found.leader_name, found.leader_post, found.class_title, found.level_title,
        found.kind_title, found.subject_for(actor), "、".join(units), found.text, found.carrier_title, secrecy, told, state,
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


EXPORT = Export("instructions.register", TITLE, "instruction.view", lines, sheets)
